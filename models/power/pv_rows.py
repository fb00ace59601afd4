"""Rows of modules on level ground: how they follow the sun, and what they see of sky and ground.

All rows are long, alike and equally far apart, so a cut across them says everything. Lengths are in
units of the distance from row to row; a row is then as wide as the ground cover.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.weather.plane import light_on_plane


class Views(NamedTuple):
    """What a row and the ground see, each averaged over its width [0-1].

    Attributes
    ----------
    sky : float or ndarray
        Sky over the half-space before the front; equally, ground over that before the back.
    ground : float or ndarray
        Ground before the front; equally, sky before the back.
    passing : float or ndarray
        Sky seen by the ground between and below the rows.
    """

    sky: float | np.ndarray
    ground: float | np.ndarray
    passing: float | np.ndarray


def rotation(
    zenith: np.ndarray, azimuth: np.ndarray, *, axis: float, limit: float, ground_cover: float
) -> np.ndarray:
    """Angle by which rows turn about a level axis to follow the sun.

    Parameters
    ----------
    zenith, azimuth : ndarray, shape (n,)
        Of the sun, azimuth clockwise from north [deg].
    axis : float
        Direction of the axis, clockwise from north [deg].
    limit : float
        Largest turn to either side [deg].
    ground_cover : float
        Width of a row over the distance from row to row; 0 is one row alone.

    Returns
    -------
    ndarray, shape (n,)
        Zero is flat, positive to the right of the axis (to the west, if it points south); flat
        while the sun is down [deg].

    Notes
    -----
    Towards the sun in the cut across the axis; where its shadow would reach the next row, back to
    where both just touch. K. Anderson and M. Mikofski, *Slope-Aware Backtracking for Single-Axis
    Trackers*, NREL/TP-5K00-76626, 2020, eq. 5 and 14 on level ground.

    Examples
    --------
    >>> west = np.array([270.0, 270.0])
    >>> rotation(np.array([30.0, 80.0]), west, axis=180.0, limit=60.0, ground_cover=0.5).round(2)
    array([30.  , 10.32])
    """
    z = np.radians(zenith)
    turn = np.arctan2(np.sin(z) * np.sin(np.radians(azimuth - axis)), np.cos(z))
    if ground_cover > 0:
        # A row square to the sun casts a shadow as long as ground_cover / cos(turn).
        back = np.arccos(np.clip(np.cos(turn), 0.0, ground_cover) / ground_cover)
        turn = turn - np.sign(turn) * back
    return np.asarray(np.where(zenith < 90.0, np.clip(np.degrees(turn), -limit, limit), 0.0))


def views(tilt: float | np.ndarray, ground_cover: float) -> Views:
    """View factors of rows of a tilt [deg], exact for any ground cover from 0 to 1.

    Notes
    -----
    By crossed strings (H. C. Hottel, in W. H. McAdams, *Heat Transmission*, 3rd ed., 1954, chap.
    4) between the row, the opening above, that below and the next row. None depends on how high
    the rows stand. With a ground cover of 0 they are (1 + cos)/2, (1 - cos)/2 and 1.
    """
    cosine, sine = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    near = np.hypot(1.0 - ground_cover * cosine, ground_cover * sine)
    far = np.hypot(1.0 + ground_cover * cosine, ground_cover * sine)
    # (g + 1 - near) / 2g and (g + 1 - far) / 2g, written so that nothing cancels at small g.
    sky = (1.0 + (2.0 * cosine - ground_cover) / (1.0 + near)) / 2.0
    ground = (1.0 - (2.0 * cosine + ground_cover) / (1.0 + far)) / 2.0
    return Views(sky, ground, (near + far) / 2.0 - ground_cover)


def sun_between(
    zenith: np.ndarray,
    azimuth: np.ndarray,
    *,
    tilt: float | np.ndarray,
    facing: float | np.ndarray,
    ground_cover: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Shares of a row and of the ground on which the sun shines.

    Parameters
    ----------
    zenith, azimuth : ndarray, shape (n,)
        Of the sun, azimuth clockwise from north [deg].
    tilt, facing : float or ndarray
        Of the rows [deg].
    ground_cover : float
        Width of a row over the distance from row to row.

    Returns
    -------
    row, ground : ndarray, shape (n,)
        Of the side of the row that faces the sun, and of the ground [0-1]; no row and all of the
        ground where the sun is below the horizon.

    Notes
    -----
    Of the sun's light that falls on one distance from row to row, a row takes what it stands in
    the way of, and never more than all. Equal to eq. 32 of Anderson and Mikofski (see `rotation`).
    """
    z, beta = np.radians(zenith), np.radians(tilt)
    height = np.maximum(np.cos(z), 0.0)
    across = np.sin(z) * np.cos(np.radians(azimuth - facing))
    taken = ground_cover * np.abs(np.cos(beta) * height + np.sin(beta) * across)
    row = np.ones_like(taken)
    np.divide(height, taken, where=taken > height, out=row)
    ground = np.ones_like(taken)
    np.divide(taken, height, where=height > 0, out=ground)
    return row, np.where(height > 0, np.maximum(1.0 - ground, 0.0), 1.0)


class Light(NamedTuple):
    """Light on one side of a plane, as `light_on_plane` gives it; each of shape (n,)."""

    from_sun: np.ndarray
    incidence: np.ndarray
    scattered: np.ndarray


def light_on_rows(
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
    ground_cover: float,
) -> tuple[Light, Light]:
    """Light on the front and on the back of rows that shade one another and the ground.

    Parameters
    ----------
    ghi, dni, dhi, zenith, azimuth, outside, tilt, facing, albedo
        As of `light_on_plane`.
    ground_cover : float
        Width of a row over the distance from row to row, between 0 and 1.

    Returns
    -------
    front, back : Light
        Means over the width of a row [W/m2].

    Notes
    -----
    M. Mikofski et al., "Bifacial performance modeling in large arrays", 46th IEEE PVSC, 2019, with
    the sky of Hay and Davies. The ground is as bright everywhere as it is on average, and rows
    reflect nothing.
    """
    row, ground = sun_between(zenith, azimuth, tilt=tilt, facing=facing, ground_cover=ground_cover)
    seen = views(tilt, ground_cover)
    sky = (ghi, dni, dhi, zenith, azimuth, outside)
    front, before, _ = light_on_plane(*sky, tilt=tilt, facing=facing, albedo=albedo)
    back, behind, _ = light_on_plane(*sky, tilt=180.0 - tilt, facing=facing + 180.0, albedo=albedo)
    even = dhi * (1.0 - dni / outside)
    bright = albedo * (np.maximum(ghi - even, 0.0) * ground + even * seen.passing)
    return (
        Light(front * row, before, even * seen.sky + bright * seen.ground),
        Light(back * row, behind, even * seen.ground + bright * seen.sky),
    )
