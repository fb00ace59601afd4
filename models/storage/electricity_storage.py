"""Stores of electricity beside the battery: other cells, and mechanical ones.

Each is lowered like a battery and differs by its figures; what age takes of its capacity is known
at the start of a run.
"""

from __future__ import annotations

from typing import ClassVar

from models.base import Lowering, PhysicsError, quantity
from models.site import Setting
from models.storage.battery import Battery

PNNL = "Viswanathan et al., 2022 Grid Energy Storage Technology Cost and Performance Assessment, "
"""PNNL-33283; round trips are AC to AC at the transformer, split evenly."""


def one_way(default: float, *, charge: bool, source: str) -> float:
    """The field of an efficiency, at the bus."""
    field: float = quantity(
        default,
        unit="1",
        gt=0,
        le=1,
        description="Content gained per electricity taken from the bus."
        if charge
        else "Electricity given to the bus per content used.",
        source=source,
    )
    return field


class ElectricityStore(Battery):
    """Base of these stores; its kinds differ by their defaults."""

    maximum_rate: float | None = quantity(
        None,
        unit="1/h",
        gt=0,
        description="Largest power over capacity (C-rate); without it there is no limit.",
    )
    age: float = quantity(
        0.0, unit="a", ge=0, description="Years in use at the start.", source="assumed: new"
    )
    fade: float = quantity(
        0.0,
        unit="1/a",
        ge=0,
        lt=1,
        description="Share of the new capacity lost per year of age.",
        source="assumed: none",
    )

    def lower(self, setting: Setting) -> Lowering:
        """A battery of the capacity that is left.

        Raises
        ------
        PhysicsError
            The power is more than the cells allow, or nothing is left of them.
        """
        rate = self.power_capacity / self.energy_capacity
        if self.maximum_rate is not None and rate > self.maximum_rate * (1 + 1e-9):
            raise PhysicsError(
                f"{self.power_capacity:g} MW from {self.energy_capacity:g} MWh is {rate:.3g} per "
                f"hour, above the {self.maximum_rate:g} that the cells allow",
                key="power_capacity",
                mend=f"give at most {self.maximum_rate * self.energy_capacity:g} MW",
            )
        left = 1.0 - self.fade * self.age
        if left <= 0:
            raise PhysicsError(
                f"after {self.age:g} years at {self.fade:g} each nothing of the capacity is left",
                key="age",
                mend="count from the last change of the cells",
            )
        worn = self.model_copy(update={"energy_capacity": left * self.energy_capacity})
        return Battery.lower(worn, setting)


class LFPBattery(ElectricityStore):
    """Lithium iron phosphate cells."""

    kind: ClassVar[str] = "lfp_battery"

    charge_efficiency: float = one_way(
        0.9193, charge=True, source=PNNL + "p. 24: round trip 84.5 %"
    )
    discharge_efficiency: float = one_way(0.9193, charge=False, source="as charge_efficiency")
    maximum_rate: float | None = quantity(
        1.0,
        unit="1/h",
        gt=0,
        description="Largest power over capacity (C-rate).",
        source="assumed: stationary cells are rated for 0.25 to 1 per hour",
    )
    fade: float = quantity(
        0.0125,
        unit="1/a",
        ge=0,
        lt=1,
        description="Share of the new capacity lost per year of age.",
        source=PNNL + "p. 24: 16 years, at the end of which 80 % is left (assumed)",
    )


class NMCBattery(ElectricityStore):
    """Lithium cells with nickel, manganese and cobalt; efficiencies as for `battery`."""

    kind: ClassVar[str] = "nmc_battery"

    maximum_rate: float | None = quantity(
        2.0,
        unit="1/h",
        gt=0,
        description="Largest power over capacity (C-rate).",
        source="assumed: power cells of stationary systems",
    )
    fade: float = quantity(
        0.0154,
        unit="1/a",
        ge=0,
        lt=1,
        description="Share of the new capacity lost per year of age.",
        source=PNNL + "p. 24: 13 years, at the end of which 80 % is left (assumed)",
    )


class VanadiumFlowBattery(ElectricityStore):
    """Vanadium in two tanks; its power is that of the stack, whatever the tanks hold."""

    kind: ClassVar[str] = "vanadium_flow_battery"

    charge_efficiency: float = one_way(0.8062, charge=True, source=PNNL + "p. 42: round trip 65 %")
    discharge_efficiency: float = one_way(0.8062, charge=False, source="as charge_efficiency")
    loss_rate: float = quantity(
        0.0,
        unit="1/h",
        ge=0,
        description="Share of the content lost per hour.",
        source="Danish Energy Agency, Technology Data for Energy Storage, sheet 181 vanadium: none "
        "(up to 0.2 % per day)",
    )
    minimum_soc: float = quantity(
        0.0,
        unit="1",
        ge=0,
        lt=1,
        description="Content it never falls below, as a share of the capacity.",
        source="assumed: may be emptied",
    )


class PumpedHydro(ElectricityStore):
    """Two lakes and a pump turbine; content is counted as work of the water."""

    kind: ClassVar[str] = "pumped_hydro"

    charge_efficiency: float = one_way(
        0.866,
        charge=True,
        source="Danish Energy Agency, Technology Data for Energy Storage, sheet 160: round trip "
        "75 % (70 to 80), split evenly",
    )
    discharge_efficiency: float = one_way(0.866, charge=False, source="as charge_efficiency")
    loss_rate: float = quantity(
        0.0,
        unit="1/h",
        ge=0,
        description="Share of the content lost per hour.",
        source="assumed: seepage and evaporation are made up for by rain",
    )
    minimum_soc: float = quantity(
        0.0,
        unit="1",
        ge=0,
        lt=1,
        description="Content it never falls below, as a share of the capacity.",
        source="assumed: the capacity is the usable water",
    )


class CompressedAir(ElectricityStore):
    """Air in a cavern, with its heat stored beside it; nothing is burnt."""

    kind: ClassVar[str] = "compressed_air_storage"

    charge_efficiency: float = one_way(0.7211, charge=True, source=PNNL + "p. 59: round trip 52 %")
    discharge_efficiency: float = one_way(0.7211, charge=False, source="as charge_efficiency")
    loss_rate: float = quantity(
        0.0,
        unit="1/h",
        ge=0,
        description="Share of the content lost per hour.",
        source="Danish Energy Agency, Technology Data for Energy Storage, sheet 161: none",
    )
    minimum_soc: float = quantity(
        0.0,
        unit="1",
        ge=0,
        lt=1,
        description="Content it never falls below, as a share of the capacity.",
        source="assumed: the capacity is counted above the cushion of air",
    )


class Flywheel(ElectricityStore):
    """A rotor in a vacuum."""

    kind: ClassVar[str] = "flywheel"

    charge_efficiency: float = one_way(
        0.99,
        charge=True,
        source="Danish Energy Agency, Technology Data for Energy Storage, sheet 162: 99 %",
    )
    discharge_efficiency: float = one_way(0.99, charge=False, source="as charge_efficiency")
    loss_rate: float = quantity(
        0.00127,
        unit="1/h",
        ge=0,
        description="Share of the content lost per hour.",
        source="Danish Energy Agency, Technology Data for Energy Storage, sheet 162: 3 % per day "
        "(2 to 5); mechanical bearings lose several per cent per hour",
    )
    minimum_soc: float = quantity(
        0.0,
        unit="1",
        ge=0,
        lt=1,
        description="Content it never falls below, as a share of the capacity.",
        source="assumed: the capacity is that between its two speeds",
    )
