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


def wet_bulb(temp_air: np.ndarray, relative_humidity: np.ndarray) -> np.ndarray:
    """Wet-bulb temperature [degC] at sea level, from dry bulb [degC] and humidity [%].

    R. Stull, "Wet-bulb temperature from relative humidity and air temperature", J. Appl. Meteorol.
    Climatol. 50, 2011, eq. 1: within -1.0 and +0.65 K for 5 to 99 % and -20 to 50 degC, except
    where it is both dry and cold; against CoolProp's moist air 1.0 K high in a desert's 45 degC.
    Never above the dry bulb.
    """
    t, rh = np.asarray(temp_air, float), np.clip(relative_humidity, 5.0, 99.0)
    wet = (
        t * np.arctan(0.151977 * np.sqrt(rh + 8.313659))
        + np.arctan(t + rh)
        - np.arctan(rh - 1.676331)
        + 0.00391838 * rh**1.5 * np.arctan(0.023101 * rh)
        - 4.686035
    )
    return np.asarray(np.minimum(wet, t))
