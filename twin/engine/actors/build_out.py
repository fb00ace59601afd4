"""Reconfiguration over years: commissioning, phases of building, ageing, replacement, phase-out."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.base import Actor, PhysicsError, quantity
from twin.engine.actors.timing import moment
from twin.engine.clock import Phase

YEAR_S = 8760 * 3600


class Stage(BaseModel):
    """A date from which a share of the component is there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: str = Field(description="Local date or time.")
    share: float = quantity(unit="1", ge=0, le=1, description="Share of its full limits.")


class BuildOut(Actor):
    """Holds a component to the share that is built, and to what age has left of it.

    The park describes the component at full size. Before the first stage it is not there; each
    stage sets its share, a last one of 0 phases it out. Ageing takes the same share of what is
    left at each anniversary of the first stage (or of the start of the run, where there is none)
    and of each replacement; a year is 8760 h. Stores are held to the same share of their capacity
    as flows to that of their limits; what stands above it stays until it is used.
    """

    kind: ClassVar[str] = "build_out"
    looks_back: ClassVar[bool] = False

    component: str = Field(description="What is built.")
    stages: list[Stage] = Field([], description="Dates and shares, in order of time.")
    ageing: float = quantity(
        0.0,
        unit="1/a",
        ge=0,
        lt=1,
        description="Share of the limits lost per year.",
        source="assumed: none",
    )
    life: float | None = quantity(
        None, unit="a", gt=0, description="Age at which it is replaced by a new one."
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.stages and not self.ageing:
            raise PhysicsError(
                "nothing is built and nothing ages",
                key="stages",
                mend="give `stages` or `ageing`",
            )
        times = [moment(stage.start, "stages") for stage in self.stages]
        if any(b <= a for a, b in zip(times, times[1:], strict=False)):
            raise PhysicsError(
                f"stages begin at {', '.join(stage.start for stage in self.stages)}",
                key="stages",
                mend="put them in the order of time, each once",
            )
        return self

    def changes(self, world: Any) -> list[tuple[int, float, str]]:
        """Second, share and cause of every change in the run, the state at its start first."""
        stages = [(world.seconds_of(s.start), s.share, s.start) for s in self.stages]
        birth, horizon_s = (stages[0][0] if stages else 0), world.horizon_s
        marks = {second: f"built to {share:g} on {text}" for second, share, text in stages}
        for begin, end in self._lives(birth, horizon_s):
            if begin > birth:
                marks.setdefault(begin, "replaced")
            if self.ageing:
                years = math.ceil((min(end, horizon_s) - begin) / YEAR_S)
                for n in range(1, years):
                    marks.setdefault(begin + n * YEAR_S, f"{n} years old")
        return [
            (t, self._share(t, stages, birth, horizon_s), marks.get(t, "as it is at the start"))
            for t in sorted({0, *marks})
            if 0 <= t < horizon_s
        ]

    def _lives(self, birth: int, horizon_s: int) -> list[tuple[int, int]]:
        """Begin and end of each life up to the horizon."""
        length = horizon_s - birth + 1 if self.life is None else round(self.life * YEAR_S)
        count = max(math.ceil((horizon_s - birth) / max(length, 1)), 1)
        return [(birth + n * length, birth + (n + 1) * length) for n in range(count)]

    def _share(
        self, second: int, stages: list[tuple[int, float, str]], birth: int, horizon_s: int
    ) -> float:
        built = 1.0 if not stages else 0.0
        for begin, share, _ in stages:
            if begin <= second:
                built = share
        age = 0
        for begin, end in self._lives(birth, horizon_s):
            if begin <= second < end:
                age = (second - begin) // YEAR_S
        return float(built * (1.0 - self.ageing) ** age)

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Set each share at its time."""
        last = 1.0
        for second, share, cause in self.changes(world):
            yield world.at(second, Phase.DECIDE, name)
            if share != last:
                world.limit(self.component, share, by=name, cause=cause)
                if any(s.component == self.component for s in world.network.stores.values()):
                    world.capacity(self.component, share, by=name, cause=cause)
                last = share
