"""How green is the power, and which assumption says so: annual, monthly and hourly matching."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from twin.accounts.activity import Activities
from twin.accounts.contracts import contracted as contracts_of
from twin.accounts.entries import TINY
from twin.accounts.meter import Meters
from twin.accounts.power import check_buyers, power

if TYPE_CHECKING:
    from twin.results import Run

PERIODS = ("annual", "monthly", "hourly")


@dataclass(frozen=True)
class Matching:
    """Shares of the park's use that renewables match.

    Attributes
    ----------
    table : DataFrame
        One row a claim: period, storage ("counted" or "not counted"), matched, supply and use
        [MWh], share [0-1].
    target : float
        The share a claim has to reach [0-1].
    hourly : DataFrame
        supply, use, stored, released (renewable part) and matched [MWh] by hour.
    """

    table: pd.DataFrame
    target: float
    hourly: pd.DataFrame

    def share(self, period: str, storage: str = "not counted") -> float:
        """Matched share of a claim."""
        rows = self.table[(self.table["period"] == period) & (self.table["storage"] == storage)]
        return float(rows["share"].iloc[0])

    @property
    def score(self) -> float:
        """24/7 score: share of use matched in its own hour, storage counted [0-1]."""
        return self.share("hourly", "counted")

    @property
    def deciding(self) -> str:
        """The assumption the claim stands or falls with, in words."""
        shares = {(p, s): self.share(p, s) for p in PERIODS for s in ("counted", "not counted")}
        passing = {key for key, share in shares.items() if share >= self.target}
        if not passing:
            best = max(shares.values())
            return f"none: no way of matching reaches {self.target:.0%} (the best gives {best:.1%})"
        if len(passing) == len(shares):
            worst = min(shares.values())
            return f"none: every way of matching reaches {self.target:.0%} (the worst {worst:.1%})"
        if passing == {key for key in shares if key[1] == "counted"}:
            return (
                f"storage attribution: {self.target:.0%} is reached only where storage is counted"
            )
        reached = [p for p in PERIODS if (p, "not counted") in passing]
        lost = next(p for p in PERIODS if p not in reached)
        if (lost, "counted") in passing:
            return (
                f"storage attribution in {lost} matching: {shares[lost, 'counted']:.1%} with it, "
                f"{shares[lost, 'not counted']:.1%} without"
            )
        before = reached[-1] if reached else lost
        return (
            f"the matching period: {before} gives {shares[before, 'not counted']:.1%}, "
            f"{lost} gives {shares[lost, 'not counted']:.1%}"
        )

    def __str__(self) -> str:
        lines = []
        for row in self.table.to_dict(orient="records"):
            how = f"{row['period']:<9}storage {row['storage']:<12}{row['share']:8.1%}"
            lines.append(f"{how}  {row['matched']:,.0f} of {row['use']:,.0f} MWh")
        lines += [f"24/7 score: {self.score:.1%}", f"deciding assumption: {self.deciding}"]
        return "\n".join(lines)


def matching(
    run: Run,
    *,
    target: float = 1.0,
    direct_lines: tuple[str, ...] | None = None,
    green_power: tuple[str, ...] | None = None,
    contracted: Mapping[str, np.ndarray] | None = None,
    certificates_MWh: float | None = None,  # noqa: N803
) -> Matching:
    """Match non-fossil power with use over a year, each month and each hour.

    Use is what loads take, so the shares of all claims have one denominator. Where storage is not
    counted, supply matches loads of its own period only; where it is, storage carries surplus to
    later hours and its losses are lost. Sold power matches nothing: exports are taken from
    non-fossil power first.

    Parameters
    ----------
    run : Run
    target : float
        Share the claim is held against [0-1].
    direct_lines, green_power : tuple of str, optional
        Components whose import is a direct line of non-fossil power, or traded green power; by
        default those of the scenario's contracts.
    contracted : mapping of str to array_like, optional
        Hourly profiles of power bought by contract through the grid [MWh per interval].
    certificates_MWh : float, optional
        Certificates retired; by default those of the scenario's contracts. Like those of green
        power they bear no time stamp: they match the year and nothing shorter.

    Raises
    ------
    ValueError
        A profile has another length than the run, or the target lies outside 0 to 1.
    """
    if not 0 < target <= 1:
        raise ValueError(f"target is {target:g}; give a share above 0, at most 1")
    given: dict[str, Any] = {
        "direct_lines": direct_lines,
        "green_power": green_power,
        "certificates_MWh": certificates_MWh,
    }
    choices = contracts_of(run, {key: v for key, v in given.items() if v is not None})
    lines, green = choices.get("direct_lines", ()), choices.get("green_power", ())
    activities = Activities(run)
    electricity = power(run, activities, lines)
    check_buyers(activities, green, "green power")
    unstamped = choices.get("certificates_MWh", 0.0) + sum(
        use.amount for use in electricity.imports if use.component in {*green} - {*lines}
    )
    meters = Meters(run)
    supply = electricity.direct.copy()
    for name, profile in (contracted or {}).items():
        series = np.asarray(profile, float)
        if series.shape != (meters.n,) or series.min() < 0:
            raise ValueError(
                f"contract '{name}': shape {series.shape}, lowest {series.min():g}; give "
                f"{meters.n} amounts of at least 0 MWh, one for {meters.interval_s // 3600} h each"
            )
        supply += series
    charged, discharged = _storage(activities, meters, set(run.network.buses))
    # What was made and bought and not sold went to loads, and to stores less what they gave back.
    loads = np.maximum(electricity.use - charged + discharged, 0.0)
    stored, released = attribute(supply, loads, charged, discharged)
    delivered = np.maximum(supply - stored, 0.0) + released
    months = meters.months
    rows = []
    for period in PERIODS:
        groups = {
            "annual": np.zeros(meters.n, int),
            "monthly": months - (months[0] if meters.n else 0),
            "hourly": np.arange(meters.n),
        }[period]
        extra = unstamped if period == "annual" else 0.0
        for storage, have in (("not counted", supply), ("counted", delivered)):
            a, b = np.bincount(groups, weights=have), np.bincount(groups, weights=loads)
            matched = float(np.minimum(a + extra, b).sum())
            total = float(b.sum())
            rows.append(
                {
                    "period": period,
                    "storage": storage,
                    "matched": matched,
                    "supply": float(a.sum()) + extra,
                    "use": total,
                    "share": matched / total if total > TINY else float("nan"),
                }
            )
    hourly = pd.DataFrame(
        {
            "supply": supply,
            "use": loads,
            "stored": stored,
            "released": released,
            "matched": np.minimum(delivered, loads),
        }
    )
    return Matching(pd.DataFrame(rows), target, hourly)


def attribute(
    supply: np.ndarray, loads: np.ndarray, charged: np.ndarray, discharged: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Renewable part of what storage takes and gives [MWh by hour].

    Storage takes surplus: supply beyond the loads of the hour. It gives renewable power in the
    share of its content, which mixes fully; its losses fall on both parts alike.

    Returns
    -------
    stored, released : ndarray, shape (n,)
    """
    stored = np.minimum(charged, np.maximum(supply - loads, 0.0))
    released = np.zeros_like(supply)
    total_in, total_out = float(charged.sum()), float(discharged.sum())
    efficiency = min(total_out / total_in, 1.0) if total_in > 0 else 1.0
    green = content = 0.0
    for t in range(len(supply)):
        green += stored[t] * efficiency
        content += charged[t] * efficiency
        if discharged[t] > 0 and content > TINY:
            out = min(discharged[t], content)
            released[t] = out * green / content
            green -= released[t]
            content -= out
    return stored, released


def _storage(
    activities: Activities, meters: Meters, buses: set[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Electricity that storage took from and gave to buses [MWh by hour]."""
    rows = [
        e
        for e in activities.entries
        if e.activity == "storage" and not e.outside and e.of_kind("electricity")
    ]
    rows = [e for e in rows if e.place in buses]
    back = {e.component for e in rows if e.amount > 0}
    # Ice and heat stores take power and give none back: for electricity they are loads.
    charge = [e for e in rows if e.amount < 0 and e.component in back]
    return -meters.total(charge), meters.total(e for e in rows if e.amount > 0)
