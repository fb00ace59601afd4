"""Residuals of a recorded run on every bus, in every store and at the fence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from twin.engine.recorded import Recorded
from twin.network.network import Network


@dataclass(frozen=True)
class Balance:
    """What is left over where nothing should be.

    Attributes
    ----------
    buses : Series
        Sum of |given - taken| over all intervals, relative to what passed through each bus.
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
        inside = max(self.buses.max() if len(self.buses) else 0.0, 0.0)
        if len(self.stores):
            inside = max(inside, float(self.stores["residual"].max()))
        return {q: max(float(r), float(inside)) for q, r in self.fence["residual"].items()}

    @property
    def worst(self) -> str:
        """The worst place in words."""
        places = {f"bus {name}": value for name, value in self.buses.items()}
        places |= {f"store {name}": v for name, v in self.stores["residual"].items()}
        places |= {f"{name} at the fence": v for name, v in self.fence["residual"].items()}
        name = max(places, key=lambda place: places[place])
        return f"{name} has a relative residual of {places[name]:.3g}"


def balance(network: Network, record: Recorded, quantities: tuple[str, ...]) -> Balance:
    """Recompute all residuals from rates, levels and the network's coefficients.

    Parameters
    ----------
    network : Network
    record : Recorded
        Full record.
    quantities : tuple of str
        Conserved quantities to close at the fence.
    """
    hours = record.hours
    step = (record.t0 // network.step_s).astype(int)
    rates = record.flows
    index = {name: j for j, name in enumerate(network.flows)}

    def of(series: object) -> np.ndarray:
        array = np.asarray(series, float)
        return array[step] if array.ndim else array

    net = {place: np.zeros(len(hours)) for place in (*network.buses, *network.stores)}
    through = {place: 0.0 for place in net}
    crossing: dict[str, list[float]] = {}
    for name, flow in network.flows.items():
        rate = rates[:, index[name]]
        for place, value in flow.coefficients.items():
            term = of(value) * rate
            net[place] = net[place] + term
            through[place] += float(np.abs(term) @ hours)
        for place, value in flow.exchange.items():
            amounts = of(value) * rate * hours
            found = crossing.setdefault(place, [0.0, 0.0])
            found[0] += float(np.maximum(amounts, 0.0).sum())
            found[1] += float(np.maximum(-amounts, 0.0).sum())

    buses = pd.Series(
        {b: float(np.abs(net[b]) @ hours) / max(through[b], 1e-6) for b in network.buses},
        dtype=float,
    )
    stores = _stores(network, record, hours, net, through, crossing)
    return Balance(buses, stores, _fence(network, quantities, stores, crossing))


def _stores(
    network: Network,
    record: Recorded,
    hours: np.ndarray,
    net: dict[str, np.ndarray],
    through: dict[str, float],
    crossing: dict[str, list[float]],
) -> pd.DataFrame:
    """Each level must follow from the one before: decay, and what flowed in and out."""
    rows = {}
    for s, (name, store) in enumerate(network.stores.items()):
        before, after = record.levels_before[:, s], record.levels[:, s]
        decay = np.exp(-store.loss_rate * hours)
        filled = hours if store.loss_rate == 0 else -np.expm1(-store.loss_rate * hours) / store.loss_rate
        expected = before * decay + net[name] * filled
        inflow = net[name] * hours
        loss = float(np.sum(before + inflow - after)) if store.loss_rate else 0.0
        # What events moved shows as a jump between the end of an interval and the next start.
        moved = float(np.sum(before[1:] - after[:-1])) + float(before[0] - store.initial)
        scale = max(through[name], store.capacity, 1e-6)
        rows[name] = {
            "carrier": store.carrier.name,
            "before": store.initial,
            "after": float(after[-1]),
            "loss": loss,
            "moved": moved,
            "residual": float(np.abs(after - expected).sum()) / scale,
        }
        for place, value in network.losses.get(name, {}).items():
            found = crossing.setdefault(place, [0.0, 0.0])
            amount = float(np.mean(value)) * loss
            found[0 if amount > 0 else 1] += abs(amount)
    columns = ["carrier", "before", "after", "loss", "moved", "residual"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _fence(
    network: Network,
    quantities: tuple[str, ...],
    stores: pd.DataFrame,
    crossing: dict[str, list[float]],
) -> pd.DataFrame:
    rows = {}
    for quantity in quantities:
        left = entered = 0.0
        for place, (outward, inward) in crossing.items():
            content = network.surroundings[place].of(quantity)
            # Negative content (cold) that leaves is energy that enters.
            left += max(content, 0.0) * outward + max(-content, 0.0) * inward
            entered += max(content, 0.0) * inward + max(-content, 0.0) * outward
        stored = sum(
            network.stores[name].carrier.of(quantity) * (row["after"] - row["before"] - row["moved"])
            for name, row in stores.iterrows()
        )
        scale = max(left + entered + abs(stored), 1e-6)
        rows[quantity] = {
            "entered": entered,
            "left": left,
            "stored": stored,
            "residual": abs(entered - left - stored) / scale,
        }
    return pd.DataFrame.from_dict(rows, orient="index")
