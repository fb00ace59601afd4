"""Time series in CSV or Parquet files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from twin.scenario.dimension import PHRASES, UnitError, phrase
from twin.scenario.errors import did_you_mean
from twin.scenario.units import Money, convert

if TYPE_CHECKING:
    import pandas as pd

    from models.series import TimeSeries

Find = Callable[[str], Path]


class SeriesSpec(BaseModel):
    """A column of a file with evenly spaced times.

    The first column holds the times, with their offset from UTC, unless `time` names another.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(description="CSV or Parquet file, relative to the park's folder.")
    column: str | None = Field(None, description="Its column; needed where there are several.")
    time: str | None = Field(None, description="Column of the times; the first by default.")
    unit: str | None = Field(None, description="Unit of the values; that of the key by default.")
    label: Literal["start", "end"] = Field("start", description="End of the interval stamped.")
    kind: Literal["mean", "instant", "amount"] = Field("mean", description="What a value is.")
    typical: bool = Field(False, description="A typical year, repeated by calendar.")


class SeriesFault(ValueError):
    """A series that cannot be used; `key` is the key of `SeriesSpec` at fault."""

    def __init__(self, message: str, key: str = "file", mend: str = "", expected: str = "") -> None:
        super().__init__(message)
        self.key, self.mend, self.expected = key, mend, expected


def read_series(spec: SeriesSpec, find: Find, unit: str, money: Money) -> TimeSeries:
    """The series in `unit`; amounts become the mean rates that they make over their intervals.

    Parameters
    ----------
    find : callable
        From the name of a file to its path; raises what `Reader.find` does.
    unit : str
        That of the key, such as MW: values of kind amount are then in MWh.

    Raises
    ------
    SeriesFault
        No such file, a directory, an unreadable table, an unknown column, a unit of another
        dimension, values that are not finite, or times that cannot be read or are uneven.
    """
    import numpy as np
    import pandas as pd

    from models.series import SeriesError, TimeSeries

    own, example = unit, unit
    if spec.kind == "amount":
        own = f"{unit}*h"
        example = PHRASES.get(phrase(own), own)
    try:  # a temperature may be given in K, so that zero counts as well
        one, zero = (convert(f"{n} {spec.unit}", own, money) if spec.unit else n for n in (1, 0))
    except UnitError as error:
        raise SeriesFault(
            f"the series {error}", "unit", f"write a unit such as {example}"
        ) from None
    frame = _frame(find, spec.file)
    time = _column(frame, spec.time, "time")
    name = _column(frame, spec.column, "column", without=time)
    times = _times(frame[time], spec)
    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(float)
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        raise SeriesFault(
            f"{len(bad)} of {len(values)} values in column '{name}' of '{spec.file}' are no finite "
            f"numbers, the first at {frame[time].iloc[bad[0]]}: {frame[name].iloc[bad[0]]}",
            mend="fill the gap, or cut the series there",
        )
    try:
        series = TimeSeries.at(
            zero + values * (one - zero),
            times,
            label=spec.label,
            kind=spec.kind,
            cyclic=spec.typical,
        )
    except SeriesError as error:
        message, _, mend = str(error).partition(" To mend: ")
        every = "step of one year" if spec.typical else "step, evenly spaced"
        mend = mend.rstrip(".") or f"write one value for every {every}"
        raise SeriesFault(f"'{spec.file}': {message.rstrip('.')}", mend=mend) from None
    if series.kind != "amount":
        return series
    rates = series.values * (3600 / series.step_s)  # noqa: PD011
    return replace(series, values=rates, kind="mean")


def _frame(find: Find, name: str) -> Any:
    import pandas as pd

    try:
        path = find(name)
    except IsADirectoryError:
        raise SeriesFault(
            f"'{name}' is a directory, not a file", mend="name a file inside it"
        ) from None
    except FileNotFoundError:
        mend = "paths are relative to the park's folder"
        raise SeriesFault(f"there is no file '{name}'", mend=mend) from None
    try:
        if path.suffix == ".parquet":
            frame = pd.read_parquet(path)
            if not isinstance(frame.index, pd.RangeIndex):
                frame = frame.reset_index()
        else:
            frame = pd.read_csv(path, comment="#")
    except Exception as error:  # pandas and pyarrow raise whatever their parsers do
        if path.suffix == ".parquet":
            raise SeriesFault(f"'{name}' is no Parquet file", mend="write it again") from None
        reason = " ".join(str(error).split())[:120]
        raise SeriesFault(f"'{name}' is no table: {reason}", mend="write CSV or Parquet") from None
    frame.columns = [str(column) for column in frame.columns]
    if frame.shape[1] < 2:
        raise SeriesFault(
            f"'{name}' has {frame.shape[1]} column; it needs one of times and one of values",
            mend="put the times first, separated by commas",
        )
    return frame


def _times(column: Any, spec: SeriesSpec) -> pd.DatetimeIndex:
    import pandas as pd

    text = column.astype(str)
    try:
        # Times without an offset go on to TimeSeries, which refuses them with its own reason.
        return pd.DatetimeIndex(pd.to_datetime(text, format="ISO8601"))
    except (ValueError, TypeError, OverflowError):
        pass  # perhaps because their offset changes with daylight saving
    try:
        moments = pd.DatetimeIndex(pd.to_datetime(text, format="ISO8601", utc=True))
    except (ValueError, TypeError, OverflowError) as error:
        reason = " ".join(str(error).split(". ")[0].split())[:120]
        raise SeriesFault(
            f"the times in column '{column.name}' of '{spec.file}' cannot be read: {reason}",
            mend="write them as 2025-01-01T00:00+08:00",
        ) from None
    if spec.typical:  # its days are counted in the one local time that its stamps have
        raise SeriesFault(
            f"the times in column '{column.name}' of '{spec.file}' change their offset from UTC",
            mend="write a typical year in standard time throughout",
        )
    return moments


def _column(frame: Any, given: str | None, key: str, without: str = "") -> str:
    names = list(frame.columns)
    others = [name for name in names if name != without]
    if given is None and key == "column" and len(others) > 1:
        raise SeriesFault(
            f"the file has {len(others)} columns of values",
            mend="name one of them with 'column:'",
            expected=f"Columns: {', '.join(others)}.",
        )
    if given is not None and given not in names:
        raise SeriesFault(
            f"there is no column '{given}'",
            key,
            "name one of these",
            f"Columns: {', '.join(names)}. {did_you_mean(given, names)}".rstrip(),
        )
    return others[0] if given is None else given
