"""Checks of measured weather that warn: place, and whether irradiance closes."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from models.series import TimeSeries
from models.site import Site
from models.weather.solar import mean_height

IRRADIANCE = ("ghi", "dni", "dhi")


class WeatherWarning(UserWarning):
    """Weather that can be used, but may not be what was meant."""


def rise_of(dni: TimeSeries, station: Site, sampled: bool, shift_s: int = 0) -> np.ndarray:
    """Mean height of the sun over each interval, or at its middle where `sampled`; shape (n,)."""
    begins = dni.begin + shift_s + dni.step_s * np.arange(len(dni.values))
    return mean_height(begins, dni.step_s, station, samples=1 if sampled else 6)


def closure(path: Path, series: dict[str, TimeSeries], station: Site, sampled: bool) -> float:
    """Root mean square of what does not close; warns beyond the limits of the BSRN.

    C. N. Long and E. G. Dutton, "BSRN Global Network recommended QC tests, V2.0", 2002: where
    the sum of direct and diffuse exceeds 50 W/m2, GHI lies within 8 % of it for zenith angles
    below 75 deg and within 15 % above.
    """
    ghi, dni, dhi = (series[name] for name in IRRADIANCE)

    def gap(shift_s: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rise = rise_of(dni, station, sampled, shift_s)
        total = dni.values * rise + dhi.values
        return rise, total, ghi.values - total

    def rms(shift_s: int) -> float:
        _, total, wrong = gap(shift_s)
        lit = (ghi.values > 0) | (total > 0)
        return float(np.sqrt(np.mean(wrong[lit] ** 2))) if lit.any() else 0.0

    rise, total, wrong = gap(0)
    tested = total > 50.0
    allowed = np.where(rise > np.cos(np.radians(75.0)), 0.08, 0.15) * total
    outside = float(np.mean(np.abs(wrong[tested]) > allowed[tested])) if tested.any() else 0.0
    if outside > 0.05:
        best = min((-60, -30, 30, 60), key=lambda minutes: rms(60 * minutes))
        warnings.warn(
            f"weather file {path}: GHI differs from DNI cos z + DHI by {rms(0):.1f} W/m2 (root "
            f"mean square, sun up); {outside:.0%} of the bright intervals lie outside the limits "
            f"of the BSRN. Moved by {best:+d} min it would be {rms(60 * best):.1f} W/m2. All three "
            "are used as they are; check their time stamps, or use another file.",
            WeatherWarning,
            stacklevel=5,
        )
    return rms(0)


def warn_if_far(path: Path, latitude: float, longitude: float, site: Site) -> None:
    """Warn where weather comes from more than half a degree off the site."""
    apart = abs((longitude - site.longitude + 180.0) % 360.0 - 180.0)
    if abs(latitude - site.latitude) > 0.5 or apart > 0.5:
        warnings.warn(
            f"weather file {path} is for {latitude:.2f} N, {longitude:.2f} E, the site is at "
            f"{site.latitude:.2f} N, {site.longitude:.2f} E. The file's weather is used with the "
            "site's sun.",
            WeatherWarning,
            stacklevel=4,
        )
