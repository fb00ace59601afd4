"""Store policies: what a stored unit is worth to a dispatcher that cannot see ahead.

A policy gives two prices of the stored carrier: filling pays below the first, emptying above the
second. They may use what is known in advance (a published tariff), never what will happen.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from models.base import Flow, Store

HAIR = 1e-3
"""Smallest price difference that decides [currency per MWh or t]: below any tariff step."""


def apply_policy(store: Store, flows: Iterable[Flow], times: pd.DatetimeIndex) -> str | None:
    """Set `charge_below` and `discharge_above` of a store; return what is wrong, if anything.

    Parameters
    ----------
    store : Store
        Changed in place.
    flows : iterable of Flow
        All flows of the park: those that fill or empty the store, and the trades on their buses.
    times : DatetimeIndex
        Start of each step in local time; a tariff day is a local day.
    """
    flows = list(flows)
    if store.policy == "thresholds":
        if np.any(np.asarray(store.charge_below) > np.asarray(store.discharge_above)):
            return "charge_below is above discharge_above: it would be emptied to be filled"
        return None
    filling = [f for f in flows if np.any(np.asarray(f.coefficients.get(store.name, 0.0)) > 0)]
    emptying = [f for f in flows if np.any(np.asarray(f.coefficients.get(store.name, 0.0)) < 0)]
    fill_bus = {bus for f in filling for bus in f.coefficients if bus != store.name}
    surplus = _best_sale(flows, fill_bus)
    in_gain = min((_size(f, store.name) for f in filling), default=1.0)
    if store.policy == "self_consumption":
        store.charge_below = surplus / in_gain + HAIR
        store.discharge_above = store.charge_below + HAIR
        return None
    price = _tariff(flows, fill_bus)
    if price is None:
        return "policy tariff needs an import with a price on the bus that fills the store"
    out_gain = max((1.0 / _size(f, store.name) for f in emptying), default=1.0)
    price = np.broadcast_to(np.asarray(price, float), (len(times),))
    days = pd.Series(price).groupby(times.strftime("%Y-%m-%d"))
    low, high = days.transform("min").to_numpy(), days.transform("max").to_numpy()
    fill = np.maximum(low, surplus) / in_gain + HAIR
    empty = high * out_gain - HAIR
    worth = fill <= empty
    # A day whose spread does not pay for the losses is a day of self-consumption only.
    store.charge_below = np.where(worth, fill, surplus / in_gain + HAIR)
    store.discharge_above = np.where(worth, empty, surplus / in_gain + 2 * HAIR)
    return None


def _size(flow: Flow, place: str) -> float:
    return float(np.mean(np.abs(np.asarray(flow.coefficients[place]))))


def _best_sale(flows: list[Flow], buses: set[str]) -> float | np.ndarray:
    """Highest price at which a unit on these buses could be sold instead; at least zero."""
    best: float | np.ndarray = 0.0
    for flow in flows:
        if flow.side == "export" and buses & set(flow.coefficients):
            best = np.maximum(best, -np.asarray(flow.cost, float))
    return best


def _tariff(flows: list[Flow], buses: set[str]) -> float | np.ndarray | None:
    prices = [
        np.asarray(f.cost, float)
        for f in flows
        if f.side == "import" and f.main in buses and not f.demand
    ]
    return np.minimum.reduce(prices) if prices else None
