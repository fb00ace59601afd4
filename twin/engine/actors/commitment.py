"""A machine that is off, starting, or on at no less than its minimum load."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from models.base import Actor, Flow, PhysicsError, quantity
from twin.engine.actors.reach import limits, need, pay
from twin.engine.actors.switched import Parts
from twin.engine.clock import Phase
from twin.network.network import Network

OFF, STARTING, ON = 0.0, 0.5, 1.0
NEAR = 1e-6
"""Share by which an amount may miss another and still count as it."""

SERVED = 1.0 - NEAR


class Commitment(Actor):
    """Switches a machine on and off by what is offered now and was before; it sees no forecast.

    On the bus of `component`, the limits of `supply` less those of `loads` are its surplus (or with
    `follows: shortage` the reverse, for an engine that fills a gap). The machine starts when that
    has been at least `start_above` for a while, and stops when it has been below `stop_below` for a
    while; without `supply` and `loads` it is always wanted. Off, all its flows stand still: what
    only it could take needs another way out.

    On, its flow `minimum` (made by models with a `minimum_load`) is held at its limit by a penalty,
    never by a bound, so being on leaves no step without a solution: with `worth` above the prices
    it runs at least so much at any price, and with `worth` below the value of lost load it goes
    before people do. Where not even that much can be served, that step has less, and the machine
    stops at the end of it; so does one that fails. A component of one flow and no minimum runs full
    or not at all.

    A start makes nothing for its duration, which is short if the machine is still warm. It asks
    `heating` (a demand on call, by default the model's flow `standby`) for power, and goes on only
    as far as that is served; while it is off and warm it asks for `standby_power`. Decisions fall
    on the beginnings of steps, but for the end of a start. What is offered "now" is the mean of the
    step that begins, so a step of a day would be a day of foresight: keep steps short.
    """

    kind: ClassVar[str] = "commitment"
    looks_back: ClassVar[bool] = False

    component: str = Field(description="Machine that is switched.")
    bus: str | None = Field(
        None, description="Bus where offers count; without it, the main bus of the machine."
    )
    supply: list[str] = Field([], description="Components or flows whose offers to the bus count.")
    loads: list[str] = Field([], description="Components or flows that come before the machine.")
    follows: Literal["surplus", "shortage"] = Field(
        "surplus", description="Whether it runs on what is left over, or fills what is missing."
    )
    start_above: float | None = quantity(
        None, unit="MW", description="Surplus from which it starts; without it, its least load."
    )
    stop_below: float | None = quantity(
        None, unit="MW", description="Surplus below which it stops; without it, its least load."
    )
    start_after: float = quantity(
        0.0, unit="h", ge=0, description="How long the surplus must have lasted.",
        source="assumed: at once",
    )  # fmt: skip
    stop_after: float = quantity(
        0.0, unit="h", ge=0, description="How long the surplus must have been too small.",
        source="assumed: at once",
    )  # fmt: skip
    minimum_up: float = quantity(
        0.0, unit="h", ge=0, description="Least time on, unless it cannot be served or fails.",
        source="assumed: none",
    )  # fmt: skip
    minimum_down: float = quantity(
        0.0, unit="h", ge=0, description="Least time off.", source="assumed: none"
    )
    start_duration: float = quantity(
        0.0, unit="h", ge=0, description="Of a start from cold.", source="assumed: none"
    )
    warm_start_duration: float = quantity(
        0.0, unit="h", ge=0, description="Of a start from warm.", source="assumed: none"
    )
    stays_warm: float = quantity(
        0.0, unit="h", ge=0, description="How long after a stop it is warm.",
        source="assumed: cold at once",
    )  # fmt: skip
    heating: str | None = Field(
        None, description="Demand on call that a start and standby ask for power."
    )
    start_power: float = quantity(
        0.0, unit="MW", ge=0, description="Asked for during a start.", source="assumed: none"
    )
    standby_power: float = quantity(
        0.0, unit="MW", ge=0, description="Asked for while off and warm.", source="assumed: none"
    )
    start_cost: float = quantity(
        0.0, unit="currency", ge=0, description="Money for each start.", source="assumed: none"
    )
    worth: float = quantity(
        1_000.0,
        unit="currency/MWh",
        gt=0,
        description="Penalty on each unit of the minimum not served; steers, and is never money.",
        source="assumed: above prices of energy, below the value of lost load",
    )
    initially: Literal["off", "on"] = Field("off", description="How it is found; off is cold.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.warm_start_duration > self.start_duration:
            raise PhysicsError(
                f"a warm start of {self.warm_start_duration:g} h is longer than a cold one of "
                f"{self.start_duration:g} h",
                key="warm_start_duration",
                mend="give at most `start_duration`",
            )
        start, stop = self.start_above, self.stop_below
        if start is not None and stop is not None and stop > start:
            raise PhysicsError(
                f"it starts from {start:g} MW and stops below {stop:g} MW",
                key="stop_below",
                mend="give at most `start_above`",
            )
        return self

    def targets(self) -> dict[str, str]:
        """Components it looks at or asks, each with the key that names it."""
        return {name: f"supply.{i}" for i, name in enumerate(self.supply)} | {
            name: f"loads.{i}" for i, name in enumerate(self.loads)
        }

    def check(self, network: Network) -> None:
        """Refuse a machine, offers or heating that the network does not have.

        Raises
        ------
        PhysicsError
        """
        Parts.of(self, network)

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Look at each step, and when a start is done."""
        machine = _Machine(self, world, name)
        while True:
            yield world.at(machine.due, Phase.DECIDE, name)
            machine.look()


class _Machine:
    """The machine, as its controller knows it. Times are whole seconds."""

    def __init__(self, spec: Commitment, world: Any, name: str) -> None:
        self.spec, self.world, self.name = spec, world, name
        flows = world.network.flows
        place = {flow: j for j, flow in enumerate(flows)}
        parts = Parts.of(spec, world.network)
        self.heating = None if parts.heating is None else place[parts.heating]
        self.flows = [place[flow] for flow in parts.own]
        self.least = place[parts.least]
        self.needed = limits(world, self.least) * _per(flows[parts.least], parts.bus)
        self.offers = []
        for sign, flow in parts.offers:
            per = np.broadcast_to(_per(flows[flow], parts.bus), self.needed.shape)
            self.offers.append((sign, place[flow], limits(world, place[flow]), per))
        self.state = OFF
        self.since = self.stopped = -math.inf
        self.good = self.bad = math.inf
        self.done = self.length = self.asked = 0.0
        self.due = self.seen = 0
        self.before = self._sums()
        if spec.initially == "on":
            self.state = ON
            world.state.steer_adder[self.least] -= spec.worth
        else:
            self._close(0.0)

    def look(self) -> None:
        """Take in what was and what is, and switch."""
        spec, world, before = self.spec, self.world, self.state
        step = min(world.now // world.program.step_s, world.program.n_steps - 1)
        needed = float(self.needed[step] * world.state.limit_multiplier[self.least])
        wanted = self._wanted(step)
        self._time(wanted, needed)
        cause = self._past(needed) or self._choice(wanted, needed)
        if self.state == STARTING and self.done >= self.length * SERVED:
            self.state, self.since = ON, world.now
            cause = cause or "started"
        if self.state != before:
            world.note(spec.component, "commitment", before, self.state, by=self.name, cause=cause)
            if self.state == ON:
                self._close(math.inf)
                world.state.steer_adder[self.least] -= spec.worth
            elif before == ON:
                self._close(0.0)
                world.state.steer_adder[self.least] += spec.worth
            if self.state == ON and spec.start_cost:
                pay(world, spec.component, spec.start_cost, by=self.name, cause="start")
        self._ask()
        self.due = (world.now // world.program.step_s + 1) * world.program.step_s
        if self.state == STARTING:
            self.due = min(self.due, world.now + max(math.ceil(self.length - self.done), 1))
        self.seen, self.before = world.now, self._sums()

    def _past(self, needed: float) -> str:
        """Why it cannot go on, if so; takes a start forward by the heat it got."""
        seconds = self.world.now - self.seen
        amount, offered, heat = (a - b for a, b in zip(self._sums(), self.before, strict=True))
        if self.state == STARTING:
            due = self.asked * seconds / 3600
            self.done += seconds * (min(heat / due, 1.0) if due > 0 else 1.0)
        if self.state != OFF and needed <= 0:
            self._stop()
            return "out of service"
        if self.state == ON and amount < offered * SERVED:
            self._stop()
            return f"only {amount / offered:.4g} of its least load could be served"
        return ""

    def _choice(self, wanted: float, needed: float) -> str:
        """Stop or start by what is wanted; the reason, if it does."""
        spec, now = self.spec, self.world.now
        rested = now - self.since
        if self.state == OFF:
            ready = now - self.good >= _seconds(spec.start_after)
            if not (ready and needed > 0 and rested >= _seconds(spec.minimum_down)):
                return ""
            self.length = _seconds(
                spec.warm_start_duration if self._warm() else spec.start_duration
            )
            self.state, self.since, self.done = STARTING, now, 0.0
        else:
            tired = now - self.bad >= _seconds(spec.stop_after)
            if not tired or (self.state == ON and rested < _seconds(spec.minimum_up)):
                return ""
            self._stop()
        return f"{spec.follows} of {wanted:.6g}"

    def _stop(self) -> None:
        now = self.world.now
        self.stopped = now if self.state == ON else self.stopped
        self.state, self.since = OFF, now

    def _wanted(self, step: int) -> float:
        """Surplus or shortage offered at this instant [MW]; infinite where nothing is named."""
        if not self.offers:
            return math.inf
        held = self.world.state
        total = math.fsum(
            sign * per[step] * min(upper[step] * held.limit_multiplier[j], held.cap[j])
            for sign, j, upper, per in self.offers
        )
        return total if self.spec.follows == "surplus" else -total

    def _time(self, wanted: float, needed: float) -> None:
        """Note since when it has been enough to start, and too little to go on."""
        start = needed if self.spec.start_above is None else self.spec.start_above
        stop = min(needed if self.spec.stop_below is None else self.spec.stop_below, start)
        now = self.world.now
        self.good = min(self.good, now) if wanted >= start - abs(start) * NEAR else math.inf
        self.bad = math.inf if wanted >= stop - abs(stop) * NEAR else min(self.bad, now)

    def _sums(self) -> tuple[float, float, float]:
        """Amount and offer of the least load so far, and the heat it was given."""
        totals, j = self.world.record.totals, self.least
        heat = 0.0 if self.heating is None else float(totals.amount[self.heating])
        return float(totals.amount[j]), float(totals.offered[j]), heat

    def _close(self, cap: float) -> None:
        for j in self.flows:
            self.world.hold("cap", self.world.program.flows[j], cap, by=self.name)

    def _warm(self) -> bool:
        return float(self.world.now - self.stopped) < _seconds(self.spec.stays_warm)

    def _ask(self) -> None:
        """Ask for the heat of a start, or to stay warm."""
        power = 0.0
        if self.state == STARTING:
            power = self.spec.start_power
        elif self.state == OFF and self._warm():
            power = self.spec.standby_power
        if power != self.asked:
            need(self.world, self.heating, power, by=self.name, quiet=True)  # type: ignore[arg-type]
            self.asked = power


def _seconds(hours: float) -> int:
    return round(hours * 3600)


def _per(flow: Flow, bus: str) -> np.ndarray:
    """What a unit of a flow is on the bus; one where it does not touch it."""
    return np.asarray(np.abs(np.asarray(flow.coefficients.get(bus, 1.0), float)))
