"""Amounts that events put into stores or take out, and what controllers can see."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar

import numpy as np
import pytest

from models.base import Actor, Flow, Store
from models.carriers import STANDARD
from tests.actors.power import network, run, source, town
from twin.accounts.ledger import make_ledger
from twin.engine.clock import Phase
from twin.engine.world import World
from twin.network.network import Network

CHIPS = STANDARD["wood_chips"]


def boiler_with_silo() -> Network:
    """A stove burns 2 MW of chips from a silo of 50 MWh that holds 10, for ten hours."""
    flows = [
        Flow("out", "silo", {"wood_chips": 1.0, "silo.chips": -1.0}, 20.0),
        Flow("stove", "stove", {"wood_chips": -1.0}, 2.0, steer=-1e4, demand=True,
             closes=("co2", "n2", "so2", "water_vapour", "air"), main="wood_chips"),
    ]  # fmt: skip
    silo = Store("silo.chips", "silo", CHIPS, 50.0, initial=10.0, minimum=1.0)
    return network(flows, [silo], n_steps=10, step_s=3600)


class Truck(Actor):
    """Brings or takes amounts at seconds of the run, and remembers what was moved."""

    kind: ClassVar[str] = "truck_of_the_move_tests"
    loads: list[tuple[int, float]]
    moved: list[float] = []

    def process(self, world: World, name: str) -> Generator[Any, None, None]:
        """Come in turn."""
        for time_s, amount in self.loads:
            yield world.at(time_s, Phase.DECIDE, name)
            self.moved.append(world.move("silo.chips", amount, by=name, cause="delivery"))


def test_a_load_is_in_the_store_from_its_second_and_in_the_ledger() -> None:
    """9 MWh last until 04:30; a load of 12 at 05:20 feeds the stove for the remaining 4 h 40 min.

    Unserved are 2 MW x 50 min = 1.667 MWh. A load at the step's end would leave 3 MWh; a load that
    the ledger does not know would leave a residual of carbon of the order of one.
    """
    world, recorded = run(boiler_with_silo(), {"truck": Truck(loads=[(19_200, 12.0)])})
    burnt = recorded.hours @ recorded.flows[:, list(world.network.flows).index("stove")]
    assert 20 - burnt == pytest.approx(2 * 50 / 60, abs=1e-9)
    ledger = make_ledger(world.network, recorded)
    ledger.check()
    assert ledger.stores.loc["silo.chips", "moved"] == pytest.approx(12.0, abs=1e-9)
    assert max(ledger.residuals().values()) <= 1e-9
    line = world.log[0]
    assert (line.component, line.what, line.cause) == ("silo.chips", "level", "delivery")
    assert line.after - line.before == pytest.approx(12.0)


def test_a_store_takes_what_fits_and_gives_what_it_has() -> None:
    """At once: 100 into a silo with room for 40, then 100 out of 49 above the minimum.

    A level beyond its capacity, or below the minimum, would break the bound of the store; a move
    that reported 100 would make a truck pay for what it did not bring.
    """
    truck = Truck(loads=[(0, 100.0), (0, -100.0), (0, 5.0)], moved=[])
    world, recorded = run(boiler_with_silo(), {"truck": truck})
    assert truck.moved == pytest.approx([40, -49, 5])
    assert recorded.levels_before[0, 0] == pytest.approx(6)
    ledger = make_ledger(world.network, recorded)
    assert ledger.stores.loc["silo.chips", "moved"] == pytest.approx(-4.0)
    ledger.check()


class Watcher(Actor):
    """Looks every hour at what has just been, and holds the battery accordingly."""

    kind: ClassVar[str] = "watcher_of_the_tests"
    seen: list[tuple[float, float, float]] = []

    def process(self, world: World, name: str) -> Generator[Any, None, None]:
        """Look, note, and close the grid for the hour after a dear one."""
        while True:
            yield world.after(3600, Phase.OBSERVE, name)
            price = world.price("electricity")
            self.seen.append((world.rate("grid"), world.level("battery.energy"), price))
            world.limit("grid", 0.0 if 100 < price < 200 else 1.0, by=name)


def test_a_controller_sees_the_interval_just_past_and_never_the_next() -> None:
    """Dear in hours 1 and 3, so the grid closes in hours 2 and 4: nothing is bought there.

    A controller that could look ahead would close it in the dear hours themselves.
    """
    flows = [
        source("grid", 20, 0.0),
        town(4),
        Flow("fill", "battery", {"electricity": -1.0, "battery.energy": 1.0}, 3.0),
        Flow("empty", "battery", {"electricity": 1.0, "battery.energy": -1.0}, 3.0),
    ]
    flows[0].cost = np.array([50.0, 150.0, 50.0, 150.0, 50.0, 50.0])
    battery = Store("battery.energy", "battery", STANDARD["electricity"], 6.0, initial=6.0,
                    policy="thresholds", charge_below=0.0, discharge_above=1e3)  # fmt: skip
    watcher = Watcher(seen=[])
    net = network(flows, [battery], n_steps=6, step_s=3600)
    world, recorded = run(net, {"watcher": watcher})
    grid = recorded.flows[:, list(world.network.flows).index("grid")]
    assert grid == pytest.approx([4, 4, 0, 4, 0, 4], abs=1e-9)
    rates, levels, prices = zip(*watcher.seen, strict=True)
    assert rates == pytest.approx(grid[:-1])
    assert levels == pytest.approx(recorded.levels[:-1, 0])
    assert prices == pytest.approx(recorded.prices[:-1, 0])
    assert np.isnan(World(net, {}, horizon_s=3600, seed=1, start=world.start).price("electricity"))


def test_prices_need_a_full_record() -> None:
    """A run that keeps sums only has no last price; a zero would be taken for one."""
    net = boiler_with_silo()
    world = World(net, {}, horizon_s=3600, seed=1, record="sums",
                  start=run(net, {})[0].start)  # fmt: skip
    with pytest.raises(ValueError, match="full record"):
        world.price("wood_chips")


class Closer(Actor):
    """Reads the silo when all is over."""

    kind: ClassVar[str] = "closer_of_the_tests"
    read: list[tuple[str, int, float]] = []

    def process(self, world: World, name: str) -> Generator[Any, None, None]:
        """Ask to be called, and end."""
        world.at_end(lambda: self.read.append((name, world.now, world.level("silo.chips"))), name)
        yield world.at(3600, Phase.OBSERVE, name)


def test_what_is_left_to_the_end_sees_the_last_step_done() -> None:
    """After ten hours the 9 MWh above the minimum are burnt; b is called after a.

    Called at the last event, an hour in, the level would be 8; at the last step's start, still 1.
    """
    read: list[tuple[str, int, float]] = []
    actors = {"b": Closer(read=read), "a": Closer(read=read)}
    actors = {name: actor.model_copy(update={"read": read}) for name, actor in actors.items()}
    run(boiler_with_silo(), actors)
    assert read == [("a", 36_000, 1.0), ("b", 36_000, 1.0)]


def test_capacity_of_no_store_is_refused() -> None:
    """A component without a store, or a share above one, names the event and the mend.

    Taken silently, a log would tell of a capacity that no store has.
    """
    world, _ = run(boiler_with_silo(), {})
    for component, share in (("stove", 0.5), ("silo", 1.5)):
        with pytest.raises(ValueError, match=f"holds the capacity of '{component}'.*to mend"):
            world.capacity(component, share, by="planner")
