"""What envelopes are like: archetypes, classes of mass, and glass by the angle of light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GLASS_ANGLE = np.cos(np.radians([90.0, 80.0, 70.0, 60.0, 50.0, 40.0, 0.0]))
GLASS_SHARE = np.array([0.0, 0.26, 0.50, 0.64, 0.71, 0.74, 0.76]) / 0.76
GLASS_DIFFUSE = 0.66 / 0.76
"""Solar gain over that at normal incidence, by the cosine of incidence and for scattered light
(ASHRAE Handbook Fundamentals 2009, chapter 15, table 10: double glazing, clear, 3 mm)."""

MASS = {
    "very_light": (80e3, 2.5),
    "light": (110e3, 2.5),
    "medium": (165e3, 2.5),
    "heavy": (260e3, 3.0),
    "very_heavy": (370e3, 3.5),
}
"""Heat capacity [J/K] and effective area [m2] per floor area (ISO 13790, table 12)."""


@dataclass(frozen=True)
class Envelope:
    """What sets an archetype apart: U-values [W/(m2 K)], glass, and air changes [1/h]."""

    u_wall: float
    u_roof: float
    u_floor: float
    u_window: float
    g_value: float
    thermal_bridge: float
    ventilation: float
    infiltration: float
    heat_recovery: float


ARCHETYPES = {
    "passive_house": Envelope(0.12, 0.10, 0.12, 0.80, 0.50, 0.0, 0.40, 0.042, 0.84),
    "new": Envelope(0.28, 0.20, 0.35, 1.30, 0.60, 0.05, 0.40, 0.10, 0.0),
    "renovated": Envelope(0.24, 0.20, 0.30, 1.30, 0.60, 0.10, 0.40, 0.20, 0.0),
    "old": Envelope(1.40, 1.00, 1.20, 2.80, 0.75, 0.10, 0.40, 0.30, 0.0),
}
"""passive_house: within the criteria of the Passive House Institute (opaque U at most 0.15, windows
0.80, n50 0.6/h at a shielding of 0.07, recovery at least 0.75), better in the walls as its houses
are. new: reference building of the German Gebaeudeenergiegesetz, annex 1. renovated: the limits for
replaced parts, annex 7. old: assumed, masonry of 1950 to 1978 with later double glazing."""
