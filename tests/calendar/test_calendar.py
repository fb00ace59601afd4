"""Civil time against published dates."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar import DEFAULT_START, spring_festival, step_index, workdays

DAY_S = 86400


def days(first: str, count: int, tz: str) -> pd.DatetimeIndex:
    return pd.date_range(first, periods=count, freq="D", tz=tz)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        # General Office of the State Council, notice for 2025 (12 November 2024)
        ("2025-01-26", True),
        ("2025-02-08", True),
        ("2025-04-27", True),
        ("2025-09-28", True),
        ("2025-10-11", True),
        ("2025-01-01", False),
        ("2025-01-28", False),
        ("2025-02-04", False),
        ("2025-02-05", True),
        ("2025-04-04", False),
        ("2025-05-05", False),
        ("2025-06-02", False),
        ("2025-10-08", False),
        ("2025-10-09", True),
        # and for 2026 (4 November 2025)
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-28", True),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-10-10", True),
        ("2026-01-02", False),
        ("2026-02-16", False),
        ("2026-02-23", False),
        ("2026-04-06", False),
        ("2026-06-19", False),
        ("2026-10-07", False),
    ],
)
def test_chinese_make_up_workdays(day: str, works: bool) -> None:
    """By weekend alone every make-up workday would be off and every bridged Monday worked."""
    assert workdays(days(day, 1, "Asia/Shanghai"), "CN")[0] == works


def test_workdays_of_china_2025_are_248() -> None:
    """365 days less 104 weekend days, 18 holidays on weekdays, plus 5 make-up days = 248.

    Weekdays off by the notice: 1 January; 28 to 31 January, 3 and 4 February; 4 April; 1, 2 and 5
    May; 2 June; 1 to 3 and 6 to 8 October.
    """
    assert workdays(days("2025-01-01", 365, "Asia/Shanghai"), "CN").sum() == 365 - 104 - 18 + 5


def test_workdays_of_denmark() -> None:
    """Easter moves; Great Prayer Day was abolished from 2024."""
    dates = ["2025-04-17", "2025-04-18", "2025-04-21", "2025-05-16", "2025-05-29", "2025-06-09"]
    times = pd.DatetimeIndex(dates, tz="Europe/Copenhagen")
    assert workdays(times, "DK").tolist() == [False, False, False, True, False, False]


def test_a_day_is_local() -> None:
    """By the UTC date the first eight hours of a Monday in China would still be Sunday."""
    times = pd.date_range("2025-03-09 23:00", periods=3, freq="h", tz="Asia/Shanghai")
    assert workdays(times, "CN").tolist() == [False, True, True]


def test_subdivision_counts() -> None:
    """Berlin's Women's Day falls on a weekday in 2027; the rest of Germany works."""
    times = days("2027-03-08", 1, "Europe/Berlin")
    assert workdays(times, "DE")[0]
    assert not workdays(times, "DE", "BE")[0]


def test_unknown_places_name_the_nearest() -> None:
    """A typing error must not turn holidays off."""
    times = days("2025-01-01", 1, "UTC")
    with pytest.raises(ValueError, match="unknown country 'D'"):
        workdays(times, "D")
    with pytest.raises(ValueError, match=r"unknown subdivision 'BEE' of DE. Did you mean BE\?"):
        workdays(times, "DE", "BEE")


def test_no_times_no_days() -> None:
    """An empty run must not fail on the first of its days."""
    assert workdays(days("2025-01-01", 0, "UTC"), "DK").shape == (0,)


@pytest.mark.parametrize(
    "first", ["2000-02-05", "2020-01-25", "2024-02-10", "2025-01-29", "2026-02-17", "2033-01-31"]
)
def test_spring_festival(first: str) -> None:
    """Dates of the Hong Kong Observatory's conversion tables; 2033 is the hard one."""
    assert spring_festival(int(first[:4])) == dt.date.fromisoformat(first)


def test_spring_festival_out_of_range() -> None:
    """Beyond the tables there is no date to guess."""
    with pytest.raises(ValueError, match="1950 to 2100"):
        spring_festival(2150)


