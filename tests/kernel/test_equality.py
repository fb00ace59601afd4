"""The kernel costs what HiGHS costs, from the same state, at every interval."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.kernel.networks import random_network, run
from twin.engine import kernel
from twin.engine.certify import certify
from twin.engine.dispatch import Record, State
from twin.network.program import Program

SEEDS = st.integers(0, 2**32 - 1)
THOROUGH = settings(max_examples=100, deadline=None)


@THOROUGH
@given(SEEDS, st.integers(1, 12))
@example(20446, 20)  # tied optima, of which only some burn energy in an exclusive store
def test_every_step_costs_what_highs_finds(seed: int, buses: int) -> None:
    """Replayed from the recorded states, the worst gap is 1e-9.

    A wrong pivot would cost more than HiGHS finds; a violated limit, less. Either shows at the
    size of a price, eight orders above.
    """
    program, _, record = run(random_network(seed, buses=buses))
    result = certify(program, record)
    assert result["steps"] == program.n_steps
    assert result["worst_gap"] <= 1e-9


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.integers(30, 80))
def test_large_networks_too(seed: int, buses: int) -> None:
    """Dozens of buses need a nucleus of several rows and several factorisations a step.

    A dense part of the basis eliminated without pivoting would lose digits here, not in the small.
    """
    program, _, record = run(random_network(seed, buses=buses, n_steps=4))
    assert certify(program, record)["worst_gap"] <= 1e-9


@THOROUGH
@given(SEEDS, st.integers(1, 8))
def test_equality_holds_under_what_actors_do(seed: int, buses: int) -> None:
    """Limits multiplied, capped and floored, prices multiplied and shifted, at random instants.

    A modifier that the kernel ignored or applied in another order would shift the objective by a
    share of a flow's money.
    """
    network = random_network(seed, buses=buses)
    rng = np.random.default_rng(seed)
    program = Program.compile(network)
    state, record = State.start(program), Record.full(program)
    n, end = len(program.flows), program.n_steps * program.step_s
    # A dump or a last resort that an actor takes away may leave a step without a solution.
    free = np.array([not f.endswith(("dump", "resort", "load")) for f in program.flows])
    cuts = np.unique(np.append(rng.integers(1, end, 5), end))
    t = 0
    for cut in cuts:
        hit = free & (rng.random(n) < 0.3)
        state.limit_multiplier[hit] = rng.choice([0.0, 0.5, 1.0], hit.sum())
        state.cap[hit] = rng.choice([np.inf, 2.0, 0.0], hit.sum())
        state.cost_multiplier[hit] = rng.choice([0.5, 1.0, 2.0], hit.sum())
        state.cost_adder[hit] = rng.choice([0.0, 7.0], hit.sum())
        state.steer_adder[hit] = rng.choice([0.0, 3.0], hit.sum())
        must_run = free & np.array([f.startswith("bus") for f in program.flows])
        state.floor[must_run] = rng.choice([0.0, 0.0, 1.0], must_run.sum())
        kernel.advance(program, state, record, t, int(cut))
        t = int(cut)
    assert certify(program, record)["worst_gap"] <= 1e-9


@THOROUGH
@given(SEEDS, st.sampled_from([1, 60, 900, 3600, 6 * 3600, 86_400]))
def test_steps_from_a_second_to_a_day(seed: int, step_s: int) -> None:
    """Ramps per hour, store limits and losses scale with the step, and the optimum stays one.

    Were the store's room in an hour taken for its room in a step, a second's step would move
    1/3600 of what it may, and a day's step 24 times too much.
    """
    program, _, record = run(random_network(seed, buses=4, step_s=step_s))
    assert certify(program, record)["worst_gap"] <= 1e-9
    capacity = program.pack["capacity"]
    assert (record.levels >= -1e-9).all()
    assert (record.levels <= capacity * (1 + 1e-9)).all()


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(2, 8))
def test_the_slow_dispatcher_agrees_where_the_optimum_is_one(seed: int, buses: int) -> None:
    """A whole run by HiGHS has the rates of the kernel, if no two optima tie.

    This checks what a replay cannot: that both carry the same state from step to step.
    """
    from tests.kernel.networks import generic_network

    network = generic_network(seed, buses=buses)
    _, _, fast = run(network)
    _, _, slow = run(network, dispatcher="reference")
    np.testing.assert_allclose(fast.flows, slow.flows, rtol=0, atol=1e-7)
    np.testing.assert_allclose(fast.summed, slow.summed, rtol=1e-7, atol=1e-6)
