"""A heat wave: machines give less, people ask for more."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar, Self

from pydantic import model_validator

from models.base import PhysicsError, quantity
from twin.engine.actors.timing import Spell, check_shares
from twin.engine.clock import Phase


class HeatWave(Spell):
    """Days hotter than the weather of the run, for what does not follow the weather by itself."""

    kind: ClassVar[str] = "heat_wave"
    looks_back: ClassVar[bool] = False

    derating: dict[str, float] = quantity(
        {}, unit="1", description="Share of its limits that each component keeps."
    )
    demand: dict[str, float] = quantity(
        {}, unit="1", description="Factor on each demand, such as 1.2 for cooling."
    )

    @model_validator(mode="after")
    def _sound(self) -> Self:
        check_shares(self.derating, "derating", most=1.0)
        check_shares(self.demand, "demand")
        both = sorted(set(self.derating) & set(self.demand))
        if both:
            raise PhysicsError(
                f"'{both[0]}' is both derated and in demand",
                key=f"demand.{both[0]}",
                mend="leave it in one of the two",
            )
        return self

    def targets(self) -> dict[str, str]:
        """Components it acts on, each with the key that names it."""
        return {name: f"derating.{name}" for name in self.derating} | {
            name: f"demand.{name}" for name in self.demand
        }

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Come and go."""
        factors = sorted({**self.derating, **self.demand}.items())
        world.check([component for component, _ in factors], name)
        for occasion in self.occasions(world, world.rng(name)):
            yield world.at(occasion.begin, Phase.DISRUPT, name)
            for component, factor in factors:
                world.limit(component, factor, by=name, cause="heat wave")
            yield world.after(occasion.length, Phase.DISRUPT, name)
            for component, _ in factors:
                world.limit(component, 1.0, by=name, cause="heat wave over")
