"""A district heating network: what enters, what arrives, and what the ground takes on the way."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from models.base import Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.site import Setting


def pair_coefficient(
    pipe: float, casing: float, *, depth: float, spacing: float, insulation: float, soil: float
) -> float:
    """Heat loss of a buried pair of single pipes per difference of temperature [W/m/K].

    Parameters
    ----------
    pipe, casing : float
        Outer diameter of the steel pipe and of the insulation [m].
    depth : float
        From the surface to the pipe's axis [m].
    spacing : float
        Between the two axes [m].
    insulation, soil : float
        Thermal conductivity [W/m/K].

    Returns
    -------
    float
        Loss of both pipes together, per metre of trench and kelvin between the mean of supply and
        return and the ground: ``2 (U1 - U2) = 2 / (R_soil + R_insulation + R_mutual)``.

    Raises
    ------
    PhysicsError
        The casing is no wider than the pipe, or the pipes overlap or reach out of the ground.

    Notes
    -----
    EN 13941-1:2019, annex on heat loss (after Wallenten, *Steady-state heat loss from insulated
    pipes*, Lund 1991); the surface adds 0.0685 m2K/W, as 0.0685 * soil metres of depth.
    """
    if not (0 < pipe < casing < spacing and casing / 2 < depth):
        raise PhysicsError(
            f"pipes of {pipe:g} m in casings of {casing:g} m cannot lie {spacing:g} m apart and "
            f"{depth:g} m deep",
            mend="pipe < casing < spacing, and half the casing < depth",
        )
    depth = depth + 0.0685 * soil
    ground = math.log(4 * depth / casing) / (2 * math.pi * soil)
    foam = math.log(casing / pipe) / (2 * math.pi * insulation)
    mutual = math.log(1 + (2 * depth / spacing) ** 2) / (4 * math.pi * soil)
    return 2 / (ground + foam + mutual)


class Pipes(BaseModel):
    """A pair of pipes, by its coefficient or by its measures."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    length: float = quantity(unit="m", gt=0, description="Length of trench.")
    coefficient: float | None = quantity(
        None, unit="W/m/K", gt=0, description="Loss of both pipes; worked out where not given."
    )
    diameter: float = quantity(
        0.1143, unit="m", gt=0, description="Steel pipe, outer.", source="EN 253, DN 100"
    )
    casing: float = quantity(
        0.2, unit="m", gt=0, description="Insulation, outer.", source="EN 253, DN 100, series 1"
    )
    depth: float = quantity(
        0.7, unit="m", gt=0, description="Surface to axis.", source="assumed: 0.6 m of cover"
    )
    spacing: float = quantity(
        0.35, unit="m", gt=0, description="Axis to axis.", source="assumed: 0.15 m between casings"
    )
    insulation: float = quantity(
        0.027, unit="W/(m*K)", gt=0, description="Conductivity of the foam.",
        source="EN 253, at most 0.029 at 50 degC; 0.027 typical (assumed)",
    )  # fmt: skip
    soil: float = quantity(
        1.6, unit="W/(m*K)", gt=0, description="Conductivity of the ground.",
        source="assumed: moist sand; EN 13941-1 names 1.0 to 2.0",
    )  # fmt: skip

    def conductance(self) -> float:
        """Loss of the whole length [W/K]."""
        if self.coefficient is not None:
            return self.length * self.coefficient
        return self.length * pair_coefficient(
            self.diameter,
            self.casing,
            depth=self.depth,
            spacing=self.spacing,
            insulation=self.insulation,
            soil=self.soil,
        )


