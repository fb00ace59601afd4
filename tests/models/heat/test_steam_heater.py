"""Steam heaters: a mixture by hand, the steam tables, and closing at any state.

A deaerator takes 0.2 % less steam than by IAPWS-IF97, since the carriers' water has a constant
specific heat; a heater gives heat within 0.02 % of it.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import PhysicsError
from models.carriers import STANDARD, hot_water, steam, water
from models.heat.steam_heater import MixingHeater, SteamHeater, mixing_steam
from tests.setting import network_of, setting

STEAM = steam("steam", 12, 200)
LOOP = hot_water("loop", 85, 65)


def test_mixing_by_hand() -> None:
    """1 t at 100 kJ/kg and s t at 2800 give (1 + s) t at 400: s = 300/2400 = 0.125.

    Forgetting that the condensed steam stays in the water would give 300/2800 = 0.107.
    """
    assert mixing_steam(100.0, 2800.0, 400.0) == pytest.approx(0.125, rel=1e-12)


def test_deaerator_against_steam_tables() -> None:
    """Make-up at 25 degC (104.8 kJ/kg) to 90 degC (377.0) with steam at 12 bar, 200 degC (2816.1).

    Enthalpies of IAPWS-IF97 (Wagner and Kretzschmar, *International Steam Tables*, 2008):
    (377.0 - 104.8) / (2816.1 - 377.0) = 0.1116. The carriers' constant specific heat of water is
    within 0.3 % of it.
    """
    where = setting(STEAM)
    spec = MixingHeater(
        inlet="demineralised_water", steam="steam", outlet="condensate", capacity=10
    )
    flow = spec.lower(where).flows[0]
    assert -flow.coefficients["steam"] == pytest.approx(0.1116, rel=3e-3)
    network_of(spec.lower(where), where, ("energy", "mass", "water"))


def test_steam_heater_against_steam_tables() -> None:
    """A tonne of steam at 12 bar, 200 degC (2816.1 kJ/kg) to 90 degC (377.0) gives 0.6775 MWh.

    Its latent heat alone would be 0.552 MWh (1985.8 kJ/kg at 12 bar).
    """
    where = setting(STEAM, LOOP)
    spec = SteamHeater(steam="steam", condensate="condensate", heat="loop", capacity=5)
    flow = spec.lower(where).flows[0]
    assert flow.coefficients["loop"] == pytest.approx(2439.1 / 3600, rel=1e-3)
    assert flow.upper * flow.coefficients["loop"] == pytest.approx(5.0, rel=1e-12)


@given(st.floats(1.5, 60), st.floats(5, 200), st.floats(30, 95), st.floats(5, 29))
def test_both_close(pressure: float, superheat: float, warm: float, cold: float) -> None:
    """Energy, mass and water close, and exergy falls, at any state.

    A tonne of steam counted without its sensible heat would leave a residual of some 0.1 MWh.
    """
    from CoolProp.CoolProp import PropsSI

    boiling = PropsSI("T", "P", pressure * 1e5, "Q", 1, "IF97::Water") - 273.15
    live = steam("live", pressure, boiling + superheat)
    where = setting(live, water("warm", warm), water("cold", cold), hot_water("low", 60, 28))
    mixing = MixingHeater(inlet="cold", steam="live", outlet="warm", capacity=1)
    heater = SteamHeater(steam="live", condensate="warm", heat="low", capacity=1)
    for spec in (mixing, heater):
        network = network_of(spec.lower(where), where, ("energy", "mass", "water"))
        flow = next(iter(network.flows.values()))
        assert float(flow.exchange.get("heat_to_ambient", 0.0)) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (SteamHeater(steam="steam", condensate="fresh_water", heat="loop", capacity=1), "colder"),
        (
            SteamHeater(steam="steam", condensate="condensate", heat="hot", capacity=1),
            "cannot heat",
        ),
        (MixingHeater(inlet="condensate", steam="steam", outlet="fresh_water", capacity=1), "mix"),
    ],
)
def test_the_impossible_is_refused(spec: SteamHeater | MixingHeater, words: str) -> None:
    """Heat from cold to hot is refused with the temperatures, or exergy came from nothing."""
    where = setting(STEAM, LOOP, hot_water("hot", 210, 120))
    assert STANDARD["fresh_water"].temperature == 15.0
    with pytest.raises(PhysicsError, match=words):
        spec.lower(where)
