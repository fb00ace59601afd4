"""How an annual amount falls on the hours: the whole of it, and a week as it is in its year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.signal import lfilter

from models.base import PhysicsError
from models.calendar import step_index
from models.series import TimeSeries
from models.shape import (
    Shifts,
    Word,
    remembering,
    share_within,
    smooth,
    spread,
    weight_of,
)
from models.site import Setting, Site
from tests.setting import SITE, setting

WORDS = get_args(Word)
DENMARK = Site(55.66, 11.09, "Europe/Copenhagen")


def swinging(times: pd.DatetimeIndex) -> np.ndarray:
    """Air temperature with a season and a day [degC]."""
    hours = np.asarray((times - pd.Timestamp("2025-01-01", tz="UTC")).total_seconds()) / 3600
    season = -10 * np.cos(2 * np.pi * hours / 8766)
    return np.asarray(12 + season - 5 * np.cos(2 * np.pi * hours / 24))


def in_years(
    start: str,
    n_steps: int,
    step_s: int = 3600,
    site: Site = SITE,
    temperature: Callable[[pd.DatetimeIndex], np.ndarray] = swinging,
) -> Setting:
    """A run whose setting knows every calendar year by the hour."""

    def make(start: str, n_steps: int, step_s: int) -> Setting:
        plain = setting(n_steps=n_steps, step_s=step_s, site=site)
        times = step_index(start, n_steps * step_s, step_s, site.time_zone)
        weather = replace(plain.weather, temp_air=temperature(times))
        workday = np.asarray(times.day_of_week < 5)
        return replace(plain, times=times, weather=weather, workday=workday)

    def year(number: int) -> Setting:
        ends = pd.Timestamp(f"{number}-01-01"), pd.Timestamp(f"{number + 1}-01-01")
        return make(f"{number}-01-01", (ends[1] - ends[0]).days * 24, 3600)

    return replace(make(start, n_steps, step_s), year=year)


def test_shifts_by_hand() -> None:
    """2025 has 261 weekdays and 104 days of weekends.

    One shift of 8 h, a quarter outside, a tenth on weekends: 261 x (8 + 16 / 4) + 104 x 24 / 10 =
    3381.6 h at full level. An annual amount of 3381.6 MWh is 1 MW in the shift, 0.25 MW outside,
    0.1 MW on the weekend. Spread over the week alone it would be 1.011 MW.
    """
    shape = Shifts(hours=[(6, 14)], base=0.25, weekend=0.1)
    week = in_years("2025-01-06", 7 * 24)
    rate = spread(3381.6, weight_of(shape), week)
    day = [0.25] * 6 + [1.0] * 8 + [0.25] * 10
    assert rate == pytest.approx(day * 5 + [0.1] * 48, rel=1e-12)
    alone = spread(3381.6, weight_of(shape), replace(week, year=None))
    assert alone[6] == pytest.approx(3381.6 / 8760 / (5 * 12 + 4.8) * 168)


def test_a_night_shift_runs_over_midnight() -> None:
    """22 to 6 covers hours 22, 23 and 0 to 5; read as 6 to 22 it would cover the day."""
    night = Shifts(hours=[(22, 6)], base=0.0).weight(in_years("2025-01-06", 24))
    assert night.tolist() == [1.0] * 6 + [0.0] * 16 + [1.0] * 2


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("site", [SITE, DENMARK])
@pytest.mark.parametrize("year", [2024, 2025])
def test_a_year_holds_the_annual_amount(word: Word, site: Site, year: int) -> None:
    """To 1e-12, in leap years and where clocks change.

    If leap years or the 23-hour day were dropped, the sum would be off by 1/366 or 1/8760.
    """
    days = 366 if year == 2024 else 365
    run = in_years(f"{year}-01-01", days * 24, site=site)
    rate = spread(5000.0, weight_of(word), run)
    assert rate.min() >= 0
    assert rate.sum() == pytest.approx(5000.0, rel=1e-12)


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(WORDS),
    st.integers(0, 360),
    st.sampled_from([300, 900, 1800, 7200, 86400]),
)
def test_a_run_sees_the_demand_of_its_days_in_the_year(word: Word, day: int, step_s: int) -> None:
    """Each day of a run of five holds what the same day holds in the hourly year, at any step.

    Were a run normalised by itself, the five days would hold 5 / 365 of the annual amount.
    """
    year = spread(1000.0, weight_of(word), in_years("2025-01-01", 365 * 24))
    start = (pd.Timestamp("2025-01-01") + pd.Timedelta(days=day)).strftime("%Y-%m-%d")
    run = spread(1000.0, weight_of(word), in_years(start, 5 * 86400 // step_s, step_s))
    daily = run.reshape(5, -1).sum(axis=1) * step_s / 3600
    assert daily == pytest.approx(year.reshape(365, 24).sum(axis=1)[day : day + 5], rel=1e-12)


def test_new_year_changes_the_year_of_a_step() -> None:
    """8784 MWh are 1 MW in 2024 and 8784 / 8760 MW in 2025; by local time, not UTC (+8 h)."""
    run = in_years("2024-12-31 20:00", 8)
    rate = spread(8784.0, weight_of("flat"), run)
    assert rate == pytest.approx([1.0] * 4 + [8784 / 8760] * 4, rel=1e-12)


def test_without_a_year_the_run_stands_for_it() -> None:
    """8760 MWh over a run of any shape then average 1 MW; also where the weather is not known."""
    run = in_years("2025-01-06", 48)
    for blind in (replace(run, year=None), replace(run, year=lambda number: None)):
        assert spread(8760.0, weight_of("office"), blind).mean() == pytest.approx(1.0, rel=1e-12)


def test_a_series_of_weights() -> None:
    """Weights 1 and 3 by turns: 8760 MWh a year are 0.5 and 1.5 MW, as means or as amounts.

    A series shorter than the year stands for it by its mean over the run; one shorter than the run
    is refused.
    """
    run = in_years("2025-03-03", 6)
    begin = int(pd.Timestamp("2025-01-01", tz=SITE.time_zone).timestamp())
    for kind in ("mean", "amount"):
        series = TimeSeries(np.tile([1.0, 3.0], 4380), begin, 3600, kind=kind)
        rate = spread(8760.0, weight_of(series), run)
        assert rate == pytest.approx([0.5, 1.5] * 3, rel=1e-12)
    first = int(run.times[0].timestamp())
    short = TimeSeries(np.array([1.0, 1, 1, 3, 3, 3]), first, 3600)
    assert spread(8760.0, weight_of(short), run) == pytest.approx([0.5] * 3 + [1.5] * 3)
    with pytest.raises(PhysicsError, match="shape: the series covers"):
        spread(1.0, weight_of(TimeSeries(np.ones(3), first, 3600)), run)
    with pytest.raises(PhysicsError, match="go down to -1"):
        spread(1.0, weight_of(TimeSeries(np.array([-1.0] + [2.0] * 5), first, 3600)), run)
    with pytest.raises(PhysicsError, match="no hour to fall on"):
        spread(1.0, weight_of(TimeSeries(np.zeros(6), first, 3600)), run)
    assert spread(0.0, weight_of(TimeSeries(np.zeros(6), first, 3600)), run).tolist() == [0.0] * 6


def test_words_follow_the_published_profiles() -> None:
    """Quarter-hour means [W] of a working day of VDEW's profiles G1 and H0, two hours of each, over
    140 winter, 123 summer and 102 transition days.

    A table of two decimals is off by 0.005 at most, so w1 p2 - w2 p1 is off by 0.005 (p1 + p2). A
    shift by one hour would give three times that and more. The week of the table has the mean 1.
    """
    published = {
        "office": (
            (9, (488.64, 489.48, 486.24, 482.24), (339.72, 340.88, 338.0, 334.72),
             (391.36, 392.8, 391.2, 389.56)),
            (2, (26.52, 26.6, 26.6, 26.48), (20.92, 21.0, 20.96, 20.8),
             (18.92, 18.88, 18.88, 18.92)),
        ),
        "residential": (
            (19, (184.76, 188.2, 188.92, 186.44), (157.96, 163.8, 168.28, 170.64),
             (164.88, 171.08, 175.16, 176.44)),
            (3, (38.84, 38.56, 38.36, 38.28), (47.44, 46.84, 46.56, 46.6),
             (43.04, 43.0, 43.12, 43.28)),
        ),
    }  # fmt: skip
    week = in_years("2025-01-06", 7 * 24)
    for word, hours in published.items():
        weight = weight_of(word)(week)  # type: ignore[arg-type]
        (one, p1), (two, p2) = (
            (hour, float(np.dot([140, 123, 102], np.mean(seasons, axis=1))) / 365)
            for hour, *seasons in hours
        )
        assert abs(weight[one] * p2 - weight[two] * p1) <= 0.005 * (p1 + p2)
        assert weight.mean() == pytest.approx(1.0, abs=0.005)


def test_hours_within_windows_by_the_minute() -> None:
    """A slow twin counts minutes; steps of 7 min lie across every edge."""
    windows = [(6.5, 11.25), (22.0, 5.75)]
    times = pd.date_range("2025-01-01", periods=300, freq="7min", tz="UTC")
    slow = []
    for time in times:
        minutes = [(time.hour * 60 + time.minute + m) % 1440 for m in range(7)]
        slow.append(np.mean([390 <= m < 675 or m >= 1320 or m < 345 for m in minutes]))
    assert share_within(windows, times, 420) == pytest.approx(slow, abs=1e-15)


def test_smoothing_by_hand() -> None:
    """A pulse of one hour halves every hour at a time constant of 1 / ln 2 h.

    In four hours that repeat: 0.5 x (1, 1/2, 1/4, 1/8) / (1 - 1/16), mean 1/4 as of the pulse.
    Begun from zero it would be 0.5, 0.25, ... and lose a sixteenth.
    """
    out = smooth(np.array([1.0, 0, 0, 0]), 1.0, 1 / np.log(2))
    assert out == pytest.approx(0.5 * np.array([1, 0.5, 0.25, 0.125]) / (1 - 1 / 16), rel=1e-12)
    values = np.array([3.0, 1.0])
    assert smooth(values, 1.0, 0.0) is values


@given(st.lists(st.floats(-30, 45), min_size=1, max_size=40), st.floats(0.5, 200))
def test_smoothing_is_the_limit_of_repetition(values: list[float], time_constant: float) -> None:
    """A second implementation: scipy's filter over the same values, repeated until it forgets.

    A filter with a wrong initial state differs in the first hours by whole kelvins.
    """
    keep = np.exp(-1 / time_constant)
    repeats = int(np.ceil(40 * time_constant / len(values))) + 1
    slow = lfilter([1 - keep], [1, -keep], np.tile(values, repeats))[-len(values) :]
    found = smooth(np.array(values), 1.0, time_constant)
    assert found == pytest.approx(slow, abs=1e-9)
    assert found.mean() == pytest.approx(np.mean(values), abs=1e-9)


def test_a_week_remembers_the_days_before_it() -> None:
    """A cold spell before the run is still felt in it, as in the year.

    Worked out on the run alone, the first hour would start warm.
    """

    def spell(times: pd.DatetimeIndex) -> np.ndarray:
        return np.where(np.asarray(times.strftime("%m-%d") == "03-02"), -20.0, 10.0)

    weight = remembering(lambda s: smooth(s.weather.temp_air, s.step_s / 3600, 30.0) + 100)
    run = in_years("2025-03-03", 96, 900, temperature=spell)
    year = in_years("2025-01-01", 8760, temperature=spell)
    hours = slice(61 * 24, 62 * 24)
    assert weight(run).reshape(24, 4) == pytest.approx(np.tile(weight(year)[hours, None], 4))
    assert weight(run)[0] < 95
    assert weight(replace(run, year=None))[0] == pytest.approx(110)


def test_impossible_shifts_are_refused() -> None:
    """Overlapping shifts would count an hour twice."""
    for hours in ([(6, 14), (13, 22)], [(6, 26)], [(22, 6), (5, 7)]):
        with pytest.raises(ValidationError, match="overlap|no part of a day"):
            Shifts(hours=hours)
    with pytest.raises(ValidationError):
        Shifts(hours=[(6, 14)], base=1.2)
