"""Named phases of an instant, and waiting for one of them.

SimPy breaks ties of one instant by the order in which events were created. That is repeatable,
but it is not a modelling decision: here an instant runs in phases, and within a phase in the
order of the actors' names.
"""

from __future__ import annotations

from enum import IntEnum

import simpy
from simpy.events import EventPriority


class Phase(IntEnum):
    """What happens when, within one instant."""

    OBSERVE = 0
    DISRUPT = 1
    DECIDE = 2
    SETTLE = 3
    RECORD = 4


_ACTORS = 1_000_000


class Moment(simpy.Event):
    """An event at a whole second, in a phase, at the rank of its actor."""

    def __init__(self, env: simpy.Environment, delay_s: int, phase: Phase, rank: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        self.phase = phase
        priority = EventPriority(phase * _ACTORS + rank + 1)
        env.schedule(self, priority=priority, delay=delay_s)
