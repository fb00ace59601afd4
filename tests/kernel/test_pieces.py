"""The compiled pieces against numpy: dense, slow, obvious."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.networks import random_network, run
from twin.engine import compiled, reference
from twin.engine.compiled import Factor, Given, Held, Matrix, Now
from twin.engine.dispatch import AT_LOWER, AT_UPPER, BASIC, State
from twin.engine.kernel import Work
from twin.network.program import Program

SEEDS = st.integers(0, 2**32 - 1)


def grouped(group: Any, work: Work, state: State) -> Any:
    """The arrays of one group, as `compiled.advance` cuts them out of the flat ones."""
    names = list(group._fields)
    k = sum(len(g._fields) for g in compiled.GROUPS[: compiled.GROUPS.index(group)])
    spans = [slice(*span) for span in work.arrays[0][k : k + len(names)]]
    if group in (Given, Held):
        pack = {Given: state.program.pack, Held: state.pack}[group]
        return group(*(pack[name] for name in names))
    signed = ("flags", "where", "left_in_column", "left_in_row", "barred")
    flat = {name: work.own.ints if name in signed else work.places for name in names}
    flat |= {name: work.own.floats for name in names if name not in work.own._names_of_ints}
    return group(*(flat[name][span] for name, span in zip(names, spans, strict=True)))


class Pieces:
    """A program's arrays as the compiled functions take them, and its matrix as numpy sees it."""

    def __init__(self, program: Program, seed: int) -> None:
        self.program, self.state = program, State.start(program)
        work = Work(program, self.state)
        groups = {g: grouped(g, work, self.state) for g in (Given, Held, Matrix, Factor, Now)}
        self.given, self.held, self.matrix, self.factor, self.now = groups.values()
        rng = np.random.default_rng(seed)
        entries = len(program.pack["row"])
        varied = program.at(0).value
        self.matrix.value[:entries] = varied
        self.matrix.row_value[self.matrix.row_place] = self.matrix.value
        m, n = program.n_rows, program.n_columns
        self.dense = np.zeros((m, n))
        column = np.repeat(np.arange(len(program.flows)), np.diff(program.pack["start"]))
        self.dense[program.pack["row"], column] = varied
        self.dense[np.arange(m), len(program.flows) + np.arange(m)] = -1.0
        self.held.basis[:] = rng.choice([AT_LOWER, AT_UPPER], n)
        self.held.basis[rng.choice(n, m, replace=False)] = BASIC
        self.rng = rng

    def factorise(self) -> np.ndarray:
        """Factorise, mending the random basis; its columns in numpy."""
        assert compiled._factorise(self.held.basis, self.matrix, self.factor)
        return self.dense[:, self.factor.head]


def pieces(seed: int, buses: int) -> Pieces:
    """Of a random network."""
    return Pieces(Program.compile(random_network(seed, buses=buses, n_steps=1)), seed)


def close(a: Any, b: Any, basis: np.ndarray) -> None:
    """Equal to rounding, which grows with the condition of the basis."""
    scale = max(float(np.abs(b).max()), 1e-300)
    assert np.abs(a - b).max() <= 1e-13 * np.linalg.cond(basis) * scale + 1e-13


@settings(max_examples=80, deadline=None)
@given(SEEDS, st.integers(1, 25))
def test_factors_solve_what_numpy_solves(seed: int, buses: int) -> None:
    """Both directions, on random bases whose dependent columns were replaced.

    A singleton taken off in the wrong order, or a nucleus row that lost its pivot, gives rates
    that do not balance.
    """
    it = pieces(seed, buses)
    basis = it.factorise()
    m = len(basis)
    assert np.linalg.matrix_rank(basis) == m
    rhs, out = it.rng.normal(size=m), np.zeros(m)
    compiled._forward(it.matrix, it.factor, rhs.copy(), out)
    close(out, np.linalg.solve(basis, rhs), basis)
    compiled._prices_for(it.matrix, it.factor, rhs.copy(), out)
    close(out, np.linalg.solve(basis.T, rhs), basis)
    compiled._row_of_inverse(it.matrix, it.factor, rhs.copy(), out)
    close(out, np.linalg.solve(basis.T, rhs), basis)


