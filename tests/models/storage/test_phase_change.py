"""Stores that melt: held against an apparent heat capacity integrated, a tank cooled step by step,
and measured composites.

Deviation found: content below 1e-6 of the integral; the loss of a day of even discharge 2 % above
that of the tank at melting; latent heat of sodium nitrate 1.1 % below what 60 % of it in silica
gives (Guo and Wang 2015). Melting front and its resistance are not covered: the powers are given.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from models.base import PhysicsError
from models.carriers import hot_water
from models.storage.phase_change import MATERIALS, PhaseChangeStore, stored_heat
from tests.setting import network_of, setting

WARM = hot_water("warm_loop", 80.0, 65.0)
COOL = hot_water("cool_loop", 50.0, 35.0)


def store(**more: Any) -> PhaseChangeStore:
    """100 t of sodium acetate trihydrate."""
    usual: dict[str, Any] = {
        "charge": "warm_loop", "discharge": "cool_loop", "mass": 100.0, "charge_capacity": 1.0,
        "discharge_capacity": 1.0, "material": "sodium_acetate_trihydrate",
    }  # fmt: skip
    return PhaseChangeStore(**{**usual, **more})


def test_by_hand() -> None:
    """100 t hold 264 + 10 x 1.5 = 279 kJ/kg, 7.75 MWh, in 76.92 m3.

    As wide as high: d = (4 x 76.92 / pi)^(1/3) = 4.610 m, area 1.5 pi d2 = 100.1 m2; at U = 0.2 and
    58 over 15 degC it loses 861 W, 0.27 % a day. Water between the same 63 and 53 degC would hold
    1.16 MWh.
    """
    spec = store()
    assert spec.capacity() == pytest.approx(7.75, rel=1e-9)
    assert spec.loss() == pytest.approx(861e-6, rel=1e-3)
    kept = spec.lower(setting(WARM, COOL)).stores[0]
    assert kept.loss_rate == pytest.approx(2 * 861e-6 / 7.75, rel=1e-3)
    assert kept.carrier.exergy == pytest.approx(1 - 298.15 / 331.15)


def test_ice_by_hand() -> None:
    """Ice of 333.6 kJ/kg: a cubic metre of water holds 92.7 kWh of it."""
    ice = stored_heat(0.0, 333.6e3, coldest=0.0, warmest=0.0, solid=2100.0, liquid=4200.0)
    assert ice * 1000 / 3.6e6 == pytest.approx(92.7, abs=0.05)


def test_content_is_the_apparent_heat_capacity_integrated() -> None:
    """A specific heat with the latent heat as a peak of one kelvin, summed up by quadrature."""
    found = MATERIALS["sodium_nitrate"]

    def apparent(celsius: float) -> float:
        if abs(celsius - found.melting) <= 0.5:
            return found.latent_heat + 1750.0
        return 1600.0 if celsius < found.melting else 1900.0

    edges = [296.0, 305.5, 306.5, 316.0]
    total = sum(
        quad(apparent, a + 1e-9, b - 1e-9)[0] for a, b in zip(edges, edges[1:], strict=False)
    )
    said = stored_heat(
        found.melting, found.latent_heat, coldest=296.0, warmest=316.0, solid=1600.0, liquid=1900.0
    )
    assert said == pytest.approx(total, rel=1e-6)


def test_latent_heat_of_a_measured_composite() -> None:
    """60 % sodium nitrate in silica melts with 108 kJ/kg: 180 of the salt alone, ours 178."""
    assert MATERIALS["sodium_nitrate"].latent_heat == pytest.approx(108e3 / 0.6, rel=0.02)


def test_loss_over_an_even_discharge() -> None:
    """From full to empty in a day: the store's loss is that of the tank at melting, within 2 %.

    Charged by the content without the factor of two, it would be half of it.
    """
    spec = store()
    rate = spec.lower(setting(WARM, COOL)).stores[0].loss_rate
    level, lost, steps = spec.capacity(), 0.0, 24 * 60
    for _ in range(steps):
        gone = level * rate / 60
        lost += gone
        level = max(level - gone - spec.capacity() / steps, 0.0)
    assert lost == pytest.approx(24 * spec.loss(), rel=0.02)


@settings(max_examples=30, deadline=None)
@given(
    st.floats(15, 300), st.floats(5e4, 4e5), st.floats(0.1, 1e4), st.floats(1, 20), st.floats(0, 20)
)
def test_every_store_closes(
    melting: float, latent: float, mass: float, approach: float, supercooling: float
) -> None:
    """Heat is conserved, and it never gives more exergy than it was given."""
    warm = hot_water("warm_loop", melting + approach + 20, melting + approach + 0.01)
    supply = melting - approach - supercooling - 0.01
    where = setting(warm, hot_water("cool_loop", supply, supply - 10))
    spec = store(
        material=None, melting=melting, latent_heat=latent, mass=mass, approach=approach,
        supercooling=supercooling,
    )  # fmt: skip
    lowering = spec.lower(where)
    network_of(lowering, where)
    assert lowering.stores[0].loss_rate >= 0


def test_what_cannot_melt_or_freeze() -> None:
    """A loop on the wrong side of melting; a material told twice or not at all."""
    where = setting(WARM, COOL)
    with pytest.raises(
        PhysicsError, match="'cool_loop' returns at 35 degC, too cold to melt at 58"
    ):
        store(charge="cool_loop").lower(where)
    with pytest.raises(PhysicsError, match="above the 53 degC that freezing at 58 degC can give"):
        store(discharge="warm_loop").lower(where)
    with pytest.raises(PhysicsError, match="above the 43 degC"):
        store(supercooling=10.0).lower(where)
    for wrong in ({"material": None}, {"melting": 58.0}, {"melting": 58.0, "latent_heat": 2e5}):
        with pytest.raises(PhysicsError, match="known by its name") as found:
            store(**wrong).lower(where)
        assert found.value.key == "material"
