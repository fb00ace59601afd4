"""Residuals of a recorded run on every bus, in every store and at the fence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from twin.engine.recorded import Recorded, Sums
from twin.network.network import Network

IDLE = 1e-6
"""A bus is judged as if at least this share of the busiest place's throughput went through it."""


@dataclass(frozen=True)
class Balance:
    """What is left over where nothing should be.

    Attributes
    ----------
    buses : Series
        Sum of |given - taken| over all intervals, relative to what passed through each bus. Of a
        run that kept totals, the whole run is one interval.
    stores : DataFrame
        carrier, before, after, loss, moved [MWh or t] and the relative residual of each store.
    fence : DataFrame
        Per conserved quantity: entered, left, stored (change inside) and the relative residual.
    """

    buses: pd.Series
    stores: pd.DataFrame
    fence: pd.DataFrame

    @property
    def residuals(self) -> dict[str, float]:
        """Per conserved quantity, the worst relative residual of fence, buses and stores."""
        inside = float(self.buses.max()) if len(self.buses) else 0.0
        if len(self.stores):
            inside = max(inside, float(self.stores["residual"].max()))
        return {str(q): max(float(r), inside) for q, r in self.fence["residual"].items()}

    @property
    def worst(self) -> str:
        """The worst place in words."""
        places: dict[str, float] = {f"bus {name}": value for name, value in self.buses.items()}
        places |= {f"store {name}": v for name, v in self.stores["residual"].items()}
        places |= {f"{name} at the fence": v for name, v in self.fence["residual"].items()}
        name = max(places, key=lambda place: places[place])
        return f"{name} has a relative residual of {places[name]:.3g}"


