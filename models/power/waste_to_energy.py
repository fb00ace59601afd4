"""Incineration of waste for power and heat; a boiler and turbine as for solid fuels."""

from __future__ import annotations

from typing import ClassVar

from models.base import quantity
from models.power.solid_fuel_chp import SolidFuelCHP


class WasteToEnergy(SolidFuelCHP):
    """A grate furnace for municipal or commercial waste.

    Its steam is cool, since chlorine in the flue gas corrodes hot tubes, and its ash is much.
    """

    kind: ClassVar[str] = "waste_to_energy"

    live_pressure: float = quantity(
        40.0,
        unit="bar",
        gt=1,
        le=350,
        description="Before the turbine.",
        source="assumed: 40 bar and 400 degC, usual in Europe and China",
    )
    live_temperature: float = quantity(
        400.0, unit="degC", gt=100, le=700, description="Before the turbine.",
        source="as live_pressure",
    )  # fmt: skip
    boiler_efficiency: float = quantity(
        0.88,
        unit="1",
        gt=0,
        le=1,
        description="Heat to the steam over fuel by LHV.",
        source="assumed: flue gas at 160 degC with 7 % oxygen, and 1 % unburnt",
    )
    isentropic_efficiency: float = quantity(
        0.82,
        unit="1",
        gt=0,
        le=1,
        description="Of every section, from its inlet to where the steam leaves.",
        source="assumed: turbine of 10 to 30 MW",
    )
    own_use: float = quantity(
        0.025,
        unit="1",
        ge=0,
        lt=1,
        description="Electricity of grate, fans and flue gas cleaning per fuel.",
        source="assumed: 80 kWh per tonne of waste of 10 to 11 MJ/kg",
    )
    ash_share: float = quantity(
        0.20,
        unit="1",
        ge=0,
        lt=1,
        description="Bottom and fly ash per mass of waste as received.",
        source="assumed: grates leave 15 to 25 % of bottom ash",
    )
