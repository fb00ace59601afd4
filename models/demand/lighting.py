"""Lamps: outdoors they burn in the dark, indoors while somebody is there and daylight is short.

Their power is given, or follows from the light that is wanted by the lumen method, so that a kind
of lamp is replaced by changing one key. All of it ends as heat.
"""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from models.base import Flow, Lowering, Model, PhysicsError, port, quantity
from models.demand.demand import ABOVE, LOST
from models.series import epoch_seconds
from models.shape import Hours, Shifts, check_hours, share_within
from models.site import Setting, Site
from models.weather.solar import sun

FINEST_S = 300
"""Longest time over which the sun is taken to move evenly: then it sets within two seconds."""

EFFICACY = {
    "led": 120.0,
    "fluorescent": 80.0,
    "metal_halide": 50.0,
    "sodium": 60.0,
}
"""Light that leaves a luminaire over its electricity, ballast and reflector counted [lm/W].

LED: least of the EU green public procurement criteria for road lighting, SWD(2018) 494; the mean of
industrial luminaires was 115 in 2017 (US Department of Energy, CALiPER Snapshot). Fluorescent:
middle of about 70 to 90, same Snapshot. Metal halide and high-pressure sodium: middle of 35 to 58
and of 46 to 75 for lamps of 150 W (US Department of Energy, LED Lighting Facts, commercial product
performance scale).
"""

Lamp = Literal["led", "fluorescent", "metal_halide", "sodium"]


def darkness(times: pd.DatetimeIndex, step_s: int, site: Site, elevation: float) -> np.ndarray:
    """Share of each step during which the sun stands below an elevation.

    Parameters
    ----------
    times : DatetimeIndex, shape (n_steps,)
        Start of each step, evenly spaced.
    step_s : int
        Length of a step [s]; the sun is taken to move evenly within it.
    site : Site
    elevation : float
        Of the centre of the sun, with refraction [deg].

    Returns
    -------
    ndarray of float, shape (n_steps,)
        Between 0 and 1.

    Notes
    -----
    The refraction of `sun` ends with a jump at -1 deg: between 0 and -2 deg a year's hours are
    wrong by up to two, below by less than one.
    """
    begins = epoch_seconds(times).astype(float)
    zenith, _ = sun(np.append(begins, begins[-1] + step_s), site)
    depth = zenith - (90.0 - elevation)
    first, last = depth[:-1], depth[1:]
    below = np.maximum(first, 0.0) + np.maximum(last, 0.0)
    whole = np.abs(first) + np.abs(last)
    return np.asarray(np.divide(below, whole, where=whole > 0, out=np.ones_like(whole)))


def dimmed_power(daylight: np.ndarray, least_light: float, least_power: float) -> np.ndarray:
    """Power of lamps that are dimmed to what daylight leaves, of their full power.

    Parameters
    ----------
    daylight : ndarray, shape (n,)
        Of the light that is wanted.
    least_light, least_power : float
        Light and power below which a lamp cannot be dimmed, of the full ones; there it stays.

    Returns
    -------
    ndarray of float, shape (n,)
        Between `least_power` and 1.

    Notes
    -----
    A straight line between the two ends: control "Continuous" of EnergyPlus, Input Output
    Reference, Daylighting:Controls.
    """
    light = np.clip(1.0 - daylight, least_light, 1.0)
    return np.asarray(least_power + (1.0 - least_power) * (light - least_light) / (1 - least_light))


