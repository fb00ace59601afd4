"""Dewatering: a mass balance by hand, closing, and the route over drying as a second way.

Sludge pressed and then dried equals sludge dried at once in every quantity, to rounding; the cake
by hand is met to 1e-12. No measured centrifuge is compared.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import PhysicsError
from models.carriers import solid
from models.residues.dewatering import Dewatering, cake
from models.residues.sludge import dry
from tests.setting import network_of, setting

SLURRY = solid("slurry", dry_matter=0.05, carbon=0.4, hydrogen=0.06, nitrogen=0.05, hhv=16.0)


def spec(**more: float) -> Dewatering:
    """A centrifuge for the slurry."""
    return Dewatering(
        slurry="slurry", slurry_dry_matter=0.05, capacity=10, liquor="wastewater",
        electricity="electricity", **more,
    )  # fmt: skip


def test_cake_by_hand() -> None:
    """1 t at 5 % dry matter holds 50 kg; at 25 % that is 0.2 t of cake and 0.8 t of water.

    Carbon 0.05 x 0.4 = 0.02 t stays, 0.1 t per t of cake. Taking 25 % of the slurry's mass as cake
    would make 0.25 t.
    """
    made, share = cake(SLURRY, 0.05, 0.25)
    assert share == pytest.approx(0.2, rel=1e-12)
    assert made.of("carbon") == pytest.approx(0.1, rel=1e-12)
    assert made.of("mass") == pytest.approx(1.0, rel=1e-12)


@given(st.floats(0.01, 0.2), st.floats(0.21, 0.5), st.floats(0.21, 0.95))
def test_pressing_then_drying_equals_drying(before: float, between: float, after: float) -> None:
    """Second way: the dried matter is the same whether its water was pressed out first or not.

    A cake that lost dry matter, or kept energy of its water, would dry to another material.
    """
    if after <= between:
        return
    slurry = solid("slurry", dry_matter=before, carbon=0.4, hydrogen=0.06, nitrogen=0.05, hhv=16.0)
    straight, amount = dry(slurry, before, after)
    pressed, share = cake(slurry, before, between)
    again, rest = dry(pressed, between, after)
    assert again.unit == straight.unit
    assert share * rest == pytest.approx(amount, rel=1e-9)
    for name in ("energy", "carbon", "mass", "water", "nitrogen"):
        assert again.of(name) == pytest.approx(straight.of(name), rel=1e-7, abs=1e-12)


@given(st.floats(0.06, 0.6))
def test_closes(dry_matter: float) -> None:
    """Energy, carbon, mass, water and nitrogen close; a cake typed in by hand would not."""
    model = spec(dry_matter=dry_matter)
    base = setting(SLURRY)
    made = {f"it.{k}": c for k, c in model.outlets(base.buses).items()}
    where = setting(SLURRY)
    where = type(where)(**{**where.__dict__, "buses": {**base.buses, **made}})
    quantities = ("energy", "carbon", "mass", "water", "nitrogen")
    network = network_of(model.lower(where), where, quantities)
    flow = next(iter(network.flows.values()))
    assert flow.coefficients["wastewater"] == pytest.approx(1 - 0.05 / dry_matter, rel=1e-12)


def test_the_impossible_is_refused() -> None:
    """A cake wetter than its slurry, or dry matter that the slurry's water denies."""
    with pytest.raises(ValueError, match=r"the cake has 0.04 dry matter, the slurry 0.05"):
        spec(dry_matter=0.04)
    wrong = Dewatering(
        slurry="slurry", slurry_dry_matter=0.001, capacity=1, liquor="wastewater",
        electricity="electricity",
    )  # fmt: skip
    with pytest.raises(PhysicsError, match="means 0.999 t per t"):
        wrong.lower(setting(SLURRY))
