"""Random parks for properties: cycles, converters of many outputs, lossy stores, outages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from models.base import Actor, Carrier, Flow, Store
from models.carriers import STANDARD, SURROUNDINGS, hot_water
from twin.engine.actors.outage import Outage
from twin.engine.recorded import Recorded
from twin.engine.world import World
from twin.network.conserve import close_flow, close_store
from twin.network.network import Network

BUSES: dict[str, Carrier] = {
    "electricity": STANDARD["electricity"],
    "gas": STANDARD["natural_gas"],
    "biogas": STANDARD["biogas"],
    "hydrogen": STANDARD["hydrogen"],
    "heat": hot_water("heat", 80, 45),
    "water": STANDARD["demineralised_water"],
}
OUTSIDE = {**STANDARD, **SURROUNDINGS, **{c.name: c for c in BUSES.values()}}
BURNING = ("co2", "n2", "so2", "water_vapour", "air")
START = pd.Timestamp("2025-01-01", tz="UTC")


@dataclass(repr=False)
class Parts:
    """A random park before it is put in order."""

    flows: list[Flow]
    stores: list[Store]
    actors: dict[str, Actor]
    n_steps: int
    step_s: int

    def network(self, order: np.random.Generator | None = None) -> Network:
        """Close everything and build the network, in this or a shuffled order."""
        flows, stores, buses = list(self.flows), list(self.stores), list(BUSES.items())
        if order is not None:
            for parts in (flows, stores, buses):
                order.shuffle(parts)  # type: ignore[arg-type]
        places = {**BUSES, **{s.name: s.carrier for s in stores}}
        losses = {}
        for flow in flows:
            flow.exchange = {k: v for k, v in flow.exchange.items() if flow.side != "inside"}
            violations = close_flow(flow, places, OUTSIDE)
            assert not violations, violations
        for store in stores:
            losses[store.name], violations = close_store(store, OUTSIDE)
            assert not violations, violations
        return Network.of(
            dict(buses),
            flows,
            stores,
            surroundings=OUTSIDE,
            losses=losses,
            n_steps=self.n_steps,
            step_s=self.step_s,
        )

    def run(
        self, network: Network, *, dispatcher: str = "kernel", seed: int = 3
    ) -> tuple[World, Recorded]:
        """Run a network of these parts over its whole series."""
        world = World(
            network,
            self.actors,
            horizon_s=network.n_steps * network.step_s,
            start=START,
            seed=seed,
            dispatcher=dispatcher,
        )
        world.run()
        return world, Recorded.of(world.record)


@st.composite
def parks(
    draw: st.DrawFn, *, stores: bool = True, outages: bool = True, n_steps: int = 24
) -> Parts:
    """A park that has a solution at every step: imports, vents and demands on every bus."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    step_s = draw(st.sampled_from([300, 900, 3600]))
    flows = []
    for bus, carrier in BUSES.items():
        flows.append(
            Flow(
                f"import_{bus}",
                f"import_{bus}",
                {bus: 1.0},
                upper=float(rng.uniform(5, 40)),
                cost=rng.uniform(-5, 90, n_steps) if rng.random() < 0.5 else 40.0,
                exchange={carrier.name: -1.0},
                side="import",
                main=bus,
            )
        )
        vent = () if carrier.unit == "MW" and not carrier.of("carbon") else BURNING
        closes = BURNING if carrier.name == "hydrogen" else vent
        # Water leaves as it came: it has no heat of its own to evaporate.
        exchange = {carrier.name: 1.0} if bus == "water" else {}
        side = "disposal" if bus == "water" else "inside"
        flows.append(
            Flow(f"vent_{bus}", f"vent_{bus}", {bus: -1.0}, 500.0, exchange=exchange, closes=closes,
                 side=side, main=bus)
        )  # fmt: skip
        flows.append(
            Flow(f"need_{bus}", f"need_{bus}", {bus: -1.0}, rng.uniform(0, 30, n_steps),
                 exchange=dict(exchange), closes=closes, side=side, steer=-1e4, demand=True,
                 main=bus)
        )  # fmt: skip
    recipes = [
        ({"gas": -1.0, "electricity": 0.4, "heat": 0.45}, BURNING),
        ({"biogas": -1.0, "electricity": 0.35, "heat": 0.5}, BURNING),
        ({"electricity": -1.0, "heat": 0.98}, ()),
        ({"electricity": -1.0, "heat": 3.0}, ("air_heat",)),
        ({"electricity": -1.0, "hydrogen": 0.65, "water": -0.19, "heat": 0.1}, ("oxygen",)),
        ({"hydrogen": -1.0, "electricity": 0.5, "heat": 0.3}, BURNING),
        ({"heat": -1.0, "electricity": 0.05}, ()),
        ({"electricity": 1.0}, ("sun",)),
    ]
    for k, (recipe, closes) in enumerate(recipes):
        if rng.random() < 0.25:
            continue
        recipe, exchange = dict(recipe), {}
        if "hydrogen" in recipe and "water" in recipe:
            # What the hydrogen carries of water and mass, exactly, and the oxygen set free.
            recipe["water"] = -recipe["hydrogen"] * BUSES["hydrogen"].of("water")
            oxygen = -recipe["water"] - recipe["hydrogen"] * BUSES["hydrogen"].of("mass")
            exchange, closes = {"oxygen": oxygen}, ()
        side = "import" if exchange else "inside"
        upper = rng.uniform(0, 25, n_steps) if rng.random() < 0.5 else float(rng.uniform(1, 40))
        flows.append(
            Flow(f"unit_{k}", f"unit_{k}", recipe, upper, cost=float(rng.choice([0.0, 1.0, 3.7])),
                 closes=closes, exchange=exchange, side=side)
        )  # fmt: skip
    found: list[Store] = []
    if stores:
        for bus in ("electricity", "heat", "hydrogen"):
            if rng.random() < 0.3:
                continue
            capacity = float(rng.uniform(2, 60))
            name, eta = f"store_{bus}.amount", float(rng.uniform(0.85, 1.0))
            lossless = BUSES[bus].of("mass") > 0
            eta = 1.0 if lossless else eta
            found.append(
                Store(name, f"store_{bus}", BUSES[bus], capacity, initial=capacity / 3,
                      loss_rate=0.0 if lossless else float(rng.choice([0.0, 0.01])),
                      exclusive=bus == "electricity", policy="thresholds",
                      charge_below=30.0, discharge_above=45.0)
            )  # fmt: skip
            flows.append(Flow(f"fill_{bus}", f"store_{bus}", {bus: -1.0, name: eta}, 10.0))
            flows.append(Flow(f"empty_{bus}", f"store_{bus}", {bus: 1.0, name: -1 / eta}, 10.0))
    actors: dict[str, Actor] = {}
    if outages:
        for flow in flows:
            if flow.component.startswith("unit") and rng.random() < 0.5:
                actors[f"outage.{flow.component}"] = Outage(
                    component=flow.component, mtbf=float(rng.uniform(2, 9)), mttr=1.0
                )
    return Parts(flows, found, actors, n_steps, step_s)
