"""What every dispatcher shares: the state it advances, the record it fills, how it fails.

A dispatcher is a function ``advance(program, state, record, t0, t1)`` that runs all steps of
[t0, t1), in whole seconds since the start of the run. Where t0 or t1 lies inside a step, that step
is cut there; a cut at a step boundary changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from twin.engine.patches import Patches
from twin.network.program import Pack, Program

Advance = Callable[[Program, "State", "Record", int, int], None]

AT_LOWER, AT_UPPER, BASIC = 0, 1, 2
"""Where a column stands in `State.basis`."""


class InfeasibleStep(RuntimeError):
    """Something has nowhere to go, or is needed and cannot come from anywhere.

    Attributes
    ----------
    time_s : int
        Start of the step, seconds since the start of the run.
    surplus, shortage : dict of str to float
        Buses and the rate that is too much or missing [MW or t/h].
    """

    def __init__(self, time_s: int, surplus: dict[str, float], shortage: dict[str, float]) -> None:
        parts = [f"{v:.6g} more than can leave bus '{b}'" for b, v in surplus.items()]
        parts += [f"{v:.6g} less than bus '{b}' must give" for b, v in shortage.items()]
        super().__init__(
            f"the step at {time_s} s has no solution: {'; '.join(parts)}. "
            "To mend: let the surplus leave (a vent, an export, a disposal), "
            "or let what is demanded go unserved at a value of lost load."
        )
        self.time_s, self.surplus, self.shortage = time_s, surplus, shortage


class DispatchError(RuntimeError):
    """No solver could certify a step: an error of ours, never of the park."""

    def __init__(self, time_s: int, reason: str) -> None:
        super().__init__(f"the step at {time_s} s could not be solved to tolerance: {reason}")
        self.time_s = time_s


class State:
    """Everything that passes from one step to the next, and what actors hold on the flows.

    Attributes
    ----------
    t : int
        Seconds since the start of the run.
    levels : ndarray, shape (n_stores,)
        Amounts [MWh or t]; actors may add to them.
    x : ndarray, shape (n_flows,)
        Rates of the last step, for ramps; NaN before the first.
    limit_multiplier : ndarray, shape (n_flows,)
        Multiplies lower and upper limit.
    cap, floor : ndarray, shape (n_flows,)
        Upper limit at most, lower limit at least [unit/h]. Where they contradict, the cap holds.
    cost_multiplier, cost_adder : ndarray, shape (n_flows,)
        On money.
    steer_adder : ndarray, shape (n_flows,)
        On penalties, such as the store values of a planner.
    capacity : ndarray, shape (n_stores,)
        What each store may hold [MWh or t]; what stands above it may stay.
    basis : ndarray of int, shape (n_columns,)
        AT_LOWER, AT_UPPER or BASIC. A start for the kernel; results do not depend on it.
    fallbacks : ndarray of int, shape (3,)
        Steps that needed a fresh factorisation, a cold start, HiGHS.
    scratch : dict
        Working memory of dispatchers; never part of a checkpoint.
    """

    def __init__(self, program: Program, pack: Pack, t: int = 0) -> None:
        self.program, self.pack, self.t = program, pack, t
        self.levels, self.x = pack["levels"], pack["x"]
        self.modifiers = pack["modifiers"]
        on_flows, self.capacity = split_modifiers(program, self.modifiers)
        self.limit_multiplier, self.cap, self.floor = on_flows[:3]
        self.cost_multiplier, self.cost_adder, self.steer_adder = on_flows[3:]
        self.basis, self.fallbacks = pack["basis"], pack["fallbacks"]
        self.scratch: dict[str, Any] = {}

    @classmethod
    def start(cls, program: Program) -> State:
        """Stores at their initial level, nothing changed by anybody."""
        n = len(program.flows)
        modifiers = np.zeros((6, n))
        modifiers[[0, 3]] = 1.0
        modifiers[1] = np.inf
        basis = np.full(program.n_columns, AT_LOWER)
        basis[n:] = BASIC
        return cls(
            program,
            Pack(
                levels=program.pack["initial"],
                x=np.full(n, np.nan),
                modifiers=np.concatenate((modifiers.ravel(), program.pack["capacity"])),
                basis=basis,
                fallbacks=np.zeros(3, int),
            ),
        )

    def copy(self) -> State:
        """A checkpoint: continuing from it equals continuing from the original."""
        return State(self.program, self.pack.copy(), self.t)

    def value_store(self, store: str, charge_below: float, discharge_above: float) -> None:
        """Let a planner set what a stored unit is worth, on top of the compiled values.

        Raises
        ------
        ValueError
            `charge_below` is above `discharge_above`, or a flow's coefficient on the store varies.
        """
        if charge_below > discharge_above:
            raise ValueError(
                f"store '{store}': charge_below {charge_below:.6g} is above discharge_above "
                f"{discharge_above:.6g}"
            )
        for j, flow in enumerate(self.program.network.flows.values()):
            a = flow.coefficients.get(store, 0.0)
            if np.ndim(a):
                raise ValueError(f"flow '{flow.name}' has a varying coefficient on '{store}'")
            if a:
                self.steer_adder[j] = -a * (charge_below if a > 0 else discharge_above)


def split_modifiers(program: Program, modifiers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What actors hold, as views: on flows, shape (6, n_flows), and the capacity of stores."""
    n = 6 * len(program.flows)
    return modifiers[:n].reshape(6, -1), modifiers[n:]


