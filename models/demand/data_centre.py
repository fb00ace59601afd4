"""Data centres: what their servers draw, what cooling them takes, and the heat they offer.

PUE is not typed in but follows from its parts and the weather: power chain, fans and pumps of the
hall, and the rejection of heat, by compressors only as far as the outdoors is too warm.
"""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from models.base import Carrier, Flow, Lowering, PhysicsError, port, quantity
from models.carriers import hot_water
from models.cold.chiller import (
    APPROACH,
    RATED_CHILLED,
    RATED_COP,
    carnot_cop,
    carnot_share,
)
from models.cold.free_cooling import precooled_share
from models.cold.moist_air import wet_bulb
from models.cold.tower import WetTower
from models.demand.demand import ABOVE, LOST, SHAPE
from models.heat.heat_exchanger import ends
from models.market.trade import one_of, rate_of
from models.series import TimeSeries
from models.shape import Shape, series_on
from models.site import Setting

LIQUID = {"air": 0.0, "cold_plate": 0.75, "immersion": 1.0}
"""Share of the servers' heat that goes into liquid (assumed: plates on processors and memory)."""

TO_OUTDOORS = {"dry": 8.0, "tower": 6.0, "water_body": 3.0}
"""Coolant above dry bulb, wet bulb or the water body [K] (assumed: with the exchanger between)."""

MACHINE: dict[str, Literal["air", "tower"]] = {
    "dry": "air",
    "tower": "tower",
    "water_body": "tower",
}
"""Whose rating the compressors behind each sink have."""

Coolant = Literal["air", "liquid"]
COOLANTS: tuple[Coolant, ...] = ("air", "liquid")

ROUNDING = 1.001
"""Room in the outlets of heat, so that rounding never sheds load."""

PINCH = 2.0
"""Evaporating temperature below the coolant [K] (assumed, as of compression chillers)."""


