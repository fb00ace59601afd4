"""The sludge dryer: a tonne by hand, the carrier made anew, and ten years of Suzhou.

Dried sludge by hand agrees within 1e-5, and with the same dry matter declared at its final moisture
to 1e-9. Suzhou's 0.78 MWh of fuel per tonne of water lies between the two stages and the single
one; its fuel value is that of a sludge of 15.7 MJ/kg, which is chosen to meet it.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from models.base import Carrier, Lowering, PhysicsError
from models.carriers import solid, steam
from models.residues.sludge import HEAT_USE, SludgeDryer, dry, evaporated, least_heat
from models.site import Setting
from tests.setting import network_of, setting

ALL = ("energy", "carbon", "mass", "water", "nitrogen", "sulphur")
DRY = {"carbon": 0.36, "hydrogen": 0.05, "oxygen": 0.2, "nitrogen": 0.03, "sulphur": 0.008}
STEAM = steam("steam", 10.0, 200.0)
FIELDS = {
    "wet": "wet",
    "wet_dry_matter": 0.2,
    "dry_matter": 0.8,
    "capacity": 20.0,
    "steam": "steam",
    "condensate": "condensate",
    "electricity": "electricity",
}


def wet(dry_matter: float = 0.2, hhv: float = 16.5, temperature: float = 25.0) -> Carrier:
    return solid("wet", dry_matter=dry_matter, hhv=hhv, temperature=temperature, **DRY)


def lowered(sludge: Carrier, **fields: object) -> tuple[Lowering, Setting]:
    spec = SludgeDryer.model_validate(FIELDS | fields)
    where = setting(sludge, STEAM)
    dried = spec.outlets(where.buses)["dried"]
    where = replace(where, buses={**where.buses, "it.dried": dried})
    return spec.lower(where), where


def test_a_tonne_by_hand() -> None:
    """From 20 to 80 % dry matter a tonne loses 0.75 t and leaves 0.25 t.

    LHV of the dried sludge: 0.8 * 16.5 - 2.4417 * (0.8 * 0.05 * 8.9360 + 0.2) = 11.839 GJ/t, so
    0.25 * 11.839 / 3.6 = 0.82215 MWh per t of wet sludge. Steam 0.75 * 1.2 = 0.9 t. Were the dried
    mass taken as 0.2 t, as if it held no water, it would be 0.658 MWh.
    """
    lowering, where = lowered(wet(), steam_use=1.2)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    assert flow.coefficients["it.dried"] == pytest.approx(0.82215, rel=1e-4)
    assert flow.coefficients["steam"] == pytest.approx(-0.9)
    assert flow.coefficients["condensate"] == pytest.approx(0.9)
    assert flow.exchange["water_vapour"] == pytest.approx(0.75)
    dried = where.buses["it.dried"]
    assert (dried.unit, dried.kind, dried.lhv) == ("MW", "fuel|solid|material", 1.0)
    assert dried.of("mass") * 0.82215 == pytest.approx(0.25, rel=1e-4)


def test_condensed_vapour_goes_to_the_drain() -> None:
    """Two stages: water leaves as 0.75 t of wastewater, and all heat but that of the drain is lost.

    Without the drain, 0.65 MWh/t could not pay for vapour at 0.678 MWh/t.
    """
    lowering, where = lowered(wet(), two_stage=True, drain="wastewater")
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    assert flow.coefficients["wastewater"] == pytest.approx(0.75)
    assert "water_vapour" not in flow.exchange
    drain = 0.75 * where.buses["wastewater"].of("energy")
    lost = 0.75 * (0.65 + 0.05) - drain
    assert flow.exchange["heat_to_ambient"] == pytest.approx(lost, rel=1e-9)


@settings(deadline=None)
@given(
    before=st.floats(0.1, 0.4),
    after=st.floats(0.45, 1.0),
    hhv=st.floats(8.0, 20.0),
    temperature=st.floats(5.0, 60.0),
    drained=st.booleans(),
)
def test_it_closes_and_agrees_with_the_carrier_made_anew(
    before: float, after: float, hhv: float, temperature: float, drained: bool
) -> None:
    """Second implementation: the same dry matter declared by `solid` at its final moisture."""
    sludge = wet(before, hhv, temperature)
    fields = {"wet_dry_matter": before, "dry_matter": after}
    lowering, where = lowered(sludge, drain="wastewater" if drained else None, **fields)
    network_of(lowering, where, ALL)
    fresh = solid("dried", dry_matter=after, hhv=hhv, temperature=temperature, unit="MW", **DRY)
    dried = where.buses["it.dried"]
    for quantity, value in fresh.content.items():
        assert dried.of(quantity) == pytest.approx(value, rel=1e-9, abs=1e-15), quantity
    assert dried.exergy == pytest.approx(fresh.exergy, rel=1e-9)


def test_ten_years_of_suzhou() -> None:
    """Published: 1.26 Mt of sludge at 80 % water became 0.32 Mt, worth 0.12 Mtce, net 0.03 Mtce.

    0.32 Mt hold the dry matter of 1.26 Mt only if they are 78.75 % dry; at 90 % there would be
    0.28 Mt. They evaporated 0.94 Mt for 0.09 Mtce, 0.78 MWh of fuel per t of water: between our two
    stages and our single one behind a boiler of 90 %.
    """
    assert 1.26 * (1 - evaporated(0.2, 0.9)) == pytest.approx(0.28)
    assert 1.26 * (1 - evaporated(0.2, 0.7875)) == pytest.approx(0.32)
    fuel = 0.09 * 29.3076 / 3.6 / (1.26 - 0.32)
    assert HEAT_USE[True][0] / 0.9 < fuel < HEAT_USE[False][0] / 0.9
    # 0.12 Mtce, known to 4 %, over 0.32 Mt is 11.0 GJ/t: an ordinary sludge of 15.7 MJ/kg, dry.
    _, energy = dry(wet(hhv=15.7), 0.2, 0.7875)
    assert 1.26 * energy * 3.6 == pytest.approx(0.12 * 29.3076, rel=0.005 / 0.12)


def test_published_dryers_need_more_than_the_least() -> None:
    """One stage 0.75 MWh/t at best (Elodry), two stages 0.65 MWh/t (Innodry 2E)."""
    assert least_heat(25.0, 1) == pytest.approx(2441.7 / 3600)
    assert least_heat(15.0, 1) < 0.75
    assert least_heat(15.0, 2) < 0.65 < least_heat(15.0, 1)


def test_poor_sludge_is_no_fuel() -> None:
    """Mineral sludge barely dried has no heating value and stays a material in t/h."""
    poor = wet(hhv=3.0)
    lowering, where = lowered(poor, dry_matter=0.35)
    network_of(lowering, where, ALL)
    dried = where.buses["it.dried"]
    assert (dried.unit, dried.kind, dried.lhv) == ("t/h", "solid|material", 0.0)
    assert lowering.flows[0].coefficients["it.dried"] == pytest.approx(0.2 / 0.35)


def test_what_cannot_be() -> None:
    """Each refusal names the numbers and the key."""
    with pytest.raises(PhysicsError, match=r"1 stage\(s\) need at least 0\.678") as caught:
        lowered(wet(), steam_use=0.9)
    assert caught.value.key == "steam_use"
    assert "at least 0.923 t" in caught.value.mend
    with pytest.raises(ValidationError, match="nothing takes the condensed water"):
        lowered(wet(), two_stage=True)
    with pytest.raises(ValidationError, match="dried sludge has 0.1 dry matter"):
        lowered(wet(), dry_matter=0.1)
    with pytest.raises(PhysicsError, match=r"0\.05 dry matter means 0\.95 t"):
        lowered(wet(), wet_dry_matter=0.05)
    with pytest.raises(PhysicsError, match="counted in MW"):
        lowered(wet(), wet="wood_chips", wet_dry_matter=0.61)
