"""What the language of figures may ask of a run: amounts, rates, money, CO2 and the scenario."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from ruamel.yaml import YAML

from models.base import Carrier
from twin.accounts.exergy import energy_efficiency
from twin.scenario.dimension import terms
from twin.scenario.errors import did_you_mean
from twin.study.figures import Figure, FigureError, Measure, quantity

if TYPE_CHECKING:
    import pandas as pd

    from twin.results import Run

MEASURES = {
    "given": "amount a component, or everybody, gave to a bus [MWh or t]",
    "taken": "amount a component, or everybody, took from a bus [MWh or t]",
    "net": "the first less the second, for a component that does both [MWh or t]",
    "made": "net amount all components of a model gave to a bus [MWh or t]",
    "peak": "largest rate at which a component gave to a bus [MW or t/h]",
    "hours": "time in which a component gave to or took from a bus [h]",
    "offered": "amount the supply flows of a component could have given to a bus [MWh or t]",
    "asked": "amount the demand of a component asked for [MWh or t]",
    "crossing": "amount of a carrier that crossed the fence on a side (import, ...) [MWh or t]",
    "content": "of a carrier: energy, exergy, lhv [MWh] or mass, carbon, sulphur ... [t] per unit",
    "temperature": "of a bus's carrier, its supply if it is a loop [degC]",
    "worth": "what a component gave to a bus less what it took, at the bus's price then [money]",
    "cost": "money a component, or the park with its events, paid less what it earned [money]",
    "co2": "fossil CO2 a component, or everybody, gave to the air [tCO2]",
    "efficiency": "useful energy over what enters, by LHV, round a component or the whole park",
    "parameter": "a number of the scenario: component.key, events.NAME.key, buses.NAME.key, ...",
    "context": "a published figure that the scenario holds and no flow depends on",
    "total": "sum of a key over all components of a model",
    "count": "number of components of a model",
    "owners": "number of owners the scenario names",
    "owned": "1 if an owner's name is in the scenario",
    "links": "number of different streams (bus, giver, receiver) from member to owner",
    "step": "length of a time step [min]",
    "duration": "length of the run [h]",
}
"""Every measure and what it gives; the page of the audit prints this."""

IDLE = 1e-9
"""Rates below this share of the largest are rounding."""


class Measures:
    """The measures of one run; all raise `FigureError` for a name the run does not have."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def calls(self) -> dict[str, Measure]:
        """Name to function, as the evaluator wants it."""
        return {name: getattr(self, name) for name in MEASURES}

    @cached_property
    def scenario(self) -> dict[str, Any]:
        """The park as run, defaults and sources included."""
        loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(self.run.scenario)
        return loaded

    def given(self, bus: str, component: str = "") -> Figure:
        amounts = self._entries(bus, component)["amount"]
        return Figure(float(amounts[amounts > 0].sum()), self._amount(bus))

    def taken(self, bus: str, component: str = "") -> Figure:
        amounts = self._entries(bus, component)["amount"]
        return Figure(-float(amounts[amounts < 0].sum()), self._amount(bus))

    def net(self, bus: str, component: str) -> Figure:
        amounts = self._entries(bus, component)["amount"]
        return Figure(float(amounts.sum()), self._amount(bus))

    def made(self, model: str, bus: str) -> Figure:
        amounts = [self.net(bus, name).value for name in self._of_model(model)]
        return Figure(sum(amounts), self._amount(bus))

    def peak(self, bus: str, component: str) -> Figure:
        rate = self._rate(bus, component)
        return Figure(max(float(rate.max()), 0.0), terms(self._carrier(bus).unit))

    def hours(self, bus: str, component: str) -> Figure:
        rate = np.abs(self._rate(bus, component))
        busy = rate > IDLE * max(float(rate.max()), IDLE)
        return Figure(float(self.run.recorded.hours[busy].sum()), terms("h"))

    def offered(self, bus: str, component: str) -> Figure:
        self._known(bus, list(self.run.network.buses), "bus")
        self._known(component, self._components, "component")
        flows = self.run.ledger.flows
        total = 0.0
        for name in flows.index[(flows["component"] == component) & ~flows["demand"]]:
            size = float(np.mean(np.asarray(self.run.network.flows[name].coefficients.get(bus, 0))))
            total += float(flows.loc[name, "offered"]) * max(size, 0.0)
        return Figure(total, self._amount(bus))

    def asked(self, component: str) -> Figure:
        self._known(component, self._components, "component")
        flows = self.run.ledger.flows
        total, unit = 0.0, None
        for name in flows.index[(flows["component"] == component) & flows["demand"]]:
            flow = self.run.network.flows[name]
            size = abs(float(np.mean(np.asarray(flow.coefficients[flow.main]))))
            total += float(flows.loc[name, "offered"]) * size
            unit = self._amount(flow.main)
        if unit is None:
            raise FigureError(f"component '{component}' has no demand")
        return Figure(total, unit)

    def crossing(self, carrier: str, side: str) -> Figure:
        self._known(carrier, list(self.run.network.surroundings), "carrier at the fence")
        entries = self.run.ledger.entries
        outside = entries[(entries["role"] == "outside") & (entries["carrier"] == carrier)]
        amount = float(outside.loc[outside["side"] == side, "amount"].sum())
        unit = self.run.network.surroundings[carrier].amount_unit
        return Figure(-amount if side == "import" else amount, terms(unit))

    def content(self, place: str, quantity: str) -> Figure:
        carrier = self._carrier(place)
        if quantity in ("exergy", "lhv"):
            value = float(getattr(carrier, quantity))
        else:
            value = carrier.of(quantity)
        unit = "MWh" if quantity in ("energy", "exergy", "lhv") else "t"
        return Figure(value, terms(f"{unit}/{carrier.amount_unit}"))

    def temperature(self, place: str) -> Figure:
        return Figure(self._carrier(place).temperature, terms("degC"))

    def worth(self, bus: str, component: str) -> Figure:
        rate = self._rate(bus, component) * self.run.recorded.hours
        prices = self.run.recorded.prices[:, list(self.run.network.buses).index(bus)]
        return Figure(float((rate * prices).sum()), terms(self.run.facts["currency"]))

    def cost(self, component: str = "") -> Figure:
        money = terms(self.run.facts["currency"])
        if not component:
            return Figure(float(self.run.summary["cost"]), money)
        self._known(component, self._components, "component")
        flows = self.run.ledger.flows
        return Figure(float(flows.loc[flows["component"] == component, "cost"].sum()), money)

    def co2(self, component: str = "") -> Figure:
        table = self.run.emissions
        if component:
            self._known(component, self._components, "component")
            table = table[table["component"] == component]
        return Figure(float(table["fossil"].sum()), terms("tCO2"))

    def efficiency(self, component: str = "") -> Figure:
        if component:
            self._known(component, self._components, "component")
        inside = {component} if component else None
        account = energy_efficiency(self.run.network, self.run.recorded, inside)
        return Figure(float(str(account["efficiency"])))

    def parameter(self, path: str) -> Figure:
        name, *keys = path.split(".")
        self._known(name, list(self._parameters), "component")
        value: Any = self._parameters[name]
        for key in keys:
            if not isinstance(value, dict) or key not in value:
                known = ", ".join(value) if isinstance(value, dict) else "none"
                raise FigureError(f"'{path}' leads nowhere at '{key}'; keys there: {known}")
            value = value[key]
        return quantity(value["value"] if isinstance(value, dict) and "value" in value else value)

    def context(self, name: str) -> Figure:
        facts = self.scenario.get("context", {})
        self._known(name, list(facts), "published figure")
        return quantity(facts[name]["value"])

    def total(self, model: str, key: str) -> Figure:
        first, *rest = [self.parameter(f"{name}.{key}") for name in self._of_model(model)]
        for figure in rest:
            first = first.plus(figure, 1.0)
        return first

    def count(self, model: str) -> Figure:
        return Figure(float(len(self._of_model(model))))

    def owners(self) -> Figure:
        return Figure(float(len(set(self._owner.values()))))

    def owned(self, owner: str) -> Figure:
        return Figure(float(owner in self._owner.values()))

    def links(self) -> Figure:
        flows = self.run.ledger.flows
        inside = set(flows.loc[flows["side"].isin(["inside", "sink"]), "component"])
        outside = set(flows["component"]) - inside - set(self._owner)
        entries = self.run.ledger.entries
        entries = entries[(entries["role"] == "bus") & ~entries["component"].isin(outside)]
        streams = set()
        for bus, rows in entries.groupby("place"):
            least = IDLE * float(rows["amount"].abs().max())
            gives = rows.loc[rows["amount"] > least, "component"]
            takes = rows.loc[rows["amount"] < -least, "component"]
            members = {self._owner.get(component, component) for component in gives}
            receivers = {self._owner[c] for c in takes if c in self._owner}
            streams |= {(bus, a, b) for a in members for b in receivers if a != b}
        return Figure(float(len(streams)))

    def step(self) -> Figure:
        return Figure(self.run.facts["step_s"] / 60.0, terms("min"))

    def duration(self) -> Figure:
        return Figure(float(self.run.recorded.hours.sum()), terms("h"))

    @cached_property
    def _parameters(self) -> dict[str, Any]:
        """What a path may begin with: a component, or a part of the scenario beside them.

        A bus stands for the carrier on it, as far as the scenario describes that.
        """
        carriers = self.scenario.get("carriers", {})
        buses = {bus: carriers.get(name, {}) for bus, name in self.scenario["buses"].items()}
        events = {event["name"]: event for event in self.scenario.get("events", [])}
        parts = {"park": self.scenario["park"], "site": self.scenario["site"], "events": events}
        return {"buses": buses, **self.scenario["components"], **parts}

    @cached_property
    def _owner(self) -> dict[str, str]:
        parts = self.scenario["components"].items()
        return {name: part["owner"] for name, part in parts if part.get("owner")}

    @cached_property
    def _components(self) -> list[str]:
        return sorted(set(self.run.ledger.flows["component"]))

    def _of_model(self, model: str) -> list[str]:
        parts = self.scenario["components"]
        self._known(model, sorted({part["model"] for part in parts.values()}), "model")
        return [name for name, part in parts.items() if part["model"] == model]

    def _carrier(self, place: str) -> Carrier:
        network = self.run.network
        self._known(place, [*network.buses, *network.surroundings], "bus")
        return network.carrier(place)

    def _amount(self, bus: str) -> Any:
        return terms(self._carrier(bus).amount_unit)

    def _entries(self, bus: str, component: str) -> pd.DataFrame:
        self._known(bus, list(self.run.network.buses), "bus")
        entries = self.run.ledger.entries
        found = entries[(entries["role"] == "bus") & (entries["place"] == bus)]
        if component:
            self._known(component, self._components, "component")
            found = found[found["component"] == component]
        return found

    def _rate(self, bus: str, component: str) -> np.ndarray:
        """Net rate at which a component gives to a bus, by interval."""
        self._known(bus, list(self.run.network.buses), "bus")
        self._known(component, self._components, "component")
        record = self.run.recorded
        step = (record.t0 // self.run.network.step_s).astype(int)
        total = np.zeros(len(record.t0))
        for j, flow in enumerate(self.run.network.flows.values()):
            if flow.component == component and bus in flow.coefficients:
                value = np.asarray(flow.coefficients[bus], float)
                total += record.flows[:, j] * (value[step] if value.ndim else value)
        return total

    def _known(self, name: str, known: list[str], what: str) -> None:
        if name not in known:
            near = did_you_mean(name, known)
            raise FigureError(f"the run has no {what} '{name}'. {near}".rstrip())
