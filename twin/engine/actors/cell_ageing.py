"""Cells that age by what they have done, and hold less while they are cold."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from models.base import Actor, PhysicsError, quantity
from models.storage.ageing import CHEMISTRIES, Wear, advance, cold_share
from twin.engine.actors.reach import midnights, store_named, store_of
from twin.engine.clock import Phase
from twin.network.network import Network


class CellAgeing(Actor):
    """Advances the ageing of a battery at each local midnight and holds its capacity to it.

    From what the store held since the last midnight: calendar ageing by temperature and state of
    charge, cycle ageing by the depth and rate of cycles (rainflow; a cycle counts when it closes).
    The capacity is then what age has left, times what can be used at the temperature of the cells.
    What stands above it stays until it is used; power is left as it is. The laws are Naumann's for
    `lfp` and Schmalstieg's for `nmc`; both know nothing of a late, sudden loss ("knee") or of
    plating by charging in the cold. For cells that are not new give what they have lost here, and
    leave the `age` of the model at zero.
    """

    kind: ClassVar[str] = "cell_ageing"

    component: str = Field(description="Battery whose cells age.")
    cells: Literal["lfp", "nmc"] | None = Field(
        None, description="Law of ageing; without it, that of the battery's model."
    )
    temperature: float | None = quantity(
        None, unit="degC", description="Of the cells; without it, that of the battery's model."
    )
    calendar_loss: float = quantity(
        0.0,
        unit="1",
        ge=0,
        lt=1,
        description="Share of the capacity lost by time before the run.",
        source="assumed: new",
    )
    cycle_loss: float = quantity(
        0.0,
        unit="1",
        ge=0,
        lt=1,
        description="Share of the capacity lost by cycles before the run.",
        source="assumed: new",
    )
    replaced_at: float | None = quantity(
        None,
        unit="1",
        gt=0,
        lt=1,
        description="Share of the capacity left at which new cells are put in; without it, never.",
    )
    cold: bool = Field(True, description="Whether the cold takes capacity, beside age.")

    def check(self, network: Network) -> None:
        """Refuse a component without a store."""
        store_named(network, self.component, "component")

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Look back from midnight to midnight."""
        place = store_of(world, self.component)
        store = list(world.network.stores.values())[place]
        cells = str(getattr(store, "cells", "") if self.cells is None else self.cells)
        law = CHEMISTRIES.get(cells)
        temperature = self.temperature
        if temperature is None:
            temperature = getattr(store, "temperature", None)
        if law is None or temperature is None:
            raise PhysicsError(
                f"'{self.component}' does not say how its cells age, or how warm they are",
                key="component",
                mend="name a lfp_battery or nmc_battery, or give `cells` and `temperature`",
            )
        warmth = np.broadcast_to(np.asarray(temperature, float), (world.program.n_steps,))
        wear = Wear.of(law, self.calendar_loss, self.cycle_loss)
        if wear.left(law) <= 0:
            raise PhysicsError(
                f"cells that lost {self.calendar_loss:g} by time and {self.cycle_loss:g} by cycles "
                "hold nothing",
                key="calendar_loss",
                mend="give what they lost since they were new",
            )
        whole = float(world.program.pack["capacity"][place])
        held, begin = 1.0, 0
        inside = [int(t) for t in midnights(world) if 0 < t < world.horizon_s]
        for now in [0, *inside]:
            yield world.at(now, Phase.DECIDE, name)
            cause = "as they are at the start"
            if now:
                # Cells that others leave out, as not built yet, hold nothing of what was stored.
                there = min(float(world.state.capacity[place]) / held, whole) if held else whole
                hours, soc, at = _past(world, place, begin, there * wear.left(law))
                wear = advance(law, wear, hours, soc, warmth[at])
                calendar, cycle = wear.losses(law)
                cause = f"{calendar:.4g} by time, {cycle:.4g} by {wear.cycles:.5g} cycles"
                begin = now
            if self.replaced_at is not None and wear.left(law) < self.replaced_at:
                world.note(
                    self.component, "replaced", wear.left(law), 1.0, by=name, cause="new cells"
                )
                wear = Wear()
            share = wear.left(law)
            if self.cold:
                # The temperature at the end of the step just past is that of this instant.
                chill = float(warmth[max(now // world.program.step_s - 1, 0)])
                share *= float(cold_share(chill, cells))
            if share != held:
                world.capacity(self.component, share, by=name, cause=cause)
                held = share


def _past(
    world: Any, place: int, begin: int, capacity: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hours of each interval since `begin`, states of charge at their ends, and their steps."""
    record = world.record
    if record.bin_s:
        raise ValueError("cells age by what they did; to mend: run with record='full'")
    first = int(np.searchsorted(record.t1, begin, side="right"))
    t0, t1 = record.t0[first:], record.t1[first:]
    levels = np.append(record.levels_before[first:, place][:1], record.levels[first:, place])
    soc = np.clip(levels / max(capacity, 1e-12), 0.0, 1.0)
    return (t1 - t0) / 3600.0, soc, t0 // world.program.step_s
