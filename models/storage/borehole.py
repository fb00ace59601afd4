"""Fields of boreholes: their thermal resistance, and the brine they give to a heat pump."""

from __future__ import annotations

import math
from typing import Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.base import PhysicsError, quantity
from models.demand.demand import degree_hours
from models.series import TimeSeries
from models.site import Setting
from models.storage.line_source import g_function, superpose

HOUR = 3600.0
YEAR_H = 8760
DEEPEST = 1000.0
"""Length beyond which one temperature no longer stands for the ground around a borehole [m]."""


def borehole_resistance(
    radius: float,
    pipe: float,
    offset: float,
    *,
    pipes: int,
    grout: float,
    ground: float,
    fluid_to_pipe: float,
) -> float:
    """Resistance between the fluid and the wall of a borehole with one or two U-tubes [m K/W].

    Parameters
    ----------
    radius, pipe, offset : float
        Of the borehole, outer of a pipe, and from the borehole's axis to that of a pipe [m].
    pipes : {2, 4}
        Legs, evenly around the axis and equally warm.
    grout, ground : float
        Thermal conductivity [W/m/K].
    fluid_to_pipe : float
        Resistance of film and wall of one pipe [m K/W].

    Raises
    ------
    PhysicsError
        The pipes overlap each other or the wall.

    Notes
    -----
    Multipole method of first order. Two legs: Claesson and Javed, *Energies* 11 (2018) 214, after
    Hellstroem, *Ground Heat Storage*, Lund 1991, eq. 8.66. Four: Claesson and Hellstroem, *HVAC&R
    Research* 17 (2011), eq. 33 (lines) and 38, whose one unknown is real by symmetry.
    """
    if not (pipe < offset * math.sin(math.pi / pipes) and offset + pipe < radius):
        raise PhysicsError(
            f"{pipes} pipes of radius {pipe:g} m, {offset:g} m off the axis, do not fit a borehole "
            f"of radius {radius:g} m",
            mend="pipe < offset * sin(180 deg / pipes), and offset + pipe < radius",
        )
    places = offset * np.exp(2j * np.pi * np.arange(pipes) / pipes)
    contrast = (grout - ground) / (grout + ground)
    film = 2 * math.pi * grout * fluid_to_pipe
    here, others = places[0], places[1:]
    mirrored = radius**2 - here * np.conj(places)
    lines = (
        film
        + math.log(radius / pipe)
        + np.sum(np.log(radius / np.abs(here - others)))
        + contrast * np.sum(np.log(radius**2 / np.abs(mirrored)))
    )
    # A flow of one through each leg makes a dipole in each that points along its radius.
    pull = np.sum(pipe / (others - here)) + contrast * np.sum(pipe * np.conj(places) / mirrored)
    turns = places / offset
    direct = -np.sum(turns[1:] * pipe**2 / (here - others) ** 2)
    image = contrast * np.sum(np.conj(turns) * pipe**2 * radius**2 / mirrored**2)
    weaken = -(1 - film) / (1 + film)
    dipole = weaken * pull / (1 - weaken * (direct + image))
    bend = np.sum(turns[1:] * pipe / (here - others)) + contrast * np.sum(
        turns * pipe * np.conj(here) / (radius**2 - np.conj(here) * places)
    )
    return float(np.real(lines + dipole * bend)) / (2 * math.pi * grout * pipes)


