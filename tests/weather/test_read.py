"""Weather files: formats, labels, warnings and refusals."""

from __future__ import annotations

import json
import warnings
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.calendar import step_index
from models.series import SeriesError, SeriesTooShort, TimeSeries
from models.site import Site, Weather
from models.weather import WeatherError, WeatherWarning, load
from models.weather.read import read
from models.weather.solar import height, mean_height
from tests.weather.places import SHARED
from tests.weather.samples import clear_sky, pvgis, tmy3

SITE = Site(45.0, 8.0, "Europe/Rome", 200.0)
needs_files = pytest.mark.skipif(not SHARED.is_dir(), reason="no typical years beside this clone")
REAL = {
    "Shanghai-Hongqiao_1956_2023_TMYx.epw": Site(31.2, 121.34, "Asia/Shanghai", 3.0),
    "TRY2015_Stuttgart.epw": Site(48.77, 9.18, "Europe/Berlin", 253.0),
    "USA_CO_Aurora-Buckley.Field.ANGB.724695_TMY3.epw": Site(39.72, -104.75, "America/Denver"),
}


def plain_table(days: int = 30, step_s: int = 3600) -> pd.DataFrame:
    times = step_index("2025-06-01", days * 86400, step_s, SITE.time_zone)
    rise = mean_height(times.as_unit("s").asi8, step_s, SITE, samples=12)
    ghi, dni, dhi = clear_sky(rise)
    hour = np.asarray(times.hour, float)
    return pd.DataFrame(
        {
            "time": times.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ghi": ghi,
            "dni": dni,
            "dhi": dhi,
            "temp_air": 20.0 + 5.0 * np.sin((hour - 9.0) / 24.0 * 2 * np.pi),
            "relative_humidity": 60.0,
            "wind_speed": 3.0,
            "rain": np.where(hour == 5, 2.0, 0.0),
            "pressure": 99000.0,
        }
    )


def written(table: pd.DataFrame, path: Path) -> Path:
    if path.suffix == ".csv":
        path.write_text("# made for a test\n" + table.to_csv(index=False), encoding="utf-8")
    else:
        table.assign(time=pd.to_datetime(table["time"], utc=True)).to_parquet(path)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_plain_tables_come_through(suffix: str, tmp_path: Path) -> None:
    """Values on the file's own steps are the file's; every field of the weather is there."""
    table = plain_table()
    path = written(table, tmp_path / f"site{suffix}")
    times = step_index("2025-06-03", 10 * 86400, 3600, SITE.time_zone)
    weather = load(path, SITE, times, 3600, seed=1)
    rows = slice(48, 48 + 240)
    for name in ("ghi", "temp_air", "relative_humidity", "wind_speed", "rain", "pressure"):
        np.testing.assert_allclose(getattr(weather, name), table[name].to_numpy()[rows], rtol=1e-9)
    assert weather.rain.sum() == pytest.approx(20.0)
    for field in fields(Weather):
        assert getattr(weather, field.name).shape == (240,)


def test_fine_steps_follow_the_sun_and_keep_the_hour(tmp_path: Path) -> None:
    """An hour spread evenly would shine before sunrise and cut the noon off."""
    path = written(plain_table(), tmp_path / "site.csv")
    times = step_index("2025-06-03", 86400, 300, SITE.time_zone)
    weather = load(path, SITE, times, 300, seed=1)
    hourly = load(path, SITE, times[::12], 3600, seed=1)
    np.testing.assert_allclose(weather.ghi.reshape(24, 12).mean(axis=1), hourly.ghi, rtol=1e-12)
    assert np.all(weather.ghi[weather.zenith >= 90] == 0)
    rise = height(weather.zenith)
    bright = rise > 0.5
    np.testing.assert_allclose(weather.dni[bright], 700.0, rtol=0.002)
    np.testing.assert_allclose(weather.ghi[bright], (700.0 * rise + 60.0)[bright], rtol=0.03)


