"""A fuel, water or material that does not come, and what that does to prices."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from models.base import quantity
from twin.engine.actors.timing import Interruption, check_shares
from twin.engine.clock import Phase


class SupplyInterruption(Interruption):
    """An import is cut to a share of its limits; what stores hold carries the park through.

    Meanwhile prices may move: of what is left, and of what replaces it.
    """

    kind: ClassVar[str] = "supply_interruption"
    looks_back: ClassVar[bool] = False

    component: str = Field(description="The import that is cut.")
    remaining: float = quantity(
        0.0, unit="1", ge=0, le=1, description="Share of the limits that still comes."
    )
    price: dict[str, float] = quantity(
        {}, unit="1", description="Factor on the price of each component, such as gas: 3."
    )

    @model_validator(mode="after")
    def _shares(self) -> Self:
        check_shares(self.price, "price")
        return self

    def targets(self) -> dict[str, str]:
        """Components it acts on, each with the key that names it."""
        return {name: f"price.{name}" for name in self.price}

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Cut and restore."""
        world.check([self.component, *self.price], name)
        for occasion in self.occasions(world, world.rng(name)):
            yield world.at(occasion.begin, Phase.DISRUPT, name)
            world.limit(self.component, self.remaining, by=name, cause="supply cut")
            for component, factor in sorted(self.price.items()):
                world.cost(component, multiplier=factor, by=name, cause="supply cut")
            yield world.after(occasion.length, Phase.DISRUPT, name)
            world.limit(self.component, 1.0, by=name, cause="supply restored")
            for component in sorted(self.price):
                world.cost(component, multiplier=1.0, by=name, cause="supply restored")
