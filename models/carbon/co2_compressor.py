"""Compression of CO2 in stages with cooling in between, from the real gas."""

from __future__ import annotations

from typing import ClassVar

from models.base import Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.carbon.carbon_capture import is_co2
from models.hydrogen.compression import compression_work
from models.site import Setting


class CO2Compressor(Model):
    """A compressor between captured CO2 and a pipeline, a ship's tank or a synthesis."""

    kind: ClassVar[str] = "co2_compressor"

    inlet: str = port(kind="gas", description="CO2 at low pressure.")
    outlet: str = port(kind="gas", description="CO2 at high pressure.")
    electricity: str = port(kind="electricity", description="Where the power comes from.")
    heat: str | None = port(
        None, kind="heat", description="Loop that cools the gas; without it, the ambient does."
    )
    capacity: float = quantity(unit="t/h", gt=0, description="Largest flow of CO2.")
    inlet_pressure: float = quantity(
        1.6,
        unit="bar",
        gt=0,
        le=800,
        description="Absolute.",
        source="Danish Energy Agency, sheet 401.c: CO2 leaves the stripper at 160 kPa",
    )
    outlet_pressure: float = quantity(
        110.0,
        unit="bar",
        gt=0,
        le=800,
        description="Absolute.",
        source="assumed: dense phase in a pipeline, above the critical 73.8 bar",
    )
    stage_temperature: float = quantity(
        40.0,
        unit="degC",
        ge=32,
        le=150,
        description="Of the gas that enters each stage; above the critical 31 degC.",
        source="assumed: cooled by water of up to 30 degC",
    )
    largest_ratio: float = quantity(
        2.4,
        unit="1",
        gt=1,
        le=10,
        description="Largest pressure ratio of a stage.",
        source="McCollum and Ogden, UC Davis ITS-RR-06-14 (2006): 2.36 in each of five stages",
    )
    isentropic_efficiency: float = quantity(
        0.80,
        unit="1",
        gt=0,
        le=1,
        description="Isentropic work over work of a stage.",
        source="assumed: integrally geared machine, 0.75 to 0.85",
    )
    drive_efficiency: float = quantity(
        0.95,
        unit="1",
        gt=0,
        le=1,
        description="Shaft work over electricity.",
        source="assumed: motor 0.97 and gear 0.98",
    )
    heat_recovery: float = quantity(
        0.85,
        unit="1",
        ge=0,
        le=1,
        description="Share of the shaft work that the loop takes up.",
        source="assumed: the rest leaves with the casing and the last cooler",
    )

    def electricity_demand(self) -> float:
        """Electricity per CO2 [MWh/t]."""
        work = compression_work(
            "CO2",
            self.inlet_pressure,
            self.outlet_pressure,
            self.stage_temperature,
            self.isentropic_efficiency,
            self.largest_ratio,
        )
        return work / self.drive_efficiency

    def lower(self, setting: Setting) -> Lowering:
        """One flow per tonne of CO2.

        Raises
        ------
        PhysicsError
            The pressure does not rise, a bus holds no CO2, or the loop is too hot for the gas.
        """
        self._check(setting)
        power = self.electricity_demand()
        coefficients: dict[str, Series] = {
            self.inlet: -1.0,
            self.outlet: 1.0,
            self.electricity: -power,
        }
        if self.heat is not None:
            coefficients[self.heat] = power * self.drive_efficiency * self.heat_recovery
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,
            self.capacity,
            activity="conversion",
            main=self.inlet,
        )
        return Lowering([flow])

    def _check(self, setting: Setting) -> None:
        if not self.outlet_pressure > self.inlet_pressure:
            raise PhysicsError(
                f"the pressure does not rise from {self.inlet_pressure:g} to "
                f"{self.outlet_pressure:g} bar",
                key="outlet_pressure",
                mend="give a higher pressure",
            )
        if self.inlet == self.outlet:
            raise PhysicsError(
                f"it would compress '{self.inlet}' into itself",
                key="outlet",
                mend="declare a second bus of captured_co2",
            )
        for key in ("inlet", "outlet"):
            if not is_co2(setting.buses[getattr(self, key)]):
                raise PhysicsError(
                    f"'{getattr(self, key)}' is not CO2", key=key, mend="name a bus of captured_co2"
                )
        loop = setting.buses[self.heat] if self.heat is not None else None
        if loop is not None and loop.return_temperature > self.stage_temperature:
            raise PhysicsError(
                f"'{loop.name}' returns at {loop.return_temperature:g} degC and is to cool gas to "
                f"{self.stage_temperature:g} degC",
                key="heat",
                mend="name a colder loop, or let the gas enter its stages hotter",
            )
