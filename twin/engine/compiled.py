"""The simplex and the steps around it, compiled: `kernel.advance` without Python.

Each interval is a linear programme that differs little from the last. A bounded dual simplex goes
on from the last basis: every column is boxed, so moving a column to its other bound regains dual
feasibility at any time, and a pivot that would pass several bounds flips them all at once (the
long-step rule, Maros, Computational Techniques of the Simplex Method, 2003, ch. 10).

An interval is solved twice. First with bounds widened and costs raised by tiny amounts that
belong to the names: this programme has one optimal basis, whatever the history. Then with the true
numbers from that basis, where mostly nothing is left to do. What is reported depends on that last
basis as a set only, because it is factorised afresh in the order of the columns.

The basis is triangular but for a small nucleus: columns with one entry left are taken off, then
rows with one entry left, and the rest is a dense LU. Pivots append product-form etas.

One long file on purpose: numba's cache does not see a change in a callee of another file, and
LLVM joins everything into one function, without which small parks spend two thirds on calls.
"""

# Compiled functions are typed by numba at their first call, and `_nrt` is not in its stubs.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="call-overload"

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

AT_LOWER, AT_UPPER, BASIC = 0, 1, 2
DONE, FULL, INFEASIBLE, STUCK = 0, 1, 2, 3
ETAS = 100
"""Pivots between factorisations."""
FEASIBLE = 1e-11
"""Violation of a bound that is none, as a share of the column's size."""
OPTIMAL = 1e-11
"""Reduced cost that is none, as a share of the price level."""
CERTIFIED = 1e-9
TIE = 1e-9
SMALL_PIVOT = 1e-7
SINGULAR = 1e-11
NOTHING = 1e-300
"""Stands for an exact zero where zero means never met."""
N_ETA, N_COLUMN_SINGLETONS, N_SINGLETONS, FACTORED, FAULTS = 0, 1, 2, 3, 4


class Given(NamedTuple):
    """From the program; never written."""

    vary_value: np.ndarray
    series_value: np.ndarray
    vary_lower: np.ndarray
    series_lower: np.ndarray
    vary_upper: np.ndarray
    series_upper: np.ndarray
    vary_cost: np.ndarray
    series_cost: np.ndarray
    vary_steer: np.ndarray
    series_steer: np.ndarray
    vary_signal: np.ndarray
    series_signal: np.ndarray
    through_flow: np.ndarray
    series_through: np.ndarray
    exclusive: np.ndarray
    ramped: np.ndarray
    ramp: np.ndarray
    minimum: np.ndarray
    loss_rate: np.ndarray
    size: np.ndarray
    nudge_lower: np.ndarray
    nudge_upper: np.ndarray
    nudge_cost: np.ndarray


class Held(NamedTuple):
    """From the state; what passes from one interval to the next."""

    basis: np.ndarray
    fallbacks: np.ndarray
    levels: np.ndarray
    x: np.ndarray
    modifiers: np.ndarray


class Matrix(NamedTuple):
    """[A | -I] by columns, and its pattern by rows."""

    start: np.ndarray
    row: np.ndarray
    row_start: np.ndarray
    row_column: np.ndarray
    row_place: np.ndarray
    value: np.ndarray
    row_value: np.ndarray


class Factor(NamedTuple):
    """The basis: pivots in order, a dense LU of the nucleus, etas since."""

    flags: np.ndarray
    head: np.ndarray
    where: np.ndarray
    column: np.ndarray
    position: np.ndarray
    pivot_row: np.ndarray
    left_in_column: np.ndarray
    rows_of_column: np.ndarray
    left_in_row: np.ndarray
    positions_of_row: np.ndarray
    stack: np.ndarray
    local: np.ndarray
    eta_start: np.ndarray
    eta_position: np.ndarray
    eta_index: np.ndarray
    pivot: np.ndarray
    lu: np.ndarray
    dense: np.ndarray
    eta_value: np.ndarray


class Now(NamedTuple):
    """The interval at hand: its programme, and the optimum as far as it is known."""

    touched: np.ndarray
    met: np.ndarray
    way: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    cost: np.ndarray
    wide_lower: np.ndarray
    wide_upper: np.ndarray
    raised_cost: np.ndarray
    x: np.ndarray
    d: np.ndarray
    price: np.ndarray
    rhs: np.ndarray
    solved: np.ndarray
    rho: np.ndarray
    alpha: np.ndarray
    ratio: np.ndarray
    excess: np.ndarray


class Step(NamedTuple):
    """What the step and the actors say about each flow and store."""

    barred: np.ndarray
    base_lower: np.ndarray
    base_upper: np.ndarray
    base_cost: np.ndarray
    base_steer: np.ndarray
    signal: np.ndarray
    money: np.ndarray
    penalty: np.ndarray
    offered: np.ndarray
    free_upper: np.ndarray
    keep: np.ndarray
    gain: np.ndarray
    hours: np.ndarray


