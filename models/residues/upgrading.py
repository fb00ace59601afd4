"""Biogas upgrading: carbon dioxide is taken out, biomethane goes on.

Methane that slips into the off-gas is burned there, as flares and oxidisers of upgrading plants
do: its carbon leaves as co2 and its heat is lost.
"""

from __future__ import annotations

from typing import ClassVar

from models.base import Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.site import Setting

CATALOGUE = (
    "Danish Energy Agency, Technology Data for Renewable Fuels, "
    "sheet 82 Upgrading 6,000 Nm3/h, amine scrubber, 2025"
)


class Upgrading(Model):
    """Biogas upgrading; the defaults are those of an amine scrubber.

    A membrane or water-wash plant leaves out `heat` and uses more electricity: 0.2 to 0.35 kWh per
    Nm3 of raw gas, about 0.04 MWh per MWh.
    """

    kind: ClassVar[str] = "upgrading"

    biogas: str = port(kind="gas", description="Raw gas.")
    biomethane: str = port(kind="gas", description="Upgraded gas.")
    electricity: str = port(kind="electricity", description="Compression and pumps.")
    capacity: float = quantity(unit="MW", ge=0, description="Largest flow of raw gas (LHV).")
    electricity_use: float = quantity(
        0.0189,
        unit="1",
        ge=0,
        description="MWh per MWh (LHV) of raw gas.",
        source=CATALOGUE,
    )
    methane_slip: float = quantity(
        0.0095,
        unit="1",
        ge=0,
        lt=1,
        description="Share of the methane that ends up, burned, in the off-gas.",
        source=CATALOGUE,
    )
    heat: str | None = port(None, kind="heat", description="Regenerates the solvent.")
    heat_use: float = quantity(
        0.103,
        unit="1",
        ge=0,
        description="MWh per MWh (LHV) of raw gas, where `heat` is named.",
        source=CATALOGUE,
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow per MW (LHV) of raw gas."""
        raw, clean = setting.buses[self.biogas], setting.buses[self.biomethane]
        for key, carrier in (("biogas", raw), ("biomethane", clean)):
            if carrier.unit != "MW":
                raise PhysicsError(
                    f"{key} '{carrier.name}' is counted in {carrier.unit}",
                    key=key,
                    mend="declare its carrier in MW of LHV",
                )
        gain = 1.0 - self.methane_slip
        if gain * clean.of("carbon") > raw.of("carbon") * (1 + 1e-9):
            raise PhysicsError(
                f"'{clean.name}' would hold {gain * clean.of('carbon'):.4g} t C and "
                f"'{raw.name}' holds {raw.of('carbon'):.4g} t C per MWh of raw gas",
                key="biomethane",
                mend="give the biomethane no more CO2 or propane than the raw gas can provide",
            )
        coefficients: dict[str, Series] = {self.biogas: -1.0, self.biomethane: gain}
        if self.electricity_use:
            coefficients[self.electricity] = -self.electricity_use
        if self.heat is not None and self.heat_use:
            coefficients[self.heat] = -self.heat_use
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,
            self.capacity,
            closes=("co2", "so2", "n2", "water_vapour", "air"),
            main=self.biogas,
        )
        return Lowering([flow])
