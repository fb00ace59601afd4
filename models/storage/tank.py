"""Tanks and silos: an amount of heat, cold, water, gas or material that waits for its use."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Store, port, quantity
from models.site import Setting

VOLUMETRIC_HEAT = 4.10e6
"""Density times specific heat of water near 70 degC [J/m3/K] (978 kg/m3, 4190 J/kg/K)."""


def cylinder_loss_rate(
    volume: float,
    u_value: float,
    *,
    hot: float,
    cold: float,
    ambient: float,
    height_to_diameter: float,
) -> float:
    """Standing loss of a cylindrical water tank, as a share of its useful heat.

    Parameters
    ----------
    volume : float
        [m3]
    u_value : float
        Heat transmission of wall, lid and floor [W/(m2*K)].
    hot, cold : float
        Water full and empty of useful heat (of cold: the other way round) [degC].
    ambient : float
        Surroundings [degC].
    height_to_diameter : float
        [-]

    Returns
    -------
    float
        U A |hot - ambient| / (rho c V |hot - cold|) [1/h], at least 0: a full tank loses just this;
        one partly full loses in proportion to its content, which leaves out the loss of the water
        at the cold end.
    """
    diameter = math.cbrt(4 * volume / (math.pi * height_to_diameter))
    area = math.pi * diameter**2 * (height_to_diameter + 0.5)
    watts_per_joule = u_value * area * (hot - ambient) / (VOLUMETRIC_HEAT * volume * (hot - cold))
    return max(0.0, watts_per_joule * 3600)


class Cylinder(BaseModel):
    """The shell of a water tank, from which its standing loss follows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    u_value: float = quantity(
        unit="W/(m2*K)", gt=0, description="Heat transmission of wall, lid and floor."
    )
    height_to_diameter: float = quantity(
        1.5,
        unit="1",
        gt=0,
        description="Height over diameter.",
        source="assumed: slender enough to stay layered",
    )
    ambient: float = quantity(
        10.0,
        unit="degC",
        description="Mean temperature around the tank.",
        source="assumed: outdoors in a temperate climate",
    )

    def loss_rate(self, capacity: float, carrier: Carrier) -> float:
        """Share lost per hour [1/h] of a tank of useful heat or cold `capacity` [MWh]."""
        span = abs(carrier.temperature - carrier.return_temperature)
        volume = capacity * 3.6e9 / (VOLUMETRIC_HEAT * span)
        return cylinder_loss_rate(
            volume,
            self.u_value,
            hot=carrier.temperature,
            cold=carrier.return_temperature,
            ambient=self.ambient,
            height_to_diameter=self.height_to_diameter,
        )


class Tank(Model):
    """A store of anything but electricity and steam; it may fill and empty at once."""

    kind: ClassVar[str] = "tank"

    bus: str = port(
        kind="heat|cold|water|gas|fuel|solid|material", description="Bus it is connected to."
    )
    capacity: float = quantity(unit="amount of bus", gt=0, description="Largest content.")
    charge_capacity: float = quantity(unit="rate of bus", gt=0, description="Fastest filling.")
    discharge_capacity: float = quantity(unit="rate of bus", gt=0, description="Fastest emptying.")
    loss_rate: float | Cylinder = quantity(
        0.0,
        unit="1/h",
        description="Share of the heat or cold lost per hour, or the shell it follows from.",
        source="assumed: tight and well insulated",
    )
    initial: float = quantity(
        0.5,
        unit="1",
        ge=0,
        le=1,
        description="Content at the start, as a share of the capacity.",
        source="assumed: half full",
    )
    policy: Literal["self_consumption", "tariff", "thresholds"] = Field(
        "self_consumption",
        description="When it works: with a surplus, by the tariff of the day, or by two prices.",
    )
    charge_below: float | None = quantity(
        None,
        unit="currency per amount of bus",
        description="Marginal price below which it fills, by thresholds.",
    )
    discharge_above: float | None = quantity(
        None,
        unit="currency per amount of bus",
        description="Marginal price above which it empties, by thresholds.",
    )

    def lower(self, setting: Setting) -> Lowering:
        """A store with a way in and a way out."""
        carrier = setting.buses[self.bus]
        name = setting.component
        stored = f"{name}.stored"
        below, above = thresholds(self.policy, self.charge_below, self.discharge_above)
        store = Store(
            stored,
            name,
            carrier,
            self.capacity,
            initial=self.initial * self.capacity,
            loss_rate=self._loss_rate(carrier),
            closes=("air_heat",) if "cold" in carrier.kind.split("|") else (),
            policy=self.policy,
            charge_below=below,
            discharge_above=above,
        )
        flows = [
            Flow(
                f"{name}.{role}",
                name,
                {self.bus: -sign, stored: sign},
                upper,
                activity="storage",
                main=self.bus,
            )
            for role, sign, upper in (
                ("charge", 1.0, self.charge_capacity),
                ("discharge", -1.0, self.discharge_capacity),
            )
        ]
        return Lowering(flows, [store])

    def _loss_rate(self, carrier: Carrier) -> float:
        thermal = bool({"heat", "cold"} & set(carrier.kind.split("|")))
        if isinstance(self.loss_rate, Cylinder):
            if not (thermal and math.isfinite(carrier.return_temperature)):
                raise PhysicsError(
                    f"{carrier.name} has no supply and return temperature to lose heat by",
                    key="loss_rate",
                    mend="give a share per hour, or none",
                )
            return self.loss_rate.loss_rate(self.capacity, carrier)
        if self.loss_rate < 0:
            raise PhysicsError(
                f"loss_rate is {self.loss_rate:g} per hour: the content would grow by itself",
                key="loss_rate",
                mend="give a rate of at least zero",
            )
        if self.loss_rate > 0 and not thermal:
            raise PhysicsError(
                f"{carrier.name} would vanish at {self.loss_rate:g} per hour: only heat and cold "
                "may seep away",
                key="loss_rate",
                mend="leave it out; let what escapes go through a release",
            )
        return self.loss_rate


def thresholds(policy: str, below: float | None, above: float | None) -> tuple[float, float]:
    """The two prices of a policy; zero where it sets them itself.

    Raises
    ------
    PhysicsError
        Prices are given to another policy, are missing, or stand the wrong way round.
    """
    if policy != "thresholds":
        if below is not None or above is not None:
            raise PhysicsError(
                f"charge_below and discharge_above mean nothing to policy {policy}",
                key="policy",
                mend="write policy: thresholds, or leave them out",
            )
        return 0.0, 0.0
    if below is None or above is None or below > above:
        raise PhysicsError(
            f"policy thresholds has charge_below {below} and discharge_above {above}",
            key="policy",
            mend="give both, charge_below at most discharge_above",
        )
    return below, above
