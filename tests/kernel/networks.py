"""Networks for the tests of the dispatchers: tiny ones, and random ones hard on a simplex."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.base import Carrier, Flow, Store
from twin.engine.dispatch import DISPATCHERS, Record, State
from twin.network.network import Network
from twin.network.program import Program

CARRIER = Carrier("thing", "MW")


def run(
    network: Network, *, dispatcher: str = "kernel", state: State | None = None, **more: Any
) -> tuple[Program, State, Record]:
    """Run all steps of a network from a state, or from the start."""
    program = state.program if state is not None else Program.compile(network, **more)
    state = state if state is not None else State.start(program)
    record = Record.full(program)
    DISPATCHERS[dispatcher]()(program, state, record, 0, program.n_steps * program.step_s)
    return program, state, record


def tiny(flows: list[Flow], stores: list[Store] | None = None, **more: Any) -> Network:
    """A network on the buses its flows touch."""
    names = {place for f in flows for place in f.coefficients} - {s.name for s in stores or ()}
    return Network.of(dict.fromkeys(sorted(names), CARRIER), flows, stores or (), **more)


def source(bus: str, name: str, upper: Any, cost: Any, **more: Any) -> Flow:
    """Gives to a bus at a cost."""
    return Flow(name, name, {bus: 1.0}, upper, cost=cost, **more)


def load(bus: str, name: str, rate: Any, **more: Any) -> Flow:
    """Takes from a bus; what it cannot have is lost at 1000 per unit."""
    return Flow(name, name, {bus: -1.0}, rate, steer=-1000.0, **more)


def with_probes(network: Network) -> Network:
    """The network with two flows a bus that take from it and give to it up to 1e6."""
    probes = [
        Flow(f"{name}.{bus}", "probe", {bus: sign}, 1e6)
        for bus in network.buses
        for name, sign in (("probe_take", -1.0), ("probe_give", 1.0))
    ]
    flows = [*network.flows.values(), *probes]
    return Network.of(
        network.buses,
        flows,
        network.stores.values(),
        n_steps=network.n_steps,
        step_s=network.step_s,
    )


def generic_network(seed: int, *, buses: int, n_steps: int = 4) -> Network:
    """All numbers drawn from continuous ranges, so that no two optima tie and none is a corner
    of too many limits: every small change has one answer.
    """
    rng = np.random.default_rng(seed)
    names = [f"bus{i}" for i in range(buses)]
    flows = []
    for b in names:
        flows.append(Flow(f"{b}.dump", b, {b: -1.0}, 1e3, cost=rng.uniform(1, 2)))
        flows.append(load(b, f"{b}.load", rng.uniform(1, 10, n_steps)))
        for k in range(2):
            price = rng.uniform(10, 90, n_steps)
            flows.append(source(b, f"{b}.buy{k}", rng.uniform(2, 8), price))
    for k in range(2 * buses):
        chosen = [names[i] for i in rng.permutation(buses)[: rng.integers(2, 4)]]
        coefficients: dict[str, Any] = {b: rng.uniform(0.2, 0.9) for b in chosen[1:]}
        coefficients[chosen[0]] = -1.0
        flows.append(
            Flow(f"link{k}", "link", coefficients, rng.uniform(1, 6), cost=rng.uniform(1, 5))
        )
    return tiny(flows, n_steps=n_steps)


def random_network(seed: int, *, buses: int, n_steps: int = 6, step_s: int = 3600) -> Network:
    """Feasible by construction: every bus has a dump and a last resort.

    Has ties (prices are drawn from few values), zero and negative costs, badly scaled rows, white
    noise, cycles of converters, dense converters, must-run flows, ramps, coefficients that vary
    and vanish, stores (some exclusive, some lossy, some with equal value for both directions).
    """
    rng = np.random.default_rng(seed)
    names = [f"bus{i}" for i in range(buses)]
    scale = {b: float(rng.choice([1.0, 1.0, 1.0, 1e-3, 1e3])) for b in names}
    prices = [0.0, 0.0, 5.0, 10.0, 10.0, 50.0, -20.0]
    flows: list[Flow] = []

    def noise(low: float, high: float) -> np.ndarray | float:
        if rng.random() < 0.4:
            return float(np.round(rng.uniform(low, high), 1))
        return rng.uniform(low, high, n_steps)

    def flow(name: str, coefficients: dict, upper: object, **more: object) -> None:
        touched = {k: v * scale.get(k, 1.0) for k, v in coefficients.items()}
        flows.append(Flow(name, name, touched, upper, **more))

    for b in names:
        flow(f"{b}.dump", {b: -1.0}, 1e4, cost=float(rng.choice([0.0, 0.0, 1.0])))
        flow(f"{b}.resort", {b: 1.0}, 1e4, steer=3000.0)
        for k in range(rng.integers(0, 3)):
            price = float(rng.choice(prices)) + (rng.random() < 0.3) * rng.normal(0, 30, n_steps)
            flow(f"{b}.buy{k}", {b: 1.0}, noise(0, 20), cost=price)
        if rng.random() < 0.5:
            load = noise(0, 15)
            flow(
                f"{b}.load",
                {b: -1.0},
                load,
                lower=load if rng.random() < 0.5 else 0.0,
                steer=-999.0,
            )
    for k in range(2 * buses):
        size = min(buses, 2 + int(rng.exponential(1.0)) + (rng.random() < 0.1) * buses // 2)
        chosen = [names[i] for i in rng.choice(buses, size, replace=False)] if buses > 1 else names
        coefficients: dict = {chosen[0]: -1.0}
        for b in chosen[1:]:
            value = float(rng.choice([1.0, 0.9, 0.5, 2.0, -0.3]))
            coefficients[b] = (
                value * rng.uniform(0, 1, n_steps).round(1) if rng.random() < 0.2 else value
            )
        ramp = float(rng.choice([np.inf, np.inf, 3.0]))
        flow(f"link{k}", coefficients, noise(0, 12), cost=float(rng.choice(prices[:5])), ramp=ramp)
    stores = []
    for k in range(rng.integers(0, 1 + buses // 2)):
        b = str(rng.choice(names))
        name = f"store{k}"
        below = float(rng.choice([0.0, 5.0, 20.0]))
        stores.append(
            Store(
                name,
                name,
                CARRIER,
                capacity=float(rng.choice([5.0, 30.0])),
                initial=float(rng.choice([0.0, 2.5, 5.0])),
                loss_rate=float(rng.choice([0.0, 0.0, 0.02])),
                exclusive=bool(rng.random() < 0.5),
                charge_below=below,
                discharge_above=below + float(rng.choice([0.0, 0.0, 10.0])),
            )
        )
        gain = float(rng.choice([1.0, 0.9]))
        flow(f"{name}.in", {b: -1.0, name: gain}, 6.0)
        flow(f"{name}.out", {b: 1.0, name: -1.0 / gain}, 6.0, cost=float(rng.choice([0.0, 0.1])))
    return Network.of(dict.fromkeys(names, CARRIER), flows, stores, n_steps=n_steps, step_s=step_s)
