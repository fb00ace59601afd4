"""The neutral cases as networks, and random parks of any size.

The neutral cases sit in a folder beside the repository that a clone does not have; `available`
tells. They are generic linear programmes whose losses and emissions do not close, so their
carriers have no content.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from models.base import Carrier, Flow, Store
from twin.network.network import Network

CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"
PLAIN = Carrier("plain", "MW")
KWH = 1000.0


def available() -> bool:
    """Whether the neutral cases are there."""
    return (CASES / "park.json").exists()


def park(
    n_steps: int = 8760, *, initial: float = 0.5, values: dict[str, float] | None = None
) -> Network:
    """`cases/park`: 22 buses, about 60 technologies, 11 stores, hourly.

    Parameters
    ----------
    initial : float
        Share of the capacity stored at the start.
    values : dict of str to float, optional
        What a stored unit of each store is worth [currency per unit]; default zero.
    """
    case = json.loads((CASES / "park.json").read_text())
    series = {k: v.astype(float)[:n_steps] for k, v in np.load(CASES / "park_8760.npz").items()}
    flows = []

    def add(name: str, coefficients: dict[str, Any], upper: Any, **more: Any) -> None:
        flows.append(Flow(name, name, coefficients, upper, **more))

    for s in case["sources"]:
        profile = 1.0 if s["prof"] is None else series[s["prof"]]
        cost = s["cost"] + (0.0 if s["cost_prof"] is None else series[s["cost_prof"]])
        add(s["name"], {s["bus"]: 1.0}, s["cap"] * profile, cost=cost)
    for s in case["sinks"]:
        add(s["name"], {s["bus"]: -1.0}, s["cap"], cost=s["cost"])
    for s in case["loads"]:
        add(s["name"], {s["bus"]: -1.0}, series[s["prof"]], lower=series[s["prof"]])
    for s in case["fixed_in"]:
        add(s["name"], {s["bus"]: 1.0}, series[s["prof"]], lower=series[s["prof"]])
    for s in case["links"]:
        add(s["name"], {s["bus"]: -1.0, **s["coef"]}, s["cap"], cost=s["cost"])
    stores = []
    for s in case["stores"]:
        name, worth = f"{s['name']}_level", (values or {}).get(s["name"], 0.0)
        fill, empty = {s["bus"]: -1.0, name: s["eta_c"]}, {s["bus"]: 1.0, name: -1.0 / s["eta_d"]}
        add(f"{s['name']}_in", fill, s["p"])
        add(f"{s['name']}_out", empty, s["p"], cost=s["cost"])
        stores.append(
            Store(
                name,
                s["name"],
                PLAIN,
                capacity=s["e"],
                initial=initial * s["e"],
                loss_rate=-float(np.log1p(-s["loss"])),
                charge_below=worth,
                discharge_above=worth,
            )
        )
    return Network.of({b: PLAIN for b in case["buses"]}, flows, stores, n_steps=n_steps)
