"""Cogeneration from solid fuels: one boiler, turbine sections to each use of steam, flue gas.

The boiler fills a bus of live steam inside the unit. Sections share it: extraction to a steam bus,
a condenser that heats a loop, a cold condenser; each also as a bypass past the turbine. What a
section gives per tonne does not depend on the others, so their split is free at every step.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from models.base import Lowering, Model, port, quantity
from models.power.solid_fuel_unit import Unit
from models.power.steam_turbine import APPROACH
from models.site import Setting


class Reheat(BaseModel):
    """Steam that returns to the boiler between two parts of the turbine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pressure: float = quantity(unit="bar", gt=1, description="At which it is reheated.")
    temperature: float = quantity(unit="degC", gt=100, le=700, description="To which.")


class FlueGasCondensation(BaseModel):
    """Flue gas cooled by the returning water of a loop until its vapour condenses."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    heat: str = port(kind="heat", description="Loop whose return is preheated.")
    condensate: str | None = port(
        None, kind="water", description="Where the water goes; without it, down the drain."
    )
    approach: float = quantity(
        3.0,
        unit="K",
        ge=0,
        description="Gas above the return, and dew point above the preheated water.",
        source="assumed: packed scrubber or tube bundle of usual size",
    )
    excess_air: float = quantity(
        1.25,
        unit="1",
        ge=1,
        le=3,
        description="Air over what combustion needs.",
        source="assumed: 4 % oxygen in the dry gas of a fluidised bed",
    )


class Desulphurisation(BaseModel):
    """Wet limestone scrubber: SO2 + CaCO3 + 0.5 O2 + 2 H2O -> CaSO4.2H2O + CO2."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limestone: str = port(kind="solid|material", description="Limestone used.")
    gypsum: str = port(kind="solid|material", description="Gypsum made.")
    water: str | None = port(
        None, kind="water", description="Water bound and evaporated; without it, from the gas."
    )
    capture: float = quantity(
        0.95,
        unit="1",
        ge=0,
        le=1,
        description="Share of the sulphur captured.",
        source="assumed: wet limestone scrubbers reach 0.90 to 0.98",
    )
    evaporation: float = quantity(
        0.04,
        unit="t/MWh",
        ge=0,
        description="Water evaporated per fuel, where a bus of water is named.",
        source="assumed: 1.3 t of gas per MWh cooled by 70 K",
    )


