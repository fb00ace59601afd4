"""The plant of a run and what it costs, from its scenario and a table of technology data.

The table (`tables/investment.csv`) names a source, a currency and a price year in every row. A
model may have several technologies; the first row is taken unless another is chosen. What has no
row is named, never left at zero. Figures are for plant of the size the source has in mind: give
`costs` for what is much smaller. The source states no price year of its own; EUR of 2020 follows
from its README (uniform years) and from data of 2015 appearing 5.8 % higher, as prices rose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from twin.accounts.factors import rows
from twin.accounts.investment import Asset
from twin.scenario.units import convert

if TYPE_CHECKING:
    from twin.results import Run

FREE = frozenset(
    ["grid", "purchase", "sale", "disposal", "inflow", "release", "demand", "electricity_demand"]
    + ["heat_demand", "cooling_demand", "steam_demand", "water_demand"]
)
"""Models that are no plant of the park: trade across the fence, and demands."""


@dataclass(frozen=True)
class Equipment:
    """The plant of a run.

    Attributes
    ----------
    assets : tuple of Asset
        In one currency.
    without_cost : tuple of str
        Components that are plant and have no row in the table.
    """

    assets: tuple[Asset, ...]
    without_cost: tuple[str, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row an asset: size, investment [currency], fixed cost [currency/a], life [a]."""
        found = [
            {
                "component": a.component,
                "asset": a.name,
                "size": a.size,
                "unit": a.unit,
                "unit_cost": a.unit_cost,
                "investment": a.investment,
                "fixed": a.fixed,
                "lifetime": a.lifetime,
                "currency": a.currency,
                "price_year": a.price_year,
                "source": a.source,
                "status": a.status,
            }
            for a in self.assets
        ]
        return pd.DataFrame(found)


def equipment(
    run: Run,
    *,
    technologies: Mapping[str, str] | None = None,
    costs: Mapping[str, Asset] | None = None,
    exchange: Mapping[str, float] | None = None,
) -> Equipment:
    """Plant of a run with its investment.

    Parameters
    ----------
    run : Run
    technologies : mapping of str to str, optional
        Technology of the table by component, such as {"pv_field": "utility_pv"}.
    costs : mapping of str to Asset, optional
        What is known better, by component; it replaces the table.
    exchange : mapping of str to float, optional
        What one unit of a currency of the table is worth in the run's currency, {"EUR": 7.8}. Money
        of other years is not escalated; the price year stands in every row.

    Raises
    ------
    ValueError
        A currency without a rate, or a component or technology that is not there.
    """
    from ruamel.yaml import YAML

    scenario: dict[str, Any] = YAML(typ="safe", pure=True).load(run.scenario)
    parts: dict[str, dict[str, Any]] = scenario["components"]
    technologies, costs = technologies or {}, costs or {}
    unknown = sorted((set(technologies) | set(costs)) - set(parts))
    if unknown:
        raise ValueError(f"no component {', '.join(unknown)}; there is {', '.join(sorted(parts))}")
    currency = str(run.facts["currency"])
    assets: list[Asset] = []
    missing = []
    for name, spec in sorted(parts.items()):
        if name in costs:
            assets.append(costs[name])
            continue
        if spec["model"] in FREE:
            continue
        found = [row for row in rows("investment") if row["model"] == spec["model"]]
        if not found:
            missing.append(name)
            continue
        known = list(dict.fromkeys(row["technology"] for row in found))
        chosen = technologies.get(name, known[0])
        if chosen not in known:
            raise ValueError(
                f"{name} is a {spec['model']}: no technology '{chosen}'; "
                f"there is {', '.join(known)}"
            )
        chosen_rows = [row for row in found if row["technology"] == chosen]
        if any(row["key"] not in spec for row in chosen_rows):
            missing.append(name)
            continue
        rate = _rate(chosen_rows[0]["currency"], currency, exchange or {})
        assets += [_asset(name, row, spec[row["key"]], currency, rate) for row in chosen_rows]
    return Equipment(tuple(assets), tuple(missing))


def _asset(name: str, row: Mapping[str, str], size: Any, currency: str, rate: float) -> Asset:
    text = size["value"] if isinstance(size, dict) else size
    foreign = row["currency"] != currency
    exchanged = f"; 1 {row['currency']} = {rate:g} {currency}" if foreign else ""
    note = f"; {row['note']}" if row["note"] else ""
    return Asset(
        f"{name}: {row['part']}",
        convert(text, row["unit"]),
        row["unit"],
        float(row["investment"]) * rate,
        float(row["lifetime"]),
        float(row["fixed_share"]),
        component=name,
        currency=currency,
        price_year=int(row["price_year"]),
        source=row["source"] + note + exchanged,
        status=row["status"],
    )


def _rate(given: str, wanted: str, exchange: Mapping[str, float]) -> float:
    if given == wanted:
        return 1.0
    if given not in exchange:
        raise ValueError(
            f"costs are in {given}, the run counts {wanted}; give exchange={{'{given}': <{wanted} "
            f"per {given}>}}"
        )
    return float(exchange[given])
