"""The same step has the same answer, whatever came before and in whatever order it was written."""

from __future__ import annotations

import copy

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.networks import random_network, run
from twin.engine import compiled, kernel
from twin.engine.dispatch import AT_LOWER, AT_UPPER, BASIC, Record, State
from twin.network.network import Network
from twin.network.program import Program

SEEDS = st.integers(0, 2**32 - 1)
THOROUGH = settings(max_examples=100, deadline=None)


def same(a: Record, b: Record) -> None:
    """Every recorded number is the same to the bit."""
    for name in ("times", "rows", "summed"):
        first, second = (getattr(r, name) for r in (a, b))
        if name != "summed":
            first, second = first[: a.count], second[: b.count]
        assert np.array_equal(first, second), name


@THOROUGH
@given(SEEDS, st.integers(1, 10))
def test_a_run_split_at_grid_points_is_the_same_run(seed: int, buses: int) -> None:
    """Rates, levels and prices to the bit, though each piece starts from a checkpoint.

    A checkpoint that forgot the last rates would free the ramps; an answer that kept the rounding
    of earlier pivots would differ in the last digits.
    """
    program, _, whole = run(random_network(seed, buses=buses))
    state, pieces = State.start(program), Record.full(program)
    for k in range(program.n_steps):
        state = state.copy()
        kernel.advance(program, state, pieces, k * program.step_s, (k + 1) * program.step_s)
    same(whole, pieces)


@THOROUGH
@given(SEEDS, st.integers(1, 10))
def test_the_basis_a_step_starts_from_does_not_matter(seed: int, buses: int) -> None:
    """From the cold basis, and from a random nonsense one, every step ends on the same bits.

    Without the nudges that make the optimum one, ties would go to whatever the basis met first.
    """
    program, _, warm = run(random_network(seed, buses=buses))
    rng = np.random.default_rng(seed)
    n = len(program.flows)
    for cold in (True, False):
        state, record = State.start(program), Record.full(program)
        for k in range(program.n_steps):
            state = state.copy()
            if cold:
                state.basis[:n], state.basis[n:] = AT_LOWER, BASIC
            else:
                state.basis[:] = rng.choice([AT_LOWER, AT_UPPER], len(state.basis))
                chosen = rng.choice(len(state.basis), program.n_rows, replace=False)
                state.basis[chosen] = BASIC
            kernel.advance(program, state, record, k * program.step_s, (k + 1) * program.step_s)
        same(warm, record)


@THOROUGH
@given(SEEDS, st.integers(2, 10))
def test_the_order_of_components_does_not_matter(seed: int, buses: int) -> None:
    """Buses, flows, stores and coefficients shuffled give the same bits.

    A tie broken by position would give another dispatch of the same cost.
    """
    network = random_network(seed, buses=buses)
    rng = np.random.default_rng(seed)
    flows, stores = list(network.flows.values()), list(network.stores.values())
    buses_list = list(network.buses.items())
    for part in (flows, stores, buses_list):
        rng.shuffle(part)  # type: ignore[arg-type]
    for k, flow in enumerate(flows):
        flows[k] = copy.copy(flow)
        flows[k].coefficients = dict(reversed(flow.coefficients.items()))
    shuffled = Network.of(
        dict(buses_list), flows, stores, n_steps=network.n_steps, step_s=network.step_s
    )
    same(run(network)[2], run(shuffled)[2])


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_two_states_of_one_program_do_not_meet(seed: int) -> None:
    """Runs that take turns, step by step, end like runs that are alone.

    Working memory shared through the program would mix them.
    """
    network = random_network(seed, buses=5)
    program, _, alone = run(network)
    states = [State.start(program) for _ in range(2)]
    records = [Record.full(program) for _ in range(2)]
    states[1].limit_multiplier[:] = 1.0
    states[1].cost_adder[:] = 1.0
    for k in range(program.n_steps):
        for state, record in zip(states, records, strict=True):
            kernel.advance(program, state, record, k * program.step_s, (k + 1) * program.step_s)
    same(alone, records[0])
    assert Program.compile(network).pack.floats.tobytes() == program.pack.floats.tobytes()


def test_warming_up_makes_the_very_code_of_a_run() -> None:
    """One signature before and after a run: what is warmed is what runs, and steps nothing.

    Of other types, the run would compile again inside the time that it reports as stepping.
    """
    program = Program.compile(random_network(5, buses=4))
    kernel.warm(program)
    made = len(compiled.advance.signatures)
    state, record = State.start(program), Record.full(program)
    kernel.advance(program, state, record, 0, program.n_steps * program.step_s)
    assert made == len(compiled.advance.signatures) == 1
    assert record.count == program.n_steps
