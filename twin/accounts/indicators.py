"""Indicators of a park, each as a quotient of rows so that one sees which flow moves it.

An indicator is sum(numerator) / sum(denominator) over rows named after flows; without a
denominator it is a sum. What the ledger does not hold comes from `data`, and an indicator whose
datum is missing says which one.
"""

from __future__ import annotations

from collections.abc import Callable

from models.base import Carrier
from twin.accounts.direct_line import (
    exported_of_generation,
    self_used_of_demand,
    self_used_of_generation,
)
from twin.accounts.entries import TINY
from twin.accounts.evidence import Evidence, Value, quotient

RESIDUES = frozenset({"ash", "fly_ash", "wood_ash", "gypsum", "slag", "sludge", "digestate"})
"""Solids that are waste wherever they leave; others only where some is disposed of."""


FENCE = "inside the fence, energy and processes, CO2 only"


def carbon_per_energy(e: Evidence) -> Value:
    """NDRC core indicator."""
    rows = [(x.label, x.tonnes, x.energy) for x in e.lines]
    other = "; ".join(f"{v:.3f} ({name})" for name, v in e.account.indicators.items())
    return quotient(rows, "E_park / C_energy", FENCE, "energy use", "unverified", other)


def clean_energy_share(e: Evidence) -> Value:
    """Non-fossil energy in the consumption; natural gas only if `clean_gas` is given as 1."""
    return _energy_share(e, gas=bool(e.data.get("clean_gas", 0)), name="clean energy")


def non_fossil_share(e: Evidence) -> Value:
    """Non-fossil energy in the consumption."""
    return _energy_share(e, gas=False, name="non-fossil energy")


def _energy_share(e: Evidence, *, gas: bool, name: str) -> Value:
    rows = []
    for x in e.lines:
        clean = x.factor.value == 0 and "feedstock" not in x.note and x.item != "bought heat, waste"
        clean = clean or (gas and x.item in ("natural_gas", "lng"))
        rows.append((x.label, x.energy if clean else 0.0, x.energy))
    note = "natural gas counted" if gas else "natural gas not counted; the definition was not read"
    formula = f"{name} / C_energy, both in tce"
    return quotient(
        rows, formula, "energy consumption of the park", "energy use", "unverified", note
    )


def direct_supply_share(e: Evidence) -> Value:
    """Non-fossil power used without the public grid, metered by hour."""
    p, rows = e.power, []
    for g in p.generation:
        rows.append((g.flow, g.amount * g.non_fossil, g.amount))
    for use in p.imports:
        rows.append((use.flow, use.amount if use.component in p.direct_lines else 0.0, use.amount))
    for use in p.exports:
        share = p.direct_exported_MWh / max(float(p.exported.sum()), TINY)
        rows.append((use.flow, -use.amount * share, -use.amount))
    boundary = "electricity made, bought and not sold, by hour"
    return quotient(rows, "El_direct / El_use", boundary, "electricity use", "verified")


def renewable_share(e: Evidence) -> Value:
    """Renewable share of energy consumption; nuclear power would have to be taken off."""
    return _energy_share(e, gas=False, name="renewable energy")


def renewable_power_share(e: Evidence) -> Value:
    """Renewable electricity in use, certificates included; nuclear would have to be taken off."""
    rows = []
    for x in e.lines:
        if x.part != "electricity" or x.unit != "MWh":
            continue
        if x.item == "own power, certificate sold":
            rows.append((x.label, -x.amount, 0.0))
        else:
            amount = x.sign * x.amount
            rows.append((x.label, amount if x.factor.value == 0 else 0.0, amount))
    for g in e.power.generation:
        other = g.amount * (1.0 - g.natural)
        if other > TINY:
            rows.append((g.flow, g.amount * (g.non_fossil - g.natural), other))
    boundary = "electricity used by the park"
    return quotient(rows, "renewable MWh / MWh used", boundary, "electricity use", "verified")


