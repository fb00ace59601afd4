"""Who comes next, and when it is best to begin: rules that batches, jobs and vehicles share."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import simpy

from twin.engine.actors.reach import DAY_S, limits
from twin.engine.clock import Phase

Profile = Sequence[tuple[int, float]]
"""Pieces of a job one after the other: length [s] and weight, such as the power it takes."""


class Pool:
    """Places at a machine or dock, given in the order of a key.

    A SimPy resource gives a free place to whoever asks first within an instant. Here all who ask
    in an instant are compared in its decide phase, so that the order of creation cannot matter.
    """

    def __init__(self, world: Any, by: str, places: int) -> None:
        self.world, self.by, self.free = world, by, places
        self._waiting: list[tuple[Any, int, simpy.Event]] = []
        self._asked = 0
        self._called = False

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def ask(self, key: Any) -> simpy.Event:
        """An event that comes with a place; smaller keys first, then who asked first."""
        event = simpy.Event(self.world.env)
        heapq.heappush(self._waiting, (key, self._asked, event))
        self._asked += 1
        self._call()
        return event

    def leave(self) -> None:
        """Give a place back."""
        self.free += 1
        self._call()

    def _call(self) -> None:
        if not self._called and self.free and self._waiting:
            self._called = True
            self.world.at(self.world.now, Phase.DECIDE, self.by).callbacks.append(self._give)

    def _give(self, _: simpy.Event) -> None:
        self._called = False
        while self.free and self._waiting:
            self.free -= 1
            heapq.heappop(self._waiting)[2].succeed()


class Outlook:
    """A signal over the run, such as a price, integrated once so that windows cost nothing.

    Parameters
    ----------
    signal : ndarray, shape (n_steps,)
        Smaller is better. After its end it stays at its last value.
    step_s : int
    """

    def __init__(self, signal: np.ndarray, step_s: int) -> None:
        self.signal, self.step_s = np.asarray(signal, float), step_s
        self._sum = np.concatenate(([0.0], np.cumsum(self.signal * step_s)))

    def upto(self, t: np.ndarray) -> np.ndarray:
        """Integral of the signal from 0 to each second of `t`."""
        k = np.minimum(t // self.step_s, len(self.signal) - 1)
        return np.asarray(self._sum[k] + self.signal[k] * (t - k * self.step_s))

    def burden(self, starts: np.ndarray, profile: Profile) -> np.ndarray:
        """What a job would bear if begun at each of `starts`: the weighted integral."""
        total, begin = np.zeros(len(starts)), np.asarray(starts, np.int64)
        for length, weight in profile:
            total += weight * (self.upto(begin + length) - self.upto(begin))
            begin = begin + length
        return total

    def best_start(
        self,
        earliest: int,
        latest: int,
        profile: Profile,
        fits: Callable[[int], bool] | None = None,
        also: Iterable[int] = (),
    ) -> int | None:
        """The second in [earliest, latest] at which a job bears least; the first of equals.

        The burden is piecewise linear in the start, so its least value lies where an edge of the
        job meets an edge of a step, or at an end of the window: nothing else is looked at.

        Parameters
        ----------
        fits : callable, optional
            Refuses starts, such as those at which no machine is free; then `also` must hold the
            starts at which that changes.

        Returns
        -------
        int or None
            None where no start fits.
        """
        latest = max(latest, earliest)
        edges = np.cumsum([0, *(length for length, _ in profile)])
        grid = np.arange(
            earliest // self.step_s, (latest + int(edges[-1])) // self.step_s + 1
        ) * self.step_s  # fmt: skip
        found = (grid[:, None] - edges[None, :]).ravel()
        starts = np.concatenate((found, [earliest, latest], np.fromiter(also, np.int64)))
        starts = np.unique(starts[(starts >= earliest) & (starts <= latest)])
        burden = self.burden(starts, profile)
        size = max(float(np.abs(burden).max()), 1e-30)
        # Sums of a year round; what differs by less is a tie, and the first of a tie is taken.
        order = np.lexsort((starts, np.round(burden / size, 9)))
        for k in order:
            if fits is None or fits(int(starts[k])):
                return int(starts[k])
        return None


def foreseen(series: np.ndarray, step_s: int) -> np.ndarray:
    """A forecast that knows only the past: each hour as on the day before; nothing on the first.

    Whoever asks at an instant may use the next 24 hours of it.

    Raises
    ------
    ValueError
        A day is not a whole number of steps.
    """
    if DAY_S % step_s:
        raise ValueError(f"a day is no whole number of {step_s} s steps; choose another step")
    shift = DAY_S // step_s
    return np.concatenate((np.zeros(min(shift, len(series))), series[:-shift]))


def offer(world: Any, components: Iterable[str]) -> np.ndarray:
    """Power that sun and wind offer to components, shape (n_steps,) [MW].

    Raises
    ------
    ValueError
        A component has no flow whose surplus is curtailed.
    """
    total = np.zeros(world.program.n_steps)
    flows = list(world.network.flows.values())
    for component in components:
        own = [j for j, f in enumerate(flows) if f.component == component and f.curtailable]
        if not own:
            able = ", ".join(sorted({f.component for f in flows if f.curtailable})) or "none"
            raise ValueError(f"'{component}' takes nothing from sun or wind; those that do: {able}")
        for j in own:
            total += limits(world, j)
    return total
