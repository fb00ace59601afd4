"""Stores of electricity beside the battery: other cells, and mechanical ones.

Each is lowered like a battery and differs by its figures. What age has taken of its capacity at the
start of a run is `fade` times `age`; the event `cell_ageing` lets cells age while they are used.
"""

from __future__ import annotations

from typing import ClassVar

from models.base import Lowering, PhysicsError, quantity
from models.site import Setting
from models.storage.ageing import CellStore, cell_temperature
from models.storage.battery import Battery

PNNL = "Viswanathan et al., 2022 Grid Energy Storage Technology Cost and Performance Assessment, "
"""PNNL-33283; round trips are AC to AC at the transformer, split evenly."""

DEA = "Danish Energy Agency, Technology Data for Energy Storage, sheet "


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


def c_rate(default: float | None, source: str = "") -> float | None:
    """The field of the largest power over capacity."""
    field: float | None = quantity(
        default,
        unit="1/h",
        gt=0,
        description="Largest power over capacity (C-rate); without it there is no limit.",
        source=source,
    )
    return field


def fading(default: float, source: str) -> float:
    """The field of what a year of age takes."""
    field: float = quantity(
        default,
        unit="1/a",
        ge=0,
        lt=1,
        description="Share of the new capacity lost per year of age.",
        source=source,
    )
    return field


def standing(default: float, source: str) -> float:
    """The field of the standing loss."""
    field: float = quantity(
        default, unit="1/h", ge=0, description="Share of the content lost per hour.", source=source
    )
    return field


def emptied(source: str) -> float:
    """The field of the least content, for stores that may be emptied."""
    field: float = quantity(
        0.0,
        unit="1",
        ge=0,
        lt=1,
        description="Content it never falls below, as a share of the capacity.",
        source=source,
    )
    return field


class ElectricityStore(Battery):
    """Base of these stores; its kinds differ by their defaults."""

    maximum_rate: float | None = c_rate(None)
    age: float = quantity(
        0.0, unit="a", ge=0, description="Years in use at the start.", source="assumed: new"
    )
    fade: float = fading(0.0, "assumed: none")

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


class CellBattery(ElectricityStore):
    """Base of cells in containers, whose temperature follows the weather within a band.

    The temperature acts on nothing by itself: the event `cell_ageing` reads it. The electricity of
    heating and cooling is part of the round trip.
    """

    cells: ClassVar[str] = ""

    coldest: float = quantity(
        15.0,
        unit="degC",
        description="Temperature from which the container is heated.",
        source="assumed: air conditioning of a container of cells",
    )
    warmest: float = quantity(
        30.0,
        unit="degC",
        description="Temperature from which the container is cooled.",
        source="assumed: air conditioning of a container of cells",
    )
    thermal_time: float = quantity(
        12.0,
        unit="h",
        ge=0,
        description="How long the cells lag the air outside (time constant).",
        source="assumed: tonnes of cells behind insulated walls",
    )

    def lower(self, setting: Setting) -> Lowering:
        """As any store, with the temperature of the cells.

        Raises
        ------
        PhysicsError
            As any store, or the band is upside down.
        """
        if self.coldest > self.warmest:
            raise PhysicsError(
                f"heated below {self.coldest:g} degC and cooled above {self.warmest:g} degC",
                key="coldest",
                mend="give a temperature no higher than `warmest`",
            )
        lowering = super().lower(setting)
        temperature = cell_temperature(
            setting.weather.temp_air,
            setting.step_s / 3600,
            self.thermal_time,
            self.coldest,
            self.warmest,
        )
        lowering.stores = [
            CellStore(**vars(store), temperature=temperature, cells=self.cells)
            for store in lowering.stores
        ]
        return lowering


class LFPBattery(CellBattery):
    """Lithium iron phosphate cells."""

    kind: ClassVar[str] = "lfp_battery"
    cells: ClassVar[str] = "lfp"

    charge_efficiency: float = one_way(
        0.9193, charge=True, source=PNNL + "p. 24: round trip 84.5 %"
    )
    discharge_efficiency: float = one_way(0.9193, charge=False, source="as charge_efficiency")
    maximum_rate: float | None = c_rate(
        1.0, "assumed: stationary cells are rated for 0.25 to 1 per hour"
    )
    fade: float = fading(
        0.0125, PNNL + "p. 24: 16 years, at the end of which 80 % is left (assumed)"
    )


