"""Small networks and records written by hand, for the tests of accounts."""

from __future__ import annotations

import numpy as np

from models.base import Carrier, Flow, Store
from models.carriers import STANDARD, SURROUNDINGS, hot_water
from twin.engine.recorded import Recorded
from twin.network.conserve import close_flow
from twin.network.network import Network

POWER = STANDARD["electricity"]
HEAT = hot_water("heat", 80, 45)
OUTSIDE = {**STANDARD, **SURROUNDINGS, "heat": HEAT}
BURNING = ("co2", "n2", "water_vapour", "air")


def network(
    buses: dict[str, Carrier], flows: list[Flow], stores: list[Store] | None = None
) -> Network:
    """A closed network of hourly steps."""
    places = {**buses, **{s.name: s.carrier for s in stores or []}}
    for flow in flows:
        violations = close_flow(flow, places, OUTSIDE)
        assert not violations, violations
    return Network.of(buses, flows, stores or [], surroundings=OUTSIDE, n_steps=4, step_s=3600)


def recorded(
    net: Network, rates: dict[str, list[float]], levels: list[list[float]] | None = None
) -> Recorded:
    """Hours at given rates, with the levels at the instants between."""
    n = len(next(iter(rates.values())))
    x = np.array([rates[name] for name in net.flows], float).T
    held = np.array(levels or [[]] * (n + 1), float).reshape(n + 1, -1)
    t0 = np.arange(n) * 3600
    zero = np.zeros(len(net.flows))
    prices = np.zeros((n, len(net.buses)))
    return Recorded(t0, t0 + 3600, x, held[:-1], held[1:], prices, zero, zero)


def supply(name: str, bus: str, carrier: str = "electricity") -> Flow:
    """An import."""
    return Flow(name, name, {bus: 1.0}, 999.0, exchange={carrier: -1.0}, side="import")


def use(name: str, bus: str) -> Flow:
    """A final use."""
    return Flow(name, name, {bus: -1.0}, 999.0, activity="final_use")
