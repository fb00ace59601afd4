"""A room between the weather and its set points: air, inner surfaces, and one mass behind them.

The simple hourly method of ISO 13790:2008, annex C, with five resistances and one capacity.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _hold(
    air: float,
    mass: float,
    outdoor: float,
    h_ve: float,
    h_w: float,
    h_em: float,
    h_ms: float,
    h_is: float,
    c_step: float,
    phi_air: float,
    phi_surface: float,
    phi_mass: float,
) -> tuple[float, float]:
    """Mass at the end of a step [degC] and heat that holds the air at `air` over it [W].

    Arguments as of `five_resistances`; `c_step` is the capacity over the length of the step [W/K].
    The mass enters by the mean of its start and end, as in ISO 13790, C.3.
    """
    total = h_w + h_ms + h_is
    known = phi_surface + h_w * outdoor + h_is * air
    mean = (2.0 * c_step * mass + phi_mass + h_em * outdoor + h_ms * known / total) / (
        2.0 * c_step + h_em + h_ms - h_ms * h_ms / total
    )
    surface = (known + h_ms * mean) / total
    heat = h_ve * (air - outdoor) + h_is * (air - surface) - phi_air
    return 2.0 * mean - mass, heat


@njit(cache=True, nogil=True)
def five_resistances(
    outdoor: np.ndarray,
    phi_air: np.ndarray,
    phi_surface: np.ndarray,
    phi_mass: np.ndarray,
    warm: np.ndarray,
    cool: np.ndarray,
    h_ve: np.ndarray,
    h_open: np.ndarray,
    h_w: float,
    h_em: float,
    h_ms: float,
    h_is: float,
    capacity: float,
    step_s: float,
    cooled: bool,
    mass: float,
) -> tuple[np.ndarray, np.ndarray, float]:
    """Heat that keeps the air of a building between two set points, and its temperature.

    Parameters
    ----------
    outdoor : ndarray, shape (n,)
        Air outside [degC].
    phi_air, phi_surface, phi_mass : ndarray, shape (n,)
        Gains of the three nodes [W].
    warm, cool : ndarray, shape (n,)
        Set points of heating and cooling, warm at most cool [degC].
    h_ve, h_open : ndarray, shape (n,)
        Conductance of ventilation at least, and at most, with open windows [W/K]. More than the
        least is used where it spares cooling, and never more than spares all of it.
    h_w, h_em, h_ms, h_is : float
        Conductance of windows, from outside to the mass, from mass to surfaces, and from surfaces
        to air [W/K].
    capacity : float
        Of the mass [J/K].
    step_s : float
        Length of a step [s].
    cooled : bool
        Whether there is cooling; without, the air may become warmer than `cool`.
    mass : float
        Temperature of the mass at the start [degC].

    Returns
    -------
    heat : ndarray, shape (n,)
        Mean over the step; negative where the building is cooled [W].
    air : ndarray, shape (n,)
        Mean temperature of the air over the step [degC].
    mass : float
        At the end [degC].

    Notes
    -----
    The balances of ISO 13790, annex C.3, solved for the heat at a given temperature of the air, in
    which it is linear: so C.4's floating temperature is where a straight line crosses zero.
    """
    n = len(outdoor)
    heat = np.zeros(n)
    air = np.zeros(n)
    c_step = capacity / step_s
    for i in range(n):
        out, a, s, m = outdoor[i], phi_air[i], phi_surface[i], phi_mass[i]
        low, high, least = warm[i], cool[i], h_ve[i]
        held = low
        q = _hold(low, mass, out, least, h_w, h_em, h_ms, h_is, c_step, a, s, m)[1]
        if q >= 0.0:
            heat[i] = q
        else:
            held = high
            above = _hold(high, mass, out, least, h_w, h_em, h_ms, h_is, c_step, a, s, m)[1]
            most = max(h_open[i], least) if out < high else least
            rest = above + (most - least) * (high - out)
            if above > 0.0:
                held = low - q * (high - low) / (above - q)
            elif rest < 0.0 and cooled:
                heat[i] = rest
            elif rest < 0.0:
                warmer = high + 1.0
                more = _hold(warmer, mass, out, most, h_w, h_em, h_ms, h_is, c_step, a, s, m)[1]
                held = high - rest / (more - rest)
        air[i] = held
        mass = _hold(held, mass, out, least, h_w, h_em, h_ms, h_is, c_step, a, s, m)[0]
    return heat, air, mass
