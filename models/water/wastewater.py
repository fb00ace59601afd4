"""Wastewater treatment: clean water, sludge, and the rest of the organic load to the air.

Carbon that is not in the sludge is respired to co2, nitrogen is denitrified to n2, and the energy
of what is oxidised warms the surroundings. Methane and nitrous oxide are left out.
"""

from __future__ import annotations

import math
from typing import ClassVar

from pydantic import model_validator

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.carriers import CO2_PER_CARBON, CP_WATER
from models.site import Setting


def chemical(carrier: Carrier) -> float:
    """Energy of the organic load: the content without the sensible heat of its water [MWh/t]."""
    if math.isnan(carrier.temperature):
        return carrier.of("energy")
    sensible = CP_WATER * carrier.of("water") * (carrier.temperature - 25.0) / 3600.0
    return carrier.of("energy") - sensible


class WastewaterPlant(Model):
    """Biological treatment by flow."""

    kind: ClassVar[str] = "wastewater_plant"

    inlet: str = port(
        kind="water|material",
        description="Wastewater in t/h, with carbon, nitrogen and energy of its organic load.",
    )
    outlet: str = port(kind="water", description="Treated water.")
    capacity: float = quantity(unit="t/h", ge=0, description="Largest flow of wastewater.")
    electricity: str = port(kind="electricity", description="Aeration and pumps.")
    electricity_use: float = quantity(
        0.45,
        unit="kWh/m3",
        ge=0,
        description="Per m3 of wastewater, as 1 t.",
        source="public: Sustainability 9 (2017) 1126: mean of the United States; "
        "0.26 to 0.84 kWh/m3 between plants",
    )
    sludge: str | None = port(None, kind="solid|material", description="Wet sludge, in t/h.")
    sludge_yield: float = quantity(
        0.0, unit="1", ge=0, lt=1, description="t of wet sludge per t of wastewater."
    )

    @model_validator(mode="after")
    def _sludge_has_a_bus(self) -> WastewaterPlant:
        if (self.sludge is None) != (self.sludge_yield == 0):
            raise PhysicsError(
                f"sludge is {self.sludge or 'not named'} and its yield is {self.sludge_yield:g}",
                key="sludge_yield",
                mend="give both the bus and the yield, or neither",
            )
        return self

    def lower(self, setting: Setting) -> Lowering:
        """One flow per t/h of wastewater."""
        inlet, outlet = setting.buses[self.inlet], setting.buses[self.outlet]
        sludge = None if self.sludge is None else setting.buses[self.sludge]
        coefficients: dict[str, Series] = {
            self.inlet: -1.0,
            self.outlet: self._water(inlet, sludge) / outlet.of("water"),
            self.electricity: -self.electricity_use / 1000.0,
        }
        if self.sludge is not None:
            coefficients[self.sludge] = self.sludge_yield
        flow = Flow(
            setting.component,
            setting.component,
            {bus: value for bus, value in coefficients.items() if value},
            self.capacity,
            closes=("co2", "n2", "air", "air_heat"),
            activity="treatment",
            main=self.inlet,
        )
        return Lowering([flow])

    def _water(self, inlet: Carrier, sludge: Carrier | None) -> float:
        """Water left for the outlet [t per t of wastewater]; refuses too much or little sludge."""
        for key, carrier in (("inlet", inlet), ("sludge", sludge)):
            if carrier is not None and (carrier.unit != "t/h" or not carrier.of("water")):
                raise PhysicsError(
                    f"'{carrier.name}' is counted in {carrier.unit} and holds "
                    f"{carrier.of('water'):.4g} t of water per unit",
                    key=key,
                    mend="use a water, or declare its carrier by 'solid:' in t/h",
                )
        left = {}
        for name in ("mass", "carbon", "nitrogen", "water", "energy"):
            has = chemical(inlet) if name == "energy" else inlet.of(name)
            given = 0.0
            if sludge is not None:
                given = chemical(sludge) if name == "energy" else sludge.of(name)
            left[name] = has - self.sludge_yield * given
            if left[name] < -1e-9 * max(abs(has), 1e-3):
                unit = {"energy": "MWh", "carbon": "t C"}.get(name, "t")
                raise PhysicsError(
                    f"the sludge holds {has - left[name]:.4g} {unit} of {name} per t of "
                    f"wastewater, and '{inlet.name}' only {has:.4g} {unit}",
                    key="sludge_yield",
                    mend="lower the sludge yield, or declare the organic load of the wastewater",
                )
        gases = max(left["carbon"], 0.0) * CO2_PER_CARBON + max(left["nitrogen"], 0.0)
        minerals = left["mass"] - left["water"] - gases
        if minerals > 1e-9:
            raise PhysicsError(
                f"{minerals:.4g} t of minerals per t of '{inlet.name}' are neither in the treated "
                "water nor in the sludge",
                key="sludge_yield",
                mend="raise the sludge yield, or correct the composition of the wastewater",
            )
        return max(left["water"], 0.0)
