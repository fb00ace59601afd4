"""Published inputs: what a run depends on, what is only noted, and how far `parameter` reaches."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import PARK
from tests.study.claim_ids import IDS
from tests.study.works import write
from twin.results import Run
from twin.scenario.errors import ScenarioError
from twin.scenario.park import load, shipped, shipped_folder
from twin.simulate import simulate
from twin.study.audit import examine
from twin.study.claims import FILE, of_park, read_claims
from twin.study.figures import FigureError, called, evaluate
from twin.study.measures import Measures

CONTEXT = "context: {area: {value: 55 km2, source: published, note: all of it}}\ncarriers:"
PARK_WITH_AREA = PARK.replace("actor: outage", "actor: outage, name: trip").replace(
    "carriers:", CONTEXT
)


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """An hour of the works, whose scenario notes an area."""
    return simulate(load(write(tmp_path_factory.mktemp("park"), "", PARK_WITH_AREA)), horizon="1 h")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("parameter(boiler.capacity)", 12.0, "MW"),
        ("parameter(events.trip.duration)", 97.0, "min"),
        ("parameter(buses.heat.hot_water.supply)", 80.0, "degC"),
        ("parameter(site.latitude)", 31.32, "1"),
        ("context(area)", 5500.0, "ha"),
    ],
)
def test_where_parameters_are_found(text: str, value: float, unit: str, noted: Run) -> None:
    """Components, events, carriers of buses and the site: as they are written in the scenario."""
    found = evaluate(text, Measures(noted).calls(), {}).to(unit)
    assert found == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "parameter(events.nothing.duration)",
        "parameter(events.trip.colour)",
        "parameter(events.trip)",
        "parameter(buses.electricity.supply)",
        "parameter(site.weather)",
        "parameter(context.area)",
        "context(volume)",
    ],
)
def test_what_is_not_there_is_no_zero(text: str, noted: Run) -> None:
    """A mistyped path would give nothing, and an input would differ for no reason."""
    with pytest.raises(FigureError):
        evaluate(text, Measures(noted).calls(), {})


def verdict(folder: Path, run: Run, keys: str) -> str:
    """Of one claim with these keys on a run."""
    path = write(folder, f"  X-1: {{what: a, section: b, {keys}}}\n", PARK_WITH_AREA) / FILE
    (claim,), _ = read_claims(path)
    return examine(claim, Measures(run)).verdict


def test_what_is_noted_is_not_as_published(tmp_path: Path, noted: Run) -> None:
    """The area is recorded, the boiler's size is as published; a wrong copy differs.

    Under one word a reader would take a noted area for something that the run depends on.
    """
    area = "kind: input, published: 55 km2, figure: context(area)"
    assert verdict(tmp_path, noted, area) == "recorded"
    assert verdict(tmp_path, noted, area.replace("55", "56")) == "differs"
    size = "kind: input, published: 12 MW, figure: parameter(boiler.capacity)"
    assert verdict(tmp_path, noted, size) == "as published"
    both = "kind: input, published: 12 MW, figure: parameter(boiler.capacity) * context(area)"
    assert verdict(tmp_path, noted, f"{both} / '55 km2'") == "recorded"


@pytest.mark.parametrize(
    "keys",
    [
        "figure: context(area)",
        "methods: {a: context(area)}",
        "least: context(area) / 2, breaks: a",
    ],
)
def test_a_noted_figure_proves_nothing(keys: str, tmp_path: Path, noted: Run) -> None:
    """A figure noted in the scenario compared with itself would be reproduced for ever."""
    with pytest.raises(ScenarioError, match="context proves nothing"):
        verdict(tmp_path, noted, f"kind: simulate, published: 55 km2, {keys}")


def test_names_lead_to_the_measures_they_use() -> None:
    """A name of the file that hides the context is seen through, also round in a circle."""
    let = {"noted": "context(area) + other", "other": "noted * 2"}
    assert called("noted / given(heat)", let) == {"context", "given"}
    assert called("1 + larger(2, 3)") == {"larger"}
    with pytest.raises(FigureError, match="cannot be read"):
        called("1 +")


def test_every_noted_figure_is_asked_for() -> None:
    """Each figure of a park's context belongs to one input claim, has a note, and is published."""
    for name in shipped():
        if not (shipped_folder() / name / FILE).is_file():
            continue
        texts = [c.figure for c in read_claims(shipped_folder() / name / FILE)[0]]
        for key, fact in load(name).context.items():
            assert texts.count(f"context({key})") == 1, f"{name}: {key}"
            assert fact.source == "published"
            assert fact.note


def test_only_results_are_absent() -> None:
    """An input that the scenario lacks is itself a result, and says so; four of 94 are."""
    inputs = [claim for park in IDS for claim in of_park(park) if claim.kind == "input"]
    absent = [claim for claim in inputs if claim.absent]
    assert all(claim.absent.startswith("a result") for claim in absent)
    assert 20 * len(absent) <= len(inputs)
