"""What actors hold, remembered as differences: any instant comes back, and little is kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.actors.power import START, units
from twin.engine import patches
from twin.engine.actors.outage import Outage
from twin.engine.certify import certify
from twin.engine.world import World


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 11), st.sampled_from([0.0, 1.0, np.inf, -2.5])), max_size=40),
    st.integers(1, 5),
)
def test_every_array_comes_back_as_it_was(changes: list[tuple[int, float]], every: int) -> None:
    """Against a list of whole copies, in any order and one after the other; equal ones once.

    A difference applied twice, or to the wrong whole copy, would give another array.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(patches, "EVERY", every)
        array, copies, held = np.zeros((2, 6)), [], patches.Patches()
        for place, value in [(0, 0.0), *changes]:
            array.reshape(-1)[place] = value
            number = held.note(array)
            if number == len(copies):
                copies.append(array.copy())
            assert np.array_equal(copies[number], array)
        assert len(held) == len(copies)
        assert all(not np.array_equal(a, b) for a, b in zip(copies, copies[1:], strict=False))
        for k in reversed(range(len(copies))):
            assert np.array_equal(held[k], copies[k])
        assert np.array_equal(held[-1], copies[-1])
        for found, copy in zip(held, copies, strict=True):
            assert np.array_equal(found, copy)


def test_a_year_of_events_is_small() -> None:
    """35,000 changes of one flow among 150: below 10 MB, where whole copies took 252 MB."""
    held, array = patches.Patches(), np.ones((6, 150))
    for k in range(35_000):
        array[0, k % 150] = k + 2
        held.note(array)
    assert len(held) == 35_000
    assert held.nbytes < 10e6
    assert array.nbytes * 35_000 > 250e6


def test_limits_and_states_of_a_run_are_read_back_from_the_differences() -> None:
    """Offered by interval adds up to the total kept beside it, and HiGHS agrees at every interval.

    Limits read from another instant would offer another sum and leave other optima.
    """
    actors = {
        f"out{k}": Outage(component=f"unit_{k}", mtbf=5.0, mttr=2.0, remaining=0.3 * k)
        for k in range(3)
    }
    net = units(3, days=40)
    world = World(net, actors, horizon_s=40 * 86_400, start=START, seed=4)
    world.run()
    record = world.record
    assert len(record.patches) > 2 * patches.EVERY
    hours = (record.t1 - record.t0) / 3600.0
    assert hours @ record.offered() == pytest.approx(record.totals.offered, rel=1e-12)
    assert certify(world.program, record)["worst_gap"] <= 1e-9
