"""Compression of hydrogen in stages with cooling in between, from the real gas."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, port, quantity
from models.hydrogen.compression import compression_work
from models.site import Setting


class HydrogenCompressor(Model):
    """A compressor between two buses of hydrogen, such as an electrolyser's and a store's."""

    kind: ClassVar[str] = "hydrogen_compressor"

    inlet: str = port(kind="gas", description="Hydrogen at low pressure.")
    outlet: str = port(kind="gas", description="Hydrogen at high pressure.")
    electricity: str = port(kind="electricity", description="Where the power comes from.")
    heat: str | None = port(
        None, kind="heat", description="Loop that cools the gas; without it, the ambient does."
    )
    capacity: float = quantity(unit="rate of inlet", ge=0, description="Largest flow of hydrogen.")
    inlet_pressure: float = quantity(unit="bar", gt=0, le=1000, description="Absolute.")
    outlet_pressure: float = quantity(unit="bar", gt=0, le=1000, description="Absolute.")
    stage_temperature: float = quantity(
        40.0,
        unit="degC",
        ge=-20,
        le=150,
        description="Of the gas that enters each stage.",
        source="assumed: cooled by water or air of up to 30 degC",
    )
    largest_ratio: float = quantity(
        3.0,
        unit="1",
        gt=1,
        le=10,
        description="Largest pressure ratio of a stage.",
        source="assumed: keeps the gas below 200 degC",
    )
    isentropic_efficiency: float = quantity(
        0.59,
        unit="1",
        gt=0,
        le=1,
        description="Isentropic work over work of a stage.",
        source="fit: with the other defaults 1.707 kWh/kg from 30 to 250 bar (Stoeckl et al., "
        "arXiv:2005.03464, table SI.4); large piston machines reach 0.7 to 0.8",
    )
    drive_efficiency: float = quantity(
        0.93,
        unit="1",
        gt=0,
        le=1,
        description="Shaft work over electricity.",
        source="assumed: motor 0.95 and gear 0.98",
    )
    heat_recovery: float = quantity(
        0.85,
        unit="1",
        ge=0,
        le=1,
        description="Share of the shaft work that the loop takes up.",
        source="assumed: the rest leaves with the casing and the last cooler",
    )
    variable_cost: float = quantity(
        0.0,
        unit="currency per amount of inlet",
        description="Operation and upkeep per hydrogen.",
        source="assumed: none",
    )

    def electricity_demand(self) -> float:
        """Electricity per hydrogen [MWh/t]."""
        return (
            compression_work(
                "Hydrogen",
                self.inlet_pressure,
                self.outlet_pressure,
                self.stage_temperature,
                self.isentropic_efficiency,
                self.largest_ratio,
            )
            / self.drive_efficiency
        )

    def lower(self, setting: Setting) -> Lowering:
        """One flow per unit of hydrogen.

        Raises
        ------
        PhysicsError
            The pressure does not rise, or contradicts that of a bus; a bus holds no hydrogen; or
            the loop is too hot for the gas.
        """
        gas = setting.buses[self.inlet]
        self._check(setting, gas)
        power = self.electricity_demand() * gas.of("mass")
        coefficients: dict[str, Any] = {
            self.inlet: -1.0,
            self.outlet: gas.of("mass") / setting.buses[self.outlet].of("mass"),
            self.electricity: -power,
        }
        if self.heat:
            coefficients[self.heat] = power * self.drive_efficiency * self.heat_recovery
        return Lowering(
            [
                Flow(
                    setting.component,
                    setting.component,
                    coefficients,
                    self.capacity,
                    cost=self.variable_cost,
                    activity="conversion",
                    main=self.inlet,
                )
            ]
        )

    def _check(self, setting: Setting, gas: Carrier) -> None:
        if not self.outlet_pressure > self.inlet_pressure:
            raise PhysicsError(
                f"the pressure does not rise from {self.inlet_pressure:g} to "
                f"{self.outlet_pressure:g} bar",
                key="outlet_pressure",
                mend="give a higher pressure",
            )
        for key, name, pressure in (
            ("inlet", self.inlet, self.inlet_pressure),
            ("outlet", self.outlet, self.outlet_pressure),
        ):
            carrier = setting.buses[name]
            if carrier.of("carbon") or carrier.of("water") < 8.9 * carrier.of("mass"):
                raise PhysicsError(
                    f"'{name}' is not hydrogen", key=key, mend="name a bus of hydrogen"
                )
            if math.isfinite(carrier.pressure) and abs(carrier.pressure - pressure) > 1e-6:
                raise PhysicsError(
                    f"'{name}' is at {carrier.pressure:g} bar, not at {pressure:g} bar",
                    key=f"{key}_pressure",
                    mend=f"write {carrier.pressure:g} bar",
                )
        if self.inlet == self.outlet:
            raise PhysicsError(
                f"it would compress '{self.inlet}' into itself",
                key="outlet",
                mend="declare a bus of hydrogen at high pressure",
            )
        loop = setting.buses[self.heat] if self.heat else None
        if loop is not None and loop.return_temperature > self.stage_temperature:
            raise PhysicsError(
                f"'{loop.name}' returns at {loop.return_temperature:g} degC and is to cool gas to "
                f"{self.stage_temperature:g} degC",
                key="heat",
                mend="name a colder loop, or let the gas enter its stages hotter",
            )
