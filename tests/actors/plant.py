"""A plain plant for the tests of operations: grid, sun, two demands, a silo, a battery."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.base import Actor, Flow, Store
from models.carriers import STANDARD, SURROUNDINGS
from twin.engine.recorded import Recorded
from twin.engine.world import World
from twin.network.conserve import close_flow
from twin.network.network import Network

START = pd.Timestamp("2025-01-01", tz="Asia/Shanghai")
OUTSIDE = {**STANDARD, **SURROUNDINGS}
BUSES = {name: STANDARD[name] for name in ("electricity", "limestone")}


def plant(
    n_steps: int = 24,
    step_s: int = 3600,
    *,
    price: float | np.ndarray = 50.0,
    works: float | np.ndarray = 100.0,
    sun: float | np.ndarray = 0.0,
    hall: float = 0.0,
    town: float | np.ndarray = 0.0,
    use: float = 0.0,
    silo: tuple[float, float] = (100.0, 0.0),
    second_silo: float = 0.0,
    battery: float = 0.0,
) -> Network:
    """A grid of 10 GW serves works, a hall and a town.

    Parameters
    ----------
    price : float or ndarray
        Of the grid [currency/MWh].
    works, sun, hall, town : float or ndarray
        Offered by the sun; limits of the others, which take that much unless held [MW].
    use : float
        What the kiln takes from the silo [t/h].
    silo : (float, float)
        Capacity and content [t]; `second_silo` is the content of another of 100 t.
    battery : float
        Capacity of a battery without losses and power limit, empty at first [MWh].
    """
    flows = [
        Flow("grid", "grid", {"electricity": 1.0}, 10_000.0, cost=price,
             exchange={"electricity": -1.0}, side="import", main="electricity"),
        Flow("sun", "sun", {"electricity": 1.0}, sun, closes=("sun",), curtailable=True,
             main="electricity"),
        Flow("kiln", "kiln", {"limestone": -1.0}, use, exchange={"limestone": 1.0}, side="export",
             steer=-1e4, demand=True, main="limestone"),
        Flow("feed", "silo", {"limestone": 1.0, "silo.stored": -1.0}, 100.0),
    ]  # fmt: skip
    flows += [
        Flow(name, name, {"electricity": -1.0}, upper, steer=-1e4, demand=True, main="electricity")
        for name, upper in (("works", works), ("hall", hall), ("town", town))
    ]
    limestone = STANDARD["limestone"]
    stores = [
        Store("silo.stored", "silo", limestone, silo[0], silo[1]),
        Store("quarry.stored", "quarry", limestone, 100.0, second_silo),
    ]
    if battery:
        flows += [
            Flow("battery.charge", "battery", {"electricity": -1.0, "battery.stored": 1.0}, 500.0),
            Flow(
                "battery.discharge", "battery", {"electricity": 1.0, "battery.stored": -1.0}, 500.0
            ),
        ]
        stores.append(
            Store("battery.stored", "battery", STANDARD["electricity"], battery, exclusive=True,
                  policy="thresholds", charge_below=40.0, discharge_above=60.0)
        )  # fmt: skip
    places = {**BUSES, **{s.name: s.carrier for s in stores}}
    for flow in flows:
        assert not close_flow(flow, places, OUTSIDE)
    return Network.of(BUSES, flows, stores, surroundings=OUTSIDE, n_steps=n_steps, step_s=step_s)


def run(network: Network, actors: Mapping[str, Actor], *, seed: int = 1) -> tuple[World, Recorded]:
    """Run a network over its series."""
    horizon_s = network.n_steps * network.step_s
    world = World(network, actors, horizon_s=horizon_s, start=START, seed=seed)
    world.run()
    return world, Recorded.of(world.record)


def rate(world: World, recorded: Recorded, flow: str) -> np.ndarray:
    """Rate of a flow in each interval."""
    return recorded.flows[:, list(world.network.flows).index(flow)]


def amount(world: World, recorded: Recorded, flow: str) -> float:
    """Total of a flow [MWh or t]."""
    return float(rate(world, recorded, flow) @ recorded.hours)


def lines(world: World, what: str, actor: str | None = None) -> list[tuple[float, float, float]]:
    """Hour, before and after of the lines of a kind in the event log."""
    return [
        (h.time_s / 3600, h.before, h.after)
        for h in world.log
        if h.what == what and actor in (None, h.actor)
    ]
