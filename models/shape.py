"""How an annual amount is spread over the hours of the year.

A shape is a weight of no unit: `spread` divides the year's amount in proportion to it, over the
calendar year in which a step lies. So a week's run sees the demand that the week has in the year.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from typing import Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.base import PhysicsError, quantity
from models.series import SeriesError, SeriesTooShort, TimeSeries
from models.site import Setting

DAY_S = 86_400

Weight = Callable[[Setting], np.ndarray]
"""Relative rate on the steps of a setting, shape (n_steps,), non-negative."""

Hours = list[tuple[float, float]]
"""Windows of the day, each from one local hour to another; 22 to 6 runs over midnight."""


def check_hours(hours: Hours, key: str) -> None:
    """Refuse windows that lie outside the day, are empty or overlap.

    Raises
    ------
    PhysicsError
    """
    for begin, end in hours:
        if not (0 <= begin <= 24 and 0 <= end <= 24 and begin != end):
            raise PhysicsError(
                f"{key} holds [{begin:g}, {end:g}], which is no part of a day",
                key=key,
                mend="write hours from 0 to 24, such as [8, 12]; [22, 6] runs over midnight",
            )
    pieces = _pieces(hours)
    for (_, end), (begin, _) in zip(pieces, pieces[1:], strict=False):
        if begin < end:
            raise PhysicsError(
                f"two windows of {key} overlap between {begin / 3600:g} and {end / 3600:g} h",
                key=key,
                mend="let each hour lie in one window",
            )


def share_within(hours: Hours, times: pd.DatetimeIndex, step_s: int) -> np.ndarray:
    """Share of each step that lies in daily windows.

    Parameters
    ----------
    hours : list of (float, float)
        Local hours, without overlap.
    times : DatetimeIndex, shape (n_steps,)
        Start of each step in local time.
    step_s : int
        Length of a step [s].

    Returns
    -------
    ndarray of float, shape (n_steps,)
        Between 0 and 1; exact but for the step in which clocks change.
    """
    begin = seconds_of_day(times)
    end = begin + step_s
    inside = np.zeros(len(times), dtype=np.int64)
    for first, last in _pieces(hours):
        for moment, sign in ((end, 1), (begin, -1)):
            days, rest = np.divmod(moment, DAY_S)
            inside += sign * (days * (last - first) + np.clip(rest - first, 0, last - first))
    return inside / step_s


def seconds_of_day(times: pd.DatetimeIndex) -> np.ndarray:
    """Seconds since local midnight by the clock on the wall, shape (n,)."""
    return np.asarray(times.hour * 3600 + times.minute * 60 + times.second, dtype=np.int64)


def _pieces(hours: Hours) -> list[tuple[int, int]]:
    """Windows in whole seconds within one day, in order."""
    pieces = []
    for begin, end in hours:
        first, last = round(begin * 3600), round(end * 3600)
        pieces += [(first, last)] if first < last else [(first, DAY_S), (0, last)]
    return sorted(piece for piece in pieces if piece[0] < piece[1])


class Shifts(BaseModel):
    """Work in shifts: full level within them, less outside and on days off."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hours: Hours = Field(
        description="Shifts of a working day, [from, to] in local hours: [[6, 14], [14, 22]]."
    )
    base: float = quantity(
        0.3,
        unit="1",
        ge=0,
        le=1,
        description="Level outside the shifts on working days, of the level within.",
        source="assumed: ventilation, compressed air and standby of a factory at rest",
    )
    weekend: float = quantity(
        0.25,
        unit="1",
        ge=0,
        description="Level on weekends and holidays, of the level within the shifts.",
        source="assumed: a little less than at night",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_hours(self.hours, "hours")
        return self

    def weight(self, setting: Setting) -> np.ndarray:
        """Level on each step, of that within the shifts; shape (n_steps,)."""
        inside = share_within(self.hours, setting.times, setting.step_s)
        return np.where(setting.workday, self.base + (1 - self.base) * inside, self.weekend)


Word = Literal[
    "flat", "office", "shop", "residential", "one_shift", "two_shift", "three_shift", "charging"
]
Shape = Word | Shifts | TimeSeries
"""A word, shifts, or a series of weights."""

_SHIFTS = {
    "one_shift": Shifts(hours=[(7.5, 16.5)]),
    "two_shift": Shifts(hours=[(6, 22)]),
    "three_shift": Shifts(hours=[(0, 24)], weekend=0.5),
}
"""assumed: usual shift times; three shifts keep part of the process running over the weekend."""

# fmt: off
_DAYS: dict[str, tuple[tuple[float, ...], ...]] = {
    "office": (
        (0.19, 0.19, 0.19, 0.18, 0.19, 0.21, 0.33, 1.51, 3.07, 3.44, 3.42, 3.35,
         2.96, 2.31, 2.39, 2.45, 1.89, 1.12, 0.60, 0.39, 0.29, 0.25, 0.22, 0.21),
        (0.19, 0.19, 0.18, 0.19, 0.18, 0.20, 0.21, 0.24, 0.33, 0.43, 0.47, 0.46,
         0.39, 0.30, 0.26, 0.25, 0.24, 0.23, 0.23, 0.23, 0.22, 0.22, 0.22, 0.21),
        (0.19, 0.19, 0.19, 0.19, 0.18, 0.20, 0.21, 0.19, 0.19, 0.20, 0.20, 0.21,
         0.22, 0.20, 0.21, 0.22, 0.21, 0.21, 0.23, 0.23, 0.22, 0.21, 0.21, 0.20),
    ),
    "shop": (
        (0.57, 0.54, 0.53, 0.52, 0.52, 0.54, 0.58, 0.86, 1.42, 1.72, 1.76, 1.76,
         1.67, 1.37, 1.28, 1.60, 1.74, 1.76, 1.57, 1.11, 0.89, 0.78, 0.66, 0.60),
        (0.58, 0.56, 0.54, 0.54, 0.54, 0.55, 0.61, 1.08, 1.56, 1.73, 1.79, 1.80,
         1.80, 1.60, 1.09, 0.76, 0.69, 0.70, 0.71, 0.73, 0.75, 0.68, 0.60, 0.55),
        (0.53, 0.51, 0.50, 0.49, 0.49, 0.51, 0.53, 0.57, 0.56, 0.53, 0.55, 0.59,
         0.58, 0.55, 0.55, 0.56, 0.57, 0.63, 0.67, 0.70, 0.72, 0.65, 0.58, 0.53),
    ),
    "residential": (
        (0.58, 0.43, 0.39, 0.37, 0.38, 0.46, 0.82, 1.14, 1.21, 1.17, 1.13, 1.14,
         1.27, 1.24, 1.09, 0.98, 0.95, 1.08, 1.33, 1.54, 1.47, 1.32, 1.15, 0.87),
        (0.65, 0.51, 0.41, 0.39, 0.38, 0.40, 0.51, 0.78, 1.10, 1.31, 1.39, 1.45,
         1.54, 1.51, 1.38, 1.29, 1.27, 1.44, 1.65, 1.73, 1.53, 1.27, 1.19, 1.00),
        (0.73, 0.54, 0.43, 0.40, 0.38, 0.38, 0.40, 0.53, 0.90, 1.33, 1.59, 1.79,
         1.82, 1.51, 1.22, 1.06, 0.94, 1.02, 1.24, 1.44, 1.39, 1.25, 1.11, 0.83),
    ),
    "charging": (
        (0.40, 0.30, 0.25, 0.20, 0.20, 0.25, 0.40, 0.70, 1.00, 1.20, 1.30, 1.40,
         1.50, 1.45, 1.45, 1.50, 1.60, 1.70, 1.70, 1.60, 1.40, 1.10, 0.80, 0.60),
        (0.50, 0.40, 0.30, 0.25, 0.20, 0.20, 0.30, 0.45, 0.70, 1.00, 1.30, 1.50,
         1.60, 1.60, 1.60, 1.60, 1.60, 1.60, 1.50, 1.35, 1.15, 0.95, 0.75, 0.60),
        (0.50, 0.40, 0.30, 0.25, 0.20, 0.20, 0.25, 0.35, 0.55, 0.85, 1.15, 1.35,
         1.45, 1.50, 1.50, 1.55, 1.55, 1.50, 1.40, 1.25, 1.05, 0.85, 0.65, 0.50),
    ),
}
# fmt: on
"""Working day, Saturday, Sunday or holiday, by local hour; a mean year is 1 (charging: not scaled).

office, shop and residential are the representative load profiles G1 (business on working days, 8 to
18 h), G4 (shop) and H0 (household) of VDEW, *Repraesentative VDEW-Lastprofile*, 1999: their hourly
means over the year of 140 winter, 123 summer and 102 transition days. charging is
assumed: a broad hump from late morning to early evening, little at night.
"""


def weight_of(shape: Shape) -> Weight:
    """The weight that a shape stands for."""
    if isinstance(shape, Shifts):
        return shape.weight
    if isinstance(shape, TimeSeries):
        return lambda setting: _weights(shape, setting)
    if shape == "flat":
        return lambda setting: np.ones(setting.n_steps)
    if shape in _SHIFTS:
        return _SHIFTS[shape].weight
    return lambda setting: _by_hour(_DAYS[shape], setting)


def spread(annual: float, weight: Weight, setting: Setting, *, key: str = "shape") -> np.ndarray:
    """Rate on each step of a run, of an amount per calendar year.

    Parameters
    ----------
    annual : float
        Amount per calendar year [MWh or t].
    weight : callable
        Of a setting; evaluated on the run and on the hours of each calendar year it touches.
    setting : Setting
        Where its `year` does not know a year, the mean weight of the run stands for that year's.
    key : str
        Field to blame where there is nothing to spread by.

    Returns
    -------
    ndarray of float, shape (n_steps,)
        [MW or t/h]; each step takes the year in which it begins, in local time.

    Raises
    ------
    PhysicsError
        A weight is negative, the weights of a year add up to nothing, or a series of weights
        does not cover the run.
    """
    try:
        own = weight(setting)
    except SeriesError as error:
        raise refusal(error, key) from error
    rate = np.empty(setting.n_steps)
    year_of = np.asarray(setting.times.year)
    for number in np.unique(year_of):
        total = _total(weight, setting, int(number), own)
        if own.min() < 0 or total < 0:
            raise PhysicsError(
                f"the weights of '{setting.component}' go down to {own.min():g}",
                key=key,
                mend="give weights of at least zero",
            )
        mine = year_of == number
        if total == 0 and annual > 0:
            raise PhysicsError(
                f"an annual amount of {annual:g} has no hour to fall on: its weights are all zero",
                key=key,
                mend="give another shape or base temperature, or weather that covers the year",
            )
        rate[mine] = annual * own[mine] / total if annual > 0 else 0.0
    return rate


def remembering(weight: Weight) -> Weight:
    """A weight with memory, laid on the steps of a run from the hours of its calendar years.

    Worked out on the run alone, it would know nothing of the days before the start.
    """

    def laid_out(setting: Setting) -> np.ndarray:
        last = setting.times[-1:] + pd.Timedelta(seconds=setting.step_s - 1)
        numbers = np.unique(np.append(setting.times.year, last.year))
        years = [setting.year(int(n)) if setting.year else None for n in numbers]
        known = [year for year in years if year is not None]
        if len(known) < len(years):
            return weight(setting)
        values = np.concatenate([weight(year) for year in known])
        first = known[0]
        series = TimeSeries(values, int(first.times[0].timestamp()), first.step_s)
        return series.on(setting.times, setting.step_s)

    return laid_out


def smooth(values: np.ndarray, step_h: float, time_constant: float) -> np.ndarray:
    """Causal exponential filter of means over steps, in its periodic state.

    Parameters
    ----------
    values : ndarray, shape (n_steps,)
    step_h : float
        Length of a step [h].
    time_constant : float
        [h]; zero leaves the values as they are.

    Returns
    -------
    ndarray, shape (n_steps,)
        State at the end of each step, exact for an input constant over each; it begins as if the
        values had always repeated, so it depends on nothing else and keeps their mean.
    """
    if time_constant == 0:
        return values
    keep = float(np.exp(-step_h / time_constant))
    state, out = 0.0, np.empty(len(values))
    for i, value in enumerate(values.tolist()):
        state = keep * state + (1 - keep) * value
        out[i] = state
    start = state / (1 - keep ** len(values))
    return np.asarray(out + start * keep ** np.arange(1, len(values) + 1))


def series_on(series: TimeSeries, setting: Setting, *, key: str) -> np.ndarray:
    """A series of rates or prices as means over the steps of a run.

    Raises
    ------
    PhysicsError
        It does not cover the run.
    """
    try:
        on = series.on(setting.times, setting.step_s)
    except SeriesError as error:
        raise refusal(error, key) from error
    return on * 3600 / setting.step_s if series.kind == "amount" else on


def refusal(error: SeriesError, key: str) -> PhysicsError:
    """What is wrong with a series, as the fault of the field that holds it."""
    message, _, mend = str(error).partition(" To mend: ")
    return PhysicsError(f"{key}: {message}", key=key, mend=mend.rstrip("."))


def _total(weight: Weight, setting: Setting, number: int, own: np.ndarray) -> float:
    """Weight of a calendar year [h]."""
    year = setting.year(number) if setting.year else None
    if year is not None:
        try:
            return float(weight(year).sum()) * year.step_s / 3600
        except SeriesTooShort:
            pass
    return float(own.mean()) * (8784 if calendar.isleap(number) else 8760)


def _weights(series: TimeSeries, setting: Setting) -> np.ndarray:
    on = series.on(setting.times, setting.step_s)
    return on / setting.step_s if series.kind == "amount" else on


def _by_hour(days: Sequence[Sequence[float]], setting: Setting) -> np.ndarray:
    """Mean of an hourly table over each step; the day is that on which a step begins."""
    saturday = ~setting.workday & (np.asarray(setting.times.day_of_week) == 5)
    kind = np.where(setting.workday, 0, np.where(saturday, 1, 2))
    begin = seconds_of_day(setting.times) / 3600
    sums = np.concatenate([np.zeros((len(days), 1)), np.cumsum(np.tile(days, 2), axis=1)], axis=1)
    hours = np.arange(sums.shape[1])
    out = np.empty(setting.n_steps)
    for which, total in enumerate(sums):
        of = kind == which
        end = np.interp(begin[of] + setting.step_s / 3600, hours, total)
        out[of] = (end - np.interp(begin[of], hours, total)) * 3600 / setting.step_s
    return out
