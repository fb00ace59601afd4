"""All actors of operations in one park: from its file to a run that closes, in any order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Actor
from tests.actors.plant import plant, run
from twin.accounts.ledger import make_ledger
from twin.engine.actors.batch import Batch, Step
from twin.engine.actors.build_out import BuildOut, Stage
from twin.engine.actors.compute import Compute, Place
from twin.engine.actors.delivery import Delivery
from twin.engine.actors.enrolment import Enrolled
from twin.engine.actors.fleet import Fleet
from twin.engine.actors.market import DayAhead, DemandCharge
from twin.engine.actors.outage import Outage
from twin.engine.actors.vpp import VirtualPowerPlant
from twin.results import open_run
from twin.scenario.park import load
from twin.simulate import simulate

PARK = """\
park: {name: Works of the tests, country: CN, currency: CNY}
site: {latitude: 31.32, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate/suzhou.yaml}
buses: [electricity, limestone]
components:
  grid:
    model: grid
    bus: electricity
    import_capacity: 300 MW
    import_price: {flat: 500 CNY/MWh, valley: 250 CNY/MWh, valley_hours: [[0, 8]]}
  roof: {model: pv, bus: electricity, power_capacity: 20 MW, tilt: 10 deg}
  offices: {model: electricity_demand, bus: electricity, annual: 200 GWh, shape: office}
  dye_house: {model: demand, bus: electricity, rate: 20 MW, use: heat}
  chargers: {model: demand, bus: electricity, rate: 30 MW, use: heat}
  servers: {model: demand, bus: electricity, rate: 10 MW, use: heat}
  cars: {model: battery, bus: electricity, energy_capacity: 20 MWh, power_capacity: 5 MW,
         initial_soc: 0, minimum_soc: 0, policy: tariff}
  kiln: {model: demand, bus: limestone, rate: 3 t/h, use: product}
  silo: {model: tank, bus: limestone, capacity: 200 t, charge_capacity: 10 t/h,
         discharge_capacity: 10 t/h}
events:
  - actor: batch
    name: dyeing
    recipe:
      - {machine: vat, duration: 2 h, needs: {electricity: 1500 kW}}
      - {machine: dryer, duration: 40 min, needs: {electricity: 2 MW}}
    machines: {vat: 4, dryer: 2}
    draws: {electricity: dye_house}
    every: 90 min
    allowance: 12 h
    rule: cheapest
    price_of: grid
  - {actor: delivery, name: trucks, bus: limestone, to: silo, amount: 30 t, reorder_below: 80 t,
     travel: 3 h, travel_variation: exponential, unloading: 20 min, price: 60 CNY/t}
  - {actor: fleet, name: staff, component: chargers, vehicles: 300, energy: 20 kWh,
     energy_spread: 8 kWh, power: 7 kW, mode: carbon, green: [roof]}
  - {actor: fleet, name: vans, component: cars, vehicles: 150, energy: 25 kWh, power: 22 kW,
     mode: v2g, battery: 70 kWh}
  - actor: virtual_power_plant
    name: vpp
    classes:
      cooling: {component: offices, enrolled: 10 MW, adjustable: 4 MW, hours: [[9, 18]],
                loads: 40, response: 90 %, rebound: 40 %}
    calls: [{start: 2025-07-09 14:00, duration: 2 h, amount: 5 MW}]
    price: 3.5 CNY/kWh
  - {actor: demand_charge, flow: grid.import, price: 40 CNY/kW}
  - {actor: day_ahead, flow: grid.import, short: 50 CNY/MWh, long: 50 CNY/MWh, intraday: 2 h}
  - {actor: certificates, generation: [roof], use: grid.import, price: 6 CNY/MWh}
  - actor: compute
    sites: {here: {component: servers, intensity: [0.55 tCO2/MWh]}}
    home: here
    every: 2 h
    power: 500 kW
    duration: 90 min
    slack: 6 h
  - {actor: build_out, component: roof, stages: [{start: 2025-07-04, share: 0.5}, {start: 2025-07-08, share: 1}], ageing: 0.5 %/a}
