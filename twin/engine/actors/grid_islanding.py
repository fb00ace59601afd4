"""The public grid goes away: the park rides through as an island, or starts from black."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar

from pydantic import Field

from models.base import quantity
from twin.engine.actors.timing import Interruption
from twin.engine.clock import Phase


class GridIslanding(Interruption):
    """Cuts the connection; unless the transition succeeds, units trip and need a black start.

    Units that need the grid's frequency to run trip with it and come back after the black start,
    or when the grid does, if that is sooner. With `mtbf` and `mttr` from a grid's reliability
    (SAIFI, CAIDI), the hours without power are those of the park behind it.
    """

    kind: ClassVar[str] = "grid_islanding"
    looks_back: ClassVar[bool] = False

    component: str = Field(description="The connection that is lost.")
    units: list[str] = Field(
        default_factory=list, description="What trips with the grid unless the island forms."
    )
    ride_through: float = quantity(
        0.0, unit="1", ge=0, le=1, description="Probability that the island forms without a trip."
    )
    black_start: float = quantity(
        0.5,
        unit="h",
        ge=0,
        source="assumed: half an hour",
        description="Time until the tripped units run again.",
    )

    def targets(self) -> dict[str, str]:
        """Components it acts on, each with the key that names it."""
        return {name: f"units.{i}" for i, name in enumerate(self.units)}

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Part and join again."""
        rng = world.rng(name)
        units = sorted(set(self.units))
        world.check([self.component, *units], name)
        for occasion in self.occasions(world, rng):
            seamless = rng.random() < self.ride_through
            yield world.at(occasion.begin, Phase.DISRUPT, name)
            world.limit(self.component, 0.0, by=name, cause="grid lost")
            if not seamless:
                dark = min(round(self.black_start * 3600), occasion.length)
                for unit in units:
                    world.limit(unit, 0.0, by=name, cause="tripped")
                yield world.after(dark, Phase.DISRUPT, name)
                cause = "black start" if dark < occasion.length else "grid back"
                for unit in units:
                    world.limit(unit, 1.0, by=name, cause=cause)
            yield world.at(occasion.begin + occasion.length, Phase.DISRUPT, name)
            world.limit(self.component, 1.0, by=name, cause="grid back")
