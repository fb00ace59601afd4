"""Embodied fossil CO2 of every bus and store in every step, and with whom it ends.

Direct fossil emissions arise in the flow that gives them to the air; imports bring what their
given factor says. Both travel with the products by proportional sharing (`sharing`) until a
consumer, an export or a disposal takes them. Losses and releases leave theirs to those who use
the rest; standing losses to what remains in the store.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.base import Carrier, Flow, Series
from twin.accounts.allocation import prices_of, rule_of, weights_of
from twin.accounts.sharing import OUTSIDE, Entry, Shared, share
from twin.accounts.tracing import AIR, trace_fossil
from twin.engine.recorded import Recorded
from twin.network.network import Network

Factors = Mapping[str, Series]


@dataclass(frozen=True, eq=False)
class Embodied:
    """Embodied fossil CO2 of a run. Intervals are those of the record.

    Attributes
    ----------
    network : Network
    record : Recorded
    places : tuple of str
        Buses and stores that hold anything conserved, sorted.
    intensity : ndarray, shape (n, n_places)
        [t CO2 per MWh or t]; NaN where nothing passed.
    through : ndarray, shape (n, n_places)
        Amount taken from each place by those who carry its CO2 on [MWh or t].
    received : ndarray, shape (n, n_flows)
        What ended with each flow [t CO2].
    stored : ndarray, shape (n, n_stores)
        Held by each store at the end [t CO2].
    direct, imported : ndarray, shape (n_flows,)
        Fossil CO2 given to the air, and brought in by the factors [t CO2].
    carried : DataFrame
        flow, place, embodied: what moved with each coefficient [t CO2; positive to the place].
    books : dict
        direct, imported, initial, arrived, ended, removed, stored, residual (relative).
    basis : dict
        Flow to the basis its outputs share by, for flows that had to fall back.
    without_factor : tuple of str
        Imports that ran and count zero, because no factor was given.
    services : tuple of str
        Components that pass nothing on.
    """

    network: Network
    record: Recorded
    places: tuple[str, ...]
    intensity: np.ndarray
    through: np.ndarray
    received: np.ndarray
    stored: np.ndarray
    direct: np.ndarray
    imported: np.ndarray
    carried: pd.DataFrame
    books: dict[str, float]
    basis: dict[str, str]
    without_factor: tuple[str, ...]
    services: tuple[str, ...]

    def sinks(self) -> pd.DataFrame:
        """With whom it ended: component, role, amount [t CO2] by flow, largest first.

        Roles: final_use, service, export, disposal, release (to water or air), loss.
        """
        sums = self.received.sum(axis=0)
        rows = {
            flow.name: (flow.component, self._role(flow), float(sums[j]))
            for j, flow in enumerate(self.network.flows.values())
            if sums[j] != 0
        }
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["component", "role", "co2"])
        return table.sort_values("co2", ascending=False, kind="stable")

    def _role(self, flow: Flow) -> str:
        return "service" if flow.component in self.services else role_of(flow)


def embodied(
    network: Network,
    record: Recorded,
    factors: Factors | None = None,
    *,
    allocation: str | Mapping[str, str] = "energy",
    prices: Mapping[str, float] | None = None,
    stored: float | Mapping[str, float] = 0.0,
    services: Collection[str] = (),
) -> Embodied:
    """Trace embodied CO2 through a run.

    Parameters
    ----------
    network : Network
    record : Recorded
    factors : mapping of str to Series, optional
        t CO2 per MWh or t of what is imported, by flow or by the carrier that crosses the fence;
        a number or one value a step. Grid electricity has its emissions, gas its upstream.
    allocation : str or mapping of str to str
        "energy", "exergy", "mass" or "price"; or by component, "*" being the others. Cold counts
        by its magnitude. A final use that gives something back keeps what it does not return.
    prices : mapping of str to float, optional
        Price of a unit on each bus, for allocation by price; by default the median shadow price
        of the intervals in which the bus was used, at least zero.
    stored : float or mapping of str to float
        t CO2 per unit that stores hold at the start, and that events bring.
    services : collection of str
        Components whose work is the product, such as a wastewater plant: what they use ends with
        them, and what they give (effluent, sludge) carries nothing.

    Returns
    -------
    Embodied

    Raises
    ------
    ValueError
        An unknown basis, component, carrier or flow; or CO2 runs into a circle.
    """
    step = (record.t0 // network.step_s).astype(np.int64)
    places = tuple(
        sorted(p for p in (*network.buses, *network.stores) if holds(network.carrier(p)))
    )
    index = {name: i for i, name in enumerate(places)}
    flows = list(network.flows.values())
    rule = rule_of(allocation, services, {f.component for f in flows})
    price = prices_of(network, record, prices) if "price" in rule.values() else {}

    fossil = trace_fossil(network, record).fossil
    brought, missing = _imports(network, record, step, factors or {})
    entries: list[Entry] = []
    basis: dict[str, str] = {}
    for j, flow in enumerate(flows):
        wanted = rule.get(flow.component, rule["*"])
        weights, used, keeps = weights_of(network, flow, wanted, price, index)
        if flow.component in services:
            weights, used, keeps = dict.fromkeys(weights, 0.0), wanted, None
        if used != wanted:
            basis[flow.name] = used
        for name, value in sorted(flow.coefficients.items()):
            if name in index:
                entries.append(Entry(j, index[name], value, weights[name]))
        if keeps is not None:
            entries.append(Entry(j, OUTSIDE, keeps))
    names = [name for name in network.stores if name in index]
    begin = [stored if isinstance(stored, float | int) else stored.get(n, 0.0) for n in names]
    traced = share(
        record,
        step,
        places,
        entries,
        fossil + brought,
        stores=[index[name] for name in names],
        columns=[list(network.stores).index(name) for name in names],
        content=[1.0] * len(names),
        begin=begin,
        arriving=begin,
        borne=[j for j, flow in enumerate(flows) if role_of(flow) in ("loss", "release")],
    )
    full = traced.taken > 0
    full[:, [index[name] for name in names]] |= traced.stored > 0
    moved = [
        (flows[e.flow].name, places[e.place], c if np.mean(e.value) > 0 else -c)
        for e, c in zip(entries, traced.carried, strict=True)
        if e.place != OUTSIDE
    ]
    return Embodied(
        network,
        record,
        places,
        np.where(full, traced.intensity, np.nan),
        traced.taken,
        traced.leaving,
        traced.stored,
        fossil.sum(axis=0),
        brought.sum(axis=0),
        pd.DataFrame(moved, columns=["flow", "place", "embodied"]),
        _books(traced, float(fossil.sum()), float(brought.sum())),
        basis,
        missing,
        tuple(sorted(services)),
    )


def emission_signal(network: Network, factors: Factors | None = None) -> dict[str, Series]:
    """CO2 per unit of activity of each flow [t CO2], to be recorded as the run's signal.

    Direct emissions count as fossil by the carriers a flow takes as they enter the park, for what
    a mixture holds is not known before the run; imports by their factors.
    """
    signal: dict[str, Series] = {}
    used = _Factors(network, factors or {})
    for flow in network.flows.values():
        given = np.maximum(np.asarray(flow.exchange.get(AIR, 0.0), float), 0.0)
        taken = fossil = 0.0
        parts = [(network.carrier(p), -float(np.mean(a))) for p, a in flow.coefficients.items()]
        parts += [(network.surroundings[p], -float(np.mean(a))) for p, a in flow.exchange.items()]
        for carrier, amount in parts:
            carbon = max(amount, 0.0) * carrier.of("carbon")
            taken, fossil = taken + carbon, fossil + carbon * carrier.fossil
        total: np.ndarray = np.asarray(given * (fossil / taken if taken else 0.0))
        for name, value in flow.exchange.items():
            factor = used.of(flow.name, name)
            if factor is not None:
                total = total + np.maximum(-np.asarray(value, float), 0.0) * factor
        if np.any(total != 0):
            signal[flow.name] = total if total.ndim else float(total)
    return signal


def role_of(flow: Flow) -> str:
    """What a flow is to the CO2 that ends with it."""
    if flow.activity == "final_use":
        return "final_use"
    if flow.side in ("export", "disposal"):
        return flow.side
    if flow.side in ("emission", "sink"):
        return "release"
    gives = any(np.any(np.asarray(a) > 0) for a in flow.coefficients.values())
    return "conversion" if gives else "loss"


def holds(carrier: Carrier) -> bool:
    """Whether a carrier is anything: a shared limit has no content at all."""
    return any(carrier.content.values()) or carrier.exergy != 0


class _Factors:
    """Factors by flow or by the carrier that crosses, each of which must exist."""

    def __init__(self, network: Network, factors: Factors) -> None:
        self._factors = factors
        crossing = {p for f in network.flows.values() for p in f.exchange}
        unknown = sorted(set(factors) - crossing - set(network.flows))
        if unknown:
            imports = sorted(n for n, f in network.flows.items() if f.side == "import")
            raise ValueError(
                f"factors for {', '.join(unknown)}, which nothing imports; imports of this park: "
                f"{', '.join(imports)}"
            )

    def of(self, flow: str, carrier: str) -> np.ndarray | None:
        found = self._factors.get(flow, self._factors.get(carrier))
        return None if found is None else np.asarray(found, float)


def _imports(
    network: Network, record: Recorded, step: np.ndarray, factors: Factors
) -> tuple[np.ndarray, tuple[str, ...]]:
    brought = np.zeros(record.flows.shape)
    used = _Factors(network, factors)
    missing = []
    for j, flow in enumerate(network.flows.values()):
        amount = np.maximum(record.flows[:, j], 0.0) * record.hours
        found = False
        for name, value in flow.exchange.items():
            factor = used.of(flow.name, name)
            array = np.asarray(value, float)
            if factor is None or not np.any(array < 0):
                continue
            found = True
            each = np.maximum(-(array[step] if array.ndim else array), 0.0)
            brought[:, j] += amount * each * (factor[step] if factor.ndim else factor)
        if flow.side == "import" and not found and amount.any():
            missing.append(flow.name)
    return brought, tuple(missing)


def _books(traced: Shared, direct: float, imported: float) -> dict[str, float]:
    ended = float(traced.leaving.sum())
    held = float(traced.stored[-1].sum()) if len(traced.stored) else 0.0
    entered = direct + imported + traced.initial + traced.arrived
    left = ended + traced.removed + held
    return {
        "direct": direct,
        "imported": imported,
        "initial": traced.initial,
        "arrived": traced.arrived,
        "ended": ended,
        "removed": traced.removed,
        "stored": held,
        "residual": abs(entered - left) / max(abs(entered), 1e-12),
    }
