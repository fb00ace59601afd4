"""Insurance on a carbon figure: an index is drawn or measured, and a trigger pays.

It pays where sequestration, generation or a price falls below (or a price, an emission, an outage
rises above) the strike, by the unit, up to a limit. The premium is the expected payout and a
loading; the index is drawn by name, so another policy changes no draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.streams import stream
from twin.accounts.instruments.settlement import Settlement, check_amount
from twin.accounts.uncertainty import DRAWS, Input


@dataclass(frozen=True, kw_only=True)
class CarbonInsurance:
    """A policy on an index.

    Attributes
    ----------
    name : str
        Names the random stream of the index, too.
    strike : float
        [unit of the index]
    side : {"below", "above"}
        Of the strike on which it pays.
    tick : float
        Paid per unit beyond the strike [currency per unit].
    limit : float
        Most that is paid [currency].
    loading : float
        Share of the expected payout that the insurer adds to the premium.
    currency : str
    """

    name: str
    strike: float
    tick: float
    side: Literal["below", "above"] = "below"
    limit: float = float("inf")
    loading: float = 0.0
    currency: str = "CNY"

    def __post_init__(self) -> None:
        for word in ("tick", "limit", "loading"):
            check_amount(getattr(self, word), word)

    def payout(self, index: float | np.ndarray) -> np.ndarray:
        """What it pays at values of the index [currency], same shape."""
        beyond = np.asarray(index, float) - self.strike
        beyond = -beyond if self.side == "below" else beyond
        return np.asarray(np.clip(beyond * self.tick, 0.0, self.limit))

    def draw(self, expected: float, spread: Input, *, seed: int, n: int = DRAWS) -> np.ndarray:
        """Values of the index: its expectation times drawn multipliers, shape (n,)."""
        return expected * spread.draw(stream(seed, f"insurance {self.name}"), n)

    def premium(self, indices: np.ndarray) -> float:
        """Premium over draws of the index: mean payout x (1 + loading) [currency]."""
        return float(self.payout(indices).mean()) * (1.0 + self.loading)

    def settle(self, index: float, premium: float) -> Settlement:
        """Premium paid and payout received for a period in which the index came out so."""
        paid = float(self.payout(index))
        lines = (("premium", check_amount(premium, "premium")), ("payout", -paid))
        figures = {"index": index, "strike": self.strike, "triggered": float(paid > 0)}
        return Settlement(f"insurance {self.name}", lines, self.currency, figures)
