"""What the weather offers on steps longer than an hour: the mean of its hours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from models.series import TimeSeries, epoch_seconds
from models.site import Setting

HOUR = 3600
"""Longest step over which the sun at its middle, or the mean wind, stands for all of it [s]."""


def by_hours(setting: Setting, offered: Callable[[Setting], np.ndarray]) -> np.ndarray:
    """What is offered on the steps of a run.

    Parameters
    ----------
    setting : Setting
    offered : callable
        A rate on the steps of a setting, by the sun at the middle or the mean weather of each.

    Returns
    -------
    ndarray, shape (n_steps,)
        Steps longer than an hour are means of hours, where the weather of the calendar years they
        lie in is known; else, and on shorter steps, what `offered` gives.
    """
    if setting.step_s <= HOUR or setting.year is None:
        return offered(setting)
    last = setting.times[-1] + pd.Timedelta(seconds=setting.step_s - 1)
    years = [setting.year(number) for number in range(setting.times[0].year, last.year + 1)]
    known = [year for year in years if year is not None]
    if len(known) < len(years):
        return offered(setting)
    hourly = np.concatenate([offered(year) for year in known])
    series = TimeSeries(hourly, int(epoch_seconds(known[0].times)[0]), HOUR)
    return series.on(setting.times, setting.step_s)
