"""Pinch analysis: how little heating and cooling a set of streams needs from outside.

The problem table of Linnhoff and Flower, *AIChE Journal* 24, 1978, p. 633: hot streams are shifted
down and cold streams up by half the least temperature difference, so that heat may pass wherever
shifted temperatures allow, and what lies above each temperature is summed up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Stream:
    """A stream that gives up heat while it cools, or takes heat while it warms.

    Attributes
    ----------
    name : str
    supply, target : float
        Temperatures between which it changes [degC]; equal for one that condenses or boils.
    duty : float
        Heat given up, positive, or taken, negative [MW].
    """

    name: str
    supply: float
    target: float
    duty: float

    @classmethod
    def of_capacity(cls, name: str, supply: float, target: float, capacity: float) -> Stream:
        """A stream of constant heat capacity flow `capacity` [MW/K], hot if it cools.

        Raises
        ------
        ValueError
            The capacity is not above zero.
        """
        if not capacity > 0:
            raise ValueError(f"stream '{name}' has a heat capacity flow of {capacity:g} MW/K")
        return cls(name, supply, target, capacity * (supply - target))

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.supply, self.target, self.duty))):
            raise ValueError(
                f"stream '{self.name}' goes from {self.supply:g} to {self.target:g} degC with "
                f"{self.duty:g} MW; all three must be finite"
            )
        if self.duty * (self.supply - self.target) < 0:
            verb, way = ("gives", "warms") if self.duty > 0 else ("takes", "cools")
            raise ValueError(
                f"stream '{self.name}' {verb} {abs(self.duty):g} MW and yet {way} from "
                f"{self.supply:g} to {self.target:g} degC. To mend: turn the sign of the duty, "
                "which is positive for heat given up, or swap the temperatures."
            )


@dataclass(frozen=True)
class Targets:
    """What no heat exchanger network can go below, and where it is tight.

    Attributes
    ----------
    hot_utility, cold_utility : float
        Least heating and cooling from outside [MW].
    pinches : tuple of float
        Shifted temperatures through which no heat may pass, from hot to cold [degC]; hot streams
        are half the approach above, cold streams half below. Empty where only one utility is
        needed and the approach does not limit (a threshold problem).
    recovered : float
        Heat that hot streams hand to cold ones [MW].
    temperature, heat : ndarray, shape (n,)
        The grand composite curve from hot to cold: shifted temperature [degC] and heat that
        passes down through it [MW], at least zero. A temperature stands twice where a stream
        condenses or boils at it.
    """

    hot_utility: float
    cold_utility: float
    pinches: tuple[float, ...]
    recovered: float
    temperature: np.ndarray
    heat: np.ndarray


def targets(streams: Sequence[Stream], approach: float) -> Targets:
    """Least utilities of a set of streams at a least temperature difference.

    Parameters
    ----------
    streams : sequence of Stream
    approach : float
        Least difference between a hot and a cold stream in any exchanger [K].

    Returns
    -------
    Targets

    Raises
    ------
    ValueError
        There is no stream, or the approach is negative.

    Examples
    --------
    >>> hot = Stream.of_capacity("product", 170, 60, 3.0)
    >>> cold = Stream.of_capacity("feed", 20, 140, 2.0)
    >>> found = targets([hot, cold], approach=10)
    >>> found.hot_utility, found.cold_utility
    (0.0, 90.0)
    """
    if not streams:
        raise ValueError("there is no stream to analyse")
    if not approach >= 0:
        raise ValueError(f"the approach is {approach:g} K; heat flows to the cold, so it is >= 0")
    shifted = [_shifted(stream, approach / 2) for stream in streams]
    marks = np.unique([t for high, low, _ in shifted for t in (high, low)])[::-1]
    # Surplus of heat above each mark, once without and once with streams that sit right on it.
    temperature = np.repeat(marks, 2)
    surplus = np.zeros(len(temperature))
    for high, low, duty in shifted:
        if high > low:
            part = np.clip((high - temperature) / (high - low), 0.0, 1.0)
        else:
            part = (temperature < high).astype(float)
            part[np.flatnonzero(temperature == high)[-1]] = 1.0
        surplus += duty * part
    keep = np.ones(len(surplus), dtype=bool)
    keep[1::2] = surplus[1::2] != surplus[::2]
    temperature, surplus = temperature[keep], surplus[keep]
    scale = sum(abs(duty) for _, _, duty in shifted)
    hot_utility = max(0.0, -float(surplus.min()))
    heat = surplus + hot_utility
    heat[np.abs(heat) <= 1e-12 * scale] = 0.0
    given = sum(max(duty, 0.0) for _, _, duty in shifted)
    cold_utility = float(heat[-1])
    return Targets(
        hot_utility,
        cold_utility,
        _pinches(temperature, heat),
        given - cold_utility,
        temperature,
        heat,
    )


def composite(streams: Sequence[Stream]) -> tuple[np.ndarray, np.ndarray]:
    """Composite curve of streams that all give, or all take, from cold to hot.

    Returns
    -------
    temperature, heat : ndarray, shape (n,)
        Real temperature [degC] and heat between it and the coldest end [MW].

    Raises
    ------
    ValueError
        There is no stream, or some give while others take.
    """
    signs = {stream.duty >= 0 for stream in streams}
    if len(signs) != 1:
        raise ValueError(
            f"{len(streams)} streams, of which {sum(s.duty >= 0 for s in streams)} give heat; "
            "a composite curve is of those that give or of those that take"
        )
    ends = [(min(s.supply, s.target), max(s.supply, s.target), abs(s.duty)) for s in streams]
    temperature = np.repeat(np.unique([t for low, high, _ in ends for t in (low, high)]), 2)
    heat = np.zeros(len(temperature))
    for low, high, duty in ends:
        if high > low:
            heat += duty * np.clip((temperature - low) / (high - low), 0.0, 1.0)
        else:
            part = (temperature > low).astype(float)
            part[np.flatnonzero(temperature == low)[-1]] = 1.0
            heat += duty * part
    keep = np.ones(len(heat), dtype=bool)
    keep[1::2] = heat[1::2] != heat[::2]
    return temperature[keep], heat[keep]


def _shifted(stream: Stream, half: float) -> tuple[float, float, float]:
    """Hot end, cold end and duty of a stream on the shifted scale."""
    shift = -half if stream.duty > 0 else half
    high, low = max(stream.supply, stream.target), min(stream.supply, stream.target)
    return high + shift, low + shift, stream.duty


def _pinches(temperature: np.ndarray, heat: np.ndarray) -> tuple[float, ...]:
    """Where no heat passes though streams lie on both sides; not the ends of the curve."""
    found = []
    for i in np.flatnonzero(heat[1:-1] == 0.0) + 1:
        if (heat[:i] > 0).any() and (heat[i:] > 0).any():
            found.append(float(temperature[i]))
    return tuple(dict.fromkeys(found))
