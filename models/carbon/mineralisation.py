"""CO2 bound as carbonate in slag, in ash, or in ground rock, where it stays for good.

What comes out holds all that went in and the CO2. Carbonates do not give it back below a kiln's
heat, so nothing of it is released at the end of life (`later_release` with an infinite half-life).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.carbon.co2_store import check_co2
from models.carriers import CO2, STANDARD
from models.elements import CO2_PER_CARBON, MOLAR
from models.site import Setting

REPORT = "IPCC special report on carbon dioxide capture and storage, 2005, chapter 7"


@dataclass(frozen=True)
class Mineral:
    """What binds CO2: molar mass [g/mol], CO2 per mole, heat given off [kJ/mol CO2]."""

    molar: float
    co2: float
    heat: float

    @property
    def binds(self) -> float:
        """CO2 per mineral [t/t]."""
        return self.co2 * CO2 / self.molar


MINERALS = {
    # CaO + CO2 -> CaCO3; NBS 1982, as in the tables of substances, 179 in the report.
    "lime": Mineral(56.077, 1, 178.32),
    # CaSiO3 + CO2 -> CaCO3 + SiO2
    "wollastonite": Mineral(116.160, 1, 90.0),
    # Mg2SiO4 + 2 CO2 -> 2 MgCO3 + SiO2
    "olivine": Mineral(140.691, 2, 89.0),
}
"""Minerals by name (heat: unverified, not checked there of the report's section 7.2)."""


def lime_of(stream: Carrier) -> float:
    """Lime in a tonne that may still bind CO2: calcium without the carbonate that is there [t]."""
    calcium = stream.of("calcium") / MOLAR["Ca"] - stream.of("carbon") / MOLAR["C"]
    return max(calcium, 0.0) * MINERALS["lime"].molar


class Mineralisation(Model):
    """Carbonation of a ground solid; what comes out is the bus `NAME.product`."""

    kind: ClassVar[str] = "mineralisation"

    inlet: str = port(kind="solid|material", description="Slag, ash or rock as it comes.")
    co2: str = port(kind="gas", description="Captured CO2.")
    electricity: str = port(kind="electricity", description="Mills, pumps and stirrers.")
    heat: str | None = port(None, kind="heat", description="Loop that warms the slurry.")
    mineral: Literal["lime", "wollastonite", "olivine"] = Field(
        "lime", description="What of the inlet binds CO2."
    )
    content: float | None = quantity(
        None,
        unit="1",
        gt=0,
        le=1,
        description="Share of that mineral in the inlet by mass; by default, for lime, what the "
        "calcium of the inlet can be.",
    )
    conversion: float = quantity(
        0.74,
        unit="1",
        gt=0,
        le=1,
        description="Part of the mineral that is carbonated.",
        source="unverified: Huijgen et al., Environ. Sci. Technol. 39 (2005) 9676: at most 74 % of "
        "the calcium of steel slag below 38 um, at 100 degC and 19 bar",
    )
    electricity_use: float = quantity(
        0.083,
        unit="MWh/t",
        ge=0,
        description="Grinding per tonne that comes in.",
        source=f"unverified: {REPORT}: 13 kWh/t to 75 um and 70 more to 38 um",
    )
    heat_use: float = quantity(
        0.0,
        unit="MWh/t",
        ge=0,
        description="Heat of `heat` per tonne that comes in, where it is named.",
        source="assumed: the reaction warms its slurry",
    )
    capacity: float = quantity(unit="t/h", gt=0, description="Largest intake of solid.")
    variable_cost: float = quantity(
        0.0, unit="currency/t", description="Per tonne that comes in.", source="assumed: none"
    )

    def bound(self, stream: Carrier) -> float:
        """CO2 bound per tonne that comes in [t].

        Raises
        ------
        PhysicsError
            The inlet holds less of the mineral than is stated, or nothing says how much.
        """
        held = lime_of(stream) if self.mineral == "lime" else 1.0
        if self.content is None and self.mineral != "lime":
            raise PhysicsError(
                f"nothing says how much {self.mineral} '{stream.name}' holds",
                key="mineral",
                mend="give 'content'",
            )
        share = held if self.content is None else self.content
        if share > held * (1 + 1e-9) or share <= 0:
            raise PhysicsError(
                f"'{stream.name}' holds {held:.4g} t of {self.mineral} per tonne, not {share:.4g}",
                key="content" if self.content is not None else "inlet",
                mend="state its calcium in 'carriers', or lower the content",
            )
        return share * self.conversion * MINERALS[self.mineral].binds

    def outlets(self, buses: Mapping[str, Carrier]) -> dict[str, Carrier]:
        """The carbonated solid, worked out from what went in."""
        stream = buses[self.inlet]
        if stream.unit != "t/h":
            raise PhysicsError(
                f"'{self.inlet}' is counted in MW", key="inlet", mend="name a bus in t/h"
            )
        bound = self.bound(stream)
        warmth = bound / CO2 * MINERALS[self.mineral].heat / 3.6
        content = dict(stream.content)
        content["mass"] = 1.0 + bound
        content["carbon"] = content.get("carbon", 0.0) + bound / CO2_PER_CARBON
        content["energy"] = content.get("energy", 0.0) - warmth
        if abs(content["energy"]) < 1e-12:
            del content["energy"]
        exergy = stream.exergy
        if self.mineral == "lime":
            # Lime becomes limestone, which has none.
            exergy -= bound / MINERALS["lime"].binds * STANDARD["lime"].exergy
        product = Carrier(
            "carbonated",
            "t/h",
            {key: value / (1.0 + bound) for key, value in content.items()},
            max(exergy, 0.0) / (1.0 + bound),
            fossil=stream.fossil,
            kind="solid|material",
            temperature=25.0,
            source=f"{stream.name} with {bound:.4g} t of CO2 per tonne",
        )
        return {"product": product}

    def lower(self, setting: Setting) -> Lowering:
        """One flow per tonne that comes in."""
        check_co2(setting, self, "co2")
        name = setting.component
        bound = self.bound(setting.buses[self.inlet])
        coefficients: dict[str, Series] = {
            self.inlet: -1.0,
            self.co2: -bound,
            f"{name}.product": 1.0 + bound,
        }
        if self.electricity_use:
            coefficients[self.electricity] = -self.electricity_use
        if self.heat_use:
            if self.heat is None or setting.buses[self.heat].unit != "MW":
                raise PhysicsError(
                    f"{self.heat_use:g} MWh/t of heat come from no loop",
                    key="heat_use",
                    mend="name a loop of hot water in 'heat'",
                )
            coefficients[self.heat] = -self.heat_use
        flow = Flow(
            name,
            name,
            coefficients,
            self.capacity,
            cost=self.variable_cost,
            activity="process",
            main=self.inlet,
        )
        return Lowering([flow])
