"""Fuel cells: hydrogen to electricity and, where it is wanted, heat."""

from __future__ import annotations

from typing import ClassVar

from models.base import Lowering, PhysicsError, port, quantity
from models.power.gas_chp import GasCHP
from models.site import Setting


class FuelCell(GasCHP):
    """Low-temperature membrane cells; lowered like an engine, with the ageing of a stack."""

    kind: ClassVar[str] = "fuel_cell"

    fuel: str = port("hydrogen", kind="fuel", description="Bus of the fuel.")
    electric_efficiency: float = quantity(
        0.50,
        unit="1",
        description="Net electricity of a new stack per LHV of the fuel, heat taken or not.",
        source="Danish Energy Agency, Technology Data, sheet 12 LT-PEMFC CHP, 2020: name plate and "
        "annual average (0.45 to 0.52)",
        gt=0,
        lt=1,
    )
    heat_efficiency: float = quantity(
        0.40,
        unit="1",
        description="Heat per LHV of the fuel when all of it is taken.",
        source="Danish Energy Agency, Technology Data, sheet 12 LT-PEMFC CHP, 2020: electric "
        "efficiency over the Cb of 1.25",
        ge=0,
    )
    cell_temperature: float = quantity(
        70.0,
        unit="degC",
        ge=20,
        le=1000,
        description="Of the cooling water that leaves the stack.",
        source="assumed: membranes work at 60 to 80 degC",
    )
    operating_hours: float = quantity(
        0.0,
        unit="h",
        ge=0,
        description="Hours the stack has run at the start of the run.",
        source="assumed: new",
    )
    degradation: float = quantity(
        2e-6,
        unit="1/h",
        ge=0,
        lt=1e-4,
        description="Share of the stack's voltage lost per hour run.",
        source="assumed: 10 % in 50 000 h, the usual end of life of a stationary stack",
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow per way of running; what a worn stack gives less of power it gives as heat.

        Raises
        ------
        PhysicsError
            The stack is too cold for the heat's bus or worn out, and as for `gas_chp`.
        """
        kept = 1.0 - self.degradation * self.operating_hours
        if kept <= 0:
            raise PhysicsError(
                f"after {self.operating_hours:g} h at {self.degradation:g} per hour no voltage is "
                "left",
                key="operating_hours",
                mend="count from the last change of the stack",
            )
        if self.heat is not None:
            loop = setting.buses[self.heat]
            if loop.temperature > self.cell_temperature:
                raise PhysicsError(
                    f"'{self.heat}' at {loop.temperature:g} degC is hotter than the cells at "
                    f"{self.cell_temperature:g} degC",
                    key="heat",
                    mend="name a colder loop, or raise the cell_temperature of a hotter cell",
                )
        lost = (1.0 - kept) * self.electric_efficiency
        worn = self.model_copy(
            update={
                "electric_efficiency": kept * self.electric_efficiency,
                "heat_efficiency": self.heat_efficiency + (lost if self.heat else 0.0),
                "power_capacity": kept * self.power_capacity,
            }
        )
        return GasCHP.lower(worn, setting)
