"""Certificates of origin and emission allowances: issued, retired, surrendered, bought."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from pydantic import Field, field_validator, model_validator

from models.base import Actor, PhysicsError, quantity
from twin.engine.actors.reach import amount_so_far, flow_named, flow_of, pay, turns
from twin.engine.clock import Phase
from twin.network.network import Network


class Certificates(Actor):
    """One certificate for each whole MWh generated, issued monthly; retired each year.

    Each month's end issues what whole MWh have come together. Each year's end, and the end of the
    run, retires for the year's use of the metered flow; what the account lacks is bought, and
    what is left over is kept.
    """

    kind: ClassVar[str] = "certificates"
    looks_back: ClassVar[bool] = False

    generation: list[str] = Field(
        default_factory=list,
        description="Components or flows that are certified; without any, all are bought.",
    )
    use: str | None = Field(None, description="Flow whose use is covered, such as an import.")
    share: float = quantity(
        1.0, unit="1", ge=0, le=1, description="Share of the use that is covered.", source="assumed"
    )
    price: float = quantity(
        0.0,
        unit="currency/MWh",
        ge=0,
        description="Of certificates that are bought.",
        source="assumed: none",
    )

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.generation and self.use is None:
            raise PhysicsError(
                "neither generation that is certified nor a use that is covered",
                key="use",
                mend="name 'generation', 'use', or both",
            )
        return self

    def check(self, network: Network) -> None:
        """Refuse a flow that the network does not have."""
        for i, generator in enumerate(self.generation):
            flow_named(network, generator, f"generation.{i}")
        if self.use is not None:
            flow_named(network, self.use, "use")

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Issue by the month, retire by the year."""
        plants = [flow_of(world, component) for component in self.generation]
        use = None if self.use is None else flow_of(world, self.use)
        issued = held = used = 0

        def issue() -> None:
            nonlocal issued, held
            # A sum of many steps may fall short of a whole number by its rounding.
            made = math.floor(math.fsum(amount_so_far(world, j) for j in plants) + 1e-6)
            world.note(
                name,
                "issue",
                float(held),
                float(held + made - issued),
                by=name,
                cause="MWh generated",
            )
            held, issued = held + made - issued, made

        def retire() -> None:
            nonlocal held, used
            if use is None:
                return
            total = math.ceil(self.share * amount_so_far(world, use) - 1e-6)
            need, used = total - used, total
            missing = max(need - held, 0)
            world.note(
                name, "retire", float(held), max(held - need, 0.0), by=name, cause=f"for {need} MWh"
            )
            held = max(held - need, 0)
            if missing:
                pay(world, name, missing * self.price, by=name, cause=f"{missing} bought")

        def close() -> None:
            issue()
            retire()

        world.at_end(close, name)
        years = set(turns(world, "YS"))
        for end in turns(world, "MS"):
            yield world.at(end, Phase.RECORD, name)
            issue()
            if end in years:
                retire()


class Allowances(Actor):
    """Emission allowances: some are free each year, the rest is bought on the compliance date.

    The date settles all that was emitted since the last one, and the free allocation in proportion
    to that time. CO2 of the components counts as it leaves them: name those that burn what is
    fossil. What is left over is sold. What is emitted after the last date is settled at the end of
    the run.
    """

    kind: ClassVar[str] = "allowances"
    looks_back: ClassVar[bool] = False

    components: list[str] = Field(min_length=1, description="Components that are obliged.")
    free: float = quantity(
        0.0, unit="tCO2", ge=0, description="Free allocation per year.", source="assumed: none"
    )
    price: float = quantity(unit="currency/tCO2", ge=0, description="Of an allowance.")
    date: str = Field("12-31", description="Compliance date as month-day; its end counts.")

    @field_validator("date")
    @classmethod
    def _a_date(cls, date: str) -> str:
        try:
            pd.Timestamp(f"2025-{date}")
        except ValueError:
            raise PhysicsError(
                f"'{date}' is not a month and a day", key="date", mend="write it as 12-31"
            ) from None
        return date

    def check(self, network: Network) -> None:
        """Refuse a component that the network does not have."""
        known = {flow.component for flow in network.flows.values()}
        for i, component in enumerate(self.components):
            if component not in known:
                raise PhysicsError(
                    f"no component '{component}' has flows",
                    key=f"components.{i}",
                    mend="name one that burns something",
                )

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Settle on each compliance date."""
        flows = world.network.flows
        unknown = sorted(set(self.components) - {f.component for f in flows.values()})
        if unknown:
            raise ValueError(f"allowances '{name}': no component {', '.join(unknown)}")
        settled, since = 0.0, 0

        def settle() -> None:
            nonlocal settled, since
            total = _co2_so_far(world, self.components)
            free = self.free * (world.now - since) / (8760 * 3600)
            emitted = total - settled
            world.note(name, "surrender", free, emitted, by=name, cause="t CO2 free and emitted")
            pay(world, name, (emitted - free) * self.price, by=name, cause="allowances")
            settled, since = total, world.now

        world.at_end(settle, name)
        years = range(world.start.year, world.start.year + world.horizon_s // (365 * 86_400) + 2)
        for year in years:
            end = world.seconds_of(f"{year}-{self.date}") + 86_400
            if 0 < end < world.horizon_s:
                yield world.at(end, Phase.RECORD, name)
                settle()


def _co2_so_far(world: Any, components: list[str]) -> float:
    """CO2 that components gave to the air since the start of the run [t]."""
    through = {pair: k for k, pair in enumerate(world.program.through)}
    parts = []
    for j, flow in enumerate(world.network.flows.values()):
        if flow.component not in components or "co2" not in flow.exchange:
            continue
        value = np.asarray(flow.exchange["co2"], float)
        if (flow.name, "co2") in through:
            parts.append(float(world.record.totals.through[through[flow.name, "co2"]]))
        else:
            parts.append(float(np.ravel(value)[0]) * amount_so_far(world, j))
    return math.fsum(parts)
