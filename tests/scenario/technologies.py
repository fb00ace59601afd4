"""Small technologies and an actor, known only while a test runs: the scenario layer needs no more.

They stand apart from the project's own, so that a message tested here changes only with this layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.base import (
    Actor,
    Carrier,
    Flow,
    Lowering,
    Model,
    PhysicsError,
    Series,
    Store,
    port,
    quantity,
)
from models.series import TimeSeries
from models.shape import series_on
from models.site import Setting
from twin.scenario.registry import register

register()  # the project's own now, not while a test runs


def _on(value: float | TimeSeries, setting: Setting, key: str) -> Series:
    return series_on(value, setting, key=key) if isinstance(value, TimeSeries) else value


class Import(Model):
    """Anything that may enter the park, at a price."""

    bus: str = port(kind="any", description="Bus that it fills.")
    capacity: float = quantity(unit="rate of bus", ge=0, description="Largest rate.")
    price: float | TimeSeries = quantity(
        0.0, unit="currency per amount of bus", source="assumed: free", description="Price."
    )

    def lower(self, setting: Setting) -> Lowering:
        flow = Flow(
            setting.component,
            setting.component,
            {self.bus: 1.0},
            upper=self.capacity,
            cost=_on(self.price, setting, "price"),
            exchange={self.bus: -1.0},
            activity="supply",
            side="import",
            main=self.bus,
        )
        return Lowering([flow])


class Demand(Model):
    """A demand of electricity or heat, constant or by a series."""

    bus: str = port("electricity", kind="electricity|heat", description="Bus that it empties.")
    power: float | TimeSeries = quantity(unit="MW", description="What is asked for.")

    def lower(self, setting: Setting) -> Lowering:
        flow = Flow(
            setting.component,
            setting.component,
            {self.bus: -1.0},
            upper=_on(self.power, setting, "power"),
            steer=-1e4,
            activity="final_use",
            demand=True,
            main=self.bus,
        )
        return Lowering([flow])


class Battery(Model):
    """A store with two flows."""

    bus: str = port("electricity", kind="electricity", description="Bus it is connected to.")
    energy_capacity: float = quantity(unit="MWh", gt=0, description="What it holds.")
    power_capacity: float = quantity(
        5.0, unit="MW", gt=0, source="Catalogue of examples, table 3", description="Either way."
    )
    efficiency: float = quantity(0.9, unit="1", gt=0, le=1, description="Of both ways together.")
    policy: Literal["self_consumption", "tariff"] = Field(
        "self_consumption", description="When to fill."
    )

    def lower(self, setting: Setting) -> Lowering:
        name = setting.component
        stored = f"{name}.stored"
        carrier = Carrier(stored, "MW", {"energy": 1.0}, 1.0)
        common: Any = {"activity": "storage", "main": self.bus, "upper": self.power_capacity}
        flows = [
            Flow(f"{name}.charge", name, {self.bus: -1.0, stored: self.efficiency}, **common),
            Flow(f"{name}.discharge", name, {self.bus: 1.0, stored: -1.0}, **common),
        ]
        store = Store(stored, name, carrier, self.energy_capacity, policy=self.policy)
        return Lowering(flows, [store])


class Boiler(Model):
    """Burns a fuel; what its fuel holds leaves as it must."""

    fuel: str = port(kind="fuel", description="Fuel.")
    heat: str = port(kind="heat", description="Heat.")
    gas: str | None = port(None, kind="gas", description="A gas drawn from the flue gas.")
    thermal_capacity: float = quantity(unit="MW", ge=0, description="Fuel by its LHV.")
    efficiency: float = quantity(0.9, unit="1", gt=0, description="Heat per LHV of fuel.")
    captured: float = quantity(0.0, unit="t/MWh", ge=0, description="Gas per LHV of fuel.")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.efficiency > 1.15:
            raise PhysicsError(
                f"efficiency {self.efficiency:g} is more than a fuel's HHV",
                key="efficiency",
                mend="write at most 1.15",
            )
        return self

    def lower(self, setting: Setting) -> Lowering:
        coefficients = {self.fuel: -1.0, self.heat: self.efficiency}
        if self.gas is not None:
            coefficients[self.gas] = self.captured
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,  # type: ignore[arg-type]
            upper=self.thermal_capacity,
            closes=("co2", "so2", "n2", "water_vapour", "air"),
            activity="heat",
            main=self.fuel,
        )
        return Lowering([flow])


class HeatPump(Model):
    """Heat from the air."""

    electricity: str = port("electricity", kind="electricity", description="Drive.")
    heat: str = port(kind="heat", description="Heat.")
    power_capacity: float = quantity(unit="MW", ge=0, description="Of its drive.")
    cop: float = quantity(unit="1", gt=1, description="Heat per electricity.")
    source: float = quantity(10.0, unit="degC", description="Temperature of its source.")

    def lower(self, setting: Setting) -> Lowering:
        hot = setting.buses[self.heat].temperature
        carnot = (hot + 273.15) / (hot - self.source)
        if self.cop > carnot:
            raise PhysicsError(
                f"COP {self.cop:g} is above Carnot's {carnot:.2f} "
                f"between {self.source:g} and {hot:g} degC",
                key="cop",
                mend=f"write less than {carnot:.2f}; good machines reach half of it",
            )
        flow = Flow(
            setting.component,
            setting.component,
            {self.electricity: -1.0, self.heat: self.cop},
            upper=self.power_capacity,
            closes=("air_heat",),
            activity="heat",
            main=self.electricity,
        )
        return Lowering([flow])


class Digester(Model):
    """Makes a bus of its own whose carrier follows from what it takes in."""

    substrate: str = port(kind="water|material", description="What it takes in.")
    capacity: float = quantity(unit="rate of substrate", ge=0, description="What it takes in.")
    loss: float = quantity(0.1, unit="%", ge=0, description="Mass that is lost.")

    def outlets(self, buses: Mapping[str, Carrier]) -> dict[str, Carrier]:
        taken = buses[self.substrate]
        if not taken.of("mass"):
            raise PhysicsError(
                f"'{self.substrate}' has no mass", key="substrate", mend="declare its content"
            )
        return {"rest": Carrier("rest", taken.unit, taken.content, kind=taken.kind)}

    def lower(self, setting: Setting) -> Lowering:
        name = setting.component
        taken = {self.substrate: -1.0, f"{name}.rest": 1.0}
        return Lowering([Flow(name, name, taken, self.capacity, main=self.substrate)])


class Hours(BaseModel):
    """A price by the hour."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    flat: float = quantity(unit="currency/MWh", ge=0, description="Price of most hours.")
    peak: float | None = quantity(None, unit="currency/MWh", ge=0, description="Price of some.")
    hours: list[tuple[float, float]] = Field([], description="From and to.")


