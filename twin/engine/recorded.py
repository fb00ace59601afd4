"""What a run leaves behind: every interval as it was solved, free of the machinery that made it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.engine.dispatch import Record


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
        return cls(
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

    @property
    def hours(self) -> np.ndarray:
        """Length of each interval [h], shape (n,)."""
        return np.asarray((self.t1 - self.t0) / 3600.0)
