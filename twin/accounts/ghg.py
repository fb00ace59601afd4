"""GHG Protocol corporate inventory: scopes 1 to 3, seven gases, scope 2 by place and by market."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from twin.accounts import factors
from twin.accounts.activity import Activities, Use
from twin.accounts.entries import TINY
from twin.accounts.factors import Factor
from twin.accounts.ghg_direct import scope_1
from twin.accounts.inventory import CATEGORIES, Inventory, Rows
from twin.accounts.meter import Meters
from twin.accounts.power import check_buyers, power

if TYPE_CHECKING:
    from twin.results import Run

METHOD = "ghg"


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the ledger cannot show.

    Attributes
    ----------
    scope2 : {"market", "location"}
        Which one stands in the total; both are reported.
    gwp : {"AR6", "AR5"}
        Set of 100-year global warming potentials.
    region, factors : str, int
        Grid and year of the location-based factor, such as "CN-jiangsu" and 2022; a park outside
        China has to give `grid_factor` or `hourly_factor`.
    grid_factor : float, optional
        Location-based factor instead of the table's [tCO2/MWh].
    hourly_factor : array_like, optional
        Location-based factor by hour of the run [tCO2/MWh], instead of the table's.
    residual : float, optional
        Market-based factor of power without an instrument [tCO2/MWh]; China's of 2023 by default.
    contracts : mapping of str to float
        Market-based factor of the power a component buys [tCO2/MWh]: supplier mix, PPA.
    direct_lines, green_power, certificates_MWh, fuels, heat, products : as in the NDRC account;
        the factor of a contract goes before green power.
    fugitive : mapping of str to float
        Tonnes of each substance lost to the air, such as {"HFC-134a": 0.12, "CF4": 0.03}.
    scope3 : mapping
        Factors by flow or carrier that crosses the fence [tCO2e per MWh or t].
    scope3_given : mapping of int to float
        Categories the ledger cannot see [tCO2e], by number 1 to 15.
    """

    scope2: str = "location"
    gwp: str = "AR6"
    region: str = "CN"
    factors: int = 2022
    grid_factor: float | None = None
    hourly_factor: Any = None
    residual: float | None = None
    contracts: Mapping[str, float] = field(default_factory=dict)
    direct_lines: tuple[str, ...] = ()
    green_power: tuple[str, ...] = ()
    certificates_MWh: float = 0.0
    fuels: Mapping[str, str] = field(default_factory=dict)
    heat: Mapping[str, str | float] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    fugitive: Mapping[str, float] = field(default_factory=dict)
    scope3: Mapping[str, float] = field(default_factory=dict)
    scope3_given: Mapping[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.scope2 not in ("market", "location"):
            raise ValueError(f"scope2 '{self.scope2}': choose market or location")
        wrong = sorted(set(self.scope3_given) - set(CATEGORIES))
        if wrong:
            raise ValueError(f"scope 3 has no category {wrong[0]}; it has 1 to 15")
        if self.certificates_MWh < 0:
            raise ValueError(f"certificates_MWh is {self.certificates_MWh:g}; give at least 0")


def ghg(run: Run, choices: Choices | None = None) -> Inventory:
    """Inventory of a run under the GHG Protocol.

    Raises
    ------
    ValueError
        A substance, region, fuel, product or contract the tables or the run do not know.
    """
    choices = choices or Choices()
    activities = Activities(run, choices.fuels)
    rows = Rows(choices.gwp)
    scope_1(rows, activities, choices)
    _scope_2(rows, run, activities, choices)
    _scope_3(rows, activities, choices)
    printed = {
        "GWP": f"{choices.gwp}, 100 years",
        "scope 2 in the total": choices.scope2,
        "location": _place(choices),
        "fuels": "factors of the Chinese sector guides, with their oxidation",
        "exports": "not subtracted; shown as memo",
    }
    return Inventory(pd.DataFrame(rows.rows), choices.scope2, printed)


def _place(choices: Choices) -> str:
    if choices.hourly_factor is not None:
        return "hourly factor given"
    if choices.grid_factor is not None:
        return f"{choices.grid_factor:g} tCO2/MWh given"
    return f"{choices.region}, {choices.factors}"


def _scope_2(rows: Rows, run: Run, activities: Activities, choices: Choices) -> None:
    electricity = power(run, activities, choices.direct_lines)
    wrong = sorted(set(choices.contracts) - {u.component for u in electricity.imports})
    if wrong:
        raise ValueError(f"contract of {', '.join(wrong)}: it buys no electricity in this run")
    check_buyers(activities, choices.green_power, "green power")
    contracts = dict.fromkeys(choices.green_power, 0.0) | dict(choices.contracts)
    category = "purchased electricity"
    grid = None if choices.hourly_factor is not None else _grid(run, choices)
    abroad = run.facts.get("country", "CN") != "CN"
    if choices.residual is None and abroad and grid is not None:
        residual = Factor(grid.value, grid.unit, "no residual given: the grid's mean", "given")
    elif choices.residual is None:
        residual = factors.electricity("residual", "CN", 2023)
    else:
        residual = Factor(choices.residual, "tCO2/MWh", "residual given by the user", "given")
    open_ = [
        u
        for u in electricity.imports
        if u.component not in electricity.direct_lines and u.component not in contracts
    ]
    bought = sum(u.amount for u in open_)
    green = min(choices.certificates_MWh, bought)
    for use in electricity.imports:
        by_place = grid or _hourly(run, activities, use, choices)
        if use.component in electricity.direct_lines:
            by_place = Factor(0.0, "tCO2/MWh", "direct line, no grid between", "given")
        rows.add(2, category, "bought", use, use.amount, "MWh", by_place, basis="location")
        if use.component in electricity.direct_lines:
            own = Factor(0.0, "tCO2/MWh", "direct line of non-fossil plant", "given")
            rows.add(2, category, "direct line", use, use.amount, "MWh", own, basis="market")
        elif use.component in contracts:
            given = use.component in choices.contracts
            why = "contract" if given else "green power, certificates of the supplier"
            own = Factor(contracts[use.component], "tCO2/MWh", why, "given")
            rows.add(2, category, "contract", use, use.amount, "MWh", own, basis="market")
        else:
            part = green * use.amount / bought if bought > 0 else 0.0
            zero = Factor(0.0, "tCO2/MWh", "green certificate, 1 MWh each", "given")
            if part > TINY:
                rows.add(2, category, "certificates", use, part, "MWh", zero, basis="market")
            rest = use.amount - part
            rows.add(2, category, "no instrument", use, rest, "MWh", residual, basis="market")
    for use in activities.crossing("import", "heat", "steam"):
        origin = choices.heat.get(use.component, "fossil")
        factor = (
            factors.heat(origin)
            if isinstance(origin, str)
            else Factor(float(origin), "tCO2/GJ", "measured, given by the user", "given")
        )
        rows.add(2, "purchased heat and steam", use.carrier.name, use, use.gj, "GJ", factor)
    for use in electricity.exports:
        zero = Factor(0.0, "tCO2/MWh", "the buyer counts it", "given")
        rows.add(2, "sold electricity", "sold", use, use.amount, "MWh", zero, basis="memo")


def _grid(run: Run, choices: Choices) -> Factor:
    if choices.grid_factor is not None:
        return Factor(choices.grid_factor, "tCO2/MWh", "grid factor given by the user", "given")
    country = run.facts.get("country", "CN")
    if country != "CN" and choices.region.startswith("CN"):
        raise ValueError(
            f"the park lies in {country} and the tables hold the grids of China only; "
            "give grid_factor or hourly_factor [tCO2/MWh]"
        )
    return factors.electricity("average", choices.region, choices.factors)


def _hourly(run: Run, activities: Activities, use: Use, choices: Choices) -> Factor:
    """Mean of the hourly factor, weighted by what was bought."""
    meters = Meters(run)
    series = np.asarray(choices.hourly_factor, float)
    if series.shape != (meters.n,):
        raise ValueError(
            f"hourly_factor has shape {series.shape}; the run has {meters.n} intervals "
            f"of {meters.interval_s // 3600} h"
        )
    own = [e for e in activities.flows[use.flow] if e.outside and e.of_kind("electricity")]
    bought = -meters.total(own)
    mean = float(series @ bought) / float(bought.sum())
    return Factor(mean, "tCO2/MWh", "hourly factor given, weighted by purchases", "given")


def _scope_3(rows: Rows, activities: Activities, choices: Choices) -> None:
    for side in ("import", "export", "disposal"):
        for use in activities.crossing(side):
            energy = {"fuel", "electricity", "heat", "steam"} & set(use.carrier.kind.split("|"))
            if side == "import":
                number = 3 if energy else 1
            elif side == "disposal":
                number = 5
            else:
                number = 11 if energy else 10
            value = choices.scope3.get(use.flow, choices.scope3.get(use.carrier.name))
            category, unit = f"{number} {CATEGORIES[number]}", use.carrier.amount_unit
            basis = "both" if value is not None else "no factor"
            factor = Factor(
                float(value or 0.0),
                f"tCO2e/{unit}",
                "given by the user" if value is not None else "",
                "given",
            )
            rows.add(3, category, use.carrier.name, use, use.amount, unit, factor, "CO2e", basis)
    for number, tonnes in sorted(choices.scope3_given.items()):
        one = Factor(1.0, "tCO2e/tCO2e", "given by the user", "given")
        category = f"{number} {CATEGORIES[number]}"
        rows.add(3, category, "given", None, tonnes, "tCO2e", one, "CO2e")
