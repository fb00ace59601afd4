"""A park as buses, flows and stores: what every model lowers to, and what the engine runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import networkx as nx
import numpy as np

from models.base import Carrier, Flow, Series, Store


@dataclass(frozen=True)
class Network:
    """Buses, flows and stores, each in the order of its name.

    The order of components in a scenario cannot matter, because it is gone here.

    Attributes
    ----------
    buses : dict of str to Carrier
    flows, stores : dict of str to Flow or Store
    surroundings : dict of str to Carrier
        Carriers that only cross the fence, such as co2 and heat_to_ambient.
    losses : dict
        What a unit of standing loss of each store becomes, by surroundings carrier.
    n_steps, step_s : int
        Length of every series, and of a step [s].
    """

    buses: dict[str, Carrier]
    flows: dict[str, Flow]
    stores: dict[str, Store]
    surroundings: dict[str, Carrier] = field(default_factory=dict)
    losses: dict[str, dict[str, Series]] = field(default_factory=dict)
    n_steps: int = 1
    step_s: int = 3600

    @classmethod
    def of(
        cls,
        buses: Mapping[str, Carrier],
        flows: Iterable[Flow],
        stores: Iterable[Store] = (),
        *,
        surroundings: Mapping[str, Carrier] | None = None,
        losses: Mapping[str, dict[str, Series]] | None = None,
        n_steps: int = 1,
        step_s: int = 3600,
    ) -> Network:
        """Sort by name and refuse doubles.

        Raises
        ------
        ValueError
            A name is used twice, or a flow touches a bus or store that does not exist.
        """
        flows, stores = list(flows), list(stores)
        names = [*buses, *(f.name for f in flows), *(s.name for s in stores)]
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise ValueError(f"names used twice in the network: {', '.join(double)}")
        known = {*buses, *(s.name for s in stores)}
        for flow in flows:
            missing = sorted(set(flow.coefficients) - known)
            if missing:
                raise ValueError(f"flow '{flow.name}' touches unknown {', '.join(missing)}")
        return cls(
            buses=dict(sorted(buses.items())),
            flows={f.name: f for f in sorted(flows, key=lambda f: f.name)},
            stores={s.name: s for s in sorted(stores, key=lambda s: s.name)},
            surroundings=dict(sorted((surroundings or {}).items())),
            losses=dict(sorted((losses or {}).items())),
            n_steps=n_steps,
            step_s=step_s,
        )

    def carrier(self, place: str) -> Carrier:
        """Carrier of a bus, of a store, or crossing the fence."""
        if place in self.buses:
            return self.buses[place]
        if place in self.stores:
            return self.stores[place].carrier
        return self.surroundings[place]

    def graph(self) -> nx.DiGraph:
        """Directed bipartite graph: places (buses, stores) and the flows between them."""
        graph = nx.DiGraph()
        for name in self.buses:
            graph.add_node(name, role="bus")
        for name in self.stores:
            graph.add_node(name, role="store")
        for flow in self.flows.values():
            graph.add_node(flow.name, role="flow", component=flow.component)
            for place, value in flow.coefficients.items():
                gives, takes = _signs(value)
                if gives:
                    graph.add_edge(flow.name, place)
                if takes:
                    graph.add_edge(place, flow.name)
        return graph


def _signs(value: object) -> tuple[bool, bool]:
    array = np.asarray(value)
    return bool((array > 0).any()), bool((array < 0).any())