class Totals(NamedTuple):
    """Sums over everything a record has seen, as views of its memory.

    Attributes
    ----------
    amount, money, penalty, offered : ndarray, shape (n_flows,)
        Integral of x, of cost, of steering, and of the upper limit as modified by actors.
    through : ndarray, shape (len(program.through),)
        Integral of coefficient or exchange times x, where it varies.
    loss : ndarray, shape (n_stores,)
        Standing loss [MWh or t].
    """

    amount: np.ndarray
    money: np.ndarray
    penalty: np.ndarray
    offered: np.ndarray
    through: np.ndarray
    loss: np.ndarray


class Record:
    """What a run leaves behind, in memory that grows as needed.

    Make one with `full` (every interval), `coarse` (means over longer steps) or `sums` (totals
    only, for sweeps). Totals are kept by all three.

    Attributes
    ----------
    totals : Totals
    bin_s : int
        Length of a recorded interval [s]; 0 for every interval as it was solved, -1 for none.
    count : int
        Intervals recorded.
    """

    def __init__(self, program: Program, bin_s: int, rows: int) -> None:
        n, m, b = len(program.flows), len(program.stores), len(program.buses)
        self.program, self.bin_s, self.count = program, bin_s, 0
        self.signal = bool(program.pack["signal"].any() or program.pack["vary_signal"].size)
        self._at = np.cumsum([0, n, m, m, b, b * self.signal])
        self.times = np.zeros((rows, 3), np.int64)
        self.rows = np.zeros((rows, self._at[-1]))
        sums = {"amount": n, "money": n, "penalty": n, "offered": n}
        sums |= {"through": len(program.through), "loss": m}
        self.summed = np.zeros(sum(sums.values()))
        self.totals = Totals(*np.split(self.summed, np.cumsum(list(sums.values()))[:-1]))
        self.patches = Patches()

    @classmethod
    def of(cls, program: Program, horizon_s: int, choice: str | int) -> Record:
        """The record of a choice: "full", "sums", or the seconds of a coarser step.

        Raises
        ------
        ValueError
            There is no such choice, or the seconds are not a whole number of steps.
        """
        if choice == "full":
            return cls.full(program, horizon_s)
        if choice == "sums":
            return cls.sums(program)
        if isinstance(choice, int):
            return cls.coarse(program, choice, horizon_s)
        raise ValueError(f"cannot record '{choice}'; choose 'full', 'sums' or a number of seconds")

    @classmethod
    def full(cls, program: Program, horizon_s: int | None = None) -> Record:
        """Every interval, as solved."""
        horizon_s = program.n_steps * program.step_s if horizon_s is None else horizon_s
        return cls(program, 0, -(-horizon_s // program.step_s) + 1)

    @classmethod
    def coarse(cls, program: Program, bin_s: int, horizon_s: int | None = None) -> Record:
        """Means over `bin_s` seconds, levels at its ends.

        Raises
        ------
        ValueError
            `bin_s` is not a whole number of steps.
        """
        if bin_s <= 0 or bin_s % program.step_s:
            raise ValueError(f"cannot record every {bin_s} s: steps last {program.step_s} s")
        horizon_s = program.n_steps * program.step_s if horizon_s is None else horizon_s
        return cls(program, bin_s, -(-horizon_s // bin_s))

    @classmethod
    def sums(cls, program: Program) -> Record:
        """Totals only."""
        return cls(program, -1, 0)

    @property
    def memory(self) -> int:
        """Bytes held."""
        return int(self.times.nbytes + self.rows.nbytes + self.summed.nbytes + self.patches.nbytes)

    @property
    def t0(self) -> np.ndarray:
        """Start of each interval [s], shape (count,)."""
        return self.times[: self.count, 0]

    @property
    def t1(self) -> np.ndarray:
        """End of each interval [s], shape (count,)."""
        return self.times[: self.count, 1]

    @property
    def flows(self) -> np.ndarray:
        """Rates, shape (count, n_flows) [unit/h]."""
        return self._part(0)

    @property
    def levels_before(self) -> np.ndarray:
        """Levels at the start of each interval, after what actors did, shape (count, n_stores)."""
        return self._part(1)

    @property
    def levels(self) -> np.ndarray:
        """Levels at the end of each interval, shape (count, n_stores) [MWh or t]."""
        return self._part(2)

    @property
    def prices(self) -> np.ndarray:
        """Rise of money and penalties per unit more demand, shape (count, n_buses)."""
        return self._part(3)

    @property
    def marginal(self) -> np.ndarray:
        """Rise of the signal per unit more demand, shape (count, n_buses), or (count, 0)."""
        return self._part(4)

    def _part(self, k: int) -> np.ndarray:
        part: np.ndarray = self.rows[: self.count, self._at[k] : self._at[k + 1]]
        if self.bin_s > 0 and k in (0, 3, 4):
            part = part / ((self.t1 - self.t0)[:, None] / 3600.0)
        return part

    def offered(self) -> np.ndarray:
        """Upper limits as modified by actors, shape (count, n_flows); full records only."""
        if self.bin_s:
            raise ValueError("only a full record knows the limits of each interval")
        pack, n = self.program.pack, self.count
        upper = np.repeat(pack["upper"][None], n, axis=0)
        step = self.t0 // self.program.step_s
        upper[:, pack["vary_upper"]] = self.program.series[step][:, pack["series_upper"]]
        first = np.searchsorted(self.times[:n, 2], np.arange(len(self.patches) + 1))
        for held, begin, end in zip(self.patches, first, first[1:], strict=False):
            on_flows, _ = split_modifiers(self.program, held)
            upper[begin:end] = np.minimum(upper[begin:end] * on_flows[0], on_flows[1])
        return upper

    def prepare(self, state: State, t0: int, t1: int) -> int:
        """Make room for [t0, t1) and note what actors hold; return the number of that note.

        Raises
        ------
        ValueError
            The span goes beyond the program's series or what a coarse record has room for.
            Compiled code does not look.
        """
        end = self.program.n_steps * self.program.step_s
        if self.bin_s > 0:
            end = min(end, len(self.rows) * self.bin_s)
        if not 0 <= t0 <= t1 <= end:
            raise ValueError(f"cannot run from {t0} s to {t1} s: series and record end at {end} s")
        if self.bin_s:
            return 0
        need = self.count + (t1 - t0) // self.program.step_s + 2
        if need > len(self.rows):
            size = max(need, 2 * len(self.rows))
            self.times = _grown(self.times, size)
            self.rows = _grown(self.rows, size)
        return self.patches.note(state.modifiers)


def _grown(array: np.ndarray, rows: int) -> np.ndarray:
    whole = np.zeros((rows, *array.shape[1:]), array.dtype)
    whole[: len(array)] = array
    return whole


def _kernel() -> Advance:
    from twin.engine.kernel import advance

    return advance


def _reference() -> Advance:
    from twin.engine.reference import advance

    return advance


DISPATCHERS: dict[str, Callable[[], Advance]] = {"kernel": _kernel, "reference": _reference}
"""Dispatchers by name, imported when asked for."""
