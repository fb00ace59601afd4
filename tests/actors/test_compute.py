"""Deferrable compute: places and times by hand, deadlines and power kept at random."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import PhysicsError
from tests.actors.plant import amount, lines, plant, rate, run
from twin.engine.actors.compute import Compute, Place

SUNNY = [0.6] * 10 + [0.1] * 5 + [0.6] * 9
"""Clean from 10 to 15 h."""


def jobs(**more: object) -> Compute:
    """2 h at 4 MW at 8 h and again at 16 h; home is `works`, the west is `hall`."""
    given = {
        "sites": {
            "east": Place(component="works", intensity=[0.5]),
            "west": Place(component="hall", intensity=SUNNY, latency=0.03),
        },
        "home": "east", "every": 8.0, "arrivals": "regular", "power": 4.0, "duration": 2.0,
        "slack": 6.0,
    }  # fmt: skip
    return Compute(**{**given, **more})


def test_a_job_waits_and_moves_for_the_sun_as_by_hand() -> None:
    """At 8 h to the west from 10 to 12 (0.8 t instead of 4); at 16 h at once at home (4 t).

    Without moving it would stay at 0.5, without waiting too.
    """
    world, recorded = run(plant(24, hall=100.0), {"cloud": jobs()})
    assert np.flatnonzero(rate(world, recorded, "hall")).tolist() == [10, 11]
    assert np.flatnonzero(rate(world, recorded, "works")).tolist() == [16, 17]
    assert [line[1:] for line in lines(world, "placed")] == [
        pytest.approx((4.0, 0.8)), pytest.approx((4.0, 4.0)),
    ]  # fmt: skip


def test_latency_migration_and_slack_keep_a_job_at_home() -> None:
    """A latency of 20 ms, 7 h to move, or no slack: it runs at home, at 8 h."""
    for change in ({"latency_limit": 0.02}, {"migration": 7.0}, {"slack": 0.0}):
        world, recorded = run(plant(16, hall=100.0), {"cloud": jobs(**change)})
        assert np.flatnonzero(rate(world, recorded, "works")).tolist() == [8, 9]


def test_a_full_site_takes_the_next_best_time() -> None:
    """5 MW in the west hold one job; they come each hour and can wait for 4.

    Job 5 may begin at 9 h (half of it clean); then 7 from 11 and 9 from 13 h. Those between stay
    at home. Two at once would be cut to 5 MW in silence.
    """
    world, recorded = run(plant(16, hall=5.0), {"cloud": jobs(every=1.0, slack=4.0)})
    assert rate(world, recorded, "hall").max() == pytest.approx(4.0)
    placed = [h for h in world.log if h.what == "need" and h.component == "hall" and h.after]
    assert [(h.time_s / 3600, h.cause) for h in placed] == [
        (9, "job 5 at west"), (11, "job 7 at west"), (13, "job 9 at west"),
    ]  # fmt: skip


def test_at_once_queues_at_home_and_says_who_is_late() -> None:
    """One place, a job of 2 h each hour: the second waits one hour, the third two."""
    one = jobs(every=1.0, slack=0.0, rule="at_once")
    world, _ = run(plant(12, works=4.0, hall=4.0), {"cloud": one})
    done = [h for h in world.log if h.what == "done"]
    assert [h.cause for h in done][:3] == [
        "job 1 at east", "job 2 at east, 1 h late", "job 3 at east, 2 h late",
    ]  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.5, 4.0), st.floats(0.0, 10.0))
def test_no_site_is_overrun_and_nothing_is_lost(seed: int, every: float, slack: float) -> None:
    """At random: the needs of a site stay within its power, and all jobs done took their energy."""
    cloud = jobs(every=every, arrivals="poisson", slack=slack)
    world, recorded = run(plant(96, works=9.0, hall=13.0), {"cloud": cloud}, seed=seed)
    for site, most in (("works", 8.0), ("hall", 12.0)):
        needs = [h.after for h in world.log if h.what == "need" and h.component == site]
        assert max(needs, default=0.0) <= most + 1e-9
    done = len(lines(world, "done"))
    running = sum(
        4.0 * (96 - h.time_s / 3600)
        for h, key in ((h, h.cause) for h in world.log if h.what == "need")
        if h.after > h.before
        and not any(g.what == "done" and g.cause.startswith(key) for g in world.log)
    )
    total = amount(world, recorded, "works") + amount(world, recorded, "hall")
    assert total == pytest.approx(done * 8.0 + running, abs=1e-6)


def test_the_least_carbon_of_two_jobs_by_enumeration() -> None:
    """One job at a time over all sites and quarter-hours: none bears less than was chosen."""
    rng = np.random.default_rng(4)
    east, west = (rng.uniform(0, 1, 24).tolist() for _ in range(2))
    sites = {
        "east": Place(component="works", intensity=east),
        "west": Place(component="hall", intensity=west),
    }
    world, _ = run(plant(24, hall=100.0), {"cloud": jobs(sites=sites, duration=1.75)})
    chosen = lines(world, "placed")[0][2]
    best = min(
        4.0 * sum(signal[(begin + k) // 4] for k in range(7)) / 4
        for signal, begin in itertools.product((east, west), range(32, 57))
    )
    assert chosen == pytest.approx(best)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: jobs(home="north"), "is no site"),
        (lambda: Place(component="works", intensity=[0.5, 0.6]), "2 values"),
    ],
)
def test_what_compute_cannot_be(make: object, says: str) -> None:
    """Each would otherwise be guessed."""
    assert callable(make)
    with pytest.raises((PhysicsError, ValueError), match=says):
        make()


def test_a_job_larger_than_a_site_is_refused() -> None:
    """4 MW for a site of 3: it would be cut in silence."""
    with pytest.raises(ValueError, match="takes 4 MW, but 'hall' has 3"):
        run(plant(24, hall=3.0), {"cloud": jobs()})
