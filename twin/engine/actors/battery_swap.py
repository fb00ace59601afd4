"""Battery swapping of heavy trucks: a stock of packs, bays where they are changed, a queue."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar, Literal

from pydantic import Field

from models.base import Actor, quantity
from twin.engine.actors.reach import move, pay, stock_of, store_named, ways_of
from twin.engine.actors.scheduling import Pool
from twin.engine.clock import Phase
from twin.network.network import Network


class BatterySwap(Actor):
    """Trucks come, wait for a bay and for a full pack, leave their empty one and drive on.

    `component` is a battery, the packs of the station together: its content is counted above what
    trucks bring back, so that it holds capacity / `energy` packs, and packs are charged one after
    the other, so that content / `energy` of them are full. Its policy decides when it charges, by
    the tariff or by two prices; with fewer full packs than `reserve` it charges at any price. It
    gives nothing back to the bus. What trucks take is `moved` of the store in the ledger.
    """

    kind: ClassVar[str] = "battery_swap"
    looks_back: ClassVar[bool] = False

    component: str = Field(description="Battery that stands for all packs at the station.")
    energy: float = quantity(unit="MWh", gt=0, description="Content a truck takes with it.")
    every: float = quantity(unit="h", gt=0, description="Mean time between trucks.")
    arrivals: Literal["regular", "poisson"] = Field("poisson", description="How they arrive.")
    bays: int = Field(1, ge=1, description="Places where packs are changed, one truck each.")
    swapping: float = quantity(
        5 / 60, unit="h", gt=0, description="Time in the bay.", source="assumed: five minutes"
    )
    variation: Literal["fixed", "exponential"] = Field(
        "fixed", description="Time in the bay as stated, or random with that mean."
    )
    reserve: int = Field(1, ge=0, description="Full packs below which price does not matter.")
    price: float = quantity(
        0.0, unit="currency/MWh", description="Earned for what trucks take.", source="assumed: none"
    )
    value_of_waiting: float = quantity(
        5_000.0,
        unit="currency/MWh",
        gt=0,
        description="Penalty that lets it charge below the reserve; steers and is never money.",
        source="assumed: far above any price",
    )

    def check(self, network: Network) -> None:
        """Refuse a component without a store."""
        store_named(network, self.component, "component")

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Let truck after truck come."""
        station = _Station(self, world, name)
        world.env.process(station.watch())
        rng, arrival, number = world.rng(f"{name}/arrivals"), 0.0, 0
        while True:
            gap = self.every * 3600
            arrival += rng.exponential(gap) if self.arrivals == "poisson" else gap
            yield world.at(round(arrival), Phase.OBSERVE, name)
            number += 1
            world.env.process(station.truck(number))


class _Station:
    """The packs and the bays."""

    def __init__(self, spec: BatterySwap, world: Any, name: str) -> None:
        self.spec, self.world, self.name = spec, world, name
        self.store, self.charge, discharge = ways_of(world, spec.component)
        capacity = float(world.program.pack["capacity"][self.store])
        if capacity < spec.energy * (1 - 1e-9):
            raise ValueError(
                f"'{spec.component}' holds {capacity:.6g} MWh, less than the {spec.energy:.6g} MWh "
                f"that a truck of '{name}' takes; to mend: raise its capacity"
            )
        world.hold("cap", world.program.flows[discharge], 0.0, by=name)
        self.bays = Pool(world, name, spec.bays)

    @property
    def full(self) -> float:
        """Full packs, with the part that is charged of the next."""
        return stock_of(self.world, self.store) / self.spec.energy + 1e-9

    def watch(self) -> Generator[Any, None, None]:
        """Charge at any price while the reserve is short, looked at in each step."""
        world, steered = self.world, 0.0
        for k in range(world.program.n_steps):
            yield world.at(k * world.program.step_s, Phase.SETTLE, self.name)
            steer = -self.spec.value_of_waiting if self.full < self.spec.reserve else 0.0
            if steer != steered:
                world.state.steer_adder[self.charge] += steer - steered
                steered = steer

    def truck(self, number: int) -> Generator[Any, None, None]:
        """One truck from the gate to the road."""
        world, spec, name = self.world, self.spec, self.name
        cause, came, step_s = f"truck {number}", world.now, world.program.step_s
        queue = float(self.bays.waiting)
        world.note(spec.component, "arrive", queue, queue + 1.0, by=name, cause=cause)
        yield self.bays.ask((came, number))
        if self.full < 1.0:
            world.note(spec.component, "no_full_pack", 0.0, self.full, by=name, cause=cause)
        while self.full < 1.0:
            yield world.at((world.now // step_s + 1) * step_s, Phase.DECIDE, name)
        taken = -move(world, self.store, -spec.energy, by=name, cause=cause)
        begun = world.now
        random = spec.variation == "exponential"
        hours = world.rng(f"{name}/{cause}").exponential(spec.swapping) if random else spec.swapping
        yield world.after(max(1, round(hours * 3600)), Phase.DISRUPT, name)
        self.bays.leave()
        waited = (begun - came) / 3600
        world.note(spec.component, "swapped", came / 3600, world.now / 3600, by=name,
                   cause=f"{cause} waited {waited:.6g} h")  # fmt: skip
        if spec.price:
            pay(world, spec.component, -spec.price * taken, by=name, cause=cause)
