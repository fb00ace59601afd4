"""Charging sessions of many vehicles at once: drawn, filled by a key, bounded by an envelope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit


@dataclass(frozen=True)
class Sessions:
    """Stays at a charger, each an array of shape (n_sessions,), by arrival.

    Attributes
    ----------
    arrive, depart : ndarray of int64
        Seconds since the start of the run; departures may lie after its end.
    energy : ndarray
        Asked for at the bus, no more than the stay allows [MWh].
    power : ndarray
        Largest power at the bus [MW].
    missed : ndarray
        Asked for beyond what the stay allows [MWh].
    """

    arrive: np.ndarray
    depart: np.ndarray
    energy: np.ndarray
    power: np.ndarray
    missed: np.ndarray

    @classmethod
    def of(
        cls, arrive: np.ndarray, depart: np.ndarray, energy: np.ndarray, power: np.ndarray
    ) -> Sessions:
        """Sort by arrival and note what a stay is too short for.

        Raises
        ------
        ValueError
            A session ends before it begins, or begins before the run.
        """
        bad = (depart <= arrive) | (arrive < 0)
        if bad.any():
            k = int(np.argmax(bad))
            raise ValueError(
                f"session {k} lasts from {arrive[k]} to {depart[k]} s; it must begin in the run "
                "and end later"
            )
        most = power * (depart - arrive) / 3600.0
        order = np.lexsort((energy, depart, arrive))
        given = np.minimum(energy, most)
        parts = (arrive, depart, given, power, energy - given)
        return cls(*(part[order] for part in parts))


def fill(sessions: Sessions, key: np.ndarray, step_s: int) -> np.ndarray:
    """Mean power of each step if every vehicle takes what it needs in the steps of least key.

    No vehicle is charged before it arrives, after it leaves or faster than it can: for a price as
    the key this is the optimum of each vehicle's own linear programme, exactly.

    Parameters
    ----------
    key : ndarray, shape (n_steps,)
        Smaller is better; of equals the earlier is taken. After its end the last value holds.

    Returns
    -------
    ndarray, shape (n_steps,)
        [MW]
    """
    n = len(key)
    longest = int(sessions.depart.max(initial=0)) // step_s + 2
    padded = np.concatenate((key, np.full(max(longest - n, 0), key[-1]))).astype(float)
    taken = np.zeros(len(padded))
    _fill(sessions.arrive, sessions.depart, sessions.energy, sessions.power, padded, step_s, taken)
    return np.asarray(taken[:n] * 3600.0 / step_s)


def envelope(sessions: Sessions, n_steps: int, step_s: int) -> tuple[np.ndarray, np.ndarray]:
    """Least and most energy that all vehicles together can have taken by each edge of the steps.

    Returns
    -------
    tuple of ndarray, shape (n_steps + 1,)
        Everybody as late as possible, and as early as possible [MWh].
    """
    order = np.arange(n_steps, dtype=float)
    longest = max(int(sessions.depart.max(initial=0)) // step_s + 2, n_steps)
    late = -np.arange(longest, dtype=float)
    curves = []
    for key in (late, order):
        power = fill(sessions, key, step_s)[:n_steps]
        curves.append(np.concatenate(([0.0], np.cumsum(power * step_s / 3600.0))))
    return curves[0], curves[1]


@njit(cache=True, nogil=True)
def _fill(arrive, depart, energy, power, key, step_s, taken):  # type: ignore[no-untyped-def]
    for i in range(len(arrive)):
        first = arrive[i] // step_s
        last = (depart[i] - 1) // step_s
        order = np.argsort(key[first : last + 1], kind="mergesort")
        left = energy[i]
        for q in order:
            if left <= 0.0:
                break
            k = first + q
            begin = max(arrive[i], k * step_s)
            end = min(depart[i], (k + 1) * step_s)
            part = min(left, power[i] * (end - begin) / 3600.0)
            taken[k] += part
            left -= part
