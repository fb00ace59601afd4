"""A component that fails and is repaired, or is taken out as planned."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar, Self

import pandas as pd
from pydantic import model_validator

from models.base import Actor, PhysicsError, quantity
from twin.engine.clock import Phase


class Outage(Actor):
    """Takes all flows of a component to a share of their limits, at random or as planned.

    Random outages alternate exponential times to failure and to repair (a two-state Markov
    process; its availability is mtbf / (mtbf + mttr)). A planned outage starts at a local time
    and lasts a duration. Times are whole seconds and fall where they fall between steps.
    """

    kind: ClassVar[str] = "outage"

    component: str
    mtbf: float | None = quantity(None, unit="h", gt=0, description="Mean time to failure.")
    mttr: float | None = quantity(None, unit="h", gt=0, description="Mean time to repair.")
    start: str | None = None
    duration: float | None = quantity(None, unit="h", gt=0, description="Length if planned.")
    remaining: float = quantity(
        0.0, unit="1", ge=0, le=1, description="Share of the limits left during the outage."
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        random = self.mtbf is not None and self.mttr is not None
        planned = self.start is not None and self.duration is not None
        given = [k for k in ("mtbf", "mttr", "start", "duration") if getattr(self, k) is not None]
        if random == planned or len(given) != 2:
            raise PhysicsError(
                f"an outage is either random or planned; this one gives {', '.join(given) or 'neither'}",
                mend="give mtbf and mttr, or start and duration",
            )
        if self.start is not None:
            try:
                pd.Timestamp(self.start)
            except ValueError:
                raise PhysicsError(
                    f"'{self.start}' is not a date and time",
                    key="start",
                    mend="write local time as 2025-07-01 or 2025-07-01 14:03",
                ) from None
        return self

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Fail and repair until the run ends."""
        if self.start is not None and self.duration is not None:
            begin = world.seconds_of(self.start)
            end = begin + round(self.duration * 3600)
            if end <= 0:
                return
            yield world.at(begin, Phase.DISRUPT, name)
            world.limit(self.component, self.remaining, by=name, phase=Phase.DISRUPT, cause="planned")
            yield world.at(end, Phase.DISRUPT, name)
            world.limit(self.component, 1.0, by=name, phase=Phase.DISRUPT, cause="back in service")
            return
        assert self.mtbf is not None and self.mttr is not None
        rng = world.rng(name)
        while True:
            up = max(1, round(rng.exponential(self.mtbf * 3600)))
            yield world.after(up, Phase.DISRUPT, name)
            world.limit(self.component, self.remaining, by=name, phase=Phase.DISRUPT, cause="failure")
            down = max(1, round(rng.exponential(self.mttr * 3600)))
            yield world.after(down, Phase.DISRUPT, name)
            world.limit(self.component, 1.0, by=name, phase=Phase.DISRUPT, cause="repaired")
