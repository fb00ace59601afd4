"""Chilled water from electricity or from heat, with the heat rejected to the air.

Both machines sit between three temperatures: the evaporator, somewhat colder than the chilled
water; the condenser, somewhat warmer than the air or its wet bulb; and for absorption the driving
heat.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from models.base import Carrier, Flow, Lowering, PhysicsError, Series, port, quantity
from models.carriers import T_DEAD
from models.cold.moist_air import wet_bulb as wet_bulb
from models.cold.tower import WetTower
from models.site import Setting

ZERO = 273.15
Cooling = Literal["air", "tower"]

APPROACH = {"air": 12.0, "tower": 10.0}
"""Condensing temperature above dry bulb or wet bulb [K]. Tower: 4 K to its cold water, 5 K range,
1 K in the condenser (assumed; 1 K above the water of 34.6 degC that leaves it in AHRI 550/590)."""

RATED_OUTDOOR = {"air": 35.0, "tower": 25.6}
"""Dry bulb of AHRI 550/590, and wet bulb for its 29.4 degC at the condenser's inlet [degC]."""

RATED_COP = {"air": 2.96, "tower": 6.28}
"""ASHRAE 90.1-2019 table 6.8.1-3: air-cooled 10.1 Btu/Wh, large centrifugal 0.560 kW/ton."""

RATED_CHILLED = 6.7
"""Chilled water leaving at the rated point of AHRI 550/590 [degC]."""


def carnot_cop(evaporating: float | np.ndarray, condensing: float | np.ndarray) -> np.ndarray:
    """Cold per work of a reversible machine between two temperatures [degC].

    Infinite where the condenser is not warmer than the evaporator: heat would flow by itself.
    """
    cold, hot = np.broadcast_arrays(np.asarray(evaporating, float), np.asarray(condensing, float))
    lift = hot - cold
    ideal = np.full(lift.shape, np.inf)
    np.divide(cold + ZERO, lift, where=lift > 0, out=ideal)
    return ideal


def three_temperature_cop(
    driving: float | np.ndarray, rejecting: float | np.ndarray, evaporating: float | np.ndarray
) -> np.ndarray:
    """Cold per heat of a reversible machine driven by heat, temperatures in degC.

    A Carnot engine between the driving and the rejecting temperature that drives a Carnot chiller
    (K. E. Herold et al., *Absorption Chillers and Heat Pumps*, 2nd ed., 2016, ch. 2). Zero where
    the driving heat is not warmer than the heat rejected.
    """
    hot, sink = np.asarray(driving, float) + ZERO, np.asarray(rejecting, float) + ZERO
    work = np.maximum(1.0 - sink / hot, 0.0)
    chilling = carnot_cop(evaporating, rejecting)
    return np.where(work > 0, work * chilling, 0.0)


def condensing_temperature(setting: Setting, cooling: Cooling, approach: float) -> np.ndarray:
    """Condensing temperature on the steps of a setting [degC], shape (n_steps,)."""
    sky = setting.weather
    if cooling == "air":
        return np.asarray(sky.temp_air + approach)
    return wet_bulb(sky.temp_air, sky.relative_humidity, sky.pressure) + approach


def carnot_share(rated_cop: float, evaporating: float, cooling: Cooling, approach: float) -> float:
    """Share of the Carnot COP a machine reaches at the rated outdoor state [0-1].

    Raises
    ------
    PhysicsError
        It would reach one or more.
    """
    condensing = RATED_OUTDOOR[cooling] + approach
    ideal = float(carnot_cop(evaporating, condensing))
    if rated_cop >= ideal:
        raise PhysicsError(
            f"a COP of {rated_cop:g} is not below the Carnot limit of {ideal:.2f} between "
            f"{evaporating:.1f} degC in the evaporator and {condensing:.1f} degC in the condenser",
            key="rated_cop",
            mend="a machine reaches 0.4 to 0.7 of the limit",
        )
    return rated_cop / ideal


