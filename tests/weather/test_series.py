"""Series on the steps of a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.series import SeriesError, SeriesTooShort, TimeSeries

MIDNIGHT = 1_735_689_600  # 2025-01-01T00:00Z
STEPS = st.sampled_from([1, 7, 60, 300, 420, 900, 1000, 3600, 5400, 86400])
VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12)


def steps(start: int, step_s: int, count: int) -> pd.DatetimeIndex:
    seconds = start + step_s * np.arange(count, dtype=np.int64)
    return pd.DatetimeIndex(seconds.view("M8[s]"), tz="UTC")


@settings(max_examples=60, deadline=None)
@given(values=VALUES, step_s=st.integers(1, 40), parts=st.integers(1, 40))
def test_integral_of_means_is_kept(values: list[float], step_s: int, parts: int) -> None:
    """Sampling instead of averaging would lose or double whatever the steps straddle."""
    series = TimeSeries(np.array(values), MIDNIGHT, parts)
    horizon = len(values) * parts
    on = series.on(steps(MIDNIGHT, step_s, horizon // step_s), step_s)
    rest = horizon % step_s
    if rest:
        tail = series.on(steps(MIDNIGHT + horizon - rest, rest, 1), rest)
        on = np.append(on * step_s, tail * rest) / step_s
    scale = np.abs(values).sum() * parts
    assert on.sum() * step_s == pytest.approx(sum(values) * parts, abs=1e-12 * scale)


@settings(max_examples=60, deadline=None)
@given(values=VALUES, step_s=st.integers(1, 30), parts=st.integers(1, 30), late=st.integers(0, 29))
def test_each_step_is_the_mean_of_its_seconds(
    values: list[float], step_s: int, parts: int, late: int
) -> None:
    """The slow twin: spread the series over seconds and average those of each step."""
    seconds = np.repeat(np.array(values), parts)
    count = (len(seconds) - late) // step_s
    if count < 1:
        return
    on = TimeSeries(np.array(values), MIDNIGHT, parts).on(
        steps(MIDNIGHT + late, step_s, count), step_s
    )
    slow = seconds[late : late + count * step_s].reshape(count, step_s).mean(axis=1)
    np.testing.assert_allclose(on, slow, rtol=0, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(values=VALUES, series_step=STEPS, step_s=STEPS)
def test_label_end_means_one_interval_earlier(
    values: list[float], series_step: int, step_s: int
) -> None:
    """If the label were ignored, both readings of the same stamps would agree instead."""
    ends = TimeSeries(np.array(values), MIDNIGHT + series_step, series_step, label="end")
    starts = TimeSeries(np.array(values), MIDNIGHT, series_step, label="start")
    count = len(values) * series_step // step_s
    times = steps(MIDNIGHT, step_s, min(count, 200))
    np.testing.assert_array_equal(ends.on(times, step_s), starts.on(times, step_s))
    misread = TimeSeries(np.array(values), MIDNIGHT + series_step, series_step, label="start")
    with pytest.raises(SeriesTooShort):
        misread.on(steps(MIDNIGHT, step_s, 1), step_s)


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.floats(0, 1e6), min_size=1, max_size=12),
    step_s=st.integers(1, 60),
    parts=st.integers(1, 60),
)
def test_amounts_add_up(values: list[float], step_s: int, parts: int) -> None:
    """Treated as means, amounts would grow or shrink with the ratio of the steps."""
    series = TimeSeries(np.array(values), MIDNIGHT, parts * step_s, kind="amount")
    on = series.on(steps(MIDNIGHT, step_s, len(values) * parts), step_s)
    assert on.sum() == pytest.approx(sum(values), rel=1e-12, abs=1e-9)
    assert on.min() >= 0


def test_instants_are_joined_by_lines() -> None:
    """A ramp has its value at mid-step as mean; held values would lag by half an hour."""
    series = TimeSeries(10.0 + 2.0 * np.arange(6), MIDNIGHT, 3600, kind="instant")
    on = series.on(steps(MIDNIGHT, 900, 20), 900)
    np.testing.assert_allclose(on, 10.0 + 2.0 * (np.arange(20) + 0.5) / 4)
    np.testing.assert_allclose(series.on(steps(MIDNIGHT, 7200, 2), 7200), [12.0, 16.0])


def test_last_instant_is_held_for_one_interval() -> None:
    """Without it a day of 24 hourly instants could not drive a run of one day."""
    series = TimeSeries(np.array([1.0, 3.0]), MIDNIGHT, 3600, kind="instant")
    np.testing.assert_allclose(series.on(steps(MIDNIGHT, 3600, 2), 3600), [2.0, 3.0])


def test_dark_hours_stay_exactly_dark() -> None:
    """Differences of a running integral would leave 1e-9 W/m2 of either sign at night."""
    values = np.where(np.arange(2000) % 24 < 12, 0.0, 1013.7)
    on = TimeSeries(values, MIDNIGHT, 3600).on(steps(MIDNIGHT, 420, 15000), 420)
    dark = (np.arange(15000) * 420 // 3600 % 24 < 12) & (
        (np.arange(15000) * 420 + 419) // 3600 % 24 < 12
    )
    assert np.all(on[dark] == 0.0)


def year(days: int, start: str = "2025-01-01", tz: str = "UTC") -> TimeSeries:
    """Hourly instants or means that carry month * 10000 + day * 100 + hour."""
    times = pd.date_range(start, periods=24 * days, freq="h", tz=tz)
    stamp = times.month * 10000 + times.day * 100 + times.hour
    return TimeSeries.at(np.asarray(stamp, float), times, cyclic=True)


def test_typical_year_repeats_by_calendar() -> None:
    """Repeated by elapsed hours, it would be a day late after every 29 February."""
    times = pd.date_range("2023-12-30", "2028-03-02", freq="h", tz="UTC", inclusive="left")
    wanted = np.asarray(times.month * 10000 + times.day * 100 + times.hour, float)
    leap = (times.month == 2) & (times.day == 29)
    on = year(365).on(times, 3600)
    np.testing.assert_array_equal(on[~leap], wanted[~leap])
    np.testing.assert_array_equal(on[leap], wanted[leap] - 100)  # the 28th again


def test_typical_leap_year_gives_its_29th_and_common_years_skip_it() -> None:
    """Laid out by row number, March of a common year would begin with 29 February."""
    series = year(366, "2024-01-01")
    leap = series.on(pd.date_range("2028-02-29", periods=2, freq="h", tz="UTC"), 3600)
    np.testing.assert_array_equal(leap, [22900, 22901])
    common = series.on(pd.date_range("2025-02-28 23:00", periods=2, freq="h", tz="UTC"), 3600)
    np.testing.assert_array_equal(common, [22823, 30100])


def test_typical_year_keeps_the_time_of_day_of_its_own_zone() -> None:
    """Read as UTC, a year dated in China would come eight hours late."""
    series = year(365, tz="Asia/Shanghai")
    times = pd.date_range("2026-12-31 22:00", periods=4, freq="h", tz="Asia/Shanghai")
    np.testing.assert_array_equal(series.on(times, 3600), [123122, 123123, 10100, 10101])


def test_typical_year_may_begin_anywhere() -> None:
    """PVGIS years begin in UTC; the tail that belongs to another local day must not be lost."""
    series = year(365, "2024-12-31 16:00")
    times = pd.date_range("2025-12-31 12:00", periods=8, freq="h", tz="UTC")
    wanted = [123112 + i for i in range(8)]
    np.testing.assert_array_equal(series.on(times, 3600), wanted)


def test_too_short_says_what_is_missing() -> None:
    """The scenario error needs both spans; a bare message would not tell how much to add."""
    series = TimeSeries(np.ones(24), MIDNIGHT, 3600)
    with pytest.raises(SeriesTooShort, match="2025-01-02 00:00:00.*2025-01-03 00:00:00") as caught:
        series.on(steps(MIDNIGHT, 3600, 48), 3600)
    assert caught.value.last == pd.Timestamp("2025-01-02", tz="UTC")
    assert caught.value.needed_to == pd.Timestamp("2025-01-03", tz="UTC")
    with pytest.raises(SeriesTooShort):
        series.on(steps(MIDNIGHT - 1, 3600, 1), 3600)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_numbers_are_refused_with_their_place(bad: float) -> None:
    """Averaged in, one NaN would silence a whole run."""
    values = np.ones(24)
    values[[17, 20]] = bad
    with pytest.raises(SeriesError, match=r"2 of 24.*value 17 at 2025-01-01 17:00"):
        TimeSeries(values, MIDNIGHT, 3600)


@pytest.mark.parametrize(
    ("seconds", "message"),
    [
        ([0, 3600, 3600, 7200], r"\(value 2\) is repeated"),
        ([0, 7200, 3600, 10800], r"\(value 2\) is out of order"),
        ([0, 3600, 10800], r"\(value 2\) comes 7200 s after the one before, not 3600 s"),
        ([0], "needs two"),
    ],
)
def test_disorder_in_time_is_refused(seconds: list[int], message: str) -> None:
    """Taken as even, values would slide to other hours without a word."""
    times = pd.DatetimeIndex((MIDNIGHT + np.array(seconds)).view("M8[s]"), tz="UTC")
    with pytest.raises(SeriesError, match=message):
        TimeSeries.at(np.arange(len(seconds), dtype=float), times)


def test_naive_times_are_refused() -> None:
    """Assumed to be UTC, a year from China would be eight hours off."""
    with pytest.raises(SeriesError, match="no time zone"):
        TimeSeries.at(np.ones(3), pd.date_range("2025-01-01", periods=3, freq="h"))


def test_local_stamps_over_a_clock_change_are_even() -> None:
    """Counted by wall clock, the night clocks go back would hold a gap of two hours."""
    times = pd.date_range("2025-10-26", periods=25, freq="h", tz="Europe/Copenhagen")
    assert TimeSeries.at(np.ones(25), times).step_s == 3600


@pytest.mark.parametrize(
    ("count", "start", "message"),
    [(8000, "2025-01-01", "365 or 366 days"), (8760, "2024-01-01", "every day of the calendar")],
)
def test_a_typical_year_must_be_one(count: int, start: str, message: str) -> None:
    """365 days dated into a leap year lack 31 December; they would repeat a day off."""
    times = pd.date_range(start, periods=count, freq="h", tz="UTC")
    with pytest.raises(SeriesError, match=message):
        TimeSeries.at(np.ones(count), times, cyclic=True)
