"""BESTEST: the cases of ANSI/ASHRAE 140 that one room of five resistances can be.

On the standard's weather, heat and cold of 600, 640, 660, 685, 900, 940, 980, 985 and 995 lie in
the range of its six programs; heat of 680 and 695 (light, much insulated) lies 0.9 and 0.0 % above,
cold within. A layered twin, itself in the ranges of cases 450 and 470, has 4 to 16 % less heat, and
cold within 4 %. EnergyPlus on three other files: heat -7 to +4 %, cold -6 to +19 %.
A twelfth case was tried and fails: 670 (single glass) has heat 1.6 % above its range and cold 9 %
below, since our glass is double. The outside films were corrected after a first run was 5 to 19 %
too high in heat; read with wind and sky apart instead, heat of 640 is 1.4 % above its range too.
"""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np
import pytest

from models.demand.shell import SKY_OF_WALL, SKY_RADIATION, Mass
from models.site import Setting, Site
from tests.models.demand.bestest_cases import AREAS, INSULATED, house
from tests.models.demand.layered_house import FACING, light_on
from tests.models.demand.layered_house import loads as layered
from tests.models.demand.test_building import year
from tests.weather.places import SHARED

needs_files = pytest.mark.skipif(not SHARED.is_dir(), reason="no typical years beside this clone")
DENVER = Path(__file__).parents[1] / "bestest" / "725650_denver.epw.xz"

BESTEST = {
    ("Denver", 600): (4.586, 6.232),
    ("Denver", 900): (1.909, 2.557),
    ("Stuttgart", 600): (4.171, 3.484),
    ("Stuttgart", 900): (2.933, 1.581),
    ("Shanghai", 600): (2.224, 4.630),
    ("Shanghai", 900): (0.836, 2.549),
}
"""MWh of heat and of cold by EnergyPlus 25.2.0 from the inputs in `bestest`, on the same files."""

FILES = {
    "Denver": (
        "USA_CO_Aurora-Buckley.Field.ANGB.724695_TMY3.epw",
        Site(39.72, -104.75, "America/Denver", 1726.0),
    ),
    "Stuttgart": ("TRY2015_Stuttgart.epw", Site(48.77, 9.18, "Europe/Berlin", 253.0)),
    "Shanghai": (
        "Shanghai-Hongqiao_1956_2023_TMYx.epw",
        Site(31.2, 121.34, "Asia/Shanghai", 3.0),
    ),
}

PROGRAMS = {
    600: ((3.993, 4.324, 4.504), (5.432, 6.027, 6.162)),
    640: ((2.403, 2.662, 2.682), (5.237, 5.763, 5.893)),
    660: ((3.574, 3.707, 3.821), (2.966, 3.232, 3.340)),
    680: ((1.732, 2.180, 2.286), (5.932, 6.444, 6.529)),
    685: ((4.532, 4.877, 5.042), (8.238, 9.119, 9.130)),
    695: ((2.385, 2.802, 2.892), (8.386, 9.172, 9.172)),
    900: ((1.379, 1.664, 1.814), (2.267, 2.489, 2.714)),
    940: ((0.863, 1.067, 1.389), (2.203, 2.424, 2.613)),
    980: ((0.246, 0.411, 0.720), (3.501, 3.712, 3.995)),
    985: ((2.120, 2.369, 2.801), (5.880, 6.359, 7.273)),
    995: ((0.755, 1.006, 1.330), (6.771, 7.203, 7.482)),
}
"""MWh of heat and of cold: least, EnergyPlus and most of the six programs in ANSI/ASHRAE 140-2020,
tables B8-1 and B8-2 (as in the results spreadsheet of the standard, RESULTS5-2A)."""

CONSTANT = {
    450: ((3.375, 3.990), (5.689, 6.613)),
    470: ((3.540, 4.094), (5.644, 6.056)),
}
"""Least and most of case 600 with constant coefficients on both sides, or outside only."""

