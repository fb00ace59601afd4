"""What a controller switches in a network, what it counts, and who heats its machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.base import PhysicsError
from twin.engine.actors.reach import check_room_of
from twin.network.network import Network

if TYPE_CHECKING:
    from twin.engine.actors.commitment import Commitment


class Parts(NamedTuple):
    """Names of flows that a controller looks at and acts on.

    `offers` are a sign and a flow: 1 for supply, -1 for loads; `bus` is where they count.
    """

    heating: str | None
    own: list[str]
    least: str
    bus: str
    offers: list[tuple[float, str]]

    @classmethod
    def of(cls, spec: Commitment, network: Network) -> Parts:
        """The parts in a network, or what is wrong with them as PhysicsError."""
        flows = network.flows
        heating = _heating(spec, network)
        whole = [name for name, flow in flows.items() if flow.component == spec.component]
        own = [name for name in whole if name != heating]
        least = f"{spec.component}.minimum"
        if not own:
            raise PhysicsError(
                f"'{spec.component}' has no flow to switch",
                key="component",
                mend="name a machine of this park",
            )
        if least not in flows:
            if len(own) != 1:
                raise PhysicsError(
                    f"there is no flow '{least}' among {', '.join(whole)}",
                    key="component",
                    mend="give the model a minimum_load",
                )
            least = own[0]
        bus = spec.bus or flows[least].main
        offers = [
            (sign, name)
            for sign, key, names in ((1.0, "supply", spec.supply), (-1.0, "loads", spec.loads))
            for i, who in enumerate(names)
            for name in _touching(network, who, bus, sign, f"{key}.{i}")
        ]
        return cls(heating, own, least, bus, offers)


def _heating(spec: Commitment, network: Network) -> str | None:
    """Flow that is asked for heat, if any is."""
    asked = spec.heating or f"{spec.component}.standby"
    most = max(spec.start_power, spec.standby_power)
    flow = network.flows.get(asked)
    if flow is None or not flow.demand or not flow.on_call:
        if not most and not spec.heating:
            return None
        key = "start_power" if spec.start_power else "standby_power"
        raise PhysicsError(
            f"it heats by '{asked}', which is no demand on call",
            key="heating" if spec.heating else key,
            mend="name one under `heating`, or give the model its standby_power",
        )
    key = "start_power" if most == spec.start_power else "standby_power"
    check_room_of(flow, most, "heating", key)
    return asked


def _touching(network: Network, who: str, bus: str, sign: float, key: str) -> list[str]:
    """Flows of a component, or one flow, that give to a bus (sign 1) or take from it (-1)."""
    own = {f.name: f for f in network.flows.values() if who in (f.name, f.component)}
    found = [
        name
        for name, flow in own.items()
        if bus in flow.coefficients and np.all(sign * np.asarray(flow.coefficients[bus]) >= 0)
    ]
    if not own:
        raise PhysicsError(
            f"there is no flow and no component '{who}'", key=key, mend="name one of this park"
        )
    if not found:
        verb = "gives to" if sign > 0 else "takes from"
        touched = sorted({p for f in own.values() for p in f.coefficients if p in network.buses})
        raise PhysicsError(
            f"'{who}' is counted, which never {verb} bus '{bus}'"
            + ("" if bus in touched else f"; it is on {', '.join(touched) or 'none'}"),
            key=key,
            mend="name another, or give `bus`",
        )
    return found
