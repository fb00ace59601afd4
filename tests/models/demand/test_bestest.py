"""BESTEST: the cases of ANSI/ASHRAE 140 that one room of five resistances can be.

On the standard's own weather (600, 640, 685, 900, 940, 985): cold lies within the range of its six
programs in every case; heat is 5 to 13 % above the upper end, and 19 % in case 640, a light house
set back at night. Against EnergyPlus on three other files heat is 6 to 22 % higher, cold from 14 %
lower to 7 % higher. Nothing was fitted.
"""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np
import pytest

from models.demand.building import Building
from models.demand.shell import Mass
from models.site import Setting, Site
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
    685: ((4.532, 4.877, 5.042), (8.238, 9.119, 9.130)),
    900: ((1.379, 1.664, 1.814), (2.267, 2.489, 2.714)),
    940: ((0.863, 1.067, 1.389), (2.203, 2.424, 2.613)),
    985: ((2.120, 2.369, 2.801), (5.880, 6.359, 7.273)),
}
"""MWh of heat and of cold: least, EnergyPlus and most of the six programs in ANSI/ASHRAE 140-2020,
tables B8-1 and B8-2 (as in the results spreadsheet of the standard, RESULTS5-2A)."""

SPREAD = {case: (heat[2] / heat[0], cold[2] / cold[0]) for case, (heat, cold) in PROGRAMS.items()}
"""Most over least of them."""

WALLS = {
    600: [(0.012, 0.16, 950, 840), (0.066, 0.04, 12, 840), (0.009, 0.14, 530, 900)],
    900: [(0.1, 0.51, 1400, 1000), (0.0615, 0.04, 10, 1400), (0.009, 0.14, 530, 900)],
}
FLOORS = {600: [(0.025, 0.14, 650, 1200)], 900: [(0.08, 1.13, 1400, 1000)]}
ROOF = [(0.01, 0.16, 950, 840), (0.1118, 0.04, 12, 840), (0.019, 0.14, 530, 900)]


def heat_capacity(layers: list[tuple[float, float, float, float]], beyond: float = 0.0) -> float:
    """Inner areal heat capacity for a period of a day [J/(m2 K)]: ISO 13786, clause 7.

    Layers from inside to outside, as thickness [m], conductivity, density and specific heat;
    `beyond` is a resistance behind them [m2 K/W].
    """
    day, z = 86400.0, np.eye(2, dtype=complex)
    for d, k, rho, c in layers:
        depth = np.sqrt(k * day / (np.pi * rho * c))
        x = d / depth
        sh_c, ch_s = np.sinh(x) * np.cos(x), np.cosh(x) * np.sin(x)
        z11 = np.cosh(x) * np.cos(x) + 1j * np.sinh(x) * np.sin(x)
        z12 = -depth / (2 * k) * (sh_c + ch_s + 1j * (ch_s - sh_c))
        z21 = -k / depth * (sh_c - ch_s + 1j * (sh_c + ch_s))
        z = np.array([[z11, z12], [z21, z11]]) @ z
    z = np.array([[1.0, -beyond], [0.0, 1.0]]) @ z
    return float(day / (2 * np.pi) * abs((z[0, 0] - 1) / z[0, 1]))


SETBACK = {"setback": 10.0, "occupied": [(7.0, 23.0)]}
CHANGES: dict[int, tuple[int, dict[str, object]]] = {
    600: (600, {}),
    640: (600, SETBACK),
    685: (600, {"cooling_set_point": 20.0}),
    900: (900, {}),
    940: (900, SETBACK),
    985: (900, {"cooling_set_point": 20.0}),
}
"""What each case changes of which: heated to 10 degC at night, or heated and cooled to 20 degC."""