SUN = {"north": (399, 477), "east": (1017, 1068), "south": (1291, 1387), "west": (903, 997)}
"""Least and most of the light on each side [kWh/m2]: table B8-13."""

SPREAD = {case: (heat[2] / heat[0], cold[2] / cold[0]) for case, (heat, cold) in PROGRAMS.items()}
"""Most over least of them."""

BUILDINGS = {600: 4.658, 640: 2.898, 680: 2.646, 685: 5.063, 695: 3.147}
"""MWh of heat by the five resistances of the Modelica Buildings library (its user's guide of
ThermalZones.ISO13790.Validation.BESTEST)."""


@needs_files
@pytest.mark.parametrize(("place", "case"), BESTEST)
def test_bestest(place: str, case: int) -> None:
    """From EnergyPlus no farther than the programs of the standard are from each other.

    On other weather than the standard's. Farthest is the cold of case 900 in Shanghai, 19 % above:
    its air is damper than in Denver, whose sky the films hold. Without its mass, case 900 would be
    as case 600, 2.3 times the heat in Denver; without the angle of light on glass, cold would be a
    fifth more there and beyond the spread.
    """
    name, site = FILES[place]
    heat, _ = house(case).run(year(SHARED / name, site))
    found = np.array([heat.clip(0).sum(), -heat.clip(None, 0).sum()]) / 1e6
    ratio = found / np.array(BESTEST[place, case])
    spread = np.array(SPREAD[case])
    assert np.all(ratio < spread), (found, ratio)
    assert np.all(ratio > 1 / spread), (found, ratio)


@pytest.fixture(scope="module")
def denver(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    """Weather of the standard: TMY3 725650 (NREL 2008), the file 725650TYCST of its 2020 edition.

    Temperature, humidity, pressure, wind and irradiance as there; its sha256 as distributed with
    NREL's BESTEST-GSR is 1d0402144460a26265555a18a9cdfe4f0f7d9b4f57d6194847af7959b518571f.
    """
    path = tmp_path_factory.mktemp("denver") / "denver.epw"
    path.write_bytes(lzma.decompress(DENVER.read_bytes()))
    return year(path, Site(39.83, -104.65, "Etc/GMT+7", 1650.0))


def loads(case: int, where: Setting, **changed: object) -> tuple[float, float]:
    """Heat and cold of a year [MWh]."""
    heat, _ = house(case, **changed).run(where)
    return float(heat.clip(0).sum()) / 1e6, float(-heat.clip(None, 0).sum()) / 1e6


@pytest.mark.parametrize("side", SUN)
def test_sun_in_the_range_of_the_standard(side: str, denver: Setting) -> None:
    """Light of a year on each side, in whole kWh/m2 as printed.

    Were the sun an hour late, the west would have 723.
    """
    assert FACING.keys() == SUN.keys()
    direct, _, scattered = light_on(denver, side)
    assert SUN[side][0] <= round(float((direct + scattered).sum()) / 1e3) <= SUN[side][1]


@pytest.mark.parametrize("case", PROGRAMS)
def test_cold_in_the_range_of_the_standard(case: int, denver: Setting) -> None:
    """The literal range of the six programs, on their weather.

    Without its mass, case 900 would need as much cold as case 600, twice the upper end.
    """
    least, _, most = PROGRAMS[case][1]
    assert least <= loads(case, denver)[1] <= most


INSULATED_AND_LIGHT = pytest.mark.xfail(
    strict=True, reason="0.9 and 0.0 % above: one mass does not cool as a light house does"
)


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, marks=INSULATED_AND_LIGHT) if c in (680, 695) else c for c in PROGRAMS],
)
def test_heat_in_the_range_of_the_standard(case: int, denver: Setting) -> None:
    """The literal range.

    Case 600 has 4.27 MWh. With films of 25 W/(m2 K) outside and a sky 11 K colder (ISO 6946, EN ISO
    52016-1), convection of 2.5 W/(m2 K) (ISO 13790) and panes of 2.87 W/(m2 K) (EN 673) it would
    have 4.79 MWh, beyond it: the case's windows have 2.75 from the node of the surfaces (0.10 MWh),
    its air moves with 2.1 (0.18), and its films outside already hold the sky (0.24). With wind and
    long waves apart, 11.9 and 4.6 W/(m2 K), and a sky 11 K colder, 640 alone of 600, 640, 685, 900,
    940 and 985 would lie outside, 1.4 % above. Heated to 20 degC at once at 7 h instead of within
    the hour, 640 would need 0.2 MWh more.
    """
    least, _, most = PROGRAMS[case][0]
    assert least <= loads(case, denver)[0] <= most


