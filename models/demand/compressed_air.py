"""Compressed air as a demand for electricity, nearly all of which could be used again as heat."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, port, quantity
from models.carriers import hot_water
from models.demand.demand import ABOVE, LOST, SHAPE
from models.shape import Shape, spread, weight_of
from models.site import Setting

GAMMA = 1.4
"""Ratio of specific heats of dry air."""

REFERENCE = (1e5, 293.15)
"""Pressure [Pa] and temperature [K] at which a cubic metre of free air is counted (ISO 1217)."""


def specific_energy(
    inlet: float | np.ndarray,
    outlet: float,
    *,
    temperature: float = 20.0,
    stages: int = 1,
    efficiency: float = 1.0,
) -> np.ndarray:
    """Electricity to compress a cubic metre of free air [kWh/m3].

    Parameters
    ----------
    inlet, outlet : float
        Absolute pressures [bar].
    temperature : float
        Of the air drawn in, and after each intercooler [degC].
    stages : int
        Of equal pressure ratio.
    efficiency : float
        Isentropic work over electricity.

    Notes
    -----
    Isentropic compression of an ideal gas. A cubic metre is counted at 1 bar and 20 degC.

    Examples
    --------
    >>> round(float(specific_energy(1.0, 8.0, efficiency=0.7)), 4)
    0.1127
    """
    power = (GAMMA - 1.0) / GAMMA
    ratio = (outlet / np.asarray(inlet, float)) ** (power / stages)
    amount = REFERENCE[0] * (temperature + 273.15) / REFERENCE[1]
    return np.asarray(stages / power * amount * (ratio - 1.0) / efficiency / 3.6e6)


class CompressedAir(Model):
    """Compressors that serve a demand for air; their heat is offered to a loop."""

    kind: ClassVar[str] = "compressed_air"

    electricity: str = port(kind="electricity", description="Bus that drives them.")
    annual: float = quantity(
        unit="m3", ge=0, description="Free air used per calendar year, at 1 bar and 20 degC."
    )
    shape: Shape = Field("two_shift", description=SHAPE)
    leakage: float = quantity(
        0.25,
        unit="1",
        ge=0,
        lt=1,
        description="Share of the air compressed that leaks before use.",
        source="US Department of Energy, compressed air tip sheet 3: leaks often waste 20 to 30 %",
    )
    pressure: float = quantity(
        8.0,
        unit="bar",
        gt=0,
        description="Absolute, at the compressor.",
        source="assumed: 7 bar(g)",
    )
    stages: int = Field(1, ge=1, le=4, description="Stages with intercooling between them.")
    efficiency: float = quantity(
        0.70,
        unit="1",
        gt=0,
        lt=1,
        description="Isentropic work over electricity, with drive, motor and part load.",
        source="assumed: 0.11 kWh/m3 at 7 bar(g), as good screw compressors need",
    )
    inlet_temperature: float = quantity(
        20.0, unit="degC", description="Of the air drawn in.", source="assumed: from indoors"
    )
    heat: str | None = port(None, kind="heat", description="Loop that its heat is offered to.")
    heat_share: float = quantity(
        0.7,
        unit="1",
        ge=0,
        le=0.96,
        description="Share of the electricity that is offered as heat.",
        source="US Department of Energy, compressed air tip sheet 10: 50 to 90 % can be recovered",
    )
    heat_temperature: float = quantity(
        70.0,
        unit="degC",
        description="Hottest water it can make.",
        source="assumed: oil of screw compressors leaves at 75 to 90 degC",
    )
    value_of_lost_load: float = quantity(
        10_000.0, unit="currency/MWh", gt=0, description=LOST, source=ABOVE
    )

    def load(self, setting: Setting) -> np.ndarray:
        """Electricity asked for on the steps of a setting, shape (n_steps,) [MW].

        Raises
        ------
        PhysicsError
            The air is not compressed at all.
        """
        inlet = setting.weather.pressure / 1e5
        if not self.pressure > float(inlet.max()):
            raise PhysicsError(
                f"{self.pressure:g} bar is not above the {inlet.max():.3f} bar of the air drawn in",
                key="pressure",
                mend="give the absolute pressure, 1 bar above that of the gauge",
            )
        air = spread(self.annual, weight_of(self.shape), setting) / (1.0 - self.leakage)
        per = specific_energy(
            inlet,
            self.pressure,
            temperature=self.inlet_temperature,
            stages=self.stages,
            efficiency=self.efficiency,
        )
        return np.asarray(air * per / 1000.0)

    def lower(self, setting: Setting) -> Lowering:
        """A demand for electricity and, where a loop is named, the offer and the loss of its heat.

        Raises
        ------
        PhysicsError
            The loop is hotter than the compressors can make it.
        """
        name, load = setting.component, self.load(setting)
        coefficients: dict[str, float] = {self.electricity: -1.0}
        flows: list[Flow] = []
        buses: dict[str, Carrier] = {}
        if self.heat is not None:
            warm = f"{name}.warm"
            loop = setting.buses[self.heat]
            if loop.temperature > self.heat_temperature:
                raise PhysicsError(
                    f"compressors make water of {self.heat_temperature:g} degC, and "
                    f"'{self.heat}' runs at {loop.temperature:g} degC",
                    key="heat",
                    mend="name a colder loop, and lift the heat by a heat pump",
                )
            buses[warm] = hot_water(warm, self.heat_temperature, loop.return_temperature)
            coefficients[warm] = self.heat_share
            offered = self.heat_share * load
            flows += [
                Flow(
                    f"{name}.heat",
                    name,
                    {warm: -1.0, self.heat: 1.0},
                    offered,
                    activity="heat",
                    curtailable=True,
                    main=self.heat,
                ),
                Flow(
                    f"{name}.cooler",
                    name,
                    {warm: -1.0},
                    1.001 * offered,
                    activity="cooling",
                    main=warm,
                ),
            ]
        demand = Flow(
            name,
            name,
            dict(coefficients),
            load,
            steer=-self.value_of_lost_load,
            activity="final_use",
            demand=True,
            main=self.electricity,
        )
        return Lowering([demand, *flows], buses=buses)
