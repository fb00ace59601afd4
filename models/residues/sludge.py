"""Thermal drying: wet sludge loses water to steam heat and may become a fuel.

Dry matter is conserved, so the dried sludge is derived from the wet one. Where its heating value
is positive it is a fuel counted in MW, otherwise a material in t/h.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field, model_validator

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.carriers import CP_WATER, LATENT
from models.site import Setting

HEAT_USE = {
    False: (0.85, "public: Eliquo, data of the Elodry belt dryer, 0.75 to 0.85 MWh per t"),
    True: (0.65, "public: Knoer and Poisson (Innoplana) on the Innodry 2E, 0.65 MWh per t"),
}
"""Heat per t of water evaporated [MWh/t] of a dryer of one stage, and of two."""


def least_heat(temperature: float, stages: int) -> float:
    """Least heat that evaporates a tonne of water [MWh/t].

    Parameters
    ----------
    temperature : float
        Of the water as it comes [degC].
    stages : int
        The vapour of each heats the next, so n stages need at best a share 1/n of the heat.

    Notes
    -----
    Enthalpy of vapour at 25 degC over that of the liquid as it comes (IAPWS-95); a multiple-effect
    evaporator bounds what heat recovery can save.
    """
    return (LATENT + CP_WATER * (25.0 - temperature)) / 3600.0 / stages


def evaporated(wet: float, dried: float) -> float:
    """Water that leaves per t of wet material, from the dry matter before and after [t/t]."""
    return 1.0 - wet / dried


def dry(wet: Carrier, before: float, after: float) -> tuple[Carrier, float]:
    """The dried material, and its amount per t of the wet one.

    Parameters
    ----------
    wet : Carrier
        In t/h.
    before, after : float
        Dry matter as shares of the mass [0-1].

    Returns
    -------
    Carrier, float
        In MW (LHV) with MWh per t where it burns, else in t/h with t per t.
    """
    water = evaporated(before, after)
    warm = 0.0 if math.isnan(wet.temperature) else CP_WATER * (wet.temperature - 25.0) / 3600.0
    gone = {"mass": water, "water": water, "energy": water * warm}
    content = {name: value - gone.get(name, 0.0) for name, value in wet.content.items()}
    moisture = before / after - before
    lhv = content.get("energy", 0.0) - moisture * warm - LATENT / 3600.0 * content["water"]
    burns = lhv > 1e-9
    amount = lhv if burns else before / after
    carrier = Carrier(
        "dried",
        "MW" if burns else "t/h",
        {name: value / amount for name, value in content.items()},
        wet.exergy / amount,
        1.0 if burns else 0.0,
        wet.fossil,
        kind="fuel|solid|material" if burns else "solid|material",
        temperature=wet.temperature,
        source=f"{wet.name} at {100 * after:g} % dry matter",
    )
    return carrier, amount


class SludgeDryer(Model):
    """Steam-heated dryer; the dried sludge is the bus `NAME.dried`."""

    kind: ClassVar[str] = "sludge_dryer"

    wet: str = port(kind="solid|material", description="Wet sludge, in t/h.")
    wet_dry_matter: float = quantity(
        unit="1", gt=0, lt=1, description="Dry matter of the wet sludge, share of its mass."
    )
    dry_matter: float = quantity(
        unit="1", gt=0, le=1, description="Dry matter of the dried sludge, share of its mass."
    )
    capacity: float = quantity(unit="t/h", ge=0, description="Largest flow of wet sludge.")
    steam: str = port(kind="steam", description="Heating steam.")
    condensate: str = port(kind="water", description="Where its condensate goes.")
    two_stage: bool = Field(
        False, description="The vapour of the first stage heats the second; needs `drain`."
    )
    steam_use: float | None = quantity(
        None,
        unit="1",
        gt=0,
        description="t of steam per t of water evaporated; by default the steam that gives "
        "0.85 MWh per t, of two stages 0.65 MWh per t.",
        source="; ".join(text for _, text in HEAT_USE.values()),
    )
    electricity: str = port(kind="electricity", description="Fans, belts and conveyors.")
    electricity_use: float = quantity(
        0.05,
        unit="MWh/t",
        ge=0,
        description="Per t of water evaporated.",
        source="public: Eliquo, data of the Elodry belt dryer, at most 50 kWh per t",
    )
    drain: str | None = port(
        None,
        kind="water|material",
        description="Where the condensed vapour goes; without it, vapour leaves to the air.",
    )

    @model_validator(mode="after")
    def _possible(self) -> SludgeDryer:
        if self.dry_matter <= self.wet_dry_matter:
            raise PhysicsError(
                f"the dried sludge has {self.dry_matter:g} dry matter, the wet one "
                f"{self.wet_dry_matter:g}",
                key="dry_matter",
                mend="a dryer raises the dry matter",
            )
        if self.two_stage and self.drain is None:
            raise PhysicsError(
                "two stages use the vapour by condensing it, and nothing takes the condensed water",
                key="two_stage",
                mend="name the bus of the dryer's wastewater in 'drain'",
            )
        return self

    def outlets(self, buses: Mapping[str, Carrier]) -> dict[str, Carrier]:
        """The dried sludge, from the carrier of the wet one."""
        return {"dried": self._dried(buses)[0]}

    def lower(self, setting: Setting) -> Lowering:
        """One flow per t/h of wet sludge."""
        buses = setting.buses
        _, amount = self._dried(buses)
        water = evaporated(self.wet_dry_matter, self.dry_matter)
        steam = water * self._steam(buses)
        coefficients: dict[str, Series] = {self.wet: -1.0, f"{setting.component}.dried": amount}
        for bus, value in (
            (self.steam, -steam),
            (self.condensate, steam),
            (self.electricity, -water * self.electricity_use),
            (self.drain, water),
        ):
            if bus is not None and value:
                # Condensate and dryer wastewater may share a bus.
                coefficients[bus] = coefficients.get(bus, 0.0) + value
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,
            self.capacity,
            closes=() if self.drain else ("water_vapour",),
            activity="treatment",
            main=self.wet,
        )
        return Lowering([flow])

    def _dried(self, buses: Mapping[str, Carrier]) -> tuple[Carrier, float]:
        wet = buses[self.wet]
        moisture = 1.0 - self.wet_dry_matter
        if wet.unit != "t/h" or wet.of("water") < moisture - 1e-9:
            raise PhysicsError(
                f"'{wet.name}' is counted in {wet.unit} and holds {wet.of('water'):.4g} t of water "
                f"per unit; {self.wet_dry_matter:g} dry matter means {moisture:g} t per t",
                key="wet",
                mend="declare its carrier by 'solid:' with this dry matter, in t/h",
            )
        return dry(wet, self.wet_dry_matter, self.dry_matter)

    def _steam(self, buses: Mapping[str, Carrier]) -> float:
        """Steam per t of water evaporated [t/t]."""
        drop = buses[self.steam].of("energy") - buses[self.condensate].of("energy")
        steam_use = HEAT_USE[self.two_stage][0] / drop if self.steam_use is None else self.steam_use
        temperature = buses[self.wet].temperature
        stages = 2 if self.two_stage else 1
        least = least_heat(25.0 if math.isnan(temperature) else temperature, stages)
        given = steam_use * drop + self.electricity_use
        if given < least:
            raise PhysicsError(
                f"{steam_use:.3g} t of steam at {drop:.4g} MWh/t and the electricity give "
                f"{given:.4g} MWh per t of water; {stages} stage(s) need at least {least:.4g} MWh",
                key="steam_use",
                mend=f"use at least {(least - self.electricity_use) / drop:.3g} t of steam per t",
            )
        return steam_use
