"""Time-of-use prices: a day by hand, and the price of every minute averaged.

Means over steps of 15 minutes to a day equal those minute by minute to 1e-12, with windows over
midnight, weekends and holidays; an hour with two prices is refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.base import PhysicsError
from models.market.tariff import Tariff, price_on
from models.series import TimeSeries
from tests.setting import setting

JIANGSU: dict[str, Any] = {
    "flat": 700.0,
    "peak": 1100.0,
    "valley": 350.0,
    "peak_hours": [(8, 12), (17, 21)],
    "valley_hours": [(22, 6)],
}


def minute_by_minute(tariff: Tariff, step_s: int, n_steps: int, start: str) -> np.ndarray:
    """The slow, obvious twin: the price of every minute, averaged."""
    here = setting(n_steps=n_steps * step_s // 60, step_s=60, start=start)
    prices = []
    for time, workday in zip(here.times, here.workday, strict=True):
        hour = time.hour + time.minute / 60

        def within(windows: list[tuple[float, float]], hour: float = hour) -> bool:
            return any(a <= hour < b if a < b else hour >= a or hour < b for a, b in windows)

        price = tariff.flat
        if within(tariff.peak_hours) and (workday or not tariff.workdays_only):
            price = tariff.peak or 0.0
        if within(tariff.valley_hours):
            price = tariff.valley or 0.0
        prices.append(price)
    return np.array(prices).reshape(n_steps, -1).mean(axis=1)


def test_a_day_by_hand() -> None:
    """Peak 8 h, valley 8 h (22 to 6), flat 8 h: the mean is (1100 + 350 + 700) / 3 = 716.67.

    Did a window include the hour of its end, 12:00 would cost 1100; were the night not carried
    over midnight, 02:00 would cost 700.
    """
    price = Tariff(**JIANGSU).on(setting(n_steps=24))
    assert price[[2, 7, 8, 11, 12, 17, 20, 21, 22]].tolist() == [
        350, 700, 1100, 1100, 700, 1100, 1100, 700, 350,
    ]  # fmt: skip
    assert price.mean() == pytest.approx((1100 + 350 + 700) / 3)


def test_weekends_have_no_peak_where_it_is_for_workdays() -> None:
    """5 January 2025 is a Sunday: 16 h flat and 8 h valley; a holiday behaves alike.

    Without the rule the day would cost 716.67 on average, not 583.33.
    """
    tariff = Tariff(**JIANGSU, workdays_only=True)
    sunday = setting(n_steps=24, start="2025-01-05")
    assert tariff.on(sunday).mean() == pytest.approx((16 * 700 + 8 * 350) / 24)
    assert Tariff(**JIANGSU).on(sunday).mean() == pytest.approx(2150 / 3)
    monday = setting(n_steps=24, start="2025-01-06")
    holiday = replace(monday, workday=np.zeros(24, bool))
    assert tariff.on(holiday).tolist() == tariff.on(sunday).tolist()


@given(
    st.lists(st.integers(0, 96), min_size=4, max_size=4, unique=True).map(sorted),
    st.sampled_from([900, 1800, 3600, 7200, 43200, 86400]),
    st.booleans(),
)
def test_the_mean_of_a_day_does_not_depend_on_the_step(
    edges: list[int], step_s: int, workdays_only: bool
) -> None:
    """Windows that cut a step count by their share of it, as minute by minute.

    Were a step priced by its start alone, a window from 8:15 would shift by 45 min at hourly steps.
    """
    a, b, c, d = (edge / 4 for edge in edges)
    tariff = Tariff(
        flat=50.0, peak=90.0, valley=20.0, peak_hours=[(b, c)], valley_hours=[(d, a)],
        workdays_only=workdays_only,
    ) if (d, a) != (24, 0) else Tariff(flat=50.0)  # fmt: skip
    n_steps = 4 * 86400 // step_s  # Friday to Monday
    on = tariff.on(setting(n_steps=n_steps, step_s=step_s, start="2025-01-03"))
    slow = minute_by_minute(tariff, step_s, n_steps, "2025-01-03")
    assert on == pytest.approx(slow, rel=1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"peak": None}, "peak_hours is given without peak"),
        ({"valley_hours": []}, "valley is given without valley_hours"),
        ({"valley_hours": [(20, 6)]}, "overlap between 20 and 21"),
        ({"peak_hours": [(8, 12), (11, 13)]}, "two windows of peak_hours overlap"),
        ({"peak_hours": [(8, 25)]}, r"\[8, 25\], which is no part of a day"),
        ({"peak_hours": [(8, 8)]}, r"\[8, 8\], which is no part of a day"),
    ],
)
def test_impossible_tariffs_are_refused(change: dict[str, Any], message: str) -> None:
    """An hour with two prices, or a price without hours, would be read in some way or other."""
    with pytest.raises(ValidationError, match=message):
        Tariff(**{**JIANGSU, **change})


def test_prices_from_a_series() -> None:
    """Quarter hours of 10, 20, 30, 40 make an hour of 25; a series must cover the run."""
    here = setting(n_steps=1)
    start = int(here.times[0].timestamp())
    assert price_on(TimeSeries(np.array([10.0, 20, 30, 40]), start, 900), here) == [25.0]
    assert price_on(3.5, here) == 3.5
    short = TimeSeries(np.ones(4), start, 600)
    with pytest.raises(PhysicsError, match="import_price: the series covers") as found:
        price_on(short, here, key="import_price")
    assert found.value.key == "import_price"
    assert found.value.mend
    amounts = TimeSeries(np.ones(4), start, 900, kind="amount")
    with pytest.raises(PhysicsError, match="series of amounts"):
        price_on(amounts, here)