@pytest.mark.parametrize("case", PROGRAMS)
def test_heat_near_the_standard(case: int, denver: Setting) -> None:
    """From EnergyPlus no farther than the programs of the standard are from each other.

    Without the sun it would be 6.7 MWh in case 600, far outside.
    """
    heat, plus = loads(case, denver)[0], PROGRAMS[case][0][1]
    assert 1 / SPREAD[case][0] < heat / plus < SPREAD[case][0]


def test_layered_twin_in_the_range_of_the_standard(denver: Setting) -> None:
    """Layer by layer, case 600 with the constant coefficients that our house has: cases 450, 470.

    3.77 and 4.02 MWh of heat, where the six programs have 3.38 to 3.99 and 3.54 to 4.09. Without
    long waves between the surfaces, case 470 would have 3.14 MWh.
    """
    combined = {"wall": 1.8, "roof": 1.7, "floor": 3.7, "window": 4.5}
    twins = {450: layered(600, denver, combined, radiation=0.0), 470: layered(600, denver)}
    for case, twin in twins.items():
        for found, (least, most) in zip(twin, CONSTANT[case], strict=True):
            assert least <= found <= most, (case, twin)


@pytest.mark.parametrize("case", [c for c in PROGRAMS if c != 660])
def test_near_the_layered_twin(case: int, denver: Setting) -> None:
    """Five resistances from the layered twin no farther than the programs are from each other.

    What the method itself costs, on the same sun, films and set points: 5 to 10 % more heat, 11 in
    case 680, 19 in case 980, which needs next to none; cold within 4 %. With the mass of the light
    house, case 900 would have 2.5 times the heat.
    """
    ratio = np.array(loads(case, denver)) / np.array(layered(case, denver))
    spread = np.array(SPREAD[case])
    assert np.all(1 / spread < ratio) and np.all(ratio < spread), ratio


@pytest.mark.parametrize("case", BUILDINGS)
def test_as_five_resistances_elsewhere(case: int, denver: Setting) -> None:
    """With the inputs of the Modelica Buildings library, its heat: 600 and 640 within 0.4 %.

    680, 685 and 695 within 5 %. Its cold is 3 to 12 % higher, since it lets scattered light in as
    if it came straight. Its heavy cases need a fifth to a third less heat than ours with what its
    files give; why is not known, and the six programs are with ours there. It spreads the sky
    otherwise over walls and roof; the difference is chosen so that both lose the same in all.
    """
    u = {"wall": 0.534, "roof": 0.327, "floor": 0.0377, "window": 3.1}
    if case in INSULATED:
        u |= {"wall": 0.15, "roof": 0.1}
    sides, roof = u["wall"] * AREAS["wall"] + u["window"] * AREAS["window"], u["roof"] * 48.0
    to_sky = 5.0 * 0.9 * 11.0 * (0.5 * sides + roof)
    heat, _ = loads(
        case,
        denver,
        **{f"u_{part}": value for part, value in u.items()},
        g_value=0.789,
        surface_to_air=2.1,
        inner_surface=4.5,
        outer_resistance=0.04,
        sky_difference=to_sky / (SKY_RADIATION * (SKY_OF_WALL * sides + roof)),
        mass=Mass(heat_capacity=51289.8, area=4.5),
    )
    assert 1 / SPREAD[case][0] < heat / BUILDINGS[case] < SPREAD[case][0]
