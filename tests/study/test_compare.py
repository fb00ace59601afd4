"""Two runs side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cli.conftest import PARK
from twin.results import Run
from twin.scenario.park import Park, load
from twin.simulate import simulate
from twin.study.compare import FIGURES, compare


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Park:
    """A small works."""
    path = tmp_path_factory.mktemp("park") / "works.yaml"
    path.write_text(PARK, encoding="utf-8")
    return load(path)


@pytest.fixture(scope="module")
def base(park: Park) -> Run:
    """Its first day."""
    return simulate(park, horizon="24 h")


def test_nothing_changed(base: Run) -> None:
    """A run against itself: the figures, without a change, and no flow.

    Sums in another order could show changes of rounding; the threshold keeps them out.
    """
    table = compare(base, base)
    assert list(table["kind"].unique()) == ["figure"]
    assert len(table) == len(FIGURES)
    assert not table["change"].any()
    assert list(table.columns[2:]) == ["works (a)", "works (b)", "change"]


def test_what_a_change_costs_is_explained(park: Park, base: Run) -> None:
    """A boiler of 6 MW in place of 12 MW leaves 3 MW unserved outside the outage: 67.15 MWh.

    The gas saved is that heat over 0.9, at 40 each, and nothing else of the park moves.
    """
    small = simulate(park.override({"boiler.capacity": "6 MW"}, name="small"), horizon="24 h")
    table = compare(base, small)
    lacking = 3.0 * (24 - 97 / 60)
    assert list(table.columns) == ["kind", "unit", "works", "small", "change"]
    assert table.loc["unserved", "change"] == pytest.approx(lacking, rel=1e-9)
    assert table.loc["cost", "change"] == pytest.approx(-40 * lacking / 0.9, rel=1e-9)
    fence = table[table["kind"] == "fence"]
    assert fence.loc["natural_gas", "change"] == pytest.approx(lacking / 0.9, rel=1e-9)
    flows = table[table["kind"] == "flow"]
    assert set(flows.index) == {
        "gas -> natural_gas", "boiler -> natural_gas", "boiler -> heat", "town -> heat",
    }  # fmt: skip
    assert flows["change"].abs().is_monotonic_decreasing


def test_runs_that_cannot_be_compared_are_refused(park: Park, base: Run) -> None:
    """A day against an hour, and money against other money: the sums would mean nothing."""
    hour = simulate(park, horizon="1 h")
    with pytest.raises(ValueError, match=r"86400 s and 3600 s; run both over the same time"):
        compare(base, hour)
    euros = replace(base, facts=base.facts | {"currency": "EUR"})
    with pytest.raises(ValueError, match="CNY and EUR"):
        compare(base, euros)
