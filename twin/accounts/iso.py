"""The same inventory in the categories of ISO 14064-1:2018.

ISO 14064-1 is the inventory of an organisation, -2 of projects, -3 is verification. The footprint
of a product is ISO 14067, of water ISO 14046.
"""

from __future__ import annotations

import pandas as pd

from twin.accounts.inventory import GASES, Inventory

CATEGORIES = {
    1: "direct emissions and removals",
    2: "indirect emissions from imported energy",
    3: "indirect emissions from transport",
    4: "indirect emissions from products the organisation uses",
    5: "indirect emissions from the use of products of the organisation",
    6: "indirect emissions from other sources",
}
_OF_SCOPE_3 = {
    1: 4, 2: 4, 3: 4, 4: 3, 5: 4, 6: 3, 7: 3, 8: 4, 9: 3, 10: 5, 11: 5, 12: 5, 13: 5, 14: 5, 15: 5,
}  # fmt: skip
"""ISO category of each scope 3 category, after annex B of the standard."""


def iso_14064(inventory: Inventory, removals_tCO2: float = 0.0) -> pd.DataFrame:  # noqa: N803
    """Inventory by ISO category and gas.

    Parameters
    ----------
    inventory : Inventory
    removals_tCO2 : float
        Removals inside the boundary [tCO2], in a column of their own and never netted.

    Returns
    -------
    DataFrame
        One row a category: name, the seven gases and total [tCO2e], biogenic CO2 [t], removals
        [tCO2], and the share of the total whose factors are unverified.
    """
    table = inventory.table
    number = [
        _category(scope, text)
        for scope, text in zip(table["scope"], table["category"], strict=True)
    ]
    table = table.assign(iso=number)
    counted = table[table["basis"].isin(("both", inventory.scope2))]
    rows = []
    for key, name in CATEGORIES.items():
        here = counted[counted["iso"] == key]
        total = float(here["tCO2e"].sum())
        doubtful = float(here.loc[here["status"] == "unverified", "tCO2e"].sum())
        biogenic = table[(table["iso"] == key) & (table["basis"] == "biogenic")]
        by_gas = {gas: float(here.loc[here["gas"] == gas, "tCO2e"].sum()) for gas in GASES}
        rows.append(
            {"category": key, "name": name}
            | by_gas
            | {
                "total": total,
                "biogenic_tCO2": float(biogenic["tonnes"].sum()),
                "removals_tCO2": removals_tCO2 if key == 1 else 0.0,
                "unverified_share": doubtful / total if total else 0.0,
            }
        )
    return pd.DataFrame(rows).set_index("category")


def _category(scope: int, text: str) -> int:
    if scope in (1, 2):
        return scope
    return _OF_SCOPE_3[int(text.split()[0])]
