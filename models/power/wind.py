"""Wind turbines: from the wind at 10 m to the meter of the farm.

The speed at hub height is scaled by the air density and by what wakes leave of the power, then read
from a power curve: the maker's, or a generic one that follows from the specific power.
"""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

import numpy as np
from pydantic import Field, model_validator

from models.base import Flow, Lowering, Model, PhysicsError, port, quantity
from models.site import Setting
from models.weather.long_steps import by_hours

GRAVITY = 9.80665
"""[m/s2]"""

GAS_CONSTANT_AIR = 287.05
"""Of dry air [J/kg/K]."""

LAPSE = 0.0065
"""Fall of temperature with height [K/m] (ISO 2533, standard atmosphere)."""

STANDARD_DENSITY = 1.225
"""Air density that power curves are stated for [kg/m3] (IEC 61400-12-1)."""

BETZ = 16 / 27
"""Largest share of the power in the wind that a rotor can take."""

Curve = list[tuple[float, float]]
"""Wind speed [m/s] and share of rated power, in order of speed."""


def speed_at_hub(
    speed: np.ndarray,
    hub_height: float,
    *,
    shear_exponent: float = 0.14,
    roughness: float | None = None,
    height: float = 10.0,
) -> np.ndarray:
    """Wind speed at hub height from that at `height`, by the power law or the log law [m/s].

    Parameters
    ----------
    speed : ndarray, shape (n,)
        At `height` [m/s].
    roughness : float, optional
        Roughness length [m]; given, the log law of a neutral surface layer holds instead of the
        power law.

    Notes
    -----
    ``v (h / h0)^a`` or ``v ln(h / z0) / ln(h0 / z0)``: Manwell, McGowan and Rogers, *Wind Energy
    Explained*, 2nd ed., sec. 2.3.3. Neither knows the daily course of the shear.
    """
    if roughness is not None:
        return np.asarray(speed * (np.log(hub_height / roughness) / np.log(height / roughness)))
    return np.asarray(speed * (hub_height / height) ** shear_exponent)


def density_at_hub(pressure: np.ndarray, temperature: np.ndarray, height: float) -> np.ndarray:
    """Density of dry air [kg/m3] at `height` [m] above ground, from pressure [Pa] and temperature
    [degC] at the ground.

    Barometric formula with a constant lapse rate (ISO 2533); moist air is up to 1 % lighter.
    """
    kelvin = temperature + 273.15
    above = kelvin - LAPSE * height
    there = pressure * (above / kelvin) ** (GRAVITY / (GAS_CONSTANT_AIR * LAPSE))
    return there / (GAS_CONSTANT_AIR * above)


@lru_cache(maxsize=64)
def generic_curve(
    specific_power: float, power_coefficient: float, turbulence: float, cut_in: float
) -> tuple[np.ndarray, np.ndarray]:
    """Speeds [m/s] and shares of rated power of a pitch-regulated turbine, without cut-out.

    Parameters
    ----------
    specific_power : float
        Rated power over rotor area [W/m2].
    power_coefficient : float
        Electric power over the power in the wind, below rated [0-1].
    turbulence : float
        Standard deviation of the wind over its mean within ten minutes [0-1].
    cut_in : float
        Speed below which the rotor stands [m/s].

    Notes
    -----
    ``min(rho cp v^3 / (2 p), 1)`` averaged over a normal distribution of ``v`` within ten minutes,
    by Gauss-Hermite quadrature of 15 points: the ideal curve whose knee turbulence rounds, as in
    Saint-Drenan et al., *Renewable Energy* 157 (2020) 754, with a constant power coefficient.
    """
    speed = np.arange(0.0, 60.0, 0.05)
    node, weight = np.polynomial.hermite_e.hermegauss(15)
    gust = np.maximum(speed[:, None] * (1.0 + turbulence * node), 0.0)
    share = 0.5 * STANDARD_DENSITY * power_coefficient * gust**3 / specific_power
    share = np.where(gust < cut_in, 0.0, np.minimum(share, 1.0))
    mean = share @ (weight / weight.sum())
    return speed, np.minimum(mean, 1.0)


def running(speed: np.ndarray, cut_out: float, restart: float) -> np.ndarray:
    """Whether turbines run through a storm, shape (n,): off above `cut_out` [m/s], on again below
    `restart`, as before in between; on at the start."""
    change = np.where(speed > cut_out, -1, np.where(speed < restart, 1, 0))
    last = np.maximum.accumulate(np.where(change != 0, np.arange(len(speed)), -1))
    return (last < 0) | (change[last] > 0)


