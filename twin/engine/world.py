"""The world actors live in: SimPy decides when something happens, the dispatcher what flows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import simpy

from models.base import Actor, Series
from models.streams import stream
from twin.engine.clock import Moment, Phase
from twin.engine.dispatch import DISPATCHERS, Record, State
from twin.engine.modifiers import NEEDS, Modifiers
from twin.network.network import Network
from twin.network.program import Program

PROGRESS_S = 7 * 86_400


PHASE_NAMES = tuple(phase.name.lower() for phase in Phase)


@dataclass
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
    all actors hold on it, so that an outage inside a storm inside a repair composes in any order;
    of caps the least holds, of floors the greatest. What each changes is a line of `log`. The phase
    of a change is that of the moment its actor last waited for, if none is given.

    `record` is what is kept, as `Record.of` takes it; `signal` is a quantity per unit of flows,
    such as t CO2, whose marginal value at each bus is kept beside the prices. `needs` is what
    actors ask of a flow, by its index. A flow on call stands still until one asks.
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
        country: str = "",
    ) -> None:
        self.env = simpy.Environment()
        self.network = network
        self.horizon_s = horizon_s
        self.country = country
        self.seed = seed
        self.start = start
        self.log: list[Happening] = []
        self.phase = Phase.OBSERVE
        self.program = Program.compile(network, signal)
        self.state = State.start(self.program)
        self.record = Record.of(self.program, horizon_s, record)
        self._advance = DISPATCHERS[dispatcher]()
        self._modifiers = Modifiers(network, self.state)
        self._built: dict[str, dict[str, float]] = {}
        for name, flow in network.flows.items():
            if flow.on_call:
                self.hold("cap", name, 0.0, by=NEEDS)
        self.needs: dict[int, dict[tuple[str, str], float]] = {}
        self._ends: list[tuple[str, Callable[[], None]]] = []
        self._crews: dict[str, simpy.Resource] = {}
        self._place = {
            kind: {name: i for i, name in enumerate(names)}
            for kind, names in (
                ("flow", self.program.flows),
                ("store", self.program.stores),
                ("bus", self.program.buses),
            )
        }
        self._rank = {name: rank for rank, name in enumerate(sorted(actors))}
        for name, actor in sorted(actors.items()):
            self.env.process(actor.process(self, name))

    @property
    def now(self) -> int:
        """Seconds since the start of the run."""
        return int(self.env.now)

    @property
    def local(self) -> pd.Timestamp:
        """The moment in the site's time zone."""
        return self.start + pd.Timedelta(seconds=self.now)

    def at(self, time_s: int, phase: Phase, by: str) -> Moment:
        """Wait until a second of the run; an instant already past is now."""
        moment = Moment(self.env, max(int(time_s) - int(self.env.now), 0), phase, self._rank[by])
        moment.callbacks.append(self._enter)
        return moment

    def after(self, delay_s: int, phase: Phase, by: str) -> Moment:
        """Wait for a number of seconds."""
        return self.at(int(self.env.now) + int(delay_s), phase, by)

    def at_end(self, act: Callable[[], None], by: str) -> None:
        """Call `act` once the last step is done, in the order of names: what a run cuts short."""
        self._ends.append((by, act))

    def _enter(self, moment: simpy.Event) -> None:
        assert isinstance(moment, Moment)
        self.phase = moment.phase

    def seconds_of(self, local: str) -> int:
        """Seconds from the run's start to a local time such as "2025-07-01 14:03"."""
        moment = pd.Timestamp(local)
        if moment.tz is None:
            moment = moment.tz_localize(self.start.tz)
        return round((moment - self.start).total_seconds())

    def rng(self, actor: str) -> np.random.Generator:
        """The actor's own random stream."""
        return stream(self.seed, f"actor/{actor}")

    def crew(self, name: str, size: int, by: str) -> simpy.Resource:
        """A crew that all who name it share: `size` can work at once, others wait in turn.

        Raises
        ------
        ValueError
            Two events give the crew another size.
        """
        crew = self._crews.setdefault(name, simpy.Resource(self.env, size))
        if crew.capacity != size:
            raise ValueError(
                f"event '{by}' counts {size} in crew '{name}', another event {crew.capacity}; "
                "to mend: give one number"
            )
        return crew

    def check(self, targets: Iterable[str], by: str) -> None:
        """Make sure that an event acts on what is there.

        Raises
        ------
        ValueError
            A target is neither a component nor a flow of this park.
        """
        for target in targets:
            self._modifiers.flows(target, by)

    def limit(
        self,
        target: str,
        share: float,
        *,
        by: str,
        phase: Phase | None = None,
        cause: str = "",
    ) -> None:
        """Hold a component's flows, or one flow, to a share of their limits.

        Parameters
        ----------
        target : str
            Component, or name of a flow such as `component.role`.
        share : float
            Multiplier on lower and upper limits: 0 (out), 1 (free), above 1 where a demand swells.
            It holds until `by` sets another.
        """
        self._hold("limit", target, _number(share, "share", by, least=0.0), by, phase, cause)

    def capacity(
        self,
        component: str,
        share: float,
        *,
        by: str,
        phase: Phase | None = None,
        cause: str = "",
    ) -> None:
        """Hold the stores of a component to a share of their capacity.

        Parameters
        ----------
        share : float
            Multiplier, 0 to 1, until `by` sets another; several multiply. A store keeps room for
            its minimum, and what stands above its capacity may stay until it is used.

        Raises
        ------
        ValueError
            The component has no store, or the share is none of 0 to 1.
        """
        share = _number(share, "share", by, least=0.0)
        stores = list(self.network.stores.values())
        mine = [i for i, store in enumerate(stores) if store.component == component]
        if not mine or share > 1.0:
            raise ValueError(
                f"event '{by}' holds the capacity of '{component}', which has {len(mine)} stores, "
                f"to a share of {share:g}; to mend: name a component with a store, and 0 to 1"
            )
        held = self._built.setdefault(component, {})
        before = _product(held)
        held[by] = share
        pack = self.program.pack
        for i in mine:
            whole, least = float(pack["capacity"][i]), float(pack["minimum"][i])
            self.state.capacity[i] = max(whole * _product(held), least)
        self._note(by, phase, component, "capacity", before, _product(held), cause)

    def cap(
        self,
        target: str,
        rate: float | None,
        *,
        by: str,
        phase: Phase | None = None,
        cause: str = "",
    ) -> None:
        """Hold each flow of a target to at most a rate [unit/h]; None lets go."""
        value = math.inf if rate is None else _number(rate, "cap", by, least=0.0)
        self._hold("cap", target, value, by, phase, cause)

    def floor(
        self,
        target: str,
        rate: float | None,
        *,
        by: str,
        phase: Phase | None = None,
        cause: str = "",
    ) -> None:
        """Hold each flow of a target to at least a rate [unit/h]; None lets go.

        Where it contradicts a limit or a cap, those hold.
        """
        value = 0.0 if rate is None else _number(rate, "floor", by, least=0.0)
        self._hold("floor", target, value, by, phase, cause)

    def cost(
        self,
        target: str,
        *,
        by: str,
        multiplier: float | None = None,
        adder: float | None = None,
        phase: Phase | None = None,
        cause: str = "",
    ) -> None:
        """Change the price of activity: money becomes multiplier times money, plus adder.

        Parameters
        ----------
        multiplier : float, optional
            1 lets go; None leaves it as it is.
        adder : float, optional
            [currency per unit of activity] 0 lets go; None leaves it as it is.
        """
        for kind, value in (("cost_multiplier", multiplier), ("cost_adder", adder)):
            if value is not None:
                self._hold(kind, target, _number(value, kind, by), by, phase, cause)

    def hold(self, kind: str, target: str, value: float, *, by: str) -> None:
        """Hold a modifier without a line in the log, for actors that act often.

        Parameters
        ----------
        kind : {"limit", "cap", "floor", "cost_multiplier", "cost_adder"}
        value : float
            1, infinity, 0, 1 and 0 let go.
        """
        self._modifiers.hold(kind, target, by, value)

    def move(
        self,
        store: str,
        amount: float,
        *,
        by: str,
        phase: Phase | None = None,
        cause: str = "",
    ) -> float:
        """Put an amount into a store across the fence, or take it out.

        Parameters
        ----------
        amount : float
            [MWh or t] Positive is put in; below zero is taken out.

        Returns
        -------
        float
            What was moved: no more than fits below the capacity, or lies above the minimum. The
            ledger counts it as `moved`.
        """
        i = self._index("store", store, by)
        amount = _number(amount, "amount", by)
        level = float(self.state.levels[i])
        room = max(float(self.state.capacity[i]) - level, 0.0)
        stock = max(level - float(self.program.pack["minimum"][i]), 0.0)
        moved = min(max(amount, -stock), room)
        self.state.levels[i] = level + moved
        self._note(by, phase, store, "level", level, level + moved, cause)
        return moved

    def rate(self, flow: str) -> float:
        """Rate of a flow over the interval just past [unit/h]; NaN before the first."""
        return float(self.state.x[self._index("flow", flow)])

    def level(self, store: str) -> float:
        """What a store holds [MWh or t]."""
        return float(self.state.levels[self._index("store", store)])

    def price(self, bus: str) -> float:
        """Shadow price of a bus over the interval just past [currency/unit]; NaN before the first.

        Raises
        ------
        ValueError
            The run does not record every interval.
        """
        i = self._index("bus", bus)
        if self.record.bin_s:
            raise ValueError(
                "prices are observed from a full record; to mend: run with record='full'"
            )
        return float(self.record.prices[-1, i]) if self.record.count else math.nan

    def note(
        self, component: str, what: str, before: float, after: float, *, by: str, cause: str = ""
    ) -> None:
        """Write a line of the log for what changes nothing in the network itself."""
        self._note(by, None, component, what, before, after, cause)

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
        self.env.run(until=self.horizon_s)
        self.phase = Phase.RECORD
        for _, act in sorted(self._ends, key=lambda end: end[0]):
            act()
        if progress is not None:
            progress(1.0)

    def _hold(
        self, kind: str, target: str, value: float, by: str, phase: Phase | None, cause: str
    ) -> None:
        before, after = self._modifiers.hold(kind, target, by, value)
        self._note(by, phase, target, kind, before, after, cause)

    def _note(
        self,
        by: str,
        phase: Phase | None,
        component: str,
        what: str,
        before: float,
        after: float,
        cause: str,
    ) -> None:
        name = PHASE_NAMES[self.phase if phase is None else phase]
        now = int(self.env.now)
        self.log.append(Happening(now, name, by, component, what, before, after, cause))

    def _index(self, kind: str, name: str, by: str = "") -> int:
        places = self._place[kind]
        if name not in places:
            who = f"event '{by}' names" if by else "there is no"
            raise ValueError(
                f"{who} {kind} '{name}'{', which the park does not have' if by else ''}; "
                f"to mend: name one of {', '.join(places) or 'none'}"
            )
        return places[name]


def _number(value: float, what: str, by: str, least: float = -math.inf) -> float:
    if not math.isfinite(value) or value < least:
        bound = (
            "a finite number" if least == -math.inf else f"a finite number of at least {least:g}"
        )
        raise ValueError(f"event '{by}' sets a {what} of {value}; it must be {bound}")
    return float(value)


def _product(held: Mapping[str, float]) -> float:
    """Of what all hold, in the order of their names."""
    return math.prod(value for _, value in sorted(held.items()))
