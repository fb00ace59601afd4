"""Batch production: jobs go through the steps of a recipe, each on a machine with its needs."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.base import Actor, PhysicsError, port, quantity
from twin.engine.actors.reach import (
    check_room,
    costs,
    flow_named,
    flow_of,
    need,
    per_unit,
    supplied,
)
from twin.engine.actors.scheduling import Outlook, Pool, foreseen, offer
from twin.engine.actors.timing import moment
from twin.engine.clock import Phase
from twin.network.network import Network

Rule = Literal["fifo", "earliest_due", "cheapest", "greenest"]


class Step(BaseModel):
    """One step of a recipe."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    machine: str = Field(description="Kind of machine it needs.")
    duration: float = quantity(unit="h", gt=0, description="Time on the machine.")
    needs: dict[str, float] = quantity(
        {},
        unit="rate of key",
        description="What it takes while it runs, by bus.",
        source="assumed: nothing unless stated",
    )


class Job(BaseModel):
    """One batch that is known beforehand."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    release: str = Field(description="Local time from which it may begin.")
    due: str | None = Field(None, description="Local time at which it should be done.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        release = moment(self.release, "release")
        if self.due is not None and moment(self.due, "due") <= release:
            raise PhysicsError(
                f"a job released at {self.release} is due at {self.due}",
                key="due",
                mend="let it be due after its release",
            )
        return self


@dataclass
class _Order:
    """A job on its way: its number, and seconds of release and due."""

    number: int
    release: int
    due: int


class Batch(Actor):
    """Jobs released over time, run on machines that take one job each.

    What a step needs is asked of the components in `draws`, one for each bus: a demand, which
    falls short where supply does, or another flow, which is held at the need. Jobs on several
    machines, and several batch actors, add up. A step runs its time even if its needs were not
    met; what was missing shows as unserved.

    `fifo` and `earliest_due` begin as soon as a machine is free. `cheapest` and `greenest` choose,
    when a job is released, the start before its due time that costs least by the known tariff, or
    that meets most sun and wind by the weather of the day before, among the times at which
    machines are not yet promised.
    """

    kind: ClassVar[str] = "batch"
    looks_back: ClassVar[bool] = False

    recipe: list[Step] = Field(min_length=1, description="Steps in their order.")
    machines: dict[str, int] = Field(description="How many there are of each kind of machine.")
    draws: dict[str, str] = port(
        {}, kind="any", description="Component that takes what the steps need, for each bus."
    )
    every: float | None = quantity(None, unit="h", gt=0, description="Time between releases.")
    arrivals: Literal["regular", "poisson"] = Field(
        "regular", description="Releases at equal times, or at random with that mean."
    )
    allowance: float | None = quantity(
        None, unit="h", gt=0, description="Time from release to due, for jobs released by `every`."
    )
    jobs: list[Job] = Field([], description="Jobs with their own times, instead of `every`.")
    variation: Literal["fixed", "exponential"] = Field(
        "fixed", description="Durations as stated, or random with that mean."
    )
    rule: Rule = Field("fifo", description="Which job comes next, and when it may begin.")
    price_of: str | None = Field(None, description="Component whose tariff `cheapest` follows.")
    green: list[str] = Field([], description="Sun and wind plants that `greenest` follows.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.every is None) == (not self.jobs):
            raise PhysicsError(
                "a batch actor needs either `every` or `jobs`",
                key="every",
                mend="give the time between releases, or a list of jobs",
            )
        for step in self.recipe:
            if self.machines.get(step.machine, 0) < 1:
                raise PhysicsError(
                    f"a step needs machine '{step.machine}', of which there are "
                    f"{self.machines.get(step.machine, 0)}",
                    key="machines",
                    mend="say how many there are under `machines`",
                )
            missing = sorted(set(step.needs) - set(self.draws))
            if missing:
                raise PhysicsError(
                    f"nobody takes {', '.join(missing)} for the step on '{step.machine}'",
                    key="draws",
                    mend="name a component for each of these buses under `draws`",
                )
        if (self.rule == "cheapest") != (self.price_of is not None):
            raise PhysicsError(
                f"rule '{self.rule}' with price_of {self.price_of}",
                key="rule",
                mend="`price_of` belongs to rule cheapest, and only to it",
            )
        if (self.rule == "greenest") != bool(self.green):
            raise PhysicsError(
                f"rule '{self.rule}' with {len(self.green)} plants under green",
                key="rule",
                mend="`green` belongs to rule greenest, and only to it",
            )
        due = self.allowance is not None or (self.jobs and all(job.due for job in self.jobs))
        if self.rule != "fifo" and not due:
            raise PhysicsError(
                f"rule '{self.rule}' needs due times",
                key="rule",
                mend="give `allowance`, or a due time for each job",
            )
        return self

    def check(self, network: Network) -> None:
        """Refuse draws that the network does not have."""
        for bus, component in sorted(self.draws.items()):
            flow_named(network, component, f"draws.{bus}")

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Release jobs; each then runs as a process of its own."""
        shop = _Shop(self, world, name)
        for order in self._orders(world, name):
            yield world.at(order.release, Phase.OBSERVE, name)
            cause = f"job {order.number}"
            world.note(name, "release", 0.0, float(order.number), by=name, cause=cause)
            world.env.process(shop.job(order))

    def _orders(self, world: Any, name: str) -> Iterator[_Order]:
        """Jobs in the order of their release."""
        if self.every is None:
            known = [
                (
                    world.seconds_of(job.release),
                    world.seconds_of(job.due) if job.due else 10**15,
                )
                for job in self.jobs
            ]
            for number, (release, due) in enumerate(sorted(known, key=lambda times: times[0]), 1):
                yield _Order(number, max(release, 0), due)
            return
        rng = world.rng(f"{name}/releases")
        gap, number, lead = self.every * 3600, 0, self.allowance
        release = rng.exponential(gap) if self.arrivals == "poisson" else 0.0
        while release < world.horizon_s:
            number += 1
            second = round(release)
            yield _Order(number, second, second + round(lead * 3600) if lead else 10**15)
            release += rng.exponential(gap) if self.arrivals == "poisson" else gap


