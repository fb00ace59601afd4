"""Readers of weather files, all giving one form."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from models.series import Kind, Label, TimeSeries
from models.site import Site
from models.weather.check import IRRADIANCE, closure, rise_of, warn_if_far
from models.weather.normals import WeatherError
from models.weather.solar import standard_pressure

TYPICAL_YEAR = 2025
"""Common year to which the months of a typical year are dated."""

NEEDED = (*IRRADIANCE, "temp_air", "relative_humidity", "wind_speed")
OPTIONAL = ("rain", "pressure")
SUMMED = (*IRRADIANCE, "rain")
LIMITS = {
    "ghi": (-10.0, 1600.0),
    "dni": (-10.0, 1420.0),
    "dhi": (-10.0, 1200.0),
    "temp_air": (-90.0, 65.0),
    "relative_humidity": (0.0, 110.0),
    "wind_speed": (0.0, 80.0),
    "rain": (0.0, 500.0),
    "pressure": (31000.0, 120000.0),
}
"""What a value may be, in the units of `Weather`; a little below zero is a sensor's offset."""


@dataclass(frozen=True)
class WeatherFile:
    """What a weather file says, as it says it.

    Attributes
    ----------
    series : dict of TimeSeries
        ghi, direct (through the horizontal), dhi [W/m2], temp_air [degC], relative_humidity [%],
        wind_speed [m/s], rain [mm/h], pressure [Pa].
    latitude, longitude, altitude : float
        Of the station; those of the site where the file gives none [deg, deg, m].
    closure_rms : float
        Root mean square of GHI - DNI cos z - DHI while the sun is up [W/m2].
    """

    series: dict[str, TimeSeries]
    latitude: float
    longitude: float
    altitude: float
    closure_rms: float


def read(path: Path, site: Site) -> WeatherFile:
    """Read an EPW, TMY3, PVGIS or plain weather file.

    Plain CSV and Parquet have a column `time` (ISO 8601 with UTC offset, labelling the start of
    the interval) and columns named as the fields of `Weather`, in its units: ghi, dni, dhi,
    temp_air, relative_humidity, wind_speed, and optionally rain and pressure, all means over the
    interval. Lines of a CSV that begin with # are comments.

    Rain that is missing counts as none; missing pressure is that of the standard atmosphere.

    Raises
    ------
    WeatherError
        Unknown kind of file, missing columns, or impossible values.
    SeriesError
        Gaps or disorder in time, or values that are not numbers.

    Warns
    -----
    WeatherWarning
        See `models.weather.load`.
    """
    suffix = path.suffix.lower()
    readers = {".epw": _epw, ".csv": _csv, ".json": _pvgis, ".parquet": _plain}
    if suffix not in readers:
        raise WeatherError(
            f"weather file {path}: unknown kind '{suffix}'. To mend: give .yaml (climate normals), "
            ".epw, .csv, .json or .parquet."
        )
    try:
        table = readers[suffix](path)
    except WeatherError:
        raise
    except (KeyError, IndexError, ValueError) as error:
        raise WeatherError(f"weather file {path} cannot be read: {error!r}") from error
    return _finish(path, table, site)


@dataclass(frozen=True)
class _Table:
    """Columns as a file has them, with what its stamps mean.

    `sun_times` and `sun_label` date irradiance and rain, which are means over an interval (or,
    where `sampled`, irradiance at its middle); the rest is of kind `kind` at `times`.
    """

    columns: dict[str, np.ndarray]
    times: pd.DatetimeIndex
    sun_times: pd.DatetimeIndex
    sun_label: Label
    kind: Kind
    cyclic: bool
    sampled: bool
    place: tuple[float, float, float] | None


def _epw(path: Path) -> _Table:
    """EPW: irradiance and rain of the hour that ends at the stamp, the rest at the stamp.

    EnergyPlus, Auxiliary Programs, "EnergyPlus Weather File (EPW) Data Dictionary". pvlib dates
    each row to the start of its hour.
    """
    from pvlib import iotools

    with path.open(encoding="latin-1") as lines:
        data, meta = iotools.read_epw(lines, coerce_year=TYPICAL_YEAR)
    ends = pd.DatetimeIndex(data.index) + pd.Timedelta(hours=1)
    columns = {name: data[name].to_numpy(float) for name in NEEDED}
    columns["pressure"] = data["atmospheric_pressure"].to_numpy(float)
    columns["rain"] = data["liquid_precipitation_depth"].to_numpy(float)
    return _Table(columns, ends, ends, "end", "instant", True, False, _place(meta))


def _tmy3(path: Path) -> _Table:
    """TMY3: labelled as EPW; Wilcox and Marion, "Users Manual for TMY3 Data Sets", NREL, 2008."""
    from pvlib import iotools

    data, meta = iotools.read_tmy3(path, coerce_year=TYPICAL_YEAR, encoding="latin-1")
    ends = pd.DatetimeIndex(data.index)
    columns = {name: data[name].to_numpy(float) for name in NEEDED}
    columns["pressure"] = data["pressure"].to_numpy(float) * 100.0
    if "Lprecip depth (mm)" in data:
        columns["rain"] = data["Lprecip depth (mm)"].to_numpy(float)
    return _Table(columns, ends, ends, "end", "instant", True, False, _place(meta))


