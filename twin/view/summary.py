"""The figures of a run, as `summary.json` and `--json` give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.base import Flow
from twin.engine.recorded import Summed

if TYPE_CHECKING:
    from twin.results import Run


def summarise(run: Run) -> dict[str, Any]:
    """Figures of a run.

    Returns
    -------
    dict
        All facts of the run, among them warnings (a line for each plan that it exceeded), and:
        buses, flows, stores, events (counts); cost [currency]; unserved by carrier [MWh or t] and
        unserved_MWh (steam by its enthalpy), lost heat of networks that could not be kept warm
        included; curtailed_MWh; emissions_tCO2 (fossil) and biogenic_tCO2, and emissions_traced
        ("interval", or "whole run" where totals were kept); residuals per conserved quantity;
        demand by carrier and demand_by_bus (asked, served, unit),
        without losses; losses of networks by component (bus, carrier, amount, unit); supply of each
        bus that serves a demand, by component.
    """
    ledger = run.ledger
    amounts = dict(zip(ledger.flows.index, ledger.flows["amount"].to_numpy(float), strict=True))
    offered = dict(zip(ledger.flows.index, ledger.flows["offered"].to_numpy(float), strict=True))
    demand: dict[str, dict[str, Any]] = {}
    by_bus: dict[str, dict[str, Any]] = {}
    losses: dict[str, dict[str, Any]] = {}
    unserved: dict[str, float] = {}
    unserved_mwh = curtailed = 0.0
    supplied = set()
    for name, flow in run.network.flows.items():
        if flow.curtailable:
            left = offered[name] - amounts[name]
            curtailed += left if left > 1e-9 * offered[name] else 0.0
        if not flow.demand or not flow.main:
            continue
        carrier = run.network.carrier(flow.main)
        size = abs(float(np.mean(np.asarray(flow.coefficients[flow.main]))))
        asked, served = offered[name] * size, amounts[name] * size
        missing = asked - served
        if missing <= 1e-9 * max(asked, 1.0):
            missing = 0.0
        unserved[carrier.name] = unserved.get(carrier.name, 0.0) + missing
        if carrier.unit == "MW":
            unserved_mwh += missing
        elif carrier.kind == "steam":
            unserved_mwh += missing * carrier.of("energy")
        if np.all(np.asarray(flow.coefficients[flow.main]) < 0):
            supplied.add(flow.main)
        of = {"carrier": carrier.name, "unit": carrier.amount_unit}
        if is_loss(flow):
            losses[flow.component] = {"bus": flow.main, "amount": served} | of
            continue
        none = {"asked": 0.0, "served": 0.0}
        for entry in (
            demand.setdefault(carrier.name, none | {"unit": carrier.amount_unit}),
            by_bus.setdefault(flow.main, none | of | {"kind": carrier.kind}),
        ):
            entry["asked"] += asked
            entry["served"] += served
    emissions = run.emissions
    fossil = float(emissions["fossil"].sum())
    # What events charge or pay, such as a demand charge: positive where the park pays.
    posted = float(run.events.loc[run.events["what"] == "money", "after"].sum())
    settled = run.events[run.events["what"] == "settled"]
    return run.facts | {
        "buses": len(run.network.buses),
        "flows": len(run.network.flows),
        "stores": len(run.network.stores),
        "events": len(run.events),
        "cost": float(ledger.flows["cost"].sum()) + posted,
        "unserved_MWh": unserved_mwh,
        "unserved": unserved,
        "flexibility_MWh": {
            "called": float(settled["before"].sum()),
            "delivered": float(settled["after"].sum()),
        },
        "curtailed_MWh": curtailed,
        "emissions_tCO2": fossil,
        "biogenic_tCO2": float(emissions["co2"].sum()) - fossil,
        "emissions_traced": "whole run" if isinstance(run.recorded, Summed) else "interval",
        "residuals": ledger.residuals(),
        "demand": demand,
        "demand_by_bus": by_bus,
        "losses": losses,
        "supply": {bus: _supply(run, bus) for bus in sorted(supplied)},
    }


def is_loss(flow: Flow) -> bool:
    """Whether a demand is what a network loses, by the role that models give to such a flow."""
    return flow.demand and flow.name == f"{flow.component}.loss"


def _supply(run: Run, bus: str) -> dict[str, float]:
    """What each component gave to a bus [MWh or t], largest first."""
    entries = run.ledger.entries
    given = entries[(entries["place"] == bus) & (entries["role"] == "bus")]
    given = given[given["amount"] > 0]
    totals = given.groupby("component")["amount"].sum().sort_values(ascending=False, kind="stable")
    return {str(name): float(value) for name, value in totals.items()}