def cop_on(
    setting: Setting,
    cold: Carrier,
    evaporating: float,
    *,
    share: float,
    cooling: Cooling,
    approach: float,
    maximum_cop: float,
) -> np.ndarray:
    """COP on the steps of a setting, at a constant share of Carnot; shape (n_steps,).

    The share of a real compressor falls with its lift: a cycle of R134a with one isentropic
    efficiency has 8 % more than at the rated point when it condenses at 20 degC.

    Besides `maximum_cop` the COP is bounded by the exergy of the cold against the fixed dead state,
    which a machine would pass where the outdoors itself is colder than that state.
    """
    ideal = carnot_cop(evaporating, condensing_temperature(setting, cooling, approach))
    bound = min(maximum_cop, 1.0 / cold.exergy if cold.exergy > 0 else np.inf)
    return np.minimum(share * ideal, bound)


def driving_temperature(heat: Carrier, spent: Carrier | None) -> float:
    """Entropic mean temperature of the heat a carrier gives up [degC]: one of equal exergy."""
    energy, exergy = heat.of("energy"), heat.exergy
    if spent is not None:
        energy, exergy = energy - spent.of("energy"), exergy - spent.exergy
    return T_DEAD / (1.0 - exergy / energy) - ZERO


class Chiller(WetTower):
    """A compression chiller."""

    kind: ClassVar[str] = "chiller"

    electricity: str = port(kind="electricity", description="Bus that drives it.")
    cold: str = port(kind="cold", description="Chilled-water bus it feeds.")
    capacity: float = quantity(unit="MW", description="Cold at full load.", ge=0)
    cooling: Cooling = Field("tower", description="Condenser cooled by air, or by a wet tower.")
    rated_cop: float | None = quantity(
        None,
        unit="1",
        description="Cold per electricity, with chilled water at 6.7 degC and air at 35 degC or a "
        "wet bulb of 25.6 degC; lower it to count fans and pumps in.",
        source="ASHRAE 90.1-2019 table 6.8.1-3: 2.96 by air, 6.28 by tower",
        gt=0,
    )
    approach: float | None = quantity(
        None,
        unit="K",
        description="Condensing temperature above dry bulb (air) or wet bulb (tower).",
        source="assumed: 12 K by air, 10 K by tower",
        gt=0,
    )
    pinch: float = quantity(
        2.0,
        unit="K",
        description="Evaporating temperature below the chilled water.",
        source="assumed: flooded evaporators reach 1 to 2 K",
        ge=0,
    )
    maximum_cop: float = quantity(
        10.0,
        unit="1",
        description="COP however cold the weather, as a compressor needs some lift.",
        source="assumed: near the best part-load ratings of AHRI 550/590",
        gt=0,
    )

    def is_wet(self) -> bool:
        """Whether its heat goes to a wet tower."""
        return self.cooling == "tower"

    def lower(self, setting: Setting) -> Lowering:
        """One flow in MW of electricity.

        Raises
        ------
        PhysicsError
            The rated COP is not below Carnot.
        """
        approach = APPROACH[self.cooling] if self.approach is None else self.approach
        rated = RATED_COP[self.cooling] if self.rated_cop is None else self.rated_cop
        share = carnot_share(rated, RATED_CHILLED - self.pinch, self.cooling, approach)
        carrier = setting.buses[self.cold]
        cop = cop_on(
            setting,
            carrier,
            carrier.temperature - self.pinch,
            share=share,
            cooling=self.cooling,
            approach=approach,
            maximum_cop=self.maximum_cop,
        )
        wetting = self.wetting(setting, 1.0 + cop)
        flow = Flow(
            setting.component,
            setting.component,
            {self.electricity: -1.0, self.cold: cop, **wetting.coefficients},
            upper=self.capacity / cop,
            closes=wetting.closes,
            activity="cooling",
            main=self.electricity,
        )
        return Lowering([flow])


