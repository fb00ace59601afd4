"""Water in a tank by finite volumes: what the two zones of a stratified tank are held against."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def layered_tank(
    temperature: np.ndarray,
    moves: np.ndarray,
    step: float,
    diffusivity: float,
    cell: float,
    side: float,
    top: float,
    bottom: float,
    hot: float,
    cold: float,
    ambient: float,
    ground: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Water in a tank by finite volumes, explicit in time.

    Parameters
    ----------
    temperature : ndarray of float, shape (n_cells,)
        From the bottom up [degC]; not changed.
    moves : ndarray of int, shape (n_steps,)
        1 fills a cell's worth of hot water from the top, -1 of cold water from the bottom, 0 rests.
    step : float
        [s]
    diffusivity : float
        [m2/s]
    cell : float
        Height of a cell [m].
    side, top, bottom : float
        Rate at which a cell's wall, the lid and the floor cool a cell, per difference [1/s].
    hot, cold, ambient, ground : float
        Of what comes in from above and below, and of the surroundings [degC].

    Returns
    -------
    temperature : ndarray of float, shape (n_cells,)
        In the end [degC].
    drawn : ndarray of float, shape (n_steps,)
        Of the water that was pushed out in each step; NaN at rest [degC].

    Notes
    -----
    Plug flow by whole cells has no numerical diffusion. Water that is colder than that below it
    sinks and mixes (Duffie and Beckman, *Solar Engineering of Thermal Processes*, sec. 8.4).
    Stable for ``diffusivity * step / cell**2`` up to one half.
    """
    now = temperature.copy()
    n = now.size
    mean, count = np.empty(n), np.empty(n, np.int64)
    drawn = np.full(moves.size, np.nan)
    number = diffusivity * step / cell**2
    for k in range(moves.size):
        if moves[k] > 0:
            drawn[k] = now[0]
            now[:-1] = now[1:].copy()
            now[-1] = hot
        elif moves[k] < 0:
            drawn[k] = now[-1]
            now[1:] = now[:-1].copy()
            now[0] = cold
        before = now.copy()
        for i in range(n):
            change = side * step * (ambient - before[i])
            if i > 0:
                change += number * (before[i - 1] - before[i])
            else:
                change += bottom * step * (ground - before[i])
            if i < n - 1:
                change += number * (before[i + 1] - before[i])
            else:
                change += top * step * (ambient - before[i])
            now[i] = before[i] + change
        # Layers from the bottom up; one that is warmer than the next takes it in.
        layers = 0
        for i in range(n):
            mean[layers], count[layers] = now[i], 1
            layers += 1
            while layers > 1 and mean[layers - 2] > mean[layers - 1]:
                both = count[layers - 2] + count[layers - 1]
                mean[layers - 2] += (mean[layers - 1] - mean[layers - 2]) * (
                    count[layers - 1] / both
                )
                count[layers - 2] = both
                layers -= 1
        i = 0
        for layer in range(layers):
            now[i : i + count[layer]] = mean[layer]
            i += count[layer]
    return now, drawn
