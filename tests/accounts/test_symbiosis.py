"""Cycling and exchange against published networks and hand counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Flow
from models.carriers import STANDARD, SURROUNDINGS, hot_water
from tests.accounts.hand import network, recorded, supply, use
from tests.parks_at_random import Parts, parks
from twin.accounts.symbiosis import (
    Exchanges,
    accounts_of_members,
    exchanges,
    finn_cycling_index,
    gains,
    savings,
)
from twin.accounts.tracing import fossil_emissions
from twin.engine.recorded import Recorded
from twin.engine.world import World
from twin.network.conserve import close_flow
from twin.network.network import Network

POWER = STANDARD["electricity"]
HEAT = hot_water("heat", 80, 45)
OUTSIDE = {**STANDARD, **SURROUNDINGS, "heat": HEAT}


def of(links: dict[str, float], members: str) -> Exchanges:
    """Exchanges of members with letters as names."""
    frame = pd.DataFrame(0.0, list(members), list(members))
    for (a, b), amount in links.items():
        frame.loc[a, b] = amount
    none = pd.Series(0.0, list(members))
    return Exchanges(frame, none, none, "mass", "t")


def test_cone_spring() -> None:
    """Finn's index of the Cone Spring ecosystem is 0.0919.

    kcal/m2/year between plants, bacteria, detritus feeders, carnivores and detritus (Tilly 1968,
    the network that Finn 1976 and later authors use); the index as printed on ecologycenter.us,
    "ecosystem theory". The same flows transposed, or without the inflows, give another.
    """
    flow = np.zeros((5, 5))
    plants, bacteria, feeders, carnivores, detritus = range(5)
    flow[plants, detritus] = 8881
    flow[bacteria, detritus], flow[bacteria, feeders] = 1600, 75
    flow[feeders, carnivores], flow[feeders, detritus] = 370, 200
    flow[carnivores, detritus] = 167
    flow[detritus, bacteria], flow[detritus, feeders] = 5205, 2309
    entering = np.array([11184.0, 0, 0, 0, 635.0])
    assert flow.sum() + entering.sum() == 30626
    assert round(finn_cycling_index(flow, entering), 4) == 0.0919


def test_a_circle_of_two_by_hand() -> None:
    """A gets 10 from outside, gives 10 to B, which gives 5 back: a third has been there before.

    A passes 15, of which 5 came round: n = 1 / (1 - 1/3) = 1.5, so 1/3 of each throughflow.
    """
    assert finn_cycling_index(np.array([[0.0, 10.0], [5.0, 0.0]]), np.array([10.0, 0.0])) == (
        pytest.approx(1 / 3)
    )
    with pytest.raises(ValueError, match="without negative numbers"):
        finn_cycling_index(np.array([[0.0, -1.0], [0.0, 0.0]]), np.zeros(2))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 7))
def test_cycling_is_what_comes_back(seed: int, n: int) -> None:
    """Following each unit from its entry, the flow of second and later visits is what Finn counts.

    The visits are summed round by round, without an inverse.
    """
    rng = np.random.default_rng(seed)
    flow = rng.uniform(0, 5, (n, n)) * (rng.random((n, n)) < 0.5)
    entering = rng.uniform(1, 5, n)
    through = flow.sum(axis=0) + entering
    # Part of what passes each compartment leaves the network.
    onward = flow / np.maximum(through, flow.sum(axis=1) + 0.5)[:, None]
    through = np.zeros(n)
    for _ in range(20_000):
        through = entering + through @ onward
    between = through[:, None] * onward
    visits = np.zeros(n)
    for i in range(n):
        at, seen = np.eye(n)[i], 1.0
        for _ in range(20_000):
            at = at @ onward
            seen += at[i]
            if at.sum() < 1e-15:
                break
        visits[i] = seen
    expected = (through * (1 - 1 / visits)).sum() / through.sum()
    assert finn_cycling_index(between, entering) == pytest.approx(expected, rel=1e-9)


def test_connectance_and_cyclicity_by_hand() -> None:
    """A chain 0, a ring of three 1, all to all of three 2, two rings with one member 2^(1/2)."""
    chain = of({"ab": 1, "bc": 1}, "abc")  # type: ignore[dict-item]
    assert (chain.links, chain.connectance, chain.cyclicity) == (2, pytest.approx(2 / 6), 0.0)
    ring = of({"ab": 1, "bc": 1, "ca": 1}, "abc")  # type: ignore[dict-item]
    assert ring.cyclicity == pytest.approx(1.0)
    everybody = of({a + b: 1.0 for a in "abc" for b in "abc" if a != b}, "abc")
    assert everybody.connectance == 1.0
    assert everybody.cyclicity == pytest.approx(2.0)
    shared = of({"ab": 1, "ba": 1, "ac": 1, "ca": 1}, "abc")  # type: ignore[dict-item]
    assert shared.cyclicity == pytest.approx(2**0.5)


def test_a_bus_is_shared_in_proportion() -> None:
    """Givers of 6 and 2 (outside) to users of 4 and 4: the member's link to each user is 3."""
    net = network(
        {"heat": HEAT, "power": POWER},
        [
            supply("grid", "power"),
            supply("outside", "heat", "heat"),
            Flow("pump", "pump", {"power": -1.0, "heat": 3.0}, 9.0, closes=("air_heat",)),
            use("a", "heat"),
            use("b", "heat"),
        ],
    )
    rates = {"grid": [2.0], "outside": [2.0], "pump": [2.0], "a": [4.0], "b": [4.0]}
    found = exchanges(net, recorded(net, rates))
    assert found.between.loc["pump", "a"] == pytest.approx(3.0)
    assert found.between.loc["pump", "b"] == pytest.approx(3.0)
    assert found.entering["pump"] == pytest.approx(2.0 + 4.0)  # power, and heat made of air
    assert found.entering["a"] == pytest.approx(1.0)
    assert found.links == 2
    owned = exchanges(net, recorded(net, rates), owners={"pump": "works", "a": "works"})
    assert owned.between.loc["works", "b"] == pytest.approx(3.0)
    assert owned.links == 1


