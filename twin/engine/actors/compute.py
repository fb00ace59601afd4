"""Compute workload: jobs with deadlines that run when, and where, power is cleanest."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.base import Actor, PhysicsError, quantity
from twin.engine.actors.reach import flow_named, flow_of, limits, need
from twin.engine.actors.scheduling import Outlook
from twin.engine.clock import Phase
from twin.network.network import Network


class Place(BaseModel):
    """A data centre that may take jobs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    component: str = Field(description="Demand that feeds its servers; its limit is their power.")
    intensity: list[float] = quantity(
        unit="tCO2/MWh", description="Of its power, by local hour: 24 values, or one for all."
    )
    latency: float = quantity(
        0.0, unit="s", ge=0, description="Of an answer to its users.", source="assumed: none"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.intensity) not in (1, 24):
            raise PhysicsError(
                f"intensity has {len(self.intensity)} values",
                key="intensity",
                mend="give one value, or one for each of the 24 hours",
            )
        return self


class Compute(Actor):
    """Jobs of one kind arrive; each runs once, without a break, at one site.

    `at_once` starts each at its home as soon as there is room. `carbon` chooses site and start for
    the least carbon among those that keep the deadline, the latency of the job and the power of
    the sites; moving away from home takes time. Where nothing keeps the deadline, the job runs at
    home when it can, and the log says how late.
    """

    kind: ClassVar[str] = "compute"
    looks_back: ClassVar[bool] = False

    sites: dict[str, Place] = Field(min_length=1, description="Data centres by name.")
    home: str = Field(description="Site where jobs arrive.")
    every: float = quantity(unit="h", gt=0, description="Mean time between jobs.")
    arrivals: Literal["regular", "poisson"] = Field("poisson", description="How they arrive.")
    power: float = quantity(unit="MW", gt=0, description="Of one job.")
    duration: float = quantity(unit="h", gt=0, description="Of one job.")
    slack: float = quantity(
        0.0, unit="h", ge=0, description="Time a job can wait.", source="assumed: none"
    )
    latency_limit: float = quantity(
        60.0, unit="s", ge=0, description="Most that a job bears.", source="assumed: batch jobs"
    )
    migration: float = quantity(
        0.0, unit="h", ge=0, description="Time to move a job's data.", source="assumed: none"
    )
    rule: Literal["at_once", "carbon"] = Field("carbon", description="When and where to run.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.home not in self.sites:
            raise PhysicsError(
                f"home '{self.home}' is no site",
                key="home",
                mend=f"name one of {', '.join(sorted(self.sites))}",
            )
        return self

    def check(self, network: Network) -> None:
        """Refuse a site that the network does not have."""
        for key, place in sorted(self.sites.items()):
            flow_named(network, place.component, f"sites.{key}.component")

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Take job after job."""
        hall = _Hall(self, world, name)
        rng, arrival, number = world.rng(name), 0.0, 0
        while True:
            gap = self.every * 3600
            arrival += rng.exponential(gap) if self.arrivals == "poisson" else gap
            yield world.at(round(arrival), Phase.DECIDE, name)
            number += 1
            site, start = hall.place()
            world.env.process(hall.run(number, site, start, world.now))


@dataclass
class _Site:
    """A site in the run: its flow, power, outlook, and what is promised of it."""

    key: str
    flow: int
    most: float
    outlook: Outlook
    promised: list[tuple[int, int]] = field(default_factory=list)


class _Hall:
    """Chooses a site and a start for each job, and runs it."""

    def __init__(self, spec: Compute, world: Any, name: str) -> None:
        self.spec, self.world, self.name = spec, world, name
        self.length = max(1, round(spec.duration * 3600))
        others = sorted(key for key in spec.sites if key != spec.home)
        self.sites = [self._site(key) for key in (spec.home, *others)]

    def _site(self, key: str) -> _Site:
        world, place = self.world, self.spec.sites[key]
        flow = flow_of(world, place.component)
        most = float(limits(world, flow).min())
        if self.spec.power > most * (1 + 1e-9):
            raise ValueError(
                f"a job of '{self.name}' takes {self.spec.power:.6g} MW, but '{place.component}' "
                f"has {most:.6g}; to mend: raise its limit or leave the site out"
            )
        need(world, flow, 0.0, by=self.name)
        step_s = world.program.step_s
        n = world.program.n_steps + math.ceil(48 * 3600 / step_s)
        times = pd.date_range(world.start, periods=n, freq=pd.Timedelta(seconds=step_s))
        hourly = np.array(place.intensity * (24 // len(place.intensity)))
        outlook = Outlook(hourly[np.asarray(times.hour)], step_s)
        return _Site(key, flow, most, outlook)

    def place(self) -> tuple[_Site, int]:
        """Site and start of a job that arrives now, with its power promised."""
        now, spec = self.world.now, self.spec
        latest = now + round(spec.slack * 3600)
        profile = [(self.length, spec.power)]
        best: tuple[float, _Site, int] | None = None
        for site in self.sites if spec.rule == "carbon" else []:
            site.promised = [span for span in site.promised if span[1] > now]
            away = site.key != spec.home
            earliest = now + (round(spec.migration * 3600) if away else 0)
            if spec.sites[site.key].latency > spec.latency_limit or earliest > latest:
                continue
            start = site.outlook.best_start(
                earliest, latest, profile, self._fits(site), self._edges(site)
            )
            if start is None:
                continue
            burden = float(site.outlook.burden(np.array([start]), profile)[0])
            # The first of equals is home, then by name.
            if best is None or burden < best[0] - 1e-9 * max(abs(best[0]), 1.0):
                best = (burden, site, start)
        if best is not None:
            _, site, start = best
        else:
            site = self.sites[0]
            fits = self._fits(site)
            start = next(t for t in sorted({now, *self._edges(site)}) if t >= now and fits(t))
        site.promised.append((start, start + self.length))
        return site, start

    def _edges(self, site: _Site) -> list[int]:
        """Starts at which room may come or end."""
        return sorted({t for a, b in site.promised for t in (b, a - self.length)})

    def _fits(self, site: _Site) -> Callable[[int], bool]:
        places = math.floor(site.most / self.spec.power + 1e-9)

        def fits(start: int) -> bool:
            end = start + self.length
            inside = [(max(a, start), b) for a, b in site.promised if a < end and b > start]
            return all(sum(a <= t < b for a, b in inside) < places for t, _ in inside)

        return fits

    def run(self, number: int, site: _Site, start: int, arrival: int) -> Generator[Any, None, None]:
        """One job from its placement to its end."""
        world, name, spec = self.world, self.name, self.spec
        component, cause = spec.sites[site.key].component, f"job {number} at {site.key}"
        profile = [(self.length, spec.power)]
        plain = self.sites[0].outlook.burden(np.array([arrival]), profile)[0] / 3600
        ours = site.outlook.burden(np.array([start]), profile)[0] / 3600
        world.note(component, "placed", plain, ours, by=name, cause=f"{cause} [t CO2]")
        yield world.at(start, Phase.DECIDE, name)
        need(world, site.flow, spec.power, by=name, part=cause, cause=cause)
        yield world.after(self.length, Phase.DISRUPT, name)
        need(world, site.flow, 0.0, by=name, part=cause, cause=cause)
        late = (start - arrival) / 3600 - spec.slack
        if late > 1e-6:
            cause += f", {late:.6g} h late"
        world.note(component, "done", arrival / 3600, world.now / 3600, by=name, cause=cause)
