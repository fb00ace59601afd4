"""Where the carbon came from: fossil shares traced through the network, step by step.

Fossil and biogenic carbon are not two carriers, or the dispatch would choose between them. They
are told apart afterwards by proportional sharing: everything that leaves a place has the share of
the mixture in it, and everything a flow gives has the share of what it took (Bialek 1996, *IEE
Proc. Gener. Transm. Distrib.* 143(4), 313-320, for the sharing rule). Loops are solved, not
iterated; stores keep their share as state and mix fully within a step.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numba import njit

from models.carriers import CO2_PER_CARBON
from twin.engine.recorded import Recorded
from twin.network.network import Network

OUTSIDE = -1


def fossil_emissions(network: Network, record: Recorded) -> pd.DataFrame:
    """CO2 each flow gave to the air over the run, and how much of it was fossil.

    Parameters
    ----------
    network : Network
    record : Recorded
        Every interval as it was solved.

    Returns
    -------
    DataFrame
        Indexed by flow: component, activity, co2, fossil [t CO2].
    """
    columns = ["component", "activity", "co2", "fossil"]
    table = _Entries(network)
    if not table.flow:
        return pd.DataFrame(columns=columns)
    stores = np.array([i for i, p in enumerate(table.places) if p in network.stores], np.int64)
    names = list(network.stores)
    order = [names.index(table.places[i]) for i in stores]
    capacity = np.array([network.stores[table.places[i]].carrier.of("carbon") for i in stores])
    series = np.array(table.series) if table.series else np.zeros((0, network.n_steps))
    fossil, total = _trace(
        record.hours,
        (record.t0 // network.step_s).astype(np.int64),
        np.ascontiguousarray(record.flows),
        np.ascontiguousarray(record.levels_before[:, order]) * capacity,
        np.array(table.flow, np.int64),
        np.array(table.place, np.int64),
        np.array(table.value),
        np.array(table.varies, np.int64),
        series,
        np.array(table.origin),
        stores,
        np.array([network.stores[table.places[i]].carrier.fossil for i in stores]),
        len(table.places),
    )
    flows = list(network.flows.values())
    rows = {}
    for k in table.emissions:
        flow = flows[table.flow[k]]
        rows[flow.name] = (
            flow.component,
            flow.activity,
            total[k] * CO2_PER_CARBON,
            fossil[k] * CO2_PER_CARBON,
        )
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


class _Entries:
    """Every coefficient and exchange that moves carbon, as carbon per unit of activity."""

    def __init__(self, network: Network) -> None:
        carbon = {p for p in (*network.buses, *network.stores) if network.carrier(p).of("carbon")}
        self.places = sorted(carbon)
        self.flow: list[int] = []
        self.place: list[int] = []
        self.value: list[float] = []
        self.varies: list[int] = []
        self.origin: list[float] = []
        self.series: list[np.ndarray] = []
        self.emissions: list[int] = []
        for j, flow in enumerate(network.flows.values()):
            for name, value in sorted(flow.coefficients.items()):
                if name in carbon:
                    content = network.carrier(name).of("carbon")
                    self._add(j, self.places.index(name), np.asarray(value) * content, 0.0)
            for name, value in sorted(flow.exchange.items()):
                carrier = network.surroundings[name]
                if carrier.of("carbon"):
                    if name == "co2":
                        self.emissions.append(len(self.flow))
                    self._add(j, OUTSIDE, np.asarray(value) * carrier.of("carbon"), carrier.fossil)

    def _add(self, flow: int, place: int, value: np.ndarray, origin: float) -> None:
        self.flow.append(flow)
        self.place.append(place)
        self.origin.append(origin)
        self.value.append(0.0 if value.ndim else float(value))
        self.varies.append(len(self.series) if value.ndim else -1)
        if value.ndim:
            self.series.append(np.asarray(value, float))


@njit(cache=True, nogil=True)
def _trace(
    hours: np.ndarray,
    step: np.ndarray,
    rates: np.ndarray,
    held: np.ndarray,
    flow: np.ndarray,
    place: np.ndarray,
    value: np.ndarray,
    varies: np.ndarray,
    series: np.ndarray,
    origin: np.ndarray,
    stores: np.ndarray,
    initial: np.ndarray,
    n_places: int,
) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """Fossil and total carbon that each entry carried outwards over the run [t C]."""
    n, n_flows = len(flow), rates.shape[1]
    fossil, total = np.zeros(n), np.zeros(n)
    share = initial.copy()
    moved = np.zeros(n)
    taken, origin_taken = np.zeros(n_flows), np.zeros(n_flows)
    matrix, right = np.zeros((n_places, n_places)), np.zeros(n_places)
    for t in range(len(hours)):
        taken[:] = 0.0
        origin_taken[:] = 0.0
        matrix[:] = 0.0
        right[:] = 0.0
        for k in range(n):
            a = value[k] if varies[k] < 0 else series[varies[k], step[t]]
            moved[k] = a * rates[t, flow[k]] * hours[t]
            if moved[k] < 0:
                taken[flow[k]] -= moved[k]
                if place[k] < 0:
                    origin_taken[flow[k]] -= moved[k] * origin[k]
        for s in range(len(stores)):
            matrix[stores[s], stores[s]] += held[t, s]
            right[stores[s]] += held[t, s] * share[s]
        for k in range(n):
            p = place[k]
            if moved[k] <= 0 or p < 0 or taken[flow[k]] <= 0:
                continue
            matrix[p, p] += moved[k]
            right[p] += moved[k] * origin_taken[flow[k]] / taken[flow[k]]
            for q in range(n):
                if flow[q] == flow[k] and moved[q] < 0 and place[q] >= 0:
                    matrix[p, place[q]] += moved[k] * moved[q] / taken[flow[k]]
        for p in range(n_places):
            if matrix[p, p] <= 1e-12:
                matrix[p, :] = 0.0
                matrix[p, p] = 1.0
                right[p] = 0.0
            # A loop that nothing feeds has no share of its own; this makes it none at all.
            matrix[p, p] *= 1.0 + 1e-12
        mix = np.linalg.solve(matrix, right)
        for s in range(len(stores)):
            share[s] = mix[stores[s]]
        for k in range(n):
            if place[k] >= 0 and moved[k] < 0:
                origin_taken[flow[k]] -= moved[k] * mix[place[k]]
        for k in range(n):
            if place[k] < 0 and moved[k] > 0:
                total[k] += moved[k]
                if taken[flow[k]] > 0:
                    fossil[k] += moved[k] * origin_taken[flow[k]] / taken[flow[k]]
    return fossil, total
