"""The carbon tax of Singapore: a rate by year, a threshold by facility, credits up to a share."""

from __future__ import annotations

from twin.accounts.factors import rows
from twin.accounts.instruments.settlement import Settlement, check_amount

THRESHOLD = 25_000.0
"""Emission from which a facility is taxed, on all of it [tCO2e/a]."""

CREDIT_CAP = 0.05
"""Share of taxable emission that international credits may cover, from 2024."""

CREDITS_SINCE = 2024


def tax_rate(year: int) -> float:
    """Rate [SGD/tCO2e].

    Raises
    ------
    ValueError
        The law has none for the year, or only a range; give the rate yourself.
    """
    for row in rows("carbon_tax"):
        if int(row["first_year"]) <= year <= int(row["last_year"]):
            low, high = float(row["low"]), float(row["high"])
            if low != high:
                raise ValueError(
                    f"for {year} the rate is only known to lie between {low:g} and {high:g} SGD/t; "
                    "give rate=..."
                )
            return low
    raise ValueError(f"no carbon tax rate is set for {year}; give rate=...")


def carbon_tax(
    emission: float, year: int, *, credits: float = 0.0, credit_price: float = 0.0,
    rate: float | None = None,
) -> Settlement:  # fmt: skip
    """Tax on the direct emission of a facility in a year.

    Parameters
    ----------
    emission : float
        [tCO2e/a]
    year : int
    credits : float
        International credits offered [tCO2e]; beyond the cap they count for nothing.
    credit_price : float
        [SGD/tCO2e]
    rate : float, optional
        Instead of the law's [SGD/tCO2e].
    """
    check_amount(emission, "emission")
    check_amount(credits, "credits")
    each = tax_rate(year) if rate is None else check_amount(rate, "rate")
    taxable = emission if emission >= THRESHOLD else 0.0
    cap = CREDIT_CAP * taxable if year >= CREDITS_SINCE else 0.0
    used = min(credits, cap)
    notes = []
    if not taxable:
        notes.append(f"{emission:g} t are below {THRESHOLD:g} t: not taxed")
    if credits > used:
        notes.append(f"{credits - used:g} of {credits:g} credits are beyond the cap")
    lines = [("carbon tax", (taxable - used) * each)]
    if used:
        lines.append(("credits", used * credit_price))
    figures = {"taxable tCO2e": taxable, "credits used tCO2e": used, "SGD/tCO2e": each}
    return Settlement("carbon tax", tuple(lines), "SGD", figures, tuple(notes))
