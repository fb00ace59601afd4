"""Photovoltaic modules, fixed or turning after the sun: from the sky to the meter of the inverter.

Light on the plane after Hay and Davies, between rows by view factors, the cell's temperature after
King, and module and inverter as in PVWatts.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from models.base import Flow, Lowering, Model, PhysicsError, port, quantity
from models.power.pv_rows import Light, light_on_rows, rotation
from models.series import epoch_seconds
from models.site import Setting, Weather
from models.weather.long_steps import by_hours
from models.weather.plane import light_on_plane
from models.weather.solar import extraterrestrial

MOUNTING = {
    "open_rack": (-3.56, -0.075, 3.0),
    "roof": (-2.98, -0.0471, 1.0),
    "facade": (-2.81, -0.0455, 0.0),
}
"""a, b [s/m] and drop [K at 1000 W/m2] of `cell_temperature`: open rack with polymer back, close to
a roof, insulated back (King et al. 2004, SAND2004-3535, table 1)."""


def through_glass(incidence: np.ndarray) -> np.ndarray:
    """Share of light of an incidence cosine that enters flat glass, against normal incidence.

    1 - 0.05 (1/cos - 1), never below zero: A. F. Souka and H. H. Safwat, "Determination of the
    optimum orientations for the double-exposure, flat-plate collector", Solar Energy 10, 1966.
    """
    secant = np.full_like(incidence, np.inf)
    np.divide(1.0, incidence, where=incidence > 0, out=secant)
    return np.asarray(np.clip(1.0 - 0.05 * (secant - 1.0), 0.0, 1.0))


def cell_temperature(
    irradiance: np.ndarray,
    air: np.ndarray,
    wind: np.ndarray,
    *,
    a: float,
    b: float,
    drop: float,
) -> np.ndarray:
    """Cell temperature [degC] from light on the plane [W/m2], air [degC] and wind at 10 m [m/s].

    King, Boyson and Kratochvil, *Photovoltaic Array Performance Model*, SAND2004-3535, eq. 11-12.
    """
    return np.asarray(irradiance * np.exp(a + b * wind) + air + drop * irradiance / 1000.0)


def inverter(dc: np.ndarray, limit: float, efficiency: float) -> np.ndarray:
    """AC power from DC power, in the unit of `limit`, the rated AC power, which it never exceeds.

    A. P. Dobos, *PVWatts Version 5 Manual*, NREL/TP-6A20-62641, 2014, eq. 12-15.
    """
    load = dc * efficiency / limit
    loss = np.divide(0.0059, load, where=load > 1e-12, out=np.full_like(load, np.inf))
    ac = np.where(load > 1e-12, dc, 0.0) * np.maximum(
        efficiency / 0.9637 * (-0.0162 * load - loss + 0.9858), 0.0
    )
    return np.asarray(np.minimum(ac, limit))


class PV(Model):
    """A photovoltaic field, fixed or tracking the sun; what is not taken is curtailed."""

    kind: ClassVar[str] = "pv"

    bus: str = port(kind="electricity", description="Bus it feeds.")
    power_capacity: float = quantity(
        unit="MW", description="DC peak power at 1000 W/m2 and 25 degC.", ge=0
    )
    tilt: float = quantity(
        unit="deg",
        description="Angle to the horizontal; 0 with tracking, whose axis is level.",
        ge=0,
        le=90,
    )
    azimuth: float = quantity(
        180.0,
        unit="deg",
        description="Direction it faces, clockwise from north; 180 is south. With tracking, that "
        "of the axis.",
        source="assumed: south",
        ge=0,
        le=360,
    )
    tracking: Literal["fixed", "single_axis", "two_axis"] = Field(
        "fixed",
        description="Fixed, turning about a level axis so that no row shades the next, or always "
        "square to the sun.",
    )
    rotation_limit: float = quantity(
        60.0,
        unit="deg",
        description="Largest turn of a single-axis tracker to either side.",
        source="assumed: between 45 (NREL PVWatts 5 manual) and 60 deg",
        gt=0,
        le=90,
    )
    ground_cover: float = quantity(
        0.0,
        unit="1",
        description="Width of a row over the distance from row to row; 0 is a plane alone, which "
        "nothing shades.",
        source="assumed: a plane alone; fields have 0.3 to 0.5 (NREL PVWatts 0.4)",
        ge=0,
        lt=1,
    )
    bifaciality: float = quantity(
        0.0,
        unit="1",
        description="Power from light on the back over power from as much light on the front.",
        source="assumed: opaque back; bifacial modules have 0.7 to 0.9",
        ge=0,
        le=1,
    )
    mounting: Literal["roof", "open_rack", "facade"] = Field(
        "roof", description="How air cools its back: close to a roof, freely, or not at all."
    )
    system_loss: float = quantity(
        0.14,
        unit="1",
        description="Soiling, shading, mismatch, wiring, ageing by light, nameplate, availability.",
        source="NREL PVWatts 5 manual (TP-6A20-62641), default losses",
        ge=0,
        lt=1,
    )
    inverter_ratio: float = quantity(
        1.2,
        unit="1",
        description="DC peak power over rated AC power.",
        source="NREL PVWatts, default DC to AC ratio",
        gt=0,
    )
    inverter_efficiency: float = quantity(
        0.96,
        unit="1",
        description="At rated power.",
        source="NREL PVWatts 5 manual (TP-6A20-62641)",
        gt=0,
        le=1,
    )
    temperature_coefficient: float = quantity(
        -0.0037,
        unit="1/K",
        description="Change of power with the temperature of the cell.",
        source="NREL PVWatts, standard module",
        gt=-0.02,
        le=0,
    )
    albedo: float = quantity(
        0.2, unit="1", description="Share of light the ground reflects.", source="NREL PVWatts",
        ge=0, le=1,
    )  # fmt: skip
    age: float = quantity(
        0.0, unit="a", description="Years in the sun at the start.", source="assumed: new", ge=0
    )
    degradation: float = quantity(
        0.005,
        unit="1/a",
        description="Power lost per year of age.",
        source="Danish Energy Agency, Technology Data, sheet 22 Utility-scale PV, value for 2020",
        ge=0,
        lt=1,
    )

    def power_on(self, setting: Setting) -> np.ndarray:
        """AC power offered on the steps of a setting, shape (n_steps,) [MW].

        Steps longer than an hour are means of hours, where the weather of the year is known. None
        while the sun is below the horizon at the middle of a step (or of such an hour), which may
        still hold some diffuse light.

        Raises
        ------
        PhysicsError
            A tracker on a roof or with a tilted axis, or a back that no light can be worked out
            for.
        """
        self._check()
        return by_hours(setting, self._offered)

    def _offered(self, setting: Setting) -> np.ndarray:
        """AC power by the sun at the middle of each step [MW]."""
        sky = setting.weather
        middle = epoch_seconds(setting.times) + setting.step_s / 2
        light, used = self._light(sky, extraterrestrial(middle))
        a, b, drop = MOUNTING[self.mounting]
        cell = cell_temperature(light, sky.temp_air, sky.wind_speed, a=a, b=b, drop=drop)
        relative = np.maximum(1.0 + self.temperature_coefficient * (cell - 25.0), 0.0)
        kept = (1.0 - self.system_loss) * (1.0 - self.degradation) ** self.age
        dc = self.power_capacity * used / 1000.0 * relative * kept
        if self.power_capacity == 0:
            return np.zeros_like(dc)
        ac = inverter(dc, self.power_capacity / self.inverter_ratio, self.inverter_efficiency)
        return np.where(sky.zenith < 90.0, ac, 0.0)

    def _plane(self, sky: Weather) -> tuple[float | np.ndarray, float | np.ndarray]:
        """Tilt and direction of the front [deg]."""
        if self.tracking == "fixed":
            return self.tilt, self.azimuth
        if self.tracking == "two_axis":
            return sky.zenith, sky.azimuth
        turn = rotation(
            sky.zenith,
            sky.azimuth,
            axis=self.azimuth,
            limit=self.rotation_limit,
            ground_cover=self.ground_cover,
        )
        return np.abs(turn), self.azimuth + np.where(turn < 0, -90.0, 90.0)

    def _light(self, sky: Weather, outside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Light that warms the cells, and what of it enters the glass [W/m2].

        Both are counted by what they do on the front, so light on the back counts by the
        bifaciality.
        """
        tilt, facing = self._plane(sky)
        seen = (sky.ghi, sky.dni, sky.dhi, sky.zenith, sky.azimuth, outside)
        if self.ground_cover == 0:
            front = Light(*light_on_plane(*seen, tilt=tilt, facing=facing, albedo=self.albedo))
            return front.from_sun + front.scattered, _entering(front)
        front, back = light_on_rows(
            *seen, tilt=tilt, facing=facing, albedo=self.albedo, ground_cover=self.ground_cover
        )
        light = front.from_sun + front.scattered
        behind = back.from_sun + back.scattered
        used = _entering(front) + self.bifaciality * _entering(back)
        return light + self.bifaciality * behind, used

    def _check(self) -> None:
        turning, two_sided = self.tracking != "fixed", self.bifaciality > 0
        if turning and self.tilt != 0:
            raise PhysicsError(
                f"the axis of a tracker is level here, not tilted by {self.tilt:g} deg",
                key="tilt",
                mend="give 0 deg; azimuth is the direction of the axis",
            )
        if (turning or two_sided) and self.mounting != "open_rack":
            what = "room to turn" if turning else "light on the back"
            raise PhysicsError(
                f"mounting '{self.mounting}' leaves no {what}",
                key="mounting",
                mend="write open_rack",
            )
        if self.tracking == "two_axis" and (two_sided or self.ground_cover > 0):
            raise PhysicsError(
                "two-axis trackers stand in no rows, and their backs are not modelled",
                key="bifaciality" if two_sided else "ground_cover",
                mend="leave it out, or use single_axis",
            )
        if two_sided and self.ground_cover == 0:
            raise PhysicsError(
                "the light on the back depends on how much ground the rows shade",
                key="ground_cover",
                mend="give the width of a row over the distance from row to row, such as 0.4",
            )

    def lower(self, setting: Setting) -> Lowering:
        """One curtailable flow in MW of AC power."""
        return Lowering(
            [
                Flow(
                    setting.component,
                    setting.component,
                    {self.bus: 1.0},
                    upper=self.power_on(setting),
                    closes=("sun",),
                    activity="power",
                    curtailable=True,
                    main=self.bus,
                )
            ]
        )


def _entering(side: Light) -> np.ndarray:
    """Light that enters the glass of a side [W/m2]."""
    return np.asarray(side.from_sun * through_glass(side.incidence) + side.scattered)
