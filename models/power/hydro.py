"""Run-of-river hydropower: what a stream gives, less what stays in its bed, through a turbine."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from models.base import Flow, Lowering, Model, PhysicsError, port, quantity
from models.series import TimeSeries
from models.site import Setting

WATER_DENSITY = 1000.0
"""[kg/m3]"""

GRAVITY = 9.80665
"""[m/s2]"""

PELTON_JETS = 3

Turbine = Literal["kaplan", "propeller", "pelton", "crossflow"]


def part_flow(ratio: np.ndarray, turbine: Turbine) -> np.ndarray:
    """Efficiency over the peak efficiency of a turbine, from its flow over its design flow.

    Parameters
    ----------
    ratio : ndarray, shape (n,)
        Between 0 and 1.

    Notes
    -----
    RETScreen, *Clean Energy Project Analysis*, small hydro chapter, appendix A (Natural Resources
    Canada, 2004); Pelton with three jets. A Kaplan is best at 0.75 of the design flow, a Pelton at
    0.665, the others at full flow. Francis turbines depend on their speed and are left out.

    Examples
    --------
    >>> part_flow(np.array([0.25, 0.75, 1.0]), "kaplan").round(3).tolist()
    [0.693, 1.0, 0.995]
    """
    if turbine == "kaplan":
        relative = 1.0 - 3.5 * ((0.75 - ratio) / 0.75) ** 6
    elif turbine == "propeller":
        relative = 1.0 - 1.25 * np.maximum(1.0 - ratio, 0.0) ** 1.13
    elif turbine == "pelton":
        best = 0.662 + 0.001 * PELTON_JETS
        steep, exponent = 1.31 + 0.025 * PELTON_JETS, 5.6 + 0.4 * PELTON_JETS
        relative = 1.0 - steep * (np.abs(best - ratio) / best) ** exponent
    else:
        relative = (0.79 - 0.15 * (1.0 - ratio) - 1.37 * (1.0 - ratio) ** 14) / 0.79
    return np.asarray(np.clip(relative, 0.0, 1.0))


class Hydro(Model):
    """A power plant on a stream without storage; what is not taken spills over the weir."""

    kind: ClassVar[str] = "hydro"

    bus: str = port(kind="electricity", description="Bus it feeds.")
    stream: float | TimeSeries = quantity(
        unit="m**3/s", description="Flow of the stream: a value or a series."
    )
    design_flow: float = quantity(unit="m**3/s", gt=0, description="Most that the turbine takes.")
    head: float = quantity(
        unit="m", gt=0, le=2000, description="Net: gross head less losses of the penstock."
    )
    residual_flow: float = quantity(
        0.0,
        unit="m**3/s",
        ge=0,
        description="Flow that stays in the bed of the stream.",
        source="assumed: none, as at an outfall; a stream needs the value of its permit",
    )
    minimum_share: float = quantity(
        0.1,
        unit="1",
        ge=0,
        lt=1,
        description="Share of the design flow below which the turbine stands.",
        source="assumed: 0.05 to 0.1 for Pelton, 0.15 to 0.2 for Kaplan",
    )
    turbine: Turbine = Field("kaplan", description="Kind, which shapes the efficiency.")
    peak_efficiency: float = quantity(
        0.90,
        unit="1",
        gt=0,
        lt=1,
        description="Of the turbine at its best flow.",
        source="assumed: 0.88 to 0.93 for reaction turbines of 1 to 3 m",
    )
    generator_efficiency: float = quantity(
        0.95,
        unit="1",
        gt=0,
        le=1,
        description="Of generator, gear and transformer.",
        source="assumed: 0.93 to 0.97",
    )

    def power_on(self, setting: Setting) -> np.ndarray:
        """Power offered on the steps of a setting, shape (n_steps,) [MW].

        Raises
        ------
        PhysicsError
            The stream has a negative flow.
        """
        if isinstance(self.stream, TimeSeries):
            stream = self.stream.on(setting.times, setting.step_s)
        else:
            stream = np.full(setting.n_steps, float(self.stream))
        if stream.min() < 0:
            raise PhysicsError(
                f"the stream flows at {stream.min():g} m3/s, which is uphill",
                key="stream",
                mend="give flows of at least zero",
            )
        used = np.clip(stream - self.residual_flow, 0.0, self.design_flow)
        ratio = used / self.design_flow
        efficiency = self.peak_efficiency * part_flow(ratio, self.turbine)
        efficiency = np.where(ratio < self.minimum_share, 0.0, efficiency)
        hydraulic = WATER_DENSITY * GRAVITY * self.head * used / 1e6
        return np.asarray(hydraulic * efficiency * self.generator_efficiency)

    def lower(self, setting: Setting) -> Lowering:
        """One curtailable flow in MW at the meter."""
        return Lowering(
            [
                Flow(
                    setting.component,
                    setting.component,
                    {self.bus: 1.0},
                    upper=self.power_on(setting),
                    closes=("water_power",),
                    activity="power",
                    curtailable=True,
                    main=self.bus,
                )
            ]
        )
