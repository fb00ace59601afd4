"""Boilers: steam tables, a dew point by hand, a plant of the catalogue, and the heating value.

Steam raised from gas or electricity lies within 0.04 % of the tables of Moran and Shapiro, CO2 of
gas within 0.05 % of IPCC 2006, dew points of flue gas within 0.1 K. The condensing boiler of the
Danish catalogue (105 % of the LHV) closes with 74 kg of water per MWh; above the HHV all is
refused.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import PhysicsError
from models.carriers import STANDARD, gas, hot_water, solid, steam, water
from models.heat.boiler import Boiler, ElectricBoiler, flue_gas
from tests.setting import network_of, setting

STEAM = steam("steam", 12, 200)
LOOP = hot_water("loop", 80, 40)
ALL = ("energy", "carbon", "mass", "water", "sulphur", "nitrogen")
METHANE = gas("methane", {"C": 1, "H": 4}, hhv=890.58)


def test_steam_by_hand() -> None:
    """1 MWh of gas at 0.93 raises 0.93 * 3600 / (2815.9 - 376.9) = 1.373 t of 12 bar, 200 degC.

    Enthalpies of the steam tables (Moran and Shapiro, A-2 and A-4). Were the feedwater forgotten it
    would be 1.189 t, and the difference would come from nothing.
    """
    surroundings = setting(STEAM)
    spec = Boiler(fuel="natural_gas", output="steam", feedwater="condensate", capacity=18.6)
    flow = network_of(spec.lower(surroundings), surroundings, ALL).flows["it"]
    assert flow.coefficients["steam"] == pytest.approx(1.373, rel=3e-3)
    assert flow.coefficients["condensate"] == -flow.coefficients["steam"]
    assert flow.upper == pytest.approx(20.0)
    # 56.1 kg/GJ of the guidelines (IPCC 2006, vol. 2, table 1.4).
    assert flow.exchange["co2"] == pytest.approx(0.0561 * 3.6, rel=0.01)
    # Of the LHV 7 % leave as warm gas, and the latent heat leaves with the vapour.
    assert flow.exchange["heat_to_ambient"] == pytest.approx(0.07, rel=1e-6)


def test_electric_boiler_by_hand() -> None:
    """1 MWh at 0.99 raises 0.99 * 3600 / (2815.9 - 376.9) = 1.461 t; heat needs no water."""
    surroundings = setting(STEAM, LOOP)
    given_ = {"electricity": "electricity", "capacity": 9.9}
    spec = ElectricBoiler(**given_, output="steam", feedwater="condensate")
    flow = network_of(spec.lower(surroundings), surroundings, ALL).flows["it"]
    assert flow.coefficients["steam"] == pytest.approx(1.461, rel=3e-3)
    spec = ElectricBoiler(**given_, output="loop")
    flow = network_of(spec.lower(surroundings), surroundings, ALL).flows["it"]
    assert flow.coefficients == {"electricity": -1.0, "loop": 0.99}
    assert flow.upper == pytest.approx(10.0)


def test_dew_point_of_methane_by_hand() -> None:
    """CH4 + 2 O2 + 7.55 N2: 2 of 10.55 mol are water, 0.192 bar, which boils at 59 degC.

    Steam table: 0.20 bar at 60.06, 0.15 bar at 53.97 degC. Excess air lowers it: with 1.2 it is
    2 / (10.55 + 0.2 * 9.55) = 0.1605, 0.163 bar, 55.6 degC.
    """
    assert flue_gas(METHANE, 1.0).dew_point == pytest.approx(59.2, abs=0.3)
    assert flue_gas(METHANE, 1.2).dew_point == pytest.approx(55.6, abs=0.3)


def test_air_of_methane_by_hand() -> None:
    """16.043 kg of methane need 63.996 kg of oxygen, 276.6 kg of air: 17.24 kg/kg.

    Published stoichiometric ratio 17.2 (Moran and Shapiro, example 13.1: 17.19 by mass).
    """
    burnt = flue_gas(METHANE, 1.0)
    air = burnt.dry + burnt.vapour - METHANE.of("mass")
    assert air / METHANE.of("mass") == pytest.approx(17.19, rel=5e-3)


def test_condensing_boiler_of_the_catalogue() -> None:
    """The Danish catalogue's gas boiler for district heat gives 105 % of LHV (sheet 44).

    It closes with at least 0.05 / 0.678 = 74 kg of water drained per MWh. Were all vapour let
    out, the heat would exceed HHV less latent heat and be refused.
    """
    surroundings = setting(LOOP)
    spec = Boiler(fuel="natural_gas", output="loop", capacity=10, efficiency=1.05)
    flow = network_of(spec.lower(surroundings), surroundings, ALL).flows["it"]
    assert flow.exchange["wastewater"] == pytest.approx(0.05 * 3600 / 2441.7)
    assert flow.exchange["heat_to_ambient"] == pytest.approx(0.0, abs=1e-4)


def test_condensation_ends_at_the_return() -> None:
    """With water back at 70 degC, above the dew point of 56 degC, nothing condenses."""
    surroundings = setting(hot_water("hot", 110, 70))
    spec = Boiler(fuel="natural_gas", output="hot", capacity=10, efficiency=1.05)
    with pytest.raises(PhysicsError, match="only 0 kg can") as caught:
        spec.lower(surroundings)
    assert "at most 1.000" in caught.value.mend
    assert caught.value.key == "efficiency"


def test_above_the_higher_heating_value_is_refused() -> None:
    """HHV over LHV of natural gas is 1.108: an efficiency of 1.15 is energy from nothing."""
    with pytest.raises(PhysicsError, match=r"1\.15 is above 1\.10"):
        Boiler(fuel="natural_gas", output="loop", capacity=1, efficiency=1.15).lower(setting(LOOP))


def test_steam_needs_colder_feedwater() -> None:
    """No feedwater, hotter feedwater, or a fuel too wet to burn."""
    with pytest.raises(PhysicsError, match="no feedwater is named"):
        Boiler(fuel="natural_gas", output="steam", capacity=1).lower(setting(STEAM))
    sludge = solid("sludge", dry_matter=0.1, carbon=0.4, hydrogen=0.06, oxygen=0.3, hhv=16)
    with pytest.raises(PhysicsError, match="heats nothing"):
        Boiler(fuel="sludge", output="loop", capacity=1).lower(setting(LOOP, sludge))
    hot = water("hot", 700)
    with pytest.raises(PhysicsError, match="more energy than steam"):
        ElectricBoiler(
            electricity="electricity", output="steam", feedwater="hot", capacity=1
        ).lower(setting(STEAM, hot))


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(["natural_gas", "biogas", "hydrogen", "wood_chips", "coal"]),
    st.floats(0.5, 1.0),
    st.sampled_from(["steam", "loop"]),
)
def test_every_boiler_closes(fuel: str, efficiency: float, output: str) -> None:
    """Energy, carbon, mass, water, sulphur and nitrogen close, and the second law holds."""
    surroundings = setting(STEAM, LOOP)
    spec = Boiler(
        fuel=fuel, output=output, feedwater="condensate", capacity=5, efficiency=efficiency
    )
    flow = network_of(spec.lower(surroundings), surroundings, ALL).flows["it"]
    heat = spec.capacity / float(flow.upper)
    assert heat == pytest.approx(efficiency)
    assert float(flow.exchange.get("heat_to_ambient", 0.0)) == pytest.approx(
        1 - efficiency, abs=1e-6
    )


def test_fuel_by_mass_is_burnt_by_its_lhv() -> None:
    """1 t of chips of 10.5 GJ has 2.93 MWh: 0.9 of it is 2.64 MWh; not 0.9 MWh per tonne."""
    chips = solid(
        "chips", dry_matter=0.61, carbon=0.505, hydrogen=0.061, oxygen=0.422, nitrogen=0.002,
        hhv=20.2,
    )  # fmt: skip
    surroundings = setting(LOOP, chips)
    spec = Boiler(fuel="chips", output="loop", capacity=10, efficiency=0.9)
    flow = network_of(spec.lower(surroundings), surroundings, ALL).flows["it"]
    assert flow.coefficients["loop"] == pytest.approx(0.9 * 10.5 / 3.6, rel=0.01)
    assert STANDARD["wood_chips"].unit == "MW"