class _Shop:
    """Machines, and what has been promised of them."""

    def __init__(self, spec: Batch, world: Any, name: str) -> None:
        self.spec, self.world, self.name = spec, world, name
        self.pools = {m: Pool(world, name, n) for m, n in sorted(spec.machines.items())}
        self.promised: dict[str, list[tuple[int, int]]] = {m: [] for m in self.pools}
        self.flows = {bus: flow_of(world, c) for bus, c in sorted(spec.draws.items())}
        self.rates = [
            {b: rate * per_unit(world, self.flows[b], b) for b, rate in sorted(step.needs.items())}
            for step in spec.recipe
        ]
        for bus, flow in self.flows.items():
            most = dict.fromkeys(self.pools, 0.0)
            for step, rates in zip(spec.recipe, self.rates, strict=True):
                most[step.machine] = max(most[step.machine], rates.get(bus, 0.0))
            total = sum(most[m] * n for m, n in spec.machines.items())
            check_room(world, flow, total, f"batch actor '{name}'")
            need(world, flow, 0.0, by=name)
        self.outlook = self._outlook()
        self.weights = self._weights()

    def _outlook(self) -> Outlook | None:
        step_s = self.world.program.step_s
        if self.spec.price_of is not None:
            return Outlook(costs(self.world, self.spec.price_of), step_s)
        if self.spec.green:
            return Outlook(-foreseen(offer(self.world, self.spec.green), step_s), step_s)
        return None

    def job(self, order: _Order) -> Generator[Any, None, None]:
        """One job from release to end."""
        world, spec, name = self.world, self.spec, self.name
        label = f"job {order.number}"
        first_come = (order.release, order.number)
        key = first_come if spec.rule == "fifo" else (order.due, *first_come)
        if self.outlook is not None:
            # All that is released in an instant is known before anybody chooses.
            yield world.at(world.now, Phase.DECIDE, name)
            yield world.at(self._choose(order), Phase.DECIDE, name)
        # A stream of its own lets a job take the same time under every rule.
        rng = world.rng(f"{name}/job/{order.number}")
        for k, step in enumerate(spec.recipe):
            pool = self.pools[step.machine]
            yield pool.ask(key)
            busy = spec.machines[step.machine] - pool.free
            cause = f"{label} step {k + 1}"
            world.note(step.machine, "start", busy - 1.0, float(busy), by=name, cause=cause)
            for bus, rate in self.rates[k].items():
                need(world, self.flows[bus], rate, by=name, part=label, cause=cause)
            yield world.after(self._seconds(step, rng), Phase.DISRUPT, name)
            for bus in self.rates[k]:
                need(world, self.flows[bus], 0.0, by=name, part=label, cause=cause)
            busy = spec.machines[step.machine] - pool.free
            world.note(step.machine, "end", float(busy), busy - 1.0, by=name, cause=cause)
            pool.leave()
        late = max(world.now - order.due, 0) / 3600
        cause = f"{label}, {late:.6g} h late" if late else f"{label}, in time"
        world.note(name, "finish", order.release / 3600, world.now / 3600, by=name, cause=cause)

    def _seconds(self, step: Step, rng: np.random.Generator) -> int:
        mean = step.duration * 3600
        random = self.spec.variation == "exponential"
        return max(1, round(rng.exponential(mean) if random else mean))

    def _choose(self, order: _Order) -> int:
        """Start of a job by the outlook, with its machines promised to it."""
        now, outlook = self.world.now, self.outlook
        assert outlook is not None
        lengths = [max(1, round(step.duration * 3600)) for step in self.spec.recipe]
        profile = list(zip(lengths, self.weights, strict=True))
        begins = np.cumsum([0, *lengths])
        for machine, spans in self.promised.items():
            self.promised[machine] = [span for span in spans if span[1] > now]
        also = {
            end - int(begin)
            for step, begin in zip(self.spec.recipe, begins, strict=False)
            for _, end in self.promised[step.machine]
        }
        also |= {
            start - int(end)
            for step, end in zip(self.spec.recipe, begins[1:], strict=True)
            for start, _ in self.promised[step.machine]
        }
        latest = order.due - int(begins[-1])
        start = outlook.best_start(now, latest, profile, self._fits(lengths), sorted(also))
        start = now if start is None else start
        for step, begin, length in zip(self.spec.recipe, begins, lengths, strict=False):
            self.promised[step.machine].append((start + int(begin), start + int(begin) + length))
        return start

    def _fits(self, lengths: list[int]) -> Any:
        def fits(start: int) -> bool:
            begin = start
            own: dict[str, list[tuple[int, int]]] = {}
            for step, length in zip(self.spec.recipe, lengths, strict=True):
                span = (begin, begin + length)
                taken = [*self.promised[step.machine], *own.get(step.machine, [])]
                if _most_at_once(taken, span) >= self.spec.machines[step.machine]:
                    return False
                own.setdefault(step.machine, []).append(span)
                begin += length
            return True

        return fits

    def _weights(self) -> list[float]:
        """What each step takes of what the rule looks at; where it takes none, hours are alike."""
        followed = [*self.spec.green, *([self.spec.price_of] if self.spec.price_of else [])]
        buses = set().union(*(supplied(self.world, name) for name in followed))
        weights = [
            math.fsum(rate for bus, rate in step.needs.items() if bus in buses)
            for step in self.spec.recipe
        ]
        return weights if any(weights) else [1.0] * len(weights)


def _most_at_once(spans: list[tuple[int, int]], window: tuple[int, int]) -> int:
    """Largest number of spans that overlap at one moment of a window."""
    begin, end = window
    inside = [(a, b) for a, b in spans if a < end and b > begin]
    over = sorted(b for _, b in inside)
    most = ended = 0
    for begun, start in enumerate(sorted(max(a, begin) for a, _ in inside), start=1):
        while over[ended] <= start:
            ended += 1
        most = max(most, begun - ended)
    return most
