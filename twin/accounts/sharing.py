"""Proportional sharing: a quantity that travels with what flows, solved step by step.

Whatever leaves a place has the intensity of the mixture in it; whatever a flow takes in, and what
arises in it, it divides among what it gives (Bialek 1996, *IEE Proc. Gener. Transm. Distrib.*
143(4), 313-320). Places that feed each other are solved together, not iterated: they are the
strongly connected components of the network, and a step solves one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numba import njit

from models.base import Series
from twin.engine.recorded import Recorded

OUTSIDE = -1
"""Place of an entry that leaves the network."""

LEAK = 1e-12
"""Share of what passes a place that gives a circle nothing feeds or leaves a solution: none."""

NOISE = 1e-13
"""Amounts below this share of what a place can carry in a step are rounding."""

CLOSED = 1e-9
"""Largest share of the quantity that may be left without a place to go."""


@dataclass(frozen=True)
class Entry:
    """What a flow gives to a place or takes from it, per unit of activity.

    Attributes
    ----------
    flow : int
        Column of the record.
    place : int
        Index of the place, or OUTSIDE.
    value : Series
        Positive gives, negative takes. Outside, only what is given counts.
    weight : float
        Share in what the flow carries, per unit given.
    counted : bool
        Of an entry outside: it is part of `Shared.leaving`.
    """

    flow: int
    place: int
    value: Series
    weight: float = 1.0
    counted: bool = True


@dataclass(frozen=True, eq=False)
class Shared:
    """Where the quantity went. Intervals are those of the record.

    Attributes
    ----------
    intensity : ndarray, shape (n, n_places)
        Quantity per unit leaving or staying in a place; zero where nothing passed.
    taken : ndarray, shape (n, n_places)
        Units that left each place and carried their share.
    leaving : ndarray, shape (n, n_flows)
        Quantity that left the network with each flow, as far as counted.
    carried : ndarray, shape (n_entries,)
        Quantity that moved with each entry over the run, in the order given.
    stored : ndarray, shape (n, n_stores)
        Quantity held by each store at the end of each interval.
    initial, arrived, removed, lost : float
        Held at the start; brought and carried off by events; left with standing losses.
    seeped : ndarray, shape (n_stores,)
        The last by store.
    rest : ndarray, shape (n_places,)
        What had nowhere to go.
    """

    intensity: np.ndarray
    taken: np.ndarray
    leaving: np.ndarray
    carried: np.ndarray
    stored: np.ndarray
    initial: float
    arrived: float
    removed: float
    lost: float
    seeped: np.ndarray
    rest: np.ndarray


def share(
    record: Recorded,
    step: np.ndarray,
    places: Sequence[str],
    entries: Sequence[Entry],
    source: np.ndarray,
    *,
    stores: Sequence[int] = (),
    columns: Sequence[int] = (),
    content: Sequence[float] = (),
    begin: Sequence[float] = (),
    arriving: Sequence[float] = (),
    carry_loss: bool = False,
    borne: Sequence[int] = (),
) -> Shared:
    """Follow a quantity through a record.

    Parameters
    ----------
    record : Recorded
    step : ndarray of int, shape (n,)
        Step of each interval, into series.
    places : sequence of str
    entries : sequence of Entry
    source : ndarray, shape (n, n_flows)
        What arises in each flow, or enters with it, in each interval.
    stores, columns : sequence of int
        Which places are stores, and their columns in the record's levels.
    content, begin, arriving : sequence of float
        By store: units of the entries per unit of level; intensity at the start, and of what
        events add.
    carry_loss : bool
        Whether standing losses carry their share away, or leave it to what remains.
    borne : sequence of int
        Flows that give nothing and leave their share to the others, as far as there are any.

    Returns
    -------
    Shared

    Raises
    ------
    ValueError
        More than 1e-9 of the quantity ran into a circle that nothing leaves; names its places.
    """
    order = sorted(range(len(entries)), key=lambda k: entries[k].flow)
    flow = np.array([entries[k].flow for k in order], np.int64)
    n_flows = record.flows.shape[1]
    series: list[np.ndarray] = []
    value, varies = np.zeros(len(order)), np.full(len(order), -1, np.int64)
    for i, k in enumerate(order):
        array = np.asarray(entries[k].value, float)
        if array.ndim:
            varies[i] = len(series)
            series.append(array)
        else:
            value[i] = float(array)
    place = np.array([entries[k].place for k in order], np.int64)
    is_borne = np.zeros(n_flows, np.bool_)
    is_borne[list(borne)] = True
    store_of = np.full(len(places), -1, np.int64)
    store_of[list(stores)] = np.arange(len(stores))
    factor = np.array(content, float)
    members, blocks = _blocks(len(places), [entries[k] for k in order])
    # Series by step in rows: an interval reads all of them at once.
    table = np.column_stack(series) if series else np.zeros((1, 0))
    intensity, taken, leaving, carried, stored, sums, seeped, rest = _share(
        record.hours,
        np.asarray(step, np.int64),
        np.ascontiguousarray(record.flows, float),
        np.ascontiguousarray(record.levels_before[:, list(columns)] * factor),
        np.ascontiguousarray(record.levels[:, list(columns)] * factor),
        np.searchsorted(flow, np.arange(n_flows + 1)).astype(np.int64),
        place,
        value,
        varies,
        np.ascontiguousarray(table),
        np.array([entries[k].weight for k in order], float),
        np.array([entries[k].counted for k in order], np.bool_),
        is_borne,
        np.ascontiguousarray(source, float),
        store_of,
        np.array(begin, float),
        np.array(arriving, float),
        carry_loss,
        members,
        blocks,
    )
    back = np.empty(len(order))
    back[order] = carried
    moving = np.abs(source).sum() + sums[0] + sums[1]
    if np.abs(rest).sum() > CLOSED * max(moving, 1e-12):
        worst = [places[p] for p in np.argsort(-np.abs(rest))[:4] if rest[p] != 0]
        raise ValueError(
            f"{np.abs(rest).sum():.6g} of {moving:.6g} ran into a circle that nothing leaves, "
            f"round {', '.join(worst)}; to mend: divide co-products there by another basis"
        )
    initial, arrived, removed, lost = (float(s) for s in sums)
    return Shared(
        intensity, taken, leaving, back, stored, initial, arrived, removed, lost, seeped, rest
    )


def _blocks(n_places: int, entries: Sequence[Entry]) -> tuple[np.ndarray, np.ndarray]:
    """Places that feed each other, in an order in which none needs a later one."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n_places))
    takes: dict[int, set[int]] = {}
    gives: dict[int, set[int]] = {}
    for entry in entries:
        if entry.place == OUTSIDE:
            continue
        if np.any(np.asarray(entry.value) < 0):
            takes.setdefault(entry.flow, set()).add(entry.place)
        if np.any(np.asarray(entry.value) > 0):
            gives.setdefault(entry.flow, set()).add(entry.place)
    for flow, origins in takes.items():
        graph.add_edges_from((q, p) for q in origins for p in gives.get(flow, ()))
    condensed = nx.condensation(graph)
    first = {node: min(data["members"]) for node, data in condensed.nodes(data=True)}
    members: list[int] = []
    blocks = [0]
    for node in nx.lexicographical_topological_sort(condensed, key=first.__getitem__):
        members += sorted(condensed.nodes[node]["members"])
        blocks.append(len(members))
    return np.array(members, np.int64), np.array(blocks, np.int64)


