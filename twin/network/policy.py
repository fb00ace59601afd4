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
    surplus = np.maximum(_best_sale(flows, fill_bus), _offered(flows, fill_bus))
    paid = _most([_per(f, fill_bus, store.name) for f in filling])
    if store.policy == "self_consumption":
        store.charge_below = surplus * paid + HAIR
        store.discharge_above = store.charge_below + HAIR
        return None
    price = _tariff(flows, fill_bus)
    if price is None:
        return "policy tariff needs an import with a price on the bus that fills the store"
    saved = _most([_saved(f, store.name, fill_bus, flows, paid) for f in emptying])
    spent = _most([_spent(f, store.name) for f in filling], 0.0)
    wear = _most([_spent(f, store.name) for f in emptying], 0.0)
    price = np.broadcast_to(np.asarray(price, float), (len(times),))
    days = pd.Series(price).groupby(times.strftime("%Y-%m-%d"))
    low, high = days.transform("min").to_numpy(), days.transform("max").to_numpy()
    fill = np.maximum(low, surplus) * paid + spent + HAIR
    empty = high * saved - wear - HAIR
    worth = fill <= empty
    # A day whose spread does not pay for the losses is a day of self-consumption only.
    store.charge_below = np.where(worth, fill, surplus * paid + HAIR)
    store.discharge_above = np.where(worth, empty, surplus * paid + 2 * HAIR)
    return None


def _most(values: list[float | np.ndarray], none: float = 1.0) -> float | np.ndarray:
    return np.maximum.reduce(np.broadcast_arrays(*values)) if values else none


def _spent(flow: Flow, store: str) -> float | np.ndarray:
    """Money a flow costs per unit it moves into or out of a store, such as wear."""
    moved = np.abs(np.asarray(flow.coefficients[store], float))
    spent: float | np.ndarray = np.asarray(flow.cost, float) / moved
    return spent


def _per(flow: Flow, buses: set[str], place: str) -> float | np.ndarray:
    """Units a flow moves on these buses per unit on a place."""
    moved = sum(
        np.abs(np.asarray(flow.coefficients[b], float)) for b in buses & set(flow.coefficients)
    )
    ratio: float | np.ndarray = moved / np.abs(np.asarray(flow.coefficients[place], float))
    return ratio


def _saved(
    emptying: Flow, store: str, fill_bus: set[str], flows: list[Flow], paid: float | np.ndarray
) -> float | np.ndarray:
    """Units of the filling bus that a stored unit spares when it is emptied.

    A battery gives them back. Ice gives cold, and spares what the best chiller takes for it;
    where nothing else makes what it gives, it is worth what was paid.
    """
    if fill_bus & set(emptying.coefficients):
        return _per(emptying, fill_bus, store)
    outlets = [b for b in emptying.coefficients if b != store]
    spared = [
        _per(f, fill_bus, bus) * _per(emptying, {bus}, store)
        for bus in outlets
        for f in flows
        if store not in f.coefficients
        and np.all(np.asarray(f.coefficients.get(bus, 0.0)) > 0)
        and {p for p, a in f.coefficients.items() if np.any(np.asarray(a) < 0)} == fill_bus
    ]
    return np.minimum.reduce(np.broadcast_arrays(*spared)) if spared else paid


def _best_sale(flows: list[Flow], buses: set[str]) -> float | np.ndarray:
    """Highest price at which a unit on these buses could be sold instead; at least zero."""
    best: float | np.ndarray = 0.0
    for flow in flows:
        if flow.side == "export" and buses & set(flow.coefficients):
            best = np.maximum(best, -np.asarray(flow.cost, float))
    return best


def _offered(flows: list[Flow], buses: set[str]) -> float | np.ndarray:
    """Largest running cost of what would be curtailed rather than stored, per unit on these buses.

    A collector whose pump costs 1 per MWh of heat stands still unless heat is worth that much.
    """
    best: float | np.ndarray = 0.0
    for flow in flows:
        for bus in buses & set(flow.coefficients) if flow.curtailable else ():
            gives = np.asarray(flow.coefficients[bus], float)
            cost = np.asarray(flow.cost, float)
            for place, value in flow.coefficients.items():
                price = None if place in buses else _tariff(flows, {place})
                cost = cost if price is None else cost - np.minimum(value, 0.0) * price
            cost, gives = np.broadcast_arrays(cost, gives)
            best = np.maximum(
                best, np.divide(cost, gives, where=gives > 0, out=np.zeros_like(cost))
            )
    return best


def _tariff(flows: list[Flow], buses: set[str]) -> float | np.ndarray | None:
    prices = [
        np.asarray(f.cost, float)
        for f in flows
        if f.side == "import" and f.main in buses and not f.demand
    ]
    return np.minimum.reduce(prices) if prices else None
