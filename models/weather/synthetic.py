"""A seeded synthetic year from monthly climate normals."""

from __future__ import annotations

import math

import numpy as np

from models.series import TimeSeries
from models.site import Site
from models.streams import stream
from models.weather.normals import Normals
from models.weather.sky import synthetic_sky
from models.weather.solar import standard_pressure
from models.weather.year import GRID_S, Year, match

DAY_S = 86400.0
TEMPERATURE_LAG_ONE = 0.65
"""Autocorrelation of daily mean temperature from day to day (Richardson 1981: 0.6 to 0.7)."""

WIND_MEMORY_S = 6 * 3600.0
"""Hourly means then correlate by 0.89 from hour to hour; 0.87 and 0.88 in typical years of
Stuttgart and Shanghai."""


def synthetic(
    normals: Normals, site: Site, first_year: int, last_year: int, *, seed: int
) -> dict[str, TimeSeries]:
    """Synthetic weather for whole civil years, in means over `GRID_S`.

    Monthly means in civil time equal the normals; rain adds up to them. Years differ from each
    other, and each depends on its number and the seed alone, so a run may begin anywhere.

    Parameters
    ----------
    normals : Normals
    site : Site
        Gives the sun's path and the civil time; pressure follows the altitude of the normals.
    first_year, last_year : int
        Civil years, both included.
    seed : int

    Returns
    -------
    dict of TimeSeries
        ghi, direct, dhi [W/m2], temp_air [degC], relative_humidity [%], wind_speed [m/s],
        rain [mm/h], pressure [Pa].

    Raises
    ------
    WeatherError
        The normals contradict the place, as more sun than a clear sky gives.
    """
    years = [Year.of(number, site) for number in range(first_year, last_year + 1)]
    parts = [_one_year(normals, site, year, seed) for year in years]
    start = int(years[0].begins[0])
    return {
        name: TimeSeries(np.concatenate([part[name] for part in parts]), start, GRID_S)
        for name in parts[0]
    }


def _one_year(normals: Normals, site: Site, year: Year, seed: int) -> dict[str, np.ndarray]:
    irradiance, clearness, score = synthetic_sky(normals, site, year, seed)
    slow, temperature = _temperature(normals, year, clearness, score, seed)
    return {
        **irradiance,
        "temp_air": temperature,
        "relative_humidity": _humidity(normals, year, slow, temperature, clearness, seed),
        "wind_speed": _wind(normals, year, seed),
        "rain": _rain(normals, year, clearness, seed),
        "pressure": _pressure(normals, year, seed),
    }


