"""Covering use with green certificates from the register: oldest first, none past its life."""

from __future__ import annotations

from dataclasses import dataclass

from twin.accounts.certificates import CertificateBook
from twin.accounts.instruments.settlement import Settlement, check_amount


@dataclass(frozen=True, kw_only=True)
class GreenCertificates:
    """A market for green certificates; one is one MWh.

    Attributes
    ----------
    price : float
        Of a certificate bought [currency/MWh].
    life : int
        Years after the month of generation in which one may be retired: 2 (unverified).
    currency : str
    """

    price: float
    life: int = 2
    currency: str = "CNY"

    def cover(
        self, book: CertificateBook, owner: str, month: str, use: float, *, buy: bool = True
    ) -> Settlement:
        """Retire certificates for use up to the end of a month [MWh]; buy what is missing.

        Parameters
        ----------
        book : CertificateBook
            Its periods are months, "2025-03".
        owner : str
        month : str
            In which they are retired, "2025-12".
        use : float
            Consumption to cover [MWh].
        buy : bool
            Whether to buy what the owner lacks; else it stays uncovered.
        """
        left = check_amount(use, "use")
        now = _months(month)
        expired = 0.0
        for who, plant, period in sorted(book.held, key=lambda key: (key[2], key[1])):
            amount = book.held[who, plant, period]
            age = now - _months(period)
            if who != owner or amount <= 0 or age < 0:
                continue
            if age > 12 * self.life:
                expired += amount
                continue
            taken = min(amount, left)
            if taken > 0:
                book.retire(plant, period, taken, owner)
                left -= taken
        bought = left if buy else 0.0
        if bought > 0:
            # Made elsewhere in that month, bought and retired at once.
            seller = f"market for {owner}"
            made = book.issued.get((seller, month), 0.0) + bought
            book.issue(seller, month, bought, made, owner)
            book.retire(seller, month, bought, owner)
        notes = () if not expired else (f"{expired:g} MWh are past {self.life} years",)
        figures = {
            "used MWh": use,
            "covered MWh": use - left + bought,
            "bought MWh": bought,
            "expired MWh": expired,
        }
        lines = (("certificates bought", bought * self.price),)
        return Settlement("green certificates", lines, self.currency, figures, notes)


def _months(period: str) -> int:
    year, month = period.split("-")
    return 12 * int(year) + int(month)
