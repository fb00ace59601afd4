"""The border adjustment of the European Union, by product.

Certificates = (embedded emission - benchmark x CBAM factor) x tonnes - what was paid already. The
factor falls from 97.5 % in 2026 to 0 in 2034, as free allocation inside the Union ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from twin.accounts.factors import rows
from twin.accounts.instruments.settlement import Settlement, check_amount

FIRST, LAST = 2026, 2034


@dataclass(frozen=True, kw_only=True)
class Good:
    """A product sold to the Union in a year.

    Attributes
    ----------
    name : str
    amount : float
        [t]
    embedded : float
        Specific embedded emission, as the rules for the good count it [tCO2e/t].
    benchmark : float
        Of the European system for the good [tCO2e/t].
    default : bool
        The embedded emission is a default value, so the mark-up of the year applies.
    paid : float
        Carbon price paid where it was made, net of rebates [money per t of emission, in the
        currency of the certificate price].
    """

    name: str
    amount: float
    embedded: float
    benchmark: float
    default: bool = False
    paid: float = 0.0

    def __post_init__(self) -> None:
        for word in ("amount", "embedded", "benchmark", "paid"):
            check_amount(getattr(self, word), f"{word} of {self.name}")


def factor(year: int) -> float:
    """Share of the benchmark that is still free.

    Raises
    ------
    ValueError
        Before 2026 nothing is due.
    """
    return _row(year, "factor")


def mark_up(year: int) -> float:
    """Addition to default values of most goods, as a share."""
    return _row(year, "mark_up")


def cbam(goods: Iterable[Good], year: int, price: float) -> Settlement:
    """Certificates due for a year's goods.

    Parameters
    ----------
    goods : iterable of Good
    year : int
    price : float
        Of a certificate: the mean auction price of the European system [EUR/tCO2e].

    Raises
    ------
    ValueError
        The year is before 2026, or the price is not above zero.
    """
    if not price > 0:
        raise ValueError(f"a certificate price of {price:g} EUR/t; give one above 0")
    free, lines, figures, notes = factor(year), [], {}, []
    for good in goods:
        each = good.embedded * (1.0 + mark_up(year)) if good.default else good.embedded
        due = max(each - good.benchmark * free, 0.0) * good.amount
        already = min(good.paid / price * each * good.amount, due)
        if good.default:
            notes.append(f"{good.name}: default value with a mark-up of {mark_up(year):.0%}")
        if each < good.benchmark * free:
            notes.append(f"{good.name}: below the free benchmark; nothing is paid back")
        lines.append((good.name, (due - already) * price))
        figures[f"{good.name} certificates"] = due - already
    return Settlement("CBAM", tuple(lines), "EUR", figures, tuple(notes))


def _row(year: int, column: str) -> float:
    if year < FIRST:
        raise ValueError(f"no certificates are due for {year}; they begin with {FIRST}")
    for row in rows("cbam"):
        if int(row["year"]) == min(year, LAST):
            return float(row[column])
    raise ValueError(f"the table of CBAM factors lacks {year}")
