"""Capture of CO2 from flue gas by an amine, and what separation costs at least.

The unit names the components whose CO2 goes through its stack. The network leads that CO2, which
would have crossed the fence, to a bus inside the unit; from there it is captured or let go.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, ClassVar

from pydantic import Field, model_validator

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.carriers import CO2, STANDARD
from models.power.steam_turbine import saturation_temperature
from models.site import Setting

GAS_CONSTANT = 8.314
"""[J/mol/K]"""

STACK = "stack"
"""Role of the flow by which CO2 that is not captured leaves."""


def least_work(share: float, rate: float, temperature: float = 40.0) -> float:
    """Least work that takes CO2 out of a gas at constant pressure [MWh/t CO2].

    Parameters
    ----------
    share : float
        CO2 in the gas, by volume [0-1].
    rate : float
        Part of it that is captured, as pure CO2 [0-1].
    temperature : float
        [degC]

    Notes
    -----
    Rise of the Gibbs energy of mixing of ideal gases, CO2 against all else (Rochelle, *Science*
    325 (2009) 1652; House et al., *Energy Environ. Sci.* 2 (2009) 193).
    """
    taken = share * rate
    left = (share - taken) / (1.0 - taken) if taken < 1.0 else 0.0
    rise = (1.0 - taken) * _mixing(left) - _mixing(share)
    joules = GAS_CONSTANT * (temperature + 273.15) * rise / taken
    return joules / CO2 / 3600.0


def _mixing(share: float) -> float:
    """Sum of x ln x of a mixture of two."""
    return sum(x * math.log(x) for x in (share, 1.0 - share) if x > 0.0)


def flue_bus(component: str) -> str:
    """Bus inside a capture unit to which the CO2 of its sources is led."""
    return f"{component}.flue_co2"


class CarbonCapture(Model):
    """Post-combustion capture with a solvent that steam or hot water regenerates."""

    kind: ClassVar[str] = "carbon_capture"

    sources: list[str] = Field(
        min_length=1, description="Components whose CO2 goes through this stack."
    )
    captured: str = port(kind="gas", description="Bus of the captured CO2, near ambient pressure.")
    heat: str = port(kind="heat|steam", description="Heats the reboiler.")
    condensate: str | None = port(
        None, kind="water", description="Where the steam's condensate goes; needed for steam."
    )
    electricity: str = port(kind="electricity", description="Fans and pumps.")
    waste_heat: str | None = port(
        None, kind="heat", description="Loop that cools the unit; without it, the ambient does."
    )
    capacity: float = quantity(unit="t/h", gt=0, description="Largest rate of captured CO2.")
    capture_rate: float = quantity(
        0.90,
        unit="1",
        gt=0,
        le=1,
        description="Captured CO2 per CO2 in the gas that is treated.",
        source="Danish Energy Agency, Technology Data for Carbon Capture, Transport and Storage, "
        "sheets 401.a to 401.c (85 to 95 %)",
    )
    reboiler_heat: float = quantity(
        0.833,
        unit="MWh/t",
        gt=0,
        description="Heat per captured CO2; 0.833 is 3.0 GJ/t, older monoethanolamine plants need "
        "3.2 to 3.7 GJ/t (0.89 to 1.03).",
        source="Danish Energy Agency, sheets 401.a to 401.c (0.66 to 1)",
    )
    reboiler_temperature: float = quantity(
        120.0,
        unit="degC",
        ge=60,
        le=180,
        description="Of the solvent that is regenerated; the heat must be hotter.",
        source="assumed: monoethanolamine, which decays above 120 degC",
    )
    electricity_use: float = quantity(
        0.03,
        unit="MWh/t",
        ge=0,
        description="Per captured CO2, without its compression.",
        source="Danish Energy Agency, sheet 401.a; cement kiln 0.025 (401.c)",
    )
    heat_recovery: float = quantity(
        0.833,
        unit="MWh/t",
        ge=0,
        description="Heat given to `waste_heat` per captured CO2, where it is named.",
        source="Danish Energy Agency, sheet 401.a",
    )
    co2_share: float = quantity(
        0.13,
        unit="1",
        gt=0,
        lt=1,
        description="CO2 in the dry flue gas by volume; sets the least work of separation.",
        source="assumed: coal or wood, 12 to 14 %; cement kiln 20 % (Danish Energy Agency, "
        "sheet 401.c), gas engine and turbine 4 to 7 %",
    )
    co2_price: float = quantity(
        unit="currency/t",
        ge=0,
        description="What letting a tonne of CO2 past the unit is held to cost. It captures where "
        "its heat and power cost less; steers and is never money.",
    )
    variable_cost: float = quantity(
        0.0,
        unit="currency/t",
        ge=0,
        description="Solvent and upkeep per captured CO2.",
        source="assumed: none",
    )

    @model_validator(mode="after")
    def _check(self) -> CarbonCapture:
        for name in self.sources:
            if self.sources.count(name) > 1:
                raise PhysicsError(
                    f"names '{name}' twice", key="sources", mend="name each component once"
                )
        return self

    def lower(self, setting: Setting) -> Lowering:
        """Treatment of flue gas, and the stack past it; CO2 arrives by `twin.network.divert`."""
        name = setting.component
        bus = flue_bus(name)
        self._check_heat(setting)
        coefficients: dict[str, Series] = {bus: -1.0 / self.capture_rate, self.captured: 1.0}
        taken: dict[str, Any] = {self.electricity: -self.electricity_use}
        taken |= self._heat(setting)
        if self.waste_heat is not None:
            taken[self.waste_heat] = taken.get(self.waste_heat, 0.0) + self.heat_recovery
        coefficients |= {place: value for place, value in taken.items() if value}
        slip = 1.0 / self.capture_rate - 1.0
        flows = [
            Flow(
                f"{name}.capture",
                name,
                coefficients,
                self.capacity,
                cost=self.variable_cost,
                exchange={"co2": slip} if slip else {},
                activity="treatment",
                main=self.captured,
            ),
            Flow(
                f"{name}.{STACK}",
                name,
                {bus: -1.0},
                # What the sources can give at most, known once they are all lowered.
                upper=0.0,
                steer=self.co2_price,
                exchange={"co2": 1.0},
                activity="treatment",
                side="emission",
                main=bus,
            ),
        ]
        carrier = replace(STANDARD["co2"], name="flue_co2", closes="")
        return Lowering(flows, buses={bus: carrier})

    def _heat(self, setting: Setting) -> dict[str, float]:
        """Coefficients of the reboiler's heat per tonne of CO2."""
        carrier = setting.buses[self.heat]
        if "steam" not in carrier.kind.split("|"):
            return {self.heat: -self.reboiler_heat}
        if self.condensate is None:
            raise PhysicsError(
                f"'{self.heat}' is steam, and nothing says where its condensate goes",
                key="heat",
                mend="name a bus of water in 'condensate'",
            )
        fall = carrier.of("energy") - setting.buses[self.condensate].of("energy")
        steam = self.reboiler_heat / fall
        return {self.heat: -steam, self.condensate: steam}

    def _check_heat(self, setting: Setting) -> None:
        """Refuse heat that is too cold or too little for what separation needs at least."""
        carrier = setting.buses[self.heat]
        steam = "steam" in carrier.kind.split("|")
        offered = saturation_temperature(carrier.pressure) if steam else carrier.temperature
        if not offered > self.reboiler_temperature:
            raise PhysicsError(
                f"'{self.heat}' gives heat at {offered:.0f} degC and the reboiler is at "
                f"{self.reboiler_temperature:g} degC",
                key="heat",
                mend="name a hotter bus, or lower the reboiler's temperature",
            )
        carnot = 1.0 - 298.15 / (offered + 273.15)
        given = self.reboiler_heat * carnot + self.electricity_use
        least = least_work(self.co2_share, self.capture_rate)
        if given < least:
            raise PhysicsError(
                f"heat and power are worth {given:.3f} MWh of work per tonne of CO2, and "
                f"{100 * self.capture_rate:g} % from a gas of {100 * self.co2_share:g} % needs "
                f"{least:.3f} at least",
                key="reboiler_heat",
                mend="raise it; plants use 0.66 to 1.03 MWh/t",
            )


def is_co2(carrier: Carrier) -> bool:
    """Whether a tonne of a carrier is a tonne of CO2."""
    co2 = STANDARD["co2"]
    return carrier.unit == "t/h" and math.isclose(carrier.of("carbon"), co2.of("carbon"))
