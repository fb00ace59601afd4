"""Combustion in oxygen instead of air, and purification of the CO2 it leaves.

The sources burn in oxygen of a bus, which an air separation unit (recipe `oxygen`), an electrolyser
or a purchase fills; how much they need follows from what they burn. The flue gas that is led back
to keep the flame at its temperature stays within the walls and crosses no bus; its fan stands for
that of the air. What leaves is CO2 and vapour with some air that leaked in: dried, compressed and
condensed in the cold, it gives CO2 of a purity, and a vent takes the rest.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from models.base import Flow, PhysicsError, Series, port, quantity
from models.carbon.capture_unit import CaptureUnit, least_work
from models.site import Setting

SHEET = (
    "Danish Energy Agency, Technology Data for Carbon Capture, Transport and Storage, sheet 402.b "
    "Oxy-fuel cement"
)


def burn_in_oxygen(flow: Flow, bus: str, excess: float) -> None:
    """Let a closed flow take its oxygen from a bus, not from the air; changed in place.

    Parameters
    ----------
    flow : Flow
        Its `air` is what closes its mass: the oxygen that ends in CO2, vapour and SO2.
    bus : str
        Of oxygen [t/h].
    excess : float
        Oxygen beyond that, which leaves with the vent.

    Raises
    ------
    PhysicsError
        The flow gives to the air, or takes nothing from it.
    """
    taken = -np.asarray(flow.exchange.pop("air", 0.0), float)
    if np.any(taken < 0) or not np.any(taken > 0):
        raise PhysicsError(
            "burns nothing in air", key="sources", mend="leave it out, or name an amine unit"
        )
    flow.coefficients[bus] = _series(
        np.asarray(flow.coefficients.get(bus, 0.0)) - taken * (1 + excess)
    )
    if excess:
        flow.exchange["air"] = _series(taken * excess)


def _series(value: np.ndarray) -> Series:
    return float(value) if value.ndim == 0 else value


class OxyFuelCapture(CaptureUnit):
    """Oxy-fuel combustion of the sources, with a compression and purification unit."""

    kind: ClassVar[str] = "oxy_fuel_capture"

    captured: str = port(kind="gas", description="Bus of the captured CO2, compressed.")
    electricity: str = port(
        kind="electricity", description="Compression and cold of the purification."
    )
    oxygen: str = port(kind="gas", description="Oxygen that the sources burn in, always.")
    oxygen_excess: float = quantity(
        0.05,
        unit="1",
        ge=0,
        le=0.5,
        description="Oxygen beyond what the fuel needs; it leaves with the vent.",
        source="unverified: no source at hand; small, as the gas led back brings its oxygen along",
    )
    capture_rate: float = quantity(
        0.90,
        unit="1",
        gt=0,
        le=1,
        description="Captured CO2 per CO2 in the gas that is treated.",
        source=f"{SHEET} (85 to 95 %)",
    )
    purity: float = quantity(
        0.96,
        unit="1",
        gt=0,
        le=1,
        description="CO2 in what is captured, by volume; the rest is not counted as mass.",
        source="assumed: of a flash in the cold, 95 to 98 %; a column reaches 99.9 %",
    )
    electricity_use: float = quantity(
        0.18,
        unit="MWh/t",
        ge=0,
        description="Purification and compression per captured CO2; oxygen comes on top.",
        source=f"{SHEET} (0.16 to 0.20)",
    )
    heat_recovery: float = quantity(
        0.15,
        unit="MWh/t",
        ge=0,
        description="Heat of compression given to `waste_heat` per captured CO2.",
        source=f"assumed: the sheet {SHEET.rsplit('sheet ', 1)[1]} gives 0.30, but the half of it "
        "that is vapour condensing is booked with the source",
    )
    co2_share: float = quantity(
        0.74,
        unit="1",
        gt=0,
        lt=1,
        description="CO2 in the flue gas by volume, with the air that leaks in.",
        source=f"{SHEET} (65 to 80 %)",
    )

    def taken(self, setting: Setting) -> dict[str, float]:
        """Nothing beside power: the oxygen is taken where it is burnt."""
        oxygen = setting.buses[self.oxygen]
        if oxygen.unit != "t/h" or set(oxygen.content) != {"mass"}:
            raise PhysicsError(
                f"'{self.oxygen}' is not oxygen", key="oxygen", mend="name a bus of oxygen"
            )
        try:
            least = least_work(self.co2_share, self.capture_rate, purity=self.purity)
        except ValueError as error:
            raise PhysicsError(str(error), key="purity", mend="raise it, or capture less") from None
        if self.electricity_use < least:
            raise PhysicsError(
                f"{self.electricity_use:g} MWh per tonne of CO2, and {100 * self.capture_rate:g} % "
                f"from a gas of {100 * self.co2_share:g} % needs {least:.3f} at least",
                key="electricity_use",
                mend="raise it; plants use 0.16 to 0.20 MWh/t with compression",
            )
        return {}