@settings(max_examples=5, deadline=None)
@given(parks(stores=False, outages=False))
def test_trade_inside_adds_up_to_nothing(parts: Parts) -> None:
    """What one sells another buys: the surpluses of all are what the park does not pay outside."""
    net = parts.network()
    record = parts.run(net)[1]
    table = accounts_of_members(net, record)
    scale = table[["bought", "sold"]].abs().to_numpy().sum() + 1.0
    assert abs(table["sold"].sum() - table["bought"].sum()) < 1e-9 * scale
    assert table["surplus"].sum() == pytest.approx(-float(record.cost.sum()), abs=1e-9 * scale)


def waste_heat(linked: bool) -> tuple[Network, Recorded]:
    """A works with 5 MW of waste heat beside a town of 8 MW that burns gas at 0.8 for the rest."""
    burning = ("co2", "n2", "water_vapour", "air")
    buses = {"gas": STANDARD["natural_gas"], "heat": HEAT}
    flows = [
        Flow("gas_import", "gas_import", {"gas": 1.0}, 99.0, cost=30.0,
             exchange={"natural_gas": -1.0}, side="import", main="gas"),
        Flow("boiler", "boiler", {"gas": -1.0, "heat": 0.8}, 99.0, closes=burning),
        Flow("pipe", "works", {"heat": 1.0}, 5.0 if linked else 0.0, cost=1.0,
             exchange={"heat": -1.0}, activity="exchange"),
        Flow("town", "town", {"heat": -1.0}, 8.0, steer=-1e4, activity="final_use", demand=True,
             main="heat"),
    ]  # fmt: skip
    for flow in flows:
        close_flow(flow, buses, OUTSIDE)
    net = Network.of(buses, flows, surroundings=OUTSIDE, n_steps=2, step_s=3600)
    start = pd.Timestamp("2025-01-01", tz="UTC")
    world = World(net, {}, horizon_s=7200, seed=1, start=start)
    world.run()
    return net, Recorded.of(world.record)


def test_savings_and_who_gains() -> None:
    """Over two hours the pipe spares 2 * 5 / 0.8 = 12.5 MWh of gas, 375 of money less 10 for it.

    At the shadow price of the boiler, 37.5, the works earns 2 * 5 * (37.5 - 1), the town nothing.
    """
    linked, alone = waste_heat(True), waste_heat(False)
    table = savings(linked, alone, (fossil_emissions(*linked), fossil_emissions(*alone)))
    assert table.loc["import natural_gas", "saved"] == pytest.approx(12.5)
    assert table.loc["import natural_gas", "share"] == pytest.approx(5 / 8)
    assert table.loc["money", "saved"] == pytest.approx(375.0 - 10.0)
    carbon = STANDARD["natural_gas"].of("carbon") * 44.009 / 12.011
    assert table.loc["fossil CO2", "saved"] == pytest.approx(12.5 * carbon)
    who = gains(accounts_of_members(*linked), accounts_of_members(*alone))
    assert who.loc["works", "gain"] == pytest.approx(365.0)
    assert who.loc["town", "gain"] == pytest.approx(0.0, abs=1e-6)
