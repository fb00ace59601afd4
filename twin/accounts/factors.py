"""Emission factors, heating values and conversions, read from the tables beside this file.

Every row names its source and whether it was read there (verified), or not checked there or from a
copy of a copy (unverified). The mark travels with the factor into every account.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent / "tables"
CO2_PER_C = 44.0 / 12.0
"""Molar masses as all carbon accounting methods round them."""

SETS = ("guides", "database")


@dataclass(frozen=True)
class Factor:
    """A number with its unit and where it comes from.

    Attributes
    ----------
    value : float
    unit, source : str
    status : {"verified", "unverified", "scenario", "given"}
        Read in its source, or not; made from the scenario's own carrier; or given by the user.
    """

    value: float
    unit: str
    source: str
    status: str


@dataclass(frozen=True)
class Fuel:
    """A fossil fuel of the tables.

    Attributes
    ----------
    key, name_zh, unit : str
    ncv : float
        Net calorific value [GJ per unit].
    carbon : float
        [t C/TJ]
    oxidation : float
        Share of the carbon that burns [0-1].
    """

    key: str
    name_zh: str
    unit: str
    ncv: float
    carbon: float
    oxidation: float
    source: str
    status: str

    def per_gj(self, *, oxidised: bool = True) -> Factor:
        """CO2 per unit of energy, with the table's oxidation or with all carbon [tCO2/GJ]."""
        share = self.oxidation if oxidised else 1.0
        value = self.carbon * share * CO2_PER_C / 1000.0
        how = f"{self.carbon:.4g} tC/TJ x {share:.0%} x 44/12"
        return Factor(value, "tCO2/GJ", f"{how}; {self.source}", self.status)


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """Rows of a table, as text."""
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def fuel(key: str, factor_set: str = "guides") -> Fuel:
    """A fuel of the named set, or of the guides where the set does not hold it.

    Raises
    ------
    ValueError
        No table holds the fuel, or there is no such set.
    """
    row = _of_set("fuels", "fuel", key, factor_set)
    return Fuel(
        key,
        row["name_zh"],
        row["unit"],
        float(row["ncv"]),
        float(row["carbon"]),
        float(row["oxidation"]),
        row["source"],
        row["status"],
    )


def fuel_of_carrier(carrier: str) -> str | None:
    """Fuel class a standard carrier belongs to, or None."""
    return next((r["fuel"] for r in rows("carriers") if r["carrier"] == carrier), None)


def process(product: str, factor_set: str = "guides") -> tuple[Factor, str]:
    """Factor of a process [tCO2/t] and what it covers.

    The second value is "process", "feedstock" (fuel the process takes is in the factor),
    "anode" or "reductant" (carbon material is in the factor).
    """
    row = _of_set("processes", "product", product, factor_set)
    return _factor(row), row["covers"]


def known_products() -> frozenset[str]:
    """Products with a process factor."""
    return frozenset(r["product"] for r in rows("processes"))


def electricity(kind: str, region: str = "CN", year: int = 2022) -> Factor:
    """Factor of electricity [tCO2/MWh].

    Parameters
    ----------
    kind : {"fossil", "average", "residual"}
    region : str
        "CN", or "CN-" and a regional grid or province, such as CN-jiangsu.
    year : int

    Raises
    ------
    ValueError
        The table has none for the region and year; the message lists what there is.
    """
    found = [r for r in rows("electricity") if r["kind"] == kind and r["region"] == region]
    for row in found:
        if int(row["year"]) == year:
            return _factor(row)
    there = ", ".join(r["year"] for r in found)
    if there:
        raise ValueError(f"no {kind} electricity factor of {region} for {year}; there is {there}")
    regions = ", ".join(sorted({r["region"] for r in rows("electricity") if r["kind"] == kind}))
    raise ValueError(f"no {kind} electricity factor of '{region}'; regions: {regions}")


def heat(kind: str) -> Factor:
    """Factor of heat that is fossil, non_fossil or waste [tCO2/GJ]."""
    return _named("heat", "kind", kind)


def standard_coal(kind: str) -> Factor:
    """Conversion to standard coal: heat [tce/GJ], calorific or coal_equivalent [tce/MWh]."""
    return _named("standard_coal", "kind", kind)


def gwp(substance: str, gwp_set: str = "AR6") -> tuple[Factor, str]:
    """Global warming potential over 100 years [tCO2e/t] and the gas family of a substance."""
    sets = sorted({r["set"] for r in rows("gwp")})
    if gwp_set not in sets:
        raise ValueError(f"no GWP set '{gwp_set}'; there is {', '.join(sets)}")
    found = [r for r in rows("gwp") if r["set"] == gwp_set and r["substance"] == substance]
    if not found:
        known = ", ".join(sorted({r["substance"] for r in rows("gwp")}))
        raise ValueError(f"no GWP of '{substance}'; known: {known}")
    return _factor(found[0]), found[0]["gas"]


def other_gas(family: str, use: str, substance: str) -> Factor | None:
    """CH4 or N2O of a combustion [kg/TJ] by fuel family (gas, oil, coal, wood, biogas) and use."""
    for row in rows("other_gases"):
        if (row["family"], row["use"], row["substance"]) == (family, use, substance):
            return _factor(row)
    return None


def family(key: str) -> str:
    """Fuel family of a fuel class."""
    if key in ("natural_gas", "lng", "refinery_gas") or key.endswith("_gas"):
        return "gas"
    if "coal" in key and key != "coal_tar" or key in ("anthracite", "lignite", "coke"):
        return "coal"
    return "oil"


def headings() -> dict[str, str]:
    """Chinese words for the keys of a table."""
    return {r["key"]: r["zh"] for r in rows("headings")}


def _of_set(table: str, column: str, key: str, factor_set: str) -> dict[str, str]:
    if factor_set not in SETS:
        raise ValueError(f"no factor set '{factor_set}'; there is {', '.join(SETS)}")
    found = [r for r in rows(table) if r[column] == key]
    if not found:
        known = ", ".join(sorted({r[column] for r in rows(table)}))
        raise ValueError(f"no {column} '{key}' in the tables; known: {known}")
    return next((r for r in found if r["set"] == factor_set), found[0])


def _named(table: str, column: str, key: str) -> Factor:
    for row in rows(table):
        if row[column] == key:
            return _factor(row)
    known = ", ".join(r[column] for r in rows(table))
    raise ValueError(f"no {table} '{key}'; known: {known}")


def _factor(row: dict[str, str]) -> Factor:
    return Factor(float(row["value"]), row["unit"], row["source"], row["status"])
