"""Tagged flows hour by hour: the meters of an account that a total over the year cannot replace."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from twin.accounts.entries import Entry

if TYPE_CHECKING:
    from twin.results import Run

HOUR = 3600


class Meters:
    """Hourly amounts of a run's tagged flows; they add up to the entries of its ledger.

    Where a step is longer than an hour, the step is the interval of the meters.

    Attributes
    ----------
    interval_s : int
        [s]
    n : int
        Number of intervals.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.interval_s = max(HOUR, run.network.step_s)
        self._bin = (run.recorded.t0 // self.interval_s).astype(np.int64)
        self._step = (run.recorded.t0 // run.network.step_s).astype(np.int64)
        self._column = {name: j for j, name in enumerate(run.network.flows)}
        self.n = int(self._bin[-1]) + 1 if len(self._bin) else 0

    @property
    def hours(self) -> float:
        """Length of the run [h]."""
        return float(self._run.recorded.hours.sum())

    def amount(self, flow: str, place: str, *, outside: bool = False) -> np.ndarray:
        """What a flow gave to a place (negative: took) in each interval [MWh or t].

        Parameters
        ----------
        flow, place : str
            As in the ledger's entries.
        outside : bool
            The place is a carrier at the fence, not a bus or a store.

        Returns
        -------
        ndarray, shape (n,)
        """
        spec = self._run.network.flows[flow]
        value = np.asarray((spec.exchange if outside else spec.coefficients)[place], float)
        value = value[self._step] if value.ndim else value
        weights = value * self._run.recorded.flows[:, self._column[flow]] * self._run.recorded.hours
        return np.bincount(self._bin, weights=weights, minlength=self.n)

    def total(self, entries: Iterable[Entry]) -> np.ndarray:
        """Sum of `amount` over entries of the ledger."""
        out = np.zeros(self.n)
        for entry in entries:
            out += self.amount(entry.flow, entry.place, outside=entry.outside)
        return out

    @property
    def months(self) -> np.ndarray:
        """Calendar month of each interval at the site, counted from the year 0."""
        facts = self._run.facts
        start = pd.Timestamp(facts["start_utc"]).tz_convert(facts["time_zone"])
        times = start + pd.to_timedelta(np.arange(self.n) * self.interval_s, unit="s")
        return np.asarray(times.year * 12 + times.month - 1)
