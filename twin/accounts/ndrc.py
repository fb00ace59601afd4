"""The trial method for zero-carbon parks: NDRC Environment [2025] No. 910, annex.

CO2 of energy and of industrial processes inside the park over a year. Fuels count by heating
value, carbon and oxidation; conversion by carbon balance; bought electricity and heat by their
attribute. Removals and offsets are no part of it and stand in lines of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from twin.accounts import factors
from twin.accounts.account import CarbonAccount, Line
from twin.accounts.activity import Activities, Use, in_product_factor
from twin.accounts.entries import TINY
from twin.accounts.factors import CO2_PER_C, Factor
from twin.accounts.ndrc_trade import electricity_lines, heat_lines, line_of
from twin.accounts.power import check_buyers, power

if TYPE_CHECKING:
    from twin.results import Run

METHOD = "ndrc-2025-910"
CONVERSIONS = ("calorific", "coal_equivalent")


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the ledger cannot show, and what the method leaves open.

    Attributes
    ----------
    factors : int
        Edition of the fossil-power factor: 2022 (0.8325) or 2023 (0.8273 tCO2/MWh).
    factor_set : {"guides", "database"}
        Fuel and process factors of the sector guides, or those printed for the notice's classes.
    electricity_tce : {"calorific", "coal_equivalent"}
        Conversion of electricity in the energy consumption; the other is reported beside it.
    direct_lines : tuple of str
        Components whose import comes by a direct line from non-fossil plant.
    green_power : tuple of str
        Components whose import is traded green power, or whose supplier retires certificates.
    certificates_MWh : float
        Green certificates retired for the park's other imports; one attribute a kWh.
    certificates_sold_MWh : float
        Certificates of the park's own non-fossil power sold on: first those of exported power,
        then those of power used inside, which loses its zero.
    fuels, heat, products : mapping
        Fuel class by carrier; origin of bought heat by component ("fossil", "non_fossil", "waste"
        or a measured tCO2/GJ); product of the factor table by bus or carrier.
    bunkers : tuple of str
        Components that burn fuel for international aviation or navigation: counted, and listed.
    sinks_tCO2, offsets_tCO2 : float
        Reported beside the total, never in it.
    """

    factors: int = 2022
    factor_set: str = "guides"
    electricity_tce: str = "calorific"
    direct_lines: tuple[str, ...] = ()
    green_power: tuple[str, ...] = ()
    certificates_MWh: float = 0.0
    certificates_sold_MWh: float = 0.0
    fuels: Mapping[str, str] = field(default_factory=dict)
    heat: Mapping[str, str | float] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    bunkers: tuple[str, ...] = ()
    sinks_tCO2: float = 0.0
    offsets_tCO2: float = 0.0

    def __post_init__(self) -> None:
        if self.electricity_tce not in CONVERSIONS:
            raise ValueError(
                f"electricity_tce '{self.electricity_tce}': choose {' or '.join(CONVERSIONS)}"
            )
        for name in ("certificates_MWh", "certificates_sold_MWh", "sinks_tCO2", "offsets_tCO2"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name):g}; give an amount of at least 0")