class SolidFuelCHP(Model):
    """Base of the units that burn solid fuels; its kinds differ by their defaults."""

    fuel: str = port(kind="fuel", description="Fuel of the boiler.")
    cofuel: str | None = port(None, kind="fuel", description="Fuel that may replace a part of it.")
    cofuel_share: float = quantity(
        0.1,
        unit="1",
        ge=0,
        le=1,
        description="Largest share of the other fuel in the heat input.",
        source="assumed: what co-milling with coal allows",
    )
    thermal_input: float = quantity(unit="MW", gt=0, description="Fuel at full load, by LHV.")
    power_capacity: float | None = quantity(
        None, unit="MW", gt=0, description="Generator, gross; by default what the steam can drive."
    )
    boiler_efficiency: float = quantity(
        0.90,
        unit="1",
        gt=0,
        le=1,
        description="Heat to the steam over fuel by LHV.",
        source="Danish Energy Agency, Technology Data for Industrial Process Heat, sheets 311.1e "
        "(wood, 89 to 92 %) and 311.1a (coal, 88 to 92 %)",
    )
    live_pressure: float = quantity(unit="bar", gt=1, le=350, description="Before the turbine.")
    live_temperature: float = quantity(
        unit="degC", gt=100, le=700, description="Before the turbine."
    )
    reheat: Reheat | None = Field(None, description="One reheat; it takes part in every section.")
    feedwater_temperature: float | None = quantity(
        None, unit="degC", gt=0, le=350, description="At the boiler; needs steam bled for it."
    )
    electricity: str = port(kind="electricity", description="Where net power goes.")
    steam: str | None = port(None, kind="steam", description="Steam bus fed by extraction.")
    heat: str | None = port(None, kind="heat", description="Loop heated by a condenser.")
    condensing_temperature: float | None = quantity(
        None,
        unit="degC",
        ge=10,
        le=80,
        description="Condensation to the sea or a cooling tower; without it there is none.",
    )
    condensate: str = port(
        kind="water", description="Water fed to the unit, and the condensate of its heaters."
    )
    approach: float = quantity(
        5.0,
        unit="K",
        ge=0,
        description="Condensing temperature above the supply of the heated loop.",
        source=APPROACH,
    )
    isentropic_efficiency: float = quantity(
        0.85,
        unit="1",
        gt=0,
        le=1,
        description="Of every section, from its inlet to where the steam leaves.",
        source="assumed: turbine of 20 to 100 MW",
    )
    generator_efficiency: float = quantity(
        0.97,
        unit="1",
        gt=0,
        le=1,
        description="Electricity over shaft work.",
        source="assumed: generator 0.98 and bearings 0.99",
    )
    own_use: float = quantity(
        0.02,
        unit="1",
        ge=0,
        lt=1,
        description="Electricity of pumps, fans and mills per fuel.",
        source="assumed: 6 to 8 % of gross power in a condensing unit",
    )
    ash: str | None = port(
        None, kind="solid|material", description="Where ash goes; without it, to a landfill."
    )
    ash_share: float = quantity(
        0.006,
        unit="1",
        ge=0,
        lt=1,
        description="Ash per mass of fuel as received.",
        source="EN ISO 17225-1 annex B, 1 % of the dry matter of coniferous wood with bark",
    )
    cofuel_ash_share: float = quantity(
        0.006,
        unit="1",
        ge=0,
        lt=1,
        description="Ash per mass of the cofuel as received; a gas has none.",
        source="EN ISO 17225-1 annex B, 1 % of the dry matter of coniferous wood with bark",
    )
    flue_gas_condensation: FlueGasCondensation | None = Field(
        None, description="Heat from the moisture of the flue gas."
    )
    desulphurisation: Desulphurisation | None = Field(None, description="Gypsum from the sulphur.")
    variable_cost: float = quantity(
        0.0,
        unit="currency/MWh",
        description="Operation and upkeep per fuel.",
        source="assumed: none",
    )

    def lower(self, setting: Setting) -> Lowering:
        """Fire, boiler, sections, generator and flue gas, joined by buses inside the unit."""
        return Unit(self, setting).lowering()


class BiomassCHP(SolidFuelCHP):
    """A unit fired with wood chips, straw or pellets."""

    kind: ClassVar[str] = "biomass_chp"


class CoalCHP(SolidFuelCHP):
    """A unit fired with pulverised coal."""

    kind: ClassVar[str] = "coal_chp"

    boiler_efficiency: float = quantity(
        0.92,
        unit="1",
        gt=0,
        le=1,
        description="Heat to the steam over fuel by LHV.",
        source="Danish Energy Agency, Technology Data for Industrial Process Heat, sheet 311.1a, "
        "upper end (91.8 %): utility boiler",
    )
    isentropic_efficiency: float = quantity(
        0.88,
        unit="1",
        gt=0,
        le=1,
        description="Of every section, from its inlet to where the steam leaves.",
        source="assumed: turbine of several hundred MW",
    )
    own_use: float = quantity(
        0.03,
        unit="1",
        ge=0,
        lt=1,
        description="Electricity of pumps, fans and mills per fuel.",
        source="assumed: 7 % of gross power",
    )
    ash_share: float = quantity(
        0.131,
        unit="1",
        ge=0,
        lt=1,
        description="Ash per mass of fuel as received.",
        source="what the ultimate analysis of the standard coal leaves (14.4 % of dry matter)",
    )
