"""Batches: hand-solved schedules, a queue with a formula, needs on the network."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import PhysicsError
from tests.actors.plant import amount, lines, plant, rate, run
from twin.engine.actors.batch import Batch, Job, Step, _most_at_once
from twin.engine.actors.outage import Outage
from twin.engine.actors.scheduling import Outlook
from twin.engine.world import World

DRAWS = {"electricity": "works"}


def step(machine: str, hours: float, power: float = 0.0) -> Step:
    """A step that takes some power."""
    return Step(machine=machine, duration=hours, needs={"electricity": power} if power else {})


def job(release: int, due: int | None = None) -> Job:
    """A job by whole hours of the first day."""
    day = "2025-01-01"
    return Job(
        release=f"{day} {release:02d}:00", due=None if due is None else f"{day} {due:02d}:00"
    )


def finishes(world: World) -> dict[int, float]:
    """Hour at which each job is done."""
    found = {}
    for h in world.log:
        if h.what == "finish":
            found[int(h.cause.replace(",", "").split()[1])] = h.after
    return found


def test_two_jobs_through_a_vat_and_a_dryer_as_by_hand() -> None:
    """Vat 2 h at 3 MW, dryer 1 h at 5 MW, released at 0 and 1 h: done at 3 and 5 h.

    The vat is taken from 0 to 4, the dryer from 2 to 3 and 4 to 5: 3, 3, 8, 3, 5 MW. Without the
    queue at the vat the second would be done at 4 h; with the vat held while drying, at 6 h.
    """
    batch = Batch(
        recipe=[step("vat", 2, 3.0), step("dryer", 1, 5.0)],
        machines={"vat": 1, "dryer": 1},
        draws=DRAWS,
        jobs=[job(0), job(1)],
    )
    world, recorded = run(plant(8), {"dye": batch})
    assert finishes(world) == {1: 3.0, 2: 5.0}
    assert rate(world, recorded, "works") == pytest.approx([3, 3, 8, 3, 5, 0, 0, 0])
    changes = lines(world, "need")
    assert [t for t, _, _ in changes] == [0, 2, 2, 2, 3, 4, 4, 5]
    assert [after for _, _, after in changes if after] == [3, 3, 8, 3, 5]


def test_a_step_of_40_minutes_splits_the_hour() -> None:
    """From 0:00 to 0:40 at 6 MW is 4 MWh; on the hourly grid it would be 6."""
    batch = Batch(recipe=[step("vat", 2 / 3, 6.0)], machines={"vat": 1}, draws=DRAWS, jobs=[job(0)])
    world, recorded = run(plant(2), {"dye": batch})
    assert amount(world, recorded, "works") == pytest.approx(4.0, abs=1e-9)
    assert 2400 in recorded.t0


def test_earliest_due_date_beats_first_come_on_the_largest_lateness() -> None:
    """3 h on one machine, released at 0, 1, 2 h and due at 10, 12, 6 h.

    First come, the third is done at 9 h, 3 h late. By due date it comes second, at 6 h, and the
    second job at 9 h: nobody is late.
    """
    done = {}
    for rule in ("fifo", "earliest_due"):
        batch = Batch(
            recipe=[step("vat", 3)],
            machines={"vat": 1},
            rule=rule,
            jobs=[job(0, 10), job(1, 12), job(2, 6)],
        )
        world, _ = run(plant(12), {"dye": batch})
        done[rule] = finishes(world)
        late = [h.cause for h in world.log if h.what == "finish" and "late" in h.cause]
        assert late == (["job 3, 3 h late"] if rule == "fifo" else [])
    assert done["fifo"] == {1: 3.0, 2: 6.0, 3: 9.0}
    assert done["earliest_due"] == {1: 3.0, 2: 9.0, 3: 6.0}


@settings(max_examples=25, deadline=None)
@given(st.tuples(st.integers(1, 4), st.lists(st.integers(1, 20), min_size=1, max_size=5)))
def test_no_order_of_jobs_on_one_machine_is_less_late_than_earliest_due(
    jobs: tuple[int, list[int]],
) -> None:
    """Against all permutations: the largest lateness by due date is the least (Jackson 1955).

    A rule that looked at anything but the due date would lose to some permutation.
    """
    hours, dues = jobs
    batch = Batch(
        recipe=[step("vat", hours)], machines={"vat": 1}, rule="earliest_due",
        jobs=[job(0, due) for due in dues],
    )  # fmt: skip
    world, _ = run(plant(24), {"dye": batch})
    worst = max(finishes(world)[k] - due for k, due in enumerate(dues, 1))
    best = min(
        max(hours * (k + 1) - due for k, due in enumerate(order))
        for order in itertools.permutations(dues)
    )
    assert worst == pytest.approx(best)


def test_the_cheapest_hour_before_the_due_time() -> None:
    """A 2 h job, free from 0 and due at 8: hours at 10 from 5 to 7 beat 50 elsewhere.

    It runs from 5 to 7, pays 2 x 4 MW x 10 = 80; at once it would pay 400. A second job takes the
    machine at the next best start, 3 to 5 (400) or 7 to 9 (late): at 0, the first of equals.
    """
    price = np.full(12, 50.0)
    price[5:7] = 10.0
    batch = Batch(
        recipe=[step("vat", 2, 4.0)], machines={"vat": 1}, draws=DRAWS, rule="cheapest",
        price_of="grid", jobs=[job(0, 8), job(0, 8)],
    )  # fmt: skip
    world, recorded = run(plant(12, price=price), {"dye": batch})
    assert finishes(world) == {1: 7.0, 2: 2.0}
    assert float(recorded.cost.sum()) == pytest.approx(80 + 400)


def test_what_a_step_takes_weighs_its_hour() -> None:
    """1 h at 4 MW, then 1 h without power: it begins at 5 h, the cheap one, and is done at 7 h.

    Were both hours to count alike, 4 and 5 h would tie, and it would begin at 4 h.
    """
    price = np.full(12, 50.0)
    price[5] = 10.0
    batch = Batch(
        recipe=[step("vat", 1, 4.0), step("rack", 1)], machines={"vat": 1, "rack": 1},
        draws=DRAWS, rule="cheapest", price_of="grid", jobs=[job(0, 10)],
    )  # fmt: skip
    world, _ = run(plant(12, price=price), {"dye": batch})
    assert finishes(world) == {1: 7.0}


def test_the_greenest_hour_looks_at_the_day_before() -> None:
    """Sun of 8 MW from 10 to 14 h on both days: on the second day the job waits until 10 h.

    On the first day nothing is known, so it begins at once; a forecast that peeked would wait.
    """
    sun = np.zeros(48)
    sun[10:14] = sun[34:38] = 8.0
    batch = Batch(
        recipe=[step("vat", 4, 8.0)], machines={"vat": 1}, draws=DRAWS, rule="greenest",
        green=["sun"], every=24, allowance=20,
    )  # fmt: skip
    world, _ = run(plant(48, sun=sun), {"dye": batch})
    assert [t for t, _, _ in lines(world, "start")] == [0.0, 34.0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-50, 100), min_size=4, max_size=30),
    st.lists(st.tuples(st.integers(60, 9000), st.floats(0, 5)), min_size=1, max_size=3),
    st.integers(0, 20_000),
    st.integers(0, 20_000),
)
def test_no_second_is_better_than_the_best_start(
    signal: list[float], profile: list[tuple[int, float]], earliest: int, slack: int
) -> None:
    """Against every hundredth second of the window, summed second by second where it is cut.

    If the least burden did not lie at an edge, some start in between would bear less.
    """
    outlook = Outlook(np.array(signal), 900)
    start = outlook.best_start(earliest, earliest + slack, profile)
    assert start is not None
    assert earliest <= start <= earliest + slack
    tried = np.arange(earliest, earliest + slack + 1, 97)
    end = int(tried[-1]) + sum(length for length, _ in profile) + 1
    by_second = np.array(signal)[np.minimum(np.arange(end) // 900, len(signal) - 1)]
    total = np.concatenate(([0.0], np.cumsum(by_second)))

    def burden(t: int) -> float:
        found, begin = 0.0, t
        for length, weight in profile:
            found += weight * float(total[begin + length] - total[begin])
            begin += length
        return found

    best = min(burden(int(t)) for t in tried)
    assert outlook.burden(np.array([start]), profile)[0] <= best + 1e-6 * (1 + abs(best))


def test_random_batches_on_two_machines_wait_as_erlang_says() -> None:
    """M/M/2: arrivals 1.2 per h, 1 h on a machine: the mean wait is C / (2 - 1.2) = 0.5625 h.

    Erlang C of 2 servers at 1.2 erlang is 0.45 (Kleinrock, *Queueing Systems* I, 1975, sec. 3.5).
    Batch means give the standard error. With one queue per machine the wait would be 1.5 h.
    """
    n_steps = 4000
    batch = Batch(
        recipe=[step("vat", 1.0)], machines={"vat": 2}, every=1 / 1.2, arrivals="poisson",
        variation="exponential",
    )  # fmt: skip
    world, _ = run(plant(n_steps, 4 * 3600), {"dye": batch})
    release, wait = {}, []
    for h in world.log:
        number = int(h.cause.replace(",", "").split()[1])
        if h.what == "release":
            release[number] = h.time_s
        elif h.what == "start":
            wait.append((h.time_s - release[number]) / 3600)
    means = np.array([np.mean(part) for part in np.array_split(np.array(wait), 20)])
    error = means.std(ddof=1) / math.sqrt(len(means))
    assert error < 0.05
    assert abs(np.mean(wait) - 0.45 / 0.8) < 3 * error


def test_needs_of_two_lines_add_up_in_any_order() -> None:
    """3 MW and 4 MW on one component are 7 MW; of two caps only the smaller would hold."""
    lines_of = [
        Batch(recipe=[step("vat", 2, p)], machines={"vat": 1}, draws=DRAWS, jobs=[job(0)])
        for p in (3.0, 4.0)
    ]
    world, recorded = run(plant(3), {"a": lines_of[0], "b": lines_of[1]})
    _, other = run(plant(3), {"b": lines_of[0], "a": lines_of[1]})
    assert rate(world, recorded, "works") == pytest.approx([7, 7, 0])
    assert np.array_equal(recorded.flows, other.flows)


def test_a_process_is_held_at_what_its_campaign_needs() -> None:
    """A kiln that nothing else drives burns 3 t/h for two hours, and not before or after.

    With a cap alone it would stand, since nothing pays it to run; in an outage it stands.
    """
    network = plant(6, use=8.0, silo=(100.0, 50.0))
    network.flows["kiln"].demand, network.flows["kiln"].steer = False, 0.0
    campaign = Batch(
        recipe=[Step(machine="kiln", duration=2.0, needs={"limestone": 3.0})],
        machines={"kiln": 1}, draws={"limestone": "kiln"}, jobs=[job(1)],
    )  # fmt: skip
    world, recorded = run(network, {"campaign": campaign})
    assert rate(world, recorded, "kiln") == pytest.approx([0, 3, 3, 0, 0, 0])
    outage = Outage(component="kiln", start="2025-01-01 02:00", duration=1.0)
    world, recorded = run(network, {"campaign": campaign, "outage": outage})
    assert rate(world, recorded, "kiln") == pytest.approx([0, 3, 0, 0, 0, 0])


def test_a_need_beyond_the_component_is_refused() -> None:
    """Two vats of 60 MW on a component of 100 MW: it would be cut in silence."""
    batch = Batch(recipe=[step("vat", 2, 60.0)], machines={"vat": 2}, draws=DRAWS, jobs=[job(0)])
    with pytest.raises(ValueError, match=r"120 of 'works' at once, whose limit is 100"):
        run(plant(3), {"dye": batch})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"machines": {"press": 1}}, "machine 'vat'"),
        ({"draws": {}}, "nobody takes electricity"),
        ({"jobs": []}, "`every` or `jobs`"),
        ({"rule": "cheapest"}, "price_of"),
        ({"rule": "earliest_due"}, "due times"),
    ],
)
def test_what_a_batch_actor_cannot_be(change: dict[str, object], says: str) -> None:
    """Each would otherwise wait for ever, or quietly ignore a key."""
    whole: dict[str, object] = {
        "recipe": [step("vat", 2, 1.0)],
        "machines": {"vat": 1},
        "draws": DRAWS,
        "jobs": [job(0)],
    }
    with pytest.raises((PhysicsError, ValueError), match=says):
        Batch(**{**whole, **change})


def test_a_job_is_due_after_its_release() -> None:
    """Due before it may begin, or at no time at all."""
    with pytest.raises((PhysicsError, ValueError), match="is due at"):
        job(8, 6)
    with pytest.raises((PhysicsError, ValueError), match="'tomorrow at ten' is not"):
        Job(release="tomorrow at ten")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=9),
    st.integers(0, 30),
    st.integers(1, 10),
)
def test_machines_in_use_at_one_moment(
    jobs: list[tuple[int, int]], begin: int, length: int
) -> None:
    """The sweep counts what looking at every second counts; two jobs end to end need one machine.

    A count that took the end of one for the middle would refuse starts that fit.
    """
    spans = [(start, start + lasts) for start, lasts in jobs]
    seconds = range(begin, begin + length)
    slow = max(sum(a <= t < b for a, b in spans) for t in seconds)
    assert _most_at_once(spans, (begin, begin + length)) == slow
