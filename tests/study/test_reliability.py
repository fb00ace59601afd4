"""Energy not served, loss of load, availability, and their expectation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from models.base import Actor
from tests.actors.power import network, run, source, town, units
from twin.engine.actors.batch import Batch, Step
from twin.engine.actors.enrolment import Call, Enrolled
from twin.engine.actors.fleet import Fleet
from twin.engine.actors.heat_wave import HeatWave
from twin.engine.actors.outage import Outage
from twin.engine.actors.vpp import VirtualPowerPlant
from twin.network.network import Network
from twin.results import Run
from twin.scenario.park import load
from twin.study.reliability import monte_carlo, reliability

COLUMNS = ["time_s", "phase", "actor", "component", "what", "before", "after", "cause"]
TWO_LINES = """\
park: {name: Two lines, country: CN, currency: CNY}
site: {latitude: 31.32, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate/suzhou.yaml}
buses: [electricity]
components:
  north: {model: grid, bus: electricity, import_capacity: 10 MW, import_price: 500 CNY/MWh}
  south: {model: grid, bus: electricity, import_capacity: 10 MW, import_price: 600 CNY/MWh}
  works: {model: demand, bus: electricity, use: heat, rate: 15 MW}
events:
  - {actor: outage, component: north, mtbf: 90 h, mttr: 10 h}
  - {actor: outage, component: south, mtbf: 60 h, mttr: 15 h, shape: 2}
