"""Measured or published series, and their values on the steps of a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

Kind = Literal["mean", "instant", "amount"]
Label = Literal["start", "end"]
DAY_S = 86400


class SeriesError(ValueError):
    """A series that cannot be trusted: gaps, disorder, or values that are not numbers."""


class SeriesTooShort(SeriesError):
    """A series that does not reach over the run.

    Attributes
    ----------
    first, last : Timestamp
        First and last moment that the series covers.
    needed_from, needed_to : Timestamp
        First and last moment that the run needs.
    """

    def __init__(
        self,
        first: pd.Timestamp,
        last: pd.Timestamp,
        needed_from: pd.Timestamp,
        needed_to: pd.Timestamp,
    ) -> None:
        super().__init__(
            f"the series covers {first} to {last}, but the run needs {needed_from} to {needed_to}. "
            "To mend: shorten or move the run, give a longer series, or declare it a typical year."
        )
        self.first, self.last = first, last
        self.needed_from, self.needed_to = needed_from, needed_to


@dataclass(frozen=True)
class Overlaps:
    """The pieces into which the edges of a regular series cut the steps of a run.

    Attributes
    ----------
    source : ndarray of int, shape (n_pieces,)
        Interval of the series each piece lies in.
    step : ndarray of int, shape (n_pieces,)
        Step of the run each piece lies in.
    begin, seconds : ndarray of int, shape (n_pieces,)
        Start [s since the epoch] and length [s] of each piece.
    """

    source: np.ndarray
    step: np.ndarray
    begin: np.ndarray
    seconds: np.ndarray

    @classmethod
    def of(cls, start: int, series_step_s: int, begins: np.ndarray, step_s: int) -> Overlaps:
        """Cut steps that begin at `begins` by a series that begins at `start`; whole seconds."""
        first = (begins - start) // series_step_s
        count = -((start - begins - step_s) // series_step_s) - first
        step = np.repeat(np.arange(len(begins)), count)
        nth = np.arange(len(step)) - np.repeat(np.cumsum(count) - count, count)
        source = first[step] + nth
        left = np.maximum(begins[step], start + source * series_step_s)
        right = np.minimum(begins[step] + step_s, start + (source + 1) * series_step_s)
        return cls(source, step, left, right - left)

    def per_step(self, per_piece: np.ndarray) -> np.ndarray:
        """Sum over the pieces of each step, without cancellation."""
        if len(self.step) == 0:
            return np.zeros(0)
        firsts = np.flatnonzero(np.diff(self.step, prepend=-1))
        return np.add.reduceat(per_piece, firsts)


def epoch_seconds(times: pd.DatetimeIndex) -> np.ndarray:
    """UTC seconds since the epoch of aware times that fall on whole seconds.

    Raises
    ------
    SeriesError
        The times carry no time zone, or fall between two seconds.
    """
    if times.tz is None:
        raise SeriesError(
            "the times carry no time zone, so daylight saving would make them ambiguous. "
            "To mend: write them with their offset, such as 2025-01-01T00:00+08:00."
        )
    fine = times.as_unit("ns").asi8
    seconds = fine // 1_000_000_000
    odd = np.flatnonzero(fine != seconds * 1_000_000_000)
    if len(odd):
        raise SeriesError(f"time {times[odd[0]]} (value {odd[0]}) is not on a whole second")
    return np.asarray(seconds, dtype=np.int64)


@dataclass(frozen=True)
class TimeSeries:
    """Evenly spaced values of one quantity, all finite.

    Attributes
    ----------
    values : ndarray of float, shape (n,)
    start : int
        The first time stamp [UTC seconds since the epoch].
    step_s : int
        Distance of the stamps [s].
    label : {"start", "end"}
        Which end of its interval a stamp names; without meaning for instants.
    kind : {"mean", "instant", "amount"}
        Mean rate over the interval, value at the stamp, or amount within the interval.
    cyclic : bool
        A typical year of 365 or 366 whole days, which repeats by month, day and time of day in
        the time zone `utc_offset_s`. Where the typical year has no 29 February, a leap year
        repeats its 28th; where it has one, common years leave it out.
    utc_offset_s : int
        Local standard time minus UTC [s]; only a typical year needs it.

    Raises
    ------
    SeriesError
        A value is not finite, the step is not positive, or a typical year has not 365 or 366 days.
    """

    values: np.ndarray
    start: int
    step_s: int
    label: Label = "start"
    kind: Kind = "mean"
    cyclic: bool = False
    utc_offset_s: int = 0

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=float)
        object.__setattr__(self, "values", values)
        if values.ndim != 1 or len(values) == 0:
            raise SeriesError(f"a series needs a row of values, got shape {values.shape}")
        if self.step_s <= 0:
            raise SeriesError(f"the step of a series must be above 0 s, got {self.step_s} s")
        bad = np.flatnonzero(~np.isfinite(values))
        if len(bad):
            stamp = _utc(self.start + int(bad[0]) * self.step_s)
            raise SeriesError(
                f"{len(bad)} of {len(values)} values are not finite, first value {bad[0]} "
                f"at {stamp}: {values[bad[0]]}. To mend: fill the gap, or cut the series there."
            )
        if self.cyclic and (
            DAY_S % self.step_s or len(values) * self.step_s not in (365 * DAY_S, 366 * DAY_S)
        ):
            raise SeriesError(
                "a typical year needs 365 or 366 days of whole steps, got "
                f"{len(values)} values of {self.step_s} s ({len(values) * self.step_s / DAY_S:g} d)"
            )
        if self.cyclic:
            self._row_of_day()

    @classmethod
    def at(
        cls,
        values: np.ndarray,
        times: pd.DatetimeIndex,
        *,
        label: Label = "start",
        kind: Kind = "mean",
        cyclic: bool = False,
    ) -> TimeSeries:
        """A series from explicit stamps, which must be aware, ascending and evenly spaced.

        Raises
        ------
        SeriesError
            A stamp is repeated, out of order or off the rhythm; the message gives the first.
        """
        seconds = epoch_seconds(times)
        if len(seconds) != len(values):
            raise SeriesError(f"{len(values)} values but {len(seconds)} times")
        if len(seconds) < 2:
            raise SeriesError("a series with explicit times needs two of them at least")
        gaps = np.diff(seconds)
        odd = np.flatnonzero((gaps <= 0) | (gaps != gaps[0]))
        if len(odd):
            i = int(odd[0]) + 1
            fault = "is repeated" if gaps[i - 1] == 0 else "is out of order"
            if gaps[i - 1] > 0:
                fault = f"comes {gaps[i - 1]} s after the one before, not {gaps[0]} s"
            raise SeriesError(f"time {times[i]} (value {i}) {fault}")
        offset = times[0].utcoffset()
        return cls(
            np.asarray(values, dtype=float),
            int(seconds[0]),
            int(gaps[0]),
            label,
            kind,
            cyclic,
            int(offset.total_seconds()) if offset is not None else 0,
        )

    # Limits of a field that takes a number or a series hold for every value of the series.

    def __ge__(self, bound: float) -> bool:
        return bool((self.values >= bound).all())

    def __gt__(self, bound: float) -> bool:
        return bool((self.values > bound).all())

    def __le__(self, bound: float) -> bool:
        return bool((self.values <= bound).all())

    def __lt__(self, bound: float) -> bool:
        return bool((self.values < bound).all())

    @cached_property
    def begin(self) -> int:
        """Start of the first interval, or the first instant [UTC seconds since the epoch]."""
        return self.start - (self.step_s if self.label == "end" and self.kind != "instant" else 0)

    def on(self, times: pd.DatetimeIndex, step_s: int) -> np.ndarray:
        """Values on the steps of a run.

        Parameters
        ----------
        times : DatetimeIndex, shape (n_steps,)
            Start of each step, aware of its time zone.
        step_s : int
            Length of a step [s]; finer or coarser than the series.

        Returns
        -------
        ndarray of float, shape (n_steps,)
            Means over the step for means (the integral is kept) and for instants (joined by
            straight lines; the last is held for one interval), sums for amounts.

        Raises
        ------
        SeriesTooShort
            The steps reach beyond the series.
        """
        begins = epoch_seconds(times)
        if len(begins) == 0:
            return np.zeros(0)
        series = self.covering(int(begins[0]), int(begins[-1]) + step_s)
        pieces = Overlaps.of(series.begin, self.step_s, begins, step_s)
        values = series.values[pieces.source]
        if self.kind == "instant":
            after = np.append(series.values[1:], series.values[-1])[pieces.source]
            middle = pieces.begin + pieces.seconds / 2 - series.begin
            values = values + (after - values) * (middle / self.step_s - pieces.source)
        per = self.step_s if self.kind == "amount" else step_s
        return pieces.per_step(values * pieces.seconds) / per

    def covering(self, needed_from: int, needed_to: int) -> TimeSeries:
        """This series, or the typical year laid out over [needed_from, needed_to) [epoch s].

        Raises
        ------
        SeriesTooShort
            It does not reach that far.
        """
        if self.cyclic:
            return self._laid_out(needed_from, needed_to)
        end = self.begin + len(self.values) * self.step_s
        if needed_from < self.begin or needed_to > end:
            raise SeriesTooShort(*map(_utc, (self.begin, end, needed_from, needed_to)))
        return self

    def _laid_out(self, needed_from: int, needed_to: int) -> TimeSeries:
        per_day = DAY_S // self.step_s
        local = self.begin + self.utc_offset_s
        late = local % DAY_S // self.step_s
        days = np.roll(self.values, late).reshape(-1, per_day)
        row = self._row_of_day()
        first = _date(needed_from + self.utc_offset_s - 2 * DAY_S)
        calendar = pd.date_range(first, _date(needed_to + self.utc_offset_s + 2 * DAY_S), freq="D")
        values = days[row[calendar.month * 100 + calendar.day]].ravel()
        start = int(first.timestamp()) + local % self.step_s - self.utc_offset_s
        return TimeSeries(values, start, self.step_s, "start", self.kind)

    def _row_of_day(self) -> np.ndarray:
        """Which day of the typical year stands for each month * 100 + day; shape (1300,)."""
        n_days = len(self.values) * self.step_s // DAY_S
        own = pd.date_range(_date(self.begin + self.utc_offset_s), periods=n_days, freq="D")
        month_day = np.asarray(own.month * 100 + own.day)
        if len(set(month_day) - {229}) != 365 or len(set(month_day)) != n_days:
            raise SeriesError(
                f"a typical year of {n_days} days from {own[0].date()} does not hold every day "
                "of the calendar once. To mend: date it to a year of that length, such as 2025."
            )
        row = np.full(1300, -1, dtype=np.int64)
        row[228:230] = np.flatnonzero(month_day == 228)[0]
        row[month_day] = np.arange(n_days)
        return row


def _date(seconds: int) -> pd.Timestamp:
    return pd.Timestamp(seconds // DAY_S * DAY_S, unit="s")


def _utc(seconds: int) -> pd.Timestamp:
    return pd.Timestamp(seconds, unit="s", tz="UTC")
