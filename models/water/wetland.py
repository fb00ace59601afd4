"""Constructed wetland: what it evaporates, and what it takes out of the water by its area."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from models.base import Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.carriers import LATENT
from models.site import Setting

DAYS_PER_YEAR = 365.25

# Unverified: Kadlec and Wallace, Treatment Wetlands, 2nd ed. (2009), free water surface, medians of
# the areal rate at 20 degC [m/a], tanks in series P, background C* [g/m3] and temperature factor.
REMOVAL = {
    "nitrogen": (12.6, 3.0, 1.5, 1.056),
    "phosphorus": (10.0, 3.4, 0.002, 1.0),
}


def outlet_concentration(substance: str, inlet: float, loading: float, temperature: float) -> float:
    """Concentration in water that leaves a free water surface wetland [g/m3].

    Parameters
    ----------
    substance : {"nitrogen", "phosphorus"}
    inlet : float
        Total, in the water that enters [g/m3].
    loading : float
        Hydraulic loading [m/a].
    temperature : float
        Of the water [degC].

    Notes
    -----
    The P-k-C* model, ``C* + (C - C*) (1 + k / (P q))^-P`` with ``k = k20 theta^(T - 20)`` (Kadlec
    and Wallace, 2009); medians of many wetlands, of which single ones differ by a factor of two.
    """
    k20, tanks, background, theta = REMOVAL[substance]
    rate = k20 * theta ** (temperature - 20.0)
    if inlet <= background:
        return inlet
    kept = math.pow(1.0 + rate / (tanks * loading), -tanks)
    return background + (inlet - background) * kept


def evaporation(ghi: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Evapotranspiration of open water and wet plants [mm/h].

    Parameters
    ----------
    ghi : ndarray
        Global horizontal irradiance [W/m2].
    temperature : ndarray
        Of the air [degC].

    Notes
    -----
    Makkink, ``0.65 s / (s + gamma) G / lambda`` (de Bruin, 1987).
    """
    saturation = 0.6108 * np.exp(17.27 * temperature / (temperature + 237.3))
    slope = 4098.0 * saturation / (temperature + 237.3) ** 2
    gamma = 0.066
    return np.asarray(0.65 * slope / (slope + gamma) * ghi * 3.6 / LATENT)


class Wetland(Model):
    """A free water surface wetland behind a treatment plant."""

    kind: ClassVar[str] = "wetland"

    inlet: str = port(kind="water", description="Water to be polished.")
    outlet: str = port(kind="water", description="Water that leaves.")
    area: float = quantity(unit="m^2", gt=0, description="Wetted area.")
    capacity: float = quantity(unit="t/h", gt=0, description="Flow it is built for.")
    substance: Literal["nitrogen", "phosphorus"] = Field(
        "nitrogen", description="What the outlet is checked for."
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow per tonne of inlet; evaporation is that share of the flow it is built for.

        Raises
        ------
        PhysicsError
            The outlet is declared cleaner than the area can make it.
        """
        inlet, outlet = setting.buses[self.inlet], setting.buses[self.outlet]
        loading = self.capacity * 24.0 * DAYS_PER_YEAR / self.area
        before = 1e6 * inlet.of(self.substance)
        least = outlet_concentration(self.substance, before, loading, inlet.temperature)
        after = 1e6 * outlet.of(self.substance)
        if before and after < least * (1 - 1e-9):
            raise PhysicsError(
                f"{self.area:g} m2 bring {before:.1f} g/m3 of {self.substance} to {least:.1f} at "
                f"{loading:.0f} m/a, and '{outlet.name}' holds {after:.1f}",
                key="area",
                mend="give more area, or an outlet that holds what is left",
            )
        weather = setting.weather
        lost = evaporation(weather.ghi, weather.temp_air) * self.area / 1000.0 / self.capacity
        if lost.max(initial=0.0) >= 1:
            raise PhysicsError(
                f"at noon all of {self.capacity:g} t/h would evaporate from {self.area:g} m2",
                key="capacity",
                mend="lead more water in, or lower the area",
            )
        # What is taken out of the water leaves a little less than a tonne of it.
        water = inlet.of("water") / outlet.of("water")
        kept: Series = water * (1.0 - lost)
        flow = Flow(
            setting.component,
            setting.component,
            {self.inlet: -1.0, self.outlet: kept},
            self.capacity,
            closes=("n2", "co2", "water_vapour", "air", "sun"),
            activity="treatment",
            main=self.inlet,
        )
        return Lowering([flow])