"""  # noqa: E501


def test_a_park_with_all_of_them_from_file_to_saved_run(tmp_path: Path) -> None:
    """Ten days in July: each actor leaves its lines, all residuals stay below 1e-9.

    The run is the same from the scenario it saved: every key of every actor survives.
    """
    path = tmp_path / "park.yaml"
    path.write_text(PARK, encoding="utf-8")
    park = load(path)
    done = simulate(park, start="2025-07-01", horizon="10 d", step="15 min", seed=4)
    assert set(done.events["actor"]) >= {
        "dyeing", "trucks", "staff", "vans", "vpp", "day_ahead", "compute",
        "build_out_roof",
    }  # fmt: skip
    assert max(done.ledger.residuals().values()) < 1e-9
    settled = done.events[done.events["what"] == "settled"]
    assert settled["before"].tolist() == [10.0]
    again_path = tmp_path / "again.yaml"
    again_path.write_text(done.scenario, encoding="utf-8")
    again = simulate(load(again_path), start="2025-07-01", horizon="10 d", step="15 min", seed=4)
    assert np.array_equal(done.recorded.flows, again.recorded.flows)
    assert done.events.equals(again.events)
    opened = open_run(done.save(tmp_path / "run"))
    assert len(opened.events) == len(done.events)


def actors(rng: np.random.Generator) -> dict[str, Actor]:
    """Operations and an outage with random figures."""
    hours = float(rng.uniform(0.3, 3))
    return {
        "dye": Batch(
            recipe=[
                Step(machine="vat", duration=hours, needs={"electricity": 5.0}),
                Step(machine="dryer", duration=1.0, needs={"electricity": 9.0}),
            ],
            machines={"vat": 3, "dryer": 2},
            draws={"electricity": "works"},
            every=float(rng.uniform(0.3, 2)),
            arrivals="poisson",
            variation="exponential",
        ),
        "cloud": Compute(
            sites={"here": Place(component="works", intensity=[0.5])},
            home="here", every=1.3, power=6.0, duration=0.8, slack=3.0,
        ),
        "trucks": Delivery(
            bus="limestone", to="silo", origin="quarry", amount=float(rng.uniform(1, 30)),
            every=float(rng.uniform(0.2, 3)), arrivals="poisson", travel=1.0, unloading=0.3,
            travel_variation="exponential",
        ),
        "vans": Fleet(
            component="battery", vehicles=40, energy=0.02, power=0.02, mode="v2g", battery=0.06,
            weekend_presence=0.5,
        ),
        "vpp": VirtualPowerPlant(
            classes={
                "town": Enrolled(component="town", enrolled=30.0, adjustable=20.0, rebound=0.5,
                                 loads=9, response=0.7),
                "works": Enrolled(component="works", enrolled=9.0, adjustable=9.0),
            },
            every=9.0, amount=25.0, duration=1.1,
        ),
        "charge": DemandCharge(flow="grid", price=3.0),
        "market": DayAhead(flow="grid", short=3.0),
        "sun": BuildOut(component="sun", stages=[Stage(start="2025-01-02 10:07", share=0.7)]),
        "outage": Outage(component="town", mtbf=7.0, mttr=2.0),
    }  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_any_operations_close_and_do_not_depend_on_their_order(seed: int) -> None:
    """The same bits and the same log, however actors are listed; residuals below 1e-9.

    Were an instant resolved as events happened to be created, two of these would differ.
    """
    rng = np.random.default_rng(seed)
    n = 96 * 4
    network = plant(
        n, 900, sun=rng.uniform(0, 60, n), town=rng.uniform(10, 60, n), use=6.0,
        silo=(120.0, 30.0), second_silo=90.0, battery=4.0,
    )  # fmt: skip
    own = actors(rng)
    world, recorded = run(network, own, seed=seed % 1000)
    shuffled = list(own)
    rng.shuffle(shuffled)
    other, again = run(network, {name: own[name] for name in shuffled}, seed=seed % 1000)
    assert np.array_equal(recorded.flows, again.flows)
    assert world.log == other.log
    make_ledger(network, recorded).check()


def test_another_actor_changes_no_draws() -> None:
    """The deliveries of a run are the same lines with and without all others that leave the silo.

    With a shared generator their times would move.
    """
    rng = np.random.default_rng(5)
    own = actors(rng)
    network = plant(96, 900, town=30.0, second_silo=90.0, battery=4.0)
    alone, _ = run(network, {"trucks": own["trucks"]})
    together, _ = run(network, own)
    assert [h for h in together.log if h.actor == "trucks"] == alone.log
    assert len(alone.log) > 10
    assert len(together.log) > len(alone.log)


@pytest.mark.parametrize("name", ["batch", "delivery", "fleet", "virtual_power_plant"])
def test_an_actor_is_known_by_its_word(name: str) -> None:
    """Importing the folder registers it, so that a scenario may name it."""
    assert name in Actor.registry
