"""Outages: renewal times, availability, crews that queue, histories from a file."""

from __future__ import annotations

from math import factorial, gamma
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.stats import kstest, weibull_min

from models.base import PhysicsError
from tests.actors.power import DAY_S, amounts, hours_with, lines, mean_within, run, units
from twin.engine.actors.outage import Outage


def test_times_to_failure_are_weibull_with_the_mean_that_was_given() -> None:
    """Shape 2.5, mean 100 h: the times between repair and failure have that distribution.

    The scale is 100 / gamma(1.4) = 112.7 h; taken as the scale, the given mean would make the
    times 11 % too short, which some 3,000 of them tell apart.
    """
    shape = 2.5
    outage = Outage(component="unit_0", mtbf=100, mttr=20, shape=shape)
    world, _ = run(units(days=15_000, step_s=DAY_S), {"o": outage})
    times = np.array([line[0] for line in lines(world)])
    up = times[2::2] - times[1:-1:2][: len(times[2::2])]
    assert len(up) > 2500
    scale = 100 / gamma(1 + 1 / shape)
    assert kstest(up, weibull_min(shape, scale=scale).cdf).pvalue > 0.01
    assert kstest(up, weibull_min(shape, scale=100).cdf).pvalue < 1e-6


def test_availability_does_not_depend_on_the_shapes() -> None:
    """A renewal process is up for mtbf / (mtbf + mttr) = 0.8, whatever the distributions.

    Over T = 40,000 h the share has the standard deviation
    sqrt((m^2 s_r^2 + r^2 s_m^2) / ((m + r)^3 T)) (Trivedi, *Probability and Statistics with
    Reliability*, 2nd ed., sec. 6.6), with the variances s^2 of the two Weibull times.
    """
    m, r, hours = 40.0, 10.0, 40_000.0

    def variance(mean: float, k: float) -> float:
        return float(mean**2 * (gamma(1 + 2 / k) / gamma(1 + 1 / k) ** 2 - 1))

    outage = Outage(component="unit_0", mtbf=m, mttr=r, shape=3, repair_shape=0.7)
    world, _ = run(units(days=round(hours / 24), step_s=DAY_S), {"o": outage})
    down = hours_with(world, ["unit_0"], 1)
    spread = m**2 * variance(r, 0.7) + r**2 * variance(m, 3)
    sigma = (spread / ((m + r) ** 3 * hours)) ** 0.5
    assert abs(1 - down / (world.horizon_s / 3600) - 0.8) < 3 * sigma


@pytest.mark.parametrize("crews", [1, 2])
def test_a_crew_that_is_short_makes_units_wait_as_in_the_repairman_model(crews: int) -> None:
    """Four units, each failing every 30 h, repaired in 20 h by one or two crews.

    The birth-death chain of the machine-repairman model (M/M/c//N; Gross and Harris, *Fundamentals
    of Queueing Theory*, 3rd ed., sec. 2.7) gives the share of time with n units down; for one crew
    the mean is 2.57 units, for two 1.80. Without a queue it would be 4 x 0.4 = 1.6.
    """
    n, load = 4, 20 / 30
    weights = [1.0]
    for k in range(1, n + 1):
        weights.append(weights[-1] * (n - k + 1) * load / min(k, crews))
    expected = sum(k * w for k, w in enumerate(weights)) / sum(weights)
    if crews == 1:  # the closed form, as a check on the chain
        p0 = 1 / sum(factorial(n) / factorial(n - k) * load**k for k in range(n + 1))
        assert expected == pytest.approx(n - (1 - p0) / load)
    names = [f"unit_{k}" for k in range(n)]
    actors = {
        name: Outage(component=name, mtbf=30, mttr=20, crew="east", crews=crews) for name in names
    }
    net = units(n, days=400, step_s=DAY_S)
    means = []
    for seed in range(12):
        world, _ = run(net, actors, seed)
        hours = [k * hours_with(world, names, k) for k in range(n + 1)]
        means.append(sum(hours) / (world.horizon_s / 3600))
    assert mean_within(means, expected)
    assert not mean_within(means, n * 20 / 50)


def test_a_crew_of_two_sizes_is_refused() -> None:
    """Two events that count a crew differently would each be right in one order only."""
    actors = {
        "a": Outage(component="unit_0", mtbf=5, mttr=5, crew="east", crews=1),
        "b": Outage(component="unit_1", mtbf=5, mttr=5, crew="east", crews=2),
    }
    with pytest.raises(ValueError, match="'b' counts 2 in crew 'east', another event 1"):
        run(units(2), actors)


def test_a_file_of_outages_is_followed_to_the_second(tmp_path: Path) -> None:
    """2 h at half and a half on the second day from 03:30, and what began before the run.

    The unit of 10 MW serves 8: at 0.3 of it 3 MW are left and the grid gives 5 more, so
    nothing is unserved; the grid gives 5 MW for 1 h + 1.5 h + 2 h = 22.5 MWh.
    """
    path = tmp_path / "history.csv"
    path.write_text(
        "# plant log\nstart,duration_h\n2024-12-31 23:00,2\n2025-01-01 05:00,1.5\n"
        "2025-01-02 03:30,2\n"
    )
    outage = Outage(component="unit_0", file=str(path), remaining=0.3)
    world, recorded = run(units(days=3), {"o": outage})
    total = amounts(world, recorded)
    assert total["grid"] == pytest.approx(5 * 4.5, abs=1e-9)
    assert total["town"] == pytest.approx(8 * 72, abs=1e-9)
    assert lines(world)[:2] == [
        (0.0, "unit_0", 1.0, 0.3, "recorded"),
        (1.0, "unit_0", 0.3, 1.0, "back in service"),
    ]
    assert {27.5 * 3600, 29.5 * 3600} <= set(recorded.t0.tolist())


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({}, "either random, planned or from a file; this one gives none of these"),
        ({"mtbf": 3}, "this one gives mtbf"),
        ({"mtbf": 3, "mttr": 1, "start": "2025-01-01"}, "gives mtbf, mttr, start"),
        ({"start": "soon", "duration": 1}, "'soon' is not a date written year-month-day"),
        ({"start": "01.02.2025", "duration": 1}, "not a date written year-month-day"),
        ({"start": "2025-02-30", "duration": 1}, "'2025-02-30' is not a date and time"),
        ({"file": "nowhere.csv"}, "there is no file 'nowhere.csv'"),
    ],
)
def test_what_is_neither_random_nor_planned_is_refused(
    keys: dict[str, object], message: str
) -> None:
    """Half a specification would silently never fail."""
    with pytest.raises((ValidationError, PhysicsError), match=message):
        Outage(component="unit_0", **keys)


def test_a_file_out_of_order_is_refused(tmp_path: Path) -> None:
    """Outages that overlap would count the same hours twice."""
    path = tmp_path / "history.csv"
    path.write_text("start,duration_h\n2025-01-01 05:00,3\n2025-01-01 07:00,1\n")
    with pytest.raises((ValidationError, PhysicsError), match="before the last is over"):
        Outage(component="unit_0", file=str(path))
