"""Deliveries by truck, ship or trailer: ordered, on the way, in the queue at a dock, unloaded."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from models.base import Actor, PhysicsError, port, quantity
from twin.engine.actors.reach import move, pay, room_in, stock_of, store_named, store_of
from twin.engine.actors.scheduling import Pool
from twin.engine.clock import Phase
from twin.network.network import Network


class Delivery(Actor):
    """Loads brought to a store, taken from one, or carried from one store of the park to another.

    A load leaves (where it is taken from a store, with what is there), travels, waits for a dock,
    and is put into the store at the end of unloading, as far as it fits; what does not fit goes
    back and is logged. Loads come at times of their own (`every`) or are ordered when the stock,
    with what is on its way, has fallen to `reorder_below`. The ledger shows what passed the fence
    this way as `moved` of the store.
    """

    kind: ClassVar[str] = "delivery"
    looks_back: ClassVar[bool] = False

    bus: str = port(kind="any", description="Bus whose carrier is carried.")
    to: str | None = Field(None, description="Store or component that receives; none takes away.")
    origin: str | None = Field(None, description="Store or component it is taken from, if any.")
    amount: float = quantity(unit="amount of bus", gt=0, description="One load.")
    every: float | None = quantity(None, unit="h", gt=0, description="Mean time between loads.")
    arrivals: Literal["regular", "poisson"] = Field(
        "regular", description="Departures at equal times, or at random with that mean."
    )
    reorder_below: float | None = quantity(
        None, unit="amount of bus", ge=0, description="Stock at which a load is ordered."
    )
    review: float = quantity(
        1.0,
        unit="h",
        gt=0,
        description="How often the stock is looked at.",
        source="assumed: hourly",
    )
    travel: float = quantity(
        0.0, unit="h", ge=0, description="Time on the way.", source="assumed: 0"
    )
    travel_variation: Literal["fixed", "exponential"] = Field(
        "fixed", description="Time on the way as stated, or random with that mean."
    )
    docks: int = Field(1, ge=1, description="Places where loads are unloaded, one each.")
    unloading: float = quantity(
        0.0, unit="h", ge=0, description="Time at the dock.", source="assumed: 0"
    )
    price: float = quantity(
        0.0,
        unit="currency per amount of bus",
        description="Paid for what is put in, or earned where below zero.",
        source="assumed: paid elsewhere",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.every is None) == (self.reorder_below is None):
            raise PhysicsError(
                "loads come either by time or by stock",
                key="every",
                mend="give `every` or `reorder_below`",
            )
        if self.to is None and self.origin is None:
            raise PhysicsError(
                "a delivery without `to` and `origin` carries nothing",
                key="to",
                mend="name the store that receives, or the one it is taken from",
            )
        if self.reorder_below is not None and self.to is None:
            raise PhysicsError(
                "`reorder_below` looks at the stock of the store that receives",
                key="reorder_below",
                mend="name it under `to`",
            )
        return self

    def check(self, network: Network) -> None:
        """Refuse a store that the network does not have."""
        for key, name in (("to", self.to), ("origin", self.origin)):
            if name is not None:
                store_named(network, name, key)

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Send loads until the run ends."""
        yard = _Yard(self, world, name)
        world.env.process(yard.watch())
        if self.every is None:
            return
        rng, sent = world.rng(f"{name}/departures"), 0.0
        while True:
            gap = self.every * 3600
            sent += rng.exponential(gap) if self.arrivals == "poisson" else gap
            yield world.at(round(sent), Phase.OBSERVE, name)
            yard.send()


class _Yard:
    """Stores, docks, and what is on its way."""

    def __init__(self, spec: Delivery, world: Any, name: str) -> None:
        self.spec, self.world, self.name = spec, world, name
        self.to = self._store(spec.to)
        self.origin = self._store(spec.origin)
        self.docks = Pool(world, name, spec.docks)
        self.under_way, self.number, self.empty = 0.0, 0, False

    def _store(self, name: str | None) -> int | None:
        if name is None:
            return None
        store = store_of(self.world, name)
        item = self.world.network.stores[self.world.program.stores[store]]
        carrier = self.world.network.buses[self.spec.bus]
        if item.carrier != carrier:
            raise ValueError(
                f"delivery '{self.name}' carries {carrier.name}, but store '{item.name}' holds "
                f"{item.carrier.name}; name a store of the same carrier"
            )
        return store

    def watch(self) -> Generator[Any, None, None]:
        """Look at the stock now and then, and order where it is low."""
        spec, world = self.spec, self.world
        if self.to is None:
            return
        while True:
            stock = self._look()
            if spec.reorder_below is not None:
                while stock + self.under_way <= spec.reorder_below and self.send():
                    pass
            yield world.after(max(1, round(spec.review * 3600)), Phase.OBSERVE, self.name)

    def _look(self) -> float:
        """The stock; a line says when it has run out and when it is back."""
        assert self.to is not None
        stock = stock_of(self.world, self.to)
        empty = stock <= 1e-9 * float(self.world.program.pack["capacity"][self.to])
        if empty != self.empty:
            what = "stock_out" if empty else "in_stock"
            self.world.note(str(self.spec.to), what, float(self.empty), float(empty), by=self.name)
            self.empty = empty
        return stock

    def send(self) -> bool:
        """Let one load leave now, unless there is nothing to carry."""
        world, spec = self.world, self.spec
        self.number += 1
        cause, amount = f"load {self.number}", spec.amount
        if self.origin is not None:
            amount = -move(world, self.origin, -amount, by=self.name, cause=cause)
        where = str(spec.to or spec.origin)
        if amount <= 0:
            world.note(where, "nothing_to_send", spec.amount, 0.0, by=self.name, cause=cause)
            return False
        self.under_way += amount
        world.note(where, "send", 0.0, amount, by=self.name, cause=cause)
        if self.to is not None:
            world.env.process(self._trip(self.number, amount))
        else:
            self._settle(amount, cause)
        return True

    def _trip(self, number: int, amount: float) -> Generator[Any, None, None]:
        world, spec, name = self.world, self.spec, self.name
        assert self.to is not None
        cause, to = f"load {number}", str(spec.to)
        random = spec.travel_variation == "exponential"
        hours = world.rng(f"{name}/{cause}").exponential(spec.travel) if random else spec.travel
        yield world.after(round(hours * 3600), Phase.OBSERVE, name)
        queue = self.docks.waiting
        world.note(to, "arrive", float(queue), queue + 1.0, by=name, cause=cause)
        yield self.docks.ask((world.now, number))
        world.note(to, "dock", self.docks.free + 1.0, float(self.docks.free), by=name, cause=cause)
        yield world.after(round(spec.unloading * 3600), Phase.DISRUPT, name)
        fits = min(amount, room_in(world, self.to))
        put = move(world, self.to, fits, by=name, cause=cause)
        if put < amount:
            world.note(to, "sent_back", amount, amount - put, by=name, cause=f"{cause} did not fit")
            if self.origin is not None:
                move(world, self.origin, amount - put, by=name, cause=cause)
        self.under_way -= amount
        self._look()
        self.docks.leave()
        self._settle(put, cause)

    def _settle(self, amount: float, cause: str) -> None:
        if self.spec.price and amount:
            pay(
                self.world,
                str(self.spec.to or self.spec.origin),
                self.spec.price * amount,
                by=self.name,
                cause=cause,
            )