def test_plain_table_must_cover_the_run(tmp_path: Path) -> None:
    """Measured weather is not repeated: the second year was another."""
    path = written(plain_table(), tmp_path / "site.csv")
    times = step_index("2025-06-15", 30 * 86400, 3600, SITE.time_zone)
    with pytest.raises(SeriesTooShort, match="covers 2025-05-31 22:00"):
        load(path, SITE, times, 3600, seed=1)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda t: t.drop(columns="dhi"), WeatherError, "lacks dhi; it has time, ghi"),
        (lambda t: t.assign(time=t["time"].str[:-1]), WeatherError, "has no UTC offset"),
        (lambda t: t.assign(time="noon"), WeatherError, "time 'noon' .row 1. has no UTC offset"),
        (lambda t: t.assign(temp_air=99.9), WeatherError, "temp_air is 99.9 .*-90 to 65"),
        (lambda t: t.assign(wind_speed=-1.0), WeatherError, "wind_speed is -1 .*720 such values"),
        (lambda t: t.drop(index=7), SeriesError, r"\(value 7\) comes 7200 s after"),
        (lambda t: t.assign(ghi=t["ghi"].where(t.index != 9)), SeriesError, "value 9 at"),
        (lambda t: t.assign(ghi="high"), WeatherError, "cannot be read"),
    ],
)
def test_bad_tables_are_refused(
    change: object, error: type[Exception], message: str, tmp_path: Path
) -> None:
    """Each would else pass for weather: a missing marker as heat, a gap as a shift in time."""
    path = written(plain_table(), tmp_path / "site.csv")
    path.write_text(change(plain_table()).to_csv(index=False), encoding="utf-8")  # type: ignore[operator]
    with pytest.raises(error, match=message):
        read(path, SITE)


def test_unknown_files_are_refused(tmp_path: Path) -> None:
    """A folder or an unknown suffix must not end in a traceback of a library."""
    times = step_index("2025-06-01", 3600, 3600, SITE.time_zone)
    (tmp_path / "weather.xlsx").write_text("x")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "broken.epw").write_text("LOCATION,here\n")
    for name, message in {
        "absent.csv": "is not there",
        ".": "is a directory",
        "weather.xlsx": "unknown kind '.xlsx'",
        "empty.csv": "cannot be read",
        "broken.json": "cannot be read",
        "broken.epw": "cannot be read",
    }.items():
        with pytest.raises(WeatherError, match=message):
            load(tmp_path / name, SITE, times, 3600, seed=1)


def test_far_weather_warns(tmp_path: Path) -> None:
    """The neighbour's file is used often and on purpose; the wrong country's never."""
    path = pvgis(tmp_path / "tmy.json", 45.0, 8.0)
    times = step_index("2025-06-01", 86400, 3600, SITE.time_zone)
    with pytest.warns(WeatherWarning, match=r"is for 45.00 N, 8.00 E, the site is at 45.60 N"):
        load(path, Site(45.6, 8.0, "Europe/Rome"), times, 3600, seed=1)
    load(path, Site(45.4, 8.0, "Europe/Rome"), times, 3600, seed=1)


def test_irradiance_that_does_not_close_warns(tmp_path: Path) -> None:
    """Global light a quarter too strong closes nowhere; it is used, but not in silence."""
    table = plain_table()
    path = written(table.assign(ghi=1.25 * table["ghi"]), tmp_path / "site.csv")
    with pytest.warns(WeatherWarning, match="outside the limits of the BSRN"):
        found = read(path, SITE)
    bright = table["ghi"] > 0
    wanted = np.sqrt(np.mean((0.25 * table["ghi"][bright]) ** 2))
    assert found.closure_rms == pytest.approx(wanted, rel=0.01)
    early = {k: table[k].shift(-1, fill_value=0.0) for k in ("ghi", "dni", "dhi")}
    with pytest.warns(WeatherWarning, match=r"Moved by \+60 min it would be"):
        read(written(table.assign(**early), path), SITE)


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_pvgis(suffix: str, tmp_path: Path) -> None:
    """Without its time offset of 10.6 min the year would not close; hours are UTC, not local."""
    path = pvgis(tmp_path / f"tmy{suffix}", 45.0, 8.0)
    found = read(path, SITE)
    assert (found.latitude, found.longitude, found.altitude) == (45.0, 8.0, 200.0)
    assert found.closure_rms < 0.01
    times = step_index("2028-02-28", 3 * 86400, 3600, "UTC")
    weather = load(path, SITE, times, 3600, seed=1)
    np.testing.assert_allclose(weather.temp_air[:3], [10.5, 11.5, 12.5])
    assert np.all(weather.pressure == 98000.0)
    assert np.all(weather.rain == 0.0)


def test_pvgis_hourly_without_humidity_is_refused(tmp_path: Path) -> None:
    """The message tells which of the site's downloads to take."""
    path = tmp_path / "hourly.json"
    path.write_text(json.dumps({"outputs": {"hourly": []}}), encoding="utf-8")
    with pytest.raises(WeatherError, match="no outputs.tmy_hourly.*download the TMY"):
        read(path, SITE)


