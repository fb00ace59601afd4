"""What a run leaves behind, free of the machinery that made it: its intervals, or their totals.

Totals are enough for the ledger: the run is seen as one long interval, with the coefficients it had
on average.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import NoReturn

import numpy as np

from twin.engine.dispatch import Advance, Record, State
from twin.network.network import Network
from twin.network.program import Program


@dataclass(frozen=True, eq=False)
class Recorded:
    """Arrays of a run, by interval. An interval is a step, or a part of one cut by an event.

    Attributes
    ----------
    t0, t1 : ndarray of int64, shape (n,)
        Start and end [s since the start of the run].
    flows : ndarray, shape (n, n_flows)
        Rates [MW or t/h of each flow's main carrier, per its coefficient].
    levels_before, levels : ndarray, shape (n, n_stores)
        Amounts at start and end of each interval [MWh or t].
    prices : ndarray, shape (n, n_buses)
        Rise of the objective per unit more demand on the bus [currency per MWh or t].
    cost, offered : ndarray, shape (n_flows,)
        Money over the run, and the integral of the upper limit as events left it.
    marginal : ndarray, shape (n, n_buses), or None
        Rise of the run's signal, such as t CO2, per unit more demand; None where it has none.
    """

    t0: np.ndarray
    t1: np.ndarray
    flows: np.ndarray
    levels_before: np.ndarray
    levels: np.ndarray
    prices: np.ndarray
    cost: np.ndarray
    offered: np.ndarray
    marginal: np.ndarray | None = None

    @classmethod
    def of(cls, record: Record) -> Recorded:
        """A full record, taken out of the engine."""
        if record.bin_s:
            raise ValueError("only a full record keeps every interval")
        return _rows(record)

    @property
    def hours(self) -> np.ndarray:
        """Length of each interval [h], shape (n,)."""
        return np.asarray((self.t1 - self.t0) / 3600.0)

    @property
    def series(self) -> Recorded:
        """What series are read from: here all intervals.

        Raises
        ------
        ValueError
            Only totals were kept.
        """
        return self

    @property
    def memory(self) -> int:
        """Bytes held."""
        return _bytes(self)

    def need_intervals(self, what: str) -> None:
        """Refuse `what` where the intervals are not there.

        Raises
        ------
        ValueError
            Only totals were kept, or means over longer steps.
        """


@dataclass(frozen=True, eq=False)
class Sums:
    """Totals of a run.

    Attributes
    ----------
    span_s : ndarray of int64, shape ()
        Length of the run [s].
    amount, cost, offered : ndarray, shape (n_flows,)
        Integral of the rate, money, and the integral of the upper limit as events left it.
    through, coefficient : ndarray, shape (n_varying,)
        For every coefficient and exchange that varies, in the order of `varying`: integral of it
        times the rate, and its mean over the steps of the program that ran.
    begin, put, taken, loss, end : ndarray, shape (n_stores,)
        Levels at the start and the end, what events brought and took, and standing loss [MWh or t].
    """

    span_s: np.ndarray
    amount: np.ndarray
    cost: np.ndarray
    offered: np.ndarray
    through: np.ndarray
    coefficient: np.ndarray
    begin: np.ndarray
    put: np.ndarray
    taken: np.ndarray
    loss: np.ndarray
    end: np.ndarray


class Summed(Recorded):
    """A run of which totals were kept, and perhaps means over longer steps.

    It stands where a full record does. Its ledger is complete; whoever asks it for intervals is
    refused, in words that say how to get them.

    Parameters
    ----------
    sums : Sums
    means : Recorded, optional
        Rows are means over longer steps, levels those at their ends.
    """

    def __init__(self, sums: Sums, means: Recorded | None = None) -> None:
        self.sums, self.means = sums, means

    @classmethod
    def summed(cls, record: Record, jumps: Jumps, every_s: int = 0) -> Summed:
        """Totals of any record, and means over `every_s` seconds, if there are to be any."""
        totals, program = record.totals, record.program
        of = program.pack["series_through"]
        sums = Sums(
            span_s=np.array(jumps.end_s, np.int64),
            amount=totals.amount.copy(),
            cost=totals.money.copy(),
            offered=totals.offered.copy(),
            through=totals.through.copy(),
            coefficient=np.array([_mean(program.series[:, k]) for k in of], float),
            begin=program.pack["initial"].copy(),
            put=jumps.put,
            taken=jumps.taken,
            loss=totals.loss.copy(),
            end=jumps.levels,
        )
        rows = _rows(record) if every_s else None
        return cls(sums, _means(rows, every_s) if rows and not record.bin_s else rows)

    @property
    def cost(self) -> np.ndarray:
        """Money of each flow over the run, shape (n_flows,)."""
        return self.sums.cost

    @property
    def offered(self) -> np.ndarray:
        """Integral of each upper limit as events left it, shape (n_flows,)."""
        return self.sums.offered

    @property
    def marginal(self) -> np.ndarray | None:
        """Refused, as all that is by interval."""
        self._refuse()

    @property
    def hours(self) -> np.ndarray:
        """Length of the run [h], shape (1,)."""
        return np.atleast_1d(self.sums.span_s / 3600.0)

    @property
    def series(self) -> Recorded:
        """What series are read from: the means."""
        if self.means is None:
            raise ValueError(
                "this run kept totals and has no series; to mend: run with record='full', "
                "or record='1 h' for hourly means"
            )
        return self.means

    @property
    def memory(self) -> int:
        """Bytes held."""
        return _bytes(self.sums) + (0 if self.means is None else self.means.memory)

    def need_intervals(self, what: str) -> None:
        """Refuse."""
        self._refuse(f"'{what}'")

    def whole(self, network: Network) -> tuple[Network, Recorded]:
        """The run as one interval, with the network it saw.

        Every coefficient that varied becomes the one number that makes of the flow's amount what
        passed. What events brought to a store is there from the start, and what they took is there
        to the end. Prices are zero.

        A coefficient that is no longer the one that ran is moved by as much as its mean has moved,
        so that it shows as a residual.
        """
        sums = self.sums
        amount = dict(zip(network.flows, sums.amount.tolist(), strict=True))
        parts = {
            name: (dict(flow.coefficients), dict(flow.exchange))
            for name, flow in network.flows.items()
        }
        kept = zip(sums.through.tolist(), sums.coefficient.tolist(), strict=True)
        for (flow, k, place, now), (through, ran) in zip(varying(network), kept, strict=True):
            mean = _mean(now)
            x = amount[flow]
            parts[flow][k][place] = through / x + (mean - ran) if x else mean
        flows = [
            replace(flow, coefficients=_numbers(parts[name][0]), exchange=_numbers(parts[name][1]))
            for name, flow in network.flows.items()
        ]
        span = int(sums.span_s)
        one = replace(network, flows={flow.name: flow for flow in flows}, n_steps=1, step_s=span)
        return one, Recorded(
            t0=np.zeros(1, np.int64),
            t1=np.array([span], np.int64),
            flows=(sums.amount / (span / 3600.0))[None],
            levels_before=(sums.begin + sums.put)[None],
            levels=(sums.end + sums.taken)[None],
            prices=np.zeros((1, len(network.buses))),
            cost=sums.cost,
            offered=sums.offered,
        )

    def __repr__(self) -> str:
        return f"Summed({self.sums!r}, {self.means!r})"

    def _refuse(self, what: str = "this account") -> NoReturn:
        kept = "totals" if self.means is None else "totals and means over longer steps"
        raise ValueError(
            f"this run kept {kept}, and {what} is read by interval; to mend: run with record='full'"
        )

    def __getattr__(self, name: str) -> NoReturn:
        # Only what is not there comes here: the arrays by interval.
        if name in INTERVALS:
            self._refuse()
        raise AttributeError(f"a summed run has no '{name}'")


INTERVALS = frozenset(f.name for f in fields(Recorded)) - {"cost", "offered"}


class Jumps:
    """A dispatcher that also notes what events did to the stores between its calls.

    Attributes
    ----------
    put, taken : ndarray, shape (n_stores,)
        What events brought and took so far [MWh or t].
    levels : ndarray, shape (n_stores,)
        Where the last call left them.
    end_s : int
        Where it ended [s].
    """

    def __init__(self, program: Program, advance: Advance) -> None:
        self._advance = advance
        self.levels = program.pack["initial"].copy()
        self.put, self.taken = np.zeros_like(self.levels), np.zeros_like(self.levels)
        self.end_s = 0

    def __call__(self, program: Program, state: State, record: Record, t0: int, t1: int) -> None:
        """Note the jumps, and advance."""
        jump = state.levels - self.levels
        self.put += np.maximum(jump, 0.0)
        self.taken += np.maximum(-jump, 0.0)
        self._advance(program, state, record, t0, t1)
        self.levels, self.end_s = state.levels.copy(), t1


def varying(network: Network) -> Iterator[tuple[str, int, str, np.ndarray]]:
    """Flow, 0 (coefficient) or 1 (exchange), place and series, as `Program.through` has them."""
    for name, flow in network.flows.items():
        for k, places in enumerate((flow.coefficients, flow.exchange)):
            for place, value in sorted(places.items()):
                if np.ndim(value) and np.ptp(value) > 0:
                    yield name, k, place, np.asarray(value, float)


def _numbers(values: dict[str, float | np.ndarray]) -> dict[str, float | np.ndarray]:
    """What is left as an array is the same at every step."""
    return {place: float(np.ravel(value)[0]) for place, value in values.items()}


def _mean(series: np.ndarray) -> float:
    # In one piece of memory, or the bits would depend on where the series lay.
    return float(np.ascontiguousarray(series, float).mean())


def _means(rows: Recorded, every_s: int) -> Recorded:
    """Intervals of a full record, brought together over `every_s` seconds."""
    bins = rows.t0 // every_s
    first = np.flatnonzero(np.diff(bins, prepend=-1))
    last = np.append(first[1:], len(bins)) - 1
    hours = rows.hours[:, None]

    def mean(rates: np.ndarray) -> np.ndarray:
        found = np.add.reduceat(rates * hours, first) / np.add.reduceat(hours, first)
        return np.asarray(found)

    return Recorded(
        t0=rows.t0[first],
        t1=rows.t1[last],
        flows=mean(rows.flows),
        levels_before=rows.levels_before[first],
        levels=rows.levels[last],
        prices=mean(rows.prices),
        cost=rows.cost,
        offered=rows.offered,
        marginal=None if rows.marginal is None else mean(rows.marginal),
    )


def _rows(record: Record) -> Recorded:
    return Recorded(
        t0=record.t0.copy(),
        t1=record.t1.copy(),
        flows=record.flows.copy(),
        levels_before=record.levels_before.copy(),
        levels=record.levels.copy(),
        prices=record.prices.copy(),
        cost=record.totals.money.copy(),
        offered=record.totals.offered.copy(),
        marginal=record.marginal.copy() if record.signal else None,
    )


def _bytes(held: Recorded | Sums) -> int:
    arrays = (getattr(held, field.name) for field in fields(held))
    return sum(array.nbytes for array in arrays if array is not None)
