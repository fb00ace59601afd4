"""Published figures that no flow depends on: read, written out, known to editors."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from tests.scenario.base import BASE, bent, park, written
from twin.scenario.jsonschema import schema
from twin.scenario.park import Fact, load

CONTEXT = """\
context:
  planned_area: {value: 55 km2, source: published}
  companies: {value: 300, source: "public: yearbook 2024", note: at the end of the year}
  green_share: {value: 100 %, source: "unverified: a press note"}
"""
TEXT = bent(("buses: [", f"{CONTEXT}buses: ["))


def test_the_figures_of_a_park_are_read(tmp_path: Path) -> None:
    """The text of the value is kept: read as numbers, 55 km2 and 55 MW would be the same."""
    made = park(tmp_path, TEXT)
    assert dict(made.context) == {
        "planned_area": Fact("55 km2", "published"),
        "companies": Fact("300", "public: yearbook 2024", "at the end of the year"),
        "green_share": Fact("100 %", "unverified: a press note"),
    }
    assert dict(park(tmp_path, BASE).context) == {}


def test_they_change_no_flow_but_belong_to_the_park(tmp_path: Path) -> None:
    """A run must keep what was published about its park; its components must not notice."""
    made, bare = park(tmp_path / "park", TEXT), park(tmp_path / "park", BASE)
    assert made != bare
    assert made.components == bare.components
    again = load(written(tmp_path / "elsewhere", made.resolved()))
    assert again == made
    assert dict(again.context) == dict(made.context)
    assert dict(made.variant("big").context) == dict(made.context)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (("55 km2, source: published", "55 km2"), "$.context.planned_area"),
        (("value: 300, ", ""), "$.context.companies"),
        (("source: published}", "source: hearsay}"), "$.context.planned_area.source"),
        (("note: at", "remark: at"), "$.context.companies"),
        (("55 km2", "many"), "$.context.planned_area.value"),
    ],
)
def test_an_editor_marks_what_is_wrong(
    tmp_path: Path, technologies: None, change: tuple[str, str], path: str
) -> None:
    """The schema takes the figures as they are, and not without value or source."""
    validator = jsonschema.Draft202012Validator(schema())
    yaml = YAML(typ="safe", pure=True)
    for text in (TEXT, park(tmp_path, TEXT).resolved()):
        assert not list(validator.iter_errors(yaml.load(text)))
    errors = validator.iter_errors(yaml.load(bent(change, text=TEXT)))
    assert path in [error.json_path for error in errors]
