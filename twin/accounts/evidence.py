"""What an indicator is made of: rows named after flows, and the account they come from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twin.accounts.account import CarbonAccount
from twin.accounts.activity import Activities
from twin.accounts.entries import TINY
from twin.accounts.ndrc import Choices, ndrc
from twin.accounts.power import Power, power

if TYPE_CHECKING:
    from twin.results import Run

Row = tuple[str, float, float]
"""Name of a flow, what it adds to the numerator, and to the denominator."""


@dataclass(frozen=True)
class Value:
    """An indicator of a run.

    Attributes
    ----------
    value : float
        NaN where it cannot be decided.
    formula, boundary : str
    rows : list of Row
    missing : str
        Datum that is not there; empty if none.
    status : str
        "unverified" if a factor or definition in it is.
    note : str
    """

    value: float
    formula: str
    boundary: str
    rows: list[Row] = field(default_factory=list)
    missing: str = ""
    status: str = "verified"
    note: str = ""

    def drivers(self, most: int = 3) -> list[str]:
        """The flows without which the indicator would change most, with that change."""
        top = sum(row[1] for row in self.rows)
        bottom = sum(row[2] for row in self.rows)
        plain = all(row[2] == 0 for row in self.rows)
        now = top if plain else ratio(top, bottom)
        moves = []
        for name, a, b in self.rows:
            without = top - a if plain else ratio(top - a, bottom - b)
            if math.isfinite(without) and abs(without - now) > 1e-12:
                moves.append((name, without - now))
        moves.sort(key=lambda move: (-abs(move[1]), move[0]))
        return [f"{name} ({change:+.3g} without it)" for name, change in moves[:most]]


class Evidence:
    """A run as the indicators see it: its NDRC account, its electricity, and given data.

    Parameters
    ----------
    run : Run
    choices : Choices
    data : mapping of str to float
        Figures the ledger cannot hold, by indicator or by their own name (value_added in 10^4 CNY).
    """

    def __init__(self, run: Run, choices: Choices, data: Mapping[str, float]) -> None:
        self.run, self.choices, self.data = run, choices, dict(data)
        self.activities = Activities(run, choices.fuels)
        self.account: CarbonAccount = ndrc(run, choices)
        self.power: Power = power(run, self.activities, choices.direct_lines)
        self.lines = self.account.counted
        self.per_year = 8760.0 / self.account.period_h

    @property
    def tce_per_year(self) -> float:
        """Energy consumption, scaled to 8760 h where the run is shorter or longer [tce]."""
        return self.account.tce * self.per_year


def ratio(top: float, bottom: float) -> float:
    return top / bottom if abs(bottom) > TINY else float("nan")


def quotient(
    rows: list[Row], formula: str, boundary: str, missing: str, status: str, note: str = ""
) -> Value:
    value = ratio(sum(r[1] for r in rows), sum(r[2] for r in rows))
    nothing = missing if math.isnan(value) else ""
    return Value(value, formula, boundary, rows, nothing, status, note)