def solid_waste_use(e: Evidence) -> Value:
    """Solid residues that found a use, of those that left."""
    if "solid_waste_use" in e.data:
        return _given(e, "solid_waste_use")
    gone = [(u, 0.0) for u in e.activities.crossing("disposal", "solid")]
    wasted = {u.carrier.name for u, _ in gone}
    flows = e.run.ledger.flows
    products = set(flows.loc[flows["activity"] == "process", "main"])
    used = [
        u
        for u in e.activities.crossing("export", "solid")
        if (u.carrier.name in wasted or u.carrier.name in RESIDUES)
        and not products & {x.place for x in e.activities.flows[u.flow] if not x.outside}
    ]
    rows = [(u.flow, 0.0, _tonnes(u.amount, u.carrier)) for u, _ in gone]
    rows += [(u.flow, _tonnes(u.amount, u.carrier), _tonnes(u.amount, u.carrier)) for u in used]
    missing = "solid_waste_use (no solid residue leaves the park in this run)"
    note = "by mass as it leaves, water included"
    boundary = "solids across the fence"
    return quotient(rows, "used / (used + disposed)", boundary, missing, "verified", note)


def _tonnes(amount: float, carrier: Carrier) -> float:
    return amount * carrier.of("mass")


def energy_per_value_added(e: Evidence) -> Value:
    """Energy per value added."""
    return _per_value_added(e, "tce", "C_energy / value added")


def carbon_per_value_added(e: Evidence) -> Value:
    """CO2 per value added."""
    return _per_value_added(e, "tCO2", "E_park / value added")


def _per_value_added(e: Evidence, column: str, formula: str) -> Value:
    worth = e.data.get("value_added")
    if not worth or worth <= 0:
        return Value(float("nan"), formula, FENCE, missing="value_added [10^4 CNY per year]")
    amounts = [(x.label, x.tonnes if column == "tCO2" else x.energy) for x in e.lines]
    rows = [(name, amount * e.per_year / worth, 0.0) for name, amount in amounts]
    return Value(sum(r[1] for r in rows), formula, FENCE, rows, status="unverified")


def electrification(e: Evidence) -> Value:
    """Electricity in final energy use."""
    rows = []
    for x in e.activities.entries:
        power = x.of_kind("electricity")
        taken = x.of_kind("electricity", "fuel", "heat", "steam") and not x.outside and x.amount < 0
        if not taken or x.activity not in ("final_use", "process", "treatment", "transport"):
            continue
        if x.activity == "treatment" and x.of_kind("fuel"):
            continue
        gj = max(-e.activities.gj(x.carrier, x.amount), 0.0)
        rows.append((x.flow, gj if power else 0.0, gj))
    boundary = "final use, processes, transport and treatment"
    return quotient(rows, "electricity / final energy", boundary, "final energy use", "verified")


def net_after_offset(e: Evidence) -> Value:
    """Emission less sinks and offsets."""
    rows = [(x.label, x.tonnes, 0.0) for x in e.lines]
    rows += [("sinks", -e.choices.sinks_tCO2, 0.0), ("offsets", -e.choices.offsets_tCO2, 0.0)]
    value = sum(r[1] for r in rows)
    return Value(value, "E_park - sinks - offsets", FENCE, rows, status="unverified")


def offset_share(e: Evidence) -> Value:
    """Offsets against the baseline."""
    base = e.data.get("baseline_tCO2")
    formula = "offsets / baseline emission"
    if not base or base <= 0:
        return Value(float("nan"), formula, FENCE, missing="baseline_tCO2 [tCO2 per year]")
    rows = [("offsets", e.choices.offsets_tCO2 * e.per_year, base)]
    return quotient(rows, formula, FENCE, "", "verified")


def _given(e: Evidence, name: str) -> Value:
    return Value(float(e.data[name]), "given by the user", "as given", status="given")


COMPUTED: dict[str, Callable[[Evidence], Value]] = {
    f.__name__: f
    for f in (
        carbon_per_energy,
        clean_energy_share,
        non_fossil_share,
        direct_supply_share,
        renewable_share,
        renewable_power_share,
        solid_waste_use,
        energy_per_value_added,
        carbon_per_value_added,
        electrification,
        net_after_offset,
        offset_share,
        self_used_of_generation,
        self_used_of_demand,
        exported_of_generation,
    )
}
"""Indicators worked out of a run; all others have to be given as data."""


def indicator(name: str, evidence: Evidence) -> Value:
    """An indicator of a run, from the ledger or as given."""
    if name in COMPUTED:
        return COMPUTED[name](evidence)
    if name in evidence.data:
        return _given(evidence, name)
    return Value(float("nan"), "reported by the park", "as the scheme defines it", missing=name)
