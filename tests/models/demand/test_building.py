"""Buildings from their weather.

Held against sums by hand (1e-6), the criterion of passive houses (at most 15 kWh/m2 and 10 W/m2),
and twelve cases of BESTEST (`test_bestest.py`): cold lies within the range of the standard's
programs in eleven, heat in nine, and in two light, well insulated ones up to 0.9 % above it. Single
glass (670) fails: heat 1.6 % above, cold 9 % below.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import PhysicsError
from models.calendar import step_index
from models.carriers import STANDARD, cold_water, hot_water
from models.demand.building import Building
from models.demand.envelope import ARCHETYPES
from models.series import TimeSeries
from models.site import Setting, Site
from models.weather import WeatherWarning, load
from tests.setting import network_of, setting
from tests.weather.places import CLIMATE

HEAT = hot_water("warm", 45.0, 35.0)
COLD = cold_water("chilled", 7.0, 12.0)


def year(path: Path, site: Site, step_s: int = 3600, days: int = 365) -> Setting:
    """A year of weather in the setting of a park without a country."""
    times = step_index("2025-01-01", days * 86400, step_s, site.time_zone)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", WeatherWarning)
        weather = load(path, site, times, step_s, seed=7)
    buses = {**STANDARD, "warm": HEAT, "chilled": COLD}
    workday = np.asarray(times.day_of_week < 5)
    return Setting(
        "it", buses, site, times, step_s, weather, workday, lambda n: np.random.default_rng(7)
    )


def block(**changed: object) -> Building:
    """A block of flats of 1,200 m2."""
    usual = {"heat": "warm", "floor_area": 1200.0, "archetype": "new", "internal_gains": 4.0}
    return Building.model_validate({**usual, **changed})


def test_sums_by_hand() -> None:
    """A cube of 10 by 10 m and 3 storeys of 3 m with 20 % windows, old stock.

    Walls 4 * 90 * 0.8 = 288 m2 at 1.4 + 0.1 W/(m2 K) = 432 W/K, roof 100 * 1.1 = 110 W/K, floor
    100 * 1.3 / 2 = 65 W/K. In the dark at 0 degC, in saturated steadiness: windows 72 * 2.8 = 201.6
    W/K, air 0.7/h * 750 m3 * 1200 / 3600 = 175 W/K. The mass couples by 9.1 * 2.5 * 300 = 6825,
    surfaces and air by 3.45 * 1350 = 4657.5 W/K. Radiation to the sky takes 0.04 * 45.54 W/m2 times
    0.5^1.5 (432 + 201.6) + 110 = 608.4 W, and enters as 0.41 of the mass, 0.51 of the surfaces.
    Counted without bridges, walls would lose 403 W/K.
    """
    cube = block(
        archetype="old",
        floor_area=300.0,
        storey_height=3.0,
        length_to_width=1.0,
        internal_gains=0.0,
    )
    assert cube.opaque() == pytest.approx(432.0 + 110.0 + 65.0)
    assert sum(window for _, window in cube.facades().values()) == pytest.approx(72.0)
    where = setting(HEAT, temp_air=0.0, n_steps=48)
    heat, air = cube.run(where)
    sky = 0.04 * 45.54 * (0.5**1.5 * (432.0 + 201.6) + 110.0)
    h_em, share = 1 / (1 / 607.0 - 1 / 6825.0), 750.0 / 1350.0
    to_surface, to_mass = -(1 - share - 201.6 / (9.1 * 1350)) * sky, -share * sky
    # Surface and mass in balance, the air at 20 degC.
    a = np.array([[4657.5 + 201.6 + 6825.0, -6825.0], [-6825.0, 6825.0 + h_em]])
    surface, _ = np.linalg.solve(a, [4657.5 * 20.0 + to_surface, to_mass])
    assert heat == pytest.approx(np.full(48, 175.0 * 20.0 + 4657.5 * (20.0 - surface)), rel=1e-6)
    assert sky == pytest.approx(608.4, abs=0.05)
    assert np.all(air == 20.0)


def test_films_by_hand() -> None:
    """The same cube with 3.0 W/(m2 K) from surfaces to air, 0.05 m2 K/W outside, a sky 13 K colder.

    Surfaces and air 3.0 * 1350 = 4050 W/K; to the sky 0.05 * 4.14 * 13 W/m2 times 0.5^1.5 * 633.6 +
    110 = 334.0 W/K: 898.8 W. Had the films stayed those of the standards, it would be 608.4 W.
    """
    cube = block(
        archetype="old",
        floor_area=300.0,
        storey_height=3.0,
        length_to_width=1.0,
        internal_gains=0.0,
        surface_to_air=3.0,
        outer_resistance=0.05,
        sky_difference=13.0,
    )
    where = setting(HEAT, temp_air=0.0, n_steps=48)
    assert cube.solar_gains(where) == pytest.approx(np.full(48, -898.8), abs=0.05)
    h_em, share = 1 / (1 / 607.0 - 1 / 6825.0), 750.0 / 1350.0
    lost = [-(1 - share - 201.6 / (9.1 * 1350)) * 898.8, -share * 898.8]
    a = np.array([[4050.0 + 201.6 + 6825.0, -6825.0], [-6825.0, 6825.0 + h_em]])
    surface, _ = np.linalg.solve(a, [4050.0 * 20.0 + lost[0], lost[1]])
    heat, _ = cube.run(where)
    assert heat == pytest.approx(np.full(48, 175.0 * 20.0 + 4050.0 * (20.0 - surface)), rel=1e-5)


@pytest.fixture(scope="module")
def kalundborg() -> Setting:
    return year(CLIMATE / "kalundborg.yaml", Site(55.66, 11.09, "Europe/Copenhagen", 5.0))


def test_passive_house(kalundborg: Setting) -> None:
    """A passive block needs at most 15 kWh/m2 a year and 10 W/m2, its criterion; old over 100.

    With 2.1 W/m2 inside, as certified. Without its heat recovery it would fail both.
    """
    need = {
        name: block(internal_gains=2.1, **changed).run(kalundborg)[0] / 1200.0
        for name, changed in {
            "passive": {"archetype": "passive_house"},
            "wasteful": {"archetype": "passive_house", "heat_recovery": 0.0},
            "old": {"archetype": "old"},
        }.items()
    }
    assert need["passive"].sum() / 1000.0 <= 15.0 and need["passive"].max() <= 10.0
    assert need["wasteful"].sum() / 1000.0 > 15.0 and need["wasteful"].max() > 10.0
    assert 100.0 < need["old"].sum() / 1000.0 < 250.0


def test_archetypes_are_in_order(kalundborg: Setting) -> None:
    """The better the envelope, the less heat; the heavier the house, the less heat and cold."""
    need = [block(archetype=a).run(kalundborg)[0].sum() for a in ARCHETYPES]
    passive, new, renovated, old = need
    assert passive < new < renovated < old
    light, heavy = (
        block(cold="chilled", mass=m).run(kalundborg)[0] for m in ("very_light", "very_heavy")
    )
    assert heavy.clip(0).sum() < light.clip(0).sum()
    assert -heavy.clip(None, 0).sum() < -light.clip(None, 0).sum()


def test_setback_and_windows(kalundborg: Setting) -> None:
    """A setback saves heat, open windows save all but a part of the cold, neither costs the other.

    Windows that opened while it is warmer outside would add cold.
    """
    plain = block(cold="chilled").run(kalundborg)[0]
    night = block(setback=4.0, occupied=[(6.0, 22.0)]).run(kalundborg)
    aired = block(cold="chilled", free_cooling=3.0).run(kalundborg)[0]
    assert 0.8 * plain.clip(0).sum() < night[0].sum() < 0.99 * plain.clip(0).sum()
    assert np.all(night[1][np.asarray(kalundborg.times.hour) == 12] >= 20.0 - 1e-9)
    assert -aired.clip(None, 0).sum() < -0.3 * plain.clip(None, 0).sum()
    assert aired.clip(0).sum() == pytest.approx(plain.clip(0).sum(), rel=0.02)


def test_demands_follow_the_year_and_not_the_steps(kalundborg: Setting) -> None:
    """A March week at quarter hours has the heat that the year has in it, and so has a long step.

    Worked out on the week alone, its walls would start as warm as the week ends.
    """
    block_of = block(cold="chilled", count=3.0)
    whole = block_of.run(kalundborg)[0] * 3.0 / 1e6
    inside = (kalundborg.times >= "2025-03-03") & (kalundborg.times < "2025-03-10")
    for step_s in (900, 3600, 86400):
        times = step_index("2025-03-03", 7 * 86400, step_s, "Europe/Copenhagen")
        week = replace(
            setting(HEAT, COLD, site=kalundborg.site, n_steps=len(times), step_s=step_s),
            times=times,
            year=lambda number: kalundborg,
        )
        flows = network_of(block_of.lower(week), week).flows
        assert set(flows) == {"it.heat", "it.cold"}
        energy = np.sum(np.broadcast_to(flows["it.heat"].upper, len(times))) * step_s / 3600
        assert energy == pytest.approx(whole[inside].clip(0).sum(), rel=1e-9)
        assert flows["it.heat"].demand and flows["it.cold"].demand


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(list(ARCHETYPES)),
    st.floats(-30, 45),
    st.floats(0, 1000),
    st.floats(20, 5000),
    st.floats(0, 40),
    st.booleans(),
)
def test_any_block_closes(
    archetype: str, air: float, dhi: float, area: float, gains: float, cooled: bool
) -> None:
    """It asks for heat or cold, never both, and all of it closes; cold comes out of the building.

    If cold carried +1 MWh, its heat would come from nothing.
    """
    where = setting(HEAT, COLD, temp_air=air, ghi=dhi, dhi=dhi, zenith=40.0)
    house = block(
        archetype=archetype,
        floor_area=area,
        internal_gains=gains,
        cold="chilled" if cooled else None,
    )
    flows = network_of(house.lower(where), where).flows
    assert len(flows) == 1 + cooled
    heat = np.asarray(flows["it.heat"].upper)
    assert np.all(heat >= 0)
    if cooled:
        cold = flows["it.cold"]
        assert np.all(np.asarray(cold.upper) >= 0)
        assert not np.any((heat > 0) & (np.asarray(cold.upper) > 0))
        assert np.allclose(cold.exchange["building_heat"], -1.0)


def test_refusals() -> None:
    """What no building can be, with the numbers."""
    with pytest.raises(ValueError, match="heated to 24 degC and cooled to 22 degC"):
        block(heating_set_point=24.0, cooling_set_point=22.0)
    with pytest.raises(ValueError, match=r"walls lose \d+ W/K, more than 109 W/K"):
        block(archetype="old", mass={"heat_capacity": 50e3, "area": 0.01})
    with pytest.raises(ValueError, match="mass has 6000 m2 and the inner surfaces 5400 m2"):
        block(mass={"heat_capacity": 50e3, "area": 5.0})
    with pytest.raises(ValueError, match="overlap"):
        block(occupied=[(6, 12), (10, 18)])
    dark = TimeSeries(np.zeros(8760), 1735689600, 3600)
    with pytest.raises(PhysicsError, match="lie between 0 and 0"):
        block(shape=dark).run(setting(HEAT, start="2025-06-01"))
