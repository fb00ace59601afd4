"""Storms: what blows, what breaks, and the repairs that follow."""

from __future__ import annotations

import pandas as pd
import pytest
from pydantic import ValidationError

from models.base import PhysicsError
from tests.actors.power import DAY_S, amounts, lines, mean_within, run, units
from twin.engine.actors.storm import Storm


def test_a_storm_leaves_what_it_leaves_for_as_long_as_it_blows() -> None:
    """From 10:20 for 6.5 h the unit of 10 MW keeps a tenth; the grid gives 5 of the 8 MW.

    2 MW x 6.5 h = 13 MWh go unserved. Rounded to whole hours it would be 12 or 14.
    """
    storm = Storm(start="2025-01-01 10:20", duration=6.5, remaining={"unit_0": 0.1})
    world, recorded = run(units(days=1), {"typhoon": storm})
    total = amounts(world, recorded)
    assert 8 * 24 - total["town"] == pytest.approx(13, abs=1e-9)
    assert total["grid"] == pytest.approx(5 * 6.5, abs=1e-9)
    assert lines(world) == [
        (pytest.approx(10 + 1 / 3), "unit_0", 1.0, 0.1, "storm"),
        (pytest.approx(16 + 5 / 6), "unit_0", 0.1, 1.0, "storm over"),
    ]


def test_the_repair_wave_of_one_crew_is_an_erlang_time() -> None:
    """Three broken units, 20 h each, one crew: the last is back 60 h after the storm on average.

    The sum of three exponential times has the variance 3 x 20^2. With a crew for each unit it
    would be the largest of the three: 20 (1 + 1/2 + 1/3) = 36.7 h.
    """
    names = [f"unit_{k}" for k in range(3)]
    last: dict[int, list[float]] = {1: [], 3: []}
    for crews, found in last.items():
        storm = Storm(start="2025-01-02", duration=12, damage=dict.fromkeys(names, 1.0),
                      mttr=20, crew="east", crews=crews)  # fmt: skip
        for seed in range(150):
            world, _ = run(units(3, days=40, step_s=DAY_S), {"typhoon": storm}, seed)
            back = [t for t, *_, cause in lines(world) if cause == "repaired"]
            assert len(back) == 3
            found.append(max(back) - 36)
    assert mean_within(last[1], 60)
    assert mean_within(last[3], 20 * (1 + 1 / 2 + 1 / 3))


def test_damage_strikes_with_its_probability_and_only_in_the_season() -> None:
    """Storms every 60 days from July to mid October; each breaks the unit with 0.25.

    In 120 years of 107 days the number is Poisson with the mean 214 (less the few days that the
    storms themselves take); a damage drawn once for all storms would be 0 or 1.
    """
    storm = Storm(every=60 * 24, duration=1, season=("07-01", "10-15"), damage={"unit_0": 0.25},
                  mttr=1)  # fmt: skip
    world, _ = run(units(days=120 * 365, step_s=DAY_S), {"typhoon": storm})
    begun = [h for h in world.log if h.cause in ("storm", "damage")]
    days = {(world.start + pd.Timedelta(seconds=h.time_s)).strftime("%m-%d") for h in begun}
    assert min(days) >= "07-01"
    assert max(days) <= "10-15"
    expected = 120 * 107 / 60
    assert abs(len(begun) - expected) < 3 * expected**0.5
    broken = sum(h.cause == "damage" for h in begun)
    n = len(begun)
    assert abs(broken / n - 0.25) < 3 * (0.25 * 0.75 / n) ** 0.5


def test_a_unit_under_repair_stays_out_in_the_next_storm() -> None:
    """Broken in the first storm and still so in the second, it comes back once, to the weather.

    A second storm that set it to its share would mend it.
    """
    storm = Storm(every=20, duration=10, remaining={"unit_0": 0.5}, damage={"unit_0": 1.0},
                  mttr=60)  # fmt: skip
    world, _ = run(units(days=200, step_s=DAY_S), {"typhoon": storm})
    state, blowing = 1.0, False
    for line in world.log:
        if line.cause in ("storm", "damage"):
            assert line.after == 0.0
        if line.cause == "repaired":
            assert state == 0.0
            assert line.after in (0.5, 1.0)
            blowing = blowing or line.after == 0.5
        state = line.after
    assert blowing


def test_names_and_shares_that_cannot_be_are_refused() -> None:
    """A misspelt component would weather every storm."""
    storm = Storm(start="2025-01-01", duration=1, remaining={"unit_7": 0.5})
    with pytest.raises(ValueError, match="'unit_7', which is no component"):
        run(units(), {"s": storm})
    with pytest.raises((ValidationError, PhysicsError), match="1.5 for 'unit_0' is not between"):
        Storm(start="2025-01-01", duration=1, damage={"unit_0": 1.5})
    with pytest.raises((ValidationError, PhysicsError), match="start and every"):
        Storm(start="2025-01-01", every=4, duration=1)
    with pytest.raises((ValidationError, PhysicsError), match="'July' is not a day"):
        Storm(every=4, duration=1, season=("July", "10-01"))
