"""Wet cooling towers: how much water they evaporate, lose as droplets, and bleed off.

Of heat given to a tower the air takes one part as warmth and the larger part as vapour; the hotter
and drier the air, the larger. Salts stay behind, and are bled off with some of the water.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from pydantic import model_validator

from models.base import Model, PhysicsError, port, quantity
from models.carriers import CP_WATER
from models.cold.moist_air import enthalpy, humidity_ratio, wet_bulb
from models.site import Setting

RANGE = 5.0
"""By which the water is cooled [K] (assumed, as of the chillers' condensers)."""

LEAVING = 4.0 + RANGE / 2
"""Air that leaves, saturated, above the wet bulb [K]: at the mean temperature of the water, which
is cooled to 4 K above the wet bulb (assumed)."""

COLDEST = 5.0
"""Water is kept warmer than this against ice [degC] (assumed)."""


def evaporated(
    temp_air: np.ndarray,
    relative_humidity: np.ndarray,
    pressure: np.ndarray,
    leaving: np.ndarray,
    make_up: float,
) -> np.ndarray:
    """Water that evaporates per heat rejected [kg/kJ].

    Parameters
    ----------
    temp_air : ndarray
        Dry bulb of the air that enters [degC].
    relative_humidity : ndarray
        Of the air that enters [%].
    pressure : ndarray
        Of the air [Pa].
    leaving : ndarray
        Temperature of the air that leaves, saturated [degC].
    make_up : float
        Temperature of the water that replaces what evaporates [degC].

    Returns
    -------
    ndarray
        dw / (dh - dw cp t): balances of water and of enthalpy over the tower, without the heat
        that blowdown and droplets carry.

    Notes
    -----
    ASHRAE Handbook HVAC Systems and Equipment (2016), chapter 40, "Cooling Towers": enthalpy
    balance; taking the air that leaves for saturated is EnergyPlus's mode "SaturatedExit".
    """
    dry = humidity_ratio(temp_air, relative_humidity, pressure)
    wet = humidity_ratio(leaving, 100.0, pressure)
    gained = enthalpy(leaving, wet) - enthalpy(temp_air, dry)
    water = wet - dry
    return np.asarray(water / (gained - water * CP_WATER * make_up))


@dataclass(frozen=True)
class Wetting:
    """Coefficients of the water per unit of activity, and what its vapour may take heat from."""

    coefficients: dict[str, np.ndarray]
    closes: tuple[str, ...]


class WetTower(Model):
    """What a technology with a wet tower may say of its water; unsaid, the water is not counted."""

    water: str | None = port(
        None, kind="water", description="Make-up of a wet tower; without, it is not counted."
    )
    blowdown: str | None = port(
        None, kind="water|material", description="Where the water bled off goes."
    )
    cycles: float = quantity(
        3.0,
        unit="1",
        gt=1,
        description="Salt in the water of the tower over that of its make-up.",
        source="default of EnergyPlus 25.2, blowdown concentration ratio",
    )
    drift: float = quantity(
        8e-5,
        unit="1",
        ge=0,
        lt=0.01,
        description="Droplets lost over water circulated, which is cooled by 5 K.",
        source="default of EnergyPlus 25.2, drift loss of 0.008 %",
    )

    def is_wet(self) -> bool:
        """Whether its heat goes to a wet tower."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _check_water(self) -> Self:
        if (self.water is None) != (self.blowdown is None):
            missing = "water" if self.water is None else "blowdown"
            raise PhysicsError(
                f"a tower with {'blowdown' if missing == 'water' else 'water'} but no {missing}: "
                "what evaporates leaves its salts behind, and they have to be bled off",
                key=missing,
                mend="name both `water` and `blowdown`, or neither",
            )
        if self.water is not None and self.water == self.blowdown:
            raise PhysicsError(
                f"what is bled off returns to '{self.water}', which makes it up: its salts would "
                "never leave the tower",
                key="blowdown",
                mend="name another bus for the blowdown, such as one of wastewater",
            )
        if self.water is not None and not self.is_wet():
            raise PhysicsError(
                f"'{self.water}' is to make up the water of a tower, and heat is rejected dry",
                key="water",
                mend="reject heat by a tower, or leave the water out",
            )
        return self

    def wetting(self, setting: Setting, heat: float | np.ndarray) -> Wetting:
        """Make-up and blowdown of a flow that rejects `heat` [MWh per unit of activity]."""
        if self.water is None or self.blowdown is None:
            return Wetting({}, ())
        sky, make_up = setting.weather, setting.buses[self.water]
        air = sky.temp_air, sky.relative_humidity, sky.pressure
        leaving = np.maximum(wet_bulb(*air) + LEAVING, COLDEST)
        vapour = 3600.0 * evaporated(*air, leaving, make_up.temperature)
        droplets = self.drift * 3600.0 / (CP_WATER * RANGE)
        bled = np.maximum(vapour / (self.cycles - 1.0) - droplets, 0.0)
        coefficients = {
            self.water: -heat * (vapour + droplets + bled),
            self.blowdown: heat * bled,
        }
        # In hot dry air more heat evaporates than is rejected; the rest comes from that air.
        return Wetting(coefficients, ("water_vapour", "air_heat"))
