"""The synthetic year against its normals, physics and a real typical year."""

from __future__ import annotations

import json
import warnings
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.calendar import step_index
from models.site import Site, Weather
from models.weather import WeatherError, WeatherWarning, load
from models.weather.normals import Normals
from models.weather.read import read
from models.weather.solar import extraterrestrial, mean_height, sun
from models.weather.synthetic import synthetic
from models.weather.year import GRID_S, Year
from tests.weather.places import CLIMATE, PLACES, SHARED, SITES, frame, place

YEAR_S = 365 * 86400
ALL = [*SITES, *PLACES]


def climate(tmp_path: Path, name: str) -> Path:
    if name in SITES:
        return CLIMATE / f"{name}.yaml"
    path = tmp_path / "climate.yaml"
    path.write_text(json.dumps(PLACES[name][1]), encoding="utf-8")
    return path


@pytest.mark.parametrize("seed", [1, 7, 2025])
@pytest.mark.parametrize("name", ALL)
def test_months_have_the_normals(name: str, seed: int) -> None:
    """A generator left to its noise would miss monthly sun by 10 % and temperature by 1 K."""
    site, normals = place(name)
    year = frame(synthetic(normals, site, 2025, 2025, seed=seed), site)
    month = pd.DatetimeIndex(year.index).month
    monthly = year.groupby(month).mean()
    days = pd.Series(1, pd.date_range("2025-01-01", "2025-12-31")).groupby(lambda d: d.month).sum()
    hours = GRID_S / 3600
    np.testing.assert_allclose(monthly["temp_air"], normals.temperature, atol=1e-9)
    np.testing.assert_allclose(monthly["wind_speed"], normals.wind_speed, rtol=1e-8)
    np.testing.assert_allclose(monthly["relative_humidity"], normals.relative_humidity, rtol=1e-8)
    irradiation = year["ghi"].groupby(month).sum() * hours / 1000 / days
    np.testing.assert_allclose(irradiation, normals.ghi, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(year["rain"].groupby(month).sum() * hours, normals.rain, rtol=1e-9)
    wet = (year["rain"].resample("D").sum() * hours > 0.999).groupby(lambda d: d.month).sum()
    np.testing.assert_array_equal(wet, np.round(normals.rain_days))


@pytest.mark.parametrize("name", ["kalundborg", "suzhou", "southern", "high desert", "tropics"])
def test_mean_daily_range_of_temperature(name: str) -> None:
    """Laid on top of noise unscaled, the daily swing would be 1 to 2 K too wide."""
    site, normals = place(name)
    for seed in (1, 2, 3):
        day = frame(synthetic(normals, site, 2025, 2025, seed=seed), site)["temp_air"].resample("D")
        swing = (day.max() - day.min()).groupby(lambda d: d.month).mean()
        wanted = normals.temperature_max - normals.temperature_min
        np.testing.assert_allclose(swing, wanted, atol=0.5)


@pytest.mark.parametrize("step_s", [300, 900, 1260, 3600, 10800])
@pytest.mark.parametrize("name", ALL)
def test_physics_on_steps(name: str, step_s: int, tmp_path: Path) -> None:
    """Averaging DNI by itself breaks closure by up to 100 W/m2 an hour after sunrise."""
    site, _ = place(name)
    times = step_index(
        "2025-01-01", 364 * 86400 if step_s >= 900 else 63 * 86400, step_s, site.time_zone
    )
    weather = load(climate(tmp_path, name), site, times, step_s, seed=3)
    cos_zenith = np.maximum(np.cos(np.radians(weather.zenith)), 0.0)
    gap = weather.ghi - weather.dni * cos_zenith - weather.dhi
    assert np.abs(gap).max() < 1e-6
    middle = times.as_unit("s").asi8 + step_s / 2
    assert np.all(weather.dni <= extraterrestrial(middle) * (1 + 1e-12))
    assert min(weather.ghi.min(), weather.dni.min(), weather.dhi.min()) >= 0.0
    half = mean_height(times.as_unit("s").asi8, step_s, site, samples=24)
    assert np.all(weather.ghi[half == 0.0] == 0.0)
    assert np.all(weather.dni[weather.zenith >= 90.0] == 0.0)
    assert np.all((weather.relative_humidity > 0) & (weather.relative_humidity <= 100.0))
    assert min(weather.wind_speed.min(), weather.rain.min()) >= 0.0
    for field in fields(Weather):
        values = getattr(weather, field.name)
        assert values.shape == (len(times),)
        assert np.isfinite(values).all()


def test_totals_do_not_depend_on_the_step() -> None:
    """Sampled at mid-step, a day of 6 h steps would lose a tenth of its sun and rain."""
    site = SITES["kalundborg"]
    fine_times = step_index("2025-06-01", 10 * 86400, 300, site.time_zone)
    fine = load(CLIMATE / "kalundborg.yaml", site, fine_times, 300, seed=3)
    for step_s in (60, 900, 3600, 21600, 86400):
        times = step_index("2025-06-01", 10 * 86400, step_s, site.time_zone)
        coarse = load(CLIMATE / "kalundborg.yaml", site, times, step_s, seed=3)
        for name in ("ghi", "temp_air", "relative_humidity", "wind_speed", "rain", "pressure"):
            wanted = getattr(fine, name).mean()
            assert getattr(coarse, name).mean() == pytest.approx(wanted, rel=1e-11), name


def test_any_start_samples_the_same_year() -> None:
    """Generated from its own start, a July run would not meet the July of the whole year."""
    site = SITES["suzhou"]
    whole = step_index("2025-01-01", YEAR_S, 900, site.time_zone)
    part = step_index("2025-07-04 05:45", 3 * 86400, 900, site.time_zone)
    year = load(CLIMATE / "suzhou.yaml", site, whole, 900, seed=5)
    some = load(CLIMATE / "suzhou.yaml", site, part, 900, seed=5)
    at = int(np.flatnonzero(whole == part[0])[0])
    for field in fields(Weather):
        np.testing.assert_allclose(
            getattr(some, field.name), getattr(year, field.name)[at : at + len(part)], rtol=1e-6
        )


def test_years_differ_and_do_not_depend_on_the_run() -> None:
    """One year repeated would hide variability; a run into it must not change it."""
    site, normals = place("suzhou")
    series = synthetic(normals, site, 2024, 2025, seed=5)
    temperature = series["temp_air"].values
    n = Year.of(2024, site).n
    assert n == 366 * 96
    assert not np.allclose(temperature[: 365 * 96], temperature[n:])
    alone = synthetic(normals, site, 2025, 2025, seed=5)["temp_air"].values
    np.testing.assert_array_equal(alone, temperature[n:])


@pytest.mark.parametrize("first", [2024, 2025])
def test_noise_is_one_thread_through_new_year(first: int) -> None:
    """Steps have a standard deviation of sqrt(2 * 900 s / 3 d) = 0.083; unjoined years of 1.4."""
    site, _ = place("suzhou")
    old, new = Year.of(first, site), Year.of(first + 1, site)
    for seed in range(5):
        before = old.wander(seed, "any", 3 * 86400.0)
        after = new.wander(seed, "any", 3 * 86400.0)
        assert abs(after[0] - before[-1]) < 5 * 0.083


def test_direct_light_stays_direct() -> None:
    """Closure alone would also hold if direct light leaked into diffuse on the way to the steps."""
    site, normals = place("kalundborg")
    native = synthetic(normals, site, 2025, 2025, seed=3)
    for step_s, leak in ((900, 1e-12), (3600, 0.01)):
        times = step_index("2025-01-01", YEAR_S, step_s, site.time_zone)
        weather = load(CLIMATE / "kalundborg.yaml", site, times, step_s, seed=3)
        direct = weather.dni * np.maximum(np.cos(np.radians(weather.zenith)), 0.0)
        assert direct.mean() == pytest.approx(native["direct"].values.mean(), rel=leak)


def test_same_seed_same_bits_other_seed_other_year() -> None:
    """Hidden global state would change a run that follows another."""
    site, normals = place("kalundborg")
    first = synthetic(normals, site, 2025, 2025, seed=1)
    np.random.default_rng(0).normal(size=10)
    again = synthetic(normals, site, 2025, 2025, seed=1)
    other = synthetic(normals, site, 2025, 2025, seed=2)
    for name in first:
        np.testing.assert_array_equal(first[name].values, again[name].values)
        assert not np.array_equal(first[name].values, other[name].values), name


def test_polar_night_is_dark_and_midnight_sun_is_not() -> None:
    """At 69.65 N the sun stays down from late November and up in June."""
    site, normals = place("polar night")
    ghi = frame(synthetic(normals, site, 2025, 2025, seed=1), site)["ghi"]
    assert ghi["2025-12"].max() == 0.0
    assert ghi["2025-06-21"].min() > 0.0


def test_more_sun_than_a_clear_sky_is_refused() -> None:
    """Monthly instead of daily kWh is the usual slip; clipped, it would go unseen."""
    site, normals = place("kalundborg")
    wrong = replace(normals, ghi=normals.ghi * 31)
    with pytest.raises(
        WeatherError, match=r"month 1: ghi is 17.05 .* clear days would give \d\.\d+ at"
    ):
        synthetic(wrong, site, 2025, 2025, seed=1)


def test_daily_clearness_has_the_published_spread_and_memory() -> None:
    """Bendt's distribution at a mean of 0.4 has a standard deviation of about 0.2.

    Truncated exponential on [0.05, 0.74]: close to uniform there, sd = 0.69 / sqrt(12) = 0.199.
    Graham's lag one of normal scores is 0.29; of ranks 6/pi asin(0.29/2) = 0.278; taken about the
    mean of 30 days (1 + 3 * 0.278) / 30 = 0.061 less (Kendall 1954): 0.22.
    """
    site, normals = place("suzhou")
    year = Year.of(2025, site)
    outside = year.days(extraterrestrial(year.begins) * mean_height(year.begins, GRID_S, site, 1))
    even = replace(normals, ghi=0.4 * np.bincount(year.month_of_day, outside, 12) * 0.25e-3
                   / np.bincount(year.month_of_day))  # fmt: skip
    spread, memory = [], []
    for seed in range(6):
        sky = synthetic(even, site, 2025, 2025, seed=seed)["ghi"].values
        clearness = year.days(sky) / outside
        spread.append(clearness.std())
        memory.append(np.corrcoef(clearness[:-1], clearness[1:])[0, 1])
    assert np.mean(spread) == pytest.approx(0.2, abs=0.02)
    assert np.mean(memory) == pytest.approx(0.22, abs=0.04)


def test_wind_is_weibull() -> None:
    """Justus: k = 0.94 sqrt(4) = 1.88, so sd / mean = 0.553; Gaussian noise goes below zero."""
    site, normals = place("suzhou")
    steady = replace(normals, wind_speed=np.full(12, 4.0))
    ratios = []
    for seed in range(4):
        wind = synthetic(steady, site, 2025, 2025, seed=seed)["wind_speed"].values
        ratios.append(wind.std() / wind.mean())
    assert np.mean(ratios) == pytest.approx(0.553, abs=0.03)


@pytest.mark.skipif(not SHARED.is_dir(), reason="no typical years beside this clone")
def test_spread_is_that_of_a_real_typical_year() -> None:
    """Fed with the months of Shanghai, the generator shall scatter as Shanghai does.

    Too smooth or too wild a year would pass every monthly mean and still size a store wrongly.
    """
    path = SHARED / "Shanghai-Hongqiao_1956_2023_TMYx.epw"
    site = Site(31.198, 121.336, "Asia/Shanghai", 3.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", WeatherWarning)
        measured = read(path, site).series
    times = step_index("2025-01-01", YEAR_S, 3600, site.time_zone)
    index = times.tz_localize(None)
    real = pd.DataFrame({k: s.on(times, 3600) for k, s in measured.items()}, index=index)
    days = real.resample("D")
    swing = (days["temp_air"].max() - days["temp_air"].min()).groupby(lambda d: d.month).mean()
    months = real.groupby(index.month).mean()
    normals = Normals(
        latitude=site.latitude,
        longitude=site.longitude,
        altitude=site.altitude,
        source="typical year",
        temperature=months["temp_air"].to_numpy(),
        temperature_max=(months["temp_air"] + 0.54 * swing).to_numpy(),
        temperature_min=(months["temp_air"] - 0.46 * swing).to_numpy(),
        ghi=(months["ghi"] * 0.024).to_numpy(),
        relative_humidity=months["relative_humidity"].to_numpy(),
        wind_speed=months["wind_speed"].to_numpy(),
        rain=np.full(12, 90.0),
        rain_days=np.full(12, 9.0),
        temperature_daily_std=days["temp_air"].mean().groupby(lambda d: d.month).std().to_numpy(),
    )
    outside = extraterrestrial(times.as_unit("s").asi8) * mean_height(
        times.as_unit("s").asi8, 3600, site
    )
    outside = pd.Series(outside, index).resample("D").sum()

    def spreads(table: pd.DataFrame) -> dict[str, float]:
        by_month = table.groupby(lambda d: d.month)
        clearness = table["ghi"].resample("D").sum() / outside
        return {
            "daily clearness": clearness.groupby(lambda d: d.month).std().mean(),
            "hourly temperature": by_month["temp_air"].std().mean(),
            "daily temperature": table["temp_air"].resample("D").mean()
            .groupby(lambda d: d.month).std().mean(),
            "relative humidity": by_month["relative_humidity"].std().mean(),
            "wind": by_month["wind_speed"].std().mean(),
        }  # fmt: skip

    drawn: list[dict[str, float]] = []
    for seed in range(4):
        series = synthetic(normals, site, 2025, 2025, seed=seed)
        drawn.append(
            spreads(pd.DataFrame({k: s.on(times, 3600) for k, s in series.items()}, index=index))
        )
    for name, wanted in spreads(real).items():
        assert np.mean([d[name] for d in drawn]) == pytest.approx(wanted, rel=0.2), name


def test_sun_agrees_with_the_solar_position_algorithm() -> None:
    """A slip of a degree in longitude or of an hour in time would show as 1 to 15 degrees."""
    from pvlib import solarposition

    site = Site(55.66, 11.09, "Europe/Copenhagen", 5.0)
    times = pd.date_range("2025-01-01", "2026-01-01", freq="97min", tz="UTC")
    zenith, azimuth = sun(times.as_unit("s").asi8.astype(float), site)
    spa = solarposition.spa_python(times, site.latitude, site.longitude, site.altitude)
    up = (spa["apparent_zenith"] < 89.0).to_numpy()
    np.testing.assert_allclose(zenith[up], spa["apparent_zenith"][up], atol=0.03)
    np.testing.assert_allclose(azimuth[up], spa["azimuth"][up], atol=0.03)


def test_a_changed_file_is_drawn_again(tmp_path: Path) -> None:
    """The last weather is kept for who asks again; other normals in the same file are not it.

    Kept by its name alone, a warmer climate would leave the park as cold as before.
    """
    site = Site(31.32, 120.72, "Asia/Shanghai", 5.0)
    times = step_index("2025-07-01", 86_400, 3600, site.time_zone)
    path = tmp_path / "climate.yaml"
    text = (CLIMATE / "suzhou.yaml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    before = load(path, site, times, 3600, seed=1)
    again = load(path, site, times, 3600, seed=1)
    path.write_text(text.replace("24.7, 28.6, 28.2", "26.7, 31.6, 29.2"), encoding="utf-8")
    warmer = load(path, site, times, 3600, seed=1)
    assert np.array_equal(before.temp_air, again.temp_air)
    assert np.mean(warmer.temp_air - before.temp_air) > 1.0