def balance(
    network: Network, record: Recorded, quantities: tuple[str, ...], sums: Sums | None = None
) -> Balance:
    """Recompute all residuals from rates, levels and the network's coefficients.

    Parameters
    ----------
    network : Network
    record : Recorded
        Full record, or the whole run as one interval.
    quantities : tuple of str
        Conserved quantities to close at the fence.
    sums : Sums, optional
        Of a run that is one interval: what its stores lost, and what events did to them.
    """
    hours = record.hours
    step = (record.t0 // network.step_s).astype(int)
    rates = np.ascontiguousarray(record.flows.T)

    def of(series: object) -> np.ndarray:
        array = np.asarray(series, float)
        return array[step] if array.ndim else array

    net = {place: np.zeros(len(hours)) for place in (*network.buses, *network.stores)}
    through = dict.fromkeys(net, 0.0)
    crossing: dict[str, list[float]] = {}
    for rate, flow in zip(rates, network.flows.values(), strict=True):
        for place, value in flow.coefficients.items():
            term = of(value) * rate
            net[place] += term
            through[place] += float((np.abs(term) * hours).sum())
        for place, value in flow.exchange.items():
            amounts = of(value) * rate * hours
            found = crossing.setdefault(place, [0.0, 0.0])
            found[0] += float(np.maximum(amounts, 0.0).sum())
            found[1] += float(np.maximum(-amounts, 0.0).sum())

    # Of an idle bus there is only rounding, of the size of what the rest of the park moves.
    least = max(IDLE * max(through.values(), default=0.0), IDLE)
    buses = pd.Series(
        {b: float((np.abs(net[b]) * hours).sum()) / max(through[b], least) for b in network.buses},
        dtype=float,
    )
    if sums is None:
        books = _followed(network, record, hours, net)
    else:
        books = _summed(network, sums, float(hours.sum()), {s: float(net[s][0]) for s in net})
    stores = _stores(network, books, through, crossing)
    return Balance(buses, stores, _fence(network, quantities, stores, crossing))


def _followed(
    network: Network, record: Recorded, hours: np.ndarray, net: dict[str, np.ndarray]
) -> dict[str, dict[str, float]]:
    """Each level must follow from the one before: decay, and what flowed in and out."""
    rows = {}
    for s, (name, store) in enumerate(network.stores.items()):
        before, after = record.levels_before[:, s], record.levels[:, s]
        decay = np.exp(-store.loss_rate * hours)
        # What flows in over an interval decays while it lasts.
        rate = store.loss_rate
        filled = hours if rate == 0 else -np.expm1(-rate * hours) / rate
        expected = before * decay + net[name] * filled
        inflow = net[name] * hours
        loss = float(np.sum(before + inflow - after)) if store.loss_rate else 0.0
        # What events moved shows as a jump between the end of an interval and the next start.
        jumps = np.append(before[1:] - after[:-1], before[0] - store.initial)
        rows[name] = {
            "after": float(after[-1]),
            "loss": loss,
            "put": float(np.maximum(jumps, 0.0).sum()),
            "taken": float(np.maximum(-jumps, 0.0).sum()),
            "residual": float(np.abs(after - expected).sum()),
        }
    return rows


def _summed(
    network: Network, sums: Sums, hours: float, net: dict[str, float]
) -> dict[str, dict[str, float]]:
    """The last level must follow from the first, and the loss be one that a store can have."""
    rows = {}
    for s, (name, store) in enumerate(network.stores.items()):
        loss = float(sums.loss[s]) if store.loss_rate else 0.0
        most = store.loss_rate * hours * max(store.capacity, store.initial)
        put, taken, after = float(sums.put[s]), float(sums.taken[s]), float(sums.end[s])
        left = store.initial + net[name] * hours + put - taken - loss - after
        rows[name] = {
            "after": after,
            "loss": loss,
            "put": put,
            "taken": taken,
            "residual": abs(left) + max(-loss, loss - most, 0.0),
        }
    return rows


def _stores(
    network: Network,
    books: dict[str, dict[str, float]],
    through: dict[str, float],
    crossing: dict[str, list[float]],
) -> pd.DataFrame:
    """The table of stores; what they lose crosses the fence."""
    rows = {}
    for name, store in network.stores.items():
        own = books[name]
        scale = max(through[name], store.capacity, 1e-6)
        rows[name] = own | {
            "carrier": store.carrier.name,
            "before": store.initial,
            "moved": own["put"] - own["taken"],
            "residual": own["residual"] / scale,
        }
        for place, value in network.losses.get(name, {}).items():
            found = crossing.setdefault(place, [0.0, 0.0])
            amount = float(np.mean(value)) * own["loss"]
            found[0 if amount > 0 else 1] += abs(amount)
    numbers = dict.fromkeys(("before", "after", "loss", "moved", "put", "taken", "residual"), float)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["carrier", *numbers])
    return table.astype(numbers)


def _fence(
    network: Network,
    quantities: tuple[str, ...],
    stores: pd.DataFrame,
    crossing: dict[str, list[float]],
) -> pd.DataFrame:
    rows = {}
    change = stores["after"] - stores["before"]
    for quantity in quantities:
        left = entered = 0.0
        for place, (outward, inward) in crossing.items():
            content = network.surroundings[place].of(quantity)
            # Negative content (cold) that leaves is energy that enters.
            left += max(content, 0.0) * outward + max(-content, 0.0) * inward
            entered += max(content, 0.0) * inward + max(-content, 0.0) * outward
        # What events put into stores or take out crosses the fence with its content.
        for name, store in network.stores.items():
            content = store.carrier.of(quantity)
            put, taken = float(stores["put"][name]), float(stores["taken"][name])
            left += max(content, 0.0) * taken + max(-content, 0.0) * put
            entered += max(content, 0.0) * put + max(-content, 0.0) * taken
        stored = sum(
            store.carrier.of(quantity) * float(change[name])
            for name, store in network.stores.items()
        )
        scale = max(left + entered + abs(stored), 1e-6)
        rows[quantity] = {
            "entered": entered,
            "left": left,
            "stored": stored,
            "residual": abs(entered - left - stored) / scale,
        }
    return pd.DataFrame.from_dict(rows, orient="index")
