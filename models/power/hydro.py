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

Turbine = Literal["kaplan", "propeller", "francis", "pelton", "crossflow"]


def part_flow(ratio: np.ndarray, turbine: Turbine, *, head: float, jets: int = 3) -> np.ndarray:
    """Efficiency over the peak efficiency of a turbine, from its flow over its design flow.

    Parameters
    ----------
    ratio : ndarray, shape (n,)
        Between 0 and 1.
    turbine : str
    head : float
        Net, at the design flow; shapes a Francis turbine only [m].
    jets : int
        Of a Pelton turbine.

    Raises
    ------
    PhysicsError
        A head too low for the curve of a Francis turbine.

    Notes
    -----
    RETScreen, *Clean Energy Project Analysis*, small hydro chapter, appendix A (Natural Resources
    Canada, 2004). A Kaplan is best at 0.75 of the design flow, a Pelton at 0.663 to 0.668, a
    Francis at about 0.8, the others at full flow. The specific speed of a Francis turbine, 600 over
    the root of its head, says where it is best, how steeply it falls below, and how little above.

    Examples
    --------
    >>> part_flow(np.array([0.25, 0.75, 1.0]), "kaplan", head=10.0).round(3).tolist()
    [0.693, 1.0, 0.995]
    >>> part_flow(np.array([0.4, 0.8, 1.0]), "francis", head=100.0).round(3).tolist()
    [0.818, 1.0, 0.963]
    """
    if turbine == "kaplan":
        relative = 1.0 - 3.5 * ((0.75 - ratio) / 0.75) ** 6
    elif turbine == "propeller":
        relative = 1.0 - 1.25 * np.maximum(1.0 - ratio, 0.0) ** 1.13
    elif turbine == "francis":
        relative = _francis(ratio, head)
    elif turbine == "pelton":
        best = 0.662 + 0.001 * jets
        steep, exponent = 1.31 + 0.025 * jets, 5.6 + 0.4 * jets
        relative = 1.0 - steep * (np.abs(best - ratio) / best) ** exponent
    else:
        relative = (0.79 - 0.15 * (1.0 - ratio) - 1.37 * (1.0 - ratio) ** 14) / 0.79
    return np.asarray(np.clip(relative, 0.0, 1.0))


def _francis(ratio: np.ndarray, head: float) -> np.ndarray:
    speed = 600.0 / np.sqrt(head)
    exponent = 3.94 - 0.0195 * speed
    if exponent <= 1.0:  # the curve would have a spike at its best flow
        lowest = (600.0 * 0.0195 / 2.94) ** 2
        raise PhysicsError(
            f"a Francis turbine under {head:g} m would have a specific speed of {speed:.0f}, more "
            "than its curve holds for",
            key="turbine",
            mend=f"use a kaplan or crossflow turbine below {np.ceil(lowest):.0f} m",
        )
    best = 0.65 * speed**0.05
    below = 1.0 - 1.25 * (np.maximum(best - ratio, 0.0) / best) ** exponent
    drop = 0.0072 * speed**0.4 * (np.maximum(ratio - best, 0.0) / (1.0 - best)) ** 2
    return np.asarray(below - drop)


class Hydro(Model):
    """A power plant on a stream without storage; what is not taken spills over the weir."""

    kind: ClassVar[str] = "hydro"

    bus: str = port(kind="electricity", description="Bus it feeds.")
    stream: float | TimeSeries = quantity(
        unit="m**3/s", description="Flow of the stream: a value or a series."
    )
    design_flow: float = quantity(unit="m**3/s", gt=0, description="Most that the turbine takes.")
    head: float = quantity(
        unit="m",
        gt=0,
        le=2000,
        description="Net: gross head less losses of the penstock; gross, if these are given.",
    )
    penstock_loss: float = quantity(
        0.0,
        unit="1",
        ge=0,
        lt=1,
        description="Share of the head lost on the way at the design flow; it grows with the "
        "square of the flow.",
        source="assumed: none, as the head is net",
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
        source="assumed: 0.05 to 0.1 for Pelton, 0.15 to 0.2 for Kaplan; a Francis runs "
        "roughly below 0.4",
    )
    turbine: Turbine = Field("kaplan", description="Kind, which shapes the efficiency.")
    jets: int = Field(3, ge=1, le=6, description="Jets of a Pelton turbine.")
    peak_efficiency: float = quantity(
        0.90,
        unit="1",
        gt=0,
        lt=1,
        description="Of the turbine at its best flow.",
        source="assumed: 0.88 to 0.93 for reaction turbines of 1 to 3 m; a crossflow has 0.79 "
        "(RETScreen)",
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
            The stream has a negative flow, or the turbine does not suit the head.
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
        net = self.head * (1.0 - self.penstock_loss)
        shape = part_flow(ratio, self.turbine, head=net, jets=self.jets)
        efficiency = self.peak_efficiency * shape
        efficiency = np.where(ratio < self.minimum_share, 0.0, efficiency)
        hydraulic = WATER_DENSITY * GRAVITY * self.head * used / 1e6
        hydraulic = hydraulic * (1.0 - self.penstock_loss * ratio**2)
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
