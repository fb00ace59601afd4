"""What a unit of a product costs on the life of its plant: LCOE, LCOH, LCOHeat of a component.

One formula for all: annuity of the plant with replacement, fixed cost, variable cost, what the
component takes from buses at a price, less what it gives beside the product at a price, over the
product. The run gives amounts; a run shorter than a year is scaled to 8760 h.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from twin.accounts.entries import TINY
from twin.accounts.investment import Asset, annuity_factor, outlays, present_value
from twin.accounts.money import HOURS_PER_YEAR

if TYPE_CHECKING:
    from twin.results import Run


@dataclass(frozen=True)
class Levelised:
    """Levelised cost of what a component gives to a bus.

    Attributes
    ----------
    component, place, unit : str
        The unit is currency per MWh or t.
    amount : float
        Product per year [MWh or t].
    parts : Series
        capital, fixed, variable, inputs by bus, co-products by bus [unit]; the sum is the cost.
    mass : float
        Tonnes per unit of the product, for a price by weight.
    """

    component: str
    place: str
    unit: str
    amount: float
    parts: pd.Series
    mass: float = 0.0

    @property
    def cost(self) -> float:
        """Levelised cost [currency per MWh or t]."""
        return float(self.parts.sum())

    @property
    def per_kg(self) -> float:
        """Levelised cost by weight [currency/kg], as hydrogen is quoted; NaN for what has none."""
        return self.cost / (1000.0 * self.mass) if self.mass > 0 else float("nan")


def levelised(
    run: Run,
    component: str,
    place: str,
    assets: Iterable[Asset],
    *,
    rate: float,
    years: int = 20,
    prices: Mapping[str, float] | None = None,
) -> Levelised:
    """Levelised cost of what a component gives to a bus.

    Parameters
    ----------
    run : Run
    component, place : str
        Who makes it, and the bus that receives it.
    assets : iterable of Asset
        Plant of the component, in the run's currency; those of other components are left out.
    rate : float
        Discount rate.
    years : int
        Horizon [a].
    prices : mapping of str to float
        What a unit taken from, or given beside the product to, a bus is worth [currency per MWh or
        t], such as {"electricity": 520}. A bus of no worth is named with 0.

    Raises
    ------
    ValueError
        The component gives nothing there, or a bus has no price.
    """
    scale = HOURS_PER_YEAR / float(run.recorded.hours.sum())
    entries = run.ledger.entries
    own = entries[(entries["component"] == component) & (entries["role"] == "bus")]
    amounts = own.groupby("place")["amount"].sum() * scale
    product = float(amounts.get(place, 0.0))
    if not product > TINY:
        known = ", ".join(amounts.index[amounts > TINY]) or "nothing"
        raise ValueError(f"{component} gives nothing to '{place}'; it gives to: {known}")
    prices = prices or {}
    others = amounts.drop(place)
    others = others[np.abs(others) > TINY * scale]
    unpriced = sorted(set(others.index) - set(prices))
    if unpriced:
        raise ValueError(
            f"{component} also moves {', '.join(unpriced)}; give prices=... for each, "
            "0 where it is worth nothing"
        )
    mine = [asset for asset in assets if asset.component in ("", component)]
    wrong = sorted({a.currency for a in mine} - {str(run.facts["currency"])})
    if wrong:
        raise ValueError(f"plant in {', '.join(wrong)}; the run counts {run.facts['currency']}")
    factor = annuity_factor(rate, years)
    flows = run.ledger.flows
    variable = float(flows.loc[flows["component"] == component, "cost"].sum()) * scale
    parts = {
        "capital": sum(present_value(outlays(a, years), rate) for a in mine) / factor,
        "fixed": sum(a.fixed for a in mine),
        "variable": variable,
    }
    for bus, amount in others.items():
        word = "taken" if amount < 0 else "co-product"
        parts[f"{word}: {bus}"] = -float(amount) * prices[str(bus)]
    carrier = run.network.carrier(place)
    return Levelised(
        component,
        place,
        f"{run.facts['currency']}/{carrier.amount_unit}",
        product,
        pd.Series(parts, dtype=float) / product,
        carrier.of("mass"),
    )
