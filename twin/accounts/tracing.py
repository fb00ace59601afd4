"""Where the carbon came from: fossil shares traced through the network, step by step.

Fossil and biogenic carbon are not two carriers, or the dispatch would choose between them. They
are told apart afterwards by proportional sharing of what enters: everything that leaves a place
has the share of the mixture in it, and everything a flow gives has the share of what it took.
Stores keep their share as state and mix fully within a step.

Of a run that kept totals the whole run is traced as one interval, with the coefficients it had on
average: all that passed a place is one mixture, so a fuel burnt in winter shares with what came in
summer. Total CO2 is the same; its fossil part is not where the mixture changes with time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.carriers import CO2_PER_CARBON
from twin.accounts.sharing import OUTSIDE, Entry, share
from twin.engine.recorded import Recorded, Summed
from twin.network.network import Network

AIR = "co2"
"""Carrier by which carbon leaves to the air."""


@dataclass(frozen=True, eq=False)
class Fossil:
    """CO2 to the air in each interval of a record [t CO2], shape (n, n_flows).

    Attributes
    ----------
    total, fossil : ndarray
    flows : tuple of int
        Columns that ever give CO2.
    seeped : dict of str to (float, float)
        CO2 that stores lost to the air over the record, and its fossil part.
    """

    total: np.ndarray
    fossil: np.ndarray
    flows: tuple[int, ...]
    seeped: dict[str, tuple[float, float]]


def fossil_emissions(network: Network, record: Recorded) -> pd.DataFrame:
    """CO2 each flow, or seeping store, gave to the air over the run, and its fossil part.

    Parameters
    ----------
    network : Network
    record : Recorded
        Every interval as it was solved; or totals, traced over the whole run.

    Returns
    -------
    DataFrame
        Indexed by flow or store: component, activity, co2, fossil [t CO2].
    """
    if isinstance(record, Summed):
        network, record = record.whole(network)
    traced = trace_fossil(network, record)
    flows = list(network.flows.values())
    rows = {
        flows[j].name: (
            flows[j].component,
            flows[j].activity,
            float(traced.total[:, j].sum()),
            float(traced.fossil[:, j].sum()),
        )
        for j in traced.flows
    }
    rows |= {
        name: (network.stores[name].component, "storage", total, fossil)
        for name, (total, fossil) in traced.seeped.items()
    }
    columns = ["component", "activity", "co2", "fossil"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def trace_fossil(network: Network, record: Recorded) -> Fossil:
    """CO2 each flow gives to the air in each interval, and how much of it is fossil."""
    step = (record.t0 // network.step_s).astype(np.int64)
    hours = record.hours
    carbon = {p for p in (*network.buses, *network.stores) if network.carrier(p).of("carbon")}
    places = sorted(carbon)
    index = {name: i for i, name in enumerate(places)}
    entries: list[Entry] = []
    source = np.zeros(record.flows.shape)
    total = np.zeros(record.flows.shape)
    emitting = []
    for j, flow in enumerate(network.flows.values()):
        rate = np.maximum(record.flows[:, j], 0.0) * hours
        for name, value in sorted(flow.coefficients.items()):
            if name in carbon:
                content = network.carrier(name).of("carbon")
                entries.append(Entry(j, index[name], _times(value, content)))
        for name, value in sorted(flow.exchange.items()):
            carrier = network.surroundings[name]
            if not carrier.of("carbon"):
                continue
            moved = _times(value, carrier.of("carbon"))
            amount = _on(moved, step) * rate
            source[:, j] += np.maximum(-amount, 0.0) * carrier.fossil
            entries.append(Entry(j, OUTSIDE, moved, counted=name == AIR))
            if name == AIR:
                total[:, j] += np.maximum(amount, 0.0) * CO2_PER_CARBON
                emitting.append(j)
    names = [name for name in network.stores if name in carbon]
    stores = [network.stores[name] for name in names]
    traced = share(
        record,
        step,
        places,
        entries,
        source,
        stores=[index[name] for name in names],
        columns=[list(network.stores).index(name) for name in names],
        content=[store.carrier.of("carbon") for store in stores],
        begin=[store.carrier.fossil for store in stores],
        arriving=[store.carrier.fossil for store in stores],
        carry_loss=True,
    )
    seeped = {}
    for name, store, lost in zip(names, stores, traced.seeped, strict=True):
        if AIR in network.losses.get(name, {}):
            s = list(network.stores).index(name)
            moved = float(np.sum(_lost(network, record, s))) * store.carrier.of("carbon")
            seeped[name] = (moved * CO2_PER_CARBON, float(lost) * CO2_PER_CARBON)
    return Fossil(total, traced.leaving * CO2_PER_CARBON, tuple(emitting), seeped)


def _lost(network: Network, record: Recorded, s: int) -> np.ndarray:
    """What a store lost in each interval."""
    name = list(network.stores)[s]
    step = (record.t0 // network.step_s).astype(np.int64)
    inflow = np.zeros(len(record.t0))
    for j, flow in enumerate(network.flows.values()):
        if name in flow.coefficients:
            inflow += _on(_times(flow.coefficients[name], 1.0), step) * record.flows[:, j]
    return np.asarray(record.levels_before[:, s] + inflow * record.hours - record.levels[:, s])


def _times(value: object, factor: float) -> float | np.ndarray:
    array = np.asarray(value, float) * factor
    return array if array.ndim else float(array)


def _on(value: float | np.ndarray, step: np.ndarray) -> float | np.ndarray:
    return value[step] if isinstance(value, np.ndarray) else value
