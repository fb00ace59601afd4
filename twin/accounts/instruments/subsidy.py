"""Subsidies of the paper's cities: money for what a store discharges, and shares of a cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from twin.accounts.factors import rows
from twin.accounts.instruments.settlement import Settlement, check_amount, check_share
from twin.accounts.money import local_months

if TYPE_CHECKING:
    from twin.results import Run


@dataclass(frozen=True, kw_only=True)
class StorageSubsidy:
    """Money per MWh discharged, from the month after connection.

    Changzhou pays up to 0.3 CNY/kWh to storage of at least 0.5 MW (white paper).

    Attributes
    ----------
    rate : float
        [currency/MWh]
    least_power : float
        [MW]
    months : int, optional
        For how long it is paid; without end unless given.
    cap : float
        Most in all [currency].
    currency : str
    """

    rate: float = 300.0
    least_power: float = 0.5
    months: int | None = None
    cap: float = float("inf")
    currency: str = "CNY"

    def due(self, discharged: pd.Series, *, power: float, connected: str) -> Settlement:
        """Subsidy on what was discharged.

        Parameters
        ----------
        discharged : Series
            By month ("2025-01") [MWh].
        power : float
            Of the store [MW].
        connected : str
            Month in which it was connected to the grid, "2025-01".
        """
        if power < self.least_power:
            note = f"{power:g} MW is below {self.least_power:g} MW: nothing is paid"
            return Settlement("storage subsidy", (), self.currency, {"paid MWh": 0.0}, (note,))
        first = pd.Period(connected, "M") + 1
        periods = pd.PeriodIndex(discharged.index, freq="M")
        within = np.asarray(periods >= first)
        if self.months is not None:
            within &= np.asarray(periods < first + self.months)
        paid = float(discharged[within].sum())
        money = min(paid * self.rate, self.cap)
        notes: tuple[str, ...] = (f"capped at {self.cap:g}",) if paid * self.rate > self.cap else ()
        lines = (("storage subsidy", -money),)
        return Settlement("storage subsidy", lines, self.currency, {"paid MWh": paid}, notes)


def discharged(run: Run, component: str, bus: str) -> pd.Series:
    """What a component gave to a bus in each local month [MWh or t].

    Raises
    ------
    ValueError
        It never gives to that bus.
    """
    step = (run.recorded.t0 // run.network.step_s).astype(np.int64)
    given = np.zeros(len(step))
    touched = False
    for j, flow in enumerate(run.network.flows.values()):
        if flow.component == component and bus in flow.coefficients:
            value = np.asarray(flow.coefficients[bus], float)
            each = value[step] if value.ndim else np.broadcast_to(value, step.shape)
            touched |= bool((each > 0).any())
            given += np.maximum(each, 0.0) * run.recorded.flows[:, j] * run.recorded.hours
    if not touched:
        raise ValueError(f"{component} gives nothing to '{bus}'; name a store and its bus")
    return pd.Series(given).groupby(local_months(run, run.recorded.t0)).sum()


@dataclass(frozen=True)
class Grant:
    """A share of a cost up to a cap, or a fixed award (share 0)."""

    place: str
    purpose: str
    share: float
    cap: float
    award: float
    currency: str
    source: str
    status: str

    def due(self, cost: float = 0.0) -> Settlement:
        """Grant on a cost [currency]."""
        money = min(check_share(self.share, "share") * check_amount(cost, "cost"), self.cap)
        lines = ((f"{self.place}: {self.purpose}", -(money + self.award)),)
        return Settlement("grant", lines, self.currency, {"cost": cost}, (self.source,))


def grant(place: str, purpose: str) -> Grant:
    """A grant of the table.

    Raises
    ------
    ValueError
        There is none; the message lists them.
    """
    for row in rows("grants"):
        if (row["place"], row["purpose"]) == (place, purpose):
            return Grant(
                place,
                purpose,
                float(row["share"]),
                float(row["cap"]),
                float(row["award"]),
                row["currency"],
                row["source"],
                row["status"],
            )
    known = "; ".join(f"{r['place']}, {r['purpose']}" for r in rows("grants"))
    raise ValueError(f"no grant of {place} for {purpose}; known: {known}")
