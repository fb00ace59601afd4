"""Synthetic irradiance: daily clearness, its course over the day, and the diffuse share."""

from __future__ import annotations

import numpy as np

from models.site import Site
from models.weather.normals import Normals, WeatherError
from models.weather.solar import extraterrestrial, height, standard_pressure, sun
from models.weather.year import GRID_S, Year

DARKEST = 0.05
"""Lowest daily clearness of the distribution (Bendt et al. 1981)."""

LAG_ONE = 0.29
"""Autocorrelation of the normal score of daily clearness from day to day (Graham et al. 1988)."""


def synthetic_sky(
    normals: Normals, site: Site, year: Year, seed: int
) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Irradiance of a synthetic year whose monthly irradiation is that of the normals.

    Returns
    -------
    irradiance : dict of ndarray, shape (n,)
        ghi, direct (horizontal), dhi [W/m2]; ghi is the sum of the other two.
    clearness : ndarray, shape (n_days,)
        Daily clearness over the monthly mean, 1 where the sun does not rise.
    score : ndarray, shape (n_days,)
        Normal score of daily clearness before months are made exact: variance one.

    Raises
    ------
    WeatherError
        A month has more irradiation than clear days would give.

    Notes
    -----
    1. Daily clearness has the truncated exponential distribution of P. Bendt, M. Collares-Pereira
       and A. Rabl, "The frequency distribution of daily insolation values", Solar Energy 27, 1981,
       drawn in normal-score space with the autoregression of V. A. Graham, K. G. T. Hollands and
       T. E. Huget, "A time series model for Kt", Solar Energy 40, 1988. A shift of the scores
       makes each month exact without leaving the distribution's bounds.
    2. Within the day it follows R. Aguiar and M. Collares-Pereira, "TAG: a time-dependent,
       autoregressive, Gaussian model", Solar Energy 49, 1992, whose hourly noise is carried to
       the finer grid with the same hourly variance.
    3. The upper bound is 1.1 times the clear sky of B. Haurwitz, "Insolation in relation to
       cloudiness", J. Meteorology 2, 1945, at the pressure of the altitude.
    4. The diffuse share is that of D. G. Erbs, S. A. Klein and J. A. Duffie, Solar Energy 28, 1982.
    """
    from pvlib import irradiance

    middle = year.begins + GRID_S / 2
    zenith, _ = sun(middle, site)
    rise = height(zenith)
    outside = extraterrestrial(middle) * rise
    per_day = year.days(outside)
    clear = _clear_sky(rise, normals.altitude)
    score = year.daily_wander(seed, "clearness", LAG_ONE)
    daily, relative = _daily_clearness(normals, year, score, per_day, year.days(clear * outside))
    ghi = _course(year, daily, rise, outside, clear, seed) * outside
    split = irradiance.erbs(ghi, zenith, year.day + 1)
    direct = ghi - np.asarray(split["dhi"])
    return {"ghi": ghi, "direct": direct, "dhi": ghi - direct}, relative, score


def _clear_sky(rise: np.ndarray, altitude: float) -> np.ndarray:
    """Largest clearness for each height of the sun."""
    mass = standard_pressure(altitude) / standard_pressure(0.0) / np.maximum(rise, 1e-3)
    return np.asarray(1.1 * 1098.0 / 1366.1 * np.exp(-0.059 * mass))


def _daily_clearness(
    normals: Normals, year: Year, score: np.ndarray, per_day: np.ndarray, clear: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    from scipy.special import ndtr

    days = np.bincount(year.month_of_day, minlength=12)
    to_kwh = GRID_S / 3.6e6
    offered = np.bincount(year.month_of_day, per_day, 12) * to_kwh / days
    limit = 0.98 * np.divide(clear, per_day, where=per_day > 0, out=np.zeros_like(clear))
    most = np.bincount(year.month_of_day, limit * per_day, 12) * to_kwh / days
    over = np.flatnonzero(normals.ghi > most)
    if len(over):
        i = int(over[0])
        raise WeatherError(
            f"month {i + 1}: ghi is {normals.ghi[i]:g} kWh/m2 per day, but clear days would give "
            f"{most[i]:.3g} at most ({offered[i]:.3g} outside the atmosphere). To mend: check unit "
            "(kWh/m2 per day, not per month), order of the months, and latitude."
        )
    mean = np.divide(normals.ghi, offered, where=offered > 0, out=np.zeros(12))
    brightest = 0.6313 + 0.267 * mean - 11.9 * (mean - 0.75) ** 8
    brightest = np.clip(brightest, mean + 0.02, 1.0)
    rate = _exponential_rate(mean, brightest)[year.month_of_day]
    top = brightest[year.month_of_day]

    def of(shift: np.ndarray) -> np.ndarray:
        rank = ndtr(score + shift[year.month_of_day])
        grown = np.log1p(rank * np.expm1(rate * (top - DARKEST))) / rate
        return np.asarray(np.minimum(DARKEST + grown, limit))

    low, high = np.full(12, -8.0), np.full(12, 8.0)
    for _ in range(60):
        shift = (low + high) / 2
        reached = np.bincount(year.month_of_day, of(shift) * per_day, 12) * to_kwh / days
        low = np.where(reached < normals.ghi, shift, low)
        high = np.where(reached < normals.ghi, high, shift)
    daily = of((low + high) / 2)
    reached = np.bincount(year.month_of_day, daily * per_day, 12) * to_kwh / days
    ratio = np.divide(normals.ghi, reached, where=reached > 0, out=np.ones(12))
    daily = np.minimum(daily * ratio[year.month_of_day], limit)
    monthly = mean[year.month_of_day]
    return daily, np.divide(daily, monthly, where=per_day > 0, out=np.ones_like(daily))


def _exponential_rate(mean: np.ndarray, top: np.ndarray) -> np.ndarray:
    """Rate at which a density exp(rate K) on [DARKEST, top] has the given mean."""
    span = top - DARKEST
    wanted = np.clip((mean - DARKEST) / span, 0.02, 0.98)
    low, high = np.full(12, -60.0), np.full(12, 60.0)
    for _ in range(60):
        x = (low + high) / 2
        x = np.where(np.abs(x) < 1e-6, 1e-6, x)
        present = 1.0 / -np.expm1(-x) - 1.0 / x
        low, high = np.where(present < wanted, x, low), np.where(present < wanted, high, x)
    return np.asarray(x / span)


def _course(
    year: Year,
    daily: np.ndarray,
    rise: np.ndarray,
    outside: np.ndarray,
    clear: np.ndarray,
    seed: int,
) -> np.ndarray:
    """Clearness over the day (TAG), scaled so that each day has its own; zero at night."""
    kt = daily[year.day]
    hourly = 0.38
    phi = hourly ** (GRID_S / 3600.0)
    of_four = np.sqrt((4 + 6 * phi + 4 * phi**2 + 2 * phi**3) / 16)
    noise = year.wander(seed, "cloud", -GRID_S / np.log(phi)) / of_four
    mean = (-0.19 + 1.12 * kt + 0.24 * np.exp(-8 * kt)) + (0.32 - 1.60 * (kt - 0.50) ** 2) * np.exp(
        -(0.19 + 2.27 * kt**2 - 2.51 * kt**3) / np.maximum(rise, 1e-3)
    )
    spread = (
        0.14
        * np.exp(-20 * (kt - 0.35) ** 2)
        * np.exp((3 * (kt - 0.45) ** 2 + 16 * kt**5) * (1 - rise))
    )
    raw = np.where(rise > 0, np.clip(mean + spread * noise, 0.01, clear), 0.0)

    target = daily * year.days(outside)
    low, high = np.full(year.n_days, -12.0), np.full(year.n_days, 12.0)
    for _ in range(60):
        scale = (low + high) / 2
        short = year.days(np.minimum(raw * np.exp(scale)[year.day], clear) * outside) < target
        low, high = np.where(short, scale, low), np.where(short, high, scale)
    return np.where(rise > 0, np.minimum(raw * np.exp(high)[year.day], clear), 0.0)
