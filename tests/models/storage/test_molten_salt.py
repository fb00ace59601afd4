"""Molten salt: held against CoolProp's solar salt, the published store of Andasol 1 and hand sums.

Deviation found: density and specific heat below 1e-4 of CoolProp (both after Zavoico 2001), exergy
below 1e-6 of a chain of Carnot engines; 28,500 t between 292 and 386 degC hold 1038 MWh of use,
2.8 % above the 1010 MWh published for Andasol 1. The heat loss per area is not verified.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from CoolProp.CoolProp import PropsSI
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import PhysicsError
from models.carriers import hot_water, steam, water
from models.storage.molten_salt import (
    MoltenSaltStore,
    pinch,
    salt_density,
    salt_enthalpy,
    salt_exergy,
    salt_temperature,
)
from tests.setting import network_of, setting

LIVE = steam("live", 100.0, 540.0)
FEED = water("feed", 230.0)
SALT_LOOP = hot_water("receiver", 575.0, 300.0)


def store(**more: Any) -> MoltenSaltStore:
    """1000 MWh that raise steam of 100 bar and 540 degC from feedwater of 230 degC."""
    usual: dict[str, Any] = {
        "electricity": "electricity", "output": "live", "feedwater": "feed",
        "energy_capacity": 1000.0, "heater_capacity": 100.0, "discharge_capacity": 120.0,
    }  # fmt: skip
    return MoltenSaltStore(**{**usual, **more})


@pytest.mark.parametrize("celsius", [300.0, 400.0, 500.0, 565.0])
def test_properties_of_coolprop(celsius: float) -> None:
    """Density and specific heat of CoolProp's incompressible fluid NaK, and enthalpy back again."""
    state = ("T", celsius + 273.15, "P", 1e6, "INCOMP::NaK")
    assert salt_density(celsius) == pytest.approx(PropsSI("D", *state), rel=1e-4)
    slope = salt_enthalpy(celsius + 0.5) - salt_enthalpy(celsius - 0.5)
    assert slope == pytest.approx(PropsSI("C", *state), rel=1e-4)
    assert salt_temperature(salt_enthalpy(celsius)) == pytest.approx(celsius, rel=1e-12)


def test_by_hand() -> None:
    """Mean cp from 290 to 565 degC is 1443 + 0.172 x 427.5 = 1516.5: 417.05 kJ/kg.

    1000 MWh need 3.6e9 kJ / 417.05 = 8632 t of use and 9282 t with the heel. At 565 degC they fill
    9.282e6 / 1730.7 = 5363 m3: d = (4 x 5363 / (pi 0.38889))^(1/3) = 25.99 m, area
    pi d2 (0.38889 + 0.5) = 1886 m2; cold 9.282e6 / 1905.6 = 4871 m3 and 1769 m2. Heaters keep both
    at 290 degC: 0.4 x 3655 x 275 = 0.402 MW; hot salt loses 0.4 x 1886 x 275 = 0.207 MW when full.
    With a specific heat of water there would be 2.8 times less salt.
    """
    spec = store()
    assert spec.salt == pytest.approx(9282, rel=1e-4)
    assert spec.area(565.0) == pytest.approx(1886, rel=1e-3)
    assert spec.area(290.0) == pytest.approx(1769, rel=1e-3)
    lowering = spec.lower(setting(LIVE, FEED))
    by_name = {flow.name: flow for flow in lowering.flows}
    assert float(by_name["it.freeze_protection"].upper) == pytest.approx(0.402, rel=2e-3)
    assert lowering.stores[0].loss_rate * 1000 == pytest.approx(0.207, rel=5e-3)
    # IAPWS 3476.9 kJ/kg less 104.9 + 4.18 x 205 = 961.8: a MWh raises 3600 / 2515.1 = 1.4313 t.
    assert by_name["it.discharge"].coefficients["live"] == pytest.approx(1.4313, rel=1e-4)


def test_andasol() -> None:
    """28,500 t, tanks 14 m high and 36 m wide, 1,010 MWh (NREL SolarPACES): within 4 %.

    They work with oil of 393 to 293 degC, so salt of 386 to 292. Without a heel it would be
    1,117 MWh, 11 % too much.
    """
    rise = (salt_enthalpy(386.0) - salt_enthalpy(292.0)) / 3.6e9
    gross = 28.5e6 * rise
    assert gross == pytest.approx(1117, rel=2e-3)
    spec = store(hot=386.0, cold=292.0, energy_capacity=1010.0)
    assert spec.salt == pytest.approx(28_500, rel=0.04)


