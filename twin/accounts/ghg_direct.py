"""Scope 1 of the GHG Protocol: combustion, processes and leaks inside the fence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.accounts import factors
from twin.accounts.activity import Activities, Use, in_product_factor
from twin.accounts.entries import TINY
from twin.accounts.factors import CO2_PER_C, Factor
from twin.accounts.inventory import Rows

if TYPE_CHECKING:
    from twin.accounts.ghg import Choices

METHANE_GJ = 50.03
"""LHV of methane [GJ/t] (ISO 6976)."""


def scope_1(rows: Rows, activities: Activities, choices: Choices) -> None:
    burnt, converted = activities.burning()
    products = activities.products(choices.products)
    covered = activities.covered(choices.products)
    for use in burnt:
        if in_product_factor(use, covered):
            continue
        mobile = use.activity == "transport"
        category = "mobile combustion" if mobile else "stationary combustion"
        factor = activities.fuel_factor(use.carrier)
        rows.add(1, category, use.carrier.name, use, use.gj, "GJ", factor)
        _biogenic(rows, category, use, activities)
        key = activities.fuel_class(use.carrier)
        family = factors.family(key) if key else _own_family(use)
        for substance in ("CH4", "N2O"):
            other = factors.other_gas(family, "mobile" if mobile else "stationary", substance)
            if other is not None:
                named = "CH4_fossil" if substance == "CH4" and use.carrier.fossil > 0 else substance
                rows.add(1, category, use.carrier.name, use, use.gj, "GJ", other, named, per=1e6)
    for conversion in converted:
        if conversion.flow in covered:
            continue
        taken = sum(
            u.gj * activities.fuel_factor(u.carrier, oxidised=False).value for u in conversion.taken
        )
        given = 0.0
        fossil = [u for u in conversion.taken if activities.fuel_factor(u.carrier).value > 0]
        for use in conversion.given:
            if "fuel" in use.carrier.kind.split("|"):
                given += use.gj * activities.fuel_factor(use.carrier, oxidised=False).value
            elif fossil:
                given += use.amount * use.carrier.of("carbon") * CO2_PER_C
        lost = Factor(1.0, "tCO2/tCO2", "carbon balance of the conversion", "scenario")
        rows.add(1, "process", conversion.flow, conversion.taken[0], taken - given, "tCO2", lost)
    _biogenic_without_fire(rows, activities, {use.flow for use in burnt})
    done = set()
    for use, name in products:
        rows.add(1, "process", name, use, use.amount, "t", factors.process(name)[0])
        done.add(use.flow)
    for use, tonnes in activities.minerals():
        if use.flow not in done:
            factor = Factor(
                tonnes / use.amount, f"tCO2/{use.carrier.amount_unit}", "mass balance", "scenario"
            )
            unit = use.carrier.amount_unit
            rows.add(1, "process", use.carrier.name, use, use.amount, unit, factor)
    for use in activities.crossing("emission", "fuel"):
        factor = Factor(1.0 / METHANE_GJ, "tCH4/GJ", "all energy as methane, ISO 6976", "verified")
        named = "CH4_fossil" if use.carrier.fossil > 0 else "CH4"
        rows.add(1, "fugitive", f"{use.carrier.name} vented", use, use.gj, "GJ", factor, named)
    one = Factor(1.0, "tCO2/tCO2", "CO2 that a reservoir loses", "scenario")
    for use, mineral, biogenic in activities.seeping():
        rows.add(1, "fugitive", "CO2 that seeps", use, mineral, "tCO2", one)
        if biogenic > TINY:
            rows.add(1, "fugitive", "CO2 that seeps", use, biogenic, "tCO2", one, basis="biogenic")
    for substance, tonnes in sorted(choices.fugitive.items()):
        lost = Factor(1.0, "t/t", "loss given by the user", "given")
        rows.add(1, "fugitive", substance, None, tonnes, "t", lost, substance)


def _biogenic(rows: Rows, category: str, use: Use, activities: Activities) -> None:
    carbon = use.carrier.of("carbon") * (1.0 - use.carrier.fossil)
    if carbon > 0 and activities.fuel_class(use.carrier) is None:
        unit = use.carrier.amount_unit
        factor = Factor(
            carbon * CO2_PER_C, f"tCO2/{unit}", "composition in the scenario", "scenario"
        )
        rows.add(1, category, use.carrier.name, use, use.amount, unit, factor, basis="biogenic")


def _biogenic_without_fire(rows: Rows, activities: Activities, burnt: set[str]) -> None:
    """CO2 of upgrading, digestion and treatment whose carbon is all biogenic."""
    for name, own in activities.flows.items():
        released = sum(e.amount for e in own if e.outside and e.carrier.name == "co2")
        taken = [e.carrier for e in own if not e.outside and e.amount < 0]
        fossil = any(
            c.of("carbon") > 0 and (c.fossil > 0 or activities.fuel_class(c)) for c in taken
        )
        if name in burnt or released <= TINY or fossil or not taken:
            continue
        use = Use(name, own[0].component, own[0].activity, taken[0], released, 0.0)
        one = Factor(1.0, "tCO2/tCO2", "carbon balance", "scenario")
        rows.add(1, "treatment", "biogenic CO2", use, released, "tCO2", one, basis="biogenic")


def _own_family(use: Use) -> str:
    kinds = use.carrier.kind.split("|")
    if use.carrier.of("carbon") <= 0:
        return "none"
    if use.carrier.fossil > 0:
        return "gas" if "gas" in kinds else "coal" if "solid" in kinds else "oil"
    return "biogas" if "gas" in kinds else "wood"
