"""A slow twin of BESTEST's box: each layer of each wall as cells, each surface by itself.

Implicit steps of a quarter of an hour on one matrix. Air meets every surface by convection; long
waves pass through a mean radiant node with 5.13 W/(m2 K) (EN ISO 52016-1:2017, annex B).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from models.series import epoch_seconds
from models.site import Setting
from models.weather.plane import light_on_plane
from models.weather.solar import extraterrestrial
from tests.models.demand.bestest_cases import AT_20, CONVECTION, OUTSIDE, SET_BACK, layers

FACING = {"north": 0.0, "east": 90.0, "south": 180.0, "west": 270.0}
SIDES = {"north": 21.6, "east": 16.2, "south": 9.6, "west": 16.2}
"""Opaque area [m2]."""

COSINE = np.cos(np.radians(np.arange(90.0, -1.0, -10.0)))
GLASS = {
    "through": ((0, 0.208, 0.438, 0.577, 0.646, 0.678, 0.692, 0.699, 0.702, 0.703), 0.601),
    "outer": ((0, 0.130, 0.127, 0.119, 0.112, 0.106, 0.102, 0.099, 0.097, 0.096), 0.110),
    "inner": ((0, 0.050, 0.070, 0.077, 0.078, 0.077, 0.075, 0.074, 0.073, 0.072), 0.073),
}
"""Light that passes both panes, or stays in one, by the angle from 90 to 0 degrees, and scattered:
the case's table, worked out with LBNL WINDOW 7."""

SUN_ON = {"floor": 0.642, "roof": 0.167, "east": 0.038, "west": 0.038, "north": 0.053}
SUN_ON["south"] = 0.027
"""Where light that came in ends; the rest leaves by the windows. The case's table."""

RADIATION, CELLS, STEP_S = 5.13, 3, 900.0


def light_on(where: Setting, side: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """From the sun, its cosine of incidence, and from elsewhere [W/m2], shape (n_steps,)."""
    sky = where.weather
    outside = extraterrestrial(epoch_seconds(where.times) + where.step_s / 2)
    sun = (sky.ghi, sky.dni, sky.dhi, sky.zenith, sky.azimuth, outside)
    return light_on_plane(*sun, tilt=90.0, facing=FACING[side], albedo=0.2)


@dataclass
class Network:
    """Nodes with capacities [J/K], joined by conductances [W/K]."""

    capacity: list[float] = field(default_factory=list)
    links: list[tuple[int, int, float]] = field(default_factory=list)
    to_outside: dict[int, float] = field(default_factory=dict)

    def node(self, capacity: float = 0.0) -> int:
        self.capacity.append(capacity)
        return len(self.capacity) - 1

    def wall(self, area: float, parts: list, film: float) -> tuple[int, int]:
        """Its inner and outer surface; cells hang together by half of each one's resistance."""
        first = last = self.node()
        half = 0.0
        for thickness, conductivity, density, heat in parts:
            cells = CELLS if density else 1
            piece = thickness / cells
            for _ in range(cells):
                cell = self.node(piece * density * heat * area)
                own = piece / conductivity / 2
                self.links.append((last, cell, area / (half + own)))
                last, half = cell, own
        outer = self.node()
        self.links.append((last, outer, area / half))
        self.to_outside[outer] = area * film
        return first, outer

    def matrix(self) -> np.ndarray:
        k = np.zeros((len(self.capacity),) * 2)
        for i, j, g in self.links:
            k[[i, j], [i, j]] += g
            k[[i, j], [j, i]] -= g
        for i, g in self.to_outside.items():
            k[i, i] += g
        return k


def loads(
    case: int,
    where: Setting,
    convection: dict[str, float] = CONVECTION,
    radiation: float = RADIATION,
) -> tuple[float, float]:
    """Heat and cold of a year [MWh], with constant coefficients; it starts a month before."""
    sky, net = where.weather, Network()
    air = net.node(129.6 * 1200.0 * float(sky.pressure.mean()) / 101325.0)
    net.to_outside[air] = net.capacity[air] * 0.5 / 3600.0
    parts = layers(case)
    areas = {**SIDES, "roof": 48.0, "floor": 48.0}
    kinds = {name: name if name in parts else "wall" for name in areas}
    ends = {n: net.wall(areas[n], parts[kinds[n]], OUTSIDE[kinds[n]]) for n in areas}
    inner, outer = net.node(), net.node()
    net.links.append((inner, outer, 12.0 / (1 / 5.208 + 0.003048)))
    net.to_outside[outer] = 12.0 * OUTSIDE["window"]
    inside = {n: (ends[n][0], areas[n], kinds[n]) for n in areas} | {
        "window": (inner, 12.0, "window")
    }
    for i, area, kind in inside.values():
        net.links.append((air, i, area * convection[kind]))
    if radiation:
        radiant = net.node()
        net.links += [(radiant, i, area * radiation) for i, area, _ in inside.values()]

    gains = np.zeros((where.n_steps, len(net.capacity)))
    direct, incidence, scattered = light_on(where, "south")
    glass = {
        what: 12.0 * (direct * np.interp(incidence, COSINE, share) + diffuse * scattered)
        for what, (share, diffuse) in GLASS.items()
    }
    for name, share in SUN_ON.items():
        gains[:, ends[name][0]] += share * glass["through"]
    gains[:, inner] += glass["inner"]
    gains[:, outer] += glass["outer"]
    for name, area in SIDES.items():
        direct, _, scattered = light_on(where, name)
        gains[:, ends[name][1]] += 0.6 * area * (direct + scattered)
    gains[:, ends["roof"][1]] += 0.6 * 48.0 * sky.ghi
    gains[:, air] += 0.4 * 200.0
    total = sum(area for _, area, _ in inside.values())
    for i, area, _ in inside.values():
        gains[:, i] += 0.6 * 200.0 * area / total
    for i, g in net.to_outside.items():
        gains[:, i] += g * sky.temp_air
    return _year(case, np.array(net.capacity) / STEP_S, net.matrix(), gains, air)


def _year(
    case: int, held: np.ndarray, k: np.ndarray, gains: np.ndarray, air: int
) -> tuple[float, float]:
    """Step through the year; heat moves the air along one column of the inverse."""
    inverse = np.linalg.inv(np.diag(held) + k)
    pull = inverse[:, air]
    cool = 20.0 if case in AT_20 else 27.0
    t, heat, cold = np.full(len(held), 20.0), 0.0, 0.0
    n = len(gains)
    for hour in [*range(n - 720, n), *range(n)]:
        if hour == 0:
            heat = cold = 0.0
        for quarter in range(1, 5):
            warm, of_day = 20.0, hour % 24
            if case in SET_BACK and (of_day < 7 or of_day >= 23):
                warm = 10.0
            elif case in SET_BACK and of_day == 7:
                warm = 10.0 + 2.5 * quarter
            t = inverse @ (held * t + gains[hour])
            power = (min(max(t[air], warm), cool) - t[air]) / pull[air]
            t = t + pull * power
            heat += max(power, 0.0) * STEP_S
            cold += max(-power, 0.0) * STEP_S
    return heat / 3.6e9, cold / 3.6e9
