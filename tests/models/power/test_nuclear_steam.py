"""Nuclear steam: the penalty by hand and from steam tables, a published supply, and refusals.

The supply of Heqi-1 (600 t/h at 18 bar) takes 467 MW, 7.8 % of the fission heat. The electricity it
costs is 5 % above that of a turbine expanded in steam tables (0.276 for 0.263 MWh per MWh); it is
not compared with a published penalty.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Flow, PhysicsError
from models.carriers import custom, hot_water, steam, steam_state
from models.power.nuclear_steam import NuclearSteam, electricity_penalty
from models.power.steam_turbine import expand, if97
from tests.setting import network_of, setting

FUEL = custom("nuclear_fuel", "MW", {"energy": 1.0}, exergy=1.0, lhv=1.0, kind="fuel")
STEAM = steam("steam_18bar", 18.0, 248.0)
PORTS: dict[str, Any] = {
    "fuel": "nuclear_fuel",
    "electricity": "electricity",
    "heat": "steam_18bar",
    "feedwater": "demineralised_water",
    "power_capacity": 1000.0,
}


def flows(**fields: Any) -> dict[str, Flow]:
    """The closed flows of a reactor, by role."""
    here = setting(FUEL, STEAM, steam("hot", 18.0, 350.0), steam("high", 60.0, 300.0),
                   hot_water("town", 110.0, 60.0))  # fmt: skip
    lowering = NuclearSteam(**PORTS | fields).lower(here)
    network_of(lowering, here)
    return {flow.name: flow for flow in lowering.flows}


def test_by_hand() -> None:
    """0.35 x (1 - 308.15 / 503.15) / (1 - 308.15 / 548.15) = 0.35 x 0.38756 / 0.43784 = 0.30981.

    Taken from live steam it costs 0.35, from the condenser nothing.
    """
    assert electricity_penalty(0.35, 230.0, 275.0, 35.0) == pytest.approx(0.30981, abs=1e-5)
    assert electricity_penalty(0.35, 275.0, 275.0, 35.0) == pytest.approx(0.35)
    assert electricity_penalty(0.35, 35.0, 275.0, 35.0) == 0.0


def test_a_published_supply() -> None:
    """Heqi-1: 600 t/h at 18 bar and 248 degC from two reactors of 3000 MW, from 25 degC water.

    600 x (2906.7 - 104.9) / 3600 = 467 MW, 7.8 % of the fission heat, as the default.
    18 bar boil at 207.1 degC, so heat at 227.1 degC is taken where live steam has 274.3:
    0.326 x 0.3840 / 0.4371 = 0.2864 of it, or 134 MW, is missed as electricity. Without a penalty
    the reactors would seem to give the steam for nothing.
    """
    energy = 600 * (steam_state(18.0, 248.0)[0] - steam_state(1.01325, 25.0)[0]) / 3600
    assert energy == pytest.approx(467, abs=2)
    assert energy / 6000 == pytest.approx(0.078, abs=5e-4)
    both = flows()["it.heat"]
    alone = flows()["it.power"]
    lost = alone.coefficients["electricity"] - both.coefficients["electricity"]
    assert lost / 0.078 == pytest.approx(0.2864, abs=1e-4)
    per_tonne = lost / both.coefficients["steam_18bar"]
    assert per_tonne * 600 == pytest.approx(134, abs=1)


def test_steam_tables() -> None:
    """The penalty against a turbine in steam tables, within 10 % of it.

    Live steam of 274 degC expands to the reboiler at 227 degC (26.5 bar) and to the condenser at 35
    degC at 0.85, moisture left in: missed is the drop behind the reboiler, over the heat of wet
    steam until it is the drain. The hot drain spares heat, credited at the plant's efficiency. It
    comes to 0.263 where temperatures alone say 0.276, 5 % more; the live steam's own efficiency
    would say 0.314, 20 % more.
    """
    live, taken, cold = (if97("P", "T", t + 273.15, "Q", 1.0) / 1e5 for t in (273.9, 227.1, 35.0))
    begin = if97("T", "P", live * 1e5, "Q", 1.0) - 273.15 + 1e-3  # just above saturation
    to_reboiler = expand(live, begin, taken, 0.85)
    to_condenser = expand(live, begin, cold, 0.85)
    missed = to_reboiler.h_out - to_condenser.h_out
    drain = if97("H", "P", taken * 1e5, "Q", 0.0) / 1e3
    condensate = if97("H", "P", cold * 1e5, "Q", 0.0) / 1e3
    heat = to_reboiler.h_out - drain
    plant = (to_condenser.h_in - to_condenser.h_out) / (to_condenser.h_in - condensate)
    spared = plant * (drain - condensate)
    ours = electricity_penalty(plant, 227.1, 273.9, 35.0)
    assert (missed - spared) / heat == pytest.approx(ours, rel=0.10)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.25, 0.40), st.floats(0.0, 0.5), st.floats(0, 40), st.floats(15, 60))
def test_bounds(power: float, heat: float, approach: float, condensing: float) -> None:
    """It closes, and heat never costs more electricity than the plant's own efficiency."""
    found = flows(
        electric_efficiency=power,
        heat_efficiency=heat,
        approach=approach,
        condensing_temperature=condensing,
    )
    lost = power - found["it.heat"].coefficients["electricity"]
    assert -1e-12 <= lost <= power * heat * (1 + 1e-9)
    for flow in found.values():
        assert set(flow.exchange) <= {"heat_to_ambient"}


def test_district_heat_costs_less() -> None:
    """A loop of 110 degC costs 0.326 x 0.2357 / 0.4371 = 0.176, three fifths of the steam's."""
    both = flows(heat="town", feedwater=None)["it.heat"]
    lost = 0.326 - both.coefficients["electricity"]
    assert lost / 0.078 == pytest.approx(0.326 * (1 - 308.15 / 403.15) / 0.4371, rel=1e-3)


@pytest.mark.parametrize("bus", ["hot", "high"])
def test_refused(bus: str) -> None:
    """Saturated steam of 274 degC makes no steam of 350 degC, nor any that boils at 276 degC."""
    with pytest.raises(PhysicsError, match="live steam condenses at 274"):
        flows(heat=bus)


def test_a_hotter_reactor() -> None:
    """HTR-PM, 132.5 bar and 567 degC, makes the steam of 350 degC that a VVER cannot."""
    made = flows(heat="hot", live_pressure=132.5, live_temperature=567.0, electric_efficiency=0.40)
    assert made["it.heat"].coefficients["hot"] > 0
