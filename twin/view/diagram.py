"""The network of a run as a picture in text: who gave how much of what to whom."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ruamel.yaml import YAML

if TYPE_CHECKING:
    import pandas as pd

    from twin.results import Run

IDLE = 1e-6
"""A share of a bus's turnover below which an arrow shows rounding and not a stream."""

LARGER = {"MWh": ("MWh", "GWh", "TWh"), "t": ("t", "kt", "Mt")}


@dataclass
class _Node:
    """One box: an owner, or components of one model that do the same with the same buses."""

    name: str
    what: str = ""
    count: int = 1
    outside: bool = False
    gives: dict[str, float] = field(default_factory=dict)
    takes: dict[str, float] = field(default_factory=dict)

    def add(self, other: _Node) -> None:
        self.count += other.count
        self.outside = self.outside and other.outside
        for mine, more in ((self.gives, other.gives), (self.takes, other.takes)):
            for bus, amount in more.items():
                mine[bus] = mine.get(bus, 0.0) + amount

    @property
    def line(self) -> str:
        label = f"{self.count} × {self.what}" if self.count > 1 and self.what else self.name
        text = label.replace("_", " ").replace('"', "'")
        return (
            f'{_id("c", self.name)}(["{text}"])'
            if self.outside
            else (f'{_id("c", self.name)}["{text}"]')
        )


def diagram(run: Run, by: Literal["component", "owner"] = "component") -> str:
    """The network of a run in the Mermaid language, which hosts of Markdown and notebooks draw.

    What stands at the fence has round ends. A bus between one giver and one taker is an arrow.
    What nothing flowed through is left out.

    Parameters
    ----------
    run : Run
    by : {"component", "owner"}
        One box a component, those of one model on the same buses together; or one an owner, with
        what stays among its own components left out.

    Returns
    -------
    str
        A `flowchart`; amounts [MWh, t and their thousands] are those of the run.
    """
    scenario = YAML(typ="safe", pure=True).load(run.scenario)["components"]
    single = _components(run, scenario)
    nodes = _by_owner(single, scenario) if by == "owner" else _alike(single)
    units = {bus: carrier.amount_unit for bus, carrier in run.network.buses.items()}
    givers, takers = defaultdict(list), defaultdict(list)
    for node in nodes:
        for bus in node.gives:
            givers[bus].append(node)
        for bus in node.takes:
            takers[bus].append(node)
    lines = []
    for bus in sorted({*givers, *takers}):
        touching = {node.name for node in (*givers[bus], *takers[bus])}
        if len(touching) == 1:
            continue
        label = bus.replace("_", " ")
        if len(givers[bus]) == len(takers[bus]) == 1:
            amount = _said(givers[bus][0].gives[bus], units[bus])
            lines.append(
                _arrow(givers[bus][0].name, "c", f"{label}, {amount}", takers[bus][0].name, "c")
            )
            continue
        lines.append(f'{_id("b", bus)}("{label}")')
        for node in givers[bus]:
            lines.append(_arrow(node.name, "c", _said(node.gives[bus], units[bus]), bus, "b"))
        for node in takers[bus]:
            lines.append(_arrow(bus, "b", _said(node.takes[bus], units[bus]), node.name, "c"))
    drawn = "\n".join(lines)
    boxes = [node.line for node in nodes if re.search(rf"\b{_id('c', node.name)}\b", drawn)]
    return "\n    ".join(["flowchart LR", *boxes, *lines]) + "\n"


def _components(run: Run, scenario: Mapping[str, Any]) -> list[_Node]:
    entries = run.ledger.entries
    entries = entries[entries["role"] == "bus"]
    flows = run.ledger.flows
    inside = set(flows.loc[flows["side"].isin(["inside", "sink"]), "component"])
    turnover = entries["amount"].abs().groupby(entries["place"]).sum()
    found: dict[str, _Node] = {}
    amounts: pd.Series[float]
    for key, amounts in entries.groupby(["component", "place"])["amount"]:
        name, bus = map(str, key)
        node = found.setdefault(name, _Node(name, scenario[name]["model"], 1, name not in inside))
        least = IDLE * float(turnover[bus])
        given, taken = float(amounts[amounts > 0].sum()), -float(amounts[amounts < 0].sum())
        if given > least:
            node.gives[bus] = given
        if taken > least:
            node.takes[bus] = taken
    return [node for _, node in sorted(found.items()) if node.gives or node.takes]


def _alike(nodes: list[_Node]) -> list[_Node]:
    first: dict[object, _Node] = {}
    for node in nodes:
        key = (node.what, tuple(sorted(node.gives)), tuple(sorted(node.takes)), node.outside)
        if key in first:
            first[key].add(node)
        else:
            first[key] = node
    return list(first.values())


def _by_owner(nodes: list[_Node], scenario: Mapping[str, Any]) -> list[_Node]:
    first: dict[str, _Node] = {}
    for node in nodes:
        owner = scenario[node.name].get("owner") or node.name
        if owner in first:
            first[owner].add(node)
        else:
            first[owner] = node
            node.name, node.what = owner, ""
    return [first[owner] for owner in sorted(first)]


def _id(kind: str, name: str) -> str:
    return f"{kind}_{re.sub(r'[^A-Za-z0-9]', '_', name)}"


def _arrow(start: str, kind: str, label: str, end: str, other: str) -> str:
    return f'{_id(kind, start)} -->|"{label}"| {_id(other, end)}'


def _said(amount: float, unit: str) -> str:
    steps = LARGER[unit]
    power = 0
    while amount >= 999.5 and power + 1 < len(steps):
        amount, power = amount / 1000.0, power + 1
    return f"{amount:.0f} {steps[power]}" if amount >= 99.95 else f"{amount:.3g} {steps[power]}"
