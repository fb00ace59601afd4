"""Bought and sold electricity and heat in the NDRC account: by attribute, by origin."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from models.base import Carrier
from twin.accounts import factors
from twin.accounts.account import Line
from twin.accounts.activity import GJ_PER_MWH, Activities, Use
from twin.accounts.entries import TINY
from twin.accounts.factors import Factor
from twin.accounts.origin import non_fossil_shares, shared
from twin.accounts.power import Power

if TYPE_CHECKING:
    from twin.accounts.ndrc import Choices
    from twin.results import Run

ZERO = Factor(0.0, "tCO2/MWh", "NDRC Environment [2025] No. 910", "verified")
GREEN = "bought, certificates or green trading"


def electricity_lines(electricity: Power, choices: Choices) -> list[Line]:
    part, conversion = "electricity", factors.standard_coal(choices.electricity_tce).value
    other = factors.electricity("fossil", "CN", choices.factors)
    lines = [
        Line(
            part,
            "own non-fossil generation",
            g.flow,
            g.component,
            "power",
            g.amount * g.natural,
            "MWh",
            ZERO,
            g.amount * g.natural * conversion,
        )
        for g in electricity.generation
        if g.natural > 0 and g.amount * g.natural > TINY
    ]
    zero = dict.fromkeys(choices.green_power, GREEN)
    zero |= dict.fromkeys(electricity.direct_lines, "bought by direct line")
    for use in electricity.imports:
        if use.component in zero:
            lines.append(line_of(part, use, use.amount, "MWh", ZERO, use.amount * conversion))
            lines[-1].item = zero[use.component]
    rest = [use for use in electricity.imports if use.component not in zero]
    bought = sum(use.amount for use in rest)
    covered = min(choices.certificates_MWh, bought)
    for use in rest:
        green = covered * use.amount / bought if bought > 0 else 0.0
        grey = use.amount - green
        if green > TINY:
            lines.append(line_of(part, use, green, "MWh", ZERO, green * conversion))
            lines[-1].item = GREEN
        lines.append(line_of(part, use, grey, "MWh", other, grey * conversion))
        lines[-1].item = "bought, other"
    for item, amount, factor in (
        ("sold, non-fossil", electricity.direct_exported_MWh, ZERO),
        ("sold, fossil", electricity.fossil_exported_MWh, other),
    ):
        if amount > TINY:
            flows = ", ".join(use.flow for use in electricity.exports)
            lines.append(
                Line(part, item, flows, "", "exchange", amount, "MWh", factor, amount * conversion)
            )
            lines[-1].sign = -1.0
    lost = choices.certificates_sold_MWh - electricity.direct_exported_MWh
    if lost > TINY:
        amount = min(lost, electricity.direct_MWh)
        lines.append(
            Line(part, "own power, certificate sold", "", "", "power", amount, "MWh", other)
        )
        lines[-1].note = "the attribute went with the certificate; energy counted above"
    return lines


def heat_lines(run: Run, activities: Activities, choices: Choices) -> list[Line]:
    conversion = factors.standard_coal("heat").value
    bought = activities.crossing("import", "heat", "steam")
    unknown = sorted(set(choices.heat) - {use.component for use in bought})
    if unknown:
        raise ValueError(
            f"heat of {', '.join(unknown)}: no such purchase of heat; "
            f"there is {', '.join(sorted(u.component for u in bought)) or 'none'}"
        )
    lines = []
    for use in bought:
        origin = choices.heat.get(use.component, "fossil")
        if isinstance(origin, str):
            factor = factors.heat(origin)
        else:
            factor = Factor(float(origin), "tCO2/GJ", "measured, given by the user", "given")
        lines.append(line_of("heat", use, use.gj, "GJ", factor, use.gj * conversion))
        lines[-1].item = "bought heat" if not isinstance(origin, str) else f"bought heat, {origin}"
    sold = activities.crossing("export", "heat", "steam")
    shares = non_fossil_shares(run, choices.direct_lines) if sold else {}
    burnt = shared(run, _fuel_origin(activities, choices), losses_carry=False) if sold else {}
    for use in sold:
        bus = next(e.place for e in activities.flows[use.flow] if not e.outside and e.amount < 0)
        clean = shares[bus]
        # The default credit may exceed what the fuel really gave: report both.
        real = Factor(
            burnt[bus] / GJ_PER_MWH, "tCO2/GJ", "fuel burnt, shared by energy", "scenario"
        )
        lines.append(line_of("memo", use, use.gj, "GJ", real))
        lines[-1].item = "sold heat, CO2 of the fuel behind it"
        for item, gj, factor in (
            ("sold heat, fossil", use.gj * (1.0 - clean), factors.heat("fossil")),
            ("sold heat, non-fossil", use.gj * clean, factors.heat("non_fossil")),
        ):
            if gj > TINY:
                lines.append(line_of("heat", use, gj, "GJ", factor, gj * conversion))
                lines[-1].item, lines[-1].sign = item, -1.0
    return lines


def _fuel_origin(activities: Activities, choices: Choices) -> Callable[[Carrier, str], float]:
    """CO2 of a fuel per MWh of its energy content; zero for all that is no fuel."""

    def origin(carrier: Carrier, component: str) -> float:
        if "fuel" not in carrier.kind.split("|"):
            return 0.0
        factor = activities.fuel_factor(carrier, choices.factor_set).value
        return factor * activities.gj(carrier, 1.0) / carrier.of("energy")

    return origin


def line_of(
    part: str, use: Use, amount: float, unit: str, factor: Factor, tce: float = 0.0
) -> Line:
    return Line(
        part, use.carrier.name, use.flow, use.component, use.activity, amount, unit, factor, tce
    )
