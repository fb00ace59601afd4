"""Drying of air by the coils that cool it: the latent part of a cooling load."""

from __future__ import annotations

import numpy as np

from models.base import PhysicsError
from models.carriers import LATENT
from models.cold.moist_air import humidity_ratio, saturation_pressure


def latent_heat(
    outdoor: np.ndarray, inside: np.ndarray, air: np.ndarray, moisture: float
) -> np.ndarray:
    """Heat of the vapour that has to be condensed [W].

    Parameters
    ----------
    outdoor, inside : ndarray, shape (n,)
        Water over dry air, of the air that comes in and of that kept in the rooms [kg/kg].
    air : ndarray, shape (n,)
        Dry air that comes in [kg/s].
    moisture : float
        Vapour given off inside [kg/s].

    Returns
    -------
    ndarray, shape (n,)
        At least zero: dry air outside is not moistened.

    Notes
    -----
    Balance of water of a room whose air is kept at one humidity, without what its walls and
    furniture hold; ASHRAE Handbook Fundamentals (2017), chapter 18, latent heat gain.
    """
    surplus = air * (np.asarray(outdoor) - inside) + moisture
    return np.asarray(np.maximum(surplus, 0.0) * LATENT * 1e3)


def kept_humidity(
    humidity: float, set_point: np.ndarray, pressure: np.ndarray, coil: float
) -> np.ndarray:
    """Water over dry air that coils of a temperature keep in the rooms [kg/kg], shape (n,).

    Parameters
    ----------
    humidity : float
        Relative, at the set point [0-1].
    set_point : ndarray, shape (n,)
        Temperature of the air [degC].
    pressure : ndarray, shape (n,)
        [Pa]
    coil : float
        Coldest surface: that of the chilled water [degC].

    Raises
    ------
    PhysicsError
        The coil is not below the dew point, so that nothing would condense.
    """
    vapour = humidity * saturation_pressure(set_point)
    least = float(np.min(vapour))
    if saturation_pressure(coil) >= least:
        raise PhysicsError(
            f"air of {float(np.min(set_point)):g} degC and {humidity:.0%} holds {least:.0f} Pa of "
            f"vapour, and over chilled water of {coil:g} degC {saturation_pressure(coil):.0f} Pa "
            "remain: it cannot be dried",
            key="humidity",
            mend="allow more humidity, or cool with colder water",
        )
    return humidity_ratio(set_point, 100.0 * humidity, pressure)
