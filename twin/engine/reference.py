"""The slow twin: every interval solved by HiGHS. It defines what the kernel must find."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from twin.engine.dispatch import DispatchError, InfeasibleStep, Record, State
from twin.network.program import Program

TIE = 1e-9
"""Share of the objective below which two ways to run an exclusive store cost the same."""


@dataclass(frozen=True)
class Interval:
    """The linear programme of one interval.

    Attributes
    ----------
    t0, t1 : int
        [s]
    value : ndarray, shape (n_entries,)
    lower, upper, cost : ndarray, shape (n_columns,)
        Cost is money and penalties.
    money, penalty, offered : ndarray, shape (n_flows,)
        Cost per unit in its two parts; upper limits before ramps.
    keep, gain : ndarray, shape (n_stores,)
        Level at the end is ``keep * level + gain * net change per hour``.
    """

    t0: int
    t1: int
    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    cost: np.ndarray
    money: np.ndarray
    penalty: np.ndarray
    offered: np.ndarray
    keep: np.ndarray
    gain: np.ndarray


@dataclass(frozen=True)
class Solution:
    """Rates of all columns, price of every row, value of the objective.

    `upper` are the limits it was found under: those of the interval, less what exclusive stores
    were barred from.
    """

    x: np.ndarray
    price: np.ndarray
    objective: float
    upper: np.ndarray


def interval(program: Program, state: State, t0: int, t1: int) -> Interval:
    """The programme of [t0, t1), which lies within one step, from a state.

    A ramp limits the change from the last interval; it yields where the limits themselves moved
    faster. A store's limits bar emptying below the minimum and filling above the capacity; what
    stands there already may stay, and standing loss may sink it.
    """
    pack, hours = program.pack, (t1 - t0) / 3600.0
    now = program.at(t0 // program.step_s)
    upper = np.minimum(now.upper * state.limit_multiplier, state.cap)
    lower = np.minimum(np.maximum(now.lower * state.limit_multiplier, state.floor), upper)
    offered = upper.copy()
    if not np.isnan(state.x).any():
        reach = pack["ramp"] * hours
        highest = np.maximum(state.x + reach, lower)
        lower = np.maximum(lower, np.minimum(state.x - reach, upper))
        upper = np.minimum(upper, highest)
    loss = pack["loss_rate"]
    keep = np.exp(-loss * hours)
    gain = np.where(loss > 0, -np.expm1(-loss * hours) / np.where(loss > 0, loss, 1.0), hours)
    rest = np.zeros(len(program.buses))
    empty = np.minimum((pack["minimum"] - state.levels * keep) / gain, 0.0)
    fill = np.maximum((state.capacity - state.levels * keep) / gain, 0.0)
    money = now.cost * state.cost_multiplier + state.cost_adder
    penalty = now.steer + state.steer_adder
    return Interval(
        t0,
        t1,
        now.value,
        np.concatenate((lower, rest, empty)),
        np.concatenate((upper, rest, fill)),
        np.concatenate((money + penalty, np.zeros(program.n_rows))),
        money,
        penalty,
        offered,
        keep,
        gain,
    )


class Highs:
    """One HiGHS model of a program, changed from interval to interval and started warm.

    Where optima tie, which of them is found decides whether an exclusive store seems to be filled
    and emptied at once. So with such stores an interval is solved twice, as the kernel does: with
    the nudges, that single out one optimum, and from there with the true numbers.
    """

    def __init__(self, program: Program, *, elastic: bool = False) -> None:
        self._program, self._elastic = program, elastic
        n, b = len(program.flows), len(program.buses)
        self._nudged = bool(program.pack["exclusive"].any()) and not elastic
        self._columns = np.arange(program.n_columns)
        if not self._nudged:
            # Buses balance by the limits of their rows.
            self._columns = np.delete(self._columns, np.arange(n, n + b))
        self._indices = np.arange(len(self._columns), dtype=np.int32)
        self._value = program.pack["value"].copy()
        # What varies is zero in the pattern, and HiGHS would drop it.
        self._value[program.pack["vary_value"]] = 1.0
        self._model = self._load()

    def _load(self) -> Any:
        program = self._program
        n, b, m = len(program.flows), len(program.buses), program.n_rows
        extra = self._columns[n:] - n
        lp = highspy.HighsLp()
        start = program.pack["start"][: n + 1]
        slack = 2 * b if self._elastic else 0
        lp.num_row_, lp.num_col_ = m, n + len(extra) + slack
        lp.col_cost_ = np.concatenate((np.zeros(n + len(extra)), np.ones(slack)))
        lp.col_lower_ = np.zeros(lp.num_col_)
        lp.col_upper_ = np.concatenate((np.zeros(n + len(extra)), np.full(slack, np.inf)))
        lp.row_lower_ = lp.row_upper_ = np.zeros(m)
        index, value = [program.pack["row"], extra], [self._value, np.full(len(extra), -1.0)]
        if self._elastic:
            index += [np.arange(b), np.arange(b)]
            value += [np.ones(b), -np.ones(b)]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.concatenate((start, start[-1] + 1 + np.arange(len(extra) + slack)))
        lp.a_matrix_.index_, lp.a_matrix_.value_ = np.concatenate(index), np.concatenate(value)
        # highspy.Highs greets on stdout before it can be told not to (HiGHS issue 1932); its base
        # class, which has all the methods used here, does not.
        model = highspy._Highs()  # type: ignore[attr-defined]
        model.setOptionValue("output_flag", False)
        model.setOptionValue("threads", 1)
        model.setOptionValue("solver", "simplex")
        model.setOptionValue("presolve", "off")
        model.setOptionValue("primal_feasibility_tolerance", 1e-10)
        model.setOptionValue("dual_feasibility_tolerance", 1e-10)
        model.passModel(lp)
        return model

    def solve(self, now: Interval, upper: np.ndarray | None = None) -> Solution | None:
        """Optimum of an interval, or None if it has none."""
        model, pick = self._model, self._columns
        k = len(self._indices)
        upper = now.upper if upper is None else upper
        pack = self._program.pack
        row, column = pack["row"], self._entry_columns()
        for e in np.flatnonzero(now.value != self._value):
            model.changeCoeff(int(row[e]), int(column[e]), float(now.value[e]))
        self._value = now.value.copy()
        if self._nudged:
            wide = now.lower - pack["nudge_lower"], upper + pack["nudge_upper"]
            model.changeColsBounds(k, self._indices, *wide)
            model.changeColsCost(k, self._indices, now.cost + pack["nudge_cost"])
            self._run()
        model.changeColsBounds(k, self._indices, now.lower[pick], upper[pick])
        if not self._elastic:
            model.changeColsCost(k, self._indices, now.cost[pick])
        status = self._run()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise DispatchError(now.t0, f"HiGHS says {model.modelStatusToString(status)}")
        found = model.getSolution()
        values = np.array(found.col_value)
        x = np.zeros(self._program.n_columns)
        x[pick] = np.clip(values[:k], now.lower[pick], upper[pick])
        if self._elastic:
            return Solution(values[k:], np.array(found.row_dual), float(values[k:].sum()), upper)
        return Solution(x, np.array(found.row_dual), float(now.cost @ x), upper)

    def _run(self) -> Any:
        self._model.run()
        status = self._model.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            # A stale basis may mislead; what is said from scratch counts.
            self._model.clearSolver()
            self._model.run()
            status = self._model.getModelStatus()
        return status

    def _entry_columns(self) -> np.ndarray:
        start = self._program.pack["start"]
        return np.repeat(np.arange(len(start) - 1), np.diff(start))

    def marginal(self, signal: np.ndarray) -> np.ndarray:
        """Rise of a quantity per unit more demand on each row, at the last optimum."""
        _, basic = self._model.getBasicVariables()
        whole = np.concatenate((signal, np.zeros(len(self._columns) - len(signal))))
        basic = np.asarray(basic)
        rhs = np.where(basic >= 0, whole[np.maximum(basic, 0)], 0.0)
        return np.asarray(self._model.getBasisTransposeSolve(rhs)[1])


def solve(program: Program, highs: Highs, now: Interval) -> Solution:
    """Optimum of an interval in which exclusive stores are never filled and emptied at once.

    In name order, a store that is both is solved with filling and with emptying barred, and the
    cheaper way is kept; filling is barred if they cost the same.

    Raises
    ------
    InfeasibleStep
        There is no such optimum.
    """
    best, upper, done = highs.solve(now), now.upper, set[int]()
    while best is not None:
        both = [s for s in _both_ways(program, now, best.x) if s not in done]
        if not both:
            return best
        done.add(both[0])
        held, emptied = (_barred(program, now, upper, both[0], sign) for sign in (1, -1))
        first, second = highs.solve(now, held), highs.solve(now, emptied)
        if first is None or (
            second is not None
            and second.objective < first.objective - TIE * max(1.0, abs(first.objective))
        ):
            upper, best = emptied, second
        else:
            # Solved again so that the basis of HiGHS belongs to what is returned.
            upper, best = held, highs.solve(now, held)
    raise infeasible(program, replace(now, upper=upper))


def certificate(program: Program, now: Interval, found: Solution) -> float:
    """Relative error of an optimum: the worst of balance, limits and duality gap.

    The prices alone bound the objective from below, so no second solver is needed.
    """
    pack, n = program.pack, len(program.flows)
    size = pack["size"]
    column = np.repeat(np.arange(n), np.diff(pack["start"]))
    terms = now.value * found.x[column]
    residual = np.bincount(pack["row"], terms, program.n_rows) - found.x[n:]
    scale = np.bincount(pack["row"], np.abs(terms), program.n_rows) + 1e-3 * size[n:]
    outside = np.maximum(now.lower - found.x, found.x - found.upper) / size
    reduced = now.cost.copy()
    reduced[n:] += found.price
    reduced[:n] -= np.bincount(column, now.value * found.price[pack["row"]], n)
    reduced[np.abs(reduced) <= 1e-9 * program.price_level] = 0.0
    gap = reduced * (found.x - np.where(reduced > 0, now.lower, found.upper))
    money = np.abs(now.cost * found.x).sum()
    worth = max(abs(found.objective), 1e-6 * money, 1e-6 * program.price_level)
    parts = (np.abs(residual) / scale, outside, [abs(gap.sum()) / worth])
    return max(float(np.max(part, initial=0.0)) for part in parts)


def _store_entries(program: Program, store: int) -> tuple[np.ndarray, np.ndarray]:
    pack, row = program.pack, len(program.buses) + store
    span = slice(pack["row_start"][row], pack["row_start"][row + 1])
    return pack["row_column"][span], pack["row_entry"][span]


def _both_ways(program: Program, now: Interval, x: np.ndarray) -> list[int]:
    found = []
    for s in np.flatnonzero(program.pack["exclusive"]):
        column, entry = _store_entries(program, int(s))
        change = now.value[entry] * x[column]
        least = min(change[change > 0].sum(), -change[change < 0].sum())
        if least > 1e-9 * program.pack["size"][len(program.flows) + len(program.buses) + s]:
            found.append(int(s))
    return found


def _barred(
    program: Program, now: Interval, upper: np.ndarray, store: int, sign: int
) -> np.ndarray:
    column, entry = _store_entries(program, store)
    barred = column[now.value[entry] * sign > 0]
    upper = upper.copy()
    upper[barred] = now.lower[barred]
    return upper


def infeasible(program: Program, now: Interval) -> InfeasibleStep | DispatchError:
    """The error that names what an interval has too much or too little of."""
    found = Highs(program, elastic=True).solve(now)
    b = len(program.buses)
    if found is None or found.objective <= 1e-9 * float(program.pack["size"].max()):
        return DispatchError(now.t0, "no solver finds an optimum, yet every bus can balance")
    size = program.pack["size"][len(program.flows) :]
    shortage, surplus = (
        {
            bus: float(v)
            for bus, v, s in zip(program.buses, part, size, strict=False)
            if v > 1e-9 * s
        }
        for part in (found.x[:b], found.x[b:])
    )
    return InfeasibleStep(now.t0, surplus, shortage)


def advance(program: Program, state: State, record: Record, t0: int, t1: int) -> None:
    """Run all steps of [t0, t1) with HiGHS.

    Raises
    ------
    InfeasibleStep
        A step has no solution.
    """
    highs = state.scratch.setdefault("reference", None) or Highs(program)
    state.scratch["reference"] = highs
    note = record.prepare(state, t0, t1)
    t = t0
    while t < t1:
        end = min((t // program.step_s + 1) * program.step_s, t1)
        now = interval(program, state, t, end)
        found = solve(program, highs, now)
        marginal = highs.marginal(program.signal_at(t // program.step_s)) if record.signal else None
        settle(program, state, record, now, found, marginal, note)
        t = end


def settle(
    program: Program,
    state: State,
    record: Record,
    now: Interval,
    found: Solution,
    marginal: np.ndarray | None,
    note: int,
) -> None:
    """Move the stores, remember the rates, write the record."""
    pack, n, b = program.pack, len(program.flows), len(program.buses)
    hours = (now.t1 - now.t0) / 3600.0
    before, x, net = state.levels.copy(), found.x[:n], found.x[n + b :]
    rest = before * now.keep
    level = rest + net * now.gain
    highest = np.maximum(state.capacity, rest)
    state.levels[:] = np.clip(level, np.minimum(pack["minimum"], rest), highest)
    state.x[:] = x
    state.t = now.t1
    totals = record.totals
    totals.amount[:] += x * hours
    totals.money[:] += now.money * x * hours
    totals.penalty[:] += now.penalty * x * hours
    totals.offered[:] += now.offered * hours
    step = now.t0 // program.step_s
    totals.through[:] += (
        program.series[step, pack["series_through"]] * x[pack["through_flow"]] * hours
    )
    totals.loss[:] += before + net * hours - state.levels
    if record.bin_s < 0:
        return
    parts: list[Any] = [
        x,
        before,
        state.levels,
        found.price[:b],
        [] if marginal is None else marginal[:b],
    ]
    line = np.concatenate(parts)
    if record.bin_s == 0:
        record.times[record.count] = now.t0, now.t1, note
        record.rows[record.count] = line
        record.count += 1
        return
    row = now.t0 // record.bin_s
    if row >= record.count:
        record.times[row] = now.t0, now.t1, 0
        record.rows[row] = 0.0
        record.count = row + 1
    record.times[row, 1] = now.t1
    mean = np.ones(len(line), bool)
    stores = len(program.stores)
    mean[n : n + 2 * stores] = False
    record.rows[row, mean] += line[mean] * hours
    if record.times[row, 0] == now.t0:
        record.rows[row, n : n + stores] = before
    record.rows[row, n + stores : n + 2 * stores] = state.levels
