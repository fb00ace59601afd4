"""Recording is a choice: everything, means of longer intervals, or totals; all three agree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.networks import random_network
from twin.engine.dispatch import DISPATCHERS, Record, State
from twin.network.program import Program

SEEDS = st.integers(0, 2**32 - 1)
DISPATCHER = st.sampled_from(["kernel", "kernel", "kernel", "reference"])
STEPS, BIN = 12, 3


def recorded(program: Program, record: Record, dispatcher: str, cuts: list[int]) -> Record:
    """Fill a record, with the run cut at some instants."""
    state = State.start(program)
    end = program.n_steps * program.step_s
    edges = [0, *sorted(set(cuts) - {0, end}), end]
    for t0, t1 in zip(edges[:-1], edges[1:], strict=True):
        DISPATCHERS[dispatcher]()(program, state, record, t0, t1)
    return record


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(1, 6), DISPATCHER, st.lists(st.integers(1, STEPS * 900 - 1), max_size=4))
def test_full_coarse_and_sums_agree(
    seed: int, buses: int, dispatcher: str, cuts: list[int]
) -> None:
    """Totals are the same bits; coarse means are the time-weighted means of what is full.

    A bin that counted intervals instead of hours would weigh the pieces of a cut step too much.
    """
    network = random_network(seed, buses=buses, n_steps=STEPS, step_s=900)
    rng = np.random.default_rng(seed)
    program = Program.compile(network, {f: rng.uniform() for f in network.flows})
    full = recorded(program, Record.full(program), dispatcher, cuts)
    coarse = recorded(program, Record.coarse(program, BIN * 900), dispatcher, cuts)
    sums = recorded(program, Record.sums(program), dispatcher, cuts)
    assert np.array_equal(full.summed, coarse.summed)
    assert np.array_equal(full.summed, sums.summed)
    assert sums.count == 0

    hours = (full.t1 - full.t0) / 3600.0
    assert coarse.count == STEPS // BIN
    bins = full.t0 // (BIN * 900)
    last = [np.flatnonzero(bins == k)[-1] for k in range(coarse.count)]
    first = [np.flatnonzero(bins == k)[0] for k in range(coarse.count)]
    for name in ("flows", "prices", "marginal"):
        rates = getattr(full, name)
        means = [np.average(rates[bins == k], axis=0, weights=hours[bins == k]) for k in set(bins)]
        np.testing.assert_allclose(getattr(coarse, name), means, rtol=1e-9, atol=1e-9)
    assert np.array_equal(coarse.levels, full.levels[last])
    assert np.array_equal(coarse.levels_before, full.levels_before[first])
    assert np.array_equal(coarse.t0, full.t0[first])
    assert np.array_equal(coarse.t1, full.t1[last])


@settings(max_examples=40, deadline=None)
@given(SEEDS, DISPATCHER)
def test_totals_are_the_integrals_of_the_series(seed: int, dispatcher: str) -> None:
    """Amounts, money, penalties, offers and losses summed from the series give the totals.

    A total that missed a modifier or a cut step would differ by that step's share.
    """
    program = Program.compile(random_network(seed, buses=4, n_steps=STEPS, step_s=900))
    full = recorded(program, Record.full(program), dispatcher, [500, 4000])
    hours = (full.t1 - full.t0) / 3600.0
    step = full.t0 // 900
    cost = np.array([program.at(k).cost for k in step])
    steer = np.array([program.at(k).steer for k in step])
    totals = full.totals
    close = {"rtol": 1e-9, "atol": 1e-7}
    np.testing.assert_allclose(totals.amount, full.flows.T @ hours, **close)
    np.testing.assert_allclose(totals.money, (cost * full.flows).T @ hours, **close)
    np.testing.assert_allclose(totals.penalty, (steer * full.flows).T @ hours, **close)
    np.testing.assert_allclose(totals.offered, full.offered().T @ hours, **close)
    value = np.array([program.at(k).value for k in step])
    row, start = program.pack["row"], program.pack["start"]
    column = np.repeat(np.arange(len(program.flows)), np.diff(start))
    net = np.zeros(len(program.stores))
    for k in np.flatnonzero(row >= len(program.buses)):
        net[row[k] - len(program.buses)] += (value[:, k] * full.flows[:, column[k]]) @ hours
    drop = full.levels_before[0] - full.levels[-1]
    np.testing.assert_allclose(totals.loss, drop + net, **close)


def test_each_choice_states_its_memory() -> None:
    """A year of quarter hours on 100 columns is 35 041 rows; its monthly means 13; totals none.

    Bytes that were not counted would let a sweep of a thousand runs fill the machine unseen.
    """
    program = Program.compile(random_network(3, buses=5, n_steps=35_040, step_s=900))
    n, m, b = len(program.flows), len(program.stores), len(program.buses)
    row = 8 * (n + 2 * m + b)
    full, coarse, sums = (
        Record.full(program),
        Record.coarse(program, 30 * 86_400),
        Record.sums(program),
    )
    totals = 8 * (4 * n + m + len(program.through))
    assert full.memory == 35_041 * (row + 24) + totals
    assert coarse.memory == 13 * (row + 24) + totals
    assert sums.memory == totals


def test_a_full_record_grows_where_events_cut_more_than_expected() -> None:
    """Ten cuts in one step need ten rows; the record makes room and loses none.

    A fixed table would be written beyond its end by compiled code, unseen.
    """
    program = Program.compile(random_network(3, buses=3, n_steps=1))
    record = recorded(program, Record.full(program), "kernel", list(range(300, 3600, 300)))
    assert record.count == 12
    assert list(record.t1) == list(range(300, 3601, 300))
    held = record.times.nbytes + record.rows.nbytes + record.summed.nbytes
    assert record.memory == held + record.patches.nbytes


def test_a_bin_must_hold_whole_steps() -> None:
    """Means over 20 min of 15 min steps are refused; they would share a step between bins."""
    program = Program.compile(random_network(3, buses=3, n_steps=4, step_s=900))
    with pytest.raises(ValueError, match="cannot record every 1200 s: steps last 900 s"):
        Record.coarse(program, 1200)


@pytest.mark.parametrize("choice", ["full", "sums", 1800])
def test_a_run_beyond_its_series_or_record_is_refused(choice: str | int) -> None:
    """An hour of series, or an hour of means, ends there; compiled code would read on.

    Unchecked, the second hour would run on whatever lies behind the series in memory.
    """
    program = Program.compile(random_network(3, buses=3, n_steps=4, step_s=900))
    record = Record.of(program, 3600, choice)
    with pytest.raises(ValueError, match="cannot run from 0 s to 3601 s: .* end at 3600 s"):
        DISPATCHERS["kernel"]()(program, State.start(program), record, 0, 3601)


def test_an_unknown_choice_is_refused() -> None:
    """A misspelt choice would else fall back to something, and a sweep fill the memory."""
    program = Program.compile(random_network(3, buses=3))
    with pytest.raises(ValueError, match="cannot record 'totals'; choose 'full', 'sums'"):
        Record.of(program, 3600, "totals")
