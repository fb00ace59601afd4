"""Units, a grid and a town on one bus, for the tests of disturbances; and sums over the log."""

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
DAY_S = 86_400


def network(
    flows: list[Flow], stores: list[Store] | None = None, *, n_steps: int, step_s: int
) -> Network:
    """A closed network of these flows."""
    stores = stores or []
    used = {place for flow in flows for place in flow.coefficients}
    buses = {name: STANDARD[name] for name in used if name in STANDARD}
    places = {**buses, **{s.name: s.carrier for s in stores}}
    for flow in flows:
        assert not close_flow(flow, places, OUTSIDE)
    return Network.of(buses, flows, stores, surroundings=OUTSIDE, n_steps=n_steps, step_s=step_s)


def source(name: str, upper: float, cost: float) -> Flow:
    """Electricity from the wind, or bought where it is called grid."""
    if name == "grid":
        exchange = {"electricity": -1.0}
        return Flow(name, name, {"electricity": 1.0}, upper, cost=cost, exchange=exchange,
                    side="import", main="electricity")  # fmt: skip
    return Flow(name, name, {"electricity": 1.0}, upper, cost=cost, closes=("wind",),
                main="electricity")  # fmt: skip


def town(upper: float | np.ndarray) -> Flow:
    """A demand that may go unserved."""
    return Flow("town", "town", {"electricity": -1.0}, upper, steer=-1e4, demand=True,
                main="electricity")  # fmt: skip


def units(n: int = 1, *, days: int = 30, step_s: int = 3600, demand: float = 8.0) -> Network:
    """Units of 10 MW each named unit_0 ..., a grid of 5 MW, and a town."""
    flows = [source(f"unit_{k}", 10.0, 10.0 + k) for k in range(n)]
    flows += [source("grid", 5.0, 90.0), town(demand)]
    return network(flows, n_steps=days * DAY_S // step_s, step_s=step_s)


def run(net: Network, actors: Mapping[str, Actor], seed: int = 1) -> tuple[World, Recorded]:
    """Run a network over its series."""
    world = World(net, actors, horizon_s=net.n_steps * net.step_s, start=START, seed=seed)
    world.run()
    return world, Recorded.of(world.record)


def amounts(world: World, recorded: Recorded) -> dict[str, float]:
    """Amount of every flow over the run [MWh or t]."""
    totals = recorded.hours @ recorded.flows
    return dict(zip(world.network.flows, totals.tolist(), strict=True))


def lines(world: World) -> list[tuple[float, str, float, float, str]]:
    """The log as hours, component, before, after, cause."""
    return [(h.time_s / 3600, h.component, h.before, h.after, h.cause) for h in world.log]


def hours_with(world: World, components: list[str], down: int) -> float:
    """Hours in which exactly `down` of the components are at zero, from the log alone."""
    state = dict.fromkeys(components, 1.0)
    total, last = 0.0, 0
    for line in world.log:
        if line.component not in state or line.what != "limit":
            continue
        total += (line.time_s - last) * (sum(v == 0.0 for v in state.values()) == down)
        state[line.component], last = line.after, line.time_s
    total += (world.horizon_s - last) * (sum(v == 0.0 for v in state.values()) == down)
    return total / 3600


def mean_within(values: list[float], expected: float, sigmas: float = 3.0) -> bool:
    """Whether independent values agree with their expected mean to some standard errors."""
    array = np.asarray(values, float)
    error = float(array.std(ddof=1)) / len(array) ** 0.5
    return abs(float(array.mean()) - expected) <= sigmas * error
