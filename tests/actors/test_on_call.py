"""Demands on call: nothing is asked of them until an event asks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.base import Actor, Model
from models.carriers import cold_water, hot_water, steam, water
from models.demand.demand import (
    CoolingDemand,
    Demand,
    ElectricityDemand,
    HeatDemand,
    SteamDemand,
    WaterDemand,
)
from tests.actors.plant import START, amount, plant, rate, run
from tests.setting import setting
from twin.engine.actors.batch import Batch, Step
from twin.engine.actors.fleet import Fleet
from twin.engine.actors.heat_wave import HeatWave
from twin.engine.world import World
from twin.network.network import Network
from twin.scenario.park import load
from twin.simulate import simulate
from twin.study.explain import explain

FLEET = Fleet(
    component="works", vehicles=20, presence=1.0, weekend_presence=1.0, arrival=8.0,
    arrival_spread=0.0, stay=8.0, stay_spread=0.0, energy=0.03, power=0.01,
)  # fmt: skip


def on_call(network: Network, *names: str) -> Network:
    """The network with these demands on call."""
    flows = {n: replace(f, on_call=n in names) for n, f in network.flows.items()}
    return replace(network, flows=flows)


@pytest.mark.parametrize("dispatcher", ["kernel", "reference"])
def test_it_stands_still_without_an_event(dispatcher: str) -> None:
    """Of 100 MW on call nothing is asked, served or missed; the town beside it takes its 5 MW.

    Without the cap it would take 2,400 MWh a day, as if every vehicle charged all the time.
    """
    world = World(on_call(plant(24, town=5.0), "works"), {}, horizon_s=86_400, seed=1, start=START,
                  dispatcher=dispatcher)  # fmt: skip
    world.run()
    totals = dict(zip(world.program.flows, world.record.totals.amount.tolist(), strict=True))
    asked = dict(zip(world.program.flows, world.record.totals.offered.tolist(), strict=True))
    assert totals["works"] == asked["works"] == 0.0
    assert totals["town"] == asked["town"] == pytest.approx(120.0)
    assert world.log == []


def test_an_event_opens_it_and_closes_it_again() -> None:
    """20 vehicles of 30 kWh at 10 kW from 8 h: 0.2 MW for three hours, and nothing else.

    Before the fleet's first change the demand was never capped, so that it took 100 MW.
    """
    network = on_call(plant(48), "works")
    world, recorded = run(network, {"cars": FLEET})
    power = rate(world, recorded, "works")
    hours = [8, 9, 10, 32, 33, 34]
    assert power[hours] == pytest.approx(0.2)
    assert power.sum() == pytest.approx(1.2)


def test_several_events_ask_together() -> None:
    """A batch of 3 MW from 8 to 10 h beside the vehicles: the sum of both."""
    batch = Batch(
        recipe=[Step(machine="vat", duration=2.0, needs={"electricity": 3.0})],
        machines={"vat": 1}, draws={"electricity": "works"},
        jobs=[{"release": "2025-01-01 08:00"}],
    )  # fmt: skip
    actors: dict[str, Actor] = {"cars": FLEET, "dye": batch}
    world, recorded = run(on_call(plant(24), "works"), actors)
    assert rate(world, recorded, "works")[7:12] == pytest.approx([0, 3.2, 3.2, 0.2, 0])
    assert amount(world, recorded, "works") == pytest.approx(6.6)


def test_an_outage_does_not_open_it() -> None:
    """A limit of a demand that nobody asked for, set and let go, leaves it at nothing."""
    wave = HeatWave(start="2025-01-01 06:00", duration=3.0, demand={"works": 1.5})
    world, recorded = run(on_call(plant(24), "works"), {"wave": wave})
    assert amount(world, recorded, "works") == 0.0


@pytest.mark.parametrize(
    "model",
    [
        ElectricityDemand(bus="electricity", annual=8760.0),
        Demand(bus="electricity", use="heat", rate=1.0),
        HeatDemand(bus="town_heat", annual=8760.0),
        CoolingDemand(bus="chilled_water", annual=8760.0),
        SteamDemand(bus="steam_10bar", annual=8760.0),
        WaterDemand(bus="fresh_water", annual=8760.0),
    ],
    ids=lambda model: model.kind,
)
def test_every_demand_can_be_on_call(model: Model) -> None:
    """The key reaches the flow; by default a demand asks by itself."""
    carriers = (
        steam("steam_10bar", 10, 200), hot_water("town_heat", 80, 45),
        cold_water("chilled_water", 6, 13), water("fresh_water", 12),
    )  # fmt: skip
    here = setting(*carriers, temp_air=30.0 if model.kind == "cooling_demand" else 5.0)
    called = model.model_copy(update={"on_call": True})
    assert [f.on_call for f in called.lower(here).flows] == [True]
    assert [f.on_call for f in model.lower(here).flows] == [False]


PARK = """\
park: {name: Cars, country: CN, currency: CNY}
site: {latitude: 31.32, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate/suzhou.yaml}
buses: [electricity]
components:
  grid: {model: grid, bus: electricity, import_capacity: 10 MW, import_price: 500 CNY/MWh}
  chargers: {model: demand, bus: electricity, use: heat, rate: 0.2 MW, on_call: true}
events:
  - {actor: fleet, name: cars, component: chargers, vehicles: 20, presence: 1, arrival: 8 h,
     arrival_spread: 0 h, stay: 8 h, stay_spread: 0 h, energy: 30 kWh, power: 10 kW}
"""


def test_without_its_fleet_a_charger_takes_nothing(tmp_path: Path) -> None:
    """explain() takes the fleet away: 0.6 MWh and 300 CNY a working day are what it did.

    2025-01-02 and -03 are working days. As an ordinary demand the chargers would take 9.6 MWh
    without their vehicles, and the fleet would seem to save power.
    """
    path = tmp_path / "park.yaml"
    path.write_text(PARK)
    table = explain(simulate(load(path), start="2025-01-02", horizon="2 d"), "cars")
    chargers = table.loc["chargers"]
    assert (chargers["without"], chargers["with"]) == (0.0, pytest.approx(1.2))
    assert table.loc["cost", "change"] == pytest.approx(600.0)
