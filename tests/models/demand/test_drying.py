"""Drying of the air of buildings that are cooled.

Held against a balance of enthalpy by CoolProp's moist air: latent and sensible heat of a stream of
air within 1 %. In a year of Suzhou it adds 59 % to the sensible cold of a block kept at 60 %.
"""

from __future__ import annotations

import numpy as np
import pytest
from CoolProp.HumidAirProp import HAPropsSI
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import PhysicsError
from models.carriers import cold_water
from models.demand.drying import kept_humidity, latent_heat
from tests.models.demand.test_building import COLD, HEAT, block
from tests.setting import network_of, setting

HUMID = {"temp_air": 32.0, "relative_humidity": 70.0}


def test_by_hand() -> None:
    """A kilogram of air a second from 20 to 10 g/kg, and 3.6 kg/h of people: 26.9 kW.

    (0.010 + 0.001) kg/s of 2441.7 kJ/kg. Drier air outside takes the vapour of people away with it.
    """
    found = latent_heat(np.array([0.020, 0.008]), np.full(2, 0.010), np.ones(2), 0.001)
    assert found == pytest.approx([0.011 * 2441.7e3, 0.0])


@settings(max_examples=40, deadline=None)
@given(st.floats(20, 40), st.floats(30, 100), st.floats(22, 27), st.floats(0.4, 0.7))
def test_enthalpy(air: float, humidity: float, room: float, kept: float) -> None:
    """Air that is brought to the room's state gives up its sensible and its latent heat.

    By CoolProp, less the heat of the liquid that leaves. Were the latent heat that of boiling, it
    would be 8 % less.
    """
    into = ("T", air + 273.15, "P", 101325.0, "R", humidity / 100.0)
    out = ("T", room + 273.15, "P", 101325.0, "R", kept)
    before, after = HAPropsSI("W", *into), HAPropsSI("W", *out)
    given_up = HAPropsSI("H", *into) - HAPropsSI("H", *out) - (before - after) * 4180.0 * room
    sensible = (1006.0 + 1860.0 * before) * (air - room)
    inside = kept_humidity(kept, np.array([room]), np.array([101325.0]), 7.0)
    found = latent_heat(np.array([before]), inside, np.ones(1), 0.0)[0]
    if before > float(inside[0]):
        scale = abs(sensible) + found
        assert found + sensible == pytest.approx(given_up, abs=0.01 * scale + 200.0)


def test_a_humid_day() -> None:
    """32 degC and 70 % outside: 21.2 g/kg; kept at 26 degC and 60 %: 12.6 g/kg.

    Half an hourly change of 3,000 m3 of 1.2 kg/m3 is 0.5 kg/s, of which 8.6 g/kg condense: 10.5
    kW. Of old, cold was sensible alone.
    """
    where = setting(HEAT, COLD, **HUMID)
    dry = block(cold="chilled").cooling_load(where)
    dried = block(cold="chilled", humidity=0.6).cooling_load(where)
    out = HAPropsSI("W", "T", 305.15, "P", 101325.0, "R", 0.7)
    inside = HAPropsSI("W", "T", 299.15, "P", 101325.0, "R", 0.6)
    assert (out, inside) == pytest.approx((0.0212, 0.0127), abs=2e-4)
    per_second = 0.5 * 3000.0 * 1.2 / 3600.0
    assert dried - dry == pytest.approx(per_second * (out - inside) * 2441.7e3, rel=0.01)
    people = block(cold="chilled", humidity=0.6, moisture=3.0).cooling_load(where)
    assert people - dried == pytest.approx(3.0 * 1200 / 3.6e6 * 2441.7e3, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.floats(5, 40), st.floats(10, 100), st.floats(0.5, 0.8), st.floats(0, 10))
def test_any_dried_block_closes(air: float, humid: float, kept: float, moisture: float) -> None:
    """Never less cold than sensible alone, none where nothing is cooled, and all closes."""
    where = setting(HEAT, COLD, temp_air=air, relative_humidity=humid)
    plain = block(cold="chilled")
    dried = block(cold="chilled", humidity=kept, moisture=moisture)
    sensible, load = plain.cooling_load(where), dried.cooling_load(where)
    assert np.all(load >= sensible) and not np.any(load[sensible == 0])
    cold = network_of(dried.lower(where), where).flows["it.cold"]
    assert np.allclose(cold.exchange["building_heat"], -1.0)


def test_too_warm_to_dry() -> None:
    """Water of 17 degC dries nothing that may have 50 % at 26 degC: 1682 Pa, and 1938 Pa remain."""
    mild = cold_water("chilled", 17.0, 20.0)
    house = block(cold="chilled", humidity=0.5)
    with pytest.raises(PhysicsError, match=r"1682 Pa .* 17 degC 1938 Pa") as caught:
        house.lower(setting(HEAT, mild, **HUMID))
    assert caught.value.key == "humidity"
