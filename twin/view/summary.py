"""The figures of a run, and the table a terminal shows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin.results import Run


def summarise(run: Run) -> dict[str, Any]:
    """Figures of a run, as written to summary.json.

    Returns
    -------
    dict
        All facts of the run, and: buses, flows, stores, events (counts); cost [currency];
        unserved by carrier [MWh or t] and unserved_MWh (steam by its enthalpy); curtailed_MWh;
        emissions_tCO2 (fossil) and biogenic_tCO2; residuals per conserved quantity; demand by
        carrier (asked, served, unit); supply of each bus that serves a demand, by component.
    """
    ledger = run.ledger
    demand: dict[str, dict[str, Any]] = {}
    unserved: dict[str, float] = {}
    unserved_mwh = curtailed = 0.0
    served_buses = set()
    for name, flow in run.network.flows.items():
        row = ledger.flows.loc[name]
        if flow.demand and flow.main:
            carrier = run.network.carrier(flow.main)
            size = abs(float(np.mean(np.asarray(flow.coefficients[flow.main]))))
            asked, served = float(row["offered"]) * size, float(row["amount"]) * size
            entry = demand.setdefault(
                carrier.name, {"asked": 0.0, "served": 0.0, "unit": carrier.amount_unit}
            )
            entry["asked"] += asked
            entry["served"] += served
            missing = asked - served
            if missing <= 1e-9 * max(asked, 1.0):
                missing = 0.0
            unserved[carrier.name] = unserved.get(carrier.name, 0.0) + missing
            if carrier.unit == "MW":
                unserved_mwh += missing
            elif carrier.kind == "steam":
                unserved_mwh += missing * carrier.of("energy")
            served_buses.add(flow.main)
        if flow.curtailable:
            curtailed += max(float(row["offered"]) - float(row["amount"]), 0.0)
    emissions = run.emissions
    fossil = float(emissions["fossil"].sum())
    supply = {bus: _supply(run, bus) for bus in sorted(served_buses)}
    return run.facts | {
        "buses": len(run.network.buses),
        "flows": len(run.network.flows),
        "stores": len(run.network.stores),
        "events": len(run.events),
        "cost": float(ledger.flows["cost"].sum()),
        "unserved_MWh": unserved_mwh,
        "unserved": unserved,
        "curtailed_MWh": curtailed,
        "emissions_tCO2": fossil,
        "biogenic_tCO2": float(emissions["co2"].sum()) - fossil,
        "residuals": ledger.residuals(),
        "demand": demand,
        "supply": supply,
    }


def _supply(run: Run, bus: str) -> dict[str, float]:
    """What each component gave to a bus [MWh or t], largest first."""
    entries = run.ledger.entries
    given = entries[(entries["place"] == bus) & (entries["role"] == "bus") & (entries["amount"] > 0)]
    totals = given.groupby("component")["amount"].sum().sort_values(ascending=False)
    return {str(name): float(value) for name, value in totals.items()}


def table(summary: dict[str, Any]) -> RenderableType:
    """The summary as tables for a terminal."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    title = Text(f"{summary['title']}  ", style="bold")
    days = summary["horizon_s"] / 86_400
    title.append(
        f"{days:g} days from {summary['start'][:10]} in {summary['step_s'] / 60:g} min steps, "
        f"seed {summary['seed']}",
        style="dim",
    )
    served = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("demand", "asked", "served", "unserved", ""):
        served.add_column(column, justify="left" if column in ("demand", "") else "right")
    for carrier, entry in sorted(summary["demand"].items()):
        missing = summary["unserved"][carrier]
        served.add_row(
            carrier,
            _number(entry["asked"]),
            _number(entry["served"]),
            Text(_number(missing), style="red" if missing else ""),
            entry["unit"],
        )
    mix = Table(box=None, pad_edge=False, header_style="bold")
    mix.add_column("supply of")
    mix.add_column("by")
    mix.add_column("amount", justify="right")
    mix.add_column("share", justify="right")
    for bus, parts in summary["supply"].items():
        total = sum(parts.values()) or 1.0
        for k, (component, amount) in enumerate(parts.items()):
            if amount / total >= 5e-4:
                share = f"{amount / total:.1%}"
                mix.add_row(bus if k == 0 else "", component, _number(amount), share)
    figures = Table(box=None, pad_edge=False, show_header=False)
    figures.add_column()
    figures.add_column(justify="right")
    figures.add_column()
    figures.add_row("cost", _number(summary["cost"] / 1e6, 2), f"M{summary['currency']}")
    figures.add_row("fossil CO2", _number(summary["emissions_tCO2"]), "t")
    figures.add_row("biogenic CO2", _number(summary["biogenic_tCO2"]), "t")
    figures.add_row("unserved", _number(summary["unserved_MWh"]), "MWh")
    figures.add_row("curtailed", _number(summary["curtailed_MWh"]), "MWh")
    figures.add_row("events", str(summary["events"]), "")
    for quantity, residual in summary["residuals"].items():
        figures.add_row(f"residual of {quantity}", f"{residual:.1e}", "relative")
    if "certificate" in summary:
        certificate = summary["certificate"]
        figures.add_row(
            "worst gap to HiGHS",
            f"{certificate['worst_gap']:.1e}",
            f"relative, {certificate['steps']} steps",
        )
    counts = f"{summary['buses']} buses, {summary['flows']} flows, {summary['stores']} stores"
    figures.add_row("stepping", f"{summary['wall_s']:.2f}", f"s for {counts}")
    return Group(title, Text(), served, Text(), mix, Text(), figures)


def _number(value: float, digits: int = 0) -> str:
    if abs(value) < 0.5 * 10**-digits:
        return "0"
    return f"{value:,.{digits}f}".replace(",", " ")
