"""One civil year on a fine grid, and curves through it whose monthly means are given."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from models.site import Site
from models.streams import stream
from models.weather.normals import WeatherError

GRID_S = 900
"""Length of an interval of the synthetic year [s]."""

WARM_UP_S = 40 * 86400


@dataclass(frozen=True)
class Year:
    """A civil year at a site in intervals of `GRID_S`; arrays have shape (n,) unless stated.

    Attributes
    ----------
    number : int
    begins : ndarray of int
        Start of each interval [UTC seconds since the epoch].
    month, day : ndarray of int
        Civil month (0 to 11) and day of the year (from 0).
    month_of_day : ndarray of int, shape (n_days,)
    solar_hour : ndarray
        Local mean solar time at the middle of the interval [h].
    knot, fraction : ndarray
        Month centre before the interval, and how far it lies on the way to the next.
    """

    number: int
    begins: np.ndarray
    month: np.ndarray
    day: np.ndarray
    month_of_day: np.ndarray
    solar_hour: np.ndarray
    knot: np.ndarray
    fraction: np.ndarray

    @classmethod
    def of(cls, number: int, site: Site) -> Year:
        """The year `number` in the civil time of a site."""
        first, end = (
            int(pd.Timestamp(year=y, month=1, day=1, tz=site.time_zone).timestamp())
            for y in (number, number + 1)
        )
        begins = np.arange(first, end, GRID_S, dtype=np.int64)
        local = pd.DatetimeIndex(begins.view("M8[s]"), tz="UTC").tz_convert(site.time_zone)
        month = np.asarray(local.month) - 1
        day = np.asarray(local.day_of_year) - 1
        middle = begins + GRID_S / 2
        firsts = np.searchsorted(month, np.arange(13))
        centres = (firsts[:-1] + firsts[1:] - 1) / 2
        around = np.concatenate([[centres[-1] - len(begins)], centres, [centres[0] + len(begins)]])
        at = np.arange(len(begins))
        before = np.searchsorted(around, at, side="right") - 1
        return cls(
            number,
            begins,
            month,
            day,
            month[np.searchsorted(day, np.arange(day[-1] + 1))],
            (middle / 3600.0 + site.longitude / 15.0) % 24.0,
            (before - 1) % 12,
            (at - around[before]) / (around[before + 1] - around[before]),
        )

    @property
    def n(self) -> int:
        """Number of intervals."""
        return len(self.begins)

    @cached_property
    def per_month(self) -> np.ndarray:
        """Number of intervals of each month; shape (12,)."""
        return np.bincount(self.month, minlength=12)

    @property
    def n_days(self) -> int:
        """Number of civil days."""
        return len(self.month_of_day)

    def months(self, values: np.ndarray) -> np.ndarray:
        """Mean of each month; shape (12,)."""
        return np.asarray(np.bincount(self.month, values, 12) / self.per_month)

    def days(self, values: np.ndarray) -> np.ndarray:
        """Sum over each civil day; shape (n_days,)."""
        return np.bincount(self.day, values, self.n_days)

    def curve(self, knots: np.ndarray) -> np.ndarray:
        """Straight lines between values at the month centres, around the year."""
        before, after = knots[self.knot], knots[(self.knot + 1) % 12]
        return np.asarray(before + (after - before) * self.fraction)

    def knots(self, means: np.ndarray) -> np.ndarray:
        """Values at the month centres with which `curve` has the monthly means; shape (12,)."""
        return np.asarray(np.linalg.solve(self._means_of_knots, means))

    @cached_property
    def _means_of_knots(self) -> np.ndarray:
        return np.column_stack([self.months(self.curve(unit)) for unit in np.eye(12)])

    def smooth(self, means: np.ndarray) -> np.ndarray:
        """Continuous curve with the given monthly means."""
        return self.curve(self.knots(means))

    def between_days(self, of_day: np.ndarray) -> np.ndarray:
        """Straight lines between values at the middle of each civil day."""
        middle = np.bincount(self.day, np.arange(self.n)) / np.bincount(self.day)
        return np.asarray(np.interp(np.arange(self.n), middle, of_day))

    def wander(self, seed: int, name: str, memory_s: float) -> np.ndarray:
        """Gaussian noise of variance one whose autocorrelation falls as exp(-lag / memory).

        It is one thread through New Year: the draws of each year belong to its number, and the
        end of the year before warms it up.
        """
        return ar1(*self._draws(seed, name, GRID_S), np.exp(-GRID_S / memory_s))

    def daily_wander(self, seed: int, name: str, lag_one: float) -> np.ndarray:
        """The same with one value a day and a given autocorrelation of lag one; (n_days,)."""
        return ar1(*self._draws(seed, name, 86400), lag_one)

    def _draws(self, seed: int, name: str, step_s: int) -> tuple[np.ndarray, int]:
        def of(number: int, days: int) -> np.ndarray:
            draws = stream(seed, f"weather/{name}/{number}")
            return draws.standard_normal(days * 86400 // step_s)

        before = of(self.number - 1, 365 + isleap(self.number - 1))[-WARM_UP_S // step_s :]
        now = of(self.number, 367)[: self.n_days if step_s == 86400 else self.n]
        return np.concatenate([before, now]), len(before)


def ar1(draws: np.ndarray, warm_up: int, phi: float) -> np.ndarray:
    """First-order autoregression of variance one, without its warm-up."""
    gain = np.sqrt(1.0 - phi * phi) / (1.0 - phi)
    scaled = draws.copy()
    scaled[0] /= gain
    smoothed = pd.Series(scaled).ewm(alpha=1.0 - phi, adjust=False).mean()
    return np.asarray(gain * smoothed.to_numpy()[warm_up:])


def match(
    year: Year,
    means: np.ndarray,
    values_of: Callable[[np.ndarray], np.ndarray],
    correction: Callable[[np.ndarray, np.ndarray], np.ndarray],
    name: str,
) -> np.ndarray:
    """Values whose monthly means are given, by shifting a curve until they are.

    Parameters
    ----------
    year : Year
    means : ndarray, shape (12,)
        What the months shall have.
    values_of : callable
        Values (n,) for a curve (n,).
    correction : callable
        Monthly shift of the curve from (wanted, present) means.
    name : str
        Quantity, for the error message.

    Raises
    ------
    WeatherError
        A month does not come within 1e-9 of its mean.
    """
    knots = np.zeros(12)
    for _ in range(200):
        values = values_of(year.curve(knots))
        present = year.months(values)
        if np.all(np.abs(present - means) <= 1e-9 * np.maximum(np.abs(means), 1.0)):
            return values
        knots = knots + year.knots(correction(means, present))
    worst = int(np.argmax(np.abs(present - means)))
    raise WeatherError(
        f"no synthetic {name} with the normals of month {worst + 1}: wanted a mean of "
        f"{means[worst]:g}, reached {present[worst]:g}. To mend: check that month against its "
        "neighbours and against the other normals."
    )