class DataCentre(WetTower):
    """Servers with their power chain and cooling; heat is offered to a loop that fits.

    One flow is the hall, in MW of its electricity. Its heat leaves by the loop, which spares the
    electricity of its rejection, or to the outdoors, which needs it.
    """

    kind: ClassVar[str] = "data_centre"

    electricity: str = port(kind="electricity", description="Bus that serves all of it.")
    annual: float | None = quantity(
        None, unit="MWh", ge=0, description="Of the servers, per calendar year; or give `rate`."
    )
    rate: float | TimeSeries | None = quantity(
        None, unit="MW", description="Of the servers, constant or a series; or give `annual`."
    )
    shape: Shape = Field("flat", description=SHAPE)
    cooling: Literal["air", "cold_plate", "immersion"] = Field(
        "air", description="What takes the heat off the servers."
    )
    sink: Literal["dry", "tower", "water_body"] = Field(
        "tower", description="Where it goes: dry coolers, wet towers, or a lake or sea."
    )
    sink_temperature: float | TimeSeries | None = quantity(
        None, unit="degC", description="Of the lake or sea at the intake."
    )
    economiser: bool = Field(
        True, description="Whether the outdoors cools alone as far as it can, before compressors."
    )
    chain_loss: float = quantity(
        0.06,
        unit="1",
        ge=0,
        lt=1,
        description="Loss of transformers, UPS and distribution, per load of the servers.",
        source="assumed: 0.05 to 0.08 with a double-conversion UPS; 0.03 with 10 kV to 240 V DC",
    )
    misc: float = quantity(
        0.01, unit="1", ge=0, description="Light and offices, per load.", source="assumed"
    )
    liquid_share: float | None = quantity(
        None,
        unit="1",
        ge=0,
        le=1,
        description="Share of the servers' heat that goes into liquid.",
        source="assumed: 0 by air, 0.75 with cold plates, 1 with immersion",
    )
    air_supply: float = quantity(
        20.0,
        unit="degC",
        description="Water to the air coolers of the hall.",
        source="assumed: for 24 degC at the servers, within 18 to 27 degC of ASHRAE TC 9.9",
    )
    air_return: float = quantity(
        30.0, unit="degC", description="Water back.", source="assumed: hot aisle of 35 degC"
    )
    liquid_supply: float = quantity(
        40.0,
        unit="degC",
        description="Liquid to the servers.",
        source="assumed: ASHRAE TC 9.9 class W40",
    )
    liquid_return: float = quantity(
        50.0, unit="degC", description="Liquid back.", source="assumed: 10 K over a full load"
    )
    fan_use: float = quantity(
        0.05,
        unit="1",
        ge=0,
        description="Electricity of the hall's fans per heat that air takes.",
        source="assumed: 600 Pa through filters and coils, 11 K, fans of 0.7",
    )
    pump_use: float = quantity(
        0.01, unit="1", ge=0, description="Of pumps per heat that liquid takes.", source="assumed"
    )
    rejection_use: float = quantity(
        0.02,
        unit="1",
        ge=0,
        description="Of pumps and fans outside per heat rejected.",
        source="assumed: 0.01 each",
    )
    approach: float | None = quantity(
        None,
        unit="K",
        gt=0,
        description="Coolant above dry bulb, wet bulb or water body, without compressors.",
        source="assumed: 8 K dry, 6 K by tower, 3 K to water",
    )
    maximum_cop: float = quantity(
        10.0,
        unit="1",
        gt=0,
        description="Of compressors however small the lift.",
        source="assumed: near the best part-load ratings of AHRI 550/590",
    )
    heat: str | None = port(None, kind="heat", description="Loop that the heat is offered to.")
    heat_approach: float = quantity(
        3.0,
        unit="K",
        gt=0,
        description="Coolant above that loop, at both ends.",
        source="assumed: plate heat exchanger",
    )
    value_of_lost_load: float = quantity(
        10_000.0, unit="currency/MWh", gt=0, description=LOST, source=ABOVE
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        one_of(self.annual, self.rate)
        for kind in ("air", "liquid"):
            supply, back = getattr(self, f"{kind}_supply"), getattr(self, f"{kind}_return")
            if not supply < back:
                raise PhysicsError(
                    f"{kind}_supply is {supply:g} degC and {kind}_return {back:g} degC: it would "
                    "take up no heat",
                    key=f"{kind}_return",
                    mend="let the coolant come back warmer",
                )
        if (self.sink == "water_body") == (self.sink_temperature is None):
            raise PhysicsError(
                f"the sink is '{self.sink}', and sink_temperature is "
                f"{'not given' if self.sink_temperature is None else 'given'}",
                key="sink",
                mend="give the temperature of a water body, and of no other sink",
            )
        return self

    def is_wet(self) -> bool:
        """Whether its heat goes to a wet tower."""
        return self.sink == "tower"

    def parts(self) -> dict[str, float]:
        """Electricity and heat of the hall per load of the servers.

        Returns
        -------
        dict
            ``chain``, ``fans``, ``pumps``, ``misc`` and ``hall``, their sum and the servers;
            ``air`` and ``liquid``, the heat that each coolant takes away. `misc` is not cooled.
        """
        liquid = LIQUID[self.cooling] if self.liquid_share is None else self.liquid_share
        by_air = 1.0 - liquid + self.chain_loss
        fans, pumps = self.fan_use * by_air, self.pump_use * liquid
        return {
            "chain": self.chain_loss,
            "fans": fans,
            "pumps": pumps,
            "misc": self.misc,
            "hall": 1.0 + self.chain_loss + fans + pumps + self.misc,
            "air": by_air + fans,
            "liquid": liquid + pumps,
        }

    def rejection(self, setting: Setting, coolant: Coolant) -> np.ndarray:
        """Electricity per heat of a coolant that goes to the outdoors, shape (n_steps,)."""
        supply, back = self._temperatures(coolant)
        outdoor = self._outdoor(setting)
        machine = MACHINE[self.sink]
        share = carnot_share(RATED_COP[machine], RATED_CHILLED - PINCH, machine, APPROACH[machine])
        ideal = carnot_cop(supply - PINCH, outdoor + APPROACH[machine])
        cop = np.minimum(share * ideal, self.maximum_cop)
        approach = TO_OUTDOORS[self.sink] if self.approach is None else self.approach
        free = precooled_share(supply, back, outdoor, approach) if self.economiser else 0.0
        work = (1.0 - free) / cop
        return np.asarray(work + self.rejection_use * (1.0 + work))

    def pue(self, setting: Setting) -> np.ndarray:
        """Electricity over that of the servers on the steps of a setting, no heat being used."""
        parts = self.parts()
        total = np.full(setting.n_steps, parts["hall"])
        for coolant in COOLANTS:
            total += parts[coolant] * self.rejection(setting, coolant)
        return total

    def lower(self, setting: Setting) -> Lowering:
        """The hall as a demand, a way out for each coolant, and the offer of heat.

        Raises
        ------
        PhysicsError
            No coolant is warm enough for the loop.
        """
        name, parts = setting.component, self.parts()
        load = rate_of(self.annual, self.rate, self.shape, setting)
        hall = load * parts["hall"]
        coefficients: dict[str, float] = {self.electricity: -1.0}
        buses: dict[str, Carrier] = {}
        flows: list[Flow] = []
        coolants = [c for c in COOLANTS if parts[c] > 0]
        for coolant in coolants:
            supply, back = self._temperatures(coolant)
            warm = f"{name}.{coolant}"
            buses[warm] = hot_water(warm, back, supply)
            coefficients[warm] = parts[coolant] / parts["hall"]
            work = self.rejection(setting, coolant)
            wetting = self.wetting(setting, 1.0 + work)
            flows.append(
                Flow(
                    f"{name}.{coolant}_rejection",
                    name,
                    {warm: -1.0, self.electricity: -work, **wetting.coefficients},
                    upper=load * parts[coolant] * ROUNDING,
                    closes=wetting.closes,
                    activity="cooling",
                    main=warm,
                )
            )
        if self.heat is not None:
            coolant = self._fitting(setting, coolants, buses)
            flows.append(
                Flow(
                    f"{name}.heat",
                    name,
                    {f"{name}.{coolant}": -1.0, self.heat: 1.0},
                    upper=load * parts[coolant],
                    activity="heat",
                    curtailable=True,
                    main=self.heat,
                )
            )
        demand = Flow(
            name,
            name,
            dict(coefficients),
            hall,
            steer=-self.value_of_lost_load,
            activity="final_use",
            demand=True,
            main=self.electricity,
        )
        return Lowering([demand, *flows], buses=buses)

    def _temperatures(self, coolant: Coolant) -> tuple[float, float]:
        if coolant == "air":
            return self.air_supply, self.air_return
        return self.liquid_supply, self.liquid_return

    def _outdoor(self, setting: Setting) -> np.ndarray:
        sky = setting.weather
        if self.sink == "dry":
            return sky.temp_air
        if self.sink == "tower":
            return wet_bulb(sky.temp_air, sky.relative_humidity, sky.pressure)
        given = self.sink_temperature
        if isinstance(given, TimeSeries):
            return series_on(given, setting, key="sink_temperature")
        assert given is not None
        return np.full(setting.n_steps, given)

    def _fitting(
        self, setting: Setting, coolants: list[Coolant], buses: dict[str, Carrier]
    ) -> Coolant:
        """The warmest coolant that is above the loop at both ends."""
        assert self.heat is not None
        loop = setting.buses[self.heat]
        for coolant in reversed(coolants):
            if (
                min(ends(buses[f"{setting.component}.{coolant}"], loop))
                >= self.heat_approach - 1e-9
            ):
                return coolant
        offers = [(c, *self._temperatures(c)) for c in coolants]
        found = " and ".join(f"{back:g}/{supply:g} degC by {c}" for c, supply, back in offers)
        raise PhysicsError(
            f"heat comes at {found}, and '{self.heat}' at {loop.temperature:g}/"
            f"{loop.return_temperature:g} degC needs it {self.heat_approach:g} K above",
            key="heat",
            mend="offer it to a colder loop and lift it by a heat pump, or cool by warmer liquid",
        )
