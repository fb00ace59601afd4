"""A battery: electricity in, less electricity out, heat in between."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from models.base import Flow, Lowering, Model, PhysicsError, Store, port, quantity
from models.site import Setting


class Battery(Model):
    """A battery behind its inverter; all figures but the content are at the bus."""

    kind: ClassVar[str] = "battery"

    bus: str = port(kind="electricity", description="Bus it is connected to.")
    energy_capacity: float = quantity(unit="MWh", gt=0, description="Largest content.")
    power_capacity: float = quantity(
        unit="MW", gt=0, description="Largest power at the bus, charging or discharging."
    )
    charge_efficiency: float = quantity(
        0.954,
        unit="1",
        gt=0,
        le=1,
        description="Content gained per electricity taken from the bus.",
        source="Danish Energy Agency, Technology Data for Energy Storage, sheet 180 lithium-ion: "
        "round trip 91 % at the AC side, split evenly",
    )
    discharge_efficiency: float = quantity(
        0.954,
        unit="1",
        gt=0,
        le=1,
        description="Electricity given to the bus per content used.",
        source="as charge_efficiency",
    )
    loss_rate: float = quantity(
        0.001 / 24,
        unit="1/h",
        ge=0,
        description="Share of the content lost per hour.",
        source="Danish Energy Agency, Technology Data for Energy Storage, sheet 180 lithium-ion: "
        "0.1 % per day (0.05 to 0.2)",
    )
    initial_soc: float = quantity(
        0.5,
        unit="1",
        ge=0,
        le=1,
        description="Content at the start, as a share of the capacity.",
        source="assumed: half full",
    )
    minimum_soc: float = quantity(
        0.1,
        unit="1",
        ge=0,
        lt=1,
        description="Content it never falls below, as a share of the capacity.",
        source="assumed: usual reserve of lithium iron phosphate",
    )
    policy: Literal["self_consumption", "tariff"] = Field(
        "self_consumption",
        description="When it works: with a surplus, or by the tariff of the day.",
    )
    wear_cost: float = quantity(
        0.0,
        unit="currency/MWh",
        ge=0,
        description="Cost of ageing per MWh discharged to the bus.",
        source="assumed: not counted; the Danish Energy Agency's sheet 180 gives 2.1 EUR (2020)",
    )

    def lower(self, setting: Setting) -> Lowering:
        """A store that is never charged and discharged at once."""
        if self.initial_soc < self.minimum_soc:
            raise PhysicsError(
                f"'{setting.component}' begins at {self.initial_soc:g} of its capacity, below its "
                f"minimum of {self.minimum_soc:g}",
                key="initial_soc",
                mend="raise initial_soc or lower minimum_soc",
            )
        name = setting.component
        stored = f"{name}.stored"
        flows = [
            Flow(
                f"{name}.charge",
                name,
                {self.bus: -1.0, stored: self.charge_efficiency},
                self.power_capacity,
                activity="storage",
                main=self.bus,
            ),
            Flow(
                f"{name}.discharge",
                name,
                {self.bus: 1.0, stored: -1.0 / self.discharge_efficiency},
                self.power_capacity,
                cost=self.wear_cost,
                activity="storage",
                main=self.bus,
            ),
        ]
        store = Store(
            stored,
            name,
            setting.buses[self.bus],
            self.energy_capacity,
            initial=self.initial_soc * self.energy_capacity,
            minimum=self.minimum_soc * self.energy_capacity,
            loss_rate=self.loss_rate,
            exclusive=True,
            policy=self.policy,
        )
        return Lowering(flows, [store])
