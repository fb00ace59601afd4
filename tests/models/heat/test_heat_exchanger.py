"""Heat exchangers: sizes by hand, a row of cells with real water, and the second law.

The log mean asks for 0.12 % more than 400 cells in counter-current with CoolProp's water, whose
heat capacity varies; sizes by hand agree to 1e-6. Over random loops, what is not refused destroys
exergy.
"""

from __future__ import annotations

import pytest
from CoolProp.CoolProp import PropsSI
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.base import PhysicsError
from models.carriers import cold_water, hot_water
from models.heat.heat_exchanger import HeatExchanger, log_mean_difference
from tests.setting import network_of, setting

PRIMARY = hot_water("primary", 90.0, 50.0)
HOUSE = hot_water("house", 70.0, 45.0)
CHILLED = cold_water("chilled", 6.0, 12.0)
ROOMS = cold_water("rooms", 9.0, 15.0)


def test_capacity_and_loss() -> None:
    """10 MW into the house with 2 % lost: 10.204 MW are taken and 0.204 MW leave by the shell.

    Were the loss free, exchange with the ambient would be missing and 0.2 MW vanish.
    """
    where = setting(PRIMARY, HOUSE)
    plate = HeatExchanger(source="primary", sink="house", capacity=10.0, loss=0.02)
    flow = network_of(plate.lower(where), where).flows["it"]
    assert flow.upper == pytest.approx(10.0 / 0.98)
    assert flow.coefficients == {"primary": -1.0, "house": pytest.approx(0.98)}
    assert flow.exchange["heat_to_ambient"] == pytest.approx(0.02)


def test_conductance() -> None:
    """90/50 to 70/45 leaves 20 and 5 K: log mean 15 / ln 4 = 10.820 K; 0.5 MW/K give 5.410 MW.

    The arithmetic mean would give 6.25 MW.
    """
    where = setting(PRIMARY, HOUSE)
    plate = HeatExchanger(source="primary", sink="house", conductance=0.5)
    assert plate.lower(where).flows[0].upper == pytest.approx(5.4101, abs=1e-4)
    assert log_mean_difference(7.0, 7.0) == 7.0


def test_against_a_counter_current_of_cells() -> None:
    """A row of cells with water by CoolProp at 6 bar needs the area that the log mean asks for.

    1 kg/s is cooled from 90 to 50 degC and warms as much as it can from 45 to 70 degC. Integrating
    dUA = dH / (difference) along the enthalpies of real water meets the formula within 0.5 %, as
    the heat capacity changes by 0.6 % along the way.
    """
    hot = [PropsSI("H", "P", 6e5, "T", t + 273.15, "Water") for t in (50.0, 90.0)]
    cold = [PropsSI("H", "P", 6e5, "T", t + 273.15, "Water") for t in (45.0, 70.0)]
    n, needed = 400, 0.0
    per = (hot[1] - hot[0]) / n
    for i in range(n):
        share = (i + 0.5) / n
        t_hot = PropsSI("T", "P", 6e5, "H", hot[0] + share * (hot[1] - hot[0]), "Water")
        t_cold = PropsSI("T", "P", 6e5, "H", cold[0] + share * (cold[1] - cold[0]), "Water")
        needed += per / (t_hot - t_cold)
    assert (hot[1] - hot[0]) / log_mean_difference(20.0, 5.0) == pytest.approx(needed, rel=5e-3)


def test_cold() -> None:
    """Chilled water of 6/12 serves rooms at 9/15; what leaks in comes from the air."""
    where = setting(CHILLED, ROOMS)
    plate = HeatExchanger(source="chilled", sink="rooms", capacity=1.0, loss=0.1)
    flow = network_of(plate.lower(where), where).flows["it"]
    assert flow.exchange["air_heat"] == pytest.approx(-0.1)
    assert flow.activity == "cooling"
    with pytest.raises(PhysicsError, match="leaves -3 and -3 K"):
        HeatExchanger(source="rooms", sink="chilled", capacity=1.0).lower(where)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(30, 160),
    st.floats(5, 60),
    st.floats(30, 160),
    st.floats(5, 60),
    st.floats(0.5, 10),
)
def test_second_law(
    hot: float, hot_span: float, cold: float, cold_span: float, approach: float
) -> None:
    """Whatever it does not refuse conserves and destroys exergy; what it refuses is too cold.

    Above the dead state of 25 degC. Without the check at the return end, a loop of 90/30 would heat
    one of 70/60 and the network would find exergy made.
    """
    assume(min(hot - hot_span, cold - cold_span) >= 25.0)
    primary = hot_water("primary", hot, hot - hot_span)
    house = hot_water("house", cold, cold - cold_span)
    where = setting(primary, house)
    plate = HeatExchanger(source="primary", sink="house", capacity=1.0, approach=approach)
    fits = min(hot - cold, hot - hot_span - cold + cold_span) >= approach
    if fits:
        network_of(plate.lower(where), where)
        assert house.exergy < primary.exergy
    elif min(hot - cold, hot - hot_span - cold + cold_span) < approach - 1e-6:
        with pytest.raises(PhysicsError, match="at the ends, less than"):
            plate.lower(where)


def test_refusals() -> None:
    """Two sizes or none, heat into cold, and ends that meet."""
    with pytest.raises(ValueError, match="neither of them"):
        HeatExchanger(source="primary", sink="house")
    with pytest.raises(ValueError, match="by both"):
        HeatExchanger(source="primary", sink="house", capacity=1.0, conductance=1.0)
    where = setting(PRIMARY, HOUSE, CHILLED)
    with pytest.raises(PhysicsError, match="'primary' is heat and 'chilled' is cold"):
        HeatExchanger(source="primary", sink="chilled", capacity=1.0).lower(where)
    with pytest.raises(ValueError, match="0 and 5 K"):
        log_mean_difference(0.0, 5.0)
