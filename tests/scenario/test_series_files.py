"""Series from files: units, labels, kinds and time zones, by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from models.series import TimeSeries
from tests.scenario.base import bent, park
from twin.scenario.series import SeriesFault, SeriesSpec, read_series
from twin.scenario.units import Money

HOURS = pd.date_range("2025-01-01", periods=4, freq="h", tz="Asia/Shanghai")
VALUES = [1000.0, 2000.0, 3000.0, 6000.0]


def table(folder: Path, name: str = "load.csv", **columns: Any) -> Path:
    """A file of four hours, in text or as it is."""
    frame = pd.DataFrame({"time": HOURS, "power": VALUES} | columns)
    path = folder / name
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        stamps = [time if isinstance(time, str) else time.isoformat() for time in frame["time"]]
        frame.assign(time=stamps).to_csv(path, index=False)
    return path


def series(path: Path, key_unit: str, **spec: Any) -> TimeSeries:
    """The series of a key in that unit."""
    whole = SeriesSpec(file=path.name, **spec)
    return read_series(whole, lambda name: path.parent / name, key_unit, Money("CNY"))


@pytest.mark.parametrize("name", ["load.csv", "load.parquet"])
def test_values_are_converted_to_the_unit_of_the_key(tmp_path: Path, name: str) -> None:
    """Taken as MW, 1000 kW would be the load of a town."""
    read = series(table(tmp_path, name), "MW", unit="kW")
    assert list(read.values) == [1.0, 2.0, 3.0, 6.0]
    assert (read.step_s, read.start) == (3600, int(HOURS[0].timestamp()))
    assert (read.label, read.kind, read.cyclic) == ("start", "mean", False)
    assert list(series(table(tmp_path, name), "kW").values) == VALUES


def test_a_park_reads_its_series_beside_its_file(tmp_path: Path) -> None:
    """Paths are relative to the park, not to where the command is run."""
    table(tmp_path)
    text = bent(("power: 12 MW", "power: {file: load.csv, unit: kW, label: end}"))
    power = park(tmp_path, text).components["town"].spec.power  # type: ignore[attr-defined]
    assert list(power.values) == [1.0, 2.0, 3.0, 6.0]
    assert power.begin == int(HOURS[0].timestamp()) - 3600


def test_amounts_become_the_rates_that_make_them(tmp_path: Path) -> None:
    """250 kWh in a quarter of an hour are 1 MW; taken as a rate they would be 0.25 MW."""
    quarters = pd.date_range("2025-01-01", periods=4, freq="15min", tz="Asia/Shanghai")
    path = table(tmp_path, time=quarters, power=[250.0, 500.0, 0.0, 250.0])
    read = series(path, "MW", unit="kWh", kind="amount")
    assert (list(read.values), read.kind) == ([1.0, 2.0, 0.0, 1.0], "mean")
    tonnes = series(path, "t/h", unit="kg", kind="amount")
    assert list(tonnes.values) == [1.0, 2.0, 0.0, 1.0]


def test_temperatures_may_be_in_kelvin(tmp_path: Path) -> None:
    """Scaled without their zero, 283.15 K would be 283 degC."""
    path = table(tmp_path, power=[273.15, 283.15, 293.15, 253.15])
    assert list(series(path, "degC", unit="K").values) == pytest.approx([0, 10, 20, -20])
    assert list(series(path, "K", unit="K").values) == [273.15, 283.15, 293.15, 253.15]


def test_a_column_is_named_where_there_are_several(tmp_path: Path) -> None:
    """The first of two would be taken without a word."""
    path = table(tmp_path, spare=0.0)
    with pytest.raises(SeriesFault, match="2 columns of values"):
        series(path, "MW")
    assert list(series(path, "kW", column="power").values) == VALUES
    table(tmp_path, "moved.csv", other=HOURS)
    with pytest.raises(SeriesFault, match="no column 'when'"):
        series(path, "MW", column="power", time="when")


def test_the_hour_that_clocks_skip_is_no_gap(tmp_path: Path) -> None:
    """With their offsets the stamps of a Danish spring are an hour apart."""
    spring = pd.date_range("2025-03-30T00:00+01:00", periods=4, freq="h")
    path = table(tmp_path, time=spring.tz_convert("Europe/Copenhagen"))
    assert "2025-03-30T03:00:00+02:00" in path.read_text()
    assert series(path, "kW").step_s == 3600


def test_a_typical_year_keeps_its_local_time(tmp_path: Path) -> None:
    """Read in UTC, its midnight would fall at eight in the morning in China."""
    year = pd.date_range("2025-01-01", periods=8760, freq="h", tz="Asia/Shanghai")
    path = tmp_path / "year.csv"
    rows = [f"{time.isoformat()},{time.hour}" for time in year]
    path.write_text("\n".join(["time,power", *rows]))
    read = series(path, "MW", typical=True)
    assert read.utc_offset_s == 8 * 3600
    later = pd.date_range("2031-07-01", periods=24, freq="h", tz="Asia/Shanghai")
    assert list(read.on(later, 3600)) == list(range(24))


def test_a_typical_year_in_summer_time_is_refused(tmp_path: Path) -> None:
    """Its days would be counted in UTC, an hour or two off."""
    year = pd.date_range("2025-01-01", periods=8760, freq="h", tz="Europe/Copenhagen")
    path = tmp_path / "year.csv"
    path.write_text("\n".join(["time,power", *(f"{time.isoformat()},1" for time in year)]))
    with pytest.raises(SeriesFault, match="change their offset"):
        series(path, "MW", typical=True)
    assert len(series(path, "MW").values) == 8760


def test_prices_are_converted_with_the_exchange_rate(tmp_path: Path) -> None:
    """Euros taken for yuan would be eight times too cheap."""
    spec = SeriesSpec(file="load.csv", unit="EUR/MWh")
    path = table(tmp_path)
    money = Money("CNY", (("EUR", 8.0),))
    read = read_series(spec, lambda _: path, "currency/MWh", money)
    assert list(read.values) == [8000.0, 16000.0, 24000.0, 48000.0]
