"""A tank of warm water over cold: what its layer of mixed water costs, and what its shell loses.

It stores heat in what lies above the layer, or cold in what lies below it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Store, port, quantity
from models.site import Setting
from models.storage.tank import VOLUMETRIC_HEAT, thresholds

DENSEST = 4.0
"""Temperature at which water is densest [degC]: colder water rises."""

TENTH = 2 * 0.9061938
"""Twice the inverse error function of 0.8: half the layer between a tenth and nine tenths, over
the root of diffusivity and time."""


def thermocline(initial: float, diffusivity: float, seconds: float) -> float:
    """Thickness of the layer between cold and hot water, from a tenth to nine tenths [m].

    Parameters
    ----------
    initial : float
        As the inlet makes it [m].
    diffusivity : float
        Of water [m2/s].
    seconds : float
        Since it was made [s].

    Notes
    -----
    A step smooths into an error function of ``z / (2 sqrt(a t))`` (Carslaw and Jaeger, *Conduction
    of Heat in Solids*, sec. 2.4); squares of widths add up, as variances do. Moving it up and down
    changes nothing.
    """
    return math.hypot(initial, 2 * TENTH * math.sqrt(diffusivity * seconds))


@dataclass(frozen=True)
class Zones:
    """A tank as warm water over cold, with a layer between that is of no use.

    Attributes
    ----------
    capacity : float
        Heat or cold between the two ends of the layer's travel [MWh].
    loss_rate : float
        Loss of the wall of the zone that is stored in, as a share of its content [1/h].
    constant : float
        Loss that does not depend on the content [MW].
    """

    capacity: float
    loss_rate: float
    constant: float


class StratifiedTank(Model):
    """A tank of hot water over cold water, with a layer of mixed water between them.

    The content is the heat above that layer: what it holds itself is too cool for the supply. The
    loss of the hot zone's wall follows the content; that of lid, floor and all that stays warm does
    not, and is a demand of the loop. The layer grows with time; each time it is pushed out, half
    of it is heat that returns to the sources of the loop as a warmer return, or is lost.

    On a loop of chilled water it is the same tank upside down: the content is the cold below the
    layer, and what is lost is the heat that comes in. Water holds 2 % more there than is counted.
    """

    kind: ClassVar[str] = "stratified_tank"

    bus: str = port(kind="heat|cold", description="Loop it is connected to.")
    volume: float = quantity(unit="m3", gt=0, description="Of the water.")
    charge_capacity: float = quantity(unit="MW", gt=0, description="Fastest filling.")
    discharge_capacity: float = quantity(unit="MW", gt=0, description="Fastest emptying.")
    height_to_diameter: float = quantity(
        1.5, unit="1", gt=0, description="Height over diameter.",
        source="assumed: slender enough to stay layered",
    )  # fmt: skip
    side_u_value: float = quantity(
        0.13, unit="W/(m2*K)", ge=0, description="Heat transmission of the wall.",
        source="assumed: 300 mm of mineral wool at 0.04 W/mK",
    )  # fmt: skip
    top_u_value: float = quantity(
        0.13, unit="W/(m2*K)", ge=0, description="Heat transmission of the lid.",
        source="assumed: as the wall",
    )  # fmt: skip
    bottom_u_value: float = quantity(
        0.3, unit="W/(m2*K)", ge=0, description="Heat transmission of the floor.",
        source="assumed: 130 mm of foam glass, which bears the water",
    )  # fmt: skip
    ambient: float = quantity(
        10.0, unit="degC", description="Mean temperature around the tank.",
        source="assumed: outdoors in a temperate climate",
    )  # fmt: skip
    ground: float = quantity(
        10.0, unit="degC", description="Mean temperature below the tank.",
        source="assumed: as around it",
    )  # fmt: skip
    inlet_layer: float = quantity(
        0.3, unit="m", ge=0, description="Thickness of the mixed layer that the diffusers make.",
        source="assumed: good radial diffusers; a jet makes 1 m and more",
    )  # fmt: skip
    conductivity: float = quantity(
        0.66, unit="W/(m*K)", gt=0, description="Of water, 0.58 when chilled; more where walls and "
        "pipes conduct too.", source="IAPWS, water at 70 degC",
    )  # fmt: skip
    cycle: float = quantity(
        24.0, unit="h", gt=0, description="Time until the mixed layer is pushed out.",
        source="assumed: filled or emptied once a day",
    )  # fmt: skip
    warm_return: float = quantity(
        0.0, unit="1", ge=0, le=1, description="Share of the heat (cold) in a layer pushed out "
        "that the sources take as a warmer (colder) return.",
        source="assumed: none, as they are made for the return",
    )  # fmt: skip
    initial: float = quantity(
        0.5, unit="1", ge=0, le=1, description="Content at the start, as a share of the capacity.",
        source="assumed: half full",
    )  # fmt: skip
    policy: Literal["self_consumption", "tariff", "thresholds"] = Field(
        "self_consumption",
        description="When it works: with a surplus, by the tariff of the day, or by two prices.",
    )
    charge_below: float | None = quantity(
        None, unit="currency/MWh", description="Marginal price below which it fills, by thresholds."
    )
    discharge_above: float | None = quantity(
        None,
        unit="currency/MWh",
        description="Marginal price above which it empties, by thresholds.",
    )
    value_of_lost_load: float = quantity(
        2000.0, unit="currency/MWh", ge=0, description="Penalty where the loop lacks heat.",
        source="assumed: far above any price of heat",
    )  # fmt: skip

    @property
    def diameter(self) -> float:
        """[m]"""
        return math.cbrt(4 * self.volume / (math.pi * self.height_to_diameter))

    @property
    def layer(self) -> float:
        """Thickness of the mixed layer at the end of a cycle [m]."""
        diffusivity = self.conductivity / VOLUMETRIC_HEAT
        return thermocline(self.inlet_layer, diffusivity, 3600 * self.cycle)

    def zones(self, loop: Carrier) -> Zones:
        """Capacity and losses between the supply and return temperature of a loop.

        Raises
        ------
        PhysicsError
            The mixed layer is as thick as the tank is high, or the cold water is not the denser.
        """
        sign = 1.0 if loop.temperature > loop.return_temperature else -1.0
        span = abs(loop.temperature - loop.return_temperature)
        above = max(loop.temperature, loop.return_temperature)
        below = min(loop.temperature, loop.return_temperature)
        if below < DENSEST:
            raise PhysicsError(
                f"water of {below:g} degC rises above warmer water, which is densest at 4 degC",
                key="bus",
                mend="name a loop of at least 4 degC, or store ice",
            )
        diameter, layer = self.diameter, self.layer
        height = self.height_to_diameter * diameter
        if layer >= height:
            raise PhysicsError(
                f"a layer of {layer:.2f} m mixes all of a tank {height:.2f} m high",
                key="volume",
                mend="use a 'tank', which is mixed, or a higher one, or better diffusers",
            )

        def driving(water: float, around: float) -> float:
            return max(sign * (water - around), 0.0)

        floor, rim = math.pi * diameter**2 / 4, math.pi * diameter
        heat_per_metre = VOLUMETRIC_HEAT * floor * span
        full = driving(loop.temperature, self.ambient)
        empty = driving(loop.return_temperature, self.ambient)
        watts = (
            self.top_u_value * floor * driving(above, self.ambient)
            + self.bottom_u_value * floor * driving(below, self.ground)
            + self.side_u_value * rim * (height * empty + layer / 2 * (full - empty))
        )
        mixed = heat_per_metre * layer / 2 / (3600 * self.cycle)
        return Zones(
            capacity=heat_per_metre * (height - layer) / 3.6e9,
            loss_rate=3600 * self.side_u_value * rim * (full - empty) / heat_per_metre,
            constant=(watts + (1 - self.warm_return) * mixed) / 1e6,
        )

    def lower(self, setting: Setting) -> Lowering:
        """A store, a way in and a way out, and what keeps it warm or cold."""
        loop = setting.buses[self.bus]
        if not math.isfinite(loop.return_temperature):
            raise PhysicsError(
                f"{loop.name} has no supply and return temperature",
                key="bus",
                mend="name a loop of hot or chilled water",
            )
        zones = self.zones(loop)
        around = ("air_heat",) if "cold" in loop.kind.split("|") else ()
        below, above = thresholds(self.policy, self.charge_below, self.discharge_above)
        name = setting.component
        stored = f"{name}.stored"
        store = Store(
            stored,
            name,
            loop,
            zones.capacity,
            initial=self.initial * zones.capacity,
            loss_rate=zones.loss_rate,
            closes=around,
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
        flows.append(
            Flow(
                f"{name}.loss",
                name,
                {self.bus: -1.0},
                zones.constant,
                closes=around,
                steer=-self.value_of_lost_load,
                demand=True,
                stays=True,
                activity="storage",
                main=self.bus,
            )
        )
        return Lowering(flows, [store])
