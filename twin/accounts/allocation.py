"""By what the outputs of a flow share what it carries: energy, exergy, mass or price."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from models.base import Carrier, Flow, Series
from twin.engine.recorded import Recorded
from twin.network.network import Network

BASES = ("energy", "exergy", "mass", "price")

FALLBACK = ("energy", "exergy", "mass", "amount")
"""Tried in this order where the chosen basis cannot compare the outputs of a flow."""


def rule_of(
    allocation: str | Mapping[str, str], services: Collection[str], components: set[str]
) -> dict[str, str]:
    """Basis of each component named, and of the others under "*".

    Raises
    ------
    ValueError
        An unknown basis or component.
    """
    rule = {"*": allocation} if isinstance(allocation, str) else {"*": "energy", **allocation}
    for name, basis in rule.items():
        if basis not in BASES:
            raise ValueError(f"allocation '{basis}' of '{name}'; it can be {', '.join(BASES)}")
        if name != "*" and name not in components:
            raise ValueError(f"allocation for '{name}', which is no component of this park")
    unknown = sorted(set(services) - components)
    if unknown:
        raise ValueError(f"services {', '.join(unknown)} are no components of this park")
    return rule


def weights_of(
    network: Network, flow: Flow, wanted: str, price: Mapping[str, float], places: Mapping[str, int]
) -> tuple[dict[str, float], str, Series | None]:
    """Weight of each place a flow gives to, the basis used, and what a final use keeps.

    Parameters
    ----------
    network, flow : Network, Flow
    wanted : str
    price : mapping of str to float
    places : mapping
        Those that carry anything; shared limits do not.

    Returns
    -------
    dict of str to float, str, Series or None
        Per unit given; a final use that gives something back keeps what it does not return.
    """
    names = [name for name in flow.coefficients if name in places]
    gives = [name for name in names if np.any(np.asarray(flow.coefficients[name]) > 0)]
    final = flow.activity == "final_use"
    if not gives or (len(gives) == 1 and not final):
        return dict.fromkeys(names, 1.0), wanted, None
    for basis in (wanted, *FALLBACK):
        worth = {n: _worth(network.carrier(n), basis, price.get(n, 0.0)) for n in names}
        if basis == "mass" and any(worth[n] == 0 for n in gives):
            continue  # heat, cold and power have none: a tonne cannot be set against them
        given: Series = sum(np.maximum(flow.coefficients[n], 0.0) * worth[n] for n in gives)
        taken = sum(np.maximum(np.negative(flow.coefficients[n]), 0.0) * worth[n] for n in names)
        kept = np.maximum(taken - given, 0.0)
        if final and np.mean(kept) > 1e-9 * np.mean(taken):
            return worth, basis, kept if np.ndim(kept) else float(kept)
        if not final and np.mean(given) > 0:
            return worth, basis, None
    return dict.fromkeys(names, 0.0), "none", None


def prices_of(
    network: Network, record: Recorded, given: Mapping[str, float] | None
) -> dict[str, float]:
    """Price of a unit on each bus and store: as given, or the median shadow price while used."""
    found = dict(given or {})
    names = list(network.flows)
    for b, bus in enumerate(network.buses):
        if bus in found:
            continue
        touching = [names.index(f.name) for f in network.flows.values() if bus in f.coefficients]
        used = record.flows[:, touching].max(axis=1, initial=0.0) > 0
        found[bus] = max(float(np.median(record.prices[used, b])), 0.0) if used.any() else 0.0
    for name, store in network.stores.items():
        same = [found[b] for b, c in network.buses.items() if c.name == store.carrier.name]
        found.setdefault(name, same[0] if same else 0.0)
    return found


def _worth(carrier: Carrier, basis: str, price: float) -> float:
    if basis == "energy":
        energy = carrier.of("energy")
        return abs(energy) if carrier.kind == "cold" else max(energy, 0.0)
    if basis == "exergy":
        return max(carrier.exergy, 0.0)
    if basis == "mass":
        return carrier.of("mass")
    return max(price, 0.0) if basis == "price" else 1.0
