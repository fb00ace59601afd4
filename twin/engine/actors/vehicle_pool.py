"""Vehicles as one battery whose content and power come and go with them."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from twin.engine.actors.reach import check_room, ways_of
from twin.engine.actors.sessions import Sessions
from twin.engine.clock import Phase


@dataclass(frozen=True)
class Pooled:
    """What v2g needs to know of one vehicle.

    Attributes
    ----------
    battery : float
        Usable content [MWh].
    minimum_soc, departure_soc : float
        Shares of it that are never taken, and that it leaves with.
    value_of_missed : float
        Penalty [currency/MWh].
    """

    battery: float
    minimum_soc: float
    departure_soc: float
    value_of_missed: float


@dataclass(frozen=True)
class Bounds:
    """The pool by step, arrays of shape (n_steps,), and of (n_steps + 1,) for `least`.

    Attributes
    ----------
    come, go : ndarray
        Content that arrives and that should leave at the start of each step [MWh].
    power, capacity : ndarray
        Of those plugged in during the step [MW, MWh].
    least : ndarray
        Content at each edge, before departures, that lets everybody leave in time [MWh].
    """

    come: np.ndarray
    go: np.ndarray
    power: np.ndarray
    capacity: np.ndarray
    least: np.ndarray


def bounds(
    sessions: Sessions, spec: Pooled, efficiency: float, n_steps: int, step_s: int
) -> Bounds:
    """Sum of what each vehicle allows; a stay counts from its first whole step to its last.

    Parameters
    ----------
    efficiency : float
        Content gained per energy at the bus.
    """
    hours = step_s / 3600.0
    first = -(-sessions.arrive // step_s)
    last = sessions.depart // step_s
    stays = (last > first) & (first < n_steps)
    first, last = first[stays], last[stays]
    power = sessions.power[stays]
    target = spec.departure_soc * spec.battery
    lowest = spec.minimum_soc * spec.battery
    gain = np.minimum((sessions.energy + sessions.missed)[stays] * efficiency, target - lowest)
    content = target - gain
    wanted = content + np.minimum(gain, power * efficiency * hours * (last - first))
    end = np.minimum(last, n_steps)
    come, go, rate, size = (np.zeros(n_steps + 1) for _ in range(4))
    np.add.at(come, first, content)
    np.add.at(go, end, np.where(last < n_steps, wanted, 0.0))
    for total, each in ((rate, power), (size, np.full(len(first), spec.battery))):
        np.add.at(total, first, each)
        np.add.at(total, end, -each)
    least = np.zeros(n_steps + 1)
    _least(first, last, wanted, power * efficiency * hours, lowest, least)
    plugged = [np.maximum(np.cumsum(total)[:-1], 0.0) for total in (rate, size)]
    return Bounds(come[:-1], go[:-1], plugged[0], plugged[1], least)


def pooled(
    world: Any, name: str, component: str, sessions: Sessions, spec: Pooled
) -> Generator[Any, None, None]:
    """Let a battery component be the vehicles.

    Raises
    ------
    ValueError
        The component is no battery, is not empty at first, or is too small for the vehicles.
    """
    program, state = world.program, world.state
    store, charge, discharge = ways_of(world, component)
    place = program.stores[store]
    flows = list(world.network.flows.values())
    efficiency = float(np.max(flows[charge].coefficients[place]))
    drain = -float(np.min(flows[discharge].coefficients[place]))
    step_s, n_steps = program.step_s, program.n_steps
    own = bounds(sessions, spec, efficiency, n_steps, step_s)
    if state.levels[store] > 0 or program.pack["minimum"][store] > 0:
        raise ValueError(
            f"'{component}' begins with {state.levels[store]:.6g} MWh and a minimum of "
            f"{program.pack['minimum'][store]:.6g} MWh; v2g needs initial_soc and minimum_soc 0, "
            "since the vehicles bring their own"
        )
    capacity = float(program.pack["capacity"][store])
    if own.capacity.max(initial=0.0) > capacity * (1 + 1e-9):
        raise ValueError(
            f"vehicles of {own.capacity.max():.6g} MWh are plugged in at once, but '{component}' "
            f"holds {capacity:.6g} MWh; raise its energy_capacity"
        )
    for flow in (charge, discharge):
        check_room(world, flow, float(own.power.max(initial=0.0)), f"fleet '{name}'")
    hours, steered = step_s / 3600.0, 0.0
    each_day = 86_400 // step_s if step_s < 86_400 else 1
    for k in range(n_steps):
        yield world.at(k * step_s, Phase.DECIDE, name)
        level = float(state.levels[store])
        left = min(own.go[k], level)
        if own.go[k] - left > 1e-6 * spec.battery:
            world.note(component, "missed", own.go[k], left, by=name, cause="left with less")
        # A loss of the battery is felt by the last to leave, not made good from nothing.
        level = min(level - left + own.come[k], capacity)
        state.levels[store] = level
        must = max((own.least[k + 1] - level) / (efficiency * hours), 0.0)
        urgent = must > 1e-9
        most = min(own.power[k], must) if urgent else own.power[k]
        room = max(own.capacity[k] - level, 0.0) / (efficiency * hours)
        spare = 0.0 if urgent else max(level - own.least[k + 1], 0.0) / (drain * hours)
        world.hold("cap", flows[charge].name, min(most, room), by=name)
        world.hold("cap", flows[discharge].name, min(own.power[k], spare), by=name)
        steer = -spec.value_of_missed if urgent else 0.0
        if steer != steered:
            state.steer_adder[charge] += steer - steered
            steered = steer
        if k % each_day == 0:
            ahead = slice(k, k + each_day)
            cause = (
                f"{own.come[ahead].sum():.6g} MWh come and {own.go[ahead].sum():.6g} MWh leave "
                "within a day"
            )
            world.note(component, "pool", level, own.power[ahead].max(), by=name, cause=cause)


@njit(cache=True, nogil=True)
def _least(first, last, wanted, step, lowest, least):  # type: ignore[no-untyped-def]
    for i in range(len(first)):
        for k in range(first[i] + 1, min(last[i], len(least) - 1) + 1):
            content = wanted[i] - step[i] * (last[i] - k)
            least[k] += max(content, min(lowest, wanted[i]))
