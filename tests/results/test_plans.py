"""Plans held against the run: boreholes that are asked for more than they were reckoned for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pandas as pd
import pytest

from tests.cli.command import Command
from tests.cli.conftest import twin
from twin.accounts.ledger import Ledger
from twin.accounts.planned import PlanWarning, overruns
from twin.scenario.park import load
from twin.simulate import simulate

__all__ = ["twin"]

PARK = """\
park: {name: Ground, country: DK, currency: EUR}
site: {latitude: 55.66, longitude: 11.09, time_zone: Europe/Copenhagen,
       weather: climate/kalundborg.yaml}
carriers: {loop: {hot_water: {supply: 40 degC, return: 30 degC}}}
buses: [electricity, loop]
components:
  grid: {model: grid, bus: electricity, import_capacity: 1 MW, import_price: 100 EUR/MWh}
  pump:
    model: heat_pump
    electricity: electricity
    heat: loop
    capacity: 0.2 MW
    cop: 4
    source: ground
    boreholes: {rows: 5, columns: 6, length: 150 m, ground_temperature: 10 degC,
                annual_extraction: PLAN MWh, profile: flat, age: 1 a}
  town: {model: demand, bus: loop, use: heat, rate: 0.1 MW}
"""


def park(folder: Path, plan: float) -> Path:
    """100 kW of heat at a COP of 4: 75 kW, or 657 MWh in 365 days, come from the ground."""
    path = folder / "ground.yaml"
    path.write_text(PARK.replace("PLAN", f"{plan:g}"), encoding="utf-8")
    return path


def test_a_run_that_takes_more_than_planned_says_so(tmp_path: Path, twin: Command) -> None:
    """30 days of 75 kW are 54 MWh; 100 MWh a year, even over it, would be 8.2192.

    Unnoticed, the brine would be that of an eighth of the heat, and the COP with it.
    """
    with pytest.warns(PlanWarning, match="'pump' took 54 MWh of ground_heat, and 8.21918 MWh"):
        ended = twin("run", str(park(tmp_path, 100)), "--horizon", "30 d", "--json")
    (line,) = json.loads(ended.out)["warnings"]
    assert "(100 MWh a year)" in line
    assert line.endswith("To mend: plan what it takes, in pump.boreholes.annual_extraction")


def test_a_run_within_its_plan_says_nothing(tmp_path: Path) -> None:
    """The plan is met in the mean; and one day beyond a small plan is no breach of its year.

    Warnings are errors here: a day's 1.8 MWh against 0.055 planned would be one.
    """
    for plan, horizon in ((640.0, "30 d"), (20.0, "1 d")):
        run = simulate(load(park(tmp_path, plan)), horizon=horizon, step="1 h")
        assert run.summary["warnings"] == []


@dataclass
class _Books:
    """A ledger of one exchange."""

    entries: pd.DataFrame


@pytest.mark.parametrize(
    ("taken", "planned", "said"),
    [
        (109.0, 100.0, False),
        (111.0, 100.0, True),
        (10.0, 0.5, False),
        (11.0, 0.5, True),
        (219.0, 200.0, False),
        (221.0, 200.0, True),
        (-500.0, 0.5, False),
    ],
)
def test_a_tenth_of_the_plan(taken: float, planned: float, said: bool) -> None:
    """Of 100 MWh a year: over a year, a few days of summer, and two years; heat given back is none.

    Without the yearly floor, the first warm water of July would be called a breach.
    """
    row = {"role": "outside", "component": "it", "place": "ground_heat", "unit": "MWh"}
    entries = pd.DataFrame([row | {"amount": -taken}, row | {"component": "x", "amount": -1e6}])
    books = cast("Ledger", _Books(entries))
    plans = {"it": {"a": ("ground_heat", planned, 100.0)}, "idle": {}}
    assert bool(overruns(books, plans)) == said
