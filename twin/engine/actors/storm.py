"""A storm: less from sun and wind while it blows, damage, and repairs one after the other."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import model_validator

from models.base import quantity
from twin.engine.actors.timing import Repair, Spell, check_shares, weibull
from twin.engine.clock import Phase


class Storm(Spell, Repair):
    """A typhoon or gale over the park.

    While it lasts, each component has what `remaining` leaves it: wind turbines cut out, clouds
    darken the modules. As it strikes, each component breaks with its probability of `damage`, and
    stays out until it is repaired; repairs begin when the storm is over, in the order of names
    where the crew is short.
    """

    kind: ClassVar[str] = "storm"
    looks_back: ClassVar[bool] = False

    remaining: dict[str, float] = quantity(
        {}, unit="1", description="Share of its limits that each component keeps in the storm."
    )
    damage: dict[str, float] = quantity(
        {}, unit="1", description="Probability that a storm breaks each component."
    )
    mttr: float = quantity(
        72.0, unit="h", gt=0, source="assumed: three days", description="Mean time of one repair."
    )

    @model_validator(mode="after")
    def _shares(self) -> Self:
        for key in ("remaining", "damage"):
            check_shares(getattr(self, key), key, most=1.0)
        return self

    def targets(self) -> dict[str, str]:
        """Components it acts on, each with the key that names it."""
        return {name: f"remaining.{name}" for name in self.remaining} | {
            name: f"damage.{name}" for name in self.damage
        }

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Blow again and again; repairs go on beside."""
        rng = world.rng(name)
        state = _State(set(), blowing=False)
        touched = sorted({*self.remaining, *self.damage})
        self.enlist(world, name, touched)
        for occasion in self.occasions(world, rng):
            yield world.at(occasion.begin, Phase.DISRUPT, name)
            state.blowing = True
            struck = []
            for component in touched:
                # Drawn whether needed or not, so that a blow's outcome depends on nothing else.
                hit = rng.random() < self.damage.get(component, 0.0)
                seconds = weibull(rng, self.mttr)
                if hit and component not in state.broken:
                    state.broken.add(component)
                    struck.append((component, seconds))
                self._hold(world, name, component, state, "damage" if hit else "storm")
            yield world.after(occasion.length, Phase.DISRUPT, name)
            state.blowing = False
            for component in touched:
                if component not in state.broken:
                    self._hold(world, name, component, state, "storm over")
            for component, seconds in struck:
                world.env.process(self._repair(world, name, component, seconds, state))

    def _repair(
        self, world: Any, name: str, component: str, seconds: int, state: _State
    ) -> Generator[Any, None, None]:
        yield from self.work(world, name, seconds)
        state.broken.remove(component)
        self._hold(world, name, component, state, "repaired")

    def _hold(self, world: Any, name: str, component: str, state: _State, cause: str) -> None:
        share = self.remaining.get(component, 1.0) if state.blowing else 1.0
        if component in state.broken:
            share = 0.0
        world.limit(component, share, by=name, cause=cause)


@dataclass
class _State:
    """What a storm has broken so far, and whether it blows."""

    broken: set[str]
    blowing: bool
