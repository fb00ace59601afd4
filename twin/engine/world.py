"""The world actors live in: SimPy decides when something happens, the dispatcher what flows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import simpy

from models.base import Actor, Series
from models.streams import stream
from twin.engine.clock import Moment, Phase
from twin.engine.dispatch import DISPATCHERS, Record, State
from twin.network.network import Network
from twin.network.program import Program

PROGRESS_S = 7 * 86_400


@dataclass(frozen=True)
class Happening:
    """One line of the event log: what an actor changed, and why."""

    time_s: int
    phase: str
    actor: str
    component: str
    what: str
    before: float
    after: float
    cause: str


class World:
    """One execution: the clock, the state of the network, and what actors may do to it.

    Actors own named modifiers. A flow's effective limit is the product of the multipliers that
    all actors hold on it, so that an outage inside a storm inside a repair composes in any order.

    `record` is what is kept, as `Record.of` takes it; `signal` is a quantity per unit of flows,
    such as t CO2, whose marginal value at each bus is kept beside the prices.
    """

    def __init__(
        self,
        network: Network,
        actors: Mapping[str, Actor],
        *,
        horizon_s: int,
        seed: int,
        dispatcher: str = "kernel",
        start: pd.Timestamp,
        record: str | int = "full",
        signal: Mapping[str, Series] | None = None,
    ) -> None:
        self.env = simpy.Environment()
        self.network = network
        self.horizon_s = horizon_s
        self.seed = seed
        self.start = start
        self.log: list[Happening] = []
        self.program = Program.compile(network, signal)
        self.state = State.start(self.program)
        self.record = Record.of(self.program, horizon_s, record)
        self._advance = DISPATCHERS[dispatcher]()
        self._rank = {name: rank for rank, name in enumerate(sorted(actors))}
        self._held: dict[str, dict[str, float]] = {}
        self._members: dict[str, list[int]] = {}
        for index, flow in enumerate(network.flows.values()):
            self._members.setdefault(flow.component, []).append(index)
        for name, actor in sorted(actors.items()):
            self.env.process(actor.process(self, name))

    @property
    def now(self) -> int:
        """Seconds since the start of the run."""
        return int(self.env.now)

    def at(self, time_s: int, phase: Phase, by: str) -> Moment:
        """Wait until a second of the run; an instant already past is now."""
        return Moment(self.env, max(int(time_s) - self.now, 0), phase, self._rank[by])

    def after(self, delay_s: int, phase: Phase, by: str) -> Moment:
        """Wait for a number of seconds."""
        return self.at(self.now + max(int(delay_s), 0), phase, by)

    def seconds_of(self, local: str) -> int:
        """Seconds from the run's start to a local time such as "2025-07-01 14:03"."""
        moment = pd.Timestamp(local)
        if moment.tz is None:
            moment = moment.tz_localize(self.start.tz)
        return round((moment - self.start).total_seconds())

    def rng(self, actor: str) -> np.random.Generator:
        """The actor's own random stream."""
        return stream(self.seed, f"actor/{actor}")

    def limit(
        self, component: str, share: float, *, by: str, phase: Phase, cause: str = ""
    ) -> None:
        """Hold all flows of a component to a share of their limits until `by` sets another.

        Parameters
        ----------
        share : float
            Multiplier on lower and upper limits, 0 (out) to 1 (free).
        """
        held = self._held.setdefault(component, {})
        before = _product(held)
        if share == 1.0:
            held.pop(by, None)
        else:
            held[by] = share
        after = _product(held)
        self.state.limit_multiplier[self._members[component]] = after
        self.log.append(
            Happening(self.now, phase.name.lower(), by, component, "limit", before, after, cause)
        )

    def run(self, progress: Callable[[float], None] | None = None) -> None:
        """Run to the horizon.

        Raises
        ------
        InfeasibleStep
            A step has no solution: something has nowhere to go. It names the buses.
        """
        now = 0
        while now < self.horizon_s:
            while self.env.peek() <= now:
                self.env.step()
            until = int(min(self.env.peek(), self.horizon_s))
            if progress is not None:
                # A cut at a step boundary does not change a run, so the bar costs nothing.
                week = (now // PROGRESS_S + 1) * PROGRESS_S
                if week % self.network.step_s == 0:
                    until = min(until, week)
                progress(now / self.horizon_s)
            self._advance(self.program, self.state, self.record, now, until)
            now = until
        if progress is not None:
            progress(1.0)


def _product(held: Mapping[str, float]) -> float:
    share = 1.0
    for _, value in sorted(held.items()):
        share *= value
    return share