"""


def finished(net: Network, actors: dict[str, Actor]) -> Run:
    """A run of a network with these actors."""
    world, recorded = run(net, actors)
    log = pd.DataFrame([h.__dict__ for h in world.log])
    log = log if len(log) else pd.DataFrame(columns=COLUMNS)
    facts = {"start": "2025-01-01T00:00:00", "time_zone": "Asia/Shanghai", "conserve": []}
    return Run("", net, recorded, log, facts)


def test_a_loss_of_load_is_counted_to_the_minute() -> None:
    """Out from 14:03 for 1.4 h, and from 23:30 for 1 h: the grid's 5 of 8 MW stay.

    3 MW x 2.4 h = 7.2 MWh, 2.4 h in two events on two local days (the second loss reaches into
    the next day, the first day has two). In UTC days the second loss would lie in one.
    """
    actors: dict[str, Actor] = {
        "a": Outage(component="unit_0", start="2025-01-01 14:03", duration=1.4),
        "b": Outage(component="unit_0", start="2025-01-01 23:30", duration=1),
    }
    found = reliability(finished(units(days=3), actors))
    line = found.demands.loc["town"]
    assert line["unserved"] == pytest.approx(7.2, abs=1e-9)
    assert line["hours"] == pytest.approx(2.4, abs=1e-9)
    assert (line["events"], line["days"]) == (2, 2)
    assert line["longest"] == pytest.approx(1.4)
    assert line["asked"] == pytest.approx(8 * 72)
    assert found.carriers.loc["electricity", "unserved"] == line["unserved"]
    unit = found.components.loc["unit_0"]
    assert unit["availability"] == pytest.approx(1 - 2.4 / 72)
    assert unit["failures"] == 2


def test_derating_is_available_in_part_and_in_service_in_whole() -> None:
    """Half of the unit for a third of the time: availability 5/6, in service always."""
    actors: dict[str, Actor] = {
        "a": Outage(component="unit_0", start="2025-01-01 12:00", duration=24, remaining=0.5)
    }
    found = reliability(finished(units(days=3), actors)).components.loc["unit_0"]
    assert found["availability"] == pytest.approx(5 / 6)
    assert found["in_service"] == 1.0


def test_what_a_heat_wave_asks_for_and_does_not_get_is_unserved() -> None:
    """A demand of 8 MW doubled for 3 h: 16 against 15 MW at hand leaves 3 MWh.

    Against what was asked for without the wave nothing would be missing.
    """
    wave = HeatWave(start="2025-01-01 12:00", duration=3, demand={"town": 2.0})
    line = reliability(finished(units(days=1), {"heat": wave})).demands.loc["town"]
    assert line["unserved"] == pytest.approx(3, abs=1e-9)
    assert line["asked"] == pytest.approx(8 * 24 + 24)


def test_vehicles_that_the_grid_cannot_charge_are_unserved_when_they_are_there() -> None:
    """20 vehicles of 1.5 MWh at 0.5 MW from 8 h on a line of 5 MW: 15 of 30 MWh in three hours.

    A fleet's needs are not in the log, line by line. Taken as the demand's limit of 20 MW, 465 MWh
    would be missing; taken as nothing, none.
    """
    net = network(
        [source("grid", 5.0, 90.0), replace(town(20.0), on_call=True)], n_steps=24, step_s=3600
    )
    cars = Fleet(
        component="town", vehicles=20, presence=1.0, weekend_presence=1.0, arrival=8.0,
        arrival_spread=0.0, stay=8.0, stay_spread=0.0, energy=1.5, power=0.5,
    )  # fmt: skip
    line = reliability(finished(net, {"cars": cars})).demands.loc["town"]
    assert line["asked"] == pytest.approx(30)
    assert line["unserved"] == pytest.approx(15)
    assert (line["hours"], line["events"], line["longest"]) == (3, 1, 3)


def test_what_a_batch_asks_for_is_read_from_the_log() -> None:
    """7 MW from 10 to 12 h and 3 MW until 13 h on a line of 5 MW: 2 MW short for two hours.

    Beside it nothing is asked, whatever the demand's limit.
    """
    net = network(
        [source("grid", 5.0, 90.0), replace(town(20.0), on_call=True)], n_steps=24, step_s=3600
    )
    dye = Batch(
        recipe=[
            Step(machine="vat", duration=2.0, needs={"electricity": 7.0}),
            Step(machine="vat", duration=1.0, needs={"electricity": 3.0}),
        ],
        machines={"vat": 1}, draws={"electricity": "town"},
        jobs=[{"release": "2025-01-01 10:00"}],
    )  # fmt: skip
    line = reliability(finished(net, {"dye": dye})).demands.loc["town"]
    assert (line["asked"], line["unserved"]) == (pytest.approx(17), pytest.approx(4))
    assert (line["hours"], line["events"]) == (2, 1)


def test_a_call_is_delivered_flexibility_and_not_unserved() -> None:
    """4 of 8 MW off for two hours on the third day: 8 of 8 MWh at 3 a kWh, and nothing missing.

    Counted as lost load, a virtual power plant would make a park less reliable by what it sells.
    """
    vpp = VirtualPowerPlant(
        classes={"town": Enrolled(component="town", enrolled=8.0, adjustable=5.0)},
        calls=[Call(start="2025-01-03 10:00", duration=2.0, amount=4.0)],
        price=3000.0,
    )
    found = reliability(finished(units(days=4), {"vpp": vpp}))
    line = found.demands.loc["town"]
    assert line["unserved"] == line["hours"] == 0.0
    assert line["asked"] == pytest.approx(8 * 96 - 8)
    call = found.calls.loc["vpp, call 1"]
    assert call["start"] == pd.Timestamp("2025-01-03 10:00", tz="Asia/Shanghai")
    assert (call["called"], call["delivered"]) == (pytest.approx(8), pytest.approx(8))
    assert call["earned"] == pytest.approx(24_000)
    assert reliability(finished(units(days=1), {})).calls.empty


def test_expectation_is_that_of_the_capacity_outage_table(tmp_path: Path) -> None:
    """Lines of 10 MW out for 0.1 and 0.2 of the time feed 15 MW: the table of states is exact.

    One out (0.1 x 0.8 + 0.9 x 0.2 = 0.26) leaves 5 MW short, both out (0.02) 15 MW: 1.6 MW on
    average, 14,016 MWh a year, with a loss of load in 0.28 x 8760 = 2,453 h (Billinton and Allan,
    *Reliability Evaluation of Power Systems*, 2nd ed., sec. 2.2). Runs begin with both in service,
    which is worth about a repair time: 0.1 %. Two losses that could not overlap would give 1.5 MW.
    """
    path = tmp_path / "park.yaml"
    path.write_text(TWO_LINES)
    table = monte_carlo(load(path), range(1, 25), confidence=0.99, step="1 d")
    for figure, expected in (
        ("unserved electricity", 1.6 * 8760),
        ("hours electricity", 0.28 * 8760),
        ("availability north", 0.9),
        ("availability south", 0.8),
    ):
        line = table.loc[figure]
        assert line["low"] < expected < line["high"]
        # Wide enough to hold anything would prove nothing.
        assert line["high"] - line["low"] < 0.12 * expected
    assert table.loc["unserved electricity", "unit"] == "MWh"


def test_an_interval_needs_two_runs(tmp_path: Path) -> None:
    """One run has no spread; the same seed twice has none either."""
    path = tmp_path / "park.yaml"
    path.write_text(TWO_LINES)
    for seeds in ([1], [2, 2]):
        with pytest.raises(ValueError, match="give two or more"):
            monte_carlo(load(path), seeds)
