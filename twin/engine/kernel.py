"""The compiled dispatcher: all steps between two events in one call.

Here is what Python sees of it: the arrays it works in, and the way out when a step resists. The
method is in `compiled`, beside what is compiled.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from twin.engine import compiled, reference
from twin.engine.compiled import CERTIFIED, ETAS, FAULTS, GROUPS, Factor, Given, Held, Now, Step
from twin.engine.dispatch import DispatchError, Record, State
from twin.network.program import Pack, Program


def advance(program: Program, state: State, record: Record, t0: int, t1: int) -> None:
    """Run all steps of [t0, t1).

    An interval whose optimum cannot be certified is tried with a fresh factorisation, from a cold
    start, and with HiGHS; `State.fallbacks` counts each.

    Raises
    ------
    InfeasibleStep
        A step has no solution; it names the buses.
    DispatchError
        Not even HiGHS could certify a step.
    """
    work = state.scratch.get("kernel")
    if work is None:
        work = state.scratch["kernel"] = Work(program, state)
    note = record.prepare(state, t0, t1)
    t = t0
    while t < t1:
        t, record.count = compiled.advance(
            *work.arrays,
            record.times,
            record.rows,
            record.summed,
            record.count,
            note,
            record.bin_s,
            t,
            t1,
        )
        state.t = t
        if t < t1:
            end = min((t // program.step_s + 1) * program.step_s, t1)
            state.fallbacks[2] += 1
            _by_highs(program, state, record, t, end, note, broken=work.faults[0] > 3)
            t = end


def warm(program: Program) -> None:
    """Have the machine code at hand, so that a run's time holds no compiling."""
    if not compiled.advance.signatures:
        state, record = State.start(program), Record.sums(program)
        arrays = Work(program, state).arrays
        sums = (record.times, record.rows, record.summed)
        compiled.advance(*arrays, *sums, record.count, 0, record.bin_s, 0, 0)


def is_compiled() -> bool:
    """Whether machine code is at hand; the first run ever takes some 20 s to make it.

    For a line that says so: a code older than the source counts as none.
    """
    folder, source = Path(compiled.advance.stats.cache_path), Path(compiled.__file__)
    made = [f.stat().st_mtime for f in folder.glob("compiled.advance-*.nbc")]
    return bool(compiled.advance.signatures) or max(made, default=0.0) > source.stat().st_mtime


def inject(state: State, links: int) -> None:
    """For tests: spoil the answers of the first `links` of warm, fresh, cold, HiGHS."""
    work = state.scratch.setdefault("kernel", None) or Work(state.program, state)
    state.scratch["kernel"] = work
    work.faults[0] = links


def _by_highs(
    program: Program, state: State, record: Record, t0: int, t1: int, note: int, broken: bool
) -> None:
    highs = state.scratch.get("reference")
    if highs is None:
        highs = state.scratch["reference"] = reference.Highs(program)
    now = reference.interval(program, state, t0, t1)
    found = reference.solve(program, highs, now)
    if broken:
        found.x[:] *= 1.001
    error = reference.certificate(program, now, found)
    if not error <= 100 * CERTIFIED:
        raise DispatchError(t0, f"HiGHS leaves a relative error of {error:.3g}")
    marginal = highs.marginal(program.signal_at(t0 // program.step_s)) if record.signal else None
    reference.settle(program, state, record, now, found, marginal, note)


class Work:
    """Arrays of the compiled functions for one state: theirs, the program's and the state's."""

    def __init__(self, program: Program, state: State) -> None:
        n, m, flows = program.n_columns, program.n_rows, len(program.flows)
        stores, given = len(program.stores), program.pack
        rows = np.arange(m)
        entries = len(given["row"])
        index = np.concatenate((given["row"], rows))
        column = np.concatenate(
            (np.repeat(np.arange(flows), np.diff(given["start"])), rows + flows)
        )
        order = np.argsort(index, kind="stable")
        value = np.concatenate((given["value"], np.full(m, -1.0)))
        ints = {
            "start": np.concatenate((given["start"], entries + 1 + rows)),
            "row": index,
            "row_start": np.concatenate(([0], np.cumsum(np.bincount(index, minlength=m)))),
            "row_column": column[order],
            "row_place": np.argsort(order),
            "flags": np.zeros(8, int),
            "where": np.zeros(n, int),
            "eta_start": np.zeros(ETAS + 1, int),
            "eta_position": np.zeros(ETAS, int),
            "eta_index": np.zeros(ETAS * m, int),
            "barred": np.zeros(stores, int),
            "touched": np.zeros(n + 1, int),
            "met": np.zeros(n, int),
        }
        ints |= {k: np.zeros(m, int) for k in Factor._fields[1:12] if k != "where"}
        floats = {
            "value": value,
            "row_value": value[order],
            "pivot": np.zeros(m),
            "lu": np.zeros(m * m),
            "dense": np.zeros(m),
            "eta_value": np.zeros(ETAS * m),
            "hours": np.full(1, -1.0),
            "keep": np.zeros(stores),
            "gain": np.zeros(stores),
            **{f"base_{k}": given[k] for k in ("lower", "upper", "cost", "steer")},
            "signal": given["signal"],
        }
        floats |= {k: np.zeros(m) for k in ("price", "rhs", "solved", "rho", "excess")}
        floats |= {k: np.zeros(n) for k in Now._fields[2:] if k not in floats}
        floats |= {k: np.zeros(flows) for k in Step._fields[1:] if k not in floats}
        own = Pack(**ints, **floats)
        # What is an index is unsigned, or every use of it would ask whether it counts from the end.
        self.own, self.places = own, own.ints.astype(np.uint32)
        self.faults = own["flags"][FAULTS : FAULTS + 1]
        table = []
        for group in GROUPS:
            pack = {Given: program.pack, Held: state.pack}.get(group, own)
            table += [pack.spans[name] for name in group._fields]
        held = state.pack
        self.arrays = (
            np.array([*table, (flows, len(program.buses)), (program.step_s, 0)], np.int64),
            np.array([program.price_level]),
            *(given.ints, given.floats, program.series),
            *(held.ints, held.floats, own.ints, self.places, own.floats),
        )
