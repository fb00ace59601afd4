"""Capture of CO2 from flue gas by an amine that heat regenerates."""

from __future__ import annotations

import math
from typing import ClassVar

from models.base import Carrier, PhysicsError, port, quantity
from models.carbon.capture_unit import CaptureUnit, least_work
from models.carriers import STANDARD
from models.power.steam_turbine import saturation_temperature
from models.site import Setting


class CarbonCapture(CaptureUnit):
    """Post-combustion capture with a solvent that steam or hot water regenerates."""

    kind: ClassVar[str] = "carbon_capture"

    captured: str = port(kind="gas", description="Bus of the captured CO2, near ambient pressure.")
    heat: str = port(kind="heat|steam", description="Heats the reboiler.")
    condensate: str | None = port(
        None, kind="water", description="Where the steam's condensate goes; needed for steam."
    )
    electricity: str = port(kind="electricity", description="Fans and pumps.")
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

    def taken(self, setting: Setting) -> dict[str, float]:
        """Heat of the reboiler per captured CO2, and the condensate that comes back."""
        self._check_heat(setting)
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