def test_exergy_is_a_chain_of_carnot_engines() -> None:
    """Integral of cp (1 - T0 / T) in 20,000 slices: 0.57, below Carnot at 565 degC, 0.64."""
    celsius = 290 + 275 * (np.arange(20_000) + 0.5) / 20_000
    specific = 1443 + 0.172 * celsius
    chain = float(np.sum(specific * (1 - 298.15 / (celsius + 273.15))) / np.sum(specific))
    assert salt_exergy(565.0, 290.0) == pytest.approx(chain, rel=1e-6)
    assert 0.56 < chain < 0.58


def test_pinch_is_where_boiling_begins() -> None:
    """The curves of salt and water, drawn by CoolProp at 2,000 points, come closest there."""
    distance, salt, boiling = pinch(565.0, 290.0, LIVE, FEED)
    first = FEED.of("energy") * 3600 + PropsSI("H", "T", 298.15, "P", 101325, "Water") / 1000
    last = PropsSI("H", "T", 813.15, "P", 100e5, "Water") / 1000
    share = np.linspace(0, 1, 2001)
    heat = first + share * (last - first)
    cold = np.array([PropsSI("T", "H", 1000 * h, "P", 100e5, "Water") - 273.15 for h in heat])
    low, high = salt_enthalpy(290.0), salt_enthalpy(565.0)
    warm = np.array([salt_temperature(low + s * (high - low)) for s in share])
    assert boiling == pytest.approx(PropsSI("T", "P", 100e5, "Q", 0, "Water") - 273.15, abs=0.01)
    assert distance == pytest.approx(float((warm - cold)[cold < boiling + 1].min()), abs=0.3)
    assert salt > boiling


@settings(max_examples=25, deadline=None)
@given(
    st.floats(460, 590), st.floats(270, 330), st.floats(1, 1e5), st.floats(0, 1), st.floats(2, 60)
)
def test_every_store_closes(
    hot: float, cold: float, energy: float, initial: float, pressure: float
) -> None:
    """Energy, mass and water close, exergy never grows; a larger store loses a smaller share."""
    where = setting(steam("s", pressure, 400.0), water("w", 100.0), SALT_LOOP)
    spec = store(
        output="s", feedwater="w", hot=hot, cold=cold, energy_capacity=energy, initial=initial
    )
    lowering = spec.lower(where)
    network_of(lowering, where, ("energy", "carbon", "mass", "water"))
    larger = spec.model_copy(update={"energy_capacity": 8 * energy}).lower(where)
    assert larger.stores[0].loss_rate == pytest.approx(lowering.stores[0].loss_rate / 2, rel=1e-9)
    shares = [float(x.flows[2].upper) for x in (lowering, larger)]
    assert shares[1] == pytest.approx(4 * shares[0], rel=1e-9)


def test_a_solar_loop_heats_it_too() -> None:
    """All heat of the loop is in the salt; a loop that is 1 K too cold is refused."""
    where = setting(LIVE, FEED, SALT_LOOP, hot_water("cool", 569.0, 300.0))
    spec = store(source="receiver", source_capacity=50.0)
    network = network_of(spec.lower(where), where)
    flow = network.flows["it.source"]
    assert flow.coefficients == {"receiver": -1.0, "it.stored": 1.0}
    assert not any(flow.exchange.values())
    with pytest.raises(PhysicsError, match="'cool' from 569 to 300 degC cannot heat salt"):
        store(source="cool").lower(where)


def test_what_the_second_law_forbids() -> None:
    """Steam hotter than the salt, feedwater hotter than the cold salt, boiling above the salt."""
    where = setting(LIVE, FEED, steam("hotter", 100.0, 562.0), steam("high", 200.0, 540.0),
                    water("warm", 288.0), water("pre", 280.0))  # fmt: skip
    with pytest.raises(PhysicsError, match="hot salt at 565 degC cannot heat 'hotter'"):
        store(output="hotter").lower(where)
    with pytest.raises(PhysicsError, match="cold salt at 290 degC cannot heat 'live' at 288"):
        store(feedwater="warm").lower(where)
    with pytest.raises(PhysicsError, match=r"down to 36\d degC where water begins to boil at 366"):
        store(output="high", feedwater="pre", hot=550.0).lower(where)
    with pytest.raises(PhysicsError, match="no feedwater"):
        store(feedwater=None).lower(where)
    with pytest.raises(PhysicsError, match="is not above the cold"):
        store(hot=300.0, cold=310.0).lower(where)