class NMCBattery(CellBattery):
    """Lithium cells with nickel, manganese and cobalt; efficiencies as for `battery`."""

    kind: ClassVar[str] = "nmc_battery"
    cells: ClassVar[str] = "nmc"

    maximum_rate: float | None = c_rate(2.0, "assumed: power cells of stationary systems")
    fade: float = fading(
        0.0154, PNNL + "p. 24: 13 years, at the end of which 80 % is left (assumed)"
    )


class SodiumIonBattery(CellBattery):
    """Sodium-ion cells; no figure of theirs is verified, each source says what was found."""

    kind: ClassVar[str] = "sodium_ion_battery"
    cells: ClassVar[str] = "sodium"

    charge_efficiency: float = one_way(
        0.9592,
        charge=True,
        source="unverified: China Southern Power Grid on its Fulin station (electrek.co, May "
        "2024): efficiency of the system above 92 %, not said at which side; split evenly",
    )
    discharge_efficiency: float = one_way(0.9592, charge=False, source="as charge_efficiency")
    loss_rate: float = standing(
        0.001 / 24, "unverified: taken as that of lithium-ion, for want of a published figure"
    )
    minimum_soc: float = quantity(
        0.1,
        unit="1",
        ge=0,
        lt=1,
        description="Content it never falls below, as a share of the capacity.",
        source="unverified: taken as that of lithium iron phosphate",
    )
    maximum_rate: float | None = c_rate(
        1.0, "unverified: taken as that of lithium iron phosphate; Qianjiang runs at 0.5 per hour"
    )
    fade: float = fading(0.0, "unverified: no public law of ageing was found; give your own")


class VanadiumFlowBattery(ElectricityStore):
    """Vanadium in two tanks; its power is that of the stack, whatever the tanks hold."""

    kind: ClassVar[str] = "vanadium_flow_battery"

    charge_efficiency: float = one_way(0.8062, charge=True, source=PNNL + "p. 42: round trip 65 %")
    discharge_efficiency: float = one_way(0.8062, charge=False, source="as charge_efficiency")
    loss_rate: float = standing(0.0, DEA + "181 vanadium: none (up to 0.2 % per day)")
    minimum_soc: float = emptied("assumed: may be emptied")


class PumpedHydro(ElectricityStore):
    """Two lakes and a pump turbine; content is counted as work of the water."""

    kind: ClassVar[str] = "pumped_hydro"

    charge_efficiency: float = one_way(
        0.866, charge=True, source=DEA + "160: round trip 75 % (70 to 80), split evenly"
    )
    discharge_efficiency: float = one_way(0.866, charge=False, source="as charge_efficiency")
    loss_rate: float = standing(0.0, "assumed: seepage and evaporation are made up for by rain")
    minimum_soc: float = emptied("assumed: the capacity is the usable water")


class CompressedAir(ElectricityStore):
    """Air in a cavern, with its heat stored beside it; nothing is burnt."""

    kind: ClassVar[str] = "compressed_air_storage"

    charge_efficiency: float = one_way(0.7211, charge=True, source=PNNL + "p. 59: round trip 52 %")
    discharge_efficiency: float = one_way(0.7211, charge=False, source="as charge_efficiency")
    loss_rate: float = standing(0.0, DEA + "161: none")
    minimum_soc: float = emptied("assumed: the capacity is counted above the cushion of air")


class Flywheel(ElectricityStore):
    """A rotor in a vacuum."""

    kind: ClassVar[str] = "flywheel"

    charge_efficiency: float = one_way(0.99, charge=True, source=DEA + "162: 99 %")
    discharge_efficiency: float = one_way(0.99, charge=False, source="as charge_efficiency")
    loss_rate: float = standing(
        0.00127,
        DEA + "162: 3 % per day (2 to 5); mechanical bearings lose several per cent per hour",
    )
    minimum_soc: float = emptied("assumed: the capacity is that between its two speeds")
