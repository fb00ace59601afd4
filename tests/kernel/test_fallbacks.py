"""Every link of the chain warm -> fresh -> cold -> HiGHS -> stop, made to run by injected faults.

Real steps hardly ever need it: in thousands of random networks no step left the first link.
"""

from __future__ import annotations

import numpy as np
import pytest

from models.base import Flow, Store
from tests.kernel.networks import CARRIER, random_network, run, source, tiny
from twin.engine import kernel
from twin.engine.certify import certify
from twin.engine.dispatch import AT_LOWER, AT_UPPER, DispatchError, Record, State
from twin.network.program import Program

STEPS = 6


def faulty(links: int) -> tuple[Program, State, Record]:
    """A run whose first `links` answers to every step are spoilt by one per mille."""
    program = Program.compile(random_network(5, buses=6, n_steps=STEPS))
    state, record = State.start(program), Record.full(program)
    kernel.inject(state, links)
    kernel.advance(program, state, record, 0, STEPS * program.step_s)
    return program, state, record


@pytest.mark.parametrize(
    ("links", "counted"),
    [(0, [0, 0, 0]), (1, [1, 0, 0]), (2, [1, 1, 0]), (3, [1, 1, 1])],
    ids=["warm", "fresh factors", "cold start", "HiGHS"],
)
def test_each_link_mends_what_the_one_before_broke(links: int, counted: list[int]) -> None:
    """Every step is caught, counted at each link it needed, and ends at the optimum.

    A certificate that looked away would let the spoilt rates pass: counts of zero, and a gap of
    1e-3.
    """
    program, state, record = faulty(links)
    assert list(np.sign(state.fallbacks)) == counted
    # An exclusive store takes more than one solve a step.
    assert links == 0 or state.fallbacks[0] >= STEPS
    assert record.count == STEPS
    assert certify(program, record)["worst_gap"] <= 1e-9


def test_fresh_and_cold_starts_end_on_the_same_bits() -> None:
    """A step rescued by the kernel's own links is recorded as if nothing had been.

    If a rescue left its mark, a run would depend on where the rounding of another step went.
    """
    _, _, plain = faulty(0)
    for links in (1, 2):
        _, _, rescued = faulty(links)
        assert np.array_equal(plain.rows, rescued.rows)
        assert np.array_equal(plain.summed, rescued.summed)


def test_highs_has_the_state_and_the_record_of_the_kernel() -> None:
    """Steps that HiGHS took over move the stores and fill the record like the others.

    A rescued step that was not settled would leave a gap in time and a store standing still.
    """
    _, plain_state, plain = faulty(0)
    _, state, record = faulty(3)
    assert np.array_equal(plain.times, record.times)
    assert state.t == plain_state.t
    assert np.array_equal(record.levels[:-1], record.levels_before[1:])


def test_highs_certifies_what_an_exclusive_store_is_barred_from() -> None:
    """A battery paid to take power fills, though emptying too would pay more: that is certified.

    Held against limits without the bar, the answer would miss the optimum, and a sound step would
    stop the run.
    """
    store = Store("level", "battery", CARRIER, 10.0, initial=5.0, exclusive=True)
    flows = [
        source("el", "grid", 100.0, -20.0),
        Flow("fill", "battery", {"el": -1.0, "level": 0.9}, 5.0),
        Flow("empty", "battery", {"el": 1.0, "level": -1 / 0.9}, 5.0),
    ]
    program = Program.compile(tiny(flows, [store], n_steps=3))
    state = State.start(program)
    kernel.inject(state, 3)
    _, state, record = run(program.network, state=state)
    assert state.fallbacks[2] == 3
    assert record.levels[:, 0] == pytest.approx([9.5, 10, 10])


def test_when_nobody_can_certify_a_step_the_run_stops_at_it() -> None:
    """With HiGHS spoilt too, the first step stops the run and is named.

    Going on would record rates that do not balance.
    """
    with pytest.raises(DispatchError, match="the step at 0 s could not be solved") as error:
        faulty(4)
    assert error.value.time_s == 0
    program = Program.compile(random_network(5, buses=6, n_steps=STEPS))
    state, record = State.start(program), Record.full(program)
    kernel.advance(program, state, record, 0, 2 * program.step_s)
    kernel.inject(state, 4)
    with pytest.raises(DispatchError, match=f"the step at {2 * program.step_s} s"):
        kernel.advance(program, state, record, 2 * program.step_s, 3 * program.step_s)
    assert record.count == 2


@pytest.mark.parametrize("where", [AT_LOWER, AT_UPPER])
def test_a_basis_of_the_wrong_size_is_replaced(where: int) -> None:
    """A checkpoint with no basic column at all, as a damaged file would hold, starts cold.

    Factorised as it stands, it would leave rows without a pivot and read beyond its arrays.
    """
    network = random_network(5, buses=6, n_steps=STEPS)
    _, _, plain = run(network)
    program = Program.compile(network)
    state = State.start(program)
    state.basis[:] = where
    _, state, record = run(network, state=state)
    assert list(state.fallbacks) == [1, 1, 0]
    assert np.array_equal(plain.rows, record.rows)


def test_a_checkpoint_leaves_faults_and_memory_behind() -> None:
    """A copied state starts with clean working memory.

    If it shared the memory, the copy would overwrite the original's factors.
    """
    program = Program.compile(random_network(5, buses=6, n_steps=STEPS))
    state = State.start(program)
    kernel.inject(state, 4)
    assert state.copy().scratch == {}
    kernel.advance(program, state.copy(), Record.full(program), 0, program.step_s)
