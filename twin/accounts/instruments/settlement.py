"""What an instrument costs or earns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Settlement:
    """Money of an instrument over a period.

    Attributes
    ----------
    instrument : str
    lines : tuple of (str, float)
        Item and money [currency]; positive is paid by the park.
    currency : str
    figures : mapping of str to float
        What stands behind the money; the name tells the unit.
    notes : tuple of str
        What the rule cut off, and what of it was not read in its source.
    """

    instrument: str
    lines: tuple[tuple[str, float], ...]
    currency: str
    figures: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def money(self) -> float:
        """Net cost [currency]."""
        return sum(value for _, value in self.lines)

    def into(self, currency: str, rate: float) -> Settlement:
        """The same in another currency; `rate` is what one unit of the old is worth in the new.

        Raises
        ------
        ValueError
            The rate is not above zero.
        """
        if not rate > 0:
            raise ValueError(f"an exchange rate of {rate:g}; give {currency} per {self.currency}")
        lines = tuple((item, value * rate) for item, value in self.lines)
        note = f"1 {self.currency} = {rate:g} {currency}"
        return replace(self, lines=lines, currency=currency, notes=(*self.notes, note))


def check_share(value: float, name: str) -> float:
    """A share, or the complaint that it is none.

    Raises
    ------
    ValueError
        Not within 0 to 1.
    """
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name} is {value:g}; give a share from 0 to 1")
    return value


def check_amount(value: float, name: str) -> float:
    """An amount of at least zero, or the complaint that it is none.

    Raises
    ------
    ValueError
        Below zero or not a number.
    """
    if not value >= 0.0:
        raise ValueError(f"{name} is {value:g}; give an amount of at least 0")
    return value
