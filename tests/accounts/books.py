"""Parks small enough to work out on paper, as finished runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from models.base import Carrier, Flow, Store
from models.carriers import STANDARD, SURROUNDINGS, hot_water
from twin.accounts.account import CarbonAccount
from twin.engine.recorded import Recorded
from twin.network.conserve import close_flow, close_store
from twin.network.network import Network
from twin.results import Run

HOURS = 8760.0
YEAR_S = 8760 * 3600
GAS = 15.3 * 0.99 * 44 / 12 / 1000
"""tCO2/GJ of natural gas: 15.3 tC/TJ x 99 % x 44/12."""
HEAT = hot_water("heat", 120, 70)
BURNING = ("co2", "n2", "so2", "water_vapour", "air")


def run_of(
    flows: Sequence[Flow],
    rates: Mapping[str, float | Sequence[float]],
    *extra: Carrier,
    buses: Mapping[str, Carrier] | None = None,
    stores: Sequence[Store] = (),
    levels: Mapping[str, Sequence[float]] | None = None,
    step_s: int = YEAR_S,
    start: str = "2025-01-01",
    country: str = "CN",
) -> Run:
    """A run with the given rates, which must balance; the ledger refuses it otherwise.

    `levels` are the n + 1 amounts of each store. Standard carriers and `extra` serve as buses of
    their own name.
    """
    carriers = {**STANDARD, "heat": HEAT, **{c.name: c for c in extra}, **(buses or {})}
    outside = {**STANDARD, **SURROUNDINGS, **carriers}
    places = {**carriers, **{s.name: s.carrier for s in stores}}
    n = max((len(v) for v in rates.values() if isinstance(v, Sequence)), default=1)
    losses = {}
    for flow in flows:
        broken = close_flow(flow, places, outside)
        assert not broken, broken
    for store in stores:
        losses[store.name], _ = close_store(store, outside)
    used = {place for flow in flows for place in flow.coefficients}
    network = Network.of(
        {name: c for name, c in carriers.items() if name in used},
        flows,
        stores,
        surroundings=outside,
        losses=losses,
        n_steps=n,
        step_s=step_s,
    )
    x = np.array(
        [np.broadcast_to(np.asarray(rates[name], float), (n,)) for name in network.flows]
    ).T
    held = np.zeros((n + 1, len(stores)))
    for s, name in enumerate(network.stores):
        held[:, s] = (levels or {})[name]
    t0 = np.arange(n, dtype=np.int64) * step_s
    zero = np.zeros(len(network.flows))
    prices = np.zeros((n, len(network.buses)))
    recorded = Recorded(t0, t0 + step_s, x, held[:-1], held[1:], prices, zero, zero)
    facts = {
        "park": "paper",
        "conserve": [],
        "start_utc": pd.Timestamp(start, tz="UTC").isoformat(),
        "time_zone": "UTC",
        "country": country,
        "currency": "CNY",
        "step_s": step_s,
        "horizon_s": n * step_s,
    }
    run = Run("", network, recorded, pd.DataFrame(), facts)
    run.ledger.check()
    return run


def buy(name: str, bus: str) -> Flow:
    """A purchase; one unit of activity is one MWh or t."""
    return _flow(name, {bus: 1.0}, "supply", bus, exchange={bus: -1.0}, side="import")


def sell(name: str, bus: str, side: str = "export") -> Flow:
    """A sale, a disposal or a vent."""
    return _flow(name, {bus: -1.0}, "exchange", bus, exchange={bus: 1.0}, side=side)


def solar(name: str = "pv", bus: str = "electricity") -> Flow:
    """Photovoltaics."""
    return _flow(name, {bus: 1.0}, "power", bus, closes=("sun",))


def use(name: str, bus: str, activity: str = "final_use", **coefficients: float) -> Flow:
    """A demand that ends as heat in the surroundings."""
    return _flow(name, {bus: -1.0, **coefficients}, activity, bus, closes=BURNING)


def burn(name: str, fuel: str = "natural_gas", activity: str = "heat", **gives: float) -> Flow:
    """A boiler or engine per MWh or t of fuel; what it does not give is lost."""
    return _flow(name, {fuel: -1.0, **gives}, activity, fuel, closes=BURNING)


def _flow(name: str, coefficients: dict[str, float], activity: str, bus: str, **rest: Any) -> Flow:
    own: dict[str, Any] = {"activity": activity, "main": bus, **rest}
    return Flow(name, name, dict(coefficients), 1e9, **own)


def worked() -> Run:
    """100 GWh of power (55 own and direct, 45 bought), 200 TJ of gas, 50 TJ of bought heat."""
    flows = [
        solar(),
        buy("grid", "electricity"),
        buy("gas", "natural_gas"),
        buy("steam", "heat"),
        use("load", "electricity"),
        burn("ovens", activity="final_use"),
        use("dryers", "heat"),
    ]
    gas, heat = 200e3 / 3.6, 50e3 / 3.6
    return run_of(
        flows,
        {
            "pv": 55e3 / HOURS,
            "grid": 45e3 / HOURS,
            "load": 100e3 / HOURS,
            "gas": gas / HOURS,
            "ovens": gas / HOURS,
            "steam": heat / HOURS,
            "dryers": heat / HOURS,
        },
    )


def part(account: CarbonAccount, name: str) -> float:
    """Emission of a part [tCO2]."""
    return float(account.parts.get(name, 0.0))
