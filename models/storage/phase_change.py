"""Heat kept by melting: much in few kelvins, from a loop warmer to a loop colder than melting."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Store, port, quantity
from models.carriers import T_DEAD
from models.site import Setting


@dataclass(frozen=True)
class Material:
    """What melts.

    Attributes
    ----------
    melting : float
        Temperature [degC].
    latent_heat : float
        [J/kg]
    source : str
        Where both come from.
    """

    melting: float
    latent_heat: float
    source: str


MATERIALS = {
    "lithium_nitrate_trihydrate": Material(
        30.15, 287e3, "Shamberger and Reid, J. Chem. Eng. Data 57 (2012): 303.3 K, (287 +- 7) J/g"
    ),
    "sodium_acetate_trihydrate": Material(
        58.0, 264e3, "unverified: after Zalba et al., Appl. Therm. Eng. 23 (2003), table"
    ),
    "sodium_nitrate": Material(
        306.0, 178e3, "melting: Bauer et al., Effstock 2009; latent heat unverified: after "
        "there, 180 by Guo and Wang, Thermochim. Acta 613 (2015)",
    ),
}  # fmt: skip
"""Materials by name."""


def stored_heat(
    melting: float,
    latent_heat: float,
    *,
    coldest: float,
    warmest: float,
    solid: float,
    liquid: float,
) -> float:
    """Heat taken up between two temperatures on either side of melting [J/kg].

    Parameters
    ----------
    melting, coldest, warmest : float
        [degC]
    latent_heat : float
        [J/kg]
    solid, liquid : float
        Specific heat [J/kg/K].

    Examples
    --------
    >>> stored_heat(0.0, 333.6e3, coldest=-5.0, warmest=5.0, solid=2100.0, liquid=4200.0)
    365100.0
    """
    return solid * (melting - coldest) + latent_heat + liquid * (warmest - melting)


class PhaseChangeStore(Model):
    """A tank of a material that melts and freezes.

    Content is the heat over the frozen material, a few kelvins below melting. While any of it is
    liquid all of it is as warm as melting, so that the tank loses the same whether full or nearly
    empty; the loss follows the content here and is right in the mean of both.
    """

    kind: ClassVar[str] = "phase_change_store"

    charge: str = port(kind="heat", description="Warmer loop that melts it.")
    discharge: str = port(kind="heat", description="Colder loop that it heats.")
    mass: float = quantity(unit="t", gt=0, description="Of the material.")
    charge_capacity: float = quantity(unit="MW", gt=0, description="Fastest melting.")
    discharge_capacity: float = quantity(unit="MW", gt=0, description="Fastest freezing.")
    material: Literal[
        "lithium_nitrate_trihydrate", "sodium_acetate_trihydrate", "sodium_nitrate"
    ] | None = Field(None, description="A known one; or give the two that follow.")  # fmt: skip
    melting: float | None = quantity(None, unit="degC", description="Temperature of melting.")
    latent_heat: float | None = quantity(
        None, unit="J/kg", gt=0, description="Heat of melting."
    )  # fmt: skip
    solid_heat: float = quantity(
        1500.0, unit="J/(kg*K)", ge=0, description="Specific heat, frozen.",
        source="assumed: low of salts and hydrates; it counts little",
    )  # fmt: skip
    liquid_heat: float = quantity(
        1500.0, unit="J/(kg*K)", ge=0, description="Specific heat, molten.",
        source="assumed: low of salts and hydrates; it counts little",
    )  # fmt: skip
    approach: float = quantity(
        5.0, unit="K", gt=0, description="Of both loops to melting; the material follows them.",
        source="assumed: finned tubes",
    )  # fmt: skip
    supercooling: float = quantity(
        0.0, unit="K", ge=0, description="How far below melting it begins to freeze.",
        source="assumed: nucleated; salt hydrates without it need 5 to 20 K and more",
    )  # fmt: skip
    density: float = quantity(
        1300.0, unit="kg/m3", gt=0, description="Molten, for the size of the tank.",
        source="assumed: of salt hydrates",
    )  # fmt: skip
    u_value: float = quantity(
        0.2, unit="W/(m2*K)", ge=0, description="Heat transmission of the shell.",
        source="assumed: 200 mm of mineral wool",
    )  # fmt: skip
    height_to_diameter: float = quantity(
        1.0, unit="1", gt=0, description="Height over diameter.", source="assumed: least surface"
    )
    ambient: float = quantity(
        15.0, unit="degC", description="Mean temperature around the tank.", source="assumed"
    )
    initial: float = quantity(
        0.0, unit="1", ge=0, le=1, description="Share of the content at the start.",
        source="assumed: frozen",
    )  # fmt: skip
    policy: Literal["self_consumption", "tariff"] = Field(
        "self_consumption", description="When it works: with a surplus, or by the tariff."
    )

    def substance(self) -> Material:
        """Melting temperature and latent heat.

        Raises
        ------
        PhysicsError
            Neither a material nor both of its properties are given, or all of them.
        """
        own = self.melting is not None and self.latent_heat is not None
        if own == (self.material is not None) or (self.melting is None) != (
            self.latent_heat is None
        ):
            raise PhysicsError(
                "the material is known by its name, or by melting and latent_heat",
                key="material",
                mend="give the one or the other two",
            )
        if self.material is not None:
            return MATERIALS[self.material]
        assert self.melting is not None and self.latent_heat is not None
        return Material(self.melting, self.latent_heat, "the scenario")

    def capacity(self) -> float:
        """Heat between frozen and molten, each by the approach beyond melting [MWh]."""
        found = self.substance()
        per_kg = stored_heat(
            found.melting,
            found.latent_heat,
            coldest=found.melting - self.approach,
            warmest=found.melting + self.approach,
            solid=self.solid_heat,
            liquid=self.liquid_heat,
        )
        return self.mass * 1000.0 * per_kg / 3.6e9

    def loss(self) -> float:
        """What the shell loses while some of it is liquid [MW]."""
        volume = self.mass * 1000.0 / self.density
        diameter = math.cbrt(4 * volume / (math.pi * self.height_to_diameter))
        area = math.pi * diameter**2 * (self.height_to_diameter + 0.5)
        return self.u_value * area * max(self.substance().melting - self.ambient, 0.0) / 1e6

    def lower(self, setting: Setting) -> Lowering:
        """A store, what melts it and what it heats.

        Raises
        ------
        PhysicsError
            A loop stands on the wrong side of melting.
        """
        melting = self.substance().melting
        warm, cool = setting.buses[self.charge], setting.buses[self.discharge]
        if not warm.return_temperature >= melting + self.approach:
            raise PhysicsError(
                f"'{self.charge}' returns at {warm.return_temperature:g} degC, too cold to melt at "
                f"{melting:g} degC",
                key="charge",
                mend=f"its return must be {self.approach:g} K above melting",
            )
        freezing = melting - self.supercooling - self.approach
        if not cool.temperature <= freezing:
            raise PhysicsError(
                f"'{self.discharge}' is supplied at {cool.temperature:g} degC, above the "
                f"{freezing:g} degC that freezing at {melting:g} degC can give",
                key="discharge",
                mend="name a colder loop, or another material",
            )
        name, stored, capacity = setting.component, f"{setting.component}.stored", self.capacity()
        carrier = Carrier(
            f"{name}.melt",
            "MW",
            {"energy": 1.0},
            max(1 - T_DEAD / (melting + 273.15), 0.0),
            kind="heat",
            temperature=melting,
            return_temperature=melting,
        )
        flows = [
            Flow(
                f"{name}.charge",
                name,
                {self.charge: -1.0, stored: 1.0},
                self.charge_capacity,
                activity="storage",
                main=self.charge,
            ),
            Flow(
                f"{name}.discharge",
                name,
                {stored: -1.0, self.discharge: 1.0},
                self.discharge_capacity,
                activity="storage",
                main=self.discharge,
            ),
        ]
        store = Store(
            stored,
            name,
            carrier,
            capacity,
            initial=self.initial * capacity,
            # Twice as much when full, nothing when empty: the loss itself in the mean.
            loss_rate=2 * self.loss() / capacity,
            policy=self.policy,
        )
        return Lowering(flows, [store])
