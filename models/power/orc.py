"""Organic Rankine cycles: electricity from heat too cool for steam."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from models.base import Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.heat.heat_pump import ZERO, log_mean
from models.series import TimeSeries
from models.site import Setting


def lorenz_efficiency(source_in: Series, source_out: Series, cold: Series) -> np.ndarray:
    """Work per heat of the ideal engine between a stream that cools down and a cold [K].

    ``1 - T_cold / T_source`` with the log mean of the source; zero where the cold is warmer.

    Examples
    --------
    >>> float(lorenz_efficiency(346.5, 327.6, 277.6).round(4))
    0.1762
    """
    ideal = 1.0 - np.asarray(cold, float) / log_mean(source_in, source_out)
    return np.asarray(np.maximum(ideal, 0.0))


class ORC(Model):
    """A turbine driven by an organic fluid that a loop of heat evaporates."""

    kind: ClassVar[str] = "orc"

    heat: str = port(kind="heat", description="Loop that is cooled from supply to return.")
    electricity: str = port(kind="electricity", description="Where the power goes.")
    outlet: str | None = port(
        None, kind="heat", description="Loop that the condenser heats; without it, the ambient."
    )
    power_capacity: float = quantity(
        unit="MW", ge=0, description="Largest power, at the best efficiency of the run."
    )
    second_law_efficiency: float = quantity(
        0.40,
        unit="1",
        gt=0,
        le=0.7,
        description="Power over that of the ideal engine between the loop and the cold.",
        source="assumed: between 0.335 of the cycle at the Oregon Institute of Technology (GRC "
        "Transactions 36, 2012, p. 1143) and 0.465 at Chena (Chena Power, final report to the "
        "Alaska Energy Authority, 2007)",
    )
    cooling_temperature: float | TimeSeries | None = quantity(
        None,
        unit="degC",
        description="Of the water that reaches the condenser; without it, outdoor air cools.",
    )
    outlet_share: float = quantity(
        0.97,
        unit="1",
        ge=0,
        le=1,
        description="Share of the rejected heat that the outlet takes up.",
        source="assumed: losses of the casing, the generator and the oil",
    )
    variable_cost: float = quantity(
        0.0,
        unit="currency/MWh",
        description="Operation and upkeep per heat.",
        source="assumed: none",
    )

    def efficiency(self, setting: Setting) -> np.ndarray:
        """Power per heat on the steps of a setting, shape (n_steps,).

        Raises
        ------
        PhysicsError
            The loop is nowhere warmer than the cold, or has no temperatures.
        """
        loop = setting.buses[self.heat]
        hot = loop.temperature + ZERO, loop.return_temperature + ZERO
        if not np.all(np.isfinite(hot)):
            raise PhysicsError(
                f"'{self.heat}' has no supply and return temperature",
                key="heat",
                mend="name a closed loop",
            )
        cold = self._cold(setting)
        ideal = lorenz_efficiency(*hot, cold + ZERO)
        if not np.any(ideal > 0):
            raise PhysicsError(
                f"heat of '{self.heat}' between {loop.temperature:g} and "
                f"{loop.return_temperature:g} degC drives no engine whose cold is at "
                f"{cold.min():.4g} degC",
                key="heat",
                mend="name a hotter loop, or cool with colder water",
            )
        # Accounts count exergy from a fixed 25 degC, of which a frosty day must not give more.
        return np.minimum(self.second_law_efficiency * ideal, loop.exergy)

    def lower(self, setting: Setting) -> Lowering:
        """One flow per MW of heat."""
        efficiency = self.efficiency(setting)
        per: Any = efficiency
        if np.all(efficiency == efficiency[0]):
            per = float(efficiency[0])
        coefficients: dict[str, Any] = {self.heat: -1.0, self.electricity: per}
        if self.outlet:
            coefficients[self.outlet] = (1.0 - per) * self.outlet_share
        return Lowering(
            [
                Flow(
                    setting.component,
                    setting.component,
                    coefficients,
                    upper=float(self.power_capacity / efficiency.max()),
                    cost=self.variable_cost,
                    activity="power",
                    main=self.heat,
                )
            ]
        )

    def _cold(self, setting: Setting) -> np.ndarray:
        """Temperature that the condenser gives its heat to [degC], shape (n_steps,)."""
        given = self.cooling_temperature
        if self.outlet is not None:
            if given is not None:
                raise PhysicsError(
                    "the condenser heats a loop and is cooled by water as well",
                    key="cooling_temperature",
                    mend="give 'outlet' or 'cooling_temperature'",
                )
            loop = setting.buses[self.outlet]
            mean = log_mean(loop.temperature + ZERO, loop.return_temperature + ZERO)
            return np.full(setting.n_steps, float(mean) - ZERO)
        if given is None:
            return setting.weather.temp_air
        if isinstance(given, TimeSeries):
            return given.on(setting.times, setting.step_s)
        return np.full(setting.n_steps, float(given))
