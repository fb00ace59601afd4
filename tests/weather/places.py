"""Sites of the tests: the shipped ones, and round normals of what other climates look like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from models.series import TimeSeries
from models.site import Site
from models.weather.normals import Normals, normals_from, read_normals

ROOT = Path(__file__).resolve().parents[2]
CLIMATE = ROOT / "parks" / "climate"
SHARED = ROOT.parent / "shared" / "weather"


def _place(
    site: Site,
    mean: list[float],
    swing: float,
    ghi: list[float],
    humidity: list[float],
    wind: float,
    rain: list[float],
    days: list[float],
) -> tuple[Site, dict[str, Any]]:
    normals = {
        "latitude": site.latitude,
        "longitude": site.longitude,
        "altitude": site.altitude,
        "source": "assumed: round figures for a test",
        "temperature": mean,
        "temperature_max": [t + 0.54 * swing for t in mean],
        "temperature_min": [t - 0.46 * swing for t in mean],
        "ghi": ghi,
        "relative_humidity": humidity,
        "wind_speed": [wind] * 12,
        "rain": rain,
        "rain_days": days,
    }
    return site, normals


PLACES = {
    "southern": _place(
        Site(-31.95, 115.86, "Australia/Perth", 20.0),
        [24.7, 24.9, 23.1, 19.9, 16.5, 14.1, 13.2, 13.6, 15.1, 17.4, 20.4, 22.9], 11.5,
        [8.1, 7.2, 5.8, 4.2, 3.1, 2.6, 2.8, 3.6, 4.8, 6.3, 7.5, 8.2],
        [49, 50, 53, 60, 67, 74, 75, 73, 70, 62, 56, 51], 4.3,
        [15, 16, 17, 37, 88, 126, 141, 116, 79, 38, 25, 10],
        [1, 1, 2, 5, 9, 12, 14, 13, 11, 6, 4, 2],
    ),
    "polar night": _place(
        Site(69.65, 18.96, "Europe/Oslo", 10.0),
        [-3.1, -3.3, -2.0, 1.2, 5.6, 9.5, 12.7, 11.7, 8.0, 3.8, 0.4, -1.8], 4.5,
        [0.005, 0.45, 1.65, 3.4, 4.5, 5.0, 4.4, 3.0, 1.6, 0.55, 0.03, 0.0],
        [74, 74, 72, 71, 72, 75, 78, 79, 79, 77, 75, 75], 4.0,
        [97, 87, 81, 65, 57, 60, 79, 93, 108, 129, 99, 110],
        [13, 12, 13, 11, 10, 11, 12, 13, 14, 16, 13, 14],
    ),
    "high desert": _place(
        Site(36.38, 94.90, "Asia/Shanghai", 2800.0),
        [-8.7, -4.6, 1.2, 7.3, 12.2, 15.8, 18.3, 17.7, 12.9, 5.4, -2.2, -7.7], 14.0,
        [3.3, 4.3, 5.6, 6.6, 7.2, 7.2, 7.0, 6.5, 5.6, 4.8, 3.7, 3.0],
        [39, 31, 26, 25, 29, 36, 39, 36, 36, 35, 36, 40], 2.6,
        [1, 1, 1, 1, 5, 10, 12, 9, 4, 1, 1, 1],
        [1, 1, 1, 1, 2, 3, 4, 3, 1, 1, 1, 1],
    ),
    "tropics": _place(
        Site(1.35, 103.82, "Asia/Singapore", 15.0),
        [26.8, 27.3, 27.8, 28.2, 28.6, 28.5, 28.2, 28.1, 28.0, 27.9, 27.2, 26.8], 6.5,
        [4.4, 5.0, 5.0, 4.8, 4.5, 4.4, 4.4, 4.4, 4.6, 4.5, 4.1, 4.0],
        [83, 81, 82, 82, 82, 81, 81, 81, 81, 82, 85, 86], 2.3,
        [222, 105, 151, 164, 164, 137, 145, 143, 127, 158, 252, 331],
        [11, 7, 10, 11, 11, 10, 11, 11, 10, 12, 16, 17],
    ),
}  # fmt: skip

SITES = {
    "kalundborg": Site(55.66, 11.09, "Europe/Copenhagen", 5.0),
    "suzhou": Site(31.32, 120.72, "Asia/Shanghai", 5.0),
}


def place(name: str) -> tuple[Site, Normals]:
    if name in SITES:
        return SITES[name], read_normals(CLIMATE / f"{name}.yaml")
    site, raw = PLACES[name]
    return site, normals_from(raw)


def frame(series: dict[str, TimeSeries], site: Site) -> pd.DataFrame:
    """The native year by local civil time, naive, so that months are the site's."""
    ghi = series["ghi"]
    seconds = ghi.start + ghi.step_s * np.arange(len(ghi.values))
    local = pd.DatetimeIndex(seconds.view("M8[s]"), tz="UTC").tz_convert(site.time_zone)
    return pd.DataFrame({k: s.values for k, s in series.items()}, index=local.tz_localize(None))
