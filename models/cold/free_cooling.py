"""Chilled water from cold weather: a dry cooler or a wet tower, and no compressor."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from models.base import Flow, Lowering, port, quantity
from models.cold.chiller import Cooling
from models.cold.moist_air import wet_bulb
from models.cold.tower import WetTower
from models.site import Setting
from models.weather.long_steps import by_hours

FREE_APPROACH = {"air": 8.0, "tower": 6.0}
"""Chilled water above dry bulb, or wet bulb, at rated load [K] (assumed: 6 K for a dry cooler with
glycol or 4 K for a tower, and 2 K in the exchanger that parts its water)."""


def free_share(supply: float, outdoor: np.ndarray, approach: float) -> np.ndarray:
    """Share of the rated cooling that weather allows at full supply temperature.

    Parameters
    ----------
    supply : float
        Of the water to be made [degC].
    outdoor : ndarray
        Dry bulb of a dry cooler, wet bulb of a tower [degC].
    approach : float
        Of the water above it, at rated load [K].

    Returns
    -------
    ndarray
        Between 0 and 1.

    Notes
    -----
    With constant flows and exchangers the approach is proportional to the heat rejected: half of
    it is left where the outdoors is half an approach below the water.
    """
    return np.asarray(np.clip((supply - np.asarray(outdoor, float)) / approach, 0.0, 1.0))


def precooled_share(supply: float, back: float, outdoor: np.ndarray, approach: float) -> np.ndarray:
    """Share of a load that an economiser takes on before the chiller finishes it.

    Water comes `back` warm and is cooled to `approach` above the outdoors, at most to `supply`;
    temperatures in degC, as of `free_share`.
    """
    return np.asarray(np.clip((back - approach - np.asarray(outdoor)) / (back - supply), 0.0, 1.0))


class FreeCooling(WetTower):
    """A dry cooler or tower that makes chilled water while the weather allows."""

    kind: ClassVar[str] = "free_cooling"

    electricity: str = port(kind="electricity", description="Bus of its fans and pumps.")
    cold: str = port(kind="cold", description="Chilled-water bus it feeds.")
    capacity: float = quantity(unit="MW", description="Cold while it is cold enough.", ge=0)
    cooling: Cooling = Field("tower", description="By dry air, or by a wet tower.")
    approach: float | None = quantity(
        None,
        unit="K",
        gt=0,
        description="Chilled water above dry bulb (air) or wet bulb (tower), at capacity.",
        source="assumed: 8 K by air, 6 K by tower",
    )
    electricity_use: float = quantity(
        0.04,
        unit="1",
        ge=0,
        lt=1,
        description="Electricity per cold, for fans and pumps. It is at least the exergy of the "
        "cold against 25 degC, 0.055 for 7/12 degC, as the dead state does not follow the weather.",
        source="assumed: 0.02 each for fans and pumps",
    )

    def is_wet(self) -> bool:
        """Whether its heat goes to a wet tower."""
        return self.cooling == "tower"

    def offered(self, setting: Setting) -> np.ndarray:
        """Cold it can make on the steps of a setting, shape (n_steps,) [MW].

        Steps longer than an hour are means of hours, as a day may be cold at night only.
        """
        return by_hours(setting, self._offered)

    def _offered(self, setting: Setting) -> np.ndarray:
        """Cold at the mean weather of each step [MW]."""
        sky = setting.weather
        outdoor = sky.temp_air
        if self.cooling != "air":
            outdoor = wet_bulb(sky.temp_air, sky.relative_humidity, sky.pressure)
        approach = FREE_APPROACH[self.cooling] if self.approach is None else self.approach
        supply = setting.buses[self.cold].temperature
        return self.capacity * free_share(supply, outdoor, approach)

    def lower(self, setting: Setting) -> Lowering:
        """One flow in MW of cold."""
        use = max(self.electricity_use, setting.buses[self.cold].exergy)
        wetting = self.wetting(setting, 1.0 + use)
        flow = Flow(
            setting.component,
            setting.component,
            {self.cold: 1.0, self.electricity: -use, **wetting.coefficients},
            upper=self.offered(setting),
            closes=wetting.closes,
            activity="cooling",
            main=self.cold,
        )
        return Lowering([flow])
