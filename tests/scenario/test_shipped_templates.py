"""The templates that come with the project: each alone, with and without its optional parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import twin
from tests.scenario.base import written
from twin.scenario.include import templates_in
from twin.scenario.park import shipped, shipped_folder
from twin.scenario.template import read_template

TEMPLATES = templates_in(shipped_folder())

HEAD = """\
park: {name: Alone, country: CN, currency: CNY}
site: {latitude: 31.32, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate/suzhou.yaml}
carriers:
  steam: {steam: {pressure: 6 bar, temperature: 165 degC}}
  loop: {hot_water: {supply: SUPPLY, return: 17 degC}}
  sewage:
    unit: t/h
    kind: water|material
    temperature: 20 degC
    content: {mass: 1, water: 0.99975, carbon: 0.0001, nitrogen: 0.00004, energy: -0.0046}
    exergy: 0.0014
  wet_sludge: {solid: {dry_matter: 0.2, carbon: 0.29, hydrogen: 0.045, oxygen: 0.17,
    nitrogen: 0.045, hhv: 13.48 MJ/kg}}
"""
POWER = (
    "  mains: {model: grid, bus: electricity, import_capacity: 9 MW, import_price: 700 CNY/MWh}\n"
)
WORKS = "  works: {model: electricity_demand, bus: electricity, annual: 17520 MWh}\n"
GAS = "  gas: {model: purchase, bus: natural_gas, capacity: 30 MW, price: 300 CNY/MWh}\n"

ALONE = {
    "pv_roof": (
        "[electricity]",
        POWER + WORKS,
        ["bus: electricity, pv_capacity: 3 MW, tilt: 10 deg"],
        "battery_energy: 4 MWh, battery_power: 2 MW, battery_policy: tariff, owner: A, "
        "system_loss: 0.14, inverter_mtbf: 4 h, inverter_mttr: 2 h, inverter_remaining: 0.9",
    ),
    "boiler_house": (
        "[natural_gas, steam, condensate, fresh_water]",
        "  mill: {model: steam_demand, bus: steam, annual: 40 kt, condensate: condensate, "
        "condensate_return: 0.9}\n"
        "  town_water: {model: purchase, bus: fresh_water, capacity: 9 t/h, price: 3 CNY/t}\n",
        [
            "fuel: natural_gas, output: steam, feedwater: condensate, capacity: 9 MW",
            "supply_capacity: 12 MW, fuel_price: 300 CNY/MWh",
            "make_up_water: fresh_water, make_up_capacity: 2 t/h",
        ],
        "owner: A, efficiency: 0.9, variable_cost: 2 CNY/MWh, mtbf: 9 h, mttr: 2 h, remaining: 0.7",
    ),
    "chp_site": (
        "[electricity, natural_gas, loop]",
        POWER + WORKS + GAS + "  town: {model: demand, bus: loop, use: heat, rate: 2 MW}\n"
        "  cooler: {model: release, bus: loop, capacity: 9 MW}\n",
        [
            "fuel: natural_gas, electricity: electricity, heat: loop, power_capacity: 2 MW",
            "electric_efficiency: 0.4, heat_efficiency: 0.45",
        ],
        "boiler_capacity: 2 MW, boiler_efficiency: 0.92, tank_capacity: 6 MWh, tank_rate: 2 MW, "
        "mtbf: 9 h, mttr: 2 h, remaining: 0.5, "
        'overhaul_start: "2025-01-06 06:00", overhaul_duration: 3 h',
    ),
    "grid_connection": (
        "[electricity]",
        WORKS + "  roof: {model: pv, bus: electricity, power_capacity: 9 MW, tilt: 9 deg}\n",
        ["bus: electricity, import_capacity: 5 MW, import_price: 700 CNY/MWh"],
        "owner: A, export_capacity: 9 MW, export_price: 300 CNY/MWh, demand_price: 40 CNY/kW, "
        "certificate_price: 5 CNY/MWh, generation: [roof]",
    ),
    "vehicle_charging": (
        "[electricity]",
        POWER,
        [
            "bus: electricity, rate: 1 MW, vehicles: 50, energy: 20 kWh, power: 11 kW",
            "price_of: mains",
        ],
        "owner: A, value_of_lost_load: 9000 CNY/MWh, presence: 0.8, weekend_presence: 0.3, "
        "arrival: 9 h, arrival_spread: 1 h, stay: 8 h, energy_spread: 4 kWh, on_call: true",
    ),
    "wastewater_works": (
        "[electricity, sewage, treated_water]",
        POWER + "  sewers: {model: inflow, bus: sewage, annual: 800 kt}\n",
        ["inlet: sewage, outlet: treated_water, capacity: 200 t/h, electricity_use: 0.5 kWh/m3"],
        "owner: A, fee: 1 CNY/t, sludge: wet_sludge, sludge_yield: 0.0007",
    ),
    "data_hall": (
        "[electricity]",
        POWER,
        ["electricity: electricity, rate: 1 MW"],
        "owner: A, chain_loss: 0.05, fan_use: 0.03, economiser: false, air_supply: 20 degC, "
        "air_return: 30 degC, heat: loop, water_capacity: 1.3 MW, water_electricity: 0.03 MWh, "
        "water_mtbf: 8 h, water_mttr: 2 h",
    ),
}
"""Buses and components around a template, what must be given to it, and what may be."""

MORE = {
    "wastewater_works": (
        ", wet_sludge",
        "  to_field: {model: disposal, bus: wet_sludge, capacity: 2 t/h, fee: 200 CNY/t}\n",
    ),
    "data_hall": (", loop", ""),
}
"""Buses and components that only the optional parts need."""


@pytest.fixture(autouse=True)
def technologies() -> None:
    """Those of the project, not the small ones."""


def test_every_template_is_here_and_in_a_park() -> None:
    """One that no park includes would be a thing without a use, and untested in the large."""
    assert set(ALONE) == set(TEMPLATES)
    texts = [(shipped_folder() / name / "park.yaml").read_text("utf-8") for name in shipped()]
    for name in TEMPLATES:
        assert sum(f"- template: {name}\n" in text for text in texts) >= 2, name


@pytest.mark.parametrize("full", [False, True], ids=["least", "most"])
@pytest.mark.parametrize("name", sorted(ALONE))
def test_a_template_alone_runs_and_closes(tmp_path: Path, name: str, full: bool) -> None:
    """A template that loses energy or mass, or leaves a demand unserved, would spoil every park."""
    buses, around, least, most = ALONE[name]
    given = ", ".join([*least, most] if full else least)
    if full and name in MORE:
        buses, around = buses.replace("]", f"{MORE[name][0]}]"), around + MORE[name][1]
    head = HEAD.replace("SUPPLY", "27 degC" if name == "data_hall" else "80 degC")
    text = f"{head}buses: {buses}\ninclude:\n  - {{template: {name}, name: it, {given}}}\n"
    made = twin.load(written(tmp_path, f"{text}components:\n{around}"))
    run = twin.run(made, start="2025-01-06", horizon="2 d")
    assert max(run.ledger.residuals().values()) < 1e-9
    assert run.summary["unserved_MWh"] == 0
    assert all(amount == 0 for amount in run.summary["unserved"].values())
    parts = {part for part in made.components if part.startswith("it")}
    worked = run.ledger.flows.groupby("component")["amount"].sum()
    idle = {part for part in parts if worked.get(part, 0) == 0}
    assert parts
    assert not idle


@pytest.mark.parametrize("name", sorted(ALONE))
def test_all_parameters_of_a_template_are_in_its_test(name: str) -> None:
    """Guards the test above: what it does not give could be mistyped in the template.

    Remarks, and names that have a default, need not be there.
    """
    template = read_template(TEMPLATES[name], name)
    given = set(re.findall(r"(\w+): ", ", ".join([*ALONE[name][2], ALONE[name][3]])))
    spared = {key for key in template.parameters if key.endswith("note") or key == "name"}
    named = {key for key, each in template.parameters.items() if each.default is not None}
    assert set(template.parameters) - spared - named - given == LEFT.get(name, set())


LEFT: dict[str, set[str]] = {
    "chp_site": {"owner", "power_loss", "feedwater", "tank_loss_rate"},
}
"""What needs more around it; the parks give it."""


@pytest.mark.parametrize("name", sorted(ALONE))
def test_a_default_is_a_word_and_no_number(name: str) -> None:
    """A number belongs to a park, with its source: as a default it would be everybody's."""
    template = read_template(TEMPLATES[name], name)
    defaults = [each.default for each in template.parameters.values() if each.default is not None]
    assert all(isinstance(default.data, str) for default in defaults)
    assert not any(re.search(r"\d", default.data) for default in defaults)
