"""Small weather files in the formats of others, under a plain sky that closes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from models.site import Site
from models.weather.solar import height, mean_height, sun

HOURS = pd.date_range("2025-01-01", periods=8760, freq="h", tz="UTC")


def clear_sky(rise: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A plain sky that closes: DNI 700, DHI 60 while the sun is up [W/m2]."""
    dni = np.where(rise > 0, 700.0, 0.0)
    dhi = np.where(rise > 0, 60.0, 0.0)
    return dni * rise + dhi, dni, dhi


def pvgis(path: Path, latitude: float, longitude: float, offset_h: float = 0.1761) -> Path:
    """A typical year as PVGIS 5.3 writes it; samples taken `offset_h` after the stamp."""
    site = Site(latitude, longitude, "UTC", 200.0)
    rise = height(sun(HOURS.as_unit("s").asi8 + round(offset_h * 3600), site)[0])
    ghi, dni, dhi = clear_sky(rise)
    stamps = [f"{2007 + t.month % 5}{t:%m%d:%H%M}" for t in HOURS]
    rows = [
        {"time(UTC)": t, "T2m": 10.0 + h, "RH": 70.0, "G(h)": round(g, 2), "Gb(n)": b, "Gd(h)": d,
         "IR(h)": 300.0, "WS10m": 2.5, "WD10m": 90.0, "SP": 98000.0}
        for t, h, g, b, d in zip(stamps, HOURS.hour, ghi, dni, dhi, strict=True)
    ]  # fmt: skip
    months = [{"month": m, "year": 2007 + m % 5} for m in range(1, 13)]
    if path.suffix == ".json":
        location = {"latitude": latitude, "longitude": longitude, "elevation": 200.0,
                    "irradiance_time_offset": offset_h}  # fmt: skip
        body = {
            "inputs": {"location": location},
            "outputs": {"months_selected": months, "tmy_hourly": rows},
            "meta": {"inputs": {}},
        }
        path.write_text(json.dumps(body), encoding="utf-8")
    else:
        head = [
            f"Latitude (decimal degrees): {latitude:.3f}",
            f"Longitude (decimal degrees): {longitude:.3f}",
            "Elevation (m): 200.0",
            f"Irradiance Time Offset (h): {offset_h}",
            "month,year",
            *(f"{m['month']},{m['year']}" for m in months),
            ",".join(rows[0]),
        ]
        body_lines = [",".join(str(v) for v in row.values()) for row in rows]
        path.write_bytes("\r\n".join([*head, *body_lines, "", "T2m: temperature", ""]).encode())
    return path


def tmy3(path: Path) -> Path:
    """A TMY3 file: local standard time (UTC+1), hours 1 to 24, irradiance of the hour before."""
    site = Site(45.0, 8.0, "Etc/GMT-1", 200.0)
    year = pd.date_range("2001-01-01", periods=8760, freq="h", tz="Etc/GMT-1")
    ghi, dni, dhi = clear_sky(mean_height(year.as_unit("s").asi8, 3600, site, samples=12))
    columns = ["Date (MM/DD/YYYY)", "Time (HH:MM)", "GHI (W/m^2)", "DNI (W/m^2)", "DHI (W/m^2)",
               "Dry-bulb (C)", "RHum (%)", "Wspd (m/s)", "Pressure (mbar)",
               "Lprecip depth (mm)"]  # fmt: skip
    lines = ['720000,"NOWHERE",XX,1.0,45.000,8.000,200', ",".join(columns)]
    for i, t in enumerate(year):
        lines.append(
            f"{t:%m/%d}/1988,{t.hour + 1:02d}:00,{ghi[i]:.3f},{dni[i]:.0f},{dhi[i]:.0f},"
            f"{t.hour + 1:.1f},50,3.0,990,-9900"
        )
    path.write_text("\n".join(lines) + "\n", encoding="latin-1")
    return path
