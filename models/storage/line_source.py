"""Heat flow around boreholes: the finite line source, and the g-function of a field of them."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numba import njit

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)

SEGMENTS = 16
"""Most parts of a borehole that may each give another heat flow."""

UNKNOWNS = 400
"""Most heat flows of a field that are solved for together; a large field has fewer parts each."""

TIMES = 40
"""Points in time of a g-function, evenly spaced by their logarithm."""


@njit(cache=True, nogil=True)
def _integral_of_erf(x: float) -> float:
    return x * math.erf(x) - (1.0 - math.exp(-x * x)) / math.sqrt(math.pi)


@njit(cache=True, nogil=True)
def _half(
    time: float,
    diffusivity: float,
    distance: float,
    length: float,
    shift: float,
    nodes: np.ndarray,
    weights: np.ndarray,
) -> float:
    """Response of a line to another of the same length, whose top lies `shift` deeper [-]."""
    low = math.log(1.0 / math.sqrt(4.0 * diffusivity * time))
    high = math.log(6.0 / distance)
    if high <= low:
        return 0.0
    panels = max(int(math.ceil((high - low) / 0.7)), 1)
    width = (high - low) / panels
    total = 0.0
    for panel in range(panels):
        for node in range(nodes.size):
            s = math.exp(low + width * (panel + 0.5 * (1.0 + nodes[node])))
            inner = (
                _integral_of_erf((shift + length) * s)
                + _integral_of_erf((shift - length) * s)
                - 2.0 * _integral_of_erf(shift * s)
            )
            total += 0.5 * width * weights[node] * math.exp(-((distance * s) ** 2)) * inner / s
    return total / (2.0 * length)


@njit(cache=True, nogil=True)
def finite_line_source(
    time: float,
    diffusivity: float,
    distance: float,
    length: float,
    top: float,
    other_top: float,
    nodes: np.ndarray = _NODES,
    weights: np.ndarray = _WEIGHTS,
) -> float:
    """Mean temperature along a line near another one that gives heat since time zero.

    Parameters
    ----------
    time : float
        Since the heat began [s].
    diffusivity : float
        Of the ground [m2/s].
    distance : float
        Between the two lines; the radius of the borehole for a line's own wall [m].
    length : float
        Of either line [m].
    top, other_top : float
        Depth of the upper end of the line that gives heat, and of the line looked at [m].

    Returns
    -------
    float
        Temperature times ``2 pi k / q`` for a flow of q per metre in ground of conductivity k,
        whose surface keeps its temperature [-].

    Notes
    -----
    Claesson and Javed, *ASHRAE Transactions* 117-2 (2011), with the depths of Cimmino and Bernier,
    *Int. J. Heat Mass Transfer* 70 (2014), eq. 5. The line itself is in the first part, its mirror
    image above the surface in the second. Gauss-Legendre in the logarithm of the variable.
    """
    real = _half(time, diffusivity, distance, length, other_top - top, nodes, weights)
    image = _half(time, diffusivity, distance, length, other_top + top + length, nodes, weights)
    return real - image


@njit(cache=True, nogil=True)
def _halves(
    times: np.ndarray,
    diffusivity: float,
    distances: np.ndarray,
    length: float,
    shifts: np.ndarray,
    nodes: np.ndarray,
    weights: np.ndarray,
) -> np.ndarray:
    """`_half` for every time, distance and shift."""
    found = np.empty((times.size, distances.size, shifts.size))
    for i in range(times.size):
        for j in range(distances.size):
            for k in range(shifts.size):
                found[i, j, k] = _half(
                    times[i], diffusivity, distances[j], length, shifts[k], nodes, weights
                )
    return found


@lru_cache(maxsize=64)
def g_function(
    rows: int,
    columns: int,
    spacing: float,
    length: float,
    depth: float,
    radius: float,
    diffusivity: float,
    longest: float,
    segments: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Response of a rectangular field of boreholes whose walls share one temperature.

    Parameters
    ----------
    rows, columns : int
    spacing : float
        Between neighbours [m].
    length, depth, radius : float
        Of a borehole, of its upper end below the surface, and of its wall [m].
    diffusivity : float
        Of the ground [m2/s].
    longest : float
        Last time of interest [s].
    segments : int, optional
        Parts of equal length whose heat flows differ; 1 makes them uniform along each borehole.
        As many as `SEGMENTS` and `UNKNOWNS` allow, if not given.

    Returns
    -------
    times, values : ndarray of float, shape (TIMES,)
        [s], and temperature of the walls times ``2 pi k / q``, q being the mean flow per metre [-].

    Notes
    -----
    Eskilson's g-function with the boundary of Cimmino and Bernier (2014): flows follow from the
    equal temperature, time step by time step. Boreholes that mirror each other share a flow.
    Times under ``5 radius**2 / diffusivity`` (8 hours) take the borehole for a line.
    """
    times = np.geomspace(3600.0 / 4, max(longest, 7200.0), TIMES)
    places = [(i, j) for i in range(rows) for j in range(columns)]
    group_of: dict[tuple[int, int], int] = {}
    members = np.array(
        [group_of.setdefault(_mirror(i, j, rows, columns), len(group_of)) for i, j in places]
    )
    size = len(group_of)
    segments = segments or max(min(SEGMENTS, UNKNOWNS // size), 1)
    part = length / segments
    first = np.array([int(np.flatnonzero(members == g)[0]) for g in range(size)])
    at = np.array(places, float) * spacing
    apart = np.hypot(*(at[first][:, None, :] - at[None, :, :]).transpose(2, 0, 1))
    apart = np.maximum(np.round(apart, 9), radius)
    distances, which = np.unique(apart, return_inverse=True)
    which = which.reshape(apart.shape)
    steps = np.arange(segments)
    shifts = np.concatenate([steps * part, 2 * depth + (np.arange(2 * segments - 1) + 1) * part])
    table = _halves(times, diffusivity, distances, part, shifts, _NODES, _WEIGHTS)
    pair = (
        table[:, :, np.abs(steps[:, None] - steps)] - table[:, :, segments + steps[:, None] + steps]
    )
    response = np.zeros((TIMES, size, segments, size, segments))
    for borehole, group in enumerate(members):
        response[:, :, :, group, :] += pair[:, which[:, borehole]]
    square = response.reshape(TIMES, size * segments, size * segments)
    share = np.repeat(np.bincount(members), segments) / (len(places) * segments)
    return times, _equal_walls(times, square, share)


def _mirror(i: int, j: int, rows: int, columns: int) -> tuple[int, int]:
    """The borehole that stands for this one by the symmetry of the field."""
    place = min(i, rows - 1 - i), min(j, columns - 1 - j)
    return (min(place), max(place)) if rows == columns else place


def _equal_walls(times: np.ndarray, response: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Wall temperature at each time, if flows of mean 1 keep all walls equal.

    `response` has shape (n_times, n, n): temperature of a line by a flow of another; `share` is
    each line's part of the whole length, shape (n,).
    """
    size = len(share)
    walls = np.empty(len(times))
    flows = np.zeros((len(times) + 1, size))
    begins = np.concatenate([[0.0], times[:-1]])
    system = np.zeros((size + 1, size + 1))
    system[:size, size] = -1.0
    system[size, :size] = share
    for k, now in enumerate(times):
        past = np.zeros(size)
        for j in range(k):
            past += _between(times, response, now - begins[j]) @ (flows[j + 1] - flows[j])
        latest = _between(times, response, now - begins[k])
        system[:size, :size] = latest
        right = np.append(latest @ flows[k] - past, 1.0)
        solved = np.linalg.solve(system, right)
        flows[k + 1], walls[k] = solved[:size], solved[size]
    # Threads of the solver may differ in the last bits; what follows shall not.
    return np.round(walls, 9)


def _between(times: np.ndarray, response: np.ndarray, lag: float) -> np.ndarray:
    """Responses after a lag, straight in the logarithm of time."""
    if lag <= times[0]:
        weaker: np.ndarray = response[0] * (lag / times[0])
        return weaker
    place = math.log(lag / times[0]) / math.log(times[1] / times[0])
    below = min(int(place), len(times) - 2)
    part = place - below
    mixed: np.ndarray = (1 - part) * response[below] + part * response[below + 1]
    return mixed


def superpose(flow: np.ndarray, step_s: float, times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Response to a flow that changes from step to step.

    Parameters
    ----------
    flow : ndarray of float, shape (n_steps,)
        Constant over each step, zero before the first.
    step_s : float
        [s]
    times, values : ndarray of float
        Response to a flow of 1 since time zero, straight in between by the logarithm of time.

    Returns
    -------
    ndarray of float, shape (n_steps,)
        At the end of each step: ``sum (flow_j - flow_j-1) g(t - t_j-1)``, by Fourier transform.
    """
    count = len(flow)
    lags = np.arange(1, count + 1) * step_s
    step_response = np.interp(np.log(lags), np.log(times), values)
    size = 1 << (2 * count - 1).bit_length()
    spectrum = np.fft.rfft(np.diff(flow, prepend=0.0), size) * np.fft.rfft(step_response, size)
    return np.fft.irfft(spectrum, size)[:count]
