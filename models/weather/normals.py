"""Monthly climate normals of a site, read from YAML and checked."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

MONTHLY = {
    "temperature": (-80.0, 60.0),
    "temperature_max": (-80.0, 60.0),
    "temperature_min": (-80.0, 60.0),
    "ghi": (0.0, 12.0),
    "relative_humidity": (1.0, 99.0),
    "wind_speed": (0.1, 30.0),
    "rain": (0.0, 3000.0),
    "rain_days": (0.0, 31.0),
    "temperature_daily_std": (0.1, 20.0),
}
"""Monthly keys and the range a value may lie in, in the unit of `Normals`."""

OPTIONAL = ("temperature_daily_std",)


class WeatherError(ValueError):
    """Weather input that cannot be used; the message says where and how to mend it."""


@dataclass(frozen=True)
class Normals:
    """Climate normals; each monthly array has shape (12,), January first.

    Attributes
    ----------
    latitude, longitude : float
        Degrees, north and east positive.
    altitude : float
        Metres above sea level.
    source : str
        Where the figures come from.
    temperature : ndarray
        Mean dry-bulb temperature [degC].
    temperature_max, temperature_min : ndarray
        Mean of the daily maxima and of the daily minima [degC].
    ghi : ndarray
        Mean daily global horizontal irradiation [kWh/m2 per day].
    relative_humidity : ndarray
        [%]
    wind_speed : ndarray
        At 10 m above ground [m/s].
    rain : ndarray
        Precipitation of the month [mm].
    rain_days : ndarray
        Days of the month with 1 mm or more.
    temperature_daily_std : ndarray
        Standard deviation of daily mean temperature within the month [K]; without it, that of
        Erbs, Klein and Beckman (ASHRAE Journal 25(6), 1983), which is fitted to North America.
    """

    latitude: float
    longitude: float
    altitude: float
    source: str
    temperature: np.ndarray
    temperature_max: np.ndarray
    temperature_min: np.ndarray
    ghi: np.ndarray
    relative_humidity: np.ndarray
    wind_speed: np.ndarray
    rain: np.ndarray
    rain_days: np.ndarray
    temperature_daily_std: np.ndarray


def read_normals(path: Path) -> Normals:
    """Read normals from a YAML file with one key per field of `Normals`, twelve values a month key.

    Raises
    ------
    WeatherError
        Keys missing or unknown, lists not of twelve numbers, values out of range, a mean outside
        its minimum and maximum, rain without rain days; all faults at once.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        raw = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise WeatherError(f"{path}: not YAML in UTF-8: {error}") from error
    if not isinstance(raw, dict):
        raise WeatherError(f"{path}: expected keys with values, got {type(raw).__name__}")
    return normals_from(raw, str(path))


def normals_from(raw: dict[str, Any], place: str = "climate normals") -> Normals:
    """Check a mapping and turn it into normals; `place` begins the error message."""
    faults: list[str] = []
    known = [f.name for f in fields(Normals)]
    for key in raw:
        if key not in (*known, "notes"):
            faults.append(f"unknown key '{key}'; the keys are {', '.join(known)}, notes")
    values: dict[str, Any] = {"source": str(raw.get("source", "")).strip()}
    if not values["source"]:
        faults.append("source is missing: name where the figures come from")
    for key, low, high in (
        ("latitude", -90.0, 90.0),
        ("longitude", -180.0, 180.0),
        ("altitude", -430.0, 6000.0),
    ):
        values[key] = _number(raw.get(key), key, low, high, faults)
    for key, (low, high) in MONTHLY.items():
        if key in OPTIONAL and key not in raw:
            continue
        row = raw.get(key)
        if not isinstance(row, list) or len(row) != 12:
            got = f"{len(row)} values" if isinstance(row, list) else repr(row)
            faults.append(f"{key} needs twelve values, January first, got {got}")
            continue
        months = [_number(v, f"{key}[{i + 1}]", low, high, faults) for i, v in enumerate(row)]
        values[key] = np.array(months)
    if not faults:
        if "temperature_daily_std" not in values:
            values["temperature_daily_std"] = _daily_std(values["temperature"])
        faults += _contradictions(values)
    if faults:
        raise WeatherError("\n".join(f"{place}: {fault}" for fault in faults))
    return Normals(**values)


def _number(value: object, key: str, low: float, high: float, faults: list[str]) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        faults.append(f"{key} must be a number, got {value!r}")
        return float("nan")
    if not low <= value <= high:
        faults.append(f"{key} is {value}, expected {low:g} to {high:g}")
    return float(value)


def _contradictions(values: dict[str, Any]) -> list[str]:
    faults = []
    for i in range(12):
        low, mean, high = (
            values[k][i] for k in ("temperature_min", "temperature", "temperature_max")
        )
        if not low <= mean <= high:
            faults.append(f"month {i + 1}: temperature {mean} is not between {low} and {high} degC")
        rain, days = values["rain"][i], values["rain_days"][i]
        if rain > 0 and round(days) < 1:
            faults.append(f"month {i + 1}: {rain} mm of rain but {days} rain days; give 1 or more")
    return faults


def _daily_std(temperature: np.ndarray) -> np.ndarray:
    """Erbs, Klein and Beckman 1983: logistic daily means around the monthly mean."""
    of_months = 1.45 - 0.0290 * temperature + 0.0664 * temperature.std()
    logistic = np.pi / np.sqrt(3.0) / 3.396
    return np.asarray(logistic * of_months * np.sqrt(30.4))
