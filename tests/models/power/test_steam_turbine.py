"""Steam turbines: published steam cycles, another formulation of steam, and what they may not do.

Enthalpies and qualities of Moran and Shapiro's examples 8.3 and 8.5 are met within 0.08 %; ideal
exhausts lie within 0.01 % of IAPWS-95. Power, heat and spray by hand from the printed tables agree
within 0.3 %. Work never exceeds that of a reversible engine.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Flow, PhysicsError
from models.carriers import STANDARD, hot_water, steam, steam_state, water
from models.power.steam_turbine import (
    SteamTurbine,
    condense,
    expand,
    saturation_pressure,
    saturation_temperature,
    spray_water,
)
from tests.setting import network_of, setting

HIGH = steam("high", 60, 450)
LOW = steam("low", 12, 230)
LOOP = hot_water("loop", 85, 45)
KJ = 3600.0


def only(spec: SteamTurbine) -> Flow:
    """The one flow of a turbine, closed."""
    surroundings = setting(HIGH, LOW, LOOP)
    network = network_of(spec.lower(surroundings), surroundings, ("energy", "mass", "water"))
    return network.flows["it"]


def test_reheat_cycle_of_moran_and_shapiro() -> None:
    """Example 8.3: 8 MPa, 480 degC to 0.7 MPa, again 440 degC, to 0.008 MPa, ideal turbines.

    The book has h1 = 3348.4, h2 = 2741.8 (x = 0.9895), h3 = 3353.3, h4 = 2428.5 (x = 0.9382)
    kJ/kg. Steam taken as an ideal gas would miss h4 by hundreds.
    """
    first = expand(80, 480, 7, 1.0)
    second = expand(7, 440, 0.08, 1.0)
    assert first.h_in == pytest.approx(3348.4, rel=1e-3)
    assert first.h_out == pytest.approx(2741.8, rel=1e-3)
    assert first.quality == pytest.approx(0.9895, abs=1e-3)
    assert second.h_in == pytest.approx(3353.3, rel=1e-3)
    assert second.h_out == pytest.approx(2428.5, rel=1e-3)
    assert second.quality == pytest.approx(0.9382, abs=1e-3)
    assert first.work + second.work == pytest.approx((606.6 + 924.8) / KJ, rel=1e-3)


def test_turbine_of_85_per_cent_by_hand() -> None:
    """Example 8.5, first section: 3348.4 - 0.85 * (3348.4 - 2741.8) = 2832.8 kJ/kg, superheated.

    An efficiency applied to temperatures, or to the wrong end, would not give 2832.8.
    """
    end = expand(80, 480, 7, 0.85)
    assert end.h_out == pytest.approx(2832.8, rel=1e-3)
    assert end.quality == 1.0
    assert end.temperature > saturation_temperature(7)


def test_saturation_of_the_steam_tables() -> None:
    """7 bar boil at 164.97 degC, and 45 degC belong to 0.09593 bar (Keenan and Keyes)."""
    assert saturation_temperature(7) == pytest.approx(164.97, abs=0.02)
    assert saturation_pressure(45) == pytest.approx(0.09593, rel=1e-3)


@settings(deadline=None, max_examples=40)
@given(st.floats(5, 150), st.floats(380, 560), st.floats(0.02, 0.9), st.floats(0.5, 1.0))
def test_entropy_never_falls(p_in: float, t_in: float, ratio: float, efficiency: float) -> None:
    """Entropy of the exhaust from the equations of IAPWS-95, another formulation than IF97.

    A turbine that gave more than the isentropic drop would lower it.
    """
    from CoolProp.CoolProp import PropsSI

    p_out = max(p_in * ratio, 0.03)
    end = expand(p_in, t_in, p_out, efficiency)
    s_in = PropsSI("S", "P", p_in * 1e5, "T", t_in + 273.15, "Water")
    # The two formulations count enthalpy from almost the same zero.
    s_out = PropsSI("S", "P", p_out * 1e5, "H", end.h_out * 1e3, "Water")
    assert s_out >= s_in - 3.0  # J/kg/K, the difference of the formulations
    if efficiency < 0.95 and ratio < 0.5:
        assert s_out > s_in
    ideal = PropsSI("H", "P", p_out * 1e5, "S", s_in, "Water") / 1e3
    assert end.h_isentropic == pytest.approx(ideal, rel=1e-3)


def test_back_pressure_with_spray_by_hand() -> None:
    """1 t/h of 60 bar, 450 degC (3302.9 kJ/kg) to 12 bar, 230 degC (2889.6) at 0.75.

    Ideal exhaust: s = 6.7219 at 12 bar lies between 200 degC (2815.9, 6.5898) and 240 degC
    (2935.0 at 250 degC, 6.8294): about 2881 kJ/kg. Real: 3303 - 0.75 * 422 = 2986 kJ/kg. Spray of
    condensate at 90 degC (377 - 105 = 272 above 25 degC): (2986 - 2889) / (2889 - 377) = 0.039.
    Without the spray 1 t would leave and energy would not close.
    """
    spec = SteamTurbine(
        inlet="high",
        outlet="low",
        electricity="electricity",
        spray="condensate",
        capacity=5.0,
        generator_efficiency=1.0,
    )
    flow = only(spec)
    assert flow.coefficients["electricity"] == pytest.approx(0.75 * 422 / KJ, rel=0.01)
    assert flow.coefficients["low"] == pytest.approx(1.039, abs=0.002)
    assert flow.coefficients["condensate"] == pytest.approx(-0.039, abs=0.002)
    assert flow.upper * flow.coefficients["electricity"] == pytest.approx(5.0)


def test_heat_condenser_by_hand() -> None:
    """Condensing at 90 degC with the condensate at 90 degC: work + heat is all above 272 kJ/kg.

    60 bar, 450 degC to 0.7014 bar: s = 6.7219 = 1.1925 + x 6.2866, x = 0.8796, ideal exhaust
    376.9 + 0.8796 * 2283.2 = 2385.2; at 0.75: 3302.9 - 0.75 * 917.7 = 2614.6. Heat 2614.6 - 376.9.
    """
    spec = SteamTurbine(
        inlet="high", outlet="loop", electricity="electricity", condensate="condensate", capacity=5
    )
    flow = only(spec)
    assert flow.coefficients["loop"] == pytest.approx((2614.6 - 376.9) / KJ, rel=2e-3)
    assert flow.coefficients["electricity"] == pytest.approx(0.97 * 0.75 * 917.7 / KJ, rel=2e-3)
    assert flow.coefficients["condensate"] == 1.0


def test_condensate_below_the_return_heats_nothing() -> None:
    """A loop returning at 45 degC cannot use what lies between 45 and 25 degC: 84 kJ/kg are lost.

    Were the bus's temperature taken alone, a colder condensate bus would make more useful heat.
    """
    steam_in = HIGH
    _, to_return = condense(steam_in, 90, water("w", 45), 0.75, coldest=45)
    _, colder = condense(steam_in, 90, water("w", 25), 0.75, coldest=45)
    assert colder == pytest.approx(to_return, rel=1e-12)


def test_preheating_a_hot_condensate_bus_costs_work() -> None:
    """Condensing at 30 degC into a bus at 90 degC: bled steam does the heating.

    By hand for 60 bar, 450 degC at 0.75: bleed at 2614.6, drain at 125.7, bus at 376.9 kJ/kg:
    share (376.9 - 125.7) / (2614.6 - 125.7) = 0.101. Without it the cold condenser would heat water
    beyond its own temperature for nothing.
    """
    cold, _ = condense(HIGH, 30, water("w", 30), 0.75)
    hot, heat = condense(HIGH, 30, STANDARD["condensate"], 0.75)
    bleed = expand(60, 450, saturation_pressure(90), 0.75).work
    assert (cold - hot) / (cold - bleed) == pytest.approx(0.101, abs=0.001)
    total = HIGH.of("energy") - STANDARD["condensate"].of("energy")
    assert hot + heat == pytest.approx(total, rel=1e-12)


@settings(deadline=None, max_examples=30)
@given(
    st.floats(20, 160),
    st.floats(400, 560),
    st.floats(0.5, 0.95),
    st.floats(25, 60),
)
def test_condensing_turbine_closes_and_stays_below_carnot(
    pressure: float, temperature: float, efficiency: float, cold: float
) -> None:
    """Work is below that of a reversible engine between the steam's and the sink's temperatures.

    An enthalpy drop taken from the wrong reference would pass it at once.
    """
    live = steam("live", pressure, temperature)
    surroundings = setting(live, water("drain", cold))
    spec = SteamTurbine(
        inlet="live",
        electricity="electricity",
        condensate="drain",
        condensing_temperature=cold,
        capacity=1.0,
        isentropic_efficiency=efficiency,
    )
    network = network_of(spec.lower(surroundings), surroundings, ("energy", "mass", "water"))
    power = float(network.flows["it"].coefficients["electricity"])
    h, s = steam_state(pressure, temperature)
    h0, s0 = steam_state(1.01325, cold)
    assert 0 < power <= ((h - h0) - (cold + 273.15) * (s - s0)) / KJ


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ({"outlet": "low"}, "spray", "hotter than its bus"),
        ({"outlet": "loop"}, "condensate", "no bus takes the water"),
        ({"condensate": "condensate"}, "condensing_temperature", "at a temperature not given"),
        ({"inlet": "low", "outlet": "high"}, "", "cannot expand from 12 bar to 60 bar"),
        (
            {"inlet": "high", "outlet": "hot", "spray": "condensate"},
            "outlet",
            "colder or wetter than its bus",
        ),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, str], key: str, words: str) -> None:
    """Each would either lose steam or sell superheat that is not there."""
    given = {"inlet": "high", "electricity": "electricity", "capacity": 1.0, **change}
    with pytest.raises(PhysicsError, match=words) as caught:
        SteamTurbine(**given).lower(setting(HIGH, LOW, LOOP, steam("hot", 12, 400)))
    assert caught.value.key == key
    assert caught.value.mend


def test_kernels_refuse_nonsense() -> None:
    """Liquid before the turbine, an efficiency above 1, a spray that boils."""
    with pytest.raises(PhysicsError, match="not within 0 and 1"):
        expand(60, 450, 12, 1.2)
    with pytest.raises(PhysicsError, match="water is liquid"):
        expand(60, 200, 12, 0.8)
    with pytest.raises(PhysicsError, match="too hot"):
        spray_water(1.0, LOW, HIGH, "steam", key="outlet", spray_key="spray")