class Lighting(Model):
    """Lamps of one kind, outdoors or indoors.

    Outdoors they burn while the sun stands below `elevation`, and may be dimmed in the small hours.
    Indoors they burn by `use`; those in the daylit part are dimmed to what the sky leaves, which is
    `daylight_factor` of the diffuse light outdoors. Direct sun is left out, as blinds keep it out.
    """

    kind: ClassVar[str] = "lighting"

    bus: str = port(kind="electricity", description="Bus that serves it.")
    place: Literal["outdoor", "indoor"] = Field(description="Where the lamps are.")
    power: float | None = quantity(
        None, unit="MW", ge=0, description="Of all lamps, installed; or give area and illuminance."
    )
    area: float | None = quantity(None, unit="m2", ge=0, description="What they light.")
    illuminance: float | None = quantity(
        None,
        unit="lx",
        gt=0,
        description="Maintained light on the area, such as 500 in offices and 100 in "
        "corridors and stores (EN 12464-1), 10 on yards.",
    )
    lamp: Lamp = Field("led", description="Kind of lamp, which says its luminous efficacy.")
    efficacy: float | None = quantity(
        None,
        unit="lm/W",
        gt=0,
        lt=350,
        description="Light that leaves the luminaire over electricity; by default that of "
        "the lamp: LED 120, fluorescent 80, metal halide 50, sodium 60.",
        source="SWD(2018) 494 (LED, road lighting); US Department of Energy, CALiPER Snapshot 2017 "
        "and LED Lighting Facts, middles of the ranges (others)",
    )
    utilisation: float = quantity(
        0.6,
        unit="1",
        gt=0,
        le=1,
        description="Light that reaches the area, of that which leaves the luminaires.",
        source="assumed: rooms and yards of middle size",
    )
    maintenance: float = quantity(
        0.8,
        unit="1",
        gt=0,
        le=1,
        description="Light that is left after ageing and dirt.",
        source="assumed: usual value of the lumen method for clean surroundings",
    )
    elevation: float = quantity(
        -3.9,
        unit="deg",
        ge=-18,
        le=0,
        description="Of the sun, below which lamps outdoors burn; civil dusk ends at -6.",
        source="35 lx (unverified: usual level of photocells) under a clear sky: P. Seidelmann, "
        "Explanatory Supplement to the Astronomical Almanac, 1992, as in D. Vallado, Fundamentals "
        "of Astrodynamics, sec. 5.3.4",
    )
    dimmed_hours: Hours = Field([], description="Daily hours of less light, such as [[23, 5]].")
    dimmed_to: float = quantity(
        0.5,
        unit="1",
        ge=0,
        le=1,
        description="Power in these hours, of the full one.",
        source="assumed: half",
    )
    use: Shifts | None = Field(
        None, description="When lamps are wanted, as shifts with levels outside; without, always."
    )
    daylight_factor: float = quantity(
        0.0,
        unit="1",
        ge=0,
        le=1,
        description="Light indoors over light of the sky outdoors, mean of the daylit part; with "
        "it, lamps there are dimmed. 0.02 to 0.05 where windows light a room well.",
        source="assumed: lamps do not follow daylight",
    )
    daylit_share: float = quantity(
        1.0,
        unit="1",
        ge=0,
        le=1,
        description="Share of the lamps in the daylit part.",
        source="assumed: all, where there is a daylight factor",
    )
    daylight_efficacy: float = quantity(
        120.0,
        unit="lm/W",
        gt=0,
        lt=350,
        description="Light of the sky over its irradiance.",
        source="P. Littlefair, The luminous efficacy of daylight: a review, Lighting Research & "
        "Technology, 1985: middle of about 110 of overcast skies and 130 of clear ones",
    )
    least_light: float = quantity(
        0.2,
        unit="1",
        ge=0,
        lt=1,
        description="Light to which lamps can be dimmed, of the full one.",
        source="default of EnergyPlus, Daylighting:Controls",
    )
    least_power: float = quantity(
        0.3,
        unit="1",
        ge=0,
        le=1,
        description="Power that they then take, of the full one.",
        source="default of EnergyPlus, Daylighting:Controls",
    )
    value_of_lost_load: float = quantity(
        10_000.0, unit="currency/MWh", gt=0, description=LOST, source=ABOVE
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_hours(self.dimmed_hours, "dimmed_hours")
        if (self.power is None) == (self.area is None):
            which = "neither power nor area is" if self.power is None else "both power and area are"
            raise PhysicsError(
                f"{which} given",
                key="" if self.power is None else "area",
                mend="give the installed power, or an area with its illuminance",
            )
        if self.illuminance is None and (self.area is not None or self.daylight_factor > 0):
            raise PhysicsError(
                "nothing says how much light is wanted",
                key="area" if self.area is not None else "daylight_factor",
                mend="give 'illuminance' in lx",
            )
        if self.place == "outdoor" and self.daylight_factor > 0:
            raise PhysicsError(
                f"a daylight factor of {self.daylight_factor:g} outdoors: lamps are off by day",
                key="daylight_factor",
                mend="leave it out, or write 'place: indoor'",
            )
        return self

    @property
    def installed(self) -> float:
        """Power of all lamps [MW], as given or by the lumen method."""
        if self.power is not None:
            return self.power
        assert self.area is not None
        assert self.illuminance is not None
        efficacy = EFFICACY[self.lamp] if self.efficacy is None else self.efficacy
        lumen = self.illuminance * self.area / (self.utilisation * self.maintenance)
        return lumen / efficacy / 1e6

    def level(self, setting: Setting) -> np.ndarray:
        """Power over that installed, shape (n_steps,)."""
        shifts = 1.0 if self.use is None else self.use.weight(setting)
        return np.asarray(self._burning(setting) * shifts * self._short_of_light(setting))

    def lower(self, setting: Setting) -> Lowering:
        """One demand."""
        name = setting.component
        flow = Flow(
            name,
            name,
            {self.bus: -1.0},
            self.installed * self.level(setting),
            steer=-self.value_of_lost_load,
            activity="final_use",
            demand=True,
            main=self.bus,
        )
        return Lowering([flow])

    def _burning(self, setting: Setting) -> np.ndarray:
        """By darkness and the clock."""
        if self.place == "indoor":
            return self._by_clock(setting.times, setting.step_s)
        # On a finer grid, so that totals do not depend on the step.
        parts = -(-setting.step_s // FINEST_S)
        while setting.step_s % parts:
            parts += 1
        short = setting.step_s // parts
        later = pd.to_timedelta(np.tile(np.arange(parts) * short, setting.n_steps), unit="s")
        fine = setting.times.repeat(parts) + later
        dark = darkness(fine, short, setting.site, self.elevation)
        return np.asarray((dark * self._by_clock(fine, short)).reshape(-1, parts).mean(axis=1))

    def _by_clock(self, times: pd.DatetimeIndex, step_s: int) -> np.ndarray:
        return 1.0 - (1.0 - self.dimmed_to) * share_within(self.dimmed_hours, times, step_s)

    def _short_of_light(self, setting: Setting) -> np.ndarray:
        """What daylight leaves to be lit."""
        if self.daylight_factor == 0:
            return np.ones(setting.n_steps)
        assert self.illuminance is not None
        indoors = self.daylight_factor * self.daylight_efficacy * setting.weather.dhi
        dimmed = dimmed_power(indoors / self.illuminance, self.least_light, self.least_power)
        return np.asarray(1.0 - self.daylit_share * (1.0 - dimmed))
