"""The terms of a run's totals: which uncertain inputs each part of its CO2 or cost depends on.

What a run would answer with another dispatch is not a multiplier of its ledger. To first order
the shadow signal of the run gives it (`demand_slopes`); beyond that, two runs do (`slope`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from models.base import Series
from twin.accounts.tracing import trace_fossil
from twin.accounts.uncertainty import Input, Term
from twin.engine.recorded import Recorded
from twin.network.network import Network
from twin.scenario.park import Park

METERS = {"MW": 0.02, "t/h": 0.02}
"""Default half-width of what is metered, 95 %: gas meter 1.5-2 %, weighbridge and stock 2 %."""

ELECTRICITY_METER = 0.005
"""Default half-width of an electricity meter of class 0.5S."""

CARBON = 0.02
"""Default half-width of the carbon of a fuel, measured."""

FACTOR = 0.03
"""Default half-width of an annual grid factor, used for all import factors."""

AMOUNTS = frozenset({"annual", "rate"})
"""Keys of a demand that scale all it asks for."""

PRICES = frozenset({"price", "import_price", "export_price", "fee", "variable_cost"})
"""Keys that scale all the money of a component."""


def emission_terms(
    network: Network, record: Recorded, factors: Mapping[str, Series] | None = None
) -> tuple[list[Term], dict[str, Input]]:
    """Terms of the fossil CO2 of a run, and their usual uncertainties.

    Every emitting flow and fuel is a term with the meter of its component and the carbon of its
    fuel; every import with a factor is one with its meter and that factor. Change the inputs
    before drawing where better is known; two units on one meter share an input by name.

    Parameters
    ----------
    network, record : Network, Recorded
    factors : mapping of str to Series, optional
        t CO2 per MWh or t of imports, as for `embodied`.

    Returns
    -------
    list of Term, dict of str to Input
        Inputs: "meter of COMPONENT", "carbon of CARRIER", "factor of CARRIER OR FLOW".
    """
    terms: list[Term] = []
    inputs: dict[str, Input] = {}
    step = (record.t0 // network.step_s).astype(np.int64)
    fossil = trace_fossil(network, record)
    for j, flow in enumerate(network.flows.values()):
        meter = f"meter of {flow.component}"
        unit = network.carrier(flow.main).unit if flow.main else "MW"
        total = float(fossil.fossil[:, j].sum())
        if total > 0:
            inputs.setdefault(meter, Input("normal", METERS[unit]))
            for carrier, part in _fuels(network, flow.coefficients).items():
                inputs.setdefault(f"carbon of {carrier}", Input("normal", CARBON))
                name = f"{flow.name}: {carrier}"
                terms.append(Term(name, total * part, (meter, f"carbon of {carrier}")))
        amount = np.maximum(record.flows[:, j], 0.0) * record.hours
        for place, value in flow.exchange.items():
            key = flow.name if flow.name in (factors or {}) else place
            if key not in (factors or {}) or not np.any(np.asarray(value) < 0):
                continue
            factor, series = np.asarray((factors or {})[key], float), np.asarray(value, float)
            each = np.maximum(-(series[step] if series.ndim else series), 0.0)
            brought = float((amount * each * (factor[step] if factor.ndim else factor)).sum())
            electric = network.surroundings[place].kind == "electricity"
            width = ELECTRICITY_METER if electric else METERS[unit]
            inputs.setdefault(meter, Input("normal", width))
            inputs.setdefault(f"factor of {key}", Input("normal", FACTOR))
            terms.append(Term(f"{flow.name}: factor", brought, (meter, f"factor of {key}")))
    return terms, inputs


def demand_slopes(network: Network, record: Recorded) -> dict[str, float]:
    """Rise of the run's signal if each demand were twice itself, to first order [t CO2].

    Exact as long as the same units stay at the margin, so for small changes.

    Raises
    ------
    ValueError
        The run recorded no signal.
    """
    if record.marginal is None:
        raise ValueError("the run recorded no signal; run it with emission_signal")
    buses = list(network.buses)
    found: dict[str, float] = {}
    for j, flow in enumerate(network.flows.values()):
        if not flow.demand:
            continue
        step = (record.t0 // network.step_s).astype(np.int64)
        amount = np.maximum(record.flows[:, j], 0.0) * record.hours
        rise = 0.0
        for place, value in flow.coefficients.items():
            series = np.asarray(value, float)
            taken = -amount * (series[step] if series.ndim else series)
            if place in buses:
                rise += float(taken @ record.marginal[:, buses.index(place)])
        found[flow.component] = found.get(flow.component, 0.0) + rise
    return found


def slope(figure: Callable[[float], float], width: float) -> float:
    """Rise of a figure per unit of a multiplier, from two runs half a width either side.

    Parameters
    ----------
    figure : callable
        The figure of a run with a scenario value times its argument.
    width : float
        The relative half-width of that value.
    """
    if not width > 0:
        raise ValueError(f"a slope over a width of {width:g}; it must be above 0")
    return (figure(1 + width / 2) - figure(1 - width / 2)) / width


def response(name: str, slope: float) -> list[Term]:
    """Terms of a scenario value to which the total answers with a slope, nothing at nominal."""
    return [Term(name, slope, (name,)), Term(f"{name} at nominal", -slope)]


def spreads(park: Park) -> dict[str, Input]:
    """Inputs from the `spread`s of a scenario, by "component.key".

    A spread is half the width of the 95 % interval, in the unit of its value.

    Raises
    ------
    ValueError
        The value itself is zero, so that no multiplier can move it.
    """
    found = {}
    for name, component in sorted(park.components.items()):
        for path, source in sorted(component.sources.items()):
            if source.spread is None:
                continue
            value = float(_at(component.spec, path))
            if value == 0:
                raise ValueError(
                    f"{name}.{path} is zero with a spread of {source.spread:g}; to mend: give it "
                    "a value, since a spread here widens a multiplier"
                )
            found[f"{name}.{path}"] = Input("normal", source.spread / abs(value))
    return found


def spread_terms(
    inputs: Mapping[str, Input], network: Network, record: Recorded
) -> tuple[list[Term], tuple[str, ...]]:
    """Terms by which CO2 answers to a scenario's spreads, and those that need runs instead.

    Demands answer with the run's shadow signal. Prices move no CO2 while the dispatch stands, so
    they are among those that need runs, as is everything else.
    """
    slopes = demand_slopes(network, record) if record.marginal is not None else {}
    terms: list[Term] = []
    needs = []
    for name in inputs:
        component, _, key = name.partition(".")
        if key in AMOUNTS and component in slopes:
            terms += response(name, slopes[component])
        else:
            needs.append(name)
    return terms, tuple(needs)


def cost_terms(network: Network, record: Recorded, inputs: Mapping[str, Input]) -> list[Term]:
    """Terms of the money of a run: each flow's, times its price where that is uncertain."""
    terms = []
    for j, flow in enumerate(network.flows.values()):
        keys = [f"{flow.component}.{key}" for key in sorted(PRICES)]
        side = "export_price" if flow.side == "export" else "import_price"
        used = [
            k for k in keys if k in inputs and (not k.endswith("port_price") or k.endswith(side))
        ]
        if record.cost[j]:
            terms.append(Term(flow.name, float(record.cost[j]), tuple(used)))
    return terms


def _at(spec: Any, path: str) -> Any:
    for key in path.split("."):
        if isinstance(spec, Mapping):
            spec = spec[key]
        elif isinstance(spec, list | tuple):
            spec = spec[int(key)]
        else:
            names = {info.alias or name: name for name, info in type(spec).model_fields.items()}
            spec = getattr(spec, names.get(key, key))
    return spec


def _fuels(network: Network, coefficients: Mapping[str, Series]) -> dict[str, float]:
    """Share of each carrier in the fossil carbon a flow takes, as carriers enter the park."""
    taken = {
        place: -float(np.mean(value)) * network.carrier(place).of("carbon")
        for place, value in coefficients.items()
        if np.mean(value) < 0 and network.carrier(place).of("carbon") > 0
    }
    parts = {p: a * network.carrier(p).fossil for p, a in taken.items()}
    if not any(parts.values()):
        parts = taken
    whole = sum(parts.values())
    shares: dict[str, float] = {}
    for place, part in parts.items():
        name = network.carrier(place).name
        shares[name] = shares.get(name, 0.0) + part / whole
    return {name: share for name, share in shares.items() if share > 0} or {"process": 1.0}
