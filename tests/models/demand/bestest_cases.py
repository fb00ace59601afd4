"""Cases of ANSI/ASHRAE 140-2020, as their tables give them, and as houses of ours.

Layers, films and glass are those of the cases' tables (case 600: tables 5-2 to 5-13; 640, 680, 900
and 980: their changes), transcribed in github.com/VICUS-Software/vicus-validation,
docs/bestest_cases. They bear each other out: by the films and layers, walls have 0.418, the roof
0.276, the floor 0.039 and windows 2.10 W/(m2 K) from air to air, as printed there.
"""

from __future__ import annotations

import numpy as np

from models.demand.building import Building
from models.demand.shell import SURFACE_TO_MASS, Mass

Layer = tuple[float, float, float, float]
"""Thickness [m], conductivity [W/(m K)], density [kg/m3] and specific heat [J/(kg K)]."""

AREAS = {"wall": 63.6, "roof": 48.0, "floor": 48.0, "window": 12.0}
"""Of the box of 8 by 6 by 2.7 m [m2]; all windows are in the south."""

OUTSIDE = {"wall": 21.6, "roof": 21.8, "floor": 5.2, "window": 17.8}
"""Constant coefficients of wind and long waves together [W/(m2 K)], for programs that do not work
them out. They hold the loss to the sky: the floor, which sees none, has 0.8 of wind and 4.4 of long
waves, walls 11.9 and 9.7. Black surfaces at 10 degC pass on 5.1."""

CONVECTION = {"wall": 2.2, "roof": 1.8, "floor": 2.2, "window": 2.4}
"""Inside, of the air alone [W/(m2 K)]; long waves pass between the surfaces besides."""

PLASTER: Layer = (0.012, 0.16, 950.0, 840.0)
SIDING: Layer = (0.009, 0.14, 530.0, 900.0)
CEILING: Layer = (0.010, 0.16, 950.0, 840.0)
DECK: Layer = (0.019, 0.14, 530.0, 900.0)
TIMBER: Layer = (0.025, 0.14, 650.0, 1200.0)
BLOCK: Layer = (0.100, 0.51, 1400.0, 1000.0)
SLAB: Layer = (0.080, 1.13, 1400.0, 1000.0)

INSULATED = (680, 695, 980, 995)
SET_BACK = (640, 940)
AT_20 = (685, 695, 985, 995)
"""Cases with more insulation, heated to 10 degC at night, or held at 20 degC all year."""

PANES = 2 * 0.003048 / 1.0 + 1 / 5.208
LOW_E_PANES = (0.003180 + 0.003048) / 1.0 + 1 / 1.792
"""Two panes and what is between them [m2 K/W]: air, or argon behind a coating (case 660)."""


def layers(case: int) -> dict[str, list[Layer]]:
    """Of each part, from inside to outside; the insulation under the floor has no mass."""
    more, heavy = case in INSULATED, case >= 900
    glass_wool: Layer = (0.4 if more else 0.1118, 0.04, 12.0, 840.0)
    foam: Layer = (0.2452 if more else 0.0615, 0.04, 10.0, 1400.0)
    quilt: Layer = (0.250, 0.04, 10.0, 1400.0) if more else (0.066, 0.04, 12.0, 840.0)
    return {
        "wall": [BLOCK, foam, SIDING] if heavy else [PLASTER, quilt, SIDING],
        "roof": [CEILING, glass_wool, DECK],
        "floor": [SLAB, (1.007, 0.04, 0.0, 0.0)] if heavy else [TIMBER, (1.003, 0.04, 0.0, 0.0)],
    }


def resistance(parts: list[Layer]) -> float:
    """Of layers, without films [m2 K/W]."""
    return sum(thickness / conductivity for thickness, conductivity, _, _ in parts)


def heat_capacity(parts: list[Layer]) -> float:
    """Inner areal heat capacity for a period of a day [J/(m2 K)]: ISO 13786, clause 7."""
    day, z = 86400.0, np.eye(2, dtype=complex)
    for d, k, rho, c in parts:
        if rho == 0.0:
            z = np.array([[1.0, -d / k], [0.0, 1.0]]) @ z
            continue
        depth = np.sqrt(k * day / (np.pi * rho * c))
        x = d / depth
        sh_c, ch_s = np.sinh(x) * np.cos(x), np.cosh(x) * np.sin(x)
        z11 = np.cosh(x) * np.cos(x) + 1j * np.sinh(x) * np.sin(x)
        z12 = -depth / (2 * k) * (sh_c + ch_s + 1j * (ch_s - sh_c))
        z21 = -k / depth * (sh_c - ch_s + 1j * (sh_c + ch_s))
        z = np.array([[z11, z12], [z21, z11]]) @ z
    return float(day / (2 * np.pi) * abs((z[0, 0] - 1) / z[0, 1]))


def house(case: int, **changed: object) -> Building:
    """A case as a building.

    Resistances count from the node of the surfaces, which stands 1 / 9.1 m2 K/W before each of them
    (ISO 13790, 12.2.2) and hangs on the air by the convection of the case, 2.10 W/(m2 K) on
    average. The films outside are the constant ones of the case; since they hold the sky, it is not
    counted again. Heat capacity by ISO 13786 and ISO 13790, equation 66.
    """
    parts = layers(case)
    walls = {part: AREAS[part] for part in parts}
    kappa = {part: heat_capacity(parts[part]) for part in parts}
    panes, g_value = (LOW_E_PANES, 0.440) if case == 660 else (PANES, 0.769)
    through = {part: resistance(parts[part]) for part in parts} | {"window": panes}
    u = {p: 1 / (1 / SURFACE_TO_MASS + through[p] + 1 / OUTSIDE[p]) for p in AREAS}
    total = sum(walls[part] * kappa[part] for part in parts)
    area = total**2 / sum(walls[part] * kappa[part] ** 2 for part in parts)
    convection = sum(AREAS[p] * CONVECTION[p] for p in AREAS) / sum(AREAS.values())
    fields: dict[str, object] = {
        "heat": "warm",
        "cold": "chilled",
        "floor_area": 48.0,
        "archetype": "new",
        "storeys": 1,
        "storey_height": 2.7,
        "air_height": 2.7,
        "length_to_width": 8 / 6,
        "window_share": 0.0,
        "south_window_share": 12 / 21.6,
        "frame_share": 0.0,
        "shading": 1.0,
        **{f"u_{part}": u[part] for part in AREAS},
        "g_value": g_value,
        "thermal_bridge": 0.0,
        "ground_factor": 1.0,
        "ventilation": 0.0,
        "infiltration": 0.5,
        "heat_recovery": 0.0,
        "mass": Mass(heat_capacity=total / 48.0, area=area / 48.0),
        "inner_surface": sum(AREAS.values()) / 48.0,
        "surface_to_air": 1 / (1 / convection - 1 / SURFACE_TO_MASS),
        "outer_resistance": 1 / OUTSIDE["wall"],
        "sky_difference": 0.0,
        "internal_gains": 200 / 48,
        "shape": "flat",
        "heating_set_point": 20.0,
        "cooling_set_point": 20.0 if case in AT_20 else 27.0,
    }
    if case in SET_BACK:
        # From 7 to 8 h the set point rises evenly; its mean over the hour is halfway.
        fields |= {"setback": 10.0, "occupied": [(7.5, 23.0)]}
    return Building.model_validate(fields | changed)
