"""What the park has to serve: electricity, heat, cold, steam, water, and anything else.

A demand is a flow from zero to what is asked for. What is not served is lost load, whose value
guides the dispatch and is never money. What is served leaves as nature has it: electricity and
heat end in the ambient, cold has taken heat out of a building, steam and water evaporate or drain.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from models.base import Flow, Lowering, Model, PhysicsError, port, quantity
from models.carriers import LATENT
from models.market.trade import BURNING, one_of, outside_name, rate_of, release_of
from models.series import TimeSeries
from models.shape import Shape, Weight, remembering, smooth, spread, weight_of
from models.site import Setting

SHAPE = "How the annual amount is spread over the year: a word, shifts, or a series of weights."
LOST = "Penalty for what is not served; steers the dispatch and is never money."
ON_CALL = "Nothing is asked for but by events; the amount is then the most they can ask."
ABOVE = "assumed: far above any price, so that a demand is shed last"


def degree_hours(base: float, time_constant: float, *, cooling: bool = False) -> Weight:
    """Weight that follows how far the smoothed air temperature lies below (above) a base.

    Parameters
    ----------
    base : float
        Air temperature from which on a building needs no heating (cooling) [degC].
    time_constant : float
        Of the building, whose walls feel an exponential mean of past temperatures [h].
    cooling : bool
        Above instead of below the base.

    Returns
    -------
    callable
        Of a setting: max(0, base - T) [K].
    """
    sign = -1.0 if cooling else 1.0

    def weight(setting: Setting) -> np.ndarray:
        felt = smooth(setting.weather.temp_air, setting.step_s / 3600, time_constant)
        return np.maximum(0.0, sign * (base - felt))

    return remembering(weight)


class ElectricityDemand(Model):
    """Use of electricity; all of it ends as heat."""

    kind: ClassVar[str] = "electricity_demand"

    bus: str = port(kind="electricity", description="Bus that serves it.")
    annual: float = quantity(unit="MWh", ge=0, description="Amount per calendar year.")
    shape: Shape = Field("flat", description=SHAPE)
    value_of_lost_load: float = quantity(
        10_000.0,
        unit="currency/MWh",
        gt=0,
        description=LOST,
        source=ABOVE,
    )
    on_call: bool = Field(False, description=ON_CALL)

    def lower(self, setting: Setting) -> Lowering:
        """One demand."""
        rate = spread(self.annual, weight_of(self.shape), setting)
        return _served(setting, self.bus, rate, self.value_of_lost_load, on_call=self.on_call)


class Demand(Model):
    """A demand for any carrier, by an annual amount or a rate."""

    kind: ClassVar[str] = "demand"

    bus: str = port(kind="any", description="Bus that serves it.")
    use: Literal["heat", "burn", "product", "release"] = Field(
        description="What becomes of it: used up as heat (electricity, heat, cold), burnt (fuels), "
        "sent off as a product, or let go to the surroundings."
    )
    annual: float | None = quantity(
        None, unit="amount of bus", ge=0, description="Amount per calendar year; or give `rate`."
    )
    rate: float | TimeSeries | None = quantity(
        None, unit="rate of bus", description="A constant rate or a series; or give `annual`."
    )
    shape: Shape = Field("flat", description=SHAPE)
    value_of_lost_load: float = quantity(
        2_000.0, unit="currency per amount of bus", gt=0, description=LOST, source=ABOVE
    )
    on_call: bool = Field(False, description=ON_CALL)

    @model_validator(mode="after")
    def _check(self) -> Self:
        one_of(self.annual, self.rate)
        return self

    def lower(self, setting: Setting) -> Lowering:
        """One demand that ends as `use` says."""
        rate = rate_of(self.annual, self.rate, self.shape, setting)
        end = self._end(setting)
        return _served(
            setting, self.bus, rate, self.value_of_lost_load, on_call=self.on_call, **end
        )

    def _end(self, setting: Setting) -> dict[str, Any]:
        carrier = setting.buses[self.bus]
        kinds = set(carrier.kind.split("|"))
        if self.use == "product":
            return {"exchange": {outside_name(setting, self.bus): 1.0}, "side": "export"}
        if self.use == "release":
            return release_of(carrier, setting, self.bus)
        if self.use == "burn" and "fuel" in kinds:
            return {"closes": BURNING, "side": "emission"}
        if self.use == "heat" and kinds & {"electricity", "heat", "cold"}:
            return {"closes": ("building_heat",)} if "cold" in kinds else {}
        needs = "a fuel" if self.use == "burn" else "electricity, heat or cold"
        raise PhysicsError(
            f"'{setting.component}' uses {carrier.name} ({carrier.kind}) by '{self.use}', "
            f"which needs {needs}",
            key="use",
            mend="write another use, such as product",
        )


class HeatDemand(Model):
    """Space heating by the weather, and hot water by the hour, from a heating loop."""

    kind: ClassVar[str] = "heat_demand"

    bus: str = port(kind="heat", description="Bus that serves it.")
    annual: float = quantity(
        unit="MWh", ge=0, description="Amount per calendar year, whatever its weather."
    )
    hot_water_share: float = quantity(
        0.2,
        unit="1",
        ge=0,
        le=1,
        description="Share of the annual amount that is hot water.",
        source="assumed: a fifth of the heat of mixed buildings",
    )
    base_temperature: float = quantity(
        17.0,
        unit="degC",
        ge=0,
        le=25,
        description="Air temperature from which on nobody heats.",
        source="Danish degree days (Teknologisk Institut, DMI): below a daily mean of 17 degC",
    )
    time_constant: float = quantity(
        34.6,
        unit="h",
        ge=0,
        le=500,
        description="How long buildings remember the weather.",
        source="BDEW/VKU/GEODE, standard load profiles of gas: past days weigh 1, 1/2, 1/4, 1/8; "
        "24 h / ln 2",
    )
    shape: Shape = Field("residential", description="Course of the hot water over the year.")
    value_of_lost_load: float = quantity(
        2_000.0, unit="currency/MWh", gt=0, description=LOST, source=ABOVE
    )
    on_call: bool = Field(False, description=ON_CALL)

    def lower(self, setting: Setting) -> Lowering:
        """One demand, the sum of both."""
        space = degree_hours(self.base_temperature, self.time_constant)
        water = self.hot_water_share * self.annual
        rate = spread(self.annual - water, space, setting, key="base_temperature")
        rate = rate + spread(water, weight_of(self.shape), setting)
        return _served(setting, self.bus, rate, self.value_of_lost_load, on_call=self.on_call)


class CoolingDemand(Model):
    """Cooling by the weather and by the heat set free inside, from a chilled-water loop."""

    kind: ClassVar[str] = "cooling_demand"

    bus: str = port(kind="cold", description="Bus that serves it.")
    annual: float = quantity(
        unit="MWh", ge=0, description="Cold per calendar year, whatever its weather."
    )
    flat_share: float = quantity(
        0.3,
        unit="1",
        ge=0,
        le=1,
        description="Share of the annual amount that follows `shape` and not the weather.",
        source="assumed: machines, servers and people of mixed buildings",
    )
    base_temperature: float = quantity(
        18.3,
        unit="degC",
        ge=0,
        le=35,
        description="Air temperature up to which nobody cools for the weather.",
        source="ASHRAE Handbook Fundamentals, chapter Climatic Design Information: degree days, "
        "base 18.3 degC",
    )
    time_constant: float = quantity(
        6.0,
        unit="h",
        ge=0,
        le=500,
        description="How long buildings remember the weather.",
        source="assumed: air and furniture, not the walls, hold back a cooling load",
    )
    shape: Shape = Field("flat", description="Course of the share that the weather does not set.")
    value_of_lost_load: float = quantity(
        2_000.0, unit="currency/MWh", gt=0, description=LOST, source=ABOVE
    )
    on_call: bool = Field(False, description=ON_CALL)

    def lower(self, setting: Setting) -> Lowering:
        """One demand, the sum of both, that takes its heat out of buildings."""
        weather = degree_hours(self.base_temperature, self.time_constant, cooling=True)
        inside = self.flat_share * self.annual
        rate = spread(self.annual - inside, weather, setting, key="base_temperature")
        rate = rate + spread(inside, weight_of(self.shape), setting)
        closes = ("building_heat",)
        return _served(
            setting, self.bus, rate, self.value_of_lost_load, on_call=self.on_call, closes=closes
        )


class SteamDemand(Model):
    """Steam for processes; what does not come back as condensate leaves as vapour."""

    kind: ClassVar[str] = "steam_demand"

    bus: str = port(kind="steam", description="Bus that serves it.")
    annual: float = quantity(unit="amount of bus", ge=0, description="Steam per calendar year.")
    shape: Shape = Field("flat", description=SHAPE)
    condensate: str | None = port(None, kind="water", description="Bus of the condensate.")
    condensate_return: float = quantity(
        0.0,
        unit="1",
        ge=0,
        le=1,
        description="Share of the steam's mass that returns as condensate.",
        source="assumed: none unless a share and its bus are given",
    )
    value_of_lost_load: float = quantity(
        1_500.0,
        unit="currency per amount of bus",
        gt=0,
        description=LOST,
        source=f"{ABOVE}; 2,000 per MWh at 0.75 MWh/t",
    )
    on_call: bool = Field(False, description=ON_CALL)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.condensate is None) != (self.condensate_return == 0):
            raise PhysicsError(
                f"condensate_return is {self.condensate_return:g} with "
                f"{'no bus for it' if self.condensate is None else 'a bus that gets nothing'}",
                key="condensate_return",
                mend="give both `condensate` and `condensate_return`, or neither",
            )
        return self

    def lower(self, setting: Setting) -> Lowering:
        """One demand; its heat ends in the ambient."""
        steam = setting.buses[self.bus]
        share, also = self.condensate_return, {}
        kept = (1 - share) * LATENT / 3600
        if self.condensate is not None:
            water = setting.buses[self.condensate]
            kept += share * water.of("energy")
            also = {self.condensate: share}
            if water.temperature >= steam.temperature:
                raise PhysicsError(
                    f"condensate at {water.temperature:g} degC is not colder than the steam at "
                    f"{steam.temperature:g} degC",
                    key="condensate",
                    mend="name a colder bus",
                )
        if kept > steam.of("energy"):
            raise PhysicsError(
                f"condensate and vapour hold {kept:.4g} MWh per t of steam, more than its "
                f"{steam.of('energy'):.4g} MWh",
                key="condensate_return",
                mend="check the energy content of the steam's carrier",
            )
        rate = spread(self.annual, weight_of(self.shape), setting)
        return _served(
            setting,
            self.bus,
            rate,
            self.value_of_lost_load,
            also,
            on_call=self.on_call,
            closes=("water_vapour",),
        )


class WaterDemand(Model):
    """Water for people and processes; what does not drain evaporates."""

    kind: ClassVar[str] = "water_demand"

    bus: str = port(kind="water", description="Bus that serves it.")
    annual: float = quantity(unit="amount of bus", ge=0, description="Water per calendar year.")
    shape: Shape = Field("flat", description=SHAPE)
    drain: str | None = port(
        None,
        kind="water|material",
        description="Bus of the waste water; else all evaporates.",
    )
    drain_share: float = quantity(
        0.8,
        unit="1",
        gt=0,
        le=1,
        description="Share that drains, where there is a drain.",
        source="assumed: a fifth goes into products, gardens and the air",
    )
    value_of_lost_load: float = quantity(
        200.0, unit="currency per amount of bus", gt=0, description=LOST, source=ABOVE
    )
    on_call: bool = Field(False, description=ON_CALL)

    def lower(self, setting: Setting) -> Lowering:
        """One demand; buildings give the heat that warms and evaporates the water."""
        also = {self.drain: self.drain_share} if self.drain is not None else {}
        rate = spread(self.annual, weight_of(self.shape), setting)
        closes = ("water_vapour", "building_heat")
        return _served(
            setting,
            self.bus,
            rate,
            self.value_of_lost_load,
            also,
            on_call=self.on_call,
            closes=closes,
        )


def _served(
    setting: Setting,
    bus: str,
    rate: float | np.ndarray,
    lost_load: float,
    also: dict[str, float] | None = None,
    **end: Any,
) -> Lowering:
    name = setting.component
    flow = Flow(
        name,
        name,
        {bus: -1.0, **(also or {})},
        rate,
        steer=-lost_load,
        activity="final_use",
        demand=True,
        main=bus,
        **end,
    )
    return Lowering([flow])
