"""Fixed recipes: written out, from the tables, and made to a plan.

Held against a recipe by hand, Kalundborg's sulphur of 2000 (550 t of SO2, 1 %; thiosulphate within
15 to 27 kt), the heat of the Claus reaction (GPSA, 0.3 %) and the European benchmark of
plasterboard (0.131 t CO2/t, 2 %).
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import models.materials.process
import twin
from models.base import Carrier, PhysicsError
from models.carriers import MOLAR, STANDARD, SURROUNDINGS, custom, hot_water
from models.materials.process import Process, recipes
from tests.setting import network_of, setting

ALL = ("energy", "carbon", "mass", "water", "nitrogen", "sulphur")
HEAT = hot_water("heat", 80, 45)
BOARD = custom("board", "t/h", STANDARD["gypsum"].content, kind="solid|material")


def substance(name: str, atoms: dict[str, float], energy: float, exergy: float) -> Carrier:
    """A pure substance in t/h from its formula; energy and exergy in kJ/mol."""
    mass = sum(MOLAR[a] * n for a, n in atoms.items())
    water = atoms.get("H", 0) / 2 * (2 * MOLAR["H"] + MOLAR["O"])
    content = {
        "mass": 1.0,
        "water": water / mass,
        "sulphur": atoms.get("S", 0) * MOLAR["S"] / mass,
        "nitrogen": atoms.get("N", 0) * MOLAR["N"] / mass,
        "energy": energy / mass / 3.6,
    }
    return custom(name, "t/h", content, exergy=exergy / mass / 3.6, kind="gas|material")


# Enthalpies of formation (NBS tables, 1982) against H2O(l) -285.83, SO2 -296.83; exergies of
# Szargut (Kotas 1995, table A.3).
ACID_GAS = substance("acid_gas", {"H": 2, "S": 1}, -20.63 + 285.83 + 296.83, 812.0)
AMMONIA = substance("ammonia", {"N": 1, "H": 3}, -46.11 + 1.5 * 285.83, 337.9)
SALT = -917.3 + 2 * 296.83 + 4 * 285.83  # (NH4)2S2O3 in water
SALT_PER_TONNE = 0.6 / (2 * 14.007 + 8 * 1.008 + 2 * 32.06 + 3 * 15.999)
ATS = custom(
    "ats",
    "t/h",
    {
        "mass": 1.0,
        "water": SALT_PER_TONNE * 4 * 18.015 + 0.4,
        "sulphur": SALT_PER_TONNE * 2 * 32.06,
        "nitrogen": SALT_PER_TONNE * 2 * 14.007,
        "energy": SALT_PER_TONNE * SALT / 3.6,
    },
)


def boiler(**fields: object) -> Process:
    """An electric boiler as a recipe."""
    written = {
        "main": "electricity",
        "capacity": 5.0,
        "takes": {"electricity": 2.0},
        "gives": {"heat": 1.9},
    }
    return Process.model_validate(written | fields)


def test_a_recipe_by_hand() -> None:
    """2 MWh of electricity to 1.9 MWh of heat, counted by electricity: 0.95 per MWh, 0.05 lost.

    Counted by the heat, a capacity of 5 MW is heat and the losses are 0.1 / 1.9 per MWh. If the
    amounts were not divided by that of `main`, each MWh would take two.
    """
    where = setting(HEAT)
    lowering = boiler(cost=3.0).lower(where)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    assert flow.coefficients == pytest.approx({"electricity": -1.0, "heat": 0.95})
    assert flow.exchange == pytest.approx({"heat_to_ambient": 0.05})
    assert (flow.upper, flow.cost, flow.steer, flow.demand) == (5.0, 3.0, 0.0, False)

    lowering = boiler(main="heat").lower(where)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    assert flow.coefficients == pytest.approx({"electricity": -2 / 1.9, "heat": 1.0})
    assert flow.exchange == pytest.approx({"heat_to_ambient": 0.1 / 1.9})


def test_main_left_out_of_the_recipe_is_its_product() -> None:
    """`takes` alone describes one unit of the product."""
    (flow,) = boiler(main="heat", takes={"electricity": 1.1}, gives={}).lower(setting(HEAT)).flows
    assert flow.coefficients == {"electricity": -1.1, "heat": 1.0}


@settings(deadline=None)
@given(
    taken=st.floats(0.01, 100.0),
    efficiency=st.floats(0.01, 1.0),
    annual=st.floats(0.0, 40_000.0),
    shape=st.sampled_from(["flat", "office", "three_shift"]),
)
def test_a_plan_is_a_demand_for_the_annual_amount(
    taken: float, efficiency: float, annual: float, shape: str
) -> None:
    """Over a whole year the plan adds up, by whatever bus it is counted, and the recipe closes."""
    where = setting(HEAT, n_steps=8760)
    for main, each in (("electricity", annual), ("heat", annual * efficiency)):
        spec = boiler(
            main=main,
            capacity=1e5,
            takes={"electricity": taken},
            gives={"heat": taken * efficiency},
            annual=each,
            shape=shape,
        )
        lowering = spec.lower(where)
        network_of(lowering, where, ALL)
        (flow,) = lowering.flows
        assert flow.demand
        assert flow.steer == -2000.0
        assert np.sum(flow.upper) == pytest.approx(each)
        used = np.sum(flow.upper) * -flow.coefficients["electricity"]
        assert used == pytest.approx(annual)


def test_sulphur_recovery_at_kalundborg() -> None:
    """Published (Statoil, 2000): 4,000 t of sulphur a year, and 275 t let go as 550 t of SO2.

    The SO2 is derived from the sulphur balance. With full recovery in the recipe it would be zero.
    """
    spec = Process.model_validate(
        {"main": "sulphur", "capacity": 1.0, "recipe": "claus", "roles": {"loop": "heat"}}
    )
    where = setting(ACID_GAS, hot_water("loop", 80, 45))
    lowering = spec.lower(where)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    assert flow.coefficients["loop"] == 1.2
    assert 4000 * flow.exchange["so2"] == pytest.approx(550, rel=0.01)
    assert flow.coefficients["acid_gas"] == pytest.approx(-4275 / 4000 * 34.076 / 32.06, rel=1e-3)


def test_heat_of_the_claus_reaction() -> None:
    """Second source: GPSA Engineering Data Book, section 22: burning a third of 3 lb-mol of H2S to
    SO2 releases 223,100 Btu, which is 518.9 kJ per mol burned.

    Our carriers give it as the energy of H2S less the vapour formed, SO2 being the zero.
    """
    per_mol = ACID_GAS.of("energy") * 3.6 * 34.076
    vapour = SURROUNDINGS["water_vapour"].of("energy") * 3.6 * 18.015
    assert per_mol - vapour == pytest.approx(223_100 * 1.05506 / 453.592, rel=3e-3)
    # Claus: S stays, so its 296.8 kJ/mol do; the recipe recovers five eighths of the rest.
    released = (per_mol - vapour - 296.8) / 32.06 / 3.6
    assert released == pytest.approx(1.92, abs=0.01)
    assert recipes()["claus"].amounts["heat"][0] < 0.65 * released


def test_ammonium_thiosulphate_at_kalundborg() -> None:
    """Published (Statoil, 2000): all sulphur of the refinery, 4,000 + 275 t a year, in 15 to 27 kt
    of ATS. A solution of 60 % holds 26 % sulphur, so 4,275 t make 16.5 kt."""
    spec = Process.model_validate(
        {
            "main": "ats",
            "capacity": 5.0,
            "recipe": "ammonium_thiosulphate",
            "roles": {"demineralised_water": "water"},
        }
    )
    where = setting(ACID_GAS, AMMONIA, ATS)
    lowering = spec.lower(where)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    sulphur = -flow.coefficients["acid_gas"] * ACID_GAS.of("sulphur")
    assert 15.0 < 4.275 / sulphur < 27.0
    assert flow.exchange["so2"] < 0.001
    # Two O2 for each of the salt, by stoichiometry.
    assert -flow.exchange["air"] == pytest.approx(SALT_PER_TONNE * 2 * 31.998, rel=2e-3)


def test_plasterboard_against_the_european_benchmark() -> None:
    """Published: 0.131 t CO2 per t of plasterboard, fuel and electricity (0.465 t/MWh) together.

    The vapour is that of calcination and of the slurry: were the gypsum of the board lost, sulphur
    would not close.
    """
    spec = Process.model_validate(
        {
            "main": "board",
            "capacity": 20.0,
            "recipe": "gypsum_board",
            "roles": {"natural_gas": "fuel", "fresh_water": "water"},
        }
    )
    where = setting(BOARD)
    lowering = spec.lower(where)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    indirect = -flow.coefficients["electricity"] * 0.465
    assert flow.exchange["co2"] + indirect == pytest.approx(0.131, rel=0.02)
    evaporated = flow.exchange["water_vapour"]
    assert evaporated == pytest.approx(0.4 + 0.55 * STANDARD["natural_gas"].of("water"))
    assert "so2" not in flow.exchange


def test_tables_are_complete() -> None:
    """Every row has a source, a known unit, and surroundings that exist."""
    folder = Path(models.materials.process.__file__).parent / "recipes"
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                assert row["source"], row
                assert row["unit"] in ("t", "MWh", "closes"), row
                assert row["optional"] in ("yes", "no"), row
                assert row["unit"] != "closes" or row["role"] in SURROUNDINGS, row
                assert (row["amount"] == "") == (row["unit"] == "closes"), row


def test_recipe_and_written_amounts_add_up() -> None:
    """What the scenario writes stands beside the recipe or replaces a row of it."""
    spec = Process.model_validate(
        {
            "main": "sulphur",
            "capacity": 1.0,
            "recipe": "claus",
            "takes": {"electricity": 0.1, "fresh_water": 0.2},
            "closes": ["water_vapour"],
        }
    )
    where = setting(ACID_GAS)
    lowering = spec.lower(where)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    assert flow.coefficients["electricity"] == -0.1
    assert flow.coefficients["fresh_water"] == -0.2
    assert "heat" not in flow.coefficients


SCENARIO = """\
park: {name: Trial, country: DK}
site: {latitude: 55.66, longitude: 11.09, time_zone: Europe/Copenhagen,
       weather: climate/kalundborg.yaml}
