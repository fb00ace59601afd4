"""Moist air: vapour pressure, humidity ratio, enthalpy and wet bulb.

Equations of the ASHRAE Handbook Fundamentals (SI, 2017), chapter 1, "Psychrometrics".
"""

from __future__ import annotations

import numpy as np

ICE = (
    -5.6745359e3, 6.3925247, -9.6778430e-3, 6.2215701e-7, 2.0747825e-9, -9.4840240e-13, 4.1635019,
)  # fmt: skip
WATER = (-5.8002206e3, 1.3914993, -4.8640239e-2, 4.1764768e-5, -1.4452093e-8, 0.0, 6.5459673)
"""Constants of equations 5 and 6: of 1/T, 1, T, T2, T3, T4 and ln T (Hyland and Wexler)."""

VAPOUR_TO_AIR = 0.621945
"""Molar mass of water over that of dry air (equation 20)."""

NEWTON, NUDGE = 7, 1e-3
"""Steps of Newton's method from the dry bulb, and the difference for its slope [K]."""


def saturation_pressure(temperature: float | np.ndarray) -> np.ndarray:
    """Pressure of saturated vapour over ice below 0 degC and over water above [Pa].

    Parameters
    ----------
    temperature : float or ndarray
        From -100 to 200 degC.
    """
    celsius = np.asarray(temperature, float)
    kelvin = celsius + 273.15

    def law(c: tuple[float, ...]) -> np.ndarray:
        powers = c[1] + kelvin * (c[2] + kelvin * (c[3] + kelvin * (c[4] + kelvin * c[5])))
        return np.asarray(np.exp(c[0] / kelvin + powers + c[6] * np.log(kelvin)))

    return np.where(celsius < 0.0, law(ICE), law(WATER))


def humidity_ratio(
    temperature: float | np.ndarray,
    relative_humidity: float | np.ndarray,
    pressure: float | np.ndarray,
) -> np.ndarray:
    """Water over dry air [kg/kg] (equation 20).

    Parameters
    ----------
    temperature : float or ndarray
        Dry bulb [degC].
    relative_humidity : float or ndarray
        [%]
    pressure : float or ndarray
        Of the air [Pa].
    """
    vapour = np.asarray(relative_humidity, float) / 100.0 * saturation_pressure(temperature)
    return np.asarray(VAPOUR_TO_AIR * vapour / (np.asarray(pressure, float) - vapour))


def enthalpy(temperature: float | np.ndarray, humidity: float | np.ndarray) -> np.ndarray:
    """Enthalpy per dry air, of dry air and liquid water at 0 degC zero [kJ/kg] (equation 30).

    Parameters
    ----------
    temperature : float or ndarray
        Dry bulb [degC].
    humidity : float or ndarray
        Water over dry air [kg/kg].
    """
    celsius, water = np.asarray(temperature, float), np.asarray(humidity, float)
    return np.asarray(1.006 * celsius + water * (2501.0 + 1.86 * celsius))


def wet_bulb(
    temp_air: float | np.ndarray,
    relative_humidity: float | np.ndarray,
    pressure: float | np.ndarray,
) -> np.ndarray:
    """Thermodynamic wet-bulb temperature [degC], at which water that evaporates saturates the air.

    Equations 33 (over water) and 35 (over ice), solved by Newton's method. Never above the dry
    bulb.

    Parameters
    ----------
    temp_air : float or ndarray
        Dry bulb [degC].
    relative_humidity : float or ndarray
        [%]
    pressure : float or ndarray
        Of the air [Pa].
    """
    dry, pressure = np.asarray(temp_air, float), np.asarray(pressure, float)
    water = humidity_ratio(dry, np.clip(relative_humidity, 0.0, 100.0), pressure)
    icy = water < _humidity_at(np.zeros_like(dry), dry, pressure, False)
    wet = np.where(icy, np.minimum(dry, 0.0), dry)
    for _ in range(NEWTON):
        short = water - _humidity_at(wet, dry, pressure, icy)
        slope = _humidity_at(wet + NUDGE, dry, pressure, icy) - _humidity_at(
            wet, dry, pressure, icy
        )
        wet = wet + short * NUDGE / slope
    # Between the two laws at 0 degC water freezes at constant temperature.
    wet = np.where(icy, np.minimum(wet, 0.0), np.maximum(wet, 0.0))
    return np.asarray(np.minimum(wet, dry))


def _humidity_at(
    wet: np.ndarray, dry: np.ndarray, pressure: np.ndarray, icy: bool | np.ndarray
) -> np.ndarray:
    """Water over dry air of a dry and a wet bulb [kg/kg]."""
    full = humidity_ratio(wet, 100.0, pressure)
    cooled = 1.006 * (dry - wet)
    over_water = ((2501.0 - 2.326 * wet) * full - cooled) / (2501.0 + 1.86 * dry - 4.186 * wet)
    over_ice = ((2830.0 - 0.24 * wet) * full - cooled) / (2830.0 + 1.86 * dry - 2.1 * wet)
    return np.asarray(np.where(icy, over_ice, over_water))
