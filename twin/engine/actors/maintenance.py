"""Work that is planned, and waits for those who do it."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from models.base import PhysicsError, quantity
from twin.engine.actors.timing import Repair, moment
from twin.engine.clock import Phase


class Maintenance(Repair):
    """Takes a component out for planned work, once or at intervals, when a crew is free.

    Until the crew comes, the component stays in service: unlike a failure, planned work can wait.
    """

    kind: ClassVar[str] = "maintenance"
    looks_back: ClassVar[bool] = False

    component: str = Field(description="What is worked on.")
    start: str = Field(description="Local time of the first.")
    duration: float = quantity(unit="h", gt=0, description="How long the work takes.")
    every: float | None = quantity(
        None, unit="h", gt=0, description="From one planned start to the next."
    )
    remaining: float = quantity(
        0.0, unit="1", ge=0, le=1, description="Share of the limits left during the work."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        moment(self.start, "start")
        if self.every is not None and self.every <= self.duration:
            raise PhysicsError(
                f"work of {self.duration:g} h cannot be due every {self.every:g} h",
                key="every",
                mend="plan it less often",
            )
        return self

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Do what is due, one after the other."""
        self.enlist(world, name, [self.component])
        due = world.seconds_of(self.start)
        length = round(self.duration * 3600)
        begin = partial(world.limit, self.component, self.remaining, by=name, cause="maintenance")
        while due < world.horizon_s:
            if due + length > 0:
                yield world.at(due, Phase.DISRUPT, name)
                yield from self.work(world, name, due + length - max(due, 0), begin)
                world.limit(self.component, 1.0, by=name, cause="back in service")
            if self.every is None:
                return
            due += round(self.every * 3600)
