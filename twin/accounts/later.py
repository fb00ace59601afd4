"""Carbon that leaves in products, and when it comes back: shown apart from every total.

What is captured and used (as methanol, urea, a carbonate) is no emission of the park's year, and no
removal either before it is known how long the product holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from models.carbon.co2_store import later_release
from twin.accounts.factors import CO2_PER_C

if TYPE_CHECKING:
    from twin.results import Run

AT_ONCE = 0.0
"""Half-life of what a park says nothing about: nothing is claimed for it [a]."""


def later(
    run: Run, half_lives: Mapping[str, float] | None = None, *, years: float = 100.0
) -> pd.DataFrame:
    """CO2 held by what left the park, and how much of it is back in the air after some years.

    Parameters
    ----------
    run : Run
    half_lives : mapping of str to float, optional
        Carrier to the time in which half of it is released [a]: infinite for a carbonate, 0 for
        fuels and urea (IPCC 2006, vol. 3, ch. 3; harvested wood products in vol. 4, eq. 12.1).
        Without one a carrier is counted as released at once.
    years : float
        Time after it left [a].

    Returns
    -------
    DataFrame
        A row a carrier that was exported or disposed of: amount [MWh or t], unit, held_tCO2,
        half_life_a, released_tCO2, kept_tCO2. None of it is part of an emission of the run.

    Raises
    ------
    ValueError
        A half-life of a carrier that did not leave, or a time below zero.
    """
    half_lives = half_lives or {}
    flows = run.ledger.flows
    leaving = set(flows.index[flows["side"].isin(["export", "disposal"])])
    entries = run.ledger.entries
    gone = entries[(entries["role"] == "outside") & entries["flow"].isin(leaving)]
    # Carriers of one name may differ from bus to bus, such as what two units make of two slags.
    content = [run.network.surroundings[place].of("carbon") * CO2_PER_C for place in gone["place"]]
    gone = gone.assign(held=gone["amount"] * content)
    found = []
    for name, rows in gone.groupby("carrier"):
        held = float(rows["held"].sum())
        if held <= 0.0:
            continue
        half = half_lives.get(str(name), AT_ONCE)
        back = later_release(held, half, years)
        amount, unit = float(rows["amount"].sum()), rows["unit"].iloc[0]
        found.append((name, amount, unit, held, half, back, held - back))
    columns = ["amount", "unit", "held_tCO2", "half_life_a", "released_tCO2", "kept_tCO2"]
    table = pd.DataFrame(found, columns=["carrier", *columns]).set_index("carrier")
    if unknown := sorted(set(half_lives) - set(table.index)):
        left = ", ".join(table.index) or "nothing with carbon"
        raise ValueError(f"no {', '.join(unknown)} left the park; what did: {left}")
    return table
