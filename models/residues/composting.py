"""Composting: organic waste rots in air, loses most of its water and carbon, and becomes compost.

The compost is the waste minus what leaves, quantity by quantity, so carbon, nitrogen, water, mass
and energy close whatever the composition. All carbon that leaves is counted as CO2; the methane and
nitrous oxide among it are for the accounts, by `other_gases`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.carriers import CP_WATER, LATENT
from models.elements import WATER_PER_HYDROGEN
from models.site import Setting

SWOLF = "SwolfPy, input data of composting, after US Environmental Protection Agency, 2003"

LOSS = {
    "food_waste": (0.657, 0.8388, 1.9),
    "garden_waste": (0.572, 0.139, 2.0),
}
"""Carbon and nitrogen lost, of that in the waste, and organic matter lost per carbon lost [t/t]
(SwolfPy, https://github.com/SwolfPy-Project, after US EPA 2003)."""

METHANE = 0.004
NITROUS_OXIDE = 0.00024
"""Emitted per wet waste [t/t] (IPCC 2006, vol. 5, table 4.1: 0.03 to 8 and 0.06 to 0.6 g/kg; N2O by
the corrigendum (unverified), 0.0003 before)."""


def other_gases(waste: float) -> dict[str, float]:
    """Methane and nitrous oxide of composting, for the accounts as `fugitive`.

    Parameters
    ----------
    waste : float
        Wet waste composted [t].

    Returns
    -------
    dict of str to float
        "CH4" and "N2O" [t].

    Examples
    --------
    >>> other_gases(1000.0)
    {'CH4': 4.0, 'N2O': 0.24}
    """
    return {"CH4": waste * METHANE, "N2O": waste * NITROUS_OXIDE}


def compost_of(
    waste: Carrier,
    dry_matter: float,
    *,
    carbon_loss: float,
    nitrogen_loss: float,
    organic_per_carbon: float,
    moisture: float,
) -> tuple[Carrier, float]:
    """What is left of a tonne of waste.

    Parameters
    ----------
    waste : Carrier
        In t/h.
    dry_matter : float
        Share of its mass [0-1].
    carbon_loss, nitrogen_loss : float
        Shares of carbon and nitrogen that leave [0-1]; hydrogen and chemical energy go with the
        carbon, minerals stay.
    organic_per_carbon : float
        Organic matter lost per carbon lost [t/t].
    moisture : float
        Of the compost, share of its mass [0-1].

    Returns
    -------
    Carrier, float
        The compost, and its tonnes per tonne of waste.

    Raises
    ------
    PhysicsError
        More matter would be lost than there is, or the waste is too dry to become moist compost.
    """
    wet = 1.0 - dry_matter
    warm = 0.0 if math.isnan(waste.temperature) else CP_WATER * wet * (waste.temperature - 25.0)
    bound = waste.of("water") - wet
    kept = {name: value for name, value in waste.content.items() if name != "mass"}
    kept["energy"] = (1.0 - carbon_loss) * (waste.of("energy") - warm / 3600.0)
    kept["carbon"] = (1.0 - carbon_loss) * waste.of("carbon")
    kept["nitrogen"] = (1.0 - nitrogen_loss) * waste.of("nitrogen")
    dry = dry_matter - organic_per_carbon * carbon_loss * waste.of("carbon")
    known = kept["carbon"] + kept["nitrogen"] + (1.0 - carbon_loss) * bound / WATER_PER_HYDROGEN
    if dry < known - 1e-9:
        raise PhysicsError(
            f"{max(dry, 0.0):.4g} t of dry matter would be left of a tonne of '{waste.name}', and "
            f"{known:.4g} t of carbon, nitrogen and hydrogen in it",
            key="carbon_loss",
            mend="lower the loss, or correct the composition of the waste",
        )
    mass = dry / (1.0 - moisture)
    if mass * moisture > wet + carbon_loss * bound:
        raise PhysicsError(
            f"compost would hold {mass * moisture:.4g} t of water and '{waste.name}' gives "
            f"{wet + carbon_loss * bound:.4g} t",
            key="moisture",
            mend="compost a wetter mixture, or let the compost be drier",
        )
    kept["water"] = (1.0 - carbon_loss) * bound + mass * moisture
    lhv = kept["energy"] - LATENT / 3600.0 * kept["water"]
    carrier = Carrier(
        "compost",
        "t/h",
        {"mass": 1.0, **{name: value / mass for name, value in kept.items()}},
        (1.0 - carbon_loss) * waste.exergy / mass,
        max(lhv, 0.0) / mass,
        waste.fossil,
        kind="solid|material",
        temperature=25.0,
        source=f"{waste.name} after composting",
    )
    return carrier, mass


class Composting(Model):
    """Composting of waste in piles or tunnels; the compost is the bus `NAME.compost`.

    All carbon that leaves is counted as CO2. Methane and nitrous oxide are for the accounts:
    `run.carbon("ghg", fugitive=other_gases(tonnes))`.
    """

    kind: ClassVar[str] = "composting"

    waste: str = port(kind="material|solid", description="What is composted, in t/h.")
    dry_matter: float = quantity(
        unit="1", gt=0, lt=1, description="Dry matter of the waste, share of its mass."
    )
    feedstock: Literal["food_waste", "garden_waste"] = Field(
        description="Which losses are the default."
    )
    capacity: float = quantity(unit="t/h", ge=0, description="Largest flow of waste.")
    carbon_loss: float | None = quantity(
        None,
        unit="1",
        gt=0,
        lt=1,
        description="Share of the carbon that leaves as CO2; by default 0.657 of food and 0.572 of "
        "garden waste.",
        source=SWOLF,
    )
    nitrogen_loss: float | None = quantity(
        None,
        unit="1",
        ge=0,
        lt=1,
        description="Share of the nitrogen that leaves, counted as N2; by default 0.839 of food "
        "and 0.139 of garden waste.",
        source=SWOLF,
    )
    organic_per_carbon: float | None = quantity(
        None,
        unit="1",
        gt=1,
        description="Organic matter lost per carbon lost; by default 1.9 of food and 2.0 of garden "
        "waste.",
        source=SWOLF,
    )
    moisture: float = quantity(
        0.45, unit="1", ge=0, lt=1, description="Of the compost, share of its mass.", source=SWOLF
    )
    electricity: str | None = port(
        None, kind="electricity", description="Fans, mills and sieves; without, none is counted."
    )
    electricity_use: float = quantity(
        0.03,
        unit="MWh/t",
        ge=0,
        description="Per waste. Open piles need next to none, but diesel for turning.",
        source="unverified: within 9 to 65 kWh/t of enclosed plants, A. Boldrin et al., Waste "
        "Management & Research 27 (2009) 800, not checked there",
    )
    variable_cost: float = quantity(
        0.0, unit="currency/t", description="Work and upkeep per waste.", source="assumed: none"
    )

    def outlets(self, buses: Mapping[str, Carrier]) -> dict[str, Carrier]:
        """The compost, from the carrier of the waste."""
        return {"compost": self._compost(buses)[0]}

    def lower(self, setting: Setting) -> Lowering:
        """One flow per t/h of waste."""
        coefficients: dict[str, Series] = {
            self.waste: -1.0,
            f"{setting.component}.compost": self._compost(setting.buses)[1],
        }
        if self.electricity is not None and self.electricity_use:
            coefficients[self.electricity] = -self.electricity_use
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,
            self.capacity,
            cost=self.variable_cost,
            # Where rotting is too weak to evaporate its water, the air does.
            closes=("co2", "n2", "water_vapour", "air", "air_heat"),
            activity="treatment",
            main=self.waste,
        )
        return Lowering([flow])

    def _compost(self, buses: Mapping[str, Carrier]) -> tuple[Carrier, float]:
        waste = buses[self.waste]
        wet = 1.0 - self.dry_matter
        if waste.unit != "t/h" or waste.of("water") < wet - 1e-9:
            raise PhysicsError(
                f"'{waste.name}' is counted in {waste.unit} and holds {waste.of('water'):.4g} t of "
                f"water per unit; {self.dry_matter:g} dry matter means {wet:g} t per t",
                key="waste",
                mend="declare its carrier by 'solid:' with this dry matter, in t/h",
            )
        carbon, nitrogen, organic = LOSS[self.feedstock]
        return compost_of(
            waste,
            self.dry_matter,
            carbon_loss=carbon if self.carbon_loss is None else self.carbon_loss,
            nitrogen_loss=nitrogen if self.nitrogen_loss is None else self.nitrogen_loss,
            organic_per_carbon=organic
            if self.organic_per_carbon is None
            else self.organic_per_carbon,
            moisture=self.moisture,
        )