def _pvgis(path: Path) -> _Table:
    """PVGIS typical year: everything at the stamp, irradiance at a constant delay after it.

    European Commission, Joint Research Centre, PVGIS user manual, "TMY generator".
    """
    from pvlib import iotools

    if path.suffix.lower() == ".json":
        outputs = json.loads(path.read_text(encoding="utf-8")).get("outputs", {})
        if "tmy_hourly" not in outputs:
            raise WeatherError(
                f"weather file {path} is not a typical year of PVGIS (no outputs.tmy_hourly). "
                "Its hourly files lack humidity. To mend: download the TMY as CSV or JSON."
            )
    data, meta = iotools.read_pvgis_tmy(path)
    place = meta["inputs"].get("location", meta["inputs"])
    delay = place.get("irradiance_time_offset", place.get("irradiance time offset", 0.0))
    stamps = pd.DatetimeIndex([t.replace(year=TYPICAL_YEAR) for t in data.index])
    middles = stamps + pd.Timedelta(seconds=round(float(delay) * 3600))
    columns = {name: data[name].to_numpy(float) for name in (*NEEDED, "pressure")}
    return _Table(
        columns,
        stamps,
        middles - pd.Timedelta(minutes=30),
        "start",
        "instant",
        True,
        True,
        (place["latitude"], place["longitude"], place["elevation"]),
    )


def _plain(path: Path) -> _Table:
    if path.suffix.lower() == ".csv":
        data = pd.read_csv(path, comment="#")
    else:
        data = pd.read_parquet(path).reset_index()
    missing = [name for name in ("time", *NEEDED) if name not in data]
    if missing:
        raise WeatherError(
            f"weather file {path} lacks {', '.join(missing)}; it has {', '.join(data.columns)}. "
            f"To mend: name the columns time, {', '.join(NEEDED)}, and if known "
            f"{', '.join(OPTIONAL)}."
        )
    columns = {name: data[name].to_numpy(float) for name in (*NEEDED, *OPTIONAL) if name in data}
    times = _aware(path, data["time"])
    return _Table(columns, times, times, "start", "mean", False, False, None)


def _aware(path: Path, column: pd.Series[Any]) -> pd.DatetimeIndex:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return pd.DatetimeIndex(column)
    text = column.astype(str)
    naive = np.flatnonzero(~text.str.contains(r"(?:Z|[+-]\d\d:?\d\d)$", regex=True).to_numpy())
    if len(naive):
        raise WeatherError(
            f"weather file {path}: time '{text.iloc[naive[0]]}' (row {naive[0] + 1}) has no UTC "
            "offset. To mend: write it as 2025-01-01T00:00+08:00."
        )
    return pd.DatetimeIndex(pd.to_datetime(text, utc=True, format="ISO8601"))


def _csv(path: Path) -> _Table:
    with path.open(encoding="latin-1") as lines:
        first, second = lines.readline(), lines.readline()
    if first.startswith("Latitude (decimal degrees)"):
        return _pvgis(path)
    return _tmy3(path) if second.startswith("Date (MM/DD/YYYY)") else _plain(path)


def _place(meta: dict[str, Any]) -> tuple[float, float, float]:
    return meta["latitude"], meta["longitude"], meta["altitude"]


def _finish(path: Path, table: _Table, site: Site) -> WeatherFile:
    """Check the columns and turn them into series."""
    latitude, longitude, altitude = table.place or (site.latitude, site.longitude, site.altitude)
    columns = {name: values.copy() for name, values in table.columns.items()}
    columns.setdefault("rain", np.zeros(len(table.times)))
    columns.setdefault("pressure", np.full(len(table.times), np.nan))
    for name, usual in (("rain", 0.0), ("pressure", standard_pressure(altitude))):
        low, high = LIMITS[name]
        known = (columns[name] >= low) & (columns[name] <= high)
        columns[name] = np.where(known, columns[name], usual)
    for name in NEEDED:
        low, high = LIMITS[name]
        wrong = np.flatnonzero((columns[name] < low) | (columns[name] > high))
        if len(wrong):
            i = int(wrong[0])
            raise WeatherError(
                f"weather file {path}: {name} is {columns[name][i]:g} at {table.times[i]}, "
                f"expected {low:g} to {high:g} ({len(wrong)} such values; 99.9, 999 and 9999 mark "
                "missing ones). To mend: fill the gaps, or use another year."
            )
    columns["relative_humidity"] = np.minimum(columns["relative_humidity"], 100.0)
    for name in IRRADIANCE:
        columns[name] = np.maximum(columns[name], 0.0)

    series = {
        name: TimeSeries.at(
            columns[name],
            table.sun_times if name in SUMMED else table.times,
            label=table.sun_label if name in SUMMED else "start",
            kind="mean" if name in SUMMED else table.kind,
            cyclic=table.cyclic,
        )
        for name in columns
    }
    station = Site(latitude, longitude, site.time_zone, altitude)
    rms = closure(path, series, station, table.sampled)
    dni = series.pop("dni")
    series["direct"] = replace(dni, values=dni.values * rise_of(dni, station, table.sampled))
    warn_if_far(path, latitude, longitude, site)
    return WeatherFile(series, latitude, longitude, altitude, rms)
