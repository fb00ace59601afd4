"""Weather on the steps of a run, from a file of measurements or from climate normals."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from models.series import TimeSeries
from models.site import Site, Weather
from models.weather.check import WeatherWarning, warn_if_far
from models.weather.normals import WeatherError, read_normals
from models.weather.read import read
from models.weather.solar import irradiance_on
from models.weather.synthetic import synthetic

__all__ = ["WeatherError", "WeatherWarning", "load"]


def load(
    path: str | Path, site: Site, times: pd.DatetimeIndex, step_s: int, *, seed: int
) -> Weather:
    """Weather of a site on the steps of a run.

    Parameters
    ----------
    path : str or Path
        Climate normals (.yaml, .yml), from which a synthetic year is drawn; or a typical or
        measured year: .epw, .csv (TMY3, PVGIS or plain), .json (PVGIS), .parquet (plain).
    site : Site
    times : DatetimeIndex, shape (n_steps,)
        Start of each step, evenly spaced, aware of its time zone.
    step_s : int
        Length of a step [s].
    seed : int
        Of the synthetic year; measured weather does not depend on it.

    Returns
    -------
    Weather
        Means over each step. Direct normal irradiance is what closes GHI = DNI cos z + DHI for the
        sun at mid-step.

    Raises
    ------
    WeatherError
        The file is unknown, incomplete or physically impossible.
    SeriesError
        The file has gaps, or does not cover the run (SeriesTooShort).

    Warns
    -----
    WeatherWarning
        The file's place is more than half a degree from the site, or its irradiance does not
        close.
    """
    path = Path(path)
    if not path.is_file():
        what = "a directory" if path.is_dir() else "not there"
        raise WeatherError(f"weather file {path} is {what}. To mend: give the path of a file.")
    if path.suffix.lower() in (".yaml", ".yml"):
        normals = read_normals(path)
        warn_if_far(path, normals.latitude, normals.longitude, site)
        local = times.tz_convert(site.time_zone)
        end = (times[-1] + pd.Timedelta(seconds=step_s - 1)).tz_convert(site.time_zone)
        key = str(path.resolve()), path.stat().st_mtime_ns
        series = _drawn(*key, site, local[0].year, end.year, seed)
    else:
        series = read(path, site).series
    sky = irradiance_on(series["ghi"], series["direct"], series["dhi"], times, step_s, site)
    air = {
        name: series[name].on(times, step_s)
        for name in ("temp_air", "relative_humidity", "wind_speed", "rain", "pressure")
    }
    return Weather(**sky, **air)


@lru_cache(maxsize=1)
def _drawn(
    path: str, changed_ns: int, site: Site, first: int, last: int, seed: int
) -> dict[str, TimeSeries]:
    """Synthetic weather, kept since the setting of a run and that of its year ask for the same."""
    return synthetic(read_normals(Path(path)), site, first, last, seed=seed)