class Wind(Model):
    """A wind farm; what is not taken is curtailed."""

    kind: ClassVar[str] = "wind"

    bus: str = port(kind="electricity", description="Bus it feeds.")
    power_capacity: float = quantity(unit="MW", ge=0, description="Rated power of all turbines.")
    hub_height: float = quantity(unit="m", gt=10, description="Above ground.")
    specific_power: float = quantity(
        320.0,
        unit="W/m**2",
        gt=100,
        le=1000,
        description="Rated power over rotor area, which shapes the generic power curve.",
        source="assumed: onshore turbine of 4 to 5 MW and 130 to 150 m; 400 in strong wind",
    )
    power_curve: Curve | None = Field(
        None,
        description="Wind speed [m/s] and share of rated power at 1.225 kg/m3, in order of speed, "
        "instead of the generic curve: [[3, 0.0], [5, 0.1], [12, 1.0]].",
    )
    power_coefficient: float = quantity(
        0.44,
        unit="1",
        gt=0,
        le=BETZ,
        description="Electric power over the power in the wind, below rated; generic curve only.",
        source="fit: mean yield of the 67 makers' curves of windpowerlib 0.2.2 (Open Energy "
        "Database) at 6 and 7.5 m/s, met within 0.2 %",
    )
    turbulence: float = quantity(
        0.10,
        unit="1",
        ge=0,
        le=0.3,
        description="Turbulence intensity that rounds the knee; generic curve only.",
        source="fit: as power_coefficient",
    )
    cut_in: float = quantity(
        3.0,
        unit="m/s",
        ge=0,
        description="Speed at which turbines start; generic curve only.",
        source="NREL, turbine-models: IEA 3.4 MW reference turbine, curve from 3 to 25 m/s",
    )
    cut_out: float = quantity(
        25.0,
        unit="m/s",
        gt=0,
        description="Speed at hub height above which turbines stop.",
        source="NREL, turbine-models: IEA 3.4 MW reference turbine, curve from 3 to 25 m/s",
    )
    restart: float = quantity(
        22.0,
        unit="m/s",
        gt=0,
        description="Speed below which they start again after a storm.",
        source="assumed: 3 m/s below the cut-out",
    )
    shear_exponent: float = quantity(
        1 / 7,
        unit="1",
        ge=0,
        le=0.5,
        description="Of the power law between 10 m and the hub.",
        source="assumed: one-seventh law of open land",
    )
    roughness: float | None = quantity(
        None,
        unit="m",
        gt=0,
        lt=5,
        description="Roughness length; given, the log law replaces the power law.",
    )
    wake_loss: float = quantity(
        0.08,
        unit="1",
        ge=0,
        lt=1,
        description="Share of the power in the wind that other turbines take; 0 for one turbine. "
        "Above rated speed it costs nothing.",
        source="assumed: small onshore farm, 5 to 10 %",
    )
    availability: float = quantity(
        0.97,
        unit="1",
        gt=0,
        le=1,
        description="Share of turbines ready; 1 where an outage actor takes care of it.",
        source="assumed: usual warranty of onshore farms",
    )
    electrical_loss: float = quantity(
        0.02,
        unit="1",
        ge=0,
        lt=1,
        description="In cables and transformers up to the meter.",
        source="assumed: usual collection system",
    )

    @model_validator(mode="after")
    def _check(self) -> Wind:
        if self.restart > self.cut_out:
            raise PhysicsError(
                f"turbines would start again at {self.restart:g} m/s, above the {self.cut_out:g} "
                "m/s at which they stop",
                key="restart",
                mend="give a restart below the cut_out",
            )
        if self.roughness is not None and "shear_exponent" in self.model_fields_set:
            raise PhysicsError(
                "both the log law and the power law are given",
                key="shear_exponent",
                mend="give 'roughness' or 'shear_exponent'",
            )
        curve = self.power_curve
        if curve is None:
            return self
        speeds, shares = np.array(curve, float).reshape(-1, 2).T
        if len(speeds) < 2 or np.any(np.diff(speeds) <= 0) or speeds[0] < 0:
            raise PhysicsError(
                f"power_curve has speeds {', '.join(f'{v:g}' for v in speeds)}",
                key="power_curve",
                mend="give two or more points, each at a higher speed than the one before",
            )
        if shares.min() < 0 or shares.max() > 1:
            raise PhysicsError(
                f"power_curve goes from {shares.min():g} to {shares.max():g} of rated power",
                key="power_curve",
                mend="divide by the rated power, so that shares lie between 0 and 1",
            )
        in_wind = 0.5 * STANDARD_DENSITY * speeds**3 / self.specific_power
        worst = int(np.argmax(shares - BETZ * in_wind))
        if "specific_power" in self.model_fields_set and shares[worst] > BETZ * in_wind[worst]:
            raise PhysicsError(
                f"power_curve gives {shares[worst]:.3f} of rated power at {speeds[worst]:g} m/s, "
                f"where {in_wind[worst]:.3f} is in the wind and Betz leaves "
                f"{BETZ * in_wind[worst]:.3f}",
                key="power_curve",
                mend="correct the curve or the specific_power",
            )
        return self

    def power_on(self, setting: Setting) -> np.ndarray:
        """Power offered on the steps of a setting, shape (n_steps,) [MW].

        Steps longer than an hour are means of hours, as power is no line of the speed.
        """
        return by_hours(setting, self._offered)

    def _offered(self, setting: Setting) -> np.ndarray:
        """Power at the mean wind of each step [MW]."""
        sky = setting.weather
        hub = speed_at_hub(
            sky.wind_speed,
            self.hub_height,
            shear_exponent=self.shear_exponent,
            roughness=self.roughness,
        )
        density = density_at_hub(sky.pressure, sky.temp_air, self.hub_height)
        # Power below rated goes with density and cube of speed: IEC 61400-12-1, sec. 9.1.5.
        seen = hub * np.cbrt(density / STANDARD_DENSITY * (1.0 - self.wake_loss))
        if self.power_curve is None:
            speeds, shares = generic_curve(
                self.specific_power, self.power_coefficient, self.turbulence, self.cut_in
            )
        else:
            speeds, shares = np.array(self.power_curve, float).T
        share = np.interp(seen, speeds, shares, left=0.0)
        share = np.where(running(hub, self.cut_out, self.restart), share, 0.0)
        return np.asarray(
            self.power_capacity * self.availability * (1.0 - self.electrical_loss) * share
        )

    def lower(self, setting: Setting) -> Lowering:
        """One curtailable flow in MW at the meter."""
        return Lowering(
            [
                Flow(
                    setting.component,
                    setting.component,
                    {self.bus: 1.0},
                    upper=self.power_on(setting),
                    closes=("wind",),
                    activity="power",
                    curtailable=True,
                    main=self.bus,
                )
            ]
        )
