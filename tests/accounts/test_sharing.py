"""Proportional sharing: a published network, and random parks against a slow second way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Flow
from tests.accounts.hand import POWER, network, recorded, supply, use
from tests.accounts.test_embodied import at, of
from tests.parks_at_random import Parts, parks
from twin.accounts.embodied import embodied
from twin.accounts.tracing import fossil_emissions
from twin.engine.recorded import Recorded
from twin.network.network import Network


def test_bialek_four_buses() -> None:
    """The four-bus network of Bialek 1996 with its losses, and one tonne per MWh at G1.

    By hand: bus 2 has 60 of G1 in 174 put in; bus 4 has 115 + 60 of G1 in 289 put in, of which the
    load of 200 takes 200/283; the rest and 225 reach bus 3. Without losses on the way the loads
    would take 400 times their share of the 500 MW.
    """
    lines = {
        "1-2": (60, 59),
        "1-3": (225, 218),
        "1-4": (115, 112),
        "2-4": (173, 171),
        "4-3": (83, 82),
    }
    flows = [supply("g1", "1"), supply("g2", "2"), use("load_3", "3"), use("load_4", "4")]
    for name, (sent, arrives) in lines.items():
        a, b = name.split("-")
        flows.append(Flow(name, name, {a: -1.0, b: arrives / sent}, 999.0))
    net = network(dict.fromkeys("1234", POWER), flows)
    rates = {name: [float(sent)] for name, (sent, _) in lines.items()}
    rates |= {"g1": [400.0], "g2": [114.0], "load_3": [300.0], "load_4": [200.0]}
    traced = embodied(net, recorded(net, rates), {"g1": 1.0, "g2": 0.0})
    load_4 = 175.0 * 200 / 283
    assert of(traced, "load_4") == pytest.approx(load_4, rel=1e-12)
    assert of(traced, "load_3") == pytest.approx(400.0 - load_4, rel=1e-12)
    assert at(traced, "2") == pytest.approx(60.0 / 173.0)


def test_a_circle_that_nothing_leaves_is_refused() -> None:
    """CO2 that enters a closed circle would grow without end; the message names the places."""
    net = network(
        {"a": POWER, "b": POWER, "c": POWER},
        [
            supply("import", "c"),
            Flow("there", "there", {"a": -1.0, "c": -0.1, "b": 1.0}, 99.0),
            Flow("back", "back", {"b": -1.0, "a": 1.0}, 99.0),
        ],
    )
    with pytest.raises(ValueError, match=r"circle that nothing leaves, round (a, b|b, a)"):
        embodied(
            net, recorded(net, {"import": [1.0], "there": [10.0], "back": [10.0]}), {"import": 1}
        )


FACTORS = {"electricity": 0.6, "natural_gas": 0.03, "hydrogen": 0.2, "heat": 0.1}


@settings(max_examples=8, deadline=None)
@given(parks(), st.sampled_from(["energy", "exergy", "mass", "price"]))
def test_nothing_is_lost_over_random_parks(parts: Parts, allocation: str) -> None:
    """All that is emitted and brought in ends with somebody or is stored, to 1e-9.

    The two sides are summed apart: the left from the emissions and the record, the right from what
    the pass gave out.
    """
    net, record = _run(parts)
    traced = embodied(net, record, FACTORS, allocation=allocation)
    direct = fossil_emissions(net, record)["fossil"].sum()
    brought = 0.0
    for j, flow in enumerate(net.flows.values()):
        amount = float(record.flows[:, j] @ record.hours)
        brought += (
            sum(max(-float(a), 0.0) * FACTORS.get(p, 0.0) for p, a in flow.exchange.items())
            * amount
        )
    entered = direct + brought
    assert abs(entered - traced.received.sum() - traced.stored[-1].sum()) <= 1e-9 * max(
        entered, 1e-6
    )
    assert traced.books["residual"] <= 1e-9
    assert (traced.received >= -1e-12 * max(entered, 1e-6)).all()


@settings(max_examples=3, deadline=None)
@given(parks(n_steps=6))
def test_against_following_it_round_by_round(parts: Parts) -> None:
    """A plain loop that passes CO2 on until nothing moves finds the same intensities."""
    net, record = _run(parts)
    traced = embodied(net, record, FACTORS)
    slow = _round_by_round(net, record)
    for p, place in enumerate(traced.places):
        known = traced.through[:, p] > 1e-6
        assert traced.intensity[known, p] == pytest.approx(slow[place][known], rel=1e-6, abs=1e-9)


def _run(parts: Parts) -> tuple[Network, Recorded]:
    for flow in parts.flows:
        if flow.name.startswith("need"):
            flow.activity = "final_use"
    net = parts.network()
    return net, parts.run(net)[1]


def _round_by_round(net: Network, record: Recorded) -> dict[str, np.ndarray]:
    """Intensity of each place by the fixed point, by energy; mixing before anything leaves."""
    flows, n = list(net.flows.values()), len(record.hours)
    emitted = _fossil_by_flow(net, record)
    mix = {p: np.zeros(n) for p in (*net.buses, *net.stores)}
    held = dict.fromkeys(net.stores, 0.0)
    for t in range(n):
        for _ in range(4000):
            arrived = {p: held.get(p, 0.0) for p in mix}
            leaves = dict.fromkeys(mix, 0.0)
            useful = dict.fromkeys(mix, 0.0)
            for s, name in enumerate(net.stores):
                leaves[name] += record.levels[t, s]
                useful[name] += record.levels[t, s]
            for j, flow in enumerate(flows):
                x = record.flows[t, j] * record.hours[t]
                moved = {p: x * float(np.asarray(a)) for p, a in flow.coefficients.items()}
                given = {p: m for p, m in moved.items() if m > 0}
                worth = {p: max(net.carrier(p).of("energy"), 0.0) for p in given}
                total = sum(m * worth[p] for p, m in given.items())
                whole = emitted[t, j] + sum(-m * mix[p][t] for p, m in moved.items() if m < 0)
                whole += sum(
                    max(-float(np.asarray(a)), 0.0) * x * FACTORS.get(p, 0.0)
                    for p, a in flow.exchange.items()
                )
                for p, m in given.items():
                    only = len(given) == 1
                    arrived[p] += whole * (1.0 if only else m * worth[p] / total if total else 0.0)
                for p, m in moved.items():
                    if m < 0:
                        leaves[p] -= m
                        lost = not given and flow.activity != "final_use" and flow.side == "inside"
                        useful[p] -= 0.0 if lost else m
            new = {}
            for p in mix:
                base = useful[p] if useful[p] > 1e-6 * leaves[p] else leaves[p]
                new[p] = arrived[p] / base if base > 1e-12 else 0.0
            change = max(abs(new[p] - mix[p][t]) for p in mix)
            for p in mix:
                mix[p][t] = new[p]
            if change < 1e-13:
                break
        for s, name in enumerate(net.stores):
            held[name] = mix[name][t] * record.levels[t, s]
    return mix


def _fossil_by_flow(net: Network, record: Recorded) -> np.ndarray:
    """In these parks gas is the only fossil fuel and never mixes."""
    out = np.zeros(record.flows.shape)
    for j, flow in enumerate(net.flows.values()):
        if "gas" in flow.coefficients and "co2" in flow.exchange:
            out[:, j] = record.flows[:, j] * record.hours * float(flow.exchange["co2"])
    return out