def test_tmy3(tmp_path: Path) -> None:
    """Irradiance belongs to the hour that ends at the stamp, temperature to the stamp itself."""
    path = tmy3(tmp_path / "station.csv")
    found = read(path, SITE)
    assert found.closure_rms < 1.0
    assert found.altitude == 200.0
    times = step_index("2025-06-01T00:00+01:00", 86400, 3600, "Etc/GMT-1")
    weather = load(path, SITE, times, 3600, seed=1)
    np.testing.assert_allclose(weather.temp_air[1:22], np.arange(1, 22) + 0.5)
    assert np.all(weather.pressure == 99000.0)
    assert np.all(weather.rain == 0.0)  # -9900 marks missing


@needs_files
@pytest.mark.parametrize("name", [n for n in REAL if "Shanghai" not in n])
def test_irradiance_of_an_epw_is_of_the_hour_that_ends_at_its_stamp(name: str) -> None:
    """Closure against the sun decides: half an hour either way is ten times worse.

    A reader that took the stamp for the middle or the start of the hour would be that far off.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", WeatherWarning)
        found = read(SHARED / name, REAL[name])
    ghi, dhi = found.series["ghi"], found.series["dhi"]
    begins = ghi.begin + 3600 * np.arange(8760)
    place = Site(found.latitude, found.longitude, "UTC", found.altitude)
    own = mean_height(begins, 3600, place)
    dni = np.divide(found.series["direct"].values, own, where=own > 0.01, out=np.zeros_like(own))

    def rms(shift_s: int) -> float:
        rise = mean_height(begins + shift_s, 3600, place)
        gap = ghi.values - dni * rise - dhi.values
        return float(np.sqrt(np.mean(gap[ghi.values > 0] ** 2)))

    assert found.closure_rms < 2.0  # W/m2: whole numbers in the file, and six samples an hour
    assert min(rms(-3600), rms(-1800), rms(1800), rms(3600)) > 10 * found.closure_rms


@needs_files
def test_a_real_file_with_shifted_irradiance_is_named() -> None:
    """The Shanghai year closes best half an hour early; used as it is, it must be said."""
    name = "Shanghai-Hongqiao_1956_2023_TMYx.epw"
    with pytest.warns(WeatherWarning, match=r"Moved by -30 min it would be"):
        read(SHARED / name, REAL[name])


@needs_files
@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("step_s", [900, 3600])
@pytest.mark.filterwarnings("ignore::models.weather.WeatherWarning")
def test_a_real_year_keeps_its_totals(name: str, step_s: int) -> None:
    """Against the file read by hand: sums of its columns, in a run of the same hours."""
    rows = (SHARED / name).read_text(encoding="latin-1").splitlines()[8:]
    ghi = np.array([float(row.split(",")[13]) for row in rows])
    temperature = np.array([float(row.split(",")[6]) for row in rows])
    site = REAL[name]
    offset = {"Asia/Shanghai": 8, "Europe/Berlin": 1, "America/Denver": -7}[site.time_zone]
    times = step_index(f"2025-01-01T00:00{offset:+03d}:00", 365 * 86400, step_s, site.time_zone)
    weather = load(SHARED / name, site, times, step_s, seed=1)
    assert weather.ghi.mean() == pytest.approx(ghi.mean(), rel=1e-9)
    assert weather.temp_air.mean() == pytest.approx(temperature.mean(), rel=1e-9)
    per_hour = 3600 // step_s
    np.testing.assert_allclose(weather.ghi.reshape(-1, per_hour).mean(axis=1), ghi, atol=1e-6)
    # An instant at the end of hour i stands between the steps on either side of it.
    hourly = weather.temp_air.reshape(-1, per_hour).mean(axis=1)
    np.testing.assert_allclose(hourly[1:], (temperature[:-1] + temperature[1:]) / 2, atol=1e-9)


def test_series_of_a_file_are_typical_years(tmp_path: Path) -> None:
    """A typical year drives any year, also beyond New Year."""
    series = read(pvgis(tmp_path / "tmy.csv", 45.0, 8.0), SITE).series
    assert all(isinstance(s, TimeSeries) and s.cyclic for s in series.values())
    times = step_index("2031-12-30", 4 * 86400, 900, "Europe/Rome")
    weather = load(tmp_path / "tmy.csv", SITE, times, 900, seed=1)
    assert np.isfinite(weather.ghi).all()
