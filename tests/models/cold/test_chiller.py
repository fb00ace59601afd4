"""Compression and absorption chillers.

Held against solved points and the reversible limits of Herold et al. (exact); a vapour cycle of
R134a by CoolProp: 8 % less COP at 20 degC to 6 % more at 45 degC in the condenser; the ratings of
EN 15243, of which 64 to 79 % of the COP is left at 45 degC, here 71 %; and CoolProp's moist air for
the wet bulb (-1.0 to +0.65 K).
"""

from __future__ import annotations

import numpy as np
import pytest
from CoolProp.CoolProp import PropsSI
from CoolProp.HumidAirProp import HAPropsSI
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.base import PhysicsError
from models.carriers import cold_water, hot_water, steam, steam_state, water
from models.cold.chiller import (
    AbsorptionChiller,
    Chiller,
    carnot_cop,
    driving_temperature,
    three_temperature_cop,
    wet_bulb,
)
from tests.setting import network_of, setting

COLD = cold_water("chilled", 7.0, 12.0)
HOT = hot_water("hot", 90.0, 70.0)
STEAM = steam("steam", 9.0, 180.0)
HOT_CONDENSATE = water("returned", 90.0)


def test_compression_by_hand() -> None:
    """1 MW of electricity in air of 33 degC gives 3.13 MW of cold and rejects 4.13 MW.

    Evaporator 7 - 2 = 5 degC, condenser 33 + 12 = 45 degC: Carnot 278.15 / 40 = 6.9538. Rated point
    4.7 and 47 degC: 277.85 / 42.3 = 6.5686, of which 2.96 is 0.45063. COP 3.1336. If cold carried
    +1 MWh, 2.13 MWh would come from nothing and the flow be refused.
    """
    where = setting(COLD, temp_air=33.0)
    chiller = Chiller(electricity="electricity", cold="chilled", capacity=5.0, cooling="air")
    flow = network_of(chiller.lower(where), where).flows["it"]
    cop = 2.96 / (277.85 / 42.3) * 278.15 / 40.0
    assert np.allclose(flow.coefficients["chilled"], cop, rtol=1e-12)
    assert np.allclose(flow.exchange["heat_to_ambient"], 1.0 + cop, rtol=1e-12)
    assert np.allclose(flow.upper, 5.0 / cop, rtol=1e-12)
    assert cop == pytest.approx(3.1336, abs=5e-5)


def test_rated_point() -> None:
    """At its rated state a machine has its rated COP: wet bulb 25.6 degC, water at 6.7 degC.

    Moist air of 25.6 degC at 99 % has this wet bulb within 0.2 K, of which each is worth 2.5 to
    3.5 % of the COP.
    """
    chilled = cold_water("rated", 6.7, 12.2)
    where = setting(chilled, temp_air=25.6, relative_humidity=99.0)
    chiller = Chiller(electricity="electricity", cold="rated", capacity=1.0, rated_cop=6.0)
    cop = np.asarray(chiller.lower(where).flows[0].coefficients["rated"])
    assert np.all(np.abs(cop / 6.0 - 1.0) < 0.2 * 0.035)


def test_wet_bulb_of_a_room() -> None:
    """20 degC at 50 % has a wet bulb of 13.78 degC by ASHRAE RP-1485 (CoolProp).

    Stull's worked example (2011) gives 13.7 by his fit, which is good to a third of a kelvin.
    """
    exact = HAPropsSI("B", "T", 293.15, "P", 101325.0, "R", 0.5) - 273.15
    assert wet_bulb(20.0, 50.0, 101325.0) == pytest.approx(exact, abs=0.02)


@settings(max_examples=80, deadline=None)
@given(st.floats(-20, 48), st.floats(3, 100), st.floats(60e3, 105e3))
def test_wet_bulb(temperature: float, humidity: float, pressure: float) -> None:
    """Within 0.1 K of CoolProp's moist air (ASHRAE RP-1485), at any height.

    Read with humidity as a share instead of percent it would be 10 K off, at the pressure of the
    sea up to 2.6 K in the mountains. Near 0 degC the wick is wet or frozen, which is a kelvin.
    """
    state = ("T", temperature + 273.15, "P", pressure, "R", humidity / 100.0)
    exact = HAPropsSI("B", *state) - 273.15
    allowed = 0.1 if abs(exact) > 1.0 else 1.0
    assert wet_bulb(temperature, humidity, pressure) == pytest.approx(exact, abs=allowed)


