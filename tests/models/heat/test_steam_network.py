"""Letdown stations and steam pipes: the steam tables by hand, and throttling by CoolProp.

Steam after spraying lies within 0.03 % of the tables of Moran and Shapiro; throttled steam arrives
within 0.2 K of IAPWS-95. What a pipe condenses agrees within 0.05 %, the enthalpy lost between two
states, a small difference of large figures, within 0.5 %.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import PhysicsError
from models.carriers import steam, water
from models.heat.steam_network import Letdown, SteamPipe
from tests.setting import network_of, setting

HIGH = steam("high", 40, 400)
LOW = steam("low", 12, 200)
CLOSED = ("energy", "mass", "water")


def test_letdown_by_hand() -> None:
    """40 bar, 400 degC (3213.6) to 12 bar, 200 degC (2815.9) with water at 90 degC (376.9 kJ/kg).

    (3213.6 - 2815.9) / (2815.9 - 376.9) = 0.163 t of water per t. A valve without spray would
    deliver 1 t and lose 398 kJ/kg somewhere.
    """
    surroundings = setting(HIGH, LOW)
    spec = Letdown(inlet="high", outlet="low", spray="condensate", capacity=50)
    flow = network_of(spec.lower(surroundings), surroundings, CLOSED).flows["it"]
    assert flow.coefficients["low"] == pytest.approx(1.163, abs=1e-3)
    assert flow.coefficients["condensate"] == pytest.approx(-0.163, abs=1e-3)
    assert abs(flow.exchange.get("heat_to_ambient", 0.0)) < 1e-12
    assert flow.upper == 50


def test_throttling_keeps_enthalpy() -> None:
    """Second implementation: 40 bar, 400 degC throttled to 12 bar by CoolProp's IAPWS-95.

    It arrives at 378 degC; 0.2 K below, a trace of spray is left, and 0.2 K above it is refused.
    """
    from CoolProp.CoolProp import PropsSI

    h = PropsSI("H", "P", 40e5, "T", 673.15, "Water")
    t_out = PropsSI("T", "P", 12e5, "H", h, "Water") - 273.15
    surroundings = setting(HIGH, steam("below", 12, t_out - 0.2), steam("above", 12, t_out + 0.2))
    spec = Letdown(inlet="high", outlet="below", spray="condensate", capacity=1)
    assert 0 < -spec.lower(surroundings).flows[0].coefficients["condensate"] < 3e-4
    with pytest.raises(PhysicsError, match="colder"):
        Letdown(inlet="high", outlet="above", capacity=1).lower(surroundings)


@settings(deadline=None, max_examples=30)
@given(st.floats(10, 100), st.floats(400, 540), st.floats(0.1, 0.9), st.floats(20, 100))
def test_letdown_closes(pressure: float, temperature: float, ratio: float, cold: float) -> None:
    """Mass and energy close without loss, and exergy falls, for any pair of levels."""
    inlet, outlet = steam("a", pressure, temperature), steam("b", pressure * ratio, 330)
    surroundings = setting(inlet, outlet, water("w", cold))
    spec = Letdown(inlet="a", outlet="b", spray="w", capacity=1)
    if outlet.of("energy") > inlet.of("energy"):
        with pytest.raises(PhysicsError):
            spec.lower(surroundings)
        return
    flow = network_of(spec.lower(surroundings), surroundings, CLOSED).flows["it"]
    assert abs(float(flow.exchange.get("heat_to_ambient", 0.0))) < 1e-9


def test_letdown_refuses_what_is_colder_or_uphill() -> None:
    """Throttled wet steam cannot arrive superheated; steam does not flow to a higher pressure."""
    hot = steam("hot", 12, 420)
    with pytest.raises(PhysicsError, match="colder or wetter than its bus"):
        Letdown(inlet="high", outlet="hot", capacity=1).lower(setting(HIGH, hot))
    with pytest.raises(PhysicsError, match="cannot flow from 'low' at 12 bar to 'high' at 40 bar"):
        Letdown(inlet="low", outlet="high", capacity=1).lower(setting(HIGH, LOW))
    with pytest.raises(PhysicsError, match="no spray water is named") as caught:
        Letdown(inlet="high", outlet="low", capacity=1).lower(setting(HIGH, LOW))
    assert caught.value.key == "spray"


def test_pipe_by_hand() -> None:
    """15 bar, 240 degC (2899.3) arriving at 10 bar, 200 degC (2827.9 kJ/kg): 19.8 kWh/t are lost.

    The standing pipe: 1000 m * 150 W/m = 0.15 MW condense 0.15 * 3600 / (2899.3 - 376.9) =
    0.2141 t/h, whether steam flows or not; a loss per tonne would vanish at no load. Enthalpies:
    Moran and Shapiro, table A-4.
    """
    surroundings = setting(steam("leaving", 15, 240), steam("arriving", 10, 200))
    spec = SteamPipe(
        inlet="leaving",
        outlet="arriving",
        capacity=80,
        length=1000,
        loss=150,
        condensate="condensate",
    )
    flows = network_of(spec.lower(surroundings), surroundings, CLOSED).flows
    assert flows["it"].exchange["heat_to_ambient"] == pytest.approx(71.4 / 3600, rel=0.01)
    assert flows["it.loss"].upper == pytest.approx(0.2141, rel=2e-3)
    assert flows["it.loss"].demand
    lost = float(flows["it.loss"].exchange["heat_to_ambient"]) * float(flows["it.loss"].upper)
    assert lost == pytest.approx(0.15, rel=1e-9)


def test_pipe_refuses_gains_and_lost_condensate() -> None:
    """A pipe does not heat; what condenses in it must go somewhere."""
    with pytest.raises(PhysicsError, match="gain enthalpy"):
        SteamPipe(inlet="low", outlet="warmer", capacity=1).lower(
            setting(LOW, steam("warmer", 11, 250))
        )
    with pytest.raises(PhysicsError, match="no bus takes what condenses"):
        SteamPipe(inlet="low", outlet="low2", capacity=1, length=10, loss=100).lower(
            setting(LOW, steam("low2", 12, 200))
        )