class Boreholes(BaseModel):
    """A rectangular field of vertical ground heat exchangers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: int = Field(gt=0, le=60, description="Boreholes one way.")
    columns: int = Field(gt=0, le=60, description="Boreholes the other way.")
    length: float = quantity(unit="m", gt=0, description="Active length of each borehole.")
    spacing: float = quantity(
        6.0, unit="m", gt=0, description="Between neighbours.", source="VDI 4640-2: at least 5 to "
        "6 m between boreholes of 40 to 100 m (unverified: guideline not opened)",
    )  # fmt: skip
    depth: float = quantity(
        1.0, unit="m", gt=0, description="Upper end below the surface.", source="assumed"
    )
    radius: float = quantity(
        0.075, unit="m", gt=0, description="Of the borehole.", source="assumed: drilled at 150 mm"
    )
    conductivity: float = quantity(
        2.0,
        unit="W/(m*K)",
        gt=0,
        description="Of the ground.",
        source="assumed: between clay (1.7) and sand (2.4) full of water, VDI 4640-1, table 1",
    )
    heat_capacity: float = quantity(
        2.3e6,
        unit="J/(m3*K)",
        gt=0,
        description="Of the ground, per volume.",
        source="assumed: within 0.61 to 0.81 kWh/m3K of sand full of water, VDI 4640-1, table 1",
    )
    ground_temperature: float = quantity(
        unit="degC", ge=-10, le=40, description="Undisturbed, mean over the length."
    )
    tubes: Literal["single", "double"] = Field("double", description="U-tubes in each borehole.")
    pipe_radius: float = quantity(
        0.016, unit="m", gt=0, description="Outer.", source="PE pipe 32 x 2.9 mm, EN 12201"
    )
    pipe_wall: float = quantity(
        0.0029, unit="m", gt=0, description="Thickness.", source="PE pipe 32 x 2.9 mm, EN 12201"
    )
    pipe_conductivity: float = quantity(
        0.42, unit="W/(m*K)", gt=0, description="Of the pipe.", source="assumed: PE 100, 0.38-0.45"
    )
    pipe_offset: float = quantity(
        0.035, unit="m", gt=0, description="Axis of a pipe from that of the borehole.",
        source="assumed: pipes spread half way to the wall",
    )  # fmt: skip
    film: float = quantity(
        1000.0, unit="W/(m2*K)", gt=0, description="Heat transfer from brine to pipe.",
        source="assumed: turbulent flow; it adds a tenth to the resistance",
    )  # fmt: skip
    grout: float = quantity(
        2.0, unit="W/(m*K)", gt=0, description="Conductivity of the filling.",
        source="assumed: improved grout; plain bentonite 0.8",
    )  # fmt: skip

    @model_validator(mode="after")
    def _shallow(self) -> Self:
        if self.length > DEEPEST:
            raise PhysicsError(
                f"boreholes of {self.length:g} m: the ground grows warmer by some 3 K in 100 m, "
                f"and beyond {DEEPEST:g} m one temperature does not stand for all of their length",
                key="length",
                mend="write the length of one borehole, commonly 50 to 300 m, not of all together",
            )
        return self

    @property
    def metres(self) -> float:
        """Length of all boreholes [m]."""
        return self.rows * self.columns * self.length

    @property
    def diffusivity(self) -> float:
        """Of the ground [m2/s]."""
        return self.conductivity / self.heat_capacity

    def resistance(self) -> float:
        """Between brine and wall [m K/W]."""
        inner = self.pipe_radius - self.pipe_wall
        if inner <= 0:
            raise PhysicsError(
                f"a pipe of radius {self.pipe_radius:g} m has walls of {self.pipe_wall:g} m",
                key="boreholes",
                mend="give a thinner wall",
            )
        wall = math.log(self.pipe_radius / inner) / (2 * math.pi * self.pipe_conductivity)
        try:
            return borehole_resistance(
                self.radius,
                self.pipe_radius,
                self.pipe_offset,
                pipes=2 if self.tubes == "single" else 4,
                grout=self.grout,
                ground=self.conductivity,
                fluid_to_pipe=wall + 1 / (2 * math.pi * inner * self.film),
            )
        except PhysicsError as error:
            raise PhysicsError(str(error), key="boreholes", mend=error.mend) from error

    def g_function(self, longest: float) -> tuple[np.ndarray, np.ndarray]:
        """Times [s] and response [-] of the field up to `longest` [s]."""
        return g_function(
            self.rows,
            self.columns,
            self.spacing,
            self.length,
            self.depth,
            self.radius,
            self.diffusivity,
            longest,
        )

    def brine(self, flow: np.ndarray) -> np.ndarray:
        """Mean temperature of the brine if heat is taken out hour by hour.

        Parameters
        ----------
        flow : ndarray of float, shape (n_hours,)
            Heat taken from the whole field, negative where it is given to it [MW]. The ground is
            undisturbed before the first hour.

        Returns
        -------
        ndarray of float, shape (n_hours,)
            At the end of each hour [degC].
        """
        per_metre = flow * 1e6 / self.metres
        longest = (len(flow) + 1) * HOUR
        # Reckoned on whole decades, runs of all lengths share one g-function.
        decades = math.ceil(longest / (10 * YEAR_H * HOUR))
        times, values = self.g_function(decades * 10 * YEAR_H * HOUR)
        wall = superpose(per_metre, HOUR, times, values) / (2 * math.pi * self.conductivity)
        cooled: np.ndarray = self.ground_temperature - wall - per_metre * self.resistance()
        return cooled


class GroundSource(Boreholes):
    """Boreholes that a heat pump cools, by the heat it is expected to take from them in a year."""

    annual_extraction: float = quantity(
        unit="MWh", gt=0, description="Heat taken from the ground per calendar year, as planned; "
        "the brine follows this plan. A run that takes more by over a tenth of it says so.",
    )  # fmt: skip
    annual_injection: float = quantity(
        0.0, unit="MWh", ge=0, description="Heat that others give back to it, such as cooling.",
        source="assumed: none",
    )  # fmt: skip
    profile: Literal["heating", "flat"] = Field(
        "heating", description="Whether extraction follows the weather or is even over the year."
    )
    base_temperature: float = quantity(
        15.0, unit="degC", description="Air temperature below which heat is taken out.",
        source="assumed: heating limit of common buildings",
    )  # fmt: skip
    injection_temperature: float = quantity(
        18.0, unit="degC", description="Air temperature above which heat is given back.",
        source="assumed: cooling limit of common buildings",
    )  # fmt: skip
    time_constant: float = quantity(
        24.0, unit="h", ge=0, description="Of the buildings, which smooths the weather.",
        source="assumed: a day",
    )  # fmt: skip
    age: float = quantity(
        10.0, unit="a", ge=0, le=100, description="Years the field has worked so before the run; "
        "whole years are counted.", source="assumed: the ground has cooled most of its way",
    )  # fmt: skip
    coldest_brine: float = quantity(
        -5.0, unit="degC", description="Mean of the brine that must not be undercut.",
        source="assumed: antifreeze for -10 degC, and the grout must not freeze through",
    )  # fmt: skip

    def on(self, setting: Setting) -> np.ndarray:
        """Mean temperature of the brine on the steps of a run [degC], shape (n_steps,).

        Raises
        ------
        PhysicsError
            The weather does not cover the year, or the brine becomes too cold.
        """
        years = self._years(setting)
        first = self._flow(years[0])
        flow = np.concatenate([np.tile(first, round(self.age)), *(self._flow(y) for y in years)])
        brine = self.brine(flow)
        lowest = float(brine.min())
        if lowest < self.coldest_brine:
            raise PhysicsError(
                f"taking {self.annual_extraction:g} MWh a year from {self.metres:g} m of boreholes "
                f"cools the brine to {lowest:.1f} degC, below {self.coldest_brine:g} degC",
                key="boreholes",
                mend="drill more or further apart, take less, or give heat back in summer",
            )
        mine = brine[round(self.age) * len(first) :]
        series = TimeSeries(mine, int(years[0].times[0].timestamp()), int(HOUR))
        return series.on(setting.times, setting.step_s)

    def planned(self, setting: Setting) -> float:
        """Heat that the plan takes from the ground during a run [MWh], injection not counted.

        Raises
        ------
        PhysicsError
            The weather does not cover the year.
        """
        years = self._years(setting)
        taken = np.concatenate([self._extraction(year) for year in years])
        series = TimeSeries(taken, int(years[0].times[0].timestamp()), int(HOUR))
        return float(series.on(setting.times, setting.step_s).sum()) * setting.step_s / HOUR

    def _years(self, setting: Setting) -> list[Setting]:
        """The calendar years that a run touches."""
        last = setting.times[-1] + pd.Timedelta(seconds=setting.step_s - 1)
        return [self._year(setting, n) for n in range(setting.times[0].year, last.year + 1)]

    def _year(self, setting: Setting, number: int) -> Setting:
        """The hours of a calendar year."""
        year = setting.year(number) if setting.year else None
        if year is None and setting.step_s == HOUR and setting.n_steps in (YEAR_H, YEAR_H + 24):
            year = setting
        if year is None:
            raise PhysicsError(
                f"the weather does not cover the year {number}, over which heat is taken from the "
                "ground",
                key="boreholes",
                mend="give weather of a whole year, or 'source_temperature'",
            )
        return year

    def _flow(self, year: Setting) -> np.ndarray:
        """Heat taken from the ground in each hour of a year, less what is given back [MW]."""
        flow = self._extraction(year)
        if self.annual_injection:
            warm = degree_hours(self.injection_temperature, self.time_constant, cooling=True)(year)
            flow = flow - _scaled(self.annual_injection, warm, "injection_temperature")
        return flow

    def _extraction(self, year: Setting) -> np.ndarray:
        """Heat taken from the ground in each hour of a year [MW]."""
        shape = np.ones(year.n_steps)
        if self.profile == "heating":
            shape = degree_hours(self.base_temperature, self.time_constant)(year)
        return _scaled(self.annual_extraction, shape, "base_temperature")


def _scaled(annual: float, shape: np.ndarray, key: str) -> np.ndarray:
    """An annual amount spread by weights over hours."""
    total = float(shape.sum())
    if total <= 0:
        raise PhysicsError(
            f"{annual:g} MWh a year have no hour to fall on: the air never passes {key}",
            key="boreholes",
            mend=f"give another {key}",
        )
    scaled: np.ndarray = annual / total * shape
    return scaled
