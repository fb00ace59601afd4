"""Failures with one cause: a flood, a bus-bar fault or bad fuel takes several units at once."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar

from pydantic import Field

from models.base import quantity
from twin.engine.actors.timing import Repair, weibull
from twin.engine.clock import Phase


class CommonCause(Repair):
    """Shocks that each member of a group may fail of; each is repaired by itself.

    The binomial failure-rate model: shocks are a Poisson process, each unit in service fails at a
    shock with one probability, independent of the others (W. E. Vesely, *Estimating common cause
    failure probabilities in reliability and risk analyses*, in Nuclear Systems Reliability
    Engineering and Risk Assessment, SIAM, 1977). Failures of one unit alone are an `outage` beside.
    """

    kind: ClassVar[str] = "common_cause"
    looks_back: ClassVar[bool] = False

    components: list[str] = Field(min_length=1, description="Who may fail together.")
    mtbf: float = quantity(unit="h", gt=0, description="Mean time between shocks.")
    mttr: float = quantity(unit="h", gt=0, description="Mean time to repair one unit.")
    probability: float = quantity(
        1.0, unit="1", ge=0, le=1, description="That a unit fails at a shock."
    )

    def targets(self) -> dict[str, str]:
        """Components it acts on, each with the key that names it."""
        return {name: f"components.{i}" for i, name in enumerate(self.components)}

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Strike again and again; repairs go on beside."""
        self.enlist(world, name, self.components)
        rng = world.rng(name)
        out: set[str] = set()
        while True:
            yield world.after(weibull(rng, self.mtbf), Phase.DISRUPT, name)
            for component in sorted(set(self.components)):
                # Drawn whether needed or not, so that a shock's outcome depends on nothing else.
                hit, seconds = rng.random() < self.probability, weibull(rng, self.mttr)
                if hit and component not in out:
                    out.add(component)
                    world.limit(component, 0.0, by=name, cause="common cause")
                    world.env.process(self._repair(world, name, component, seconds, out))

    def _repair(
        self, world: Any, name: str, component: str, seconds: int, out: set[str]
    ) -> Generator[Any, None, None]:
        yield from self.work(world, name, seconds)
        out.remove(component)
        world.limit(component, 1.0, by=name, cause="repaired")
