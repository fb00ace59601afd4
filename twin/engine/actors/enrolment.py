"""What is enrolled in a virtual power plant, with its envelope, and how it is called."""

from __future__ import annotations

import math
from typing import Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.base import PhysicsError, quantity
from models.shape import Hours, check_hours
from twin.engine.actors.timing import moment


class Enrolled(BaseModel):
    """A class of loads, or of sources, and its envelope."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    component: str = Field(description="Demand that takes less, or source that gives more.")
    enrolled: float = quantity(unit="MW", gt=0, description="Power that is connected.")
    adjustable: float = quantity(unit="MW", gt=0, description="Most that it can take off or add.")
    source: bool = Field(False, description="A source that gives more when it is called.")
    hours: Hours = Field([], description="Local hours in which it can be called; none is always.")
    longest: float = quantity(
        24.0, unit="h", gt=0, description="Longest time it holds.", source="assumed: no bound"
    )
    notice: float = quantity(
        0.0, unit="h", ge=0, description="Notice it needs.", source="assumed: automatic"
    )
    loads: int = Field(1, ge=1, description="Number of single loads, each of which may respond.")
    response: float = quantity(
        1.0,
        unit="1",
        gt=0,
        le=1,
        description="Probability that one load responds.",
        source="assumed: all do",
    )
    rebound: float = quantity(
        0.0,
        unit="1",
        ge=0,
        description="Share of the energy taken off that is used later.",
        source="assumed: none",
    )
    rebound_time: float = quantity(
        2.0, unit="h", gt=0, description="Time in which it is used.", source="assumed: two hours"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_hours(self.hours, "hours")
        if self.adjustable > self.enrolled:
            raise PhysicsError(
                f"{self.adjustable:g} MW adjustable of {self.enrolled:g} MW enrolled",
                key="adjustable",
                mend="a class can adjust at most what is enrolled",
            )
        if self.source and self.rebound:
            raise PhysicsError(
                "a source has no rebound", key="rebound", mend="leave it out for sources"
            )
        return self

    def offers(self, begin: pd.Timestamp, duration: float, notice: float) -> float:
        """What it can give to a call, from `begin` in local time [MW]."""
        if notice < self.notice - 1e-9:
            return 0.0
        first = begin.hour + begin.minute / 60 + begin.second / 3600
        last = first + min(duration, self.longest)
        windows = [(a, b if b > a else b + 24) for a, b in self.hours] or [(0.0, math.inf)]
        inside = any(
            a <= t and t + last - first <= b + 1e-9 for a, b in windows for t in (first, first + 24)
        )
        return self.adjustable if inside else 0.0


class Call(BaseModel):
    """One call of the grid."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: str = Field(description="Local time at which it begins.")
    duration: float = quantity(unit="h", gt=0, description="How long it lasts.")
    amount: float = quantity(unit="MW", gt=0, description="Power called.")
    notice: float = quantity(
        1.0, unit="h", ge=0, description="How long before it is told.", source="assumed: an hour"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        moment(self.start, "start")
        return self
