"""A fleet of electric vehicles: when they come, how long they stay, what they need, who decides."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from models.base import Actor, PhysicsError, quantity
from twin.engine.actors.reach import (
    are_workdays,
    check_room,
    costs,
    flow_named,
    flow_of,
    local_days,
    midnights,
    need,
    store_named,
)
from twin.engine.actors.scheduling import foreseen, offer
from twin.engine.actors.sessions import Sessions, fill
from twin.engine.actors.vehicle_pool import Pooled, pooled
from twin.engine.clock import Phase
from twin.network.network import Network


class Fleet(Actor):
    """Vehicles that come to park on most days and leave with what they need.

    Each vehicle comes at most once a local day. Arrival is normal around its hour, stay and energy
    are gamma with the stated mean and spread. A stay too short for the energy is logged as missed.

    `uncontrolled` charges at full power on arrival. `price` and `carbon` let each vehicle take its
    energy in the cheapest steps of its stay by the known tariff, or in those that had most sun and
    wind on the day before. These three draw on a demand component, step by step, as mean power.

    `v2g` makes the vehicles one battery: `component` is a battery that begins empty, arrivals and
    departures move their content, and its policy decides within the envelope that lets everybody
    leave with what they need. Vehicles then count from the first whole step to the last of their
    stay, and may pass energy among each other.
    """

    kind: ClassVar[str] = "fleet"
    looks_back: ClassVar[bool] = False

    component: str = Field(description="Demand that charges them; for v2g a battery.")
    vehicles: int = Field(ge=1, description="Number of vehicles.")
    presence: float = quantity(
        0.8,
        unit="1",
        ge=0,
        le=1,
        description="Probability that a vehicle comes on a working day.",
        source="assumed: leave, sickness, travel",
    )
    weekend_presence: float = quantity(
        0.0,
        unit="1",
        ge=0,
        le=1,
        description="The same on weekends and public holidays.",
        source="assumed: an industrial park",
    )
    arrival: float = quantity(
        8.5, unit="h", ge=0, lt=24, description="Local hour.", source="assumed: first shift"
    )
    arrival_spread: float = quantity(
        0.75, unit="h", ge=0, description="Standard deviation.", source="assumed: flexible hours"
    )
    stay: float = quantity(
        8.5, unit="h", gt=0, le=24, description="Mean stay.", source="assumed: a shift"
    )
    stay_spread: float = quantity(
        1.0, unit="h", ge=0, description="Standard deviation.", source="assumed: flexible hours"
    )
    energy: float = quantity(
        unit="MWh", gt=0, description="Mean energy for one vehicle, at the bus."
    )
    energy_spread: float = quantity(
        0.0, unit="MWh", ge=0, description="Standard deviation.", source="assumed: all the same"
    )
    power: float = quantity(
        unit="MW", gt=0, description="Largest power of one charger, at the bus."
    )
    mode: Literal["uncontrolled", "price", "carbon", "v2g"] = Field(
        "uncontrolled", description="Who decides when to charge."
    )
    price_of: str | None = Field(None, description="Component whose tariff `price` follows.")
    green: list[str] = Field([], description="Sun and wind plants that `carbon` follows.")
    battery: float | None = quantity(
        None, unit="MWh", gt=0, description="Usable content of one vehicle, for v2g."
    )
    minimum_soc: float = quantity(
        0.2,
        unit="1",
        ge=0,
        lt=1,
        description="Share of the content that v2g never takes.",
        source="assumed: a way home",
    )
    departure_soc: float = quantity(
        0.9,
        unit="1",
        gt=0,
        le=1,
        description="Share of the content at departure, for v2g.",
        source="assumed: not quite full, which would age the cells",
    )
    value_of_missed: float = quantity(
        5_000.0,
        unit="currency/MWh",
        gt=0,
        description="Penalty that lets v2g charge in time; steers and is never money.",
        source="assumed: far above any price",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        wants = {
            "price_of": self.mode == "price",
            "green": self.mode == "carbon",
            "battery": self.mode == "v2g",
        }
        for key, wanted in wants.items():
            if bool(getattr(self, key)) != wanted:
                raise PhysicsError(
                    f"mode '{self.mode}' {'needs' if wanted else 'does not use'} `{key}`",
                    key=key if not wanted else "mode",
                    mend=f"{'give' if wanted else 'leave out'} `{key}`",
                )
        if self.mode == "v2g" and self.minimum_soc >= self.departure_soc:
            raise PhysicsError(
                f"departure_soc {self.departure_soc:g} is not above minimum_soc "
                f"{self.minimum_soc:g}",
                key="departure_soc",
                mend="raise departure_soc",
            )
        return self

    def draw(self, world: Any, name: str) -> Sessions:
        """All sessions of the run, from the actor's own stream, one local day after the other."""
        rng = world.rng(name)
        edges, workday = midnights(world), are_workdays(world, local_days(world))
        parts = []
        for day, begin in enumerate(edges[:-1]):
            share = self.presence if workday[day] else self.weekend_presence
            here = rng.random(self.vehicles) < share
            hour = rng.normal(self.arrival, self.arrival_spread, self.vehicles)
            length = _gamma(rng, self.stay, self.stay_spread, self.vehicles)
            energy = _gamma(rng, self.energy, self.energy_spread, self.vehicles)
            arrive = begin + np.round(np.clip(hour, 0.0, 24.0 - 1 / 60) * 3600).astype(np.int64)
            seconds = np.round(np.clip(length, 1 / 60, 24.0) * 3600).astype(np.int64)
            here &= (arrive >= 0) & (arrive < world.horizon_s)
            parts.append((arrive[here], arrive[here] + seconds[here], energy[here]))
        arrive, depart, energy = (np.concatenate(part) for part in zip(*parts, strict=True))
        return Sessions.of(arrive, depart, energy, np.full(len(arrive), self.power))

    def check(self, network: Network) -> None:
        """Refuse a component that cannot charge."""
        named = flow_named if self.battery is None else store_named
        named(network, self.component, "component")

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Charge, or be a battery, step by step."""
        sessions = self.draw(world, name)
        if self.battery is not None:
            spec = Pooled(self.battery, self.minimum_soc, self.departure_soc, self.value_of_missed)
            yield from pooled(world, name, self.component, sessions, spec)
            return
        step_s, n_steps = world.program.step_s, world.program.n_steps
        plain = fill(sessions, np.arange(n_steps, dtype=float), step_s)
        power = plain
        if self.price_of is not None:
            power = fill(sessions, costs(world, self.price_of), step_s)
        elif self.green:
            power = fill(sessions, -foreseen(offer(world, self.green), step_s), step_s)
        flow = flow_of(world, self.component)
        check_room(world, flow, float(power.max()), f"fleet '{name}'")
        edges = midnights(world)
        new_day = np.zeros(n_steps, bool)
        new_day[edges[(edges >= 0) & (edges < world.horizon_s)] // step_s] = True
        new_day[0] = True
        change = new_day | (np.diff(power, prepend=-1.0) != 0)
        for k in np.flatnonzero(change):
            yield world.at(int(k) * step_s, Phase.DECIDE, name)
            need(world, flow, float(power[k]), by=name, quiet=True)
            if new_day[k]:
                self._tell(world, name, sessions, plain, power, int(k) * step_s)

    def _tell(
        self,
        world: Any,
        name: str,
        sessions: Sessions,
        plain: np.ndarray,
        power: np.ndarray,
        begin: int,
    ) -> None:
        """One line a day: peak if uncontrolled and as it is, and who comes."""
        step_s = world.program.step_s
        ahead = slice(begin // step_s, (begin + 86_400) // step_s)
        # Sessions are in the order of arrival.
        first, last = np.searchsorted(sessions.arrive, (begin, begin + 86_400))
        today = slice(int(first), int(last))
        cause = f"{last - first} vehicles need {sessions.energy[today].sum():.6g} MWh"
        missed = float(sessions.missed[today].sum())
        if missed:
            cause += f", {missed:.6g} MWh more than their stays allow"
        world.note(
            self.component,
            "charging_peak",
            float(plain[ahead].max(initial=0.0)),
            float(power[ahead].max(initial=0.0)),
            by=name,
            cause=cause,
        )


def _gamma(rng: np.random.Generator, mean: float, spread: float, n: int) -> np.ndarray:
    if spread == 0:
        return np.full(n, mean)
    return rng.gamma((mean / spread) ** 2, spread**2 / mean, n)