@settings(max_examples=80, deadline=None)
@given(
    st.floats(-25, 48),
    st.floats(5, 100),
    st.sampled_from(["air", "tower"]),
    st.floats(3, 15),
    st.floats(0.05, 0.95),
)
def test_second_law(air: float, humidity: float, cooling: str, supply: float, share: float) -> None:
    """It closes, and is below Carnot against the real and against the dead surroundings.

    Those of a wet tower are at the wet bulb, as it evaporates water. With the evaporator and
    condenser swapped the COP would be negative; without the bound by exergy, frosty weather with a
    high `maximum_cop` would break the second law of the network.
    """
    chilled = cold_water("cold", supply, supply + 5.0)
    where = setting(chilled, temp_air=air, relative_humidity=humidity)
    outdoor = {"air": 35.0 + 12.0, "tower": 25.6 + 10.0}[cooling]
    rated = share * float(carnot_cop(4.7, outdoor))
    chiller = Chiller(
        electricity="electricity",
        cold="cold",
        capacity=2.0,
        cooling=cooling,
        rated_cop=rated,
        maximum_cop=60.0,
    )
    flow = network_of(chiller.lower(where), where).flows["it"]
    cop = np.asarray(flow.coefficients["cold"])
    sink = air if cooling == "air" else wet_bulb(air, humidity, 101325.0)
    assert np.all(cop > 0) and np.all(cop < carnot_cop(supply, sink))
    assert np.all(cop * chilled.exergy <= 1.0)


def test_published_ratings() -> None:
    """From 27/33 to 40/45 degC at the condenser a chiller for 6 degC loses as EN 15243 says.

    R134a, annex I: reciprocating 4.0 to 3.1, screw 4.5 to 2.9, turbo 5.2 to 4.1, so 0.64 to 0.79
    of the COP is left. A constant share of Carnot, evaporating at 4 and condensing at 34 and 46
    degC: (277.15 / 42) / (277.15 / 30) = 0.714. A constant COP would leave 1.
    """
    left = float(carnot_cop(4.0, 46.0) / carnot_cop(4.0, 34.0))
    assert 2.9 / 4.5 < left < 4.1 / 5.2


def test_vapour_cycle() -> None:
    """A constant share of Carnot is within 10 % of a cycle of R134a by CoolProp.

    Evaporating at 5 degC and condensing at 20 to 45 degC, both put to the same COP at 35.6 degC:
    the cycle with 3 K of superheat and subcooling and an isentropic efficiency of 0.75. A constant
    COP would be off by a factor of two.
    """

    def cycle(condensing: float) -> float:
        low = PropsSI("P", "T", 278.15, "Q", 1, "R134a")
        high = PropsSI("P", "T", condensing + 273.15, "Q", 0, "R134a")
        suction = ("P", low, "T", 281.15, "R134a")
        drawn = PropsSI("H", *suction)
        ideal = PropsSI("H", "P", high, "S", PropsSI("S", *suction), "R134a")
        liquid = PropsSI("H", "P", high, "T", condensing + 270.15, "R134a")
        return float((drawn - liquid) / ((ideal - drawn) / 0.75))

    share = cycle(35.6) / float(carnot_cop(5.0, 35.6))
    for condensing in (20.0, 25.0, 30.0, 40.0, 45.0):
        assert share * float(carnot_cop(5.0, condensing)) == pytest.approx(
            cycle(condensing), rel=0.10
        )


def test_cop_above_carnot() -> None:
    """A COP of 9.5 by air is refused: 277.85 / 42.3 = 6.57 is the limit at the rated point."""
    where = setting(COLD)
    chiller = Chiller(
        electricity="electricity", cold="chilled", capacity=1.0, cooling="air", rated_cop=9.5
    )
    with pytest.raises(
        PhysicsError, match=r"9\.5 is not below the Carnot limit of 6\.57"
    ) as caught:
        chiller.lower(where)
    assert caught.value.key == "rated_cop"


def test_absorption_by_hand() -> None:
    """1 t/h of steam at 9 bar, 180 degC, to condensate of 90 degC drives 0.821 MW of cold at 1.2.

    CoolProp: h = 2796 kJ/kg against liquid at 25 degC of 104.9: 2691 kJ/kg; the condensate keeps
    4.18 * 65 = 271.7. 2419.6 / 3600 = 0.6721 MWh/t, times 1.2 = 0.8065 MW of cold; 1.4786 MW is
    rejected. Forgetting the condensate would give 0.897 MW.
    """
    where = setting(COLD, STEAM, HOT_CONDENSATE, temp_air=25.0, relative_humidity=60.0)
    chiller = AbsorptionChiller(
        heat="steam", condensate="returned", cold="chilled", capacity=8.0, cop=1.2
    )
    flow = network_of(chiller.lower(where), where, ("energy", "carbon", "mass", "water")).flows[
        "it"
    ]
    enthalpy = steam_state(9.0, 180.0)[0] - steam_state(1.01325, 25.0)[0]
    heat = (enthalpy - 4.18 * 65.0) / 3600.0
    assert flow.coefficients["chilled"] == pytest.approx(1.2 * heat, rel=1e-12)
    assert flow.coefficients["returned"] == 1.0
    assert flow.exchange["heat_to_ambient"] == pytest.approx(2.2 * heat, rel=1e-9)
    assert flow.upper == pytest.approx(8.0 / 1.2 / heat, rel=1e-12)