carriers: {loop: {hot_water: {supply: 80 degC, return: 45 degC}}}
buses: {electricity: electricity, loop: loop, gypsum: gypsum}
components:
  boiler:
    model: process
    main: electricity
    capacity: 500 kW
    takes: {electricity: 2 MWh}
    gives: {loop: {value: 1900 kWh, source: assumed}}
    cost: 3 EUR/MWh
  mill:
    model: process
    main: gypsum
    capacity: 10 t/h
    takes: {gypsum: 1000 kg, electricity: 20 kWh}
    annual: 1 kt
"""


def test_units_follow_the_bus_of_each_key(tmp_path: Path) -> None:
    """Amounts are MWh on an energy bus and t on a mass bus, whatever the scenario writes."""
    (tmp_path / "park.yaml").write_text(SCENARIO, encoding="utf-8")
    park = twin.load(tmp_path)
    spec = park.components["boiler"].spec
    assert isinstance(spec, Process)
    assert (spec.capacity, spec.takes, spec.gives, spec.cost) == (
        0.5,
        {"electricity": 2.0},
        {"loop": 1.9},
        3.0,
    )
    mill = park.components["mill"].spec
    assert isinstance(mill, Process)
    assert mill.takes == {"gypsum": 1.0, "electricity": 0.02}
    assert mill.annual == 1000.0


def test_what_cannot_be() -> None:
    """Refusals of a recipe, and of what a recipe makes from nothing."""
    for fields, words in (
        ({"takes": {"electricity": -1.0}}, "takes -1 of 'electricity'"),
        ({"gives": {"electricity": 1.0}}, "both takes and gives 'electricity'"),
        ({"takes": {}, "gives": {}}, "nothing says what the process takes"),
        ({"roles": {"heat": "heat"}}, "nothing says what the process takes"),
        ({"recipe": "alchemy"}, "no recipe 'alchemy'"),
    ):
        with pytest.raises(ValidationError, match=words):
            boiler(**fields)
    where = setting(HEAT, ACID_GAS)
    with pytest.raises(PhysicsError, match=r"plan asks for 10 MW and the capacity is 5 MW"):
        boiler(annual=87_600.0).lower(where)
    claus = {"main": "sulphur", "capacity": 1.0, "recipe": "claus"}
    with pytest.raises(PhysicsError, match="has no role 'steam'"):
        Process.model_validate(claus | {"roles": {"heat": "steam"}}).lower(where)
    with pytest.raises(PhysicsError, match="twice has the role 'heat'"):
        roles = {"heat": "heat", "electricity": "heat"}
        Process.model_validate(claus | {"roles": roles}).lower(where)
    with pytest.raises(PhysicsError, match="'heat' of recipe 'claus' is in MWh and bus 'gypsum'"):
        Process.model_validate(claus | {"roles": {"gypsum": "heat"}}).lower(where)
    with pytest.raises(PhysicsError, match="needs a bus for its role 'acid_gas'"):
        Process.model_validate(claus).lower(setting())
    with pytest.raises(AssertionError, match="makes energy from nothing"):
        network_of(boiler(gives={"heat": 2.1}).lower(where), where)
    with pytest.raises(AssertionError, match="loses carbon"):
        fields = {"main": "heat", "takes": {"natural_gas": 1.0}, "gives": {"heat": 0.9}}
        network_of(boiler(**fields).lower(where), where)