def ndrc(run: Run, choices: Choices | None = None) -> CarbonAccount:
    """Account of a run under NDRC Environment [2025] No. 910.

    Returns
    -------
    CarbonAccount
        `indicators` holds tCO2/tce under both conversions of electricity; `figures` the direct
        supply share, the total before clipping and the CO2 of each part.

    Raises
    ------
    ValueError
        A choice names a component, fuel or product that is not there.
    """
    choices = choices or Choices()
    activities = Activities(run, choices.fuels)
    electricity = power(run, activities, choices.direct_lines)
    check_buyers(activities, choices.green_power, "green power")
    lines = _fuel_lines(activities, choices)
    lines += electricity_lines(electricity, choices)
    lines += heat_lines(run, activities, choices)
    lines += _process_lines(activities, choices)
    unclipped = sum(line.tonnes for line in lines if line.part != "memo")
    lines += _clipped(lines)
    lines += _memo(choices, lines)
    counted = [line for line in lines if line.part != "memo"]
    other = sum(line.energy for line in counted if line.part != "electricity")
    sold = sum(use.amount for use in electricity.exports)
    bought = sum(use.amount for use in electricity.imports)
    open_to_certificates = sum(
        use.amount
        for use in electricity.imports
        if use.component not in {*choices.direct_lines, *choices.green_power}
    )
    consumed = bought - sold + electricity.natural_MWh
    total = sum(line.tonnes for line in counted)
    tce = {name: other + consumed * factors.standard_coal(name).value for name in CONVERSIONS}
    return CarbonAccount(
        METHOD,
        tuple(lines),
        _printed(choices, open_to_certificates),
        tce=tce[choices.electricity_tce],
        indicators={name: total / e for name, e in tce.items() if e > TINY},
        figures={
            "direct supply share": electricity.direct_share,
            "electricity used MWh": electricity.use_MWh,
            "tCO2 before clipping": unclipped,
        },
        period_h=float(run.recorded.hours.sum()),
        chosen=choices.electricity_tce,
    )


def _fuel_lines(activities: Activities, choices: Choices) -> list[Line]:
    burnt, converted = activities.burning()
    covered = activities.covered(choices.products)
    heat = factors.standard_coal("heat").value
    lines = []
    for use in burnt:
        factor = activities.fuel_factor(use.carrier, choices.factor_set)
        note = ""
        if product := in_product_factor(use, covered):
            factor, note = _held_by(product), "feedstock, not fuel"
        lines.append(_fuel_line("fuel", use, factor, use.gj * heat, note))
    for conversion in converted:
        product = covered.get(conversion.flow, ("", ""))[0]
        for sign, uses in ((1.0, conversion.taken), (-1.0, conversion.given)):
            for use in uses:
                fuel = "fuel" in use.carrier.kind.split("|")
                energy = use.gj * heat if fuel else 0.0
                if product and sign < 0:
                    continue
                if product:
                    held = _held_by(product)
                    line = _fuel_line("conversion", use, held, energy, "feedstock, not fuel")
                elif fuel:
                    factor = activities.fuel_factor(use.carrier, choices.factor_set, oxidised=False)
                    line = _fuel_line("conversion", use, factor, energy, "all carbon counts")
                else:
                    factor = _carbon_held(use, activities, conversion.taken)
                    line = line_of("conversion", use, use.amount, use.carrier.amount_unit, factor)
                    line.note = "carbon bound in the product"
                line.sign = sign
                lines.append(line)
    return lines


def _carbon_held(use: Use, activities: Activities, taken: tuple[Use, ...]) -> Factor:
    """CO2 a product would give; its fossil share is that of the fuels it was made from."""
    carbon = [u.amount * u.carrier.of("carbon") for u in taken]
    fossil = sum(
        c * (1.0 if activities.fuel_class(u.carrier) else u.carrier.fossil)
        for c, u in zip(carbon, taken, strict=True)
    )
    share = fossil / sum(carbon) if sum(carbon) > 0 else 0.0
    value = use.carrier.of("carbon") * share * CO2_PER_C
    unit = f"tCO2/{use.carrier.amount_unit}"
    return Factor(value, unit, f"carbon of {use.carrier.name} in the scenario", "scenario")


def _held_by(product: str) -> Factor:
    return Factor(0.0, "tCO2/GJ", f"carbon stands in the factor of {product}", "scenario")


