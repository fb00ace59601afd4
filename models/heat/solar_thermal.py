"""Solar collectors that warm a heating loop: the quadratic efficiency of their test certificate."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from models.base import Flow, Lowering, Model, PhysicsError, port, quantity
from models.series import epoch_seconds
from models.site import Setting
from models.weather.long_steps import by_hours
from models.weather.plane import light_on_plane
from models.weather.solar import extraterrestrial

CERTIFICATE = "Solar Keymark certificate of a flat plate by its gross area (CENER, test report "
CERTIFICATE += "30.4062.0-001, 2022, ISO 9806:2017)"


def collector_output(
    direct: np.ndarray,
    incidence: np.ndarray,
    scattered: np.ndarray,
    fluid: float,
    air: np.ndarray,
    *,
    peak: float,
    a1: float,
    a2: float,
    b0: float,
    diffuse: float,
) -> np.ndarray:
    """Steady heat of a collector per area, never below zero [W/m2].

    Parameters
    ----------
    direct, scattered : ndarray
        Light from the sun's direction, and from elsewhere, on the plane [W/m2].
    incidence : ndarray
        Cosine of the angle of incidence.
    fluid, air : float, ndarray
        Mean of the fluid, and air [degC].
    peak : float
        Efficiency for light along the normal without losses.
    a1, a2 : float
        Loss [W/(m2 K)] and its growth with the difference of temperature [W/(m2 K2)].
    b0, diffuse : float
        Angle modifier, 1 - b0 (1/cos - 1) for direct light, and that for scattered light.

    Notes
    -----
    ISO 9806:2017, steady-state model without the terms of wind and long-wave radiation; A. F. Souka
    and H. H. Safwat, Solar Energy 10, 1966, for the modifier.
    """
    secant = np.full_like(incidence, np.inf)
    np.divide(1.0, incidence, where=incidence > 0, out=secant)
    modifier = np.clip(1.0 - b0 * (secant - 1.0), 0.0, 1.0)
    warmer = fluid - np.asarray(air, float)
    loss = a1 * warmer + a2 * warmer * np.abs(warmer)
    return np.asarray(np.maximum(peak * (modifier * direct + diffuse * scattered) - loss, 0.0))


class SolarThermal(Model):
    """A field of flat-plate or tube collectors; what the loop does not take is curtailed."""

    kind: ClassVar[str] = "solar_thermal"

    heat: str = port(kind="heat", description="Loop that is heated from return to supply.")
    area: float = quantity(
        unit="m**2", ge=0, description="Of the collectors, as the certificate counts it."
    )
    tilt: float = quantity(unit="deg", description="Angle to the horizontal.", ge=0, le=90)
    azimuth: float = quantity(
        180.0,
        unit="deg",
        description="Direction it faces, clockwise from north; 180 is south.",
        source="assumed: south",
        ge=0,
        le=360,
    )
    peak_efficiency: float = quantity(
        0.739,
        unit="1",
        gt=0,
        lt=1,
        description="For direct light along the normal, fluid as warm as the air.",
        source=CERTIFICATE,
    )
    a1: float = quantity(3.51, unit="W/(m2*K)", ge=0, description="Heat loss.", source=CERTIFICATE)
    a2: float = quantity(
        0.017,
        unit="W/(m2*K**2)",
        ge=0,
        description="Growth of the heat loss with the temperature difference.",
        source=CERTIFICATE,
    )
    b0: float = quantity(
        0.11,
        unit="1",
        ge=0,
        lt=1,
        description="Angle modifier of direct light, 1 - b0 (1/cos - 1).",
        source=CERTIFICATE + ": 0.94 at 50 degrees and 0.90 at 60",
    )
    diffuse: float = quantity(
        0.91,
        unit="1",
        ge=0,
        le=1,
        description="Angle modifier of scattered light.",
        source=CERTIFICATE,
    )
    approach: float = quantity(
        5.0,
        unit="K",
        ge=0,
        description="Fluid of the collectors above the loop.",
        source="assumed: an exchanger parts the antifreeze from the loop",
    )
    field_loss: float = quantity(
        0.05,
        unit="1",
        ge=0,
        lt=1,
        description="Share lost in pipes, by shading and by soiling.",
        source="assumed",
    )
    albedo: float = quantity(
        0.2, unit="1", ge=0, le=1, description="Share of light the ground reflects.",
        source="assumed: grass and gravel",
    )  # fmt: skip
    electricity: str | None = port(
        None, kind="electricity", description="Bus of its pumps; omitted, they are free."
    )
    electricity_use: float = quantity(
        0.01,
        unit="1",
        ge=0,
        description="Electricity per heat, where a bus is named.",
        source="assumed: 3 to 10 kWh per MWh in Danish plants",
    )

    def offered(self, setting: Setting) -> np.ndarray:
        """Heat it can give on the steps of a setting, shape (n_steps,) [MW]."""
        return by_hours(setting, self._offered)

    def _offered(self, setting: Setting) -> np.ndarray:
        """Heat by the sun at the middle of each step [MW]."""
        sky = setting.weather
        loop = setting.buses[self.heat]
        direct, incidence, scattered = light_on_plane(
            sky.ghi,
            sky.dni,
            sky.dhi,
            sky.zenith,
            sky.azimuth,
            extraterrestrial(epoch_seconds(setting.times) + setting.step_s / 2),
            tilt=self.tilt,
            facing=self.azimuth,
            albedo=self.albedo,
        )
        heat = collector_output(
            direct,
            incidence,
            scattered,
            (loop.temperature + loop.return_temperature) / 2 + self.approach,
            sky.temp_air,
            peak=self.peak_efficiency,
            a1=self.a1,
            a2=self.a2,
            b0=self.b0,
            diffuse=self.diffuse,
        )
        heat = np.where(sky.zenith < 90.0, heat, 0.0)
        return np.asarray(self.area * heat * (1.0 - self.field_loss) / 1e6)

    def lower(self, setting: Setting) -> Lowering:
        """One curtailable flow in MW of heat.

        Raises
        ------
        PhysicsError
            The loop has no two temperatures.
        """
        loop = setting.buses[self.heat]
        if not np.isfinite(loop.temperature + loop.return_temperature):
            raise PhysicsError(
                f"'{self.heat}' has no supply and return temperature to warm between",
                key="heat",
                mend="declare both for its carrier",
            )
        coefficients: dict[str, float] = {self.heat: 1.0}
        if self.electricity:
            coefficients[self.electricity] = -self.electricity_use
        flow = Flow(
            setting.component,
            setting.component,
            dict(coefficients),
            upper=self.offered(setting),
            closes=("sun",),
            activity="heat",
            curtailable=True,
            main=self.heat,
        )
        return Lowering([flow])
