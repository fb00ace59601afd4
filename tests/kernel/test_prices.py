"""Shadow prices and marginal signals: what one unit more on a bus would cost and emit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Flow
from tests.kernel.networks import (
    generic_network,
    load,
    random_network,
    run,
    source,
    tiny,
    with_probes,
)
from twin.engine import kernel, reference
from twin.engine.dispatch import Record, State
from twin.network.network import Network
from twin.network.program import Program

SEEDS = st.integers(0, 2**32 - 1)


def rest_probes(program: Program) -> tuple[State, dict[str, int]]:
    """A state in which no probe may move, and where each probe stands."""
    state = State.start(program)
    probes = {f: j for j, f in enumerate(program.flows) if f.startswith("probe_")}
    state.cap[list(probes.values())] = 0.0
    return state, probes


def forced(state: State, probe: int, rate: float) -> State:
    """The same state with one probe at a rate."""
    state = state.copy()
    state.cap[probe] = state.floor[probe] = rate
    return state


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(1, 6))
def test_prices_lie_between_the_finite_differences(seed: int, buses: int) -> None:
    """The objective is convex in the demand, so its slopes to the left and right enclose a price.

    At a tie or a corner the two slopes differ and any price between is right; outside, a reduced
    cost is wrong. Objectives are HiGHS's, so a price of the wrong sign or bus cannot agree.
    """
    plain = random_network(seed, buses=buses, n_steps=2)
    for store in plain.stores.values():
        store.exclusive = False  # either-or makes the objective jump
    network = with_probes(plain)
    program = Program.compile(network)
    state, probes = rest_probes(program)
    highs = reference.Highs(program)
    size = program.pack["size"][len(program.flows) :]
    span = program.step_s
    for k in range(program.n_steps):
        before, record = state.copy(), Record.full(program)
        kernel.advance(program, state, record, k * span, (k + 1) * span)

        def objective(start: State, k: int = k) -> float:
            now = reference.interval(program, start, k * span, (k + 1) * span)
            return reference.solve(program, highs, now).objective

        middle = objective(before)
        for i, bus in enumerate(program.buses):
            delta = min(1e-2 * size[i], 1.0)
            more = objective(forced(before, probes[f"probe_take.{bus}"], delta))
            less = objective(forced(before, probes[f"probe_give.{bus}"], delta))
            slack = 1e-9 * (abs(middle) + abs(more) + abs(less)) / delta + 1e-9
            price = record.prices[0, i]
            assert (middle - less) / delta - slack <= price <= (more - middle) / delta + slack


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(1, 6))
def test_marginal_signal_is_the_derivative_of_its_sum(seed: int, buses: int) -> None:
    """Where the optimum is no corner, a little more demand emits what the marginal factor says.

    The average factor, or the factor of the dearest unit alone without what its co-products
    displace, would differ by tens of per cent.
    """
    rng = np.random.default_rng(seed)
    network = with_probes(generic_network(seed, buses=buses, n_steps=2))
    signal = {f: rng.uniform(0, 1) for f in network.flows if not f.startswith("probe_")}
    program = Program.compile(network, signal)
    state, probes = rest_probes(program)
    factor = program.signal_at(0)
    delta, span = 1e-5, program.step_s

    def emitted(start: State) -> float:
        record = Record.full(program)
        kernel.advance(program, start, record, 0, span)
        return float(factor @ record.flows[0])

    record = Record.full(program)
    kernel.advance(program, state.copy(), record, 0, span)
    for i, bus in enumerate(program.buses):
        more = emitted(forced(state, probes[f"probe_take.{bus}"], delta))
        less = emitted(forced(state, probes[f"probe_give.{bus}"], delta))
        assert (more - less) / (2 * delta) == pytest.approx(record.marginal[0, i], abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(1, 6))
def test_kernel_and_reference_agree_on_prices_where_they_are_one(seed: int, buses: int) -> None:
    """Without ties, prices and marginal signals of both dispatchers are the same numbers."""
    network = generic_network(seed, buses=buses)
    signal = {f: 1.0 + len(f) for f in network.flows}
    _, _, fast = run(network, signal=signal)
    _, _, slow = run(network, dispatcher="reference", signal=signal)
    np.testing.assert_allclose(fast.prices, slow.prices, rtol=1e-8, atol=1e-7)
    np.testing.assert_allclose(fast.marginal, slow.marginal, rtol=1e-8, atol=1e-7)


def heat_and_power() -> Network:
    """8 MW of power and 3 MW of heat, from a cogeneration unit, a boiler and the grid.

    The unit makes 1 of power and 0.5 of heat from fuel at 30; it runs at its limit of 4. The grid
    gives the other 4 at 80; the boiler gives the missing 1 of heat at 40.
    """
    return tiny(
        [
            Flow("unit", "unit", {"power": 1.0, "heat": 0.5}, 4.0, cost=30.0),
            source("power", "grid", 10.0, 80.0),
            source("heat", "boiler", 10.0, 40.0),
            load("power", "works", 8.0),
            load("heat", "town", 3.0),
        ]
    )


def test_prices_of_heat_and_power_on_paper() -> None:
    """One more MW of power comes from the grid, of heat from the boiler: 80 and 40.

    Were the fuel of the unit shared out by energy, heat would cost 20.
    """
    program, _, record = run(heat_and_power(), signal={"unit": 0.2, "grid": 0.6, "boiler": 0.25})
    rates = dict(zip(program.flows, record.flows[0], strict=True))
    assert rates == {"unit": 4.0, "grid": 4.0, "boiler": 1.0, "works": 8.0, "town": 3.0}
    assert dict(zip(program.buses, record.prices[0], strict=True)) == pytest.approx(
        {"heat": 40.0, "power": 80.0}, rel=1e-12
    )
    assert dict(zip(program.buses, record.marginal[0], strict=True)) == pytest.approx(
        {"heat": 0.25, "power": 0.6}, rel=1e-12
    )


def test_the_marginal_factor_credits_what_is_displaced() -> None:
    """With room in the unit, a MW of power from it saves half a MW of the boiler.

    It emits 0.2 and saves 0.125: 0.075. The unit's own factor would read 0.2, the average of
    what runs 0.2875.
    """
    network = heat_and_power()
    network.flows["unit"].upper = 6.0
    network.flows["grid"].upper = 0.0
    network.flows["works"].upper = 5.0
    signal = {"unit": 0.2, "grid": 0.6, "boiler": 0.25}
    program, _, record = run(network, signal=signal)
    assert record.flows[0, program.flows.index("unit")] == pytest.approx(5.0, rel=1e-12)
    assert record.marginal[0, program.buses.index("power")] == pytest.approx(0.075, rel=1e-9)
    assert record.prices[0, program.buses.index("power")] == pytest.approx(10.0, rel=1e-9)
