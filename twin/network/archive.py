"""A network as text and one array, so that a saved run can be audited without its park."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np

from models.base import Carrier, Flow, Store
from twin.network.network import Network

_FLOW = ("component", "activity", "side", "demand", "curtailable", "main")
_STORE = ("component", "capacity", "initial", "minimum", "loss_rate", "exclusive")


def dump(network: Network) -> tuple[str, np.ndarray]:
    """Text (JSON) of a network, and its series as an array of shape (n_series, n_steps).

    Limits and policies are left out: they steered the run and are not needed to audit it. Prices
    stay, so that its money can be split by tariff.
    """
    series: list[np.ndarray] = []

    def number(value: Any) -> Any:
        array = np.asarray(value, float)
        if array.ndim == 0:
            return float(array)
        series.append(array)
        return {"series": len(series) - 1}

    def numbers(values: dict[str, Any]) -> dict[str, Any]:
        return {place: number(value) for place, value in sorted(values.items())}

    outside = {p for f in network.flows.values() for p in f.exchange}
    outside |= {p for losses in network.losses.values() for p in losses}
    document = {
        "buses": {name: _carrier(c) for name, c in network.buses.items()},
        "surroundings": {p: _carrier(network.surroundings[p]) for p in sorted(outside)},
        "flows": {
            name: {key: getattr(flow, key) for key in _FLOW}
            | {
                "cost": number(flow.cost),
                "coefficients": numbers(flow.coefficients),
                "exchange": numbers(flow.exchange),
            }
            for name, flow in network.flows.items()
        },
        "stores": {
            name: {key: getattr(store, key) for key in _STORE}
            | {"carrier": _carrier(store.carrier), "loss": numbers(network.losses.get(name, {}))}
            for name, store in network.stores.items()
        },
        "n_steps": network.n_steps,
        "step_s": network.step_s,
    }
    array = np.array(series) if series else np.zeros((0, network.n_steps))
    return json.dumps(document, allow_nan=False), array


def restore(text: str, series: np.ndarray) -> Network:
    """The network that `dump` wrote; its flows have no limits and cannot be run."""
    document = json.loads(text)

    def number(value: Any) -> Any:
        return series[value["series"]] if isinstance(value, dict) else value

    def numbers(values: dict[str, Any]) -> dict[str, Any]:
        return {key: number(value) for key, value in values.items()}

    flows = [
        Flow(
            name,
            coefficients=numbers(flow.pop("coefficients")),
            exchange=numbers(flow.pop("exchange")),
            upper=0.0,
            cost=number(flow.pop("cost", 0.0)),
            **flow,
        )
        for name, flow in document["flows"].items()
    ]
    losses = {name: numbers(store.pop("loss")) for name, store in document["stores"].items()}
    stores = [
        Store(name, carrier=Carrier(**store.pop("carrier")), **store)
        for name, store in document["stores"].items()
    ]
    return Network.of(
        {name: Carrier(**carrier) for name, carrier in document["buses"].items()},
        flows,
        stores,
        surroundings={n: Carrier(**carrier) for n, carrier in document["surroundings"].items()},
        losses=losses,
        n_steps=document["n_steps"],
        step_s=document["step_s"],
    )


def _carrier(carrier: Carrier) -> dict[str, Any]:
    state = asdict(carrier)
    state["content"] = dict(carrier.content)
    return {key: value for key, value in state.items() if value == value}
