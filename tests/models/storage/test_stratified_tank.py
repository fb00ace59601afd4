"""Layered tanks: held against a finite-volume tank of 400 cells and a published round trip.

Deviation found: thickness of the layer after five days -0.14 %, standing loss at any content below
1e-9, of heat as of cold, and heat of use in a full cycle 1.2 % less than the finite volumes give,
as the layer is kept within the tank at both ends. A tank of 175 MWh loses 1.5 % in a daily cycle;
the Danish catalogue says 1 to 4 %. Chilled water is counted 2.3 % light by volume.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from CoolProp.CoolProp import PropsSI
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import PhysicsError
from models.carriers import cold_water, hot_water
from models.storage.layered_tank import layered_tank
from models.storage.stratified_tank import StratifiedTank, thermocline
from models.storage.tank import VOLUMETRIC_HEAT
from tests.setting import network_of, setting

LOOP = hot_water("loop", 90.0, 35.0)
CHILLED = cold_water("chilled", 6.0, 12.0)
CELLS = 400


def tank(**more: Any) -> StratifiedTank:
    """The large steel tank of the Danish catalogue: 175 MWh at 55 K."""
    given_ = {"volume": 2850.0, "charge_capacity": 2.9, "discharge_capacity": 2.9, **more}
    return StratifiedTank(bus="loop", **given_)


def volumes(
    spec: StratifiedTank, temperature: np.ndarray, moves: np.ndarray, *, losses: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """The same tank by finite volumes, in steps of 10 minutes."""
    cell = spec.height_to_diameter * spec.diameter / CELLS
    rates = (
        4 * spec.side_u_value / spec.diameter / VOLUMETRIC_HEAT,
        spec.top_u_value / cell / VOLUMETRIC_HEAT,
        spec.bottom_u_value / cell / VOLUMETRIC_HEAT,
    )
    side, top, bottom = rates if losses else (0.0, 0.0, 0.0)
    return layered_tank(
        temperature, moves, 600.0, spec.conductivity / VOLUMETRIC_HEAT, cell, side, top, bottom,
        90.0, 35.0, spec.ambient, spec.ground,
    )  # fmt: skip


def filled(share: float) -> np.ndarray:
    """Hot water over cold, without a layer between."""
    return np.where(np.arange(CELLS) >= round(CELLS * (1 - share)), 90.0, 35.0)


def test_zones_by_hand() -> None:
    """1000 m3, twice as high as wide: d = 8.603 m, h = 17.205 m, floor 58.12 m2, rim 27.03 m.

    U = 0.2 all over, 90/35 degC, 10 degC outside, a layer of 1 m that does not grow (pushed out in
    1000 h): a metre of height holds 4.10 MJ x 58.12 x 55 / 3600 = 3.641 MWh, so 16.205 m hold
    59.00. The hot wall loses 0.2 x 27.03 x 55 W = 297.3 W per metre, 8.17e-5 per hour. Lid 930 W,
    floor 291 W, wall 0.2 x 27.03 x (17.205 x 25 + 0.5 x 55) = 2473 W: 3.694 kW; and half the layer,
    1.820 MWh in 1000 h, another 1.820 kW. With a mixed tank there would be 62.6 MWh of content.
    """
    spec = StratifiedTank(
        bus="loop", volume=1000.0, charge_capacity=1, discharge_capacity=1, height_to_diameter=2.0,
        side_u_value=0.2, top_u_value=0.2, bottom_u_value=0.2, inlet_layer=1.0, conductivity=1e-9,
        cycle=1000.0,
    )  # fmt: skip
    zones = spec.zones(LOOP)
    assert zones.capacity == pytest.approx(59.00, abs=0.01)
    assert zones.loss_rate == pytest.approx(8.17e-5, rel=1e-3)
    assert zones.constant == pytest.approx((3694 + 1820) / 1e6, rel=1e-3)
    used = spec.model_copy(update={"warm_return": 1.0}).zones(LOOP)
    assert used.constant == pytest.approx(3694e-6, rel=1e-3)


def test_the_layer_grows_as_in_finite_volumes() -> None:
    """Five days at rest, and five days moved up and down: both as thick as the formula says.

    It takes no more than 0.3 %, a tenth of a cell. With the width of a tenth to nine tenths taken
    as that of one standard deviation, it would be 2.6 times too thin.
    """
    spec = tank()
    cell = spec.height_to_diameter * spec.diameter / CELLS
    said = thermocline(0.0, spec.conductivity / VOLUMETRIC_HEAT, 5 * 86400.0)
    middle = (np.arange(CELLS) + 0.5) * cell
    rest = np.zeros(5 * 144, np.int64)
    moved = rest.copy()
    moved[::7], moved[3::7] = 1, -1
    for moves in (rest, moved):
        warm = (volumes(spec, filled(0.5), moves, losses=False)[0] - 35) / 55
        width = np.interp(0.9, warm, middle) - np.interp(0.1, warm, middle)
        assert width == pytest.approx(said, rel=3e-3)
    assert thermocline(3.0, 1e-7, 0.0) == 3.0
    assert thermocline(0.3, 1.6e-7, 86400.0) > thermocline(0.0, 1.6e-7, 86400.0)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_standing_loss_is_that_of_the_finite_volumes(share: float) -> None:
    """Content times loss rate plus the constant, but for the layer: what all walls let through.

    A share of the content alone would lose four times less of a fifth than of four fifths; the
    cold water, lid and floor make it 0.0065 and 0.0102 MW.
    """
    spec = tank(warm_return=1.0)
    zones = spec.zones(LOOP)
    before = filled(share)
    after, _ = volumes(spec, before, np.zeros(1, np.int64))
    per_kelvin = VOLUMETRIC_HEAT * spec.volume / CELLS / 3.6e9
    lost = float((before - after).sum()) * per_kelvin * 6
    gross = 55 * CELLS * per_kelvin
    content = gross * share - (gross - zones.capacity) / 2
    assert content * zones.loss_rate + zones.constant == pytest.approx(lost, rel=1e-9)


def chilled(**more: Any) -> StratifiedTank:
    """10,000 m3 of chilled water."""
    given_ = {
        "volume": 1e4, "charge_capacity": 5.0, "discharge_capacity": 5.0, "ambient": 28.0,
        "ground": 18.0, "conductivity": 0.58, **more,
    }  # fmt: skip
    return StratifiedTank(bus="chilled", **given_)


def test_cold_by_hand() -> None:
    """1000 m3, twice as high as wide, 6/12 degC, 28 degC outside and 18 in the ground, U = 0.2 and
    a layer of 1 m that does not grow.

    A metre holds 4.10 MJ x 58.12 x 6 / 3600 = 0.3971 MWh, 16.205 m hold 6.436. The cold wall takes
    up 0.2 x 27.03 x 6 W = 32.4 W per metre more than the warm one, 8.17e-5 per hour as for heat.
    Lid at 12 degC 0.2 x 58.12 x 16 = 186 W, floor at 6 degC 0.2 x 58.12 x 12 = 139.5 W, wall 0.2 x
    27.03 x (17.205 x 16 + 0.5 x 6) = 1504 W: 1.830 kW; half the layer 0.1986 MWh in 1000 h, 0.199
    kW. With the cold taken to lie on top, lid and floor would give 256 and 70 W.
    """
    spec = chilled(
        volume=1000.0, height_to_diameter=2.0, side_u_value=0.2, top_u_value=0.2,
        bottom_u_value=0.2, inlet_layer=1.0, conductivity=1e-9, cycle=1000.0,
    )  # fmt: skip
    zones = spec.zones(CHILLED)
    assert zones.capacity == pytest.approx(6.436, abs=1e-3)
    assert zones.loss_rate == pytest.approx(8.17e-5, rel=1e-3)
    assert zones.constant == pytest.approx((1830 + 199) / 1e6, rel=1e-3)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_standing_gain_of_cold_is_that_of_the_finite_volumes(share: float) -> None:
    """The same volumes as for heat, with cold below: what the walls let in, whatever the content.

    A tank that only ever lost heat would lose nothing here.
    """
    spec = chilled(warm_return=1.0)
    zones = spec.zones(CHILLED)
    before = np.where(np.arange(CELLS) < round(CELLS * share), 6.0, 12.0)
    cell = spec.height_to_diameter * spec.diameter / CELLS
    after, _ = layered_tank(
        before, np.zeros(1, np.int64), 600.0, 0.58 / VOLUMETRIC_HEAT, cell,
        4 * spec.side_u_value / spec.diameter / VOLUMETRIC_HEAT,
        spec.top_u_value / cell / VOLUMETRIC_HEAT, spec.bottom_u_value / cell / VOLUMETRIC_HEAT,
        12.0, 6.0, spec.ambient, spec.ground,
    )  # fmt: skip
    per_kelvin = VOLUMETRIC_HEAT * spec.volume / CELLS / 3.6e9
    gained = float((after - before).sum()) * per_kelvin * 6
    gross = 6 * CELLS * per_kelvin
    content = gross * share - (gross - zones.capacity) / 2
    assert content * zones.loss_rate + zones.constant == pytest.approx(gained, rel=1e-9)


def test_chilled_water_by_iapws() -> None:
    """Density times specific heat at 9 degC (CoolProp, IAPWS-95) is 2.3 % above what is counted."""
    state = ("T", 282.15, "P", 3e5, "Water")
    real = PropsSI("D", *state) * PropsSI("C", *state)
    assert real / VOLUMETRIC_HEAT - 1 == pytest.approx(0.023, abs=0.002)


def test_heat_of_use_in_a_full_cycle() -> None:
    """Filled in 133 hours, left for 12, then emptied in 133 until a tenth of the span is lost.

    The finite volumes give between the capacity and half a layer more, as the layer of filling was
    pushed out. A tank without a layer would promise twice that surplus.
    """
    spec = tank(inlet_layer=0.0, cycle=400 / 3)
    zones = spec.zones(LOOP)
    moves = np.concatenate([np.tile([1, 0], 400), np.zeros(72, int), np.tile([-1, 0], 400)])
    _, drawn = volumes(spec, filled(0.0), moves.astype(np.int64), losses=False)
    out = drawn[872::2]
    useful = float((out[out > 84.5] - 35).sum()) * VOLUMETRIC_HEAT * spec.volume / CELLS / 3.6e9
    gross = VOLUMETRIC_HEAT * spec.volume * 55 / 3.6e9
    assert zones.capacity < useful < (zones.capacity + gross) / 2 * 1.002


def test_round_trip_of_the_catalogue() -> None:
    """Danish Energy Agency, sheet 141: 98 % (96 to 99), daily cycle, half full in the mean.

    Ours is 98.5 %; with inlets that mix 2 m of water it falls below the catalogue.
    """
    found = []
    for inlet in (0.3, 2.0):
        zones = tank(inlet_layer=inlet).zones(LOOP)
        lost = 24 * (zones.constant + zones.loss_rate * zones.capacity / 2)
        found.append(1 - lost / zones.capacity)
    assert found[1] < 0.96 < found[0] < 0.99


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=60), st.floats(-20, 30))
def test_the_finite_volumes_conserve(moves: list[int], ambient: float) -> None:
    """What stays is what was there, plus what came in, less what was drawn, if nothing is lost.

    And it stays ordered, and between the coldest and hottest of all; with losses it only cools.
    """
    steps = np.array(moves, np.int64)
    start = np.linspace(20.0, 90.0, 30)[::-1].copy()
    args = (600.0, 1.6e-7, 0.05)
    after, drawn = layered_tank(start, steps, *args, 0.0, 0.0, 0.0, 90.0, 20.0, ambient, ambient)
    came = float(90.0 * (steps > 0).sum() + 20.0 * (steps < 0).sum())
    assert after.sum() == pytest.approx(start.sum() + came - np.nansum(drawn), rel=1e-12)
    assert (np.diff(after) >= -1e-9).all()
    assert after.min() >= 20.0 - 1e-9 and after.max() <= 90.0 + 1e-9
    cooled, _ = layered_tank(start, steps, *args, 1e-6, 1e-6, 1e-6, 90.0, 20.0, 10.0, 10.0)
    assert cooled.sum() <= after.sum() + 1e-9


@settings(max_examples=25, deadline=None)
@given(
    st.floats(20, 1e5), st.floats(0.5, 4), st.floats(5, 200), st.floats(0, 1), st.floats(-20, 50)
)
def test_every_tank_closes(
    volume: float, slender: float, cycle: float, warm: float, ambient: float
) -> None:
    """All that goes in comes out or reaches the ambient, and there is less than the water holds."""
    where = setting(LOOP, CHILLED)
    shell = {
        "volume": volume, "height_to_diameter": slender, "cycle": cycle, "warm_return": warm,
        "ambient": ambient,
    }  # fmt: skip
    for spec, span, ends in (
        (tank(**shell), 55, {"heat_to_ambient": 1.0}),
        (chilled(**shell), 6, {"air_heat": -1.0}),
    ):
        lowering = spec.lower(where)
        network_of(lowering, where)
        store = lowering.stores[0]
        assert 0 < store.capacity < VOLUMETRIC_HEAT * volume * span / 3.6e9
        assert store.loss_rate >= 0
        loss = lowering.flows[2]
        assert loss.demand and float(loss.upper) >= 0 and loss.exchange == ends


def test_what_cannot_be_layered() -> None:
    """A layer as thick as the tank is high, a bus without two temperatures, and water that is no
    longer the denser for being colder."""
    with pytest.raises(PhysicsError, match=r"a layer of 3.0\d m mixes all of a tank 2.\d\d m"):
        tank(volume=5.0, inlet_layer=3.0).lower(setting(LOOP))
    plain = setting(LOOP)
    with pytest.raises(PhysicsError, match="no supply and return"):
        StratifiedTank(
            bus="electricity", volume=1.0, charge_capacity=1, discharge_capacity=1
        ).lower(plain)
    with pytest.raises(PhysicsError, match="water of 1 degC rises above"):
        chilled().zones(cold_water("icy", 1.0, 8.0))
    assert math.isfinite(tank().layer)
