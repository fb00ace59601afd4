"""A component that fails and is repaired, or is taken out as planned."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar

from pydantic import Field

from models.base import quantity
from twin.engine.actors.timing import Interruption, Repair
from twin.engine.clock import Phase

BACK = {"failure": "repaired", "planned": "back in service", "recorded": "back in service"}


class Outage(Interruption, Repair):
    """Takes all flows of a component to a share of their limits, at random or as planned.

    Random outages alternate times to failure and to repair (exponential, a two-state Markov
    process, unless a shape says otherwise). A planned outage starts at a local time and lasts a
    duration; a file lists many. With a crew, the work begins when it is free. Times are whole
    seconds and fall where they fall between steps.
    """

    kind: ClassVar[str] = "outage"
    looks_back: ClassVar[bool] = False

    component: str = Field(description="What fails.")
    remaining: float = quantity(
        0.0, unit="1", ge=0, le=1, description="Share of the limits left during the outage."
    )

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Fail and repair until the run ends."""
        self.enlist(world, name, [self.component])
        for occasion in self.occasions(world, world.rng(name)):
            yield world.at(occasion.begin, Phase.DISRUPT, name)
            world.limit(self.component, self.remaining, by=name, cause=occasion.cause)
            yield from self.work(world, name, occasion.length)
            world.limit(self.component, 1.0, by=name, cause=BACK[occasion.cause])
