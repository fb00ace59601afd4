"""The neutral cases as networks, and made-up parks of any size.

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
    return Network.of(dict.fromkeys(case["buses"], PLAIN), flows, stores, n_steps=n_steps)


def microgrid(n_steps: int = 8760) -> Network:
    """`cases/microgrid`: PV, wind, a battery and the grid on one bus, hourly.

    The battery is filled from surplus and emptied before the grid is asked, as the rule-based
    engines of the reference do: a stored MWh is worth more than its export and less than the
    cheapest import.
    """
    case = json.loads((CASES / "microgrid.json").read_text())
    series = np.load(CASES / "microgrid_8760.npz")
    load, pv, wind, price = (
        series[k].astype(float)[:n_steps] for k in ("load", "pv", "wind", "buy")
    )
    sell = 1000.0 * case["sell_cny_kwh"]
    fill, empty = {"el": -1.0, "level": case["eta_c"]}, {"el": 1.0, "level": -1 / case["eta_d"]}
    flows = [
        Flow("battery_in", "battery", fill, case["bat_p_mw"]),
        Flow("battery_out", "battery", empty, case["bat_p_mw"]),
        Flow("buy", "grid", {"el": 1.0}, case["grid_import_mw"], cost=1000.0 * price),
        Flow("curtail", "el", {"el": -1.0}, 100.0),
        Flow("load", "load", {"el": -1.0}, load, lower=load),
        Flow("pv", "pv", {"el": 1.0}, pv, lower=pv),
        Flow("sell", "grid", {"el": -1.0}, case["grid_export_mw"], cost=-sell),
        Flow("unserved", "el", {"el": 1.0}, 100.0, steer=1e5),
        Flow("wind", "wind", {"el": 1.0}, wind, lower=wind),
    ]
    worth = {
        "charge_below": sell / case["eta_c"] + 1.0,
        "discharge_above": sell / case["eta_c"] + 2.0,
    }
    battery = Store(
        "level",
        "battery",
        PLAIN,
        case["bat_e_mwh"],
        initial=case["soc0_mwh"],
        exclusive=True,
        **worth,
    )
    return Network.of({"el": PLAIN}, flows, [battery], n_steps=n_steps)


def made_up_park(buses: int, n_steps: int, *, step_s: int = 900, seed: int = 1) -> Network:
    """A park of any size: about four flows a bus, one store for five buses.

    A third of the buses import; the others live on converters with one to three outputs, between
    near buses and a few far ones, so that the buses depend on each other in long chains and
    cycles. Loads have a daily shape and noise, renewables and prices noise of their own: every
    step differs from the last at every bus, which is harder than a real park.
    """
    rng = np.random.default_rng(seed)
    names = [f"bus{i:04d}" for i in range(buses)]
    hour = np.arange(n_steps) * step_s / 3600.0
    flows: list[Flow] = []
    stores: list[Store] = []

    def add(name: str, coefficients: dict[str, Any], upper: Any, **more: Any) -> None:
        flows.append(Flow(name, name, coefficients, upper, **more))

    def near(i: int) -> int:
        if rng.random() < 0.1:
            return int(rng.integers(buses))
        return (i + int(rng.integers(1, 6))) % buses

    for i, b in enumerate(names):
        load = rng.uniform(2, 10) * (1 + 0.4 * np.sin((hour - rng.uniform(0, 24)) / 24 * 2 * np.pi))
        load *= rng.uniform(0.9, 1.1, n_steps)
        add(f"{b}.load", {b: -1.0}, load, steer=-1e4, demand=True, main=b)
        add(f"{b}.dump", {b: -1.0}, 200.0, steer=float(rng.uniform(0, 1)))
        if i % 3 == 0:
            price = rng.uniform(20, 90) + rng.choice([0.0, 10.0]) * rng.normal(0, 1, n_steps)
            add(f"{b}.import", {b: 1.0}, 100.0, cost=price)
        if i % 4 == 0:
            add(f"{b}.renewable", {b: 1.0}, rng.uniform(0, 12, n_steps))
        if i % 5 == 0:
            gain = float(rng.uniform(0.9, 1.0))
            add(f"{b}.fill", {b: -1.0, f"{b}.level": gain}, 5.0)
            add(f"{b}.empty", {b: 1.0, f"{b}.level": -1.0 / gain}, 5.0, cost=0.1)
            worth = float(rng.uniform(20, 60))
            stores.append(
                Store(
                    f"{b}.level", b, PLAIN, 40.0, initial=20.0, exclusive=i % 10 == 0,
                    charge_below=worth, discharge_above=worth + 5.0,
                )
            )  # fmt: skip
    for k in range(3 * buses // 2):
        # The first links reach every bus, the others go anywhere.
        first = k % buses if k < buses else near(int(rng.integers(buses)))
        more = [near(first) for _ in range(int(rng.integers(0, 3)))]
        given = sorted({first, *more})
        taken = near(first)
        coefficients = {
            names[j]: float(rng.uniform(0.3, 0.95) / len(given)) for j in given if j != taken
        }
        coefficients[names[taken]] = -1.0
        add(f"link{k:04d}", coefficients, float(rng.uniform(5, 40)), cost=float(rng.uniform(0, 5)))
    return Network.of(dict.fromkeys(names, PLAIN), flows, stores, n_steps=n_steps, step_s=step_s)