def _temperature(
    normals: Normals, year: Year, clearness: np.ndarray, score: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Temperature without and with its daily swing [degC].

    The swing has the shape of D. G. Erbs, S. A. Klein and W. A. Beckman, "Estimation of
    degree-days and ambient temperature bin data from monthly-average temperatures", ASHRAE
    Journal 25(6), 1983, and grows with the day's clearness: linearly, between no dependence and
    the square law of G. H. Hargreaves and Z. A. Samani, J. Irrig. Drain. 108, 1982 (assumed). Its
    size makes the mean daily range that of the normals, unless change from day to day alone
    exceeds it (a polar night).

    Change from day to day is AR(1) as in C. W. Richardson, Water Resour. Res. 17, 1981, with 9 %
    of the daily range more within the day (assumed). Bright days are warmer in the warm season and
    colder in the cold one: correlation 0.5 to -0.2 (in typical years of Stuttgart and Shanghai: 0.5
    in summer, -0.2 and 0.1 in winter).
    """
    t = 2 * np.pi * (year.solar_hour - 1.0) / 24.0
    shape = (
        0.4632 * np.cos(t - 3.805)
        + 0.0984 * np.cos(2 * t - 0.360)
        + 0.0168 * np.cos(3 * t - 0.822)
        + 0.0138 * np.cos(4 * t - 3.513)
    )
    swing = year.between_days(np.clip(0.4 + 0.6 * clearness, 0.3, 1.7)) * shape
    spread = year.curve(normals.temperature_daily_std / _kept(TEMPERATURE_LAG_ONE))
    warmth = normals.temperature - normals.temperature.min()
    bright = year.curve(0.7 * warmth / max(float(warmth.max()), 5.0) - 0.2)
    daily = year.between_days(year.daily_wander(seed, "temperature", TEMPERATURE_LAG_ONE))
    anomaly = spread * (np.sqrt(1 - bright**2) * daily + bright * year.between_days(score))
    wanted = normals.temperature_max - normals.temperature_min
    within = year.wander(seed, "temperature within the day", 6 * 3600.0)
    anomaly += 0.09 * year.curve(wanted) * within
    amplitude = wanted
    for _ in range(6):
        raw = anomaly + year.curve(amplitude) * swing
        amplitude = np.maximum(amplitude * wanted / np.maximum(_daily_range(year, raw), 1e-6), 0.0)
    diurnal = year.curve(amplitude) * swing
    slow = anomaly + year.smooth(normals.temperature - year.months(anomaly + diurnal))
    return slow, slow + diurnal


def _kept(phi: float, days: int = 30) -> float:
    """Standard deviation of daily means about their month's, for daily noise of variance one.

    A day's mean of straight lines between the middles of days takes 1/8 from either side; the
    mean of the month is taken out, since it is made that of the normals.
    """
    of_day = 38 / 64 + 24 / 64 * phi + 2 / 64 * phi**2
    of_month = (1 + phi) / (1 - phi) - 2 * phi * (1 - phi**days) / (days * (1 - phi) ** 2)
    return math.sqrt(of_day - of_month / days)


def _daily_range(year: Year, values: np.ndarray) -> np.ndarray:
    firsts = np.flatnonzero(np.diff(year.day, prepend=-1))
    span = np.maximum.reduceat(values, firsts) - np.minimum.reduceat(values, firsts)
    return np.bincount(year.month_of_day, span, 12) / np.bincount(year.month_of_day, minlength=12)


def _humidity(
    normals: Normals,
    year: Year,
    slow: np.ndarray,
    temperature: np.ndarray,
    clearness: np.ndarray,
    seed: int,
) -> np.ndarray:
    """Relative humidity from a dew point below the temperature without its daily swing [%].

    Bright days are drier by 4.5 K of dew point per unit of relative clearness, and the dew point
    wanders by 2 K, both at 75 % and in proportion to the dryness of the month (assumed; they
    give the spread seen in typical years of Shanghai and Stuttgart). Saturation pressure after
    O. A. Alduchov and R. E. Eskridge, J. Appl. Meteorology 35, 1996.
    """
    dryness = year.curve(np.clip((100.0 - normals.relative_humidity) / 25.0, 0.2, 1.5))
    bright = year.between_days(np.clip(clearness, 0.0, 2.0)) - 1.0
    depression = dryness * (4.5 * bright + 2.0 * year.wander(seed, "humidity", DAY_S))
    air = 17.625 * temperature / (243.04 + temperature)

    def of(curve: np.ndarray) -> np.ndarray:
        dew = slow - depression - curve
        humidity = 100.0 * np.exp(17.625 * dew / (243.04 + dew) - air)
        return np.asarray(np.clip(humidity, 2.0, 100.0))

    def drier(wanted: np.ndarray, present: np.ndarray) -> np.ndarray:
        return np.asarray(np.log(present / wanted) / 0.065)

    return match(year, normals.relative_humidity, of, drier, "relative humidity")


def _wind(normals: Normals, year: Year, seed: int) -> np.ndarray:
    """Wind speed at 10 m with Weibull marginals [m/s].

    Shape k = 0.94 sqrt(mean) after C. G. Justus, W. R. Hargraves, A. Mikhail and D. Graber, J.
    Appl. Meteorology 17, 1978; a daily swing of 15 % with its peak at 15 h solar time (assumed).
    """
    from scipy.special import log_ndtr

    shape = 0.94 * np.sqrt(year.curve(normals.wind_speed))
    drawn = (-log_ndtr(-year.wander(seed, "wind", WIND_MEMORY_S))) ** (1.0 / shape)
    drawn *= 1.0 + 0.15 * np.cos(2 * np.pi * (year.solar_hour - 15.0) / 24.0)

    def of(curve: np.ndarray) -> np.ndarray:
        return np.asarray(drawn * np.exp(curve))

    def stronger(wanted: np.ndarray, present: np.ndarray) -> np.ndarray:
        return np.asarray(np.log(wanted / present))

    return match(year, normals.wind_speed, of, stronger, "wind speed")


def _rain(normals: Normals, year: Year, clearness: np.ndarray, seed: int) -> np.ndarray:
    """Rain on the dullest days of each month, adding up to the normals [mm/h].

    Wet days are those of least clearness plus noise; each has 1 mm and a gamma-distributed share
    of the rest (shape 0.75, as in C. W. Richardson and D. A. Wright, "WGEN", USDA ARS-8, 1984),
    falling in one spell of 2 to 12 h (assumed) that swells and fades.
    """
    draws = stream(seed, f"weather/rain/{year.number}")
    dullness = clearness + 0.25 * draws.standard_normal(year.n_days)
    share = draws.gamma(0.75, 1.0, year.n_days) + 1e-6
    duration = draws.integers(8, 49, year.n_days)
    place = draws.random(year.n_days)
    first = np.searchsorted(year.day, np.arange(year.n_days + 1))
    amounts = np.zeros(year.n)
    for month in range(12):
        total = normals.rain[month]
        days = np.flatnonzero(year.month_of_day == month)
        wet = days[np.argsort(dullness[days], kind="stable")][: round(normals.rain_days[month])]
        if total <= 0:
            continue
        least = min(1.0, total / len(wet))
        fall = least + (total - least * len(wet)) * share[wet] / share[wet].sum()
        for day, amount in zip(wet, fall, strict=True):
            room = first[day + 1] - first[day] - duration[day]
            begin = first[day] + int(place[day] * (room + 1))
            swell = np.minimum(np.arange(1, duration[day] + 1), np.arange(duration[day], 0, -1))
            amounts[begin : begin + duration[day]] = amount * swell / swell.sum()
    return amounts * 3600.0 / GRID_S


def _pressure(normals: Normals, year: Year, seed: int) -> np.ndarray:
    """Standard pressure of the altitude; its change over days grows to 1 % poleward (assumed)."""
    spread = 0.01 * math.sin(math.radians(abs(normals.latitude)))
    return standard_pressure(normals.altitude) * (
        1.0 + spread * year.wander(seed, "pressure", 3 * DAY_S)
    )
