"""Time series in CSV or Parquet files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from twin.scenario.dimension import UnitError
from twin.scenario.errors import did_you_mean
from twin.scenario.units import Money, convert

if TYPE_CHECKING:
    from models.series import TimeSeries


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


def read_series(spec: SeriesSpec, folder: Path, unit: str, money: Money) -> TimeSeries:
    """The series in `unit`.

    Raises
    ------
    SeriesFault
        No such file, a directory, an unreadable table, an unknown column, a unit of another
        dimension, values that are not finite, or times that cannot be read or are uneven.
    """
    import numpy as np
    import pandas as pd

    from models.series import SeriesError, TimeSeries

    frame = _frame(folder / spec.file, spec.file)
    time = _column(frame, spec.time, "time", 0)
    name = _column(frame, spec.column, "column", 1, without=time)
    try:
        # Times without an offset go on to TimeSeries, which refuses them with its own reason.
        stamps = pd.to_datetime(frame[time].astype(str), format="ISO8601")
        times = pd.DatetimeIndex(stamps)
    except (ValueError, TypeError, OverflowError):
        try:
            times = pd.DatetimeIndex(pd.to_datetime(frame[time].astype(str), utc=True))
        except (ValueError, TypeError, OverflowError) as error:
            reason = " ".join(str(error).split())[:120]
            raise SeriesFault(
                f"the times in column '{time}' of '{spec.file}' cannot be read: {reason}",
                mend="write them as 2025-01-01T00:00+08:00",
            ) from None
    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(float)
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        raise SeriesFault(
            f"{len(bad)} of {len(values)} values in column '{name}' of '{spec.file}' are no finite "
            f"numbers, the first at {frame[time].iloc[bad[0]]}: {frame[name].iloc[bad[0]]}",
            mend="fill the gap, or cut the series there",
        )
    try:
        factor = 1.0 if spec.unit is None else convert(f"1 {spec.unit}", unit, money)
    except UnitError as error:
        raise SeriesFault(f"the series {error}", "unit", error.mend) from None
    try:
        return TimeSeries.at(
            values * factor, times, label=spec.label, kind=spec.kind, cyclic=spec.typical
        )
    except SeriesError as error:
        message, _, mend = str(error).partition(" To mend: ")
        raise SeriesFault(f"'{spec.file}': {message.rstrip('.')}", mend=mend.rstrip(".")) from None


def _frame(path: Path, name: str) -> Any:
    import pandas as pd

    if path.is_dir():
        raise SeriesFault(f"'{name}' is a directory, not a file", mend="name a file inside it")
    try:
        if path.suffix == ".parquet":
            frame = pd.read_parquet(path)
            if not isinstance(frame.index, pd.RangeIndex):
                frame = frame.reset_index()
        else:
            frame = pd.read_csv(path, comment="#")
    except FileNotFoundError:
        mend = "paths are relative to the park's folder"
        raise SeriesFault(f"there is no file '{name}'", mend=mend) from None
    except Exception as error:  # pandas and pyarrow raise whatever their parsers do
        reason = " ".join(str(error).split())[:120]
        raise SeriesFault(f"'{name}' is no table: {reason}", mend="write CSV or Parquet") from None
    if frame.shape[1] < 2:
        raise SeriesFault(
            f"'{name}' has {frame.shape[1]} column; it needs one of times and one of values",
            mend="put the times first, separated by commas",
        )
    return frame


def _column(frame: Any, given: str | None, key: str, position: int, without: str = "") -> str:
    names = [str(name) for name in frame.columns]
    frame.columns = names
    if given is None:
        if key == "column" and len(names) > 2:
            raise SeriesFault(
                f"the file has {len(names) - 1} columns of values",
                mend="name one of them with 'column:'",
                expected=f"Columns: {', '.join(n for n in names if n != without)}.",
            )
        return next(n for n in names if n != without) if key == "column" else names[position]
    if given not in names:
        raise SeriesFault(
            f"there is no column '{given}'",
            key,
            "name one of these",
            f"Columns: {', '.join(names)}. {did_you_mean(given, names)}".rstrip(),
        )
    return given
