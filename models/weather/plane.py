"""Light on a tilted plane."""

from __future__ import annotations

import numpy as np

LOWEST_SUN = np.cos(np.radians(89.0))
"""Floor of the cosine of the zenith: circumsolar light at the horizon would grow without end."""


def light_on_plane(
    ghi: np.ndarray,
    dni: np.ndarray,
    dhi: np.ndarray,
    zenith: np.ndarray,
    azimuth: np.ndarray,
    outside: np.ndarray,
    *,
    tilt: float | np.ndarray,
    facing: float | np.ndarray,
    albedo: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Light from the sun's direction and from everywhere else on a tilted plane.

    Parameters
    ----------
    ghi, dni, dhi : ndarray, shape (n,)
        Global horizontal, direct normal, diffuse horizontal irradiance [W/m2].
    zenith, azimuth : ndarray, shape (n,)
        Of the sun, azimuth clockwise from north [deg].
    outside : ndarray, shape (n,)
        Normal irradiance outside the atmosphere [W/m2].
    tilt, facing : float, or ndarray of shape (n,)
        Of the plane: 0 is flat, 180 faces south [deg].
    albedo : float
        Share of light that the ground reflects [0-1].

    Returns
    -------
    from_sun : ndarray, shape (n,)
        Direct and circumsolar light [W/m2].
    incidence : ndarray, shape (n,)
        Cosine of the angle of incidence of the sun, zero from behind.
    scattered : ndarray, shape (n,)
        From the rest of the sky and the ground [W/m2].

    Notes
    -----
    J. E. Hay and J. A. Davies, "Calculations of the solar radiation incident on an inclined
    surface", Proc. First Canadian Solar Radiation Data Workshop, 1980.
    """
    z, beta = np.radians(zenith), np.radians(tilt)
    cosine = np.cos(beta) * np.cos(z) + np.sin(beta) * np.sin(z) * np.cos(
        np.radians(azimuth - facing)
    )
    incidence = np.maximum(cosine, 0.0)
    circumsolar = dni / outside
    ratio = incidence / np.maximum(np.cos(z), LOWEST_SUN)
    from_sun = dni * incidence + dhi * circumsolar * ratio
    sky = dhi * (1.0 - circumsolar) * (1.0 + np.cos(beta)) / 2.0
    ground = ghi * albedo * (1.0 - np.cos(beta)) / 2.0
    return from_sun, incidence, sky + ground
