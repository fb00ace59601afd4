"""Climate normals: the shipped files, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.weather import WeatherError
from models.weather.normals import normals_from
from models.weather.synthetic import synthetic
from tests.weather.places import PLACES, frame, place


def good(**changes: Any) -> dict[str, Any]:
    return {**PLACES["tropics"][1], **changes}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ghi": [4.0] * 11}, "ghi needs twelve values.*got 11"),
        ({"rain": [1.0] * 11 + ["wet"]}, r"rain\[12\] must be a number, got 'wet'"),
        ({"ghi": [130.0] * 12}, r"ghi\[1\] is 130.0, expected 0 to 12"),
        ({"wind_speed": [float("nan")] * 12}, r"wind_speed\[1\] is nan"),
        ({"temperature_max": [20.0] * 12}, "month 1: temperature 26.8 is not between .* and 20.0"),
        ({"rain_days": [0] * 12}, "month 1: 222.0 mm of rain but 0.0 rain days"),
        ({"source": ""}, "source is missing"),
        ({"latitude": 95}, "latitude is 95, expected -90 to 90"),
        ({"ghl": [4.0] * 12}, "unknown key 'ghl'"),
    ],
)
def test_bad_normals_are_refused(changes: dict[str, Any], message: str) -> None:
    """Each slip would else become plausible weather of somewhere else."""
    with pytest.raises(WeatherError, match=message):
        normals_from(good(**changes))


def test_all_faults_of_normals_at_once() -> None:
    """One fault a run would cost as many runs as there are faults."""
    with pytest.raises(WeatherError) as caught:
        normals_from(good(ghi=[4.0], source="", altitude="high"))
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("name", "mean", "sun_kwh", "heating", "base"),
    [("kalundborg", 8.9, (1030, 1030), 2900, 17.0), ("suzhou", 16.8, (1300, 1350), 1550, 18.0)],
)
def test_shipped_normals_agree_with_annual_figures(
    name: str, mean: float, sun_kwh: tuple[float, float], heating: float, base: float
) -> None:
    """Kalundborg: DMI and PVGIS; Suzhou: a typical year. Degree days follow within a tenth."""
    site, normals = place(name)
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    assert (normals.temperature @ days) / 365 == pytest.approx(mean, abs=0.05)
    assert sun_kwh[0] - 5 <= normals.ghi @ days <= sun_kwh[1] + 5
    years = [frame(synthetic(normals, site, 2025, 2025, seed=s), site) for s in range(4)]
    daily = [year["temp_air"].resample("D").mean() for year in years]
    degree_days = np.mean([np.maximum(base - day, 0.0).sum() for day in daily])
    assert degree_days == pytest.approx(heating, rel=0.10)
