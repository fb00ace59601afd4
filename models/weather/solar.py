"""Position of the sun, and irradiance carried to the steps of a run in its shape."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from models.series import Overlaps, TimeSeries, epoch_seconds
from models.site import Site


def sun(seconds: np.ndarray, site: Site) -> tuple[np.ndarray, np.ndarray]:
    """Apparent solar zenith and azimuth.

    Parameters
    ----------
    seconds : ndarray of float, shape (n,)
        UTC seconds since the epoch.
    site : Site

    Returns
    -------
    zenith, azimuth : ndarray, shape (n,)
        With refraction, and clockwise from north [deg]; within 0.02 deg of the SPA algorithm
        while the sun is up, and within 1e-6 deg whatever other moments are asked for with it.

    Notes
    -----
    pvlib's `ephemeris`, after R. Walraven, "Calculating the position of the sun", Solar Energy
    20, 1978; refraction at the pressure of the standard atmosphere and 12 degC.
    """
    from pvlib import solarposition

    times = pd.DatetimeIndex(np.round(seconds * 1e3).astype("M8[ms]"), tz="UTC")
    pressure = standard_pressure(site.altitude)
    with warnings.catch_warnings():
        # pvlib 0.16 still asks for a name that pandas 3.1 deprecates.
        warnings.filterwarnings("ignore", message=".*dayofyear")
        position = solarposition.ephemeris(times, site.latitude, site.longitude, pressure=pressure)
    return position["apparent_zenith"].to_numpy(), position["azimuth"].to_numpy()


def height(zenith: np.ndarray) -> np.ndarray:
    """Cosine of the zenith while the sun is up, else zero."""
    return np.where(zenith < 90.0, np.cos(np.radians(zenith)), 0.0)


def extraterrestrial(seconds: np.ndarray) -> np.ndarray:
    """Normal irradiance outside the atmosphere [W/m2].

    Notes
    -----
    J. W. Spencer, "Fourier series representation of the position of the sun", Search 2(5), 1971,
    with a solar constant of 1366.1 W/m2.
    """
    from pvlib import irradiance

    day = pd.DatetimeIndex(np.round(seconds).astype("M8[s]")).day_of_year
    extra = irradiance.get_extra_radiation(np.arange(367), method="spencer")
    return np.asarray(np.asarray(extra, dtype=float)[np.asarray(day)])


def standard_pressure(altitude: float) -> float:
    """Pressure of the ICAO standard atmosphere at an altitude [m] below 11 km. [Pa]"""
    return float(101325.0 * (1.0 - 2.25577e-5 * altitude) ** 5.25588)


def mean_height(begins: np.ndarray, seconds: int, site: Site, samples: int = 6) -> np.ndarray:
    """Mean of `height` over intervals that begin at `begins` [epoch s]; shape (n,)."""
    total = np.zeros(len(begins))
    for i in range(samples):
        total += height(sun(begins + seconds * (i + 0.5) / samples, site)[0])
    return total / samples


def irradiance_on(
    ghi: TimeSeries,
    direct: TimeSeries,
    dhi: TimeSeries,
    times: pd.DatetimeIndex,
    step_s: int,
    site: Site,
) -> dict[str, np.ndarray]:
    """Irradiance on the steps of a run, with the sun at mid-step.

    Within an interval of the series irradiance follows the height of the sun, so that a step at
    night stays dark however coarse the series, and the mean over each interval is kept for any
    step. Light in an interval through which the sun is down is spread evenly.

    Direct normal irradiance on a step is what brings the step's direct light through the
    horizontal plane from the sun's place at mid-step. So what closes in the series closes on the
    steps: GHI = DNI cos z + DHI. Direct light that cannot come from that place, as in the step
    of a sunrise, is counted as diffuse.

    Parameters
    ----------
    ghi, direct, dhi : TimeSeries
        Global, direct and diffuse irradiance through the horizontal, means on one grid [W/m2].
    times : DatetimeIndex, shape (n_steps,)
        Start of each step, evenly spaced.
    step_s : int
        Length of a step [s].
    site : Site

    Returns
    -------
    dict of ndarray, shape (n_steps,)
        ghi, dni, dhi [W/m2], zenith, azimuth [deg].

    Raises
    ------
    SeriesTooShort
        The steps reach beyond the series.
    """
    begins = epoch_seconds(times)
    laid = [s.covering(int(begins[0]), int(begins[-1]) + step_s) for s in (ghi, direct, dhi)]

    # Intervals cut by the ends of the run are shared out whole, so the grid reaches beyond both.
    margin = -(-ghi.step_s // step_s)
    padding = step_s * np.arange(1, margin + 1)
    padded = np.concatenate([begins[0] - padding[::-1], begins, begins[-1] + padding])
    pieces = Overlaps.of(laid[0].begin, ghi.step_s, padded, step_s)
    zenith, azimuth = sun(pieces.begin + pieces.seconds / 2, site)
    share = _shares(pieces, height(zenith))
    if len(zenith) == len(padded):
        zenith, azimuth = zenith[margin:-margin], azimuth[margin:-margin]
    else:
        zenith, azimuth = sun(begins + step_s / 2, site)

    def on_steps(series: TimeSeries) -> np.ndarray:
        n = len(series.values)
        known = (pieces.source >= 0) & (pieces.source < n)
        values = np.where(known, series.values[np.clip(pieces.source, 0, n - 1)], 0.0)
        sums = pieces.per_step(values * share * pieces.seconds) / step_s
        return np.asarray(sums[margin:-margin])

    total, beam, diffuse = (on_steps(series) for series in laid)
    cos_zenith = height(zenith)
    normal = np.divide(beam, cos_zenith, where=cos_zenith > 0, out=np.zeros_like(beam))
    normal = np.minimum(normal, extraterrestrial(begins + step_s / 2))
    return {
        "ghi": total,
        "dni": normal,
        "dhi": diffuse + np.maximum(beam - normal * cos_zenith, 0.0),
        "zenith": zenith,
        "azimuth": azimuth,
    }


def _shares(pieces: Overlaps, weight: np.ndarray) -> np.ndarray:
    """Weight of each piece over the mean of its interval; one where nothing weighs."""
    source = pieces.source - pieces.source.min()
    mean = np.bincount(source, weight * pieces.seconds) / np.bincount(source, pieces.seconds)
    whole = mean[source]
    share: np.ndarray = np.divide(weight, whole, where=whole > 0, out=np.ones_like(weight))
    return share
