"""The READMEs of the parks say what their year gives, and key figures are what they should be."""

from __future__ import annotations

import re

import pytest

from twin.scenario.park import shipped, shipped_folder
from twin.study.story import Story, held


@pytest.fixture(scope="module", params=shipped())
def story(request: pytest.FixtureRequest) -> Story:
    """The story of each park; its runs are made once."""
    return Story.of(request.param)


def test_readme_is_what_the_year_gives(story: Story) -> None:
    """Every figure is measured again; one typed by hand, or of an older model, differs."""
    page = (shipped_folder() / story.name / "README.md").read_text("utf-8")
    assert page == story.readme(), f"run python docs/parks/build.py {story.name}"


def test_key_figures_are_where_other_knowledge_has_them(story: Story) -> None:
    """At least three figures a park lie within their tolerance of what others know.

    A boiler that burnt twice its fuel, or a sun that shone at night, would leave it.
    """
    keys = {name: spec for name, spec in story.figures.items() if spec.expect}
    assert len(keys) >= 3
    for name, spec in keys.items():
        assert spec.within, name
        assert re.match(r"(published|public|by hand): ", spec.because), name
        value = story.value(name)
        assert held(value, spec), f"{name}: {value:g} {spec.unit}, expected {spec.expect}"


def test_the_year_closes_and_nobody_lacks_anything(story: Story) -> None:
    """A year at 15 minutes with its outages: residuals below 1e-9, every demand served.

    A leak of one part in a million, or an hour without heat, would show here.
    """
    run = story.run()
    assert run.facts["step_s"] == 900
    assert run.facts["horizon_s"] == 365 * 86_400
    assert max(run.ledger.residuals().values()) <= 1e-9
    assert set(run.summary["unserved"].values()) == {0.0}
