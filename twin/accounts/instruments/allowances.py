"""Emission allowances: free allocation by rule, and what compliance costs.

The national market of China obliges direct emission only; what comes with bought electricity and
heat is no part of it. `twin.engine.actors.certificates.Allowances` settles the same inside a run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.accounts.instruments.settlement import Settlement, check_amount, check_share

if TYPE_CHECKING:
    from twin.results import Run

CREDIT_CAP = 0.05
"""Of verified emission that CCER may cover (verified: ICAP, January 2024)."""

SLOPE, LIMIT = 0.15, 0.03
"""Surplus per relative distance from the balance value, and its limit (unverified: allocation plan
2024-2025 for steel, cement and aluminium, not checked there)."""


def equal_to_verified(emission: float) -> float:
    """Allocation of steel, cement and aluminium for 2024: what was verified [tCO2] (ICAP, 2025)."""
    return check_amount(emission, "emission")


def by_benchmark(output: float, benchmark: float) -> float:
    """Output-based allocation: output [t or MWh] x benchmark [tCO2 per unit]."""
    return check_amount(output, "output") * check_amount(benchmark, "benchmark")


def by_intensity(
    emission: float, intensity: float, balance: float, *, slope: float = SLOPE, limit: float = LIMIT
) -> float:
    """Allocation round the verified emission: who is better than the balance value gets a surplus.

    Parameters
    ----------
    emission : float
        Verified [tCO2].
    intensity, balance : float
        Emission per output of the firm, and the value at which nothing is over or short.
    slope, limit : float
        The surplus share is slope x (1 - intensity / balance), within +/- limit. Both defaults are
        unverified.
    """
    if not balance > 0:
        raise ValueError(f"a balance value of {balance:g}; give the sector's, above 0")
    surplus = slope * (1.0 - check_amount(intensity, "intensity") / balance)
    return check_amount(emission, "emission") * (1.0 + min(max(surplus, -limit), limit))


def direct_emission(run: Run, components: Iterable[str]) -> float:
    """Fossil CO2 that components gave to the air [tCO2], the base of an obligation.

    Raises
    ------
    ValueError
        No such component.
    """
    table, wanted = run.emissions, set(components)
    unknown = sorted(wanted - set(run.ledger.flows["component"]))
    if unknown:
        raise ValueError(f"no component {', '.join(unknown)} in this run")
    return float(table.loc[table["component"].isin(wanted), "fossil"].sum())


@dataclass(frozen=True, kw_only=True)
class AllowanceMarket:
    """A market for allowances.

    Attributes
    ----------
    price : float
        Of an allowance [currency/tCO2].
    currency : str
    credit_price : float
        What a credit costs [currency/tCO2].
    credit_cap : float
        Share of verified emission that credits may cover.
    penalty : float
        Multiple of the price paid on what is not surrendered; the allowances stay due.
        5 to 10 in China (unverified: State Council Decree 775, article 24, not checked there).
    """

    price: float
    currency: str = "CNY"
    credit_price: float = 0.0
    credit_cap: float = CREDIT_CAP
    penalty: float = 5.0

    def __post_init__(self) -> None:
        check_amount(self.price, "price")
        check_share(self.credit_cap, "credit_cap")

    def comply(
        self,
        emission: float,
        allocation: float,
        *,
        banked: float = 0.0,
        credits: float = 0.0,
        bought: float | None = None,
    ) -> Settlement:
        """Surrender for a year: (E - allocation) x price.

        Parameters
        ----------
        emission, allocation : float
            Verified direct emission and free allowances [tCO2].
        banked : float
            Allowances kept from before [tCO2].
        credits : float
            Credits offered [tCO2]; beyond the cap, or beyond what is short, none is used.
        bought : float, optional
            Allowances bought [tCO2]; by default what is short. Less draws the penalty.

        Returns
        -------
        Settlement
            A surplus is sold (negative money).
        """
        for name, value in (("emission", emission), ("allocation", allocation),
                            ("banked", banked), ("credits", credits)):  # fmt: skip
            check_amount(value, name)
        short = emission - allocation - banked
        used = min(credits, self.credit_cap * emission, max(short, 0.0))
        short -= used
        purchase = short if bought is None else min(check_amount(bought, "bought"), max(short, 0.0))
        missing = max(short - purchase, 0.0)
        lines = [("allowances", (purchase if short > 0 else short) * self.price)]
        notes = []
        if used:
            lines.append(("credits", used * self.credit_price))
        if missing:
            lines.append(("penalty", missing * self.penalty * self.price))
            lines.append(("allowances still due", missing * self.price))
        if credits > used:
            notes.append(f"{credits - used:g} of {credits:g} credits unused: cap or no need")
        figures = {
            "verified tCO2": emission,
            "allocated tCO2": allocation,
            "credits used tCO2": used,
            "bought tCO2": max(purchase, 0.0) if short > 0 else 0.0,
            "sold tCO2": max(-short, 0.0),
            "missing tCO2": missing,
        }
        return Settlement("allowances", tuple(lines), self.currency, figures, tuple(notes))
