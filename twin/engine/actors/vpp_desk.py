"""How a virtual power plant answers a call: who is asked, who responds, what the meters say."""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from twin.engine.actors.enrolment import Enrolled
from twin.engine.actors.reach import amount_so_far, are_workdays, flow_of, limits, mean_rate, pay
from twin.engine.clock import Phase

PAST_DAYS = 60
"""How far a baseline looks back."""


@dataclass
class Event:
    """A call in seconds of the run.

    Attributes
    ----------
    number : int
    told, begin, end : int
        Seconds since the start of the run.
    amount : float
        [MW]
    notice : float
        [h]
    """

    number: int
    told: int
    begin: int
    end: int
    amount: float
    notice: float


@dataclass(frozen=True)
class Terms:
    """How delivery is measured and paid.

    Attributes
    ----------
    price, penalty, urgency : float
        Of what is delivered and what is short, and what favours a source [currency/MWh].
    baseline_days : int
        Past days in the baseline.
    """

    price: float
    penalty: float
    baseline_days: int
    urgency: float


class Desk:
    """Answers calls and keeps the meters."""

    def __init__(
        self, classes: Mapping[str, Enrolled], terms: Terms, world: Any, name: str
    ) -> None:
        self.classes, self.terms, self.world, self.name = classes, terms, world, name
        self.flows = {key: flow_of(world, c.component) for key, c in sorted(self.classes.items())}
        self.called: list[tuple[int, int]] = []
        self.held: dict[tuple[str, str], float] = {}
        for key, flow in self.flows.items():
            item = world.network.flows[world.program.flows[flow]]
            if item.demand == self.classes[key].source:
                what = "a demand" if item.demand else "no demand"
                raise ValueError(
                    f"class '{key}' of '{name}' acts on '{item.name}', which is {what}; "
                    "loads need a demand, sources a flow that gives"
                )

    def answer(self, event: Event) -> Generator[Any, None, None]:
        """From the call's notice to its settlement."""
        world, name = self.world, self.name
        cause = f"call {event.number}"
        duration = (event.end - event.begin) / 3600
        begin = world.start + pd.Timedelta(seconds=event.begin)
        offers = {
            key: item.offers(begin, duration, event.notice)
            for key, item in sorted(self.classes.items())
        }
        total = math.fsum(offers.values())
        world.note(name, "call", event.amount, min(total, event.amount), by=name, cause=cause)
        part = min(1.0, event.amount / total) if total else 0.0
        asked = {key: part * value for key, value in offers.items() if value}
        past = self._past_days(event)
        baseline = {key: self._baseline(flow, past) for key, flow in self.flows.items()}
        yield world.at(event.begin, Phase.DECIDE, name)
        meters = {key: amount_so_far(world, flow) for key, flow in self.flows.items()}
        gone = {key: self._respond(key, power, event) for key, power in asked.items()}
        for key, power in gone.items():
            if self.classes[key].source:
                self._favour(key, power, True, cause)
        shed = yield from self._hold(event, gone, cause)
        for key in gone:
            if self.classes[key].source:
                self._favour(key, 0.0, False, cause)
        self._settle(event, meters, baseline, asked, cause)
        self.called.append((event.begin, event.end))
        for key, energy in shed.items():
            if energy * self.classes[key].rebound > 0:
                world.env.process(self._rebound(key, energy, cause))

    def _respond(self, key: str, power: float, event: Event) -> float:
        """What the loads of a class that respond take off together."""
        item = self.classes[key]
        if item.response == 1.0:
            return power
        rng = self.world.rng(f"{self.name}/{key}/{event.number}")
        return power * float(rng.binomial(item.loads, item.response)) / item.loads

    def _hold(
        self, event: Event, gone: dict[str, float], cause: str
    ) -> Generator[Any, None, dict[str, float]]:
        """Hold loads down until the end; return the energy each class took off [MWh]."""
        world, step_s = self.world, self.world.program.step_s
        shed = dict.fromkeys(gone, 0.0)
        ends = {
            key: min(event.end, event.begin + round(self.classes[key].longest * 3600))
            for key in gone
        }
        now = event.begin
        while now < event.end and now < world.horizon_s:
            later = [(now // step_s + 1) * step_s, *(t for t in ends.values() if t > now)]
            until = min(*later, event.end)
            for key, power in gone.items():
                if self.classes[key].source:
                    continue
                upper = self._upper(key, now)
                # Others, such as a fleet, may hold the load below what it could take.
                asks = min(upper, float(world.state.cap[self.flows[key]]))
                cut = min(power, asks) if now < ends[key] else 0.0
                self._share(key, (asks - cut) / upper if cut else 1.0, self.name, cause)
                shed[key] += cut * (until - now) / 3600
            yield world.at(until, Phase.DECIDE, self.name)
            now = until
        for key in gone:
            if not self.classes[key].source:
                self._share(key, 1.0, self.name, cause)
        return shed

    def _rebound(self, key: str, energy: float, cause: str) -> Generator[Any, None, None]:
        world, step_s = self.world, self.world.program.step_s
        item, by = self.classes[key], f"{self.name}/rebound of {cause}"
        end = world.now + round(item.rebound_time * 3600)
        power = energy * item.rebound / item.rebound_time
        while world.now < end:
            upper = self._upper(key, world.now)
            self._share(key, 1.0 + power / upper if upper else 1.0, by, f"rebound of {cause}")
            until = min((world.now // step_s + 1) * step_s, end)
            yield world.at(until, Phase.DECIDE, self.name)
        self._share(key, 1.0, by, f"rebound of {cause}")

    def _upper(self, key: str, now: int) -> float:
        """Limit of a load in a step as the park was built."""
        upper = limits(self.world, self.flows[key])
        return float(upper[min(now // self.world.program.step_s, len(upper) - 1)])

    def _share(self, key: str, share: float, holder: str, cause: str) -> None:
        """Hold a load to a share of its limit, apart from what other holders do."""
        before = self.held.get((key, holder), 1.0)
        if share != before:
            self.held[key, holder] = share
            name = self.world.program.flows[self.flows[key]]
            self.world.hold("limit", name, share, by=holder)
            self.world.note(name, "limit", before, share, by=self.name, cause=cause)

    def _favour(self, key: str, power: float, on: bool, cause: str) -> None:
        """Let a source give as much as it can, up to what it gave and is called for."""
        world, flow = self.world, self.flows[key]
        name = world.program.flows[flow]
        before = float(world.state.x[flow])
        before = 0.0 if math.isnan(before) else before
        world.cap(name, before + power if on else None, by=self.name, cause=cause)
        world.state.steer_adder[flow] += -self.terms.urgency if on else self.terms.urgency

    def _past_days(self, event: Event) -> list[tuple[int, int]]:
        """The hours of a call on the last days of its kind without a call, latest first [s]."""
        world, length = self.world, event.end - event.begin
        begin = world.start + pd.Timedelta(seconds=event.begin)
        days = pd.date_range(end=begin, periods=PAST_DAYS + 1, freq="D")[::-1]
        workday = are_workdays(world, days)
        begins = (days - world.start).total_seconds().to_numpy().round().astype(int)
        recent = [span for span in self.called if span[1] > begins[-1]]
        found: list[tuple[int, int]] = []
        for first in begins[1:][workday[1:] == workday[0]].tolist():
            if first < 0 or len(found) == self.terms.baseline_days:
                break
            free = all(first >= b or first + length <= a for a, b in recent)
            if free and first + length <= world.now:
                found.append((first, first + length))
        return found

    def _baseline(self, flow: int, past: list[tuple[int, int]]) -> float:
        """Mean rate over past windows, else over the last hour, else as it begins [MW]."""
        world = self.world
        if past:
            return float(np.mean([mean_rate(world, flow, *window) for window in past]))
        if world.now:
            return mean_rate(world, flow, max(world.now - 3600, 0), world.now)
        return float(limits(world, flow)[0])

    def _settle(
        self,
        event: Event,
        meters: dict[str, float],
        baseline: dict[str, float],
        asked: dict[str, float],
        cause: str,
    ) -> None:
        """Measure against the baseline, and pay."""
        world, terms, hours = self.world, self.terms, (event.end - event.begin) / 3600
        delivered = 0.0
        for key, flow in self.flows.items():
            if key not in asked:
                continue
            used = amount_so_far(world, flow) - meters[key]
            sign = -1.0 if self.classes[key].source else 1.0
            energy = sign * (baseline[key] * hours - used)
            delivered += energy
            component = self.classes[key].component
            world.note(component, "delivered", asked[key] * hours, energy, by=self.name,
                       cause=f"{cause}, {key} [MWh]")  # fmt: skip
        called = event.amount * hours
        world.note(self.name, "settled", called, delivered, by=self.name, cause=f"{cause} [MWh]")
        paid = min(max(delivered, 0.0), called)
        money = -paid * terms.price + (called - paid) * terms.penalty
        if money:
            pay(world, self.name, money, by=self.name, cause=cause)