class DistrictNetwork(Model):
    """Heat carried from plants to customers, with a standing loss to the ground and pumping."""

    kind: ClassVar[str] = "district_network"

    inlet: str = port(kind="heat", description="Loop fed by the plants.")
    outlet: str = port(kind="heat", description="Loop of the customers; may be the same water.")
    electricity: str | None = port(
        None, kind="electricity", description="Power of the pumps; without it they are not counted."
    )
    capacity: float = quantity(unit="MW", gt=0, description="Largest heat carried.")
    conductance: float | None = quantity(
        None, unit="W/K", gt=0, description="Loss of the whole network, pipes both ways."
    )
    pipes: Pipes | None = Field(None, description="The pipes, instead of `conductance`.")
    soil_temperature: float = quantity(
        8.0,
        unit="degC",
        description="Yearly mean of the ground at pipe depth.",
        source="assumed: near the mean of the air in Denmark",
    )
    soil_amplitude: float = quantity(
        0.0,
        unit="K",
        ge=0,
        description="Half the yearly swing of the ground at pipe depth.",
        source="assumed: constant; 5 to 8 K at 0.7 m in northern Europe",
    )
    coldest_day: float = quantity(
        50.0,
        unit="d",
        ge=0,
        le=366,
        description="Day of the year on which the ground is coldest.",
        source="assumed: three weeks after the air in the northern hemisphere",
    )
    pumping: float = quantity(
        0.01,
        unit="1",
        ge=0,
        lt=1,
        description="Electricity of the pumps per heat carried.",
        source="assumed: 0.5 to 1 % is usual in Nordic networks",
    )
    value_of_lost_load: float = quantity(
        2000.0,
        unit="currency/MWh",
        ge=0,
        description="Penalty where even the losses cannot be supplied.",
        source="assumed: far above any price of heat",
    )

    def soil(self, setting: Setting) -> Series:
        """Temperature of the ground [degC]: a sine over the year (Kusuda and Achenbach, 1965)."""
        if self.soil_amplitude == 0:
            return self.soil_temperature
        day = setting.times.day_of_year - 1 + setting.times.hour / 24 + setting.step_s / 2 / 86400
        angle = 2 * np.pi * (np.asarray(day, float) - self.coldest_day) / 365.25
        return self.soil_temperature - self.soil_amplitude * np.cos(angle)

    def lower(self, setting: Setting) -> Lowering:
        """The heat carried, and the loss as a demand of the inlet."""
        inlet, outlet = setting.buses[self.inlet], setting.buses[self.outlet]
        if self.inlet == self.outlet:
            raise PhysicsError(
                f"inlet and outlet are both '{self.inlet}'",
                key="outlet",
                mend="give the customers a bus of their own; it may hold the same water",
            )
        if outlet.temperature > inlet.temperature:
            raise PhysicsError(
                f"'{self.outlet}' at {outlet.temperature:g} degC is hotter than '{self.inlet}' at "
                f"{inlet.temperature:g} degC",
                key="outlet",
                mend="a network does not raise temperature; put a heat pump between",
            )
        if (self.conductance is None) == (self.pipes is None):
            raise PhysicsError(
                "the loss is given by 'conductance' or by 'pipes', one of the two",
                mend="give 'pipes: {length: ...}', or the conductance in W/K",
            )
        conductance = self.conductance
        if self.pipes is not None:
            conductance = self.pipes.conductance()
        assert conductance is not None
        mean = (inlet.temperature + inlet.return_temperature) / 2
        loss = np.maximum(conductance * (mean - np.asarray(self.soil(setting))) / 1e6, 0.0)
        coefficients: dict[str, Any] = {self.inlet: -1.0, self.outlet: 1.0}
        if self.electricity and self.pumping:
            coefficients[self.electricity] = -self.pumping
        carried = Flow(
            setting.component,
            setting.component,
            coefficients,
            upper=self.capacity,
            activity="heat",
            main=self.inlet,
        )
        lost = Flow(
            f"{setting.component}.loss",
            setting.component,
            {self.inlet: -1.0},
            upper=float(loss) if loss.ndim == 0 else loss,
            steer=-self.value_of_lost_load,
            demand=True,
            activity="heat",
            main=self.inlet,
        )
        return Lowering([carried, lost])
