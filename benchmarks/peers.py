"""The same cases in other programmes, where these are installed and can express them."""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from benchmarks.cases import CASES


@contextmanager
def silence() -> Iterator[None]:
    """Nothing on standard output, not even from libraries in C: HiGHS greets whoever calls it."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)


def installed(name: str) -> bool:
    """Whether a peer can be imported."""
    return importlib.util.find_spec(name) is not None


def pypsa_park(n_steps: int = 8760) -> dict[str, Any]:
    """`cases/park` as one perfect-foresight programme in PyPSA: what a year costs, and seconds.

    It knows the future, so its cost is a lower bound of ours and its work a harder one; there is
    no causal dispatch in PyPSA to compare with.
    """
    import pypsa

    logging.disable(logging.WARNING)
    case = json.loads((CASES / "park.json").read_text())
    series = {k: v.astype(float)[:n_steps] for k, v in np.load(CASES / "park_8760.npz").items()}
    began = time.perf_counter()
    net = pypsa.Network()
    net.set_snapshots(range(n_steps))
    for bus in case["buses"]:
        net.add("Bus", bus)
    for s in case["sources"]:
        profile = 1.0 if s["prof"] is None else series[s["prof"]]
        cost = s["cost"] + (0.0 if s["cost_prof"] is None else series[s["cost_prof"]])
        net.add("Generator", s["name"], bus=s["bus"], p_nom=s["cap"], p_max_pu=profile,
                marginal_cost=cost)  # fmt: skip
    for s in case["sinks"]:
        net.add("Generator", s["name"], bus=s["bus"], p_nom=s["cap"], p_min_pu=-1.0, p_max_pu=0.0,
                marginal_cost=-s["cost"])  # fmt: skip
    for s in case["loads"]:
        net.add("Load", s["name"], bus=s["bus"], p_set=series[s["prof"]])
    for s in case["fixed_in"]:
        net.add("Load", s["name"], bus=s["bus"], p_set=-series[s["prof"]])
    for s in case["links"]:
        ports = {"bus0": s["bus"]}
        for k, (bus, value) in enumerate(s["coef"].items(), 1):
            ports[f"bus{k}"] = bus
            ports["efficiency" if k == 1 else f"efficiency{k}"] = value
        net.add("Link", s["name"], p_nom=s["cap"], marginal_cost=s["cost"], **ports)
    for s in case["stores"]:
        net.add("StorageUnit", s["name"], bus=s["bus"], p_nom=s["p"], max_hours=s["e"] / s["p"],
                efficiency_store=s["eta_c"], efficiency_dispatch=s["eta_d"],
                standing_loss=s["loss"], cyclic_state_of_charge=bool(case["cyclic"]),
                marginal_cost=s["cost"])  # fmt: skip
    built = time.perf_counter()
    with silence():
        net.optimize(solver_name="highs", log_to_console=False, solver_options={"threads": 1})
    return {
        "version": pypsa.__version__,
        "build_s": built - began,
        "optimise_s": time.perf_counter() - built,
        "cost": float(net.objective),
        "steps": n_steps,
    }


def pypsa_microgrid(n_steps: int = 8760) -> dict[str, Any]:
    """`cases/microgrid` as one perfect-foresight programme in PyPSA."""
    import pypsa

    logging.disable(logging.WARNING)
    case = json.loads((CASES / "microgrid.json").read_text())
    series = np.load(CASES / "microgrid_8760.npz")
    load, pv, wind, buy = (series[k].astype(float)[:n_steps] for k in ("load", "pv", "wind", "buy"))
    began = time.perf_counter()
    net = pypsa.Network()
    net.set_snapshots(range(n_steps))
    net.add("Bus", "el")
    net.add("Load", "load", bus="el", p_set=load)
    net.add("Generator", "pv", bus="el", p_nom=1.0, p_max_pu=pv)
    net.add("Generator", "wind", bus="el", p_nom=1.0, p_max_pu=wind)
    net.add("Generator", "buy", bus="el", p_nom=case["grid_import_mw"], marginal_cost=1000.0 * buy)
    net.add("Generator", "sell", bus="el", p_nom=case["grid_export_mw"], p_min_pu=-1.0,
            p_max_pu=0.0, marginal_cost=1000.0 * case["sell_cny_kwh"])  # fmt: skip
    net.add("StorageUnit", "battery", bus="el", p_nom=case["bat_p_mw"],
            max_hours=case["bat_e_mwh"] / case["bat_p_mw"], efficiency_store=case["eta_c"],
            efficiency_dispatch=case["eta_d"], cyclic_state_of_charge=True)  # fmt: skip
    built = time.perf_counter()
    with silence():
        net.optimize(solver_name="highs", log_to_console=False, solver_options={"threads": 1})
    return {
        "version": pypsa.__version__,
        "build_s": built - began,
        "optimise_s": time.perf_counter() - built,
        "cost": float(net.objective),
        "steps": n_steps,
    }