@njit(cache=True, nogil=True)
def _share(
    hours: np.ndarray,
    step: np.ndarray,
    rates: np.ndarray,
    before: np.ndarray,
    after: np.ndarray,
    start: np.ndarray,
    place: np.ndarray,
    value: np.ndarray,
    varies: np.ndarray,
    series: np.ndarray,
    weight: np.ndarray,
    counted: np.ndarray,
    borne: np.ndarray,
    source: np.ndarray,
    store_of: np.ndarray,
    begin: np.ndarray,
    arriving: np.ndarray,
    carry_loss: bool,
    members: np.ndarray,
    blocks: np.ndarray,
) -> tuple[
    np.ndarray,
    np.ndarray,
    np.ndarray,
    np.ndarray,
    np.ndarray,
    np.ndarray,
    np.ndarray,
    np.ndarray,
]:  # pragma: no cover - compiled
    n, n_flows = rates.shape
    n_places, n_entries, n_stores = len(store_of), len(place), len(begin)
    intensity, taken = np.zeros((n, n_places)), np.zeros((n, n_places))
    leaving, stored = np.zeros((n, n_flows)), np.zeros((n, n_stores))
    carried, rest, sums = np.zeros(n_entries), np.zeros(n_places), np.zeros(4)
    held, moved, seeped = np.zeros(n_stores), np.zeros(n_entries), np.zeros(n_stores)
    given, out, spared = np.zeros(n_places), np.zeros(n_places), np.zeros(n_places)
    basis, most, leaks = np.zeros(n_flows), np.zeros(n_places), np.zeros(n_places)
    matrix, right = np.zeros((n_places, n_places)), np.zeros(n_places)
    if n and n_stores:
        held[:] = begin * before[0]
        sums[0] = held.sum()
    for t in range(n):
        given[:], out[:], spared[:], basis[:], right[:] = 0.0, 0.0, 0.0, 0.0, 0.0
        matrix[:] = 0.0
        for f in range(n_flows):
            rate = max(rates[t, f], 0.0) * hours[t]
            for k in range(start[f], start[f + 1]):
                a = value[k] if varies[k] < 0 else series[step[t], varies[k]]
                m = a * rate
                p = place[k]
                if p < 0:
                    m = max(m, 0.0)
                elif m < 0:
                    out[p] -= m
                    if borne[f]:
                        spared[p] -= m
                else:
                    given[p] += m
                moved[k] = m
                if m > 0:
                    basis[f] += m * weight[k]
        for p in range(n_places):
            taken[t, p] = out[p]
            most[p] = max(most[p], out[p], given[p])
            s = store_of[p]
            if s >= 0:
                most[p] = max(most[p], before[t, s])
                if t:
                    jump = before[t, s] - after[t - 1, s]
                    if jump > 0:
                        held[s] += jump * arriving[s]
                        sums[1] += jump * arriving[s]
                    elif jump < 0 and after[t - 1, s] > 0:
                        gone = held[s] * min(-jump / after[t - 1, s], 1.0)
                        held[s] -= gone
                        sums[2] += gone
                right[p] += held[s]
                out[p] += after[t, s]
                if carry_loss:
                    out[p] += max(before[t, s] + given[p] - taken[t, p] - after[t, s], 0.0)
            if out[p] - spared[p] > 1e-6 * out[p]:
                out[p] -= spared[p]
            else:
                spared[p] = 0.0
        for f in range(n_flows):
            if basis[f] <= 0:
                continue
            for k in range(start[f], start[f + 1]):
                p = place[k]
                if p < 0 or moved[k] <= 0:
                    continue
                part = moved[k] * weight[k] / basis[f]
                right[p] += part * source[t, f]
                for q in range(start[f], start[f + 1]):
                    if place[q] >= 0 and moved[q] < 0:
                        matrix[p, place[q]] += part * moved[q]
        mix = intensity[t]
        for b in range(len(blocks) - 1):
            low, high = blocks[b], blocks[b + 1]
            m = high - low
            local, known = np.zeros((m, m)), np.zeros(m)
            for i in range(m):
                p = members[low + i]
                known[i] = right[p]
                for r in range(n_places):
                    known[i] -= matrix[p, r] * mix[r]
                if out[p] > NOISE * most[p]:
                    for j in range(m):
                        local[i, j] = matrix[p, members[low + j]]
                    # Only a circle needs the leak, and what stays in a store is in none.
                    local[i, i] += out[p]
                    if m > 1:
                        leaks[p] = LEAK * min(taken[t, p], out[p])
                        local[i, i] += leaks[p]
                else:
                    local[i, i] = 1.0
                    known[i] = 0.0
            # No column gives out more than it has, so elimination needs no pivots.
            for i in range(m):
                for j in range(i + 1, m):
                    if local[j, i] != 0.0:
                        ratio = local[j, i] / local[i, i]
                        for c in range(i + 1, m):
                            local[j, c] -= ratio * local[i, c]
                        known[j] -= ratio * known[i]
            for i in range(m - 1, -1, -1):
                for c in range(i + 1, m):
                    known[i] -= local[i, c] * known[c]
                known[i] /= local[i, i]
            for i in range(m):
                mix[members[low + i]] = known[i]
        for p in range(n_places):
            s = store_of[p]
            if out[p] > NOISE * most[p]:
                rest[p] += leaks[p] * mix[p]
                if s >= 0:
                    held[s] = mix[p] * after[t, s]
                    if carry_loss:
                        loss = max(before[t, s] + given[p] - taken[t, p] - after[t, s], 0.0)
                        sums[3] += mix[p] * loss
                        seeped[s] += mix[p] * loss
            else:
                arrived = right[p]
                for r in range(n_places):
                    arrived -= matrix[p, r] * mix[r]
                if s >= 0:
                    held[s] = arrived
                else:
                    rest[p] += arrived
        stored[t] = held
        taken[t] -= spared
        for f in range(n_flows):
            whole = source[t, f]
            for k in range(start[f], start[f + 1]):
                p = place[k]
                if p >= 0 and moved[k] < 0 and not (borne[f] and spared[p] > 0):
                    whole -= moved[k] * mix[p]
                    carried[k] -= moved[k] * mix[p]
            if basis[f] <= 0:
                leaving[t, f] += whole
                continue
            for k in range(start[f], start[f + 1]):
                if moved[k] > 0:
                    part = whole * moved[k] * weight[k] / basis[f]
                    carried[k] += part
                    if place[k] < 0 and counted[k]:
                        leaving[t, f] += part
    return intensity, taken, leaving, carried, stored, sums, seeped, rest