GROUPS = (Given, Held, Matrix, Factor, Now, Step)
HELD = len(Given._fields)
MATRIX = HELD + len(Held._fields)
FACTOR = MATRIX + len(Matrix._fields)
NOW = FACTOR + len(Factor._fields)
STEP = NOW + len(Now._fields)


# Without reference counts: nothing compiled here allocates, and counting the views that functions
# hand each other took a third of the time.
_jit = njit(cache=True, nogil=True, error_model="numpy", _nrt=False)
# Joined into the caller: handing the groups over, array by array, took longer than the work.
_joined = njit(cache=True, nogil=True, error_model="numpy", _nrt=False, forceinline=True)


@_jit
def advance(
    table, levels, given_ints, given_floats, series, held_ints, held_floats, ints, places, floats,
    times, rows, sums, count, note, bin_s, t, t1,
):  # fmt: skip
    """Run intervals until t1 or until one resists; return where that is, and the record's count."""
    f, g, h = table, given_ints, given_floats
    given = Given(
        _part(f, 0, g), _part(f, 1, g), _part(f, 2, g), _part(f, 3, g), _part(f, 4, g),
        _part(f, 5, g), _part(f, 6, g), _part(f, 7, g), _part(f, 8, g), _part(f, 9, g),
        _part(f, 10, g), _part(f, 11, g), _part(f, 12, g), _part(f, 13, g), _part(f, 14, g),
        _part(f, 15, g), _part(f, 16, h), _part(f, 17, h), _part(f, 18, h), _part(f, 19, h),
        _part(f, 20, h), _part(f, 21, h), _part(f, 22, h),
    )  # fmt: skip
    g, h, k = held_ints, held_floats, HELD
    held = Held(
        _part(f, k, g), _part(f, k + 1, g), _part(f, k + 2, h), _part(f, k + 3, h),
        _part(f, k + 4, h),
    )  # fmt: skip
    g, u, h, k = ints, places, floats, MATRIX
    a = Matrix(
        _part(f, k, u), _part(f, k + 1, u), _part(f, k + 2, u),
        _part(f, k + 3, u), _part(f, k + 4, u), _part(f, k + 5, h),
        _part(f, k + 6, h),
    )  # fmt: skip
    k = FACTOR
    factor = Factor(
        _part(f, k, g), _part(f, k + 1, u), _part(f, k + 2, g), _part(f, k + 3, u),
        _part(f, k + 4, u), _part(f, k + 5, u), _part(f, k + 6, g), _part(f, k + 7, u),
        _part(f, k + 8, g), _part(f, k + 9, u), _part(f, k + 10, u), _part(f, k + 11, u),
        _part(f, k + 12, u), _part(f, k + 13, u), _part(f, k + 14, u), _part(f, k + 15, h),
        _part(f, k + 16, h), _part(f, k + 17, h), _part(f, k + 18, h),
    )  # fmt: skip
    k = NOW
    now = Now(
        _part(f, k, u), _part(f, k + 1, u), _part(f, k + 2, h), _part(f, k + 3, h),
        _part(f, k + 4, h), _part(f, k + 5, h), _part(f, k + 6, h), _part(f, k + 7, h),
        _part(f, k + 8, h), _part(f, k + 9, h), _part(f, k + 10, h), _part(f, k + 11, h),
        _part(f, k + 12, h), _part(f, k + 13, h), _part(f, k + 14, h), _part(f, k + 15, h),
        _part(f, k + 16, h), _part(f, k + 17, h),
    )  # fmt: skip
    k = STEP
    step = Step(
        _part(f, k, g), _part(f, k + 1, h), _part(f, k + 2, h), _part(f, k + 3, h),
        _part(f, k + 4, h), _part(f, k + 5, h), _part(f, k + 6, h), _part(f, k + 7, h),
        _part(f, k + 8, h), _part(f, k + 9, h), _part(f, k + 10, h), _part(f, k + 11, h),
        _part(f, k + 12, h),
    )  # fmt: skip
    n_buses, step_s = f[-2, 1], f[-1, 0]
    last = -1
    while t < t1:
        k = t // step_s
        end = min((k + 1) * step_s, t1)
        if k != last:
            _read_step(given, a, factor, step, series[k])
            last = k
        _set_limits(given, held, now, step, n_buses, (end - t) / 3600.0)
        # A store that may not be filled and emptied at once is solved with filling barred, with
        # emptying barred, and once more with filling barred if that was no dearer.
        store = -1
        turn = 0
        first = math.inf
        while True:
            done = _solve_certified(given, held, a, factor, now, levels[0])
            if turn == 1:
                first = _objective(now) if done else math.inf
                step.barred[store] = -1
                turn = 2
            elif (
                turn == 2
                and first < math.inf
                and not (done and _objective(now) < first - TIE * max(1.0, abs(first)))
            ):
                step.barred[store] = 1
                turn = 0
            else:
                if not done:
                    return t, count
                store = _both_ways(given, a, now, step, n_buses)
                if store < 0:
                    break
                step.barred[store] = 1
                turn = 1
            _bar(given, a, now, step, n_buses)
        count = _settle(
            given, held, a, factor, now, step, series[k], n_buses, times, rows, sums, count, note,
            bin_s, t, end,
        )  # fmt: skip
        t = end
    return t, count


