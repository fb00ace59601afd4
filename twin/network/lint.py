"""Structural checks before any run: what no dispatch could ever serve or get rid of."""

from __future__ import annotations

import numpy as np

from models.base import Flow
from twin.network.conserve import Violation
from twin.network.network import Network


def lint(network: Network) -> list[Violation]:
    """Dangling buses and demands that no supply can reach.

    Unavailable components count: they are part of the park's topology.
    """
    return _dangling(network) + _unreachable(network)


def _touch(flow: Flow) -> tuple[set[str], set[str]]:
    gives = {p for p, value in flow.coefficients.items() if np.any(np.asarray(value) > 0)}
    takes = {p for p, value in flow.coefficients.items() if np.any(np.asarray(value) < 0)}
    return gives, takes


def _dangling(network: Network) -> list[Violation]:
    given: set[str] = set()
    taken: set[str] = set()
    for flow in network.flows.values():
        gives, takes = _touch(flow)
        given |= gives
        taken |= takes
    found = []
    for bus in network.buses:
        if bus in given and bus in taken:
            continue
        if bus in given:
            message = "is filled and nothing takes from it"
            mend = "add who uses, exports or dumps it"
        elif bus in taken:
            message, mend = "is used and nothing gives to it", "add who makes or imports it"
        else:
            message, mend = "is connected to nothing", "connect it, or delete it"
        found.append(Violation(bus, "", "bus", f"bus '{bus}' {message}", mend))
    return found


def _unreachable(network: Network) -> list[Violation]:
    """Demands that stay at zero however the other flows run.

    Most are cleared by a least fixed point: a flow can run once all it takes can be supplied. What
    is left may still feed itself in a circle, as a boiler whose feedwater is warmed by its own
    steam; a linear programme decides.
    """
    supplied = {s.name for s in network.stores.values() if s.initial > s.minimum}
    pending = {name: _touch(flow) for name, flow in network.flows.items()}
    progress = True
    while progress:
        progress = False
        for name in list(pending):
            gives, takes = pending[name]
            if takes <= supplied:
                supplied |= gives
                del pending[name]
                progress = True
    demands = [name for name in pending if network.flows[name].demand]
    return [
        Violation(
            name,
            network.flows[name].component,
            "demand",
            f"no supply can reach demand '{network.flows[name].component}': "
            f"nothing can fill {', '.join(sorted(pending[name][1] - supplied))}",
            "add a supply, an import or a converter that leads there",
        )
        for name in demands
        if not _can_run(network, name)
    ]


def _can_run(network: Network, demand: str) -> bool:
    """Whether any rates of the other flows, surplus allowed, let a demand be served at all."""
    from scipy.optimize import linprog

    # A store with something in it gives freely; one without gives what was put in.
    empty = [s.name for s in network.stores.values() if s.initial <= s.minimum]
    rows = {place: i for i, place in enumerate((*network.buses, *empty))}
    taken = np.zeros((len(rows), len(network.flows)))
    for j, flow in enumerate(network.flows.values()):
        for place, value in flow.coefficients.items():
            if place in rows:
                taken[rows[place], j] = -float(np.mean(value))
    aim = np.zeros(len(network.flows))
    aim[list(network.flows).index(demand)] = -1.0
    found = linprog(aim, A_ub=taken, b_ub=np.zeros(len(rows)), bounds=(0, 1), method="highs")
    return bool(found.status == 0 and -found.fun > 1e-9)