@settings(max_examples=80, deadline=None)
@given(SEEDS, st.integers(1, 25))
def test_etas_follow_an_exchange_of_columns(seed: int, buses: int) -> None:
    """After columns were exchanged, the factors and their etas solve with the new basis.

    An eta applied in the wrong order, or to the wrong position, solves with the old one.
    """
    it = pieces(seed, buses)
    it.factorise()
    factor, m = it.factor, it.program.n_rows
    spike = np.zeros(m)
    for _ in range(5):
        entering = int(it.rng.choice(np.flatnonzero(it.held.basis != BASIC)))
        compiled._forward(it.matrix, factor, it.dense[:, entering].copy(), spike)
        p = int(np.abs(spike).argmax())
        if abs(spike[p]) < 1e-3:
            continue
        t, e = (
            int(factor.flags[compiled.N_ETA]),
            int(factor.eta_start[factor.flags[compiled.N_ETA]]),
        )
        others = np.flatnonzero((spike != 0) & (np.arange(m) != p))
        factor.eta_position[t], factor.eta_value[e] = p, spike[p]
        factor.eta_index[e + 1 : e + 1 + len(others)] = others
        factor.eta_value[e + 1 : e + 1 + len(others)] = spike[others]
        factor.eta_start[t + 1] = e + 1 + len(others)
        factor.flags[compiled.N_ETA] = t + 1
        it.held.basis[[factor.head[p], entering]] = AT_LOWER, BASIC
        factor.head[p] = entering
    basis = it.dense[:, factor.head]
    rhs, out = it.rng.normal(size=m), np.zeros(m)
    compiled._forward(it.matrix, factor, rhs.copy(), out)
    loose = np.abs(basis @ out - rhs).max()
    assert loose <= 1e-11 * np.linalg.cond(basis)
    compiled._row_of_inverse(it.matrix, factor, rhs.copy(), out)
    assert np.abs(basis.T @ out - rhs).max() <= 1e-11 * np.linalg.cond(basis)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(1, 12))
def test_limits_and_costs_are_those_of_the_reference(seed: int, buses: int) -> None:
    """Bounds and costs of an interval, compiled and in numpy, are the same bits.

    This holds the definition of a step in one place: a ramp or a store's room read otherwise
    would make both dispatchers optimal for different programmes.
    """
    program, state, _ = run(random_network(seed, buses=buses))
    work = state.scratch["kernel"]
    rng = np.random.default_rng(seed)
    n = len(program.flows)
    state.limit_multiplier[:] = rng.choice([1.0, 0.5, 0.0], n)
    state.cap[:] = rng.choice([np.inf, 3.0], n)
    state.floor[:] = rng.choice([0.0, 1.0], n)
    state.cost_multiplier[:], state.cost_adder[:] = 1.5, 0.25
    now = reference.interval(program, state, 0, 1234)
    groups = [grouped(g, work, state) for g in (Given, Held, Now, compiled.Step)]
    for kind in ("lower", "upper", "cost", "steer"):
        work.own[f"base_{kind}"][:] = getattr(program.at(0), kind)
    given, held, compiled_now, step = groups
    compiled._set_limits(given, held, compiled_now, step, len(program.buses), 1234 / 3600.0)
    assert np.array_equal(compiled_now.lower[:n], now.lower[:n])
    assert np.array_equal(compiled_now.upper[:n], now.upper[:n])
    assert np.array_equal(compiled_now.cost, now.cost)
    np.testing.assert_allclose(compiled_now.lower[n:], now.lower[n:], rtol=1e-14)
    np.testing.assert_allclose(compiled_now.upper[n:], now.upper[n:], rtol=1e-14)


@pytest.mark.parametrize("fault", ["none", "balance", "limit", "price", "optimum"])
def test_the_certificate_sees_each_kind_of_fault(fault: str) -> None:
    """A rate that does not balance, one beyond its limit, a wrong price, a dearer solution.

    Each alone is refused; a certificate that lacked one of its three parts would pass it.
    """
    it = pieces(11, 6)
    program, now = it.program, it.now
    start = State.start(program)
    interval = reference.interval(program, start, 0, 3600)
    found = reference.solve(program, reference.Highs(program), interval)
    now.lower[:], now.upper[:], now.cost[:] = interval.lower, interval.upper, interval.cost
    now.x[:], now.price[:] = found.x, found.price
    n = len(program.flows)
    busy = int(np.argmax(np.where(found.x[:n] > 0.1, interval.cost[:n], 0.0)))
    if fault == "balance":
        now.x[busy] *= 1.001
    if fault == "limit":
        now.upper[busy] = 0.5 * now.x[busy]
    if fault == "price":
        now.price[:] *= 1.001
    if fault == "optimum":
        # Feasible and dearer: what HiGHS finds when it is paid to lose.
        worse = reference.Interval(**{**vars(interval), "cost": -interval.cost})
        now.x[:] = reference.solve(program, reference.Highs(program), worse).x
    now.d[:n] = now.cost[:n] - it.dense[:, :n].T @ now.price
    now.d[n:] = now.cost[n:] + now.price
    good = compiled._certify(it.given, it.matrix, now, program.price_level)
    assert good == (fault == "none")
