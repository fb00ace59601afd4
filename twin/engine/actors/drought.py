"""A drought: rivers fall over weeks, stay low, and rise again."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar, Self

from pydantic import model_validator

from models.base import PhysicsError, quantity
from twin.engine.actors.timing import Spell, check_shares
from twin.engine.clock import Phase

DAY_S = 86_400


class Drought(Spell):
    """Hydropower and water supply fall to a share of their limits, day by day, and recover.

    `duration` counts from the first day of falling to the last of rising. The fall and the rise
    are straight lines, taken in equal pieces of about a day at the middle of each, so that the sum
    is that of the line. The pattern is that of Sichuan in August 2022, where the inflow of the
    rivers in the flood season fell by half within weeks.
    """

    kind: ClassVar[str] = "drought"
    looks_back: ClassVar[bool] = False

    remaining: dict[str, float] = quantity(
        unit="1", description="Share of its limits that each component keeps at the lowest."
    )
    onset: float = quantity(
        0.0, unit="h", ge=0, description="Time from the first fall to the lowest."
    )
    recovery: float = quantity(0.0, unit="h", ge=0, description="Time of rising at the end.")

    @model_validator(mode="after")
    def _sound(self) -> Self:
        check_shares(self.remaining, "remaining", most=1.0)
        if self.onset + self.recovery > self.duration:
            raise PhysicsError(
                f"falling for {self.onset:g} h and rising for {self.recovery:g} h takes longer "
                f"than the {self.duration:g} h of the drought",
                key="duration",
                mend="count both in the duration",
            )
        return self

    def targets(self) -> dict[str, str]:
        """Components it acts on, each with the key that names it."""
        return {name: f"remaining.{name}" for name in self.remaining}

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Fall, stay and rise."""
        world.check(self.remaining, name)
        onset, recovery = round(self.onset * 3600), round(self.recovery * 3600)
        for occasion in self.occasions(world, world.rng(name)):
            # One that began before the run is that much nearer its end.
            full = round(self.duration * 3600)
            begin = occasion.begin - (full - occasion.length)
            pieces = [(0, 0.0)] if not onset else _line(0, onset)
            pieces += [(onset, 1.0)]
            pieces += [(at, 1.0 - depth) for at, depth in _line(full - recovery, recovery)]
            for at, depth in pieces:
                yield world.at(begin + at, Phase.DISRUPT, name)
                self._hold(world, name, depth, "drought")
            yield world.at(begin + full, Phase.DISRUPT, name)
            self._hold(world, name, 0.0, "drought over")

    def _hold(self, world: Any, name: str, depth: float, cause: str) -> None:
        for component, lowest in sorted(self.remaining.items()):
            world.limit(component, 1.0 - (1.0 - lowest) * depth, by=name, cause=cause)


def _line(begin: int, length: int) -> list[tuple[int, float]]:
    """A rise from 0 to 1 in equal pieces of about a day: when each begins, and its middle."""
    n = max(1, round(length / DAY_S)) if length else 0
    return [(begin + round(k * length / n), (k + 0.5) / n) for k in range(n)]
