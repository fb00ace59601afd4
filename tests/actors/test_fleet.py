"""Vehicle fleets: totals by formula, envelopes by the second, optima by linear programming."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from models.base import PhysicsError
from tests.actors.plant import amount, lines, plant, rate, run
from twin.accounts.ledger import make_ledger
from twin.engine.actors.fleet import Fleet
from twin.engine.actors.sessions import Sessions, envelope, fill

STEP_S, N_STEPS = 900, 24


@st.composite
def sessions(draw: st.DrawFn) -> Sessions:
    """A few stays at any second of six hours, some beyond their end."""
    n = draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    arrive = rng.integers(0, 5 * 3600, n)
    depart = arrive + rng.integers(60, 3 * 3600, n)
    return Sessions.of(arrive, depart, rng.uniform(0, 0.04, n), rng.uniform(0.004, 0.02, n))


def fleet(**more: object) -> Fleet:
    """Twenty vehicles that come at 8 h every day, stay 8 h and need 30 kWh at up to 10 kW."""
    given = {
        "component": "works", "vehicles": 20, "presence": 1.0, "weekend_presence": 1.0,
        "arrival": 8.0, "arrival_spread": 0.0, "stay": 8.0, "stay_spread": 0.0, "energy": 0.03,
        "power": 0.01,
    }  # fmt: skip
    return Fleet(**{**given, **more})


@settings(max_examples=40, deadline=None)
@given(sessions())
def test_the_envelope_is_that_of_every_second(some: Sessions) -> None:
    """Each vehicle by itself, second by second: full power from arrival, or up to departure.

    A vehicle counted for whole steps would begin too early or end too late.
    """
    least, most = envelope(some, N_STEPS, STEP_S)
    edges = np.arange(N_STEPS + 1) * STEP_S
    early, late = np.zeros(N_STEPS + 1), np.zeros(N_STEPS + 1)
    for a, d, e, p in zip(some.arrive, some.depart, some.energy, some.power, strict=True):
        since = np.clip(edges - a, 0, d - a) / 3600
        until = np.clip(d - edges, 0, d - a) / 3600
        early += np.minimum(p * since, e)
        late += np.maximum(e - p * until, 0.0)
    assert most == pytest.approx(early, abs=1e-12)
    assert least == pytest.approx(late, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(sessions(), st.integers(0, 2**32 - 1))
def test_charging_by_price_is_the_optimum_within_the_envelope(some: Sessions, seed: int) -> None:
    """Against a linear programme (HiGHS) over all vehicles and steps: the same cost.

    A rule that charged at the cheap hours of the day, whoever is there, would miss energy; one
    that ignored part steps would cost more.
    """
    price = np.random.default_rng(seed).uniform(-20, 100, N_STEPS)
    power = fill(some, price, STEP_S)
    long = np.concatenate((price, np.full(16, price[-1])))
    cost, upper, rows = [], [], []
    for i in range(len(some.arrive)):
        for k in range(len(long)):
            inside = min(some.depart[i], (k + 1) * STEP_S) - max(some.arrive[i], k * STEP_S)
            cost.append(long[k])
            upper.append(some.power[i] * max(inside, 0) / 3600)
            rows.append(i)
    a = np.zeros((len(some.arrive), len(cost)))
    a[rows, np.arange(len(cost))] = 1.0
    best = linprog(
        cost, A_eq=a, b_eq=some.energy, bounds=list(zip(np.zeros(len(cost)), upper, strict=True))
    )
    beyond = some.energy.sum() - power.sum() * STEP_S / 3600
    ours = float(power @ price) * STEP_S / 3600 + beyond * price[-1]
    assert ours == pytest.approx(best.fun, abs=1e-7)
    least, most = envelope(some, N_STEPS, STEP_S)
    taken = np.concatenate(([0.0], np.cumsum(power * STEP_S / 3600)))
    assert (taken >= least - 1e-12).all()
    assert (taken <= most + 1e-12).all()


def test_a_year_of_a_thousand_vehicles_takes_its_energy_in_seconds() -> None:
    """1,000 vehicles on 261 weekdays, each there with 0.8, 20 kWh and a spread of 5 kWh.

    The mean is 1000 x 261 x 0.8 x 0.02 = 4176 MWh; its standard deviation that of a sum of
    independent days, sqrt(n (p (s2 + m2) - p2 m2)). Were weekends counted, it would be 5840. All is
    served, since the grid is large. Drawing, deciding and stepping cost a few seconds.
    """
    n, p, m, s = 1000 * 261, 0.8, 0.02, 0.005
    many = Fleet(
        component="works",
        vehicles=1000,
        energy=m,
        energy_spread=s,
        power=0.03,
        mode="price",
        price_of="grid",
    )
    price = 50 + 30 * np.sin(np.arange(35_040))
    run(plant(96, 900), {"cars": fleet()})  # compiles
    began = time.perf_counter()
    world, recorded = run(plant(35_040, 900, price=price), {"cars": many})
    assert time.perf_counter() - began < 10.0
    sigma = math.sqrt(n * (p * (s**2 + m**2) - (p * m) ** 2))
    assert abs(amount(world, recorded, "works") - n * p * m) < 3 * sigma
    assert len(lines(world, "charging_peak")) == 365


def test_uncontrolled_price_and_carbon_as_by_hand() -> None:
    """20 vehicles from 8 to 16 h, 30 kWh each at 10 kW: 0.2 MW for three hours.

    Uncontrolled from 8 to 11; by a price that is lowest at 12, 14 and 15 in those hours; by sun
    that shone from 11 to 14 on the day before, on the first day like uncontrolled.
    """
    price, sun = np.full(48, 50.0), np.zeros(48)
    price[[12, 14, 15, 36, 38, 39]] = [10, 20, 15, 10, 20, 15]
    price[[3, 20]] = 1.0  # nobody is there
    sun[[11, 12, 13]] = 1.0
    expected = {
        "uncontrolled": [8, 9, 10, 32, 33, 34],
        "price": [12, 14, 15, 36, 38, 39],
        "carbon": [8, 9, 10, 35, 36, 37],
    }
    for mode, hours in expected.items():
        extra = {"price": {"price_of": "grid"}, "carbon": {"green": ["sun"]}}.get(mode, {})
        network = plant(48, price=price, sun=sun)
        world, recorded = run(network, {"cars": fleet(mode=mode, **extra)})
        power = rate(world, recorded, "works")
        assert np.flatnonzero(power > 1e-9).tolist() == hours
        assert power[hours] == pytest.approx(0.2)


def test_v2g_buys_cheap_sells_dear_and_leaves_full_as_by_hand() -> None:
    """One vehicle of 60 MWh (so that numbers are round), there from 8 to 17 h, comes with 24 MWh.

    At 10 MW: 20 MWh at 30 from 10 to 12; 10 MWh sold at 80 from 13 to 14, after which the rest is
    just what lets it leave with 54; 20 MWh at 50 from 15 to 17. Against 15 MW of town, the grid
    gets 20 x 30 - 10 x 80 + 20 x 50 = 800 more than without it. Without the envelope it would sell
    until 15 h and leave with 44; with each hour's need bought at once it would pay 1300.
    """
    price = np.full(24, 50.0)
    price[10:12], price[13:15] = 30.0, 80.0
    car = fleet(
        component="battery", mode="v2g", vehicles=1, stay=9.0, energy=30.0, power=10.0, battery=60.0
    )
    network = plant(24, price=price, town=15.0, battery=60.0)
    network.flows["works"].upper = 0.0
    world, recorded = run(network, {"car": car})
    level = recorded.levels[:, list(network.stores).index("battery.stored")]
    assert level[8:17] == pytest.approx([24, 24, 34, 44, 44, 34, 34, 44, 54])
    assert level[17:] == pytest.approx(0.0)
    assert recorded.cost.sum() - float(15 * price.sum()) == pytest.approx(800.0)
    ledger = make_ledger(network, recorded)
    assert ledger.stores.at["battery.stored", "moved"] == pytest.approx(24 - 54)
    ledger.check()
    assert not lines(world, "missed")


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_everybody_leaves_v2g_with_what_is_needed(seed: int) -> None:
    """Random prices and vehicles: net energy is what the sessions need, and the books close.

    A pool that sold beyond its envelope would log `missed`.
    """
    rng = np.random.default_rng(seed)
    price = rng.uniform(0, 100, 96 * 3)
    cars = fleet(
        component="battery", mode="v2g", vehicles=30, arrival_spread=2.0, stay_spread=1.0,
        energy_spread=0.01, battery=0.08,
    )  # fmt: skip
    network = plant(96 * 3, 900, price=price, town=3.0, battery=3.0)
    world, recorded = run(network, {"cars": cars}, seed=seed)
    assert not lines(world, "missed")
    ledger = make_ledger(network, recorded)
    ledger.check()
    assert ledger.stores.at["battery.stored", "moved"] < 0


def test_a_stay_too_short_is_told() -> None:
    """30 kWh in an hour at 10 kW: 20 kWh of each are missed; a silent cut would hide them."""
    world, recorded = run(plant(24), {"cars": fleet(stay=1.0)})
    assert amount(world, recorded, "works") == pytest.approx(0.2, abs=1e-9)
    causes = [h.cause for h in world.log if h.what == "charging_peak"]
    assert causes == ["20 vehicles need 0.2 MWh, 0.4 MWh more than their stays allow"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"mode": "price"}, "needs `price_of`"),
        ({"green": ["sun"]}, "does not use `green`"),
        ({"mode": "v2g"}, "needs `battery`"),
        ({"mode": "v2g", "battery": 0.06, "departure_soc": 0.1}, "not above minimum_soc"),
    ],
)
def test_what_a_fleet_cannot_be(change: dict[str, object], says: str) -> None:
    """Each would otherwise quietly ignore a key."""
    with pytest.raises((PhysicsError, ValueError), match=says):
        fleet(**change)


def test_a_battery_too_small_for_the_vehicles_is_refused() -> None:
    """20 vehicles of 80 kWh in a battery of 1 MWh: what they bring would not fit."""
    cars = fleet(component="battery", mode="v2g", battery=0.08)
    with pytest.raises(ValueError, match=r"1\.6 MWh are plugged in at once, but 'battery' holds 1"):
        run(plant(24, battery=1.0), {"cars": cars})
