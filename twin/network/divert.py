"""CO2 that does not cross the fence: the stacks of some components lead to a capture unit.

A combustion is closed by giving its CO2 to the surroundings. Where a capture unit names the
component, the same amount goes to the unit's bus instead; both carry the same carbon and mass, so
the flow stays closed, whatever technology it is. An oxy-fuel unit also changes what its sources
burn in: the air they took becomes oxygen of a bus, of the same mass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import replace

import numpy as np

from models.base import Carrier, Flow, Model, PhysicsError, Series
from models.carbon.capture_unit import STACK, CaptureUnit, flue_bus
from models.carbon.oxy_fuel_capture import OxyFuelCapture, burn_in_oxygen
from twin.network.conserve import Violation


def divert(
    flows: Iterable[Flow], buses: MutableMapping[str, Carrier], specs: Mapping[str, Model]
) -> list[Violation]:
    """Lead the CO2 of the sources of every capture unit to it, and open its stack as wide.

    Parameters
    ----------
    flows : iterable of Flow
        All flows of the park, closed; changed in place.
    buses : mapping of str to Carrier
        All buses; that of the flue gas learns how much of its carbon is fossil at full load.
    specs : mapping of str to Model
        The components by name.

    Returns
    -------
    list of Violation
        Sources that do not exist, give no CO2, capture themselves, are named by two units, or are
        to burn in oxygen and burn nothing.
    """
    flows = list(flows)
    units = {n: s for n, s in sorted(specs.items()) if isinstance(s, CaptureUnit)}
    taken_by: dict[str, str] = {}
    found = []
    for name, unit in units.items():
        bus = flue_bus(name)
        most = fossil = 0.0
        for source in unit.sources:
            own = [flow for flow in flows if flow.component == source and _gives_co2(flow)]
            if source not in specs:
                reason, mend = "is no component of this park", "name one that gives CO2"
            elif source in units:
                reason, mend = "is a capture unit itself", "name the components before it"
            elif source in taken_by:
                reason = f"already leads to '{taken_by[source]}'"
                mend = "let each component have one stack"
            elif not own:
                reason, mend = "gives no CO2", "leave it out"
            elif reason := _give_oxygen(own, unit):
                mend = "leave it out, or capture behind it with an amine"
            else:
                taken_by[source] = name
                for flow in own:
                    share = _fossil_share(flow, buses)
                    led = _lead(flow, bus)
                    most, fossil = most + led, fossil + led * share
                continue
            message = f"'{source}', a source of '{name}', {reason}"
            found.append(Violation(f"{name}.{STACK}", name, "carbon", message, mend))
        buses[bus] = replace(buses[bus], fossil=fossil / most if most else 0.0)
        for flow in flows:
            if flow.name == f"{name}.{STACK}":
                flow.upper = most
    return found


def _gives_co2(flow: Flow) -> bool:
    """Whether a flow gives CO2 to the air; what enters, as with a purchase, is no flue gas."""
    given = np.asarray(flow.exchange.get("co2", 0.0), float)
    return bool(np.any(given > 0) and not np.any(given < 0))


def _give_oxygen(flows: Iterable[Flow], unit: CaptureUnit) -> str:
    """Let the flows burn in the unit's oxygen where it has any; why they cannot, or nothing."""
    if isinstance(unit, OxyFuelCapture):
        try:
            for flow in flows:
                burn_in_oxygen(flow, unit.oxygen, unit.oxygen_excess)
        except PhysicsError as error:
            return str(error)
    return ""


def _fossil_share(flow: Flow, buses: Mapping[str, Carrier]) -> float:
    """Share of the carbon a flow takes that is fossil where it enters the park."""
    taken = [
        (float(np.max(-np.asarray(value, float))) * carrier.of("carbon"), carrier.fossil)
        for place, value in flow.coefficients.items()
        if (carrier := buses.get(place)) is not None and np.any(np.asarray(value) < 0)
    ]
    whole = sum(carbon for carbon, _ in taken)
    return sum(carbon * fossil for carbon, fossil in taken) / whole if whole else 0.0


def _lead(flow: Flow, bus: str) -> float:
    """Move the CO2 a flow gives to the air to a bus; return the most it can be [t/h]."""
    given = np.asarray(flow.exchange.pop("co2"), float)
    moved: Series = float(given) if given.ndim == 0 else given
    flow.coefficients[bus] = flow.coefficients.get(bus, 0.0) + moved
    return float(np.max(given * np.asarray(flow.upper, float)))