def _process_lines(activities: Activities, choices: Choices) -> list[Line]:
    lines, done = [], set()
    for use, product in activities.products(choices.products):
        factor, _ = factors.process(product, choices.factor_set)
        lines.append(line_of("process", use, use.amount, "t", factor))
        lines[-1].item = product
        done.add(use.flow)
    for use, tonnes in activities.minerals():
        if use.flow in done:
            continue
        factor = Factor(
            tonnes / use.amount,
            f"tCO2/{use.carrier.amount_unit}",
            f"mass balance: fossil carbon of {use.carrier.name}, less what stays in products",
            "scenario",
        )
        lines.append(line_of("process", use, use.amount, use.carrier.amount_unit, factor))
    for use, fossil, _ in activities.seeping():
        if fossil > TINY:
            one = Factor(1.0, "tCO2/tCO2", "CO2 that a reservoir loses", "scenario")
            lines.append(line_of("process", use, fossil, "tCO2", one))
    return lines


def _clipped(lines: list[Line]) -> list[Line]:
    """What a credit for sold energy exceeds the emission of fuels and purchases it came from."""
    own = {"electricity": 0.0, "heat": 0.0}
    credit = {"electricity": 0.0, "heat": 0.0}
    fuel = 0.0
    for line in lines:
        tonnes = line.amount * line.factor.value
        if line.part in own and line.sign < 0:
            credit[line.part] += tonnes
        elif line.part in own:
            own[line.part] += tonnes
        elif line.part in ("fuel", "conversion"):
            fuel += line.sign * tonnes
    out = []
    for part in own:
        excess = max(credit[part] - own[part] - max(fuel, 0.0), 0.0)
        fuel -= max(credit[part] - own[part], 0.0)
        if excess > TINY:
            unit = Factor(
                1.0, "tCO2/tCO2", "clipped so that no credit exceeds its emission", "given"
            )
            line = Line(
                part, "credit above own emission, clipped", "", "", "", excess, "tCO2", unit
            )
            out.append(line)
    return out


def _memo(choices: Choices, lines: list[Line]) -> list[Line]:
    burners = {line.component for line in lines if line.part == "fuel"}
    wrong = sorted(set(choices.bunkers) - burners)
    if wrong:
        raise ValueError(f"bunkers {', '.join(wrong)}: burns no fuel in this run")
    out = [
        replace(line, part="memo", item=f"{line.item}, international", tce=0.0)
        for line in lines
        if line.part == "fuel" and line.component in choices.bunkers
    ]
    one = Factor(1.0, "tCO2/tCO2", "given by the user; not part of the method", "given")
    for item, amount in (("sinks", choices.sinks_tCO2), ("offsets", choices.offsets_tCO2)):
        if amount > 0:
            out.append(Line("memo", item, "", "", "", amount, "tCO2", one, sign=-1.0))
    return out


def _printed(choices: Choices, bought: float) -> dict[str, str]:
    fossil = factors.electricity("fossil", "CN", choices.factors)
    chosen = factors.standard_coal(choices.electricity_tce)
    other = next(name for name in CONVERSIONS if name != choices.electricity_tce)
    spare = choices.certificates_MWh - bought
    return {
        "electricity in tce": f"{choices.electricity_tce}, {chosen.value:g} tce/MWh; {other} is "
        "reported beside it. Which one the annex means was not read there: unverified",
        "other electricity": f"{fossil.value:g} tCO2/MWh, {fossil.source}",
        "fuel and process factors": f"set '{choices.factor_set}'; the annex's own table was not "
        "read, so they are provisional",
        "direct lines": ", ".join(choices.direct_lines) or "none named",
        "green power": ", ".join(choices.green_power) or "none named",
        "certificates": f"{choices.certificates_MWh:g} MWh for purchases"
        + (f", {spare:g} MWh of them beyond purchases count for nothing" if spare > TINY else "")
        + f"; {choices.certificates_sold_MWh:g} MWh sold",
        "sold electricity": "taken from non-fossil power first, hour by hour",
        "biomass": "CO2 counts as zero, its energy counts in tce",
        "heat of the surroundings": "not counted in tce",
    }


def _fuel_line(part: str, use: Use, factor: Factor, tce: float, note: str = "") -> Line:
    line = line_of(part, use, use.gj, "GJ", factor, tce)
    line.note = "; ".join(x for x in (f"{use.amount:.6g} {use.carrier.amount_unit}", note) if x)
    return line
