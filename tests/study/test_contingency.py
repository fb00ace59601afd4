"""Each component taken out in turn, on plants solved by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.base import Flow, Store
from models.carriers import STANDARD
from tests.actors.power import DAY_S, network, run, source, town
from tests.study.test_reliability import TWO_LINES
from twin.engine.recorded import Recorded
from twin.engine.world import World
from twin.scenario.park import load
from twin.study.contingency import contingencies, screen


def plant(extra: list[Flow] | None = None) -> World:
    """Units of 10 and 6 MW, a grid of 5, a battery of 2 MW and 1 MWh, a peak of 14 MW at 18:00."""
    demand = np.full(24, 9.0)
    demand[18] = 14.0
    flows = [
        source("big", 10.0, 10.0), source("small", 6.0, 30.0), source("grid", 5.0, 90.0),
        town(demand),
        Flow("fill", "battery", {"electricity": -1.0, "battery.energy": 1.0}, 2.0),
        Flow("empty", "battery", {"electricity": 1.0, "battery.energy": -1.0}, 2.0),
        *(extra or []),
    ]  # fmt: skip
    store = Store(
        "battery.energy",
        "battery",
        STANDARD["electricity"],
        1.0,
        initial=1.0,
        exclusive=True,
        policy="thresholds",
        discharge_above=500.0,
    )
    net = network(flows, [store], n_steps=24, step_s=3600)
    world, _ = run(net, {})
    return world


def test_each_component_is_taken_out_at_the_peak() -> None:
    """Of 14 MW at 18:00 without the big unit 6 + 5 + 1 (battery) are served, 2 MWh lost.

    Without the small unit 10 of the big and 4 of the grid do: 6 - 2 of it were replaced at
    90 instead of 30, 4 x 60 = 240 dearer. Screened at an hour of 9 MW nothing would be lost; a
    battery that was forgotten would leave 3 MWh.
    """
    table = contingencies(plant())
    assert list(table.index[:2]) == ["big", "small"]
    assert table.loc["big", "verdict"] == "sheds"
    assert table.loc["big", "electricity"] == pytest.approx(2, abs=1e-9)
    assert table.loc["big", "loss"] == pytest.approx(2e4)
    assert table.loc["small", "verdict"] == "holds"
    assert table.loc["small", "cost"] == pytest.approx(4 * 60)
    assert (table["time"] == pd.Timestamp("2025-01-01 18:00", tz="Asia/Shanghai")).all()
    assert "town" not in table.index


def test_a_named_hour_and_that_of_each_component() -> None:
    """At 03:00 the big unit is not missed by anybody; each runs highest at an hour of its own.

    Small and grid can take 9 MW: 6 x 30 + 3 x 90 instead of 9 x 10, 360 dearer.
    """
    world = plant()
    table = contingencies(world, "2025-01-01 03:00")
    assert table.loc["big", "cost"] == pytest.approx(360)
    assert (table["verdict"] == "holds").all()
    own = contingencies(world, "own")
    assert own.loc["small", "time"].hour == 18
    assert own.loc["battery", "time"].hour == 0
    with pytest.raises(ValueError, match="2025-02-01 is not within the run"):
        contingencies(world, "2025-02-01")


def test_a_waste_that_has_nowhere_to_go_fails() -> None:
    """A works that must run makes water that only one outlet takes: without it nothing balances.

    A solver that let the water vanish would call this park safe.
    """
    waste = [
        Flow("well", "works", {"fresh_water": 1.0}, 1.0, lower=1.0, main="fresh_water",
             exchange={"fresh_water": -1.0}, side="import"),
        Flow("outlet", "outlet", {"fresh_water": -1.0}, 5.0, main="fresh_water",
             exchange={"fresh_water": 1.0}, side="disposal"),
    ]  # fmt: skip
    table = contingencies(plant(waste))
    assert table.index[0] == "outlet"
    assert table.loc["outlet", "verdict"] == "fails"
    assert "fresh_water" in table.loc["outlet", "why"]
    assert table.loc["works", "verdict"] == "holds"


def test_a_screening_leaves_the_run_as_it_was() -> None:
    """States are copied: the record of the world does not change by being asked."""
    world = plant()
    before = Recorded.of(world.record)
    contingencies(world)
    after = Recorded.of(world.record)
    assert np.array_equal(before.flows, after.flows)
    assert world.record.count == world.horizon_s // 3600 == DAY_S // 3600


def test_a_park_is_screened_from_its_scenario(tmp_path: Path) -> None:
    """Two lines of 10 MW feed 15 MW: without either, 5 MWh of the hour are lost at 2,000 each."""
    path = tmp_path / "park.yaml"
    path.write_text(TWO_LINES[: TWO_LINES.index("events:")])
    table = screen(load(path), horizon="1 d", step="1 h")
    assert sorted(table.index) == ["north", "south"]
    assert table["electricity"].to_numpy() == pytest.approx([5, 5])
    assert table["loss"].to_numpy() == pytest.approx([10_000, 10_000])