def test_single_effect_rejects() -> None:
    """A COP of 0.7 rejects 1 + 1/0.7 = 2.43 MWh per MWh of cold, pumps of 0.01 on top."""
    where = setting(COLD, HOT, temp_air=25.0)
    chiller = AbsorptionChiller(heat="hot", cold="chilled", capacity=1.0, electricity="electricity")
    flow = network_of(chiller.lower(where), where).flows["it"]
    rejected = flow.exchange["heat_to_ambient"] / flow.coefficients["chilled"]
    assert rejected == pytest.approx(1.0 + 1.0 / 0.7 + 0.01, rel=1e-9)
    assert flow.coefficients["electricity"] == pytest.approx(-0.007, rel=1e-12)


@settings(max_examples=80, deadline=None)
@given(st.floats(-10, 20), st.floats(1, 60))
def test_reversible_limit(evaporating: float, lift: float) -> None:
    """With matched lifts the limit is the ideal COP of Herold's zero-order machines, exactly.

    One effect drives with the lift it chills with, Te / Th; two effects with twice of it, 2 Te / Th
    (Herold et al. 2016). With condenser and evaporator swapped it would pass 1.
    """
    cold, sink = evaporating + 273.15, evaporating + lift
    for effects in (1, 2):
        hot = sink + effects * lift
        limit = float(three_temperature_cop(hot, sink, evaporating))
        assert limit == pytest.approx(effects * cold / (hot + 273.15), rel=1e-9)


def test_no_driving_lift() -> None:
    """Heat no warmer than the air drives nothing, however small the lift."""
    assert float(three_temperature_cop(30.0, 30.0, 5.0)) == 0.0
    assert float(three_temperature_cop(30.0, 35.0, 5.0)) == 0.0


def test_driving_temperature() -> None:
    """Hot water from 90 to 70 degC drives as its logarithmic mean, 20 / ln(363.15 / 343.15).

    Dry saturated steam at 9 bar condensing to water at its boiling point, 175.4 degC, drives as
    that: heat at one temperature.
    """
    mean = 20.0 / np.log(363.15 / 343.15) - 273.15
    assert driving_temperature(HOT, None) == pytest.approx(mean, rel=1e-9)
    # The condensate's constant specific heat of 4.18 costs some 2 % of its enthalpy at 175 degC.
    dry, boiling = steam("dry", 9.0, 175.5), water("boiling", 175.4)
    assert driving_temperature(dry, boiling) == pytest.approx(175.4, abs=4.0)


@settings(max_examples=60, deadline=None)
@given(st.floats(60, 160), st.floats(-5, 32), st.floats(3, 12), st.floats(0.05, 0.98))
def test_absorption_closes(supply: float, air: float, cold: float, share: float) -> None:
    """Below the reversible limit it closes in energy and exergy, above it is refused."""
    hot, chilled = hot_water("drive", supply, supply - 10.0), cold_water("cold", cold, cold + 5.0)
    where = setting(hot, chilled, temp_air=air, relative_humidity=60.0)
    wet = float(wet_bulb(air, 60.0, 101325.0))
    limit = float(three_temperature_cop(driving_temperature(hot, None), wet + 10.0, cold - 2.0))
    assume(0 < limit < 1e3)
    # Against the fixed dead state of 25 degC, cooler weather counts for nothing.
    bound = min(limit, hot.exergy / chilled.exergy)
    chiller = AbsorptionChiller(heat="drive", cold="cold", capacity=1.0, cop=share * bound)
    network_of(chiller.lower(where), where)
    with pytest.raises(PhysicsError, match="reversible limit"):
        chiller.model_copy(update={"cop": limit * 1.001}).lower(where)


def test_double_effect_on_hot_water() -> None:
    """Two effects at 1.25 from water of 90/70 degC in a wet bulb near 28 degC are refused."""
    where = setting(COLD, HOT, temp_air=32.0, relative_humidity=75.0)
    chiller = AbsorptionChiller(heat="hot", cold="chilled", capacity=1.0, cop=1.25)
    with pytest.raises(PhysicsError, match="reversible limit") as caught:
        chiller.lower(where)
    assert caught.value.key == "cop"
    chiller.model_copy(update={"cop": 0.7}).lower(where)


def test_condensate_must_fit() -> None:
    """Steam needs somewhere to condense to; a hot-water loop leaves none."""
    where = setting(COLD, STEAM, HOT, HOT_CONDENSATE)
    with pytest.raises(PhysicsError, match="nowhere to go"):
        AbsorptionChiller(heat="steam", cold="chilled", capacity=1.0).lower(where)
    with pytest.raises(PhysicsError, match="closed loop"):
        AbsorptionChiller(heat="hot", condensate="returned", cold="chilled", capacity=1.0).lower(
            where
        )