@pytest.mark.parametrize(
    ("start", "hours", "offsets"),
    [("2025-03-30", 23, {1, 2}), ("2025-10-26", 25, {1, 2}), ("2025-06-01", 24, {2})],
)
def test_days_on_which_clocks_change(start: str, hours: int, offsets: set[int]) -> None:
    """Counted by wall clock, one hour of the year would be dropped and one run twice."""
    index = step_index(start, hours * 3600, 3600, "Europe/Copenhagen")
    assert len(index) == hours
    assert set(index.normalize().strftime("%Y-%m-%d")) == {start}
    assert {
        (t.tz_localize(None) - t.tz_convert(None)).total_seconds() / 3600 for t in index
    } == offsets
    after = index[-1] + pd.Timedelta(hours=1)
    assert (after.hour, after.minute) == (0, 0)


def test_29_february_is_there() -> None:
    """A fixed year of 365 days would end a leap year on 30 December."""
    index = step_index("2024-01-01", 366 * DAY_S, 3600, "Asia/Shanghai")
    assert ((index.month == 2) & (index.day == 29)).sum() == 24
    assert index[-1] == pd.Timestamp("2024-12-31 23:00", tz="Asia/Shanghai")


def test_default_start_is_the_first_of_january() -> None:
    """Local midnight, not midnight UTC."""
    index = step_index(DEFAULT_START, DAY_S, 900, "Asia/Shanghai")
    assert index[0] == pd.Timestamp("2024-12-31 16:00", tz="UTC")
    assert len(index) == 96


@settings(max_examples=40, deadline=None)
@given(
    day=st.dates(dt.date(1995, 1, 1), dt.date(2060, 12, 31)),
    step_s=st.integers(1, DAY_S),
    count=st.integers(1, 300),
    zone=st.sampled_from(["Europe/Copenhagen", "Asia/Shanghai", "Australia/Lord_Howe", "UTC"]),
)
def test_steps_are_even_in_elapsed_time(day: dt.date, step_s: int, count: int, zone: str) -> None:
    """Local arithmetic would stretch or squeeze the step in which clocks change."""
    index = step_index(f"{day} 12:00", count * step_s, step_s, zone)
    seconds = index.as_unit("s").asi8
    assert len(index) == count
    assert np.all(np.diff(seconds) == step_s)
    assert (index[0].date(), index[0].hour) == (day, 12)


@pytest.mark.parametrize(
    ("start", "zone", "message"),
    [
        ("2025-03-30 02:30", "Europe/Copenhagen", "does not exist"),
        ("2025-10-26 02:30", "Europe/Copenhagen", "occurs twice"),
        ("2025-01-01", "Europe/Kopenhagen", "Did you mean Europe/Copenhagen"),
        ("yesterday-ish", "UTC", "not a date written year-month-day"),
        ("01.02.2025", "UTC", "'01.02.2025' is not a date written year-month-day.*2025-01-31"),
        ("02/01/2025", "UTC", "not a date written year-month-day"),
        ("20250201", "UTC", "not a date written year-month-day"),
        ("2025-02-29", "UTC", "not a date or time"),
        ("2025-01-01 00:00:00.5", "UTC", "whole second"),
    ],
)
def test_starts_that_cannot_be(start: str, zone: str, message: str) -> None:
    """Resolved by guess, the run would begin an hour off.

    Of 01.02.2025 pandas makes 2 January, and nobody would see that 1 February was meant.
    """
    with pytest.raises(ValueError, match=message):
        step_index(start, 3600, 900, zone)


def test_offset_settles_an_hour_that_occurs_twice() -> None:
    """The mend of the error above must work."""
    index = step_index("2025-10-26T02:30+01:00", 3600, 900, "Europe/Copenhagen")
    assert index[0] == pd.Timestamp("2025-10-26 01:30", tz="UTC")


def test_a_horizon_must_hold_whole_steps() -> None:
    """Rounded down, the last minutes would be dropped silently."""
    with pytest.raises(ValueError, match="not a whole number of steps.*3600 s or 4500 s"):
        step_index("2025-01-01", 4000, 900, "UTC")
    with pytest.raises(ValueError, match="whole seconds > 0"):
        step_index("2025-01-01", 3600, 0, "UTC")
