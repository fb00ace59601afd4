"""What a market asks besides the price of each unit: gates before delivery, and a monthly peak."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from models.base import Actor, quantity
from twin.engine.actors.reach import flow_named, flow_of, midnights, pay, turns, window_means
from twin.engine.clock import Phase
from twin.network.network import Network

HOUR_S = 3600


class DemandCharge(Actor):
    """A price on the highest mean power of each calendar month, posted when the month ends."""

    kind: ClassVar[str] = "demand_charge"

    flow: str = Field(description="Flow that is metered, such as grid.import.")
    price: float = quantity(
        unit="currency/MW", ge=0, description="For each month's peak, per month."
    )
    window: float = quantity(
        0.25, unit="h", gt=0, description="Time of the mean.", source="assumed: quarter-hour meters"
    )
    least: float = quantity(
        0.0, unit="MW", ge=0, description="Peak that is paid in any case.", source="assumed: none"
    )

    def check(self, network: Network) -> None:
        """Refuse a flow that the network does not have."""
        flow_named(network, self.flow, "flow")

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Read the meter at the end of each month."""
        flow = flow_of(world, self.flow)
        begin = 0

        def bill() -> None:
            means = window_means(world, flow, begin, world.now, round(self.window * HOUR_S))
            peak = float(means.max())
            world.note(self.flow, "peak", self.least, peak, by=name, cause="month's end [MW]")
            money = max(peak, self.least) * self.price
            pay(world, self.flow, money, by=name, cause=f"{peak:.6g} MW in a month")

        world.at_end(bill, name)
        for end in turns(world, "MS"):
            yield world.at(end, Phase.RECORD, name)
            bill()
            begin = end


class DayAhead(Actor):
    """Purchases committed a day ahead; what differs costs a premium.

    At the gate, the next local day is committed hour by hour as the last whole day was: all that
    is known by then. With an intraday lead, each hour is corrected that long before it begins by
    as much as the last whole hour differed from its commitment. The price of the units themselves
    stays with the flow; here only the premium on differences is posted, each midnight. The first
    days, for which there was no gate, cost none.
    """

    kind: ClassVar[str] = "day_ahead"

    flow: str = Field(description="Flow that is bought, such as grid.import.")
    gate: float = quantity(
        11.0, unit="h", ge=0, lt=24, description="Local hour.", source="assumed: late morning"
    )
    intraday: float | None = quantity(
        None, unit="h", gt=0, le=12, description="Time before each hour to correct it, if at all."
    )
    short: float = quantity(
        0.0,
        unit="currency/MWh",
        ge=0,
        description="Premium on what is used beyond the commitment.",
        source="assumed: none",
    )
    long: float = quantity(
        0.0,
        unit="currency/MWh",
        ge=0,
        description="Premium on what is committed and not used.",
        source="assumed: none",
    )
    fee: float = quantity(
        0.0,
        unit="currency/MWh",
        ge=0,
        description="On what is corrected intraday.",
        source="assumed: none",
    )

    def check(self, network: Network) -> None:
        """Refuse a flow that the network does not have."""
        flow_named(network, self.flow, "flow")

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Walk from gate to gate; correct and settle in between."""
        flow = flow_of(world, self.flow)
        edges = midnights(world)
        plans: dict[int, np.ndarray] = {}
        committed: dict[int, np.ndarray] = {}

        def settle() -> None:
            """Settle every day that is over."""
            for day in [d for d in sorted(plans) if edges[d + 1] <= world.now]:
                self._settle(world, flow, name, int(edges[day]), committed.pop(day), plans.pop(day))

        world.at_end(settle, name)
        for day, (begin, end) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
            gate = int(begin) + round(self.gate * HOUR_S)
            for second, what in self._moments(world, int(begin), int(end), gate, day in plans):
                phase = Phase.RECORD if what == "settle" else Phase.DECIDE
                yield world.at(second, phase, name)
                if what == "gate" and day and edges[day - 1] >= 0 and day + 2 < len(edges):
                    committed[day + 1] = self._commit(world, flow, name, edges, day)
                    plans[day + 1] = committed[day + 1].copy()
                elif what == "correct":
                    self._correct(world, flow, int(begin), committed[day], plans[day], second)
                elif what == "settle":
                    settle()

    def _moments(
        self, world: Any, begin: int, end: int, gate: int, planned: bool
    ) -> list[tuple[int, str]]:
        """What is to do on a local day, in order."""
        todo = [(gate, "gate")] if gate >= 0 else []
        if planned:
            todo.append((end, "settle"))
            if self.intraday is not None:
                lead = round(self.intraday * HOUR_S)
                first = begin + lead + HOUR_S
                todo += [(hour - lead, "correct") for hour in range(first, end, HOUR_S)]
        return sorted(item for item in todo if item[0] < world.horizon_s)

    def _commit(self, world: Any, flow: int, name: str, edges: np.ndarray, day: int) -> np.ndarray:
        """Mean power of each hour of the next day, as on the day before this one [MW]."""
        seen = window_means(world, flow, int(edges[day - 1]), int(edges[day]), HOUR_S)
        after = edges[day + 2] - edges[day + 1]
        hours = max(round(after / HOUR_S), 1)
        # A day of 23 or 25 hours lacks or repeats its last.
        plan = np.append(seen, np.repeat(seen[-1], 2))[:hours]
        cause = "the day before this one"
        world.note(self.flow, "commit", 0.0, plan.sum(), by=name, cause=cause)
        return plan

    def _correct(
        self,
        world: Any,
        flow: int,
        begin: int,
        committed: np.ndarray,
        plan: np.ndarray,
        second: int,
    ) -> None:
        """Correct the plan of one hour ahead."""
        assert self.intraday is not None
        past = (second - begin) // HOUR_S - 1
        ahead = (second + round(self.intraday * HOUR_S) - begin) // HOUR_S
        if 0 <= past < ahead < len(plan):
            first = begin + past * HOUR_S
            actual = window_means(world, flow, first, first + HOUR_S, HOUR_S)[0]
            plan[ahead] = max(committed[ahead] + actual - committed[past], 0.0)

    def _settle(
        self,
        world: Any,
        flow: int,
        name: str,
        begin: int,
        committed: np.ndarray,
        plan: np.ndarray,
    ) -> None:
        """Compare the day with its plan."""
        actual = window_means(world, flow, begin, begin + len(plan) * HOUR_S, HOUR_S)
        gap = actual - plan
        short, over = float(gap.clip(min=0).sum()), float((-gap).clip(min=0).sum())
        changed = float(np.abs(plan - committed).sum())
        cause = f"{short:.6g} MWh short, {over:.6g} MWh over, {changed:.6g} MWh corrected"
        world.note(self.flow, "imbalance", plan.sum(), actual.sum(), by=name, cause=cause)
        money = short * self.short + over * self.long + changed * self.fee
        if money:
            pay(world, self.flow, money, by=name, cause="imbalance of a day")