@njit(inline="always")
def _part(table, k, flat):
    return flat[table[k, 0] : table[k, 1]]


@_jit
def _read_step(given, a, factor, step, line):
    """Let what varies take its value of the step."""
    for k in range(len(given.vary_value)):
        e = given.vary_value[k]
        v = line[given.series_value[k]]
        if a.value[e] != v:
            a.value[e] = v
            a.row_value[a.row_place[e]] = v
            factor.flags[FACTORED] = 0
    for k in range(len(given.vary_lower)):
        step.base_lower[given.vary_lower[k]] = line[given.series_lower[k]]
    for k in range(len(given.vary_upper)):
        step.base_upper[given.vary_upper[k]] = line[given.series_upper[k]]
    for k in range(len(given.vary_cost)):
        step.base_cost[given.vary_cost[k]] = line[given.series_cost[k]]
    for k in range(len(given.vary_steer)):
        step.base_steer[given.vary_steer[k]] = line[given.series_steer[k]]
    for k in range(len(given.vary_signal)):
        step.signal[given.vary_signal[k]] = line[given.series_signal[k]]


@_joined
def _set_limits(given, held, now, step, n_buses, hours):
    """Bounds and costs of the interval, as `reference.interval` defines them."""
    n = len(held.x)
    limit, cap, floor = held.modifiers[:n], held.modifiers[n : 2 * n], held.modifiers[2 * n : 3 * n]
    factor, adder, steer = (
        held.modifiers[3 * n : 4 * n],
        held.modifiers[4 * n : 5 * n],
        held.modifiers[5 * n : 6 * n],
    )
    first = n > 0 and math.isnan(held.x[0])
    lower, upper = now.lower, now.upper
    step.barred[:] = 0
    for j in range(n):
        u = min(step.base_upper[j] * limit[j], cap[j])
        step.offered[j] = u
        upper[j] = u
        lower[j] = min(max(step.base_lower[j] * limit[j], floor[j]), u)
        step.money[j] = step.base_cost[j] * factor[j] + adder[j]
        step.penalty[j] = step.base_steer[j] + steer[j]
        now.cost[j] = step.money[j] + step.penalty[j]
    if not first:
        for k in range(len(given.ramped)):
            j = given.ramped[k]
            reach = given.ramp[j] * hours
            low, u = lower[j], upper[j]
            lower[j] = max(low, min(held.x[j] - reach, u))
            upper[j] = min(u, max(held.x[j] + reach, low))
    for j in range(n):
        step.free_upper[j] = upper[j]
    if step.hours[0] != hours:
        step.hours[0] = hours
        for s in range(len(step.keep)):
            rate = given.loss_rate[s]
            step.keep[s] = math.exp(-rate * hours)
            step.gain[s] = -math.expm1(-rate * hours) / rate if rate > 0 else hours
    for s in range(len(step.keep)):
        j = n + n_buses + s
        rest = held.levels[s] * step.keep[s]
        lower[j] = min((given.minimum[s] - rest) / step.gain[s], 0.0)
        upper[j] = max((held.modifiers[6 * n + s] - rest) / step.gain[s], 0.0)
    for j in range(len(now.lower)):
        now.wide_lower[j] = now.lower[j] - given.nudge_lower[j]
        now.wide_upper[j] = now.upper[j] + given.nudge_upper[j]
        now.raised_cost[j] = now.cost[j] + given.nudge_cost[j]


@_jit
def _both_ways(given, a, now, step, n_buses):
    """First exclusive store that is filled and emptied and not yet barred, or -1."""
    n = len(step.money)
    for s in range(len(given.exclusive)):
        if given.exclusive[s] == 0 or step.barred[s] != 0:
            continue
        i = n_buses + s
        fill = 0.0
        empty = 0.0
        for k in range(a.row_start[i], a.row_start[i + 1]):
            j = a.row_column[k]
            if j < n:
                change = a.row_value[k] * now.x[j]
                fill += max(change, 0.0)
                empty -= min(change, 0.0)
        if min(fill, empty) > 1e-9 * given.size[n + i]:
            return s
    return -1


@_jit
def _bar(given, a, now, step, n_buses):
    """Limits of the flows with what is barred: filling (1) or emptying (-1) of some stores."""
    n = len(step.money)
    for j in range(n):
        now.upper[j] = step.free_upper[j]
    for s in range(len(step.barred)):
        if step.barred[s] != 0:
            for k in range(a.row_start[n_buses + s], a.row_start[n_buses + s + 1]):
                j = a.row_column[k]
                if j < n and a.row_value[k] * step.barred[s] > 0:
                    now.upper[j] = now.lower[j]
    for j in range(n):
        now.wide_upper[j] = now.upper[j] + given.nudge_upper[j]


