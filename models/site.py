"""Where and when a component works: what `Model.lower` may look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from models.base import Carrier


@dataclass(frozen=True)
class Site:
    """A place on Earth.

    Attributes
    ----------
    latitude, longitude : float
        Degrees, north and east positive.
    time_zone : str
        IANA name, such as "Asia/Shanghai".
    altitude : float
        Metres above sea level.
    """

    latitude: float
    longitude: float
    time_zone: str
    altitude: float = 0.0


@dataclass(frozen=True)
class Weather:
    """Weather on the steps of a run, each an array of shape (n_steps,), means over the step.

    Attributes
    ----------
    ghi, dni, dhi : ndarray
        Global horizontal, direct normal and diffuse horizontal irradiance [W/m2].
    temp_air : ndarray
        Dry-bulb temperature [degC].
    relative_humidity : ndarray
        [%]
    wind_speed : ndarray
        At 10 m above ground [m/s].
    rain : ndarray
        [mm/h]
    pressure : ndarray
        [Pa]
    zenith, azimuth : ndarray
        Apparent solar zenith and azimuth (clockwise from north) at the middle of the step [deg].
    """

    ghi: np.ndarray
    dni: np.ndarray
    dhi: np.ndarray
    temp_air: np.ndarray
    relative_humidity: np.ndarray
    wind_speed: np.ndarray
    rain: np.ndarray
    pressure: np.ndarray
    zenith: np.ndarray
    azimuth: np.ndarray


@dataclass(frozen=True)
class Setting:
    """Everything outside a component that its lowering may depend on.

    Attributes
    ----------
    component : str
        Its name in the park.
    buses : mapping of str to Carrier
        Carrier of every bus of the park.
    site : Site
    times : DatetimeIndex
        Start of each step, in the site's time zone.
    step_s : int
        Length of a step [s].
    weather : Weather
    workday : ndarray of bool, shape (n_steps,)
        False on weekends and public holidays, true on make-up workdays.
    rng : callable
        Named random stream: ``rng("arrivals")`` is the same whatever else the park holds.
    year : callable, optional
        ``year(2025)`` is this setting on the hours of that calendar year, or None where its
        weather is not known; None as a whole where a test needs no year.
    """

    component: str
    buses: Mapping[str, Carrier]
    site: Site
    times: pd.DatetimeIndex
    step_s: int
    weather: Weather
    workday: np.ndarray
    rng: Callable[[str], np.random.Generator]
    year: Callable[[int], Setting | None] | None = None

    @property
    def n_steps(self) -> int:
        """Number of steps of the run."""
        return len(self.times)

    def of(self, component: str) -> Setting:
        """The same setting, seen from another component."""
        return replace(self, component=component)
