"""A virtual power plant: loads and sources enrolled by class, called by the grid, and paid."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from typing import Any, ClassVar, Self

import pandas as pd
from pydantic import Field, model_validator

from models.base import Actor, PhysicsError, quantity
from models.shape import Hours, check_hours
from twin.engine.actors.enrolment import Call, Enrolled
from twin.engine.actors.reach import flow_named
from twin.engine.actors.vpp_desk import Desk, Event, Terms
from twin.engine.clock import Phase
from twin.network.network import Network


class VirtualPowerPlant(Actor):
    """Splits each call over the classes in proportion to what they offer, and settles it.

    Loads take less for the call, as far as they take anything, and some use part of it later.
    Sources are favoured in the dispatch up to what they gave before and what they are called for.
    What was delivered is measured as grids do: against a baseline, the mean of the same hours on
    the last days of the same kind (working day or not) without a call; on the first days against
    the hour before the call was told. It is paid up to what was called; what is short costs a
    penalty. Load taken off on a call is shed on purpose and not counted as unserved.
    """

    kind: ClassVar[str] = "virtual_power_plant"

    classes: dict[str, Enrolled] = Field(min_length=1, description="What is enrolled, by class.")
    calls: list[Call] = Field([], description="Calls that are known.")
    every: float | None = quantity(
        None,
        unit="h",
        gt=0,
        description="Mean time from a call to the next, at random; only hours `within` count.",
    )
    within: Hours = Field(
        [], description="Local hours in which random calls begin; none is at any time."
    )
    duration: float = quantity(
        2.0, unit="h", gt=0, description="Of random calls.", source="assumed: evening peak"
    )
    amount: float | None = quantity(None, unit="MW", gt=0, description="Of random calls.")
    notice: float = quantity(
        1.0, unit="h", ge=0, description="Of random calls.", source="assumed: an hour"
    )
    price: float = quantity(
        0.0,
        unit="currency/MWh",
        ge=0,
        description="Earned for what is delivered.",
        source="assumed: not paid",
    )
    penalty: float = quantity(
        0.0,
        unit="currency/MWh",
        ge=0,
        description="Paid for what is short.",
        source="assumed: none",
    )
    baseline_days: int = Field(5, ge=1, description="Number of past days in the baseline.")
    urgency: float = quantity(
        5_000.0,
        unit="currency/MWh",
        gt=0,
        description="Penalty that favours a called source; steers and is never money.",
        source="assumed: far above any price",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_hours(self.within, "within")
        if bool(self.calls) == (self.every is not None):
            raise PhysicsError(
                "a virtual power plant has either calls that are known or calls at random",
                key="calls",
                mend="give `calls`, or `every` and `amount`",
            )
        if (self.every is None) != (self.amount is None):
            raise PhysicsError(
                "random calls need both a mean time between them and an amount",
                key="amount",
                mend="give `every` and `amount`, or neither",
            )
        double = [item.component for item in self.classes.values()]
        if len(set(double)) < len(double):
            raise PhysicsError(
                "two classes name the same component, so that neither could be measured",
                key="classes",
                mend="give each class a component of its own",
            )
        return self

    @property
    def enrolled(self) -> float:
        """All power that is connected [MW]."""
        return math.fsum(item.enrolled for item in self.classes.values())

    @property
    def adjustable(self) -> float:
        """All power that could be taken off or added at once [MW]."""
        return math.fsum(item.adjustable for item in self.classes.values())

    def check(self, network: Network) -> None:
        """Refuse a class that the network does not have."""
        for key, item in sorted(self.classes.items()):
            flow_named(network, item.component, f"classes.{key}.component")

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Answer call after call; one that begins while another runs is refused."""
        terms = Terms(self.price, self.penalty, self.baseline_days, self.urgency)
        desk = Desk(self.classes, terms, world, name)
        for event in self._events(world, name):
            if event.told < world.now:
                event.told = world.now
            if event.begin < world.now:
                world.note(name, "refused", event.amount, 0.0, by=name, cause="still called")
                continue
            yield world.at(event.told, Phase.OBSERVE, name)
            yield from desk.answer(event)

    def _events(self, world: Any, name: str) -> Iterator[Event]:
        if self.every is None:
            known = sorted((world.seconds_of(call.start), k) for k, call in enumerate(self.calls))
            for number, (begin, k) in enumerate(known, 1):
                call = self.calls[k]
                end = begin + round(call.duration * 3600)
                told = begin - round(call.notice * 3600)
                if begin >= 0:
                    yield Event(number, max(told, 0), begin, end, call.amount, call.notice)
            return
        assert self.amount is not None
        rng, number, begin = world.rng(name), 0, 0
        while begin < world.horizon_s:
            begin += max(1, round(rng.exponential(self.every * 3600)))
            if not self._is_within(world.start + pd.Timedelta(seconds=begin)):
                continue
            number += 1
            told = max(begin - round(self.notice * 3600), 0)
            end = begin + round(self.duration * 3600)
            yield Event(number, told, begin, end, self.amount, self.notice)

    def _is_within(self, local: pd.Timestamp) -> bool:
        hour = local.hour + local.minute / 60 + local.second / 3600
        return not self.within or any(
            a <= hour < b or (b <= a and not b <= hour < a) for a, b in self.within
        )