class AbsorptionChiller(WetTower):
    """A chiller driven by hot water or steam."""

    kind: ClassVar[str] = "absorption_chiller"

    heat: str = port(kind="heat|steam", description="Bus that drives it.")
    condensate: str | None = port(
        None, kind="water", description="Where condensed steam goes; needed for steam."
    )
    cold: str = port(kind="cold", description="Chilled-water bus it feeds.")
    capacity: float = quantity(unit="MW", description="Cold at full load.", ge=0)
    cop: float = quantity(
        0.70,
        unit="1",
        description="Cold per heat; about 0.7 with one effect, 1.2 with two (steam at 8 bar).",
        source="ASHRAE 90.1-2019 table 6.8.1-3: single effect, water-cooled",
        gt=0,
    )
    electricity: str | None = port(
        None, kind="electricity", description="Bus of its solution pumps; omitted, they are free."
    )
    electricity_use: float = quantity(
        0.01,
        unit="1",
        description="Electricity per cold, where a bus is named.",
        source="assumed: solution and refrigerant pumps; 0.03 with those of the cooling water",
        ge=0,
    )
    cooling: Cooling = Field("tower", description="Absorber and condenser cooled by air or tower.")
    approach: float | None = quantity(
        None,
        unit="K",
        description="Temperature of rejection above dry bulb (air) or wet bulb (tower).",
        source="assumed: 12 K by air, 10 K by tower",
        gt=0,
    )
    pinch: float = quantity(
        2.0,
        unit="K",
        description="Evaporating temperature below the chilled water.",
        source="assumed: as of compression chillers",
        ge=0,
    )

    def is_wet(self) -> bool:
        """Whether its heat goes to a wet tower."""
        return self.cooling == "tower"

    def lower(self, setting: Setting) -> Lowering:
        """One flow in MW of hot water or t/h of steam.

        Raises
        ------
        PhysicsError
            The COP is not below that of a reversible machine in every step, or steam has no
            condensate to leave as, or one that holds more energy.
        """
        heat, cold = setting.buses[self.heat], setting.buses[self.cold]
        spent = self._spent(setting, heat)
        approach = APPROACH[self.cooling] if self.approach is None else self.approach
        driving = driving_temperature(heat, spent)
        rejecting = condensing_temperature(setting, self.cooling, approach)
        evaporating = cold.temperature - self.pinch
        ideal = three_temperature_cop(driving, rejecting, evaporating)
        worst = int(np.argmin(ideal))
        if self.cop >= ideal[worst]:
            raise PhysicsError(
                f"a COP of {self.cop:g} is not below the reversible limit of {ideal[worst]:.2f} "
                f"with heat at {driving:.1f} degC, rejection at {rejecting[worst]:.1f} degC "
                f"and {evaporating:.1f} degC in the evaporator, on {setting.times[worst]}",
                key="cop",
                mend="lower the COP, or drive it with hotter heat",
            )
        per_unit = heat.of("energy") - (spent.of("energy") if spent else 0.0)
        cooled = self.cop * per_unit
        coefficients: dict[str, Series] = {self.heat: -1.0, self.cold: cooled}
        if self.condensate and spent:
            coefficients[self.condensate] = 1.0
        driven = 0.0
        if self.electricity:
            driven = self.electricity_use * cooled
            coefficients[self.electricity] = -driven
        wetting = self.wetting(setting, per_unit + cooled + driven)
        for bus, taken in wetting.coefficients.items():
            coefficients[bus] = coefficients.get(bus, 0.0) + taken
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,
            upper=self.capacity / cooled,
            closes=wetting.closes,
            activity="cooling",
            main=self.heat,
        )
        return Lowering([flow])

    def _spent(self, setting: Setting, heat: Carrier) -> Carrier | None:
        """What is left of the driving carrier; None for a closed hot-water loop."""
        if heat.unit == "MW":
            if self.condensate:
                raise PhysicsError(
                    f"'{self.heat}' is a closed loop of hot water and leaves no condensate",
                    key="condensate",
                    mend="leave it out",
                )
            return None
        if not self.condensate:
            raise PhysicsError(
                f"steam from '{self.heat}' has nowhere to go as condensate",
                key="heat",
                mend="name a water bus under 'condensate'",
            )
        spent = setting.buses[self.condensate]
        if spent.of("energy") >= heat.of("energy"):
            raise PhysicsError(
                f"condensate with {spent.of('energy'):.4f} MWh/t holds no less energy than the "
                f"steam with {heat.of('energy'):.4f} MWh/t",
                key="condensate",
                mend="name a colder water bus",
            )
        return spent
