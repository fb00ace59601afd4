"""Planned work that waits for its crew."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from models.base import PhysicsError
from tests.actors.power import lines, run, units
from twin.engine.actors.maintenance import Maintenance
from twin.engine.actors.outage import Outage


def test_one_crew_does_one_thing_after_the_other_and_units_wait_in_service() -> None:
    """Both are due at 06:00 for 3 h, the one whose name comes first goes first, the other at 09:00.

    Were the second taken out at once, as a failure is, both would be down from 06:00 to 09:00.
    """
    work = {"start": "2025-01-01 06:00", "duration": 3, "crew": "east"}
    b = Maintenance(component="unit_1", **work)
    a = Maintenance(component="unit_0", **work)
    for actors in ({"a": a, "b": b}, {"b": b, "a": a}):
        world, _ = run(units(2, days=1), actors)
        assert lines(world) == [
            (6.0, "unit_0", 1.0, 0.0, "maintenance"),
            (9.0, "unit_0", 0.0, 1.0, "back in service"),
            (9.0, "unit_1", 1.0, 0.0, "maintenance"),
            (12.0, "unit_1", 0.0, 1.0, "back in service"),
        ]


def test_a_failure_holds_the_crew_that_planned_work_needs() -> None:
    """The unit that failed at 05:00 is repaired until 10:00; planned work of 2 h then begins."""
    actors = {
        "work": Maintenance(component="unit_1", start="2025-01-01 06:00", duration=2, crew="east"),
        "trip": Outage(component="unit_0", start="2025-01-01 05:00", duration=5, crew="east"),
    }
    world, _ = run(units(2, days=1), actors)
    assert [line[:2] for line in lines(world)] == [
        (5.0, "unit_0"), (10.0, "unit_0"), (10.0, "unit_1"), (12.0, "unit_1"),
    ]  # fmt: skip


def test_work_comes_again_and_what_began_before_the_run_goes_on() -> None:
    """Every 240 h from two hours before the run: its last hour is left, then at 238 h and 478 h."""
    work = Maintenance(
        component="unit_0", start="2024-12-31 22:00", duration=3, every=240, remaining=0.5
    )
    world, _ = run(units(days=21), {"m": work})
    assert [line[0] for line in lines(world)] == [0, 1, 238, 241, 478, 481]
    assert {line[3] for line in lines(world)} == {0.5, 1.0}


def test_work_that_never_ends_is_refused() -> None:
    """Three hours of work due every two hours would pile up without end."""
    with pytest.raises((ValidationError, PhysicsError), match="cannot be due every 2 h"):
        Maintenance(component="unit_0", start="2025-01-01", duration=3, every=2)
