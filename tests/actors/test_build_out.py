"""Building over years: stages, ageing and replacement by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.base import PhysicsError
from tests.actors.plant import amount, lines, plant, rate, run
from tests.actors.store_of_a_day import day
from twin.engine.actors.build_out import BuildOut, Stage

DAY, YEAR = 86_400, 365


def stages(*pairs: tuple[str, float]) -> list[Stage]:
    """Dates and shares."""
    return [Stage(start=start, share=share) for start, share in pairs]


def test_three_phases_and_a_phase_out() -> None:
    """A third in March, two thirds in May, all in July, nothing from October 2025.

    31 + 28 days at 0, then 61, 61, 92 days at 100/3, 200/3, 100 MW: 24 x (61 x 100/3 + 61 x 200/3
    + 92 x 100) MWh. Stages that multiplied would give a third of two thirds.
    """
    actor = BuildOut(
        component="works",
        stages=stages(
            ("2025-03-01", 1 / 3), ("2025-05-01", 2 / 3), ("2025-07-01", 1.0), ("2025-10-01", 0.0)
        ),
    )
    world, recorded = run(plant(YEAR, DAY), {"build": actor})
    expected = 24 * (61 * 100 / 3 + 61 * 200 / 3 + 92 * 100)
    assert amount(world, recorded, "works") == pytest.approx(expected)
    assert [round(after, 3) for _, _, after in lines(world, "limit")] == [0, 0.333, 0.667, 1, 0]


def test_a_stage_at_any_second() -> None:
    """Built at 14:03 on the second day: 9 h 57 min of 100 MW on that day."""
    actor = BuildOut(component="works", stages=stages(("2025-01-02 14:03", 1.0)))
    world, recorded = run(plant(48), {"build": actor})
    assert amount(world, recorded, "works") == pytest.approx(995.0, abs=1e-6)


def test_ageing_compounds_and_a_new_one_is_new() -> None:
    """2 % a year, replaced after 3 years: 1, 0.98, 0.98 squared, 1, 0.98.

    Ageing that went on through the replacement would reach 0.98 to the fourth.
    """
    actor = BuildOut(component="works", ageing=0.02, life=3.0)
    world, recorded = run(plant(5 * YEAR, DAY), {"age": actor})
    power = rate(world, recorded, "works")[np.arange(5) * YEAR + 100]
    assert power == pytest.approx([100, 98, 96.04, 100, 98])
    assert [h.cause for h in world.log] == [
        "1 years old", "2 years old", "replaced", "1 years old",
    ]  # fmt: skip


def test_what_stood_before_the_run_has_its_age() -> None:
    """Built two years of 8760 h before the start: 0.98 squared at once, 0.98 cubed in a year."""
    actor = BuildOut(component="works", stages=stages(("2023-01-02", 1.0)), ageing=0.02)
    world, recorded = run(plant(2 * YEAR, DAY), {"age": actor})
    power = rate(world, recorded, "works")
    # 2024 has 366 days, so the second anniversary is 1 January 2025.
    assert power[[0, 364, 365]] == pytest.approx([100 * 0.98**2, 100 * 0.98**2, 100 * 0.98**3])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "nothing ages"),
        ({"stages": stages(("2026-01-01", 1.0), ("2025-01-01", 0.0))}, "stages begin at"),
        ({"stages": stages(("soon", 1.0))}, "is not a date"),
    ],
)
def test_what_a_plan_cannot_be(given: dict[str, object], says: str) -> None:
    """Each would otherwise be built in another order than meant, or never."""
    with pytest.raises((PhysicsError, ValueError), match=says):
        BuildOut(component="works", **given)


def test_a_store_ages_as_its_inverter_does() -> None:
    """10 MWh built to a half hold 5: 12 h of 1 MW surplus fill 5 MWh at 1 and not 10.

    Held by its flows alone, half the power would still fill all of it: 0.5 MW x 12 h = 6 MWh. What
    stood above stays: a full store of 10 MWh cut to 5 keeps its 10 until they are used.
    """
    built = BuildOut(component="store", stages=[{"start": "2025-01-01 00:00", "share": 0.5}])
    levels = day({"build": built}, initial=0.0)
    assert levels.max() == pytest.approx(5.0, rel=1e-9)
    late = BuildOut(
        component="store",
        stages=[
            {"start": "2025-01-01 00:00", "share": 1.0},
            {"start": "2025-01-01 12:00", "share": 0.5},
        ],
    )
    kept = day({"build": late}, initial=10.0)
    assert kept[12] == pytest.approx(10.0, rel=1e-9)
    assert kept.min() >= 5.0
