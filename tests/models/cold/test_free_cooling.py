"""Free cooling by dry coolers and wet towers.

Held against a cooler of constant effectiveness solved by bracketing (1e-9), hand-solved loads, and
the exergy of cold; its approaches are assumed and held against nothing.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from models.carriers import cold_water
from models.cold.free_cooling import FreeCooling, free_share, precooled_share
from models.cold.moist_air import wet_bulb
from tests.setting import network_of, setting

CHILLED = cold_water("chilled", 12.0, 18.0)
COLD = cold_water("cold", 7.0, 12.0)


def test_by_hand() -> None:
    """Water of 12 degC by dry coolers with 8 K: all of 5 MW at 3 degC, half at 8, none at 12 degC.

    Electricity 0.04 per cold; heat rejected 1.04. If it ran whenever it is colder outside than the
    return, it would still give cold at 12 degC.
    """
    where = setting(CHILLED, temp_air=np.array([3.0, 4.0, 8.0, 12.0]))
    cooler = FreeCooling(electricity="electricity", cold="chilled", capacity=5.0, cooling="air")
    flow = network_of(cooler.lower(where), where).flows["it"]
    np.testing.assert_allclose(flow.upper, [5.0, 5.0, 2.5, 0.0])
    assert flow.coefficients["electricity"] == -0.04
    assert flow.exchange["heat_to_ambient"] == pytest.approx(1.04)


def test_tower_follows_the_wet_bulb() -> None:
    """Dry air of 15 degC and 20 % has a wet bulb near 6 degC, at which a tower still works in full.

    A tower taken by the dry bulb would give nothing.
    """
    where = setting(CHILLED, temp_air=15.0, relative_humidity=20.0)
    assert 5.0 < wet_bulb(15.0, 20.0, 101325.0) < 6.5
    tower = FreeCooling(electricity="electricity", cold="chilled", capacity=5.0)
    assert np.all(tower.offered(where) > 0.9 * 5.0)
    dry = tower.model_copy(update={"cooling": "air"})
    assert not dry.offered(where).any()


@settings(max_examples=40, deadline=None)
@given(st.floats(-20, 30), st.floats(2, 12), st.floats(2, 15))
def test_against_a_cooler_of_constant_effectiveness(
    outdoor: float, span: float, approach: float
) -> None:
    """An exchanger with constant flows, sized at one point, gives what the linear rule says.

    Heat = e C (return - outdoor) and supply = return - heat / C, with C so that rated heat spans
    `span` and e from the rated approach; supply is held at 12 degC by the load. Solved for the load
    by bracketing instead of the rule.
    """
    supply, rated = 12.0, 1.0
    c = rated / span
    effectiveness = span / (span + approach)

    def surplus(load: float) -> float:
        back = supply + load / c
        return effectiveness * c * (back - outdoor) - load

    share = float(free_share(supply, np.array([outdoor]), approach)[0])
    if outdoor >= supply:
        assert share == 0.0
    else:
        most = brentq(surplus, 0.0, 1e4)
        assert share == pytest.approx(min(most, 1.0), rel=1e-9)


def test_precooling_by_hand() -> None:
    """Water from 30 to 20 degC, 6 K: all below 14 degC, half at 19, none from 24 degC."""
    outdoor = np.array([5.0, 14.0, 19.0, 24.0, 30.0])
    np.testing.assert_allclose(precooled_share(20.0, 30.0, outdoor, 6.0), [1.0, 1.0, 0.5, 0.0, 0.0])


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-30, 45),
    st.floats(5, 100),
    st.floats(2, 20),
    st.sampled_from(["air", "tower"]),
    st.floats(0, 0.2),
)
def test_it_closes(air: float, humidity: float, supply: float, cooling: str, use: float) -> None:
    """It conserves, obeys the second law, and never cools below the weather.

    With little electricity for very cold water the bound by exergy holds; without it the network
    would refuse the flow.
    """
    loop = cold_water("loop", supply, supply + 6.0)
    where = setting(loop, temp_air=air, relative_humidity=humidity)
    cooler = FreeCooling(
        electricity="electricity", cold="loop", capacity=3.0, cooling=cooling, electricity_use=use
    )
    flow = network_of(cooler.lower(where), where).flows["it"]
    upper = np.broadcast_to(flow.upper, 4)
    assert np.all((upper >= 0) & (upper <= 3.0))
    if cooling == "air" and air >= supply:
        assert not upper.any()


def test_bound_by_exergy() -> None:
    """7/12 degC has 0.055 of exergy per cold: 1 - 298.15 / 282.64 K, so 0.04 becomes 0.055."""
    where = setting(COLD, temp_air=-5.0)
    cooler = FreeCooling(electricity="electricity", cold="cold", capacity=1.0)
    use = -np.asarray(cooler.lower(where).flows[0].coefficients["electricity"])
    assert float(use) == pytest.approx(298.15 / 282.64 - 1.0, abs=5e-5)
