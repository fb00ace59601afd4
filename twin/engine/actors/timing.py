"""When something happens: at random, as planned, or as a file says."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from models.base import Actor, PhysicsError, quantity
from twin.engine.clock import Phase


@dataclass(frozen=True)
class Occasion:
    """Something that begins at a second of the run, lasts some seconds if nothing hinders, and why.

    What has begun before the run counts from the run's start.
    """

    begin: int
    length: int
    cause: str


class Interruption(Actor):
    """Base of what stops and comes back: at random, once as planned, or as a file says.

    Random times are Weibull with the given means (exponential where the shape is 1): a renewal
    process whose availability is mtbf / (mtbf + mttr), whatever the shapes. Times are whole seconds
    and fall where they fall between steps.
    """

    mtbf: float | None = quantity(None, unit="h", gt=0, description="Mean time to failure.")
    mttr: float | None = quantity(None, unit="h", gt=0, description="Mean time to repair.")
    start: str | None = Field(None, description="Local time at which it begins, if planned.")
    duration: float | None = quantity(None, unit="h", gt=0, description="Length if planned.")
    file: str | None = Field(
        None,
        description="CSV with columns start (local time) and duration_h, in order of time.",
        json_schema_extra={"file": True},
    )
    shape: float = quantity(
        1.0, unit="1", gt=0, description="Weibull shape of times to failure: above 1 wears out."
    )
    repair_shape: float = quantity(
        1.0, unit="1", gt=0, description="Weibull shape of repair times."
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        keys = ("mtbf", "mttr", "start", "duration", "file")
        given = [k for k in keys if getattr(self, k) is not None]
        if given not in (["mtbf", "mttr"], ["start", "duration"], ["file"]):
            raise PhysicsError(
                "it is either random, planned or from a file; "
                f"this one gives {', '.join(given) or 'none of these'}",
                mend="give mtbf and mttr, or start and duration, or file",
            )
        if self.start is not None:
            moment(self.start, "start")
        if self.file is not None:
            read_occasions(self.file)
        return self

    def occasions(self, world: Any, rng: np.random.Generator) -> Iterator[Occasion]:
        """What happens, one after the other; ask for the next when the last is over."""
        if self.start is not None and self.duration is not None:
            yield from _still_ahead(world, [(self.start, self.duration)], "planned")
        elif self.file is not None:
            yield from _still_ahead(world, read_occasions(self.file), "recorded")
        else:
            assert self.mtbf is not None and self.mttr is not None
            while True:
                up = weibull(rng, self.mtbf, self.shape)
                yield Occasion(
                    world.now + up, weibull(rng, self.mttr, self.repair_shape), "failure"
                )


class Spell(Actor):
    """Base of weather that comes and goes: once at a time, or at random within a season.

    At random, spells begin after exponential times from the end of the last; those that would begin
    outside the season do not happen.
    """

    start: str | None = Field(None, description="Local time at which it begins.")
    every: float | None = quantity(
        None, unit="h", gt=0, description="Mean time from one to the next, within the season."
    )
    duration: float = quantity(unit="h", gt=0, description="How long it lasts.")
    season: tuple[str, str] | None = Field(
        None, description="First and last day on which one may begin, such as [07-01, 10-15]."
    )

    @model_validator(mode="after")
    def _once_or_often(self) -> Self:
        if (self.start is None) == (self.every is None):
            raise PhysicsError(
                "it happens once or again and again; "
                f"this one gives {'neither' if self.start is None else 'start and every'}",
                mend="give start, or every",
            )
        if self.start is not None:
            moment(self.start, "start")
        for day in self.season or ():
            _month_and_day(day)
        return self

    def occasions(self, world: Any, rng: np.random.Generator) -> Iterator[Occasion]:
        """Spells, one after the other; ask for the next when the last is over."""
        length = round(self.duration * 3600)
        if self.start is not None:
            yield from _still_ahead(world, [(self.start, self.duration)], "planned")
            return
        assert self.every is not None
        while True:
            begin = world.now + weibull(rng, self.every)
            while not self._in_season(world, begin):
                if begin > world.horizon_s:
                    return
                begin += weibull(rng, self.every)
            yield Occasion(begin, length, "weather")

    def _in_season(self, world: Any, begin: int) -> bool:
        if self.season is None:
            return True
        first, last = map(_month_and_day, self.season)
        now = world.start + pd.Timedelta(seconds=begin)
        day = (now.month, now.day)
        return first <= day <= last if first <= last else day >= first or day <= last


class Repair(Actor):
    """Base of what takes a crew: who works, and how many there are."""

    crew: str | None = Field(
        None, description="Crew that must be free; events that name the same share it."
    )
    crews: int = Field(1, ge=1, description="How many can work at once; the others wait in turn.")

    def enlist(self, world: Any, name: str, components: Iterable[str]) -> None:
        """Fail before the first step if the crew or a component cannot be what it is said to be."""
        world.check(components, name)
        if self.crew is not None:
            world.crew(self.crew, self.crews, name)

    def work(
        self, world: Any, name: str, seconds: int, begin: Callable[[], None] | None = None
    ) -> Generator[Any, None, None]:
        """Wait for the crew if there is one, call `begin`, and work."""
        if self.crew is None:
            if begin is not None:
                begin()
            yield world.after(seconds, Phase.DISRUPT, name)
            return
        with world.crew(self.crew, self.crews, name).request() as hands:
            yield hands
            if begin is not None:
                begin()
            yield world.after(seconds, Phase.DISRUPT, name)


def weibull(rng: np.random.Generator, mean_h: float, shape: float = 1.0) -> int:
    """A Weibull time of a given mean [h], in whole seconds, at least one."""
    scale = mean_h / math.gamma(1.0 + 1.0 / shape)
    return max(1, round(3600.0 * scale * rng.weibull(shape)))


def check_shares(shares: Mapping[str, float], key: str, most: float = math.inf) -> None:
    """Refuse shares that are negative or too large.

    Raises
    ------
    PhysicsError
        It names the component and the number.
    """
    for component, share in shares.items():
        if not 0.0 <= share <= most:
            raise PhysicsError(
                f"a share of {share:g} for '{component}' is not between 0 and {most:g}",
                key=f"{key}.{component}",
                mend="give a share of what it has otherwise, such as 0.3",
            )


def moment(text: str, key: str) -> pd.Timestamp:
    """A date and time as written, year-month-day.

    Raises
    ------
    PhysicsError
        It is none.
    """
    mend = "write local time as 2025-07-31 or 2025-07-31 14:03"
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        # pandas would read 01.02.2025 as the second of January.
        raise PhysicsError(f"'{text}' is not a date written year-month-day", key=key, mend=mend)
    try:
        return pd.Timestamp(text)
    except ValueError:
        raise PhysicsError(f"'{text}' is not a date and time", key=key, mend=mend) from None


def _month_and_day(text: str) -> tuple[int, int]:
    try:
        day = datetime.strptime(f"2024-{text}", "%Y-%m-%d")  # a leap year knows every day there is
    except ValueError:
        raise PhysicsError(
            f"'{text}' is not a day of the year",
            key="season",
            mend="write month and day as 07-01",
        ) from None
    return day.month, day.day


def read_occasions(file: str) -> list[tuple[str, float]]:
    """Start (local time) and duration [h] of what a file lists.

    Raises
    ------
    PhysicsError
        There is no such file or column, a duration is not positive, or one begins before the last
        is over.
    """
    if not Path(file).is_file():
        raise PhysicsError(f"there is no file '{file}'", key="file", mend="give its path")
    table = pd.read_csv(file, comment="#")
    missing = [name for name in ("start", "duration_h") if name not in table]
    if missing:
        raise PhysicsError(
            f"'{file}' has no column {' and '.join(missing)}",
            key="file",
            mend="give the columns start and duration_h",
        )
    hours = pd.to_numeric(table["duration_h"], errors="coerce").to_numpy(float)
    starts = [str(text) for text in table["start"]]
    last = None
    for text, length in zip(starts, hours, strict=True):
        begin = moment(text, "file")
        if not 0 < length < math.inf:
            raise PhysicsError(
                f"'{file}' gives a duration of {length:g} h at {text}",
                key="file",
                mend="give hours above zero",
            )
        if last is not None and begin < last:
            raise PhysicsError(
                f"'{file}': what begins at {text} does so before the last is over, at {last}",
                key="file",
                mend="join the two, or sort the rows by time",
            )
        last = begin + pd.Timedelta(hours=float(length))
    return list(zip(starts, hours.tolist(), strict=True))


def _still_ahead(world: Any, rows: list[tuple[str, float]], cause: str) -> Iterator[Occasion]:
    for text, hours in rows:
        begin = world.seconds_of(text)
        end = begin + round(hours * 3600)
        if end > 0:
            yield Occasion(max(begin, 0), end - max(begin, 0), cause)