class Market(Model):
    """Every kind of value a key may hold."""

    price: float | Hours | TimeSeries = quantity(unit="currency/MWh", description="Of energy.")
    sale: Hours = Field(Hours(flat=30.0), description="What is paid for the other way.")
    shape: Literal["flat", "office"] | Hours | TimeSeries = Field("flat", description="Over time.")
    limits: dict[str, float] = quantity({}, unit="rate of key", description="By bus.")
    buses: list[str] = port([], kind="any", description="Buses served.")
    weekly: list[float] = quantity([1.0, 2.0], unit="MW", description="By week.")
    month: int | None = Field(None, ge=1, le=12, description="When it begins.")
    open: bool = Field(True, description="Whether it is open.")
    title: str = Field("", description="What it is called.")

    def lower(self, setting: Setting) -> Lowering:
        return Lowering()


class Storm(Actor):
    """Takes a component out."""

    component: str
    every: float = quantity(unit="h", gt=0, description="Mean time between storms.")

    def process(self, world: Any, name: str) -> Any:
        yield world.env.timeout(1)


KINDS: dict[str, type[Model]] = {
    "test_import": Import,
    "test_demand": Demand,
    "test_battery": Battery,
    "test_boiler": Boiler,
    "test_heat_pump": HeatPump,
    "test_digester": Digester,
    "test_market": Market,
}


@pytest.fixture(autouse=True)
def technologies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make these the only ones; import this fixture into a test file to have it there."""
    for kind, cls in KINDS.items():
        monkeypatch.setattr(cls, "kind", kind)
    monkeypatch.setattr(Model, "registry", dict(KINDS))
    monkeypatch.setattr(Actor, "registry", {"test_storm": Storm})