def bestest(case: int) -> Building:
    """Case 600 (light) or 900 (heavy): 8 by 6 by 2.7 m, 12 m2 of glass in the south.

    U-values with the combined film coefficients of the standard, 8.29 and 29.3 W/(m2 K), of the
    glass by EN 673 (12 mm of air); heat capacity by ISO 13786 and ISO 13790, equation 66.
    """
    areas = {"wall": 63.6, "roof": 48.0, "floor": 48.0}
    kappa = {
        "wall": heat_capacity(WALLS[case]),
        "roof": heat_capacity(ROOF),
        "floor": heat_capacity(FLOORS[case], 25.175),
    }
    total = sum(areas[part] * kappa[part] for part in areas)
    area = total**2 / sum(areas[part] * kappa[part] ** 2 for part in areas)
    return Building(
        heat="warm",
        cold="chilled",
        floor_area=48.0,
        archetype="new",
        storeys=1,
        storey_height=2.7,
        air_height=2.7,
        length_to_width=8 / 6,
        window_share=0.0,
        south_window_share=12 / 21.6,
        frame_share=0.0,
        shading=1.0,
        u_wall=0.514,
        u_roof=0.318,
        u_floor=0.039,
        u_window=2.87,
        g_value=0.769,
        thermal_bridge=0.0,
        ground_factor=1.0,
        ventilation=0.0,
        infiltration=0.5,
        heat_recovery=0.0,
        mass=Mass(heat_capacity=total / 48.0, area=area / 48.0),
        inner_surface=171.6 / 48.0,
        internal_gains=200 / 48,
        shape="flat",
        heating_set_point=20.0,
        cooling_set_point=27.0,
    )


@needs_files
@pytest.mark.parametrize(("place", "case"), BESTEST)
def test_bestest(place: str, case: int) -> None:
    """From EnergyPlus no farther than the programs of the standard are from each other.

    On other weather than the standard's. Ours is 6 to 22 % higher in heat
    and from 14 % lower to 7 % higher in cold. Without its mass, case 900 would be as case 600, 2.4
    times the heat in Denver; without the angle of light on glass, cold would be a fifth more there
    and beyond the spread.
    """
    name, site = FILES[place]
    heat, _ = bestest(case).run(year(SHARED / name, site))
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


def loads(case: int, where: Setting) -> tuple[float, float]:
    """Heat and cold of a year [MWh]."""
    base, changed = CHANGES[case]
    house = Building.model_validate({**bestest(base).model_dump(), **changed})
    heat, _ = house.run(where)
    return float(heat.clip(0).sum()) / 1e6, float(-heat.clip(None, 0).sum()) / 1e6


@pytest.mark.parametrize("case", PROGRAMS)
def test_cold_in_the_range_of_the_standard(case: int, denver: Setting) -> None:
    """The literal range of the six programs, on their weather.

    Without its mass, case 900 would need as much cold as case 600, twice the upper end.
    """
    least, _, most = PROGRAMS[case][1]
    assert least <= loads(case, denver)[1] <= most


LIGHT_AT_NIGHT = pytest.mark.xfail(
    strict=True, reason="a fifth above EnergyPlus: one mass does not cool as a light house does"
)


@pytest.mark.parametrize("case", [600, pytest.param(640, marks=LIGHT_AT_NIGHT), 685, 900, 940, 985])
def test_heat_near_the_standard(case: int, denver: Setting) -> None:
    """From EnergyPlus no farther than the programs of the standard are from each other.

    Without the sun it would be 7.4 MWh in case 600, far outside.
    """
    heat, plus = loads(case, denver)[0], PROGRAMS[case][0][1]
    assert 1 / SPREAD[case][0] < heat / plus < SPREAD[case][0]


@pytest.mark.xfail(strict=True, reason="5 to 19 % above the upper end; the method is simple")
@pytest.mark.parametrize("case", PROGRAMS)
def test_heat_in_the_range_of_the_standard(case: int, denver: Setting) -> None:
    """The literal range, which heat does not reach in any case; stated, and not tuned away."""
    least, _, most = PROGRAMS[case][0]
    assert least <= loads(case, denver)[0] <= most
