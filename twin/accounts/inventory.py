"""A greenhouse gas inventory: rows by scope, category, gas and basis, and their totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from twin.accounts import factors
from twin.accounts.activity import Use
from twin.accounts.factors import Factor

GASES = ("CO2", "CH4", "N2O", "HFCs", "PFCs", "SF6", "NF3")
CATEGORIES = {
    1: "purchased goods and services",
    2: "capital goods",
    3: "fuel- and energy-related activities",
    4: "upstream transport",
    5: "waste from operations",
    6: "business travel",
    7: "employee commuting",
    8: "upstream leased assets",
    9: "downstream transport",
    10: "processing of sold products",
    11: "use of sold products",
    12: "end of life of sold products",
    13: "downstream leased assets",
    14: "franchises",
    15: "investments",
}
"""Scope 3 of the GHG Protocol Corporate Value Chain Standard (2011)."""


@dataclass(frozen=True, repr=False)
class Inventory:
    """A GHG inventory of a run.

    Attributes
    ----------
    table : DataFrame
        scope, category, item, flow, component, gas, amount, unit, factor, factor_unit, tonnes of
        the gas, tCO2e, basis ("both", "location", "market", "biogenic", "memo" or "no factor"),
        source, status.
    scope2 : str
        Which basis stands in the total.
    choices : dict of str to str
    """

    table: pd.DataFrame
    scope2: str
    choices: dict[str, str]
    method: str = "ghg"

    def scope(self, number: int, basis: str | None = None) -> float:
        """Total of a scope [tCO2e]; scope 2 on the chosen basis unless another is named."""
        rows = self.table[self.table["scope"] == number]
        wanted = ("both", basis or self.scope2)
        return float(rows.loc[rows["basis"].isin(wanted), "tCO2e"].sum())

    @property
    def total_tCO2e(self) -> float:  # noqa: N802
        """Scopes 1 and 2 on the chosen basis, and what of scope 3 has a factor [tCO2e]."""
        return sum(self.scope(number) for number in (1, 2, 3))

    @property
    def both(self) -> pd.Series:
        """Scope 2 by place and by market, and the difference [tCO2e]."""
        location, market = self.scope(2, "location"), self.scope(2, "market")
        return pd.Series(
            {"location": location, "market": market, "market - location": market - location}
        )

    @property
    def gases(self) -> pd.DataFrame:
        """tCO2e by scope (rows) and gas (columns), on the chosen basis."""
        counted = self.table[self.table["basis"].isin(("both", self.scope2))]
        wide = counted.pivot_table(index="scope", columns="gas", values="tCO2e", aggfunc="sum")
        return wide.reindex(index=[1, 2, 3], columns=list(GASES)).fillna(0.0)

    @property
    def biogenic_tCO2(self) -> float:  # noqa: N802
        """CO2 of biogenic carbon, reported outside the scopes [tCO2]."""
        return float(self.table.loc[self.table["basis"] == "biogenic", "tonnes"].sum())

    @property
    def without_factor(self) -> list[str]:
        """Flows across the fence that scope 3 would count, had they a factor."""
        return sorted(self.table.loc[self.table["basis"] == "no factor", "flow"])

    def __repr__(self) -> str:
        total = f"{self.method}: {self.total_tCO2e:,.1f} tCO2e"
        return f"Inventory({total} in {len(self.table)} rows; print it for the whole)"

    def __str__(self) -> str:
        lines = [f"{self.method}: {self.total_tCO2e:,.1f} tCO2e"]
        lines += [f"  scope {n}: {self.scope(n):,.1f}" for n in (1, 2, 3)]
        lines += [f"  scope 2, {name}: {value:,.1f}" for name, value in self.both.items()]
        lines.append(f"  biogenic CO2, outside the scopes: {self.biogenic_tCO2:,.1f} t")
        lines += [f"  choice: {name}: {value}" for name, value in self.choices.items()]
        if self.without_factor:
            lines.append(f"  no scope 3 factor given: {', '.join(self.without_factor)}")
        return "\n".join(lines)


class Rows:
    """Rows of an inventory while it is being written."""

    def __init__(self, gwp: str) -> None:
        self.gwp = gwp
        self.rows: list[dict[str, Any]] = []

    def add(
        self,
        scope: int,
        category: str,
        item: str,
        use: Use | None,
        amount: float,
        unit: str,
        factor: Factor,
        substance: str = "CO2",
        basis: str = "both",
        per: float = 1.0,
    ) -> None:
        """A row; tonnes = amount x factor / per; CO2e factors come as substance "CO2e"."""
        tonnes = amount * factor.value / per
        if substance == "CO2e":
            warming, gas = Factor(1.0, "tCO2e/t", "", "given"), "CO2"
        else:
            warming, gas = factors.gwp(substance, self.gwp)
        marks = {factor.status, warming.status if warming.source else factor.status}
        self.rows.append(
            {
                "scope": scope,
                "category": category,
                "item": item,
                "flow": use.flow if use else "",
                "component": use.component if use else "",
                "gas": gas,
                "amount": amount,
                "unit": unit,
                "factor": factor.value,
                "factor_unit": factor.unit,
                "tonnes": tonnes,
                "tCO2e": 0.0 if basis in ("biogenic", "no factor") else tonnes * warming.value,
                "basis": basis,
                "source": "; ".join(x for x in (factor.source, warming.source) if x),
                "status": "unverified" if "unverified" in marks else factor.status,
            }
        )