@_jit
def _objective(now):
    total = 0.0
    for j in range(len(now.x)):
        total += now.cost[j] * now.x[j]
    return total


@_joined
def _solve_certified(given, held, a, factor, now, price_level):
    """Whether an optimum is found and proved: warm, freshly factorised, or from a cold start.

    The nudged programme is solved first, then the true one from there.
    """
    for attempt in range(3):
        if attempt > 0:
            held.fallbacks[attempt - 1] += 1
            factor.flags[FACTORED] = 0
        if attempt > 1:
            _cold(held)
        nudged = True
        for _ in range(40 + len(factor.head) // 2):
            if (factor.flags[FACTORED] == 0 or factor.flags[N_ETA] > 0) and not _factorise(
                held.basis, a, factor
            ):
                break
            lower = now.wide_lower if nudged else now.lower
            upper = now.wide_upper if nudged else now.upper
            _price(a, factor, now, now.raised_cost if nudged else now.cost)
            _place(held, a, factor, now, lower, upper, 0.0 if nudged else OPTIMAL * price_level)
            code = _pivot(given, held, a, factor, now, lower, upper)
            if code == DONE and not nudged and factor.flags[N_ETA] == 0:
                if attempt < factor.flags[FAULTS]:
                    _spoil(now)
                if _certify(given, a, now, price_level):
                    return True
                break
            if code == DONE:
                nudged = False
            elif code != FULL:
                break
    _cold(held)
    factor.flags[FACTORED] = 0
    return False


@_jit
def _spoil(now):
    for j in range(len(now.x)):
        now.x[j] *= 1.001


@_jit
def _cold(held):
    n = len(held.x)
    for j in range(len(held.basis)):
        held.basis[j] = BASIC if j >= n else AT_LOWER


@_joined
def _factorise(basis, a, factor):
    """Factorise the basis in the order of its columns; a singular one is mended first.

    A coefficient that vanishes may leave columns dependent. They make way for the columns of the
    rows that have no pivot. False only if the basis has not one column a row.
    """
    head, where, column, flags = factor.head, factor.where, factor.column, factor.flags
    position, pivot_row = factor.position, factor.pivot_row
    m = len(head)
    n = len(basis) - m
    flags[FACTORED] = 0
    flags[N_ETA] = 0
    pivots = -1
    while pivots < m:
        if pivots >= 0:
            for k in range(pivots, m):
                basis[head[position[k]]] = AT_LOWER
            for k in range(pivots, m):
                basis[n + pivot_row[k]] = BASIC
        p = 0
        for j in range(len(basis)):
            where[j] = -1
            if basis[j] == BASIC:
                if p == m:
                    return False
                head[p] = j
                column[p] = j
                where[j] = p
                p += 1
        if p < m:
            return False
        _peel(a, factor)
        pivots = _factorise_nucleus(a, factor)
    flags[FACTORED] = 1
    return True


@_joined
def _peel(a, factor):
    """Take off column singletons, then row singletons; what is left is the nucleus."""
    head, where, position, pivot_row = factor.head, factor.where, factor.position, factor.pivot_row
    in_column, rows_of = factor.left_in_column, factor.rows_of_column
    in_row, positions_of = factor.left_in_row, factor.positions_of_row
    stack, local, pivot = factor.stack, factor.local, factor.pivot
    start, row, value = a.start, a.row, a.value
    row_start, row_column, row_value = a.row_start, a.row_column, a.row_value
    m = len(head)
    # A count of -1 marks what has left. The sum of the members left is the member itself once only
    # one is left, so no lists are kept.
    for p in range(m):
        in_column[p] = 0
        rows_of[p] = 0
        in_row[p] = 0
        positions_of[p] = 0
    for p in range(m):
        j = head[p]
        for k in range(start[j], start[j + 1]):
            if value[k] != 0.0:
                i = row[k]
                in_column[p] += 1
                rows_of[p] += i
                in_row[i] += 1
                positions_of[i] += p
    done = 0
    top = 0
    for p in range(m):
        if in_column[p] == 1:
            stack[top] = p
            top += 1
    while top > 0:
        top -= 1
        p = stack[top]
        if in_column[p] != 1:
            continue
        i = rows_of[p]
        position[done] = p
        pivot_row[done] = i
        done += 1
        in_column[p] = -1
        in_row[i] = -1
        for k in range(row_start[i], row_start[i + 1]):
            q = where[row_column[k]]
            if q >= 0 and in_column[q] > 0 and row_value[k] != 0.0:
                in_column[q] -= 1
                rows_of[q] -= i
                if in_column[q] == 1:
                    stack[top] = q
                    top += 1
    factor.flags[N_COLUMN_SINGLETONS] = done
    for i in range(m):
        if in_row[i] == 1:
            stack[top] = i
            top += 1
    while top > 0:
        top -= 1
        i = stack[top]
        if in_row[i] != 1:
            continue
        p = positions_of[i]
        position[done] = p
        pivot_row[done] = i
        done += 1
        in_column[p] = -1
        in_row[i] = -1
        j = head[p]
        for k in range(start[j], start[j + 1]):
            r = row[k]
            if in_row[r] > 0 and value[k] != 0.0:
                in_row[r] -= 1
                positions_of[r] -= p
                if in_row[r] == 1:
                    stack[top] = r
                    top += 1
    factor.flags[N_SINGLETONS] = done
    for k in range(done):
        j = head[position[k]]
        for e in range(start[j], start[j + 1]):
            if row[e] == pivot_row[k]:
                pivot[k] = value[e]
    rows = done
    columns = done
    for i in range(m):
        if in_row[i] >= 0:
            pivot_row[rows] = i
            local[i] = rows - done
            rows += 1
        if in_column[i] >= 0:
            position[columns] = i
            columns += 1


@_jit
def _factorise_nucleus(a, factor):
    """Dense LU with scaled partial pivoting, rows put in pivot order; how many rows have one."""
    lu, scale, local, rows = factor.lu, factor.dense, factor.local, factor.pivot_row
    head, position, in_row = factor.head, factor.position, factor.left_in_row
    start, row, value = a.start, a.row, a.value
    first = factor.flags[N_SINGLETONS]
    size = len(head) - first
    for k in range(size * size):
        lu[k] = 0.0
    for c in range(size):
        j = head[position[first + c]]
        for k in range(start[j], start[j + 1]):
            if in_row[row[k]] >= 0:
                lu[local[row[k]] * size + c] = value[k]
    for r in range(size):
        scale[r] = 0.0
        for c in range(size):
            scale[r] = max(scale[r], abs(lu[r * size + c]))
    for k in range(size):
        best = SINGULAR
        chosen = -1
        for r in range(k, size):
            v = abs(lu[r * size + k])
            if v > best * scale[r]:
                best = v / scale[r]
                chosen = r
        if chosen < 0:
            return first + k
        if chosen != k:
            for c in range(size):
                lu[k * size + c], lu[chosen * size + c] = lu[chosen * size + c], lu[k * size + c]
            scale[k], scale[chosen] = scale[chosen], scale[k]
            rows[first + k], rows[first + chosen] = rows[first + chosen], rows[first + k]
        for r in range(k + 1, size):
            if lu[r * size + k] != 0.0:
                v = lu[r * size + k] / lu[k * size + k]
                lu[r * size + k] = v
                for c in range(k + 1, size):
                    lu[r * size + c] -= v * lu[k * size + c]
    return first + size


@_joined
def _forward(a, factor, rhs, out):
    """out (by position) = inverse of the basis times rhs (by row); rhs is used up."""
    start, row, value = a.start, a.row, a.value
    position, pivot_row, column = factor.position, factor.pivot_row, factor.column
    pivot, eta_start, eta_position = factor.pivot, factor.eta_start, factor.eta_position
    eta_index, eta_value = factor.eta_index, factor.eta_value
    m, n_etas = len(position), factor.flags[N_ETA]
    n_columns, n_done = factor.flags[N_COLUMN_SINGLETONS], factor.flags[N_SINGLETONS]
    for k in range(n_columns, n_done):
        v = rhs[pivot_row[k]]
        if v != 0.0:
            v /= pivot[k]
            j = column[position[k]]
            for e in range(start[j], start[j + 1]):
                rhs[row[e]] -= value[e] * v
        out[position[k]] = v
    size = m - n_done
    if size > 0:
        lu, y = factor.lu, factor.dense
        for r in range(size):
            v = rhs[pivot_row[n_done + r]]
            for c in range(r):
                v -= lu[r * size + c] * y[c]
            y[r] = v
        for r in range(size - 1, -1, -1):
            v = y[r]
            for c in range(r + 1, size):
                v -= lu[r * size + c] * y[c]
            y[r] = v / lu[r * size + r]
        for c in range(size):
            v = y[c]
            p = position[n_done + c]
            out[p] = v
            if v != 0.0:
                j = column[p]
                for e in range(start[j], start[j + 1]):
                    rhs[row[e]] -= value[e] * v
    for k in range(n_columns - 1, -1, -1):
        v = rhs[pivot_row[k]]
        if v != 0.0:
            v /= pivot[k]
            j = column[position[k]]
            for e in range(start[j], start[j + 1]):
                rhs[row[e]] -= value[e] * v
        out[position[k]] = v
    for t in range(n_etas):
        p = eta_position[t]
        if out[p] != 0.0:
            first = eta_start[t]
            v = out[p] / eta_value[first]
            for e in range(first + 1, eta_start[t + 1]):
                out[eta_index[e]] -= eta_value[e] * v
            out[p] = v


@_joined
def _row_of_inverse(a, factor, g, out):
    """out (by row) = transposed inverse of the basis times g (by position); g is used up.

    A price that is found is carried along its row to the columns that wait for it, so zeros cost
    nothing.
    """
    row_start, row_column, row_value = a.row_start, a.row_column, a.row_value
    position, pivot_row, where = factor.position, factor.pivot_row, factor.where
    pivot, eta_start, eta_position = factor.pivot, factor.eta_start, factor.eta_position
    eta_index, eta_value = factor.eta_index, factor.eta_value
    m, n_etas = len(position), factor.flags[N_ETA]
    n_columns, n_done = factor.flags[N_COLUMN_SINGLETONS], factor.flags[N_SINGLETONS]
    for t in range(n_etas - 1, -1, -1):
        p = eta_position[t]
        first = eta_start[t]
        v = g[p]
        for e in range(first + 1, eta_start[t + 1]):
            v -= eta_value[e] * g[eta_index[e]]
        g[p] = v / eta_value[first]
    for k in range(n_columns):
        i = pivot_row[k]
        v = g[position[k]]
        if v != 0.0:
            v /= pivot[k]
            for e in range(row_start[i], row_start[i + 1]):
                q = where[row_column[e]]
                if q >= 0:
                    g[q] -= row_value[e] * v
        out[i] = v
    size = m - n_done
    if size > 0:
        lu, y = factor.lu, factor.dense
        for c in range(size):
            v = g[position[n_done + c]]
            for r in range(c):
                v -= lu[r * size + c] * y[r]
            y[c] = v / lu[c * size + c]
        for c in range(size - 1, -1, -1):
            v = y[c]
            for r in range(c + 1, size):
                v -= lu[r * size + c] * y[r]
            y[c] = v
        for c in range(size):
            i = pivot_row[n_done + c]
            v = y[c]
            out[i] = v
            if v != 0.0:
                for e in range(row_start[i], row_start[i + 1]):
                    q = where[row_column[e]]
                    if q >= 0:
                        g[q] -= row_value[e] * v
    for k in range(n_done - 1, n_columns - 1, -1):
        i = pivot_row[k]
        v = g[position[k]]
        if v != 0.0:
            v /= pivot[k]
            for e in range(row_start[i], row_start[i + 1]):
                q = where[row_column[e]]
                if q >= 0:
                    g[q] -= row_value[e] * v
        out[i] = v


@_joined
def _prices_for(a, factor, g, out):
    """out (by row) = transposed inverse of the basis times g (by position); g is used up."""
    start, row, value = a.start, a.row, a.value
    position, pivot_row, column = factor.position, factor.pivot_row, factor.column
    pivot = factor.pivot
    m = len(position)
    n_columns, n_done = factor.flags[N_COLUMN_SINGLETONS], factor.flags[N_SINGLETONS]
    for i in range(m):
        out[i] = 0.0
    for k in range(n_columns):
        p = position[k]
        j = column[p]
        v = g[p]
        for e in range(start[j], start[j + 1]):
            v -= value[e] * out[row[e]]
        out[pivot_row[k]] = v / pivot[k]
    size = m - n_done
    if size > 0:
        lu, y = factor.lu, factor.dense
        for c in range(size):
            p = position[n_done + c]
            j = column[p]
            v = g[p]
            for e in range(start[j], start[j + 1]):
                v -= value[e] * out[row[e]]
            for r in range(c):
                v -= lu[r * size + c] * y[r]
            y[c] = v / lu[c * size + c]
        for c in range(size - 1, -1, -1):
            v = y[c]
            for r in range(c + 1, size):
                v -= lu[r * size + c] * y[r]
            y[c] = v
        for c in range(size):
            out[pivot_row[n_done + c]] = y[c]
    for k in range(n_done - 1, n_columns - 1, -1):
        p = position[k]
        j = column[p]
        v = g[p]
        for e in range(start[j], start[j + 1]):
            v -= value[e] * out[row[e]]
        out[pivot_row[k]] = v / pivot[k]


@_joined
def _price(a, factor, now, cost):
    """Prices of the rows and reduced costs of all columns."""
    row_start, row_column, row_value = a.row_start, a.row_column, a.row_value
    head, g, price, d = factor.head, now.solved, now.price, now.d
    for p in range(len(head)):
        g[p] = cost[head[p]]
    _prices_for(a, factor, g, price)
    for j in range(len(d)):
        d[j] = cost[j]
    for i in range(len(price)):
        v = price[i]
        if v != 0.0:
            for k in range(row_start[i], row_start[i + 1]):
                d[row_column[k]] -= row_value[k] * v


@_joined
def _place(held, a, factor, now, lower, upper, tolerance):
    """Rates: nonbasic columns on the bound their reduced cost asks for, basic ones as they must."""
    row_start, row_column, row_value = a.row_start, a.row_column, a.row_value
    basis, x, d, rhs, out, head = held.basis, now.x, now.d, now.rhs, now.solved, factor.head
    for j in range(len(x)):
        if basis[j] == BASIC:
            x[j] = 0.0
        else:
            if d[j] > tolerance:
                basis[j] = AT_LOWER
            elif d[j] < -tolerance:
                basis[j] = AT_UPPER
            x[j] = lower[j] if basis[j] == AT_LOWER else upper[j]
    for i in range(len(rhs)):
        v = 0.0
        for k in range(row_start[i], row_start[i + 1]):
            v -= row_value[k] * x[row_column[k]]
        rhs[i] = v
    _forward(a, factor, rhs, out)
    for p in range(len(head)):
        x[head[p]] = out[p]


@_joined
def _pivot(given, held, a, factor, now, lower, upper):
    """Dual simplex from a dual feasible basis until all rates are within bounds."""
    basis, head, size = held.basis, factor.head, given.size
    start, row, value = a.start, a.row, a.value
    row_start, row_column, row_value = a.row_start, a.row_column, a.row_value
    x, d, rho, alpha, rhs, spike = now.x, now.d, now.rho, now.alpha, now.rhs, now.solved
    way, touched, met, ratio, excess = now.way, now.touched, now.met, now.ratio, now.excess
    flags, eta_start, eta_position = factor.flags, factor.eta_start, factor.eta_position
    eta_index, eta_value = factor.eta_index, factor.eta_value
    m, n = len(head), len(x)
    worst = 0.0
    for i in range(m):
        j = head[i]
        excess[i] = max(lower[j] - x[j], x[j] - upper[j]) / size[j]
        worst = max(worst, excess[i])
    if worst <= FEASIBLE:
        return DONE
    # 1 where a column may rise, -1 where it may fall, 0 where it cannot move.
    for j in range(n):
        way[j] = 1.0 - 2.0 * basis[j] if basis[j] != BASIC and upper[j] > lower[j] else 0.0
        alpha[j] = 0.0
    while True:
        p = -1
        worst = FEASIBLE
        for i in range(m):
            if excess[i] > worst:
                worst = excess[i]
                p = i
        if p < 0:
            return DONE
        if flags[N_ETA] == ETAS:
            return FULL
        leaving = head[p]
        below = x[leaving] < lower[leaving]
        sign = 1.0 if below else -1.0
        bound = lower[leaving] if below else upper[leaving]

        for i in range(m):
            spike[i] = 0.0
        spike[p] = sign
        _row_of_inverse(a, factor, spike, rho)
        n_met = 0
        for i in range(m):
            v = rho[i]
            if v != 0.0:
                for k in range(row_start[i], row_start[i + 1]):
                    j = row_column[k]
                    if alpha[j] == 0.0:
                        met[n_met] = j
                        n_met += 1
                    alpha[j] += v * row_value[k]
                    if alpha[j] == 0.0:
                        alpha[j] = NOTHING
        n_candidates = 0
        for k in range(n_met):
            j = met[k]
            touched[n_candidates] = j
            n_candidates += way[j] * alpha[j] < -1e-13
        for k in range(n_candidates):
            j = touched[k]
            ratio[k] = abs(d[j] / alpha[j])
        # Breakpoints in order of their ratio, until the one where the slope would turn.
        slope = abs(x[leaving] - bound)
        chosen = -1
        passed = 0
        while passed < n_candidates:
            best = passed
            least = ratio[passed]
            for k in range(passed + 1, n_candidates):
                if ratio[k] < least:
                    least = ratio[k]
                    best = k
            j = touched[best]
            touched[best], ratio[best] = touched[passed], ratio[passed]
            touched[passed], ratio[passed] = j, least
            drop = abs(alpha[j]) * (upper[j] - lower[j])
            if drop >= slope:
                chosen = passed
                break
            slope -= drop
            passed += 1
        if chosen < 0:
            if slope > 1e-9 * size[leaving] or n_candidates == 0:
                return INFEASIBLE
            chosen = n_candidates - 1
        # A shorter step with a larger pivot is as valid.
        small = SMALL_PIVOT * size[leaving]
        best = chosen
        while best > 0 and abs(alpha[touched[best]]) * size[touched[best]] < small:
            best -= 1
        if abs(alpha[touched[best]]) * size[touched[best]] >= small:
            chosen = best
        entering = touched[chosen]

        if chosen > 0:
            for i in range(m):
                rhs[i] = 0.0
            for k in range(chosen):
                j = touched[k]
                v = way[j] * (upper[j] - lower[j])
                basis[j] = AT_UPPER if way[j] > 0.0 else AT_LOWER
                x[j] = upper[j] if way[j] > 0.0 else lower[j]
                way[j] = -way[j]
                for e in range(start[j], start[j + 1]):
                    rhs[row[e]] -= value[e] * v
            _forward(a, factor, rhs, spike)
            for i in range(m):
                if spike[i] != 0.0:
                    x[head[i]] += spike[i]
                    j = head[i]
                    excess[i] = max(lower[j] - x[j], x[j] - upper[j]) / size[j]
        for i in range(m):
            rhs[i] = 0.0
        for e in range(start[entering], start[entering + 1]):
            rhs[row[e]] = value[e]
        _forward(a, factor, rhs, spike)
        pivot = spike[p]
        if abs(pivot - sign * alpha[entering]) > 1e-7 * (abs(pivot) + 1e-3):
            return FULL if flags[N_ETA] > 0 else STUCK

        change = abs(d[entering] / alpha[entering])
        for k in range(n_met):
            j = met[k]
            d[j] += change * alpha[j]
            alpha[j] = 0.0
        d[entering] = 0.0
        d[leaving] = change * sign
        move = (x[leaving] - bound) / pivot
        t = flags[N_ETA]
        e = eta_start[t]
        eta_position[t] = p
        eta_value[e] = pivot
        e += 1
        for i in range(m):
            if spike[i] != 0.0:
                j = head[i]
                x[j] -= move * spike[i]
                excess[i] = max(lower[j] - x[j], x[j] - upper[j]) / size[j]
                if i != p:
                    eta_index[e] = i
                    eta_value[e] = spike[i]
                    e += 1
        eta_start[t + 1] = e
        flags[N_ETA] = t + 1
        x[entering] += move
        x[leaving] = bound
        basis[leaving] = AT_LOWER if below else AT_UPPER
        basis[entering] = BASIC
        way[leaving] = sign if upper[leaving] > lower[leaving] else 0.0
        way[entering] = 0.0
        head[p] = entering
        v = x[entering]
        excess[p] = max(lower[entering] - v, v - upper[entering]) / size[entering]


@_joined
def _certify(given, a, now, price_level):
    """Whether the rates balance within their bounds and the prices prove them cheapest.

    Rates are cut to their bounds first, so the residual bears the whole violation.
    """
    row_start, row_column, row_value = a.row_start, a.row_column, a.row_value
    x, d, lower, upper, cost, size = now.x, now.d, now.lower, now.upper, now.cost, given.size
    objective = 0.0
    gap = 0.0
    largest = 0.0
    for j in range(len(x)):
        v = min(max(x[j], lower[j]), upper[j])
        x[j] = v
        objective += cost[j] * v
        largest += abs(cost[j] * v)
        if abs(d[j]) > OPTIMAL * price_level:
            gap += d[j] * (v - (lower[j] if d[j] > 0.0 else upper[j]))
    m = len(now.price)
    n = len(x) - m
    for i in range(m):
        residual = 0.0
        scale = 1e-3 * size[n + i]
        for k in range(row_start[i], row_start[i + 1]):
            v = row_value[k] * x[row_column[k]]
            residual += v
            scale += abs(v)
        if not abs(residual) <= CERTIFIED * scale:
            return False
    return abs(gap) <= CERTIFIED * max(abs(objective), 1e-6 * largest, 1e-6 * price_level)


@_jit
def _settle(
    given, held, a, factor, now, step, line, n_buses, times, rows, sums, count, note, bin_s, t, end
):
    """Move the stores, remember the rates, write the record; return its count."""
    n, stores, hours = len(held.x), len(held.levels), step.hours[0]
    x = now.x
    row = count
    if bin_s > 0:
        row = t // bin_s
    n_through = len(given.through_flow)
    amount, money, penalty, offered = (
        sums[:n],
        sums[n : 2 * n],
        sums[2 * n : 3 * n],
        sums[3 * n : 4 * n],
    )
    for j in range(n):
        v = x[j] * hours
        held.x[j] = x[j]
        amount[j] += v
        money[j] += step.money[j] * v
        penalty[j] += step.penalty[j] * v
        offered[j] += step.offered[j] * hours
    for k in range(n_through):
        sums[4 * n + k] += line[given.series_through[k]] * x[given.through_flow[k]] * hours
    new = bin_s == 0 or (bin_s > 0 and row >= count)
    weight = 1.0
    if new:
        times[row, 0] = t
        times[row, 2] = note
        count = row + 1
    if bin_s >= 0:
        times[row, 1] = end
        if bin_s > 0:
            weight = hours
    for s in range(stores):
        net = x[n + n_buses + s]
        before = held.levels[s]
        rest = before * step.keep[s]
        level = rest + net * step.gain[s]
        level = min(max(level, min(given.minimum[s], rest)), max(held.modifiers[6 * n + s], rest))
        held.levels[s] = level
        sums[4 * n + n_through + s] += before + net * hours - level
        if new:
            rows[row, n + s] = before
        if bin_s >= 0:
            rows[row, n + stores + s] = level
    if bin_s < 0:
        return count
    at = n + 2 * stores
    for j in range(n):
        rows[row, j] = x[j] * weight + (0.0 if new else rows[row, j])
    for i in range(n_buses):
        rows[row, at + i] = now.price[i] * weight + (0.0 if new else rows[row, at + i])
    if rows.shape[1] > at + n_buses:
        at += n_buses
        for p in range(len(factor.head)):
            j = factor.head[p]
            now.solved[p] = step.signal[j] if j < n else 0.0
        _prices_for(a, factor, now.solved, now.rho)
        for i in range(n_buses):
            rows[row, at + i] = now.rho[i] * weight + (0.0 if new else rows[row, at + i])
    return count
