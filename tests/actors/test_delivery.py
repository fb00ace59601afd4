"""Deliveries: a dock with a formula, stock-outs by hand, amounts in the ledger."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import PhysicsError
from tests.actors.plant import amount, lines, plant, run
from twin.accounts.ledger import make_ledger
from twin.engine.actors.delivery import Delivery


def limestone(**more: object) -> Delivery:
    """Loads of limestone for the silo."""
    return Delivery(**{"bus": "limestone", "to": "silo", "amount": 10.0, **more})


def test_a_dock_serves_one_load_after_the_other() -> None:
    """Loads leave at 1, 2, 3 h, travel 1 h and unload 1.5 h at one dock: done at 3.5, 5, 6.5 h.

    With a dock for each they would be done at 3.5, 4.5 and 5.5 h.
    """
    load = limestone(every=1.0, travel=1.0, unloading=1.5, amount=1.0)
    world, _ = run(plant(7), {"trucks": load})
    assert [t for t, _, _ in lines(world, "level")] == [3.5, 5.0, 6.5]
    world, _ = run(plant(7), {"trucks": load.model_copy(update={"docks": 3})})
    assert [t for t, _, _ in lines(world, "level")] == [3.5, 4.5, 5.5, 6.5]


def test_random_loads_wait_at_the_dock_as_pollaczek_and_khinchine_say() -> None:
    """M/D/1 at a load of 0.8 with 0.8 h at the dock: 0.8 x 0.8 / (2 x 0.2) = 1.6 h.

    (Kleinrock, *Queueing Systems* I, 1975, sec. 5.6.) Batch means give the standard error. With
    exponential times at the dock it would be 3.2 h.
    """
    load = limestone(every=1.0, arrivals="poisson", unloading=0.8, amount=0.001)
    world, _ = run(plant(5000, 6 * 3600), {"trucks": load})
    arrive = [t for t, _, _ in lines(world, "arrive")]
    dock = [t for t, _, _ in lines(world, "dock")]
    wait = np.array(dock) - np.array(arrive[: len(dock)])
    means = np.array([part.mean() for part in np.array_split(wait, 20)])
    error = means.std(ddof=1) / math.sqrt(len(means))
    assert error < 0.15
    assert abs(wait.mean() - 1.6) < 3 * error


def test_a_stock_out_as_by_hand() -> None:
    """10 t at first, 5 t/h used, ordered at 5 t or less, 10 t come after 3 h.

    Ordered at 1 h, empty from 2 to 4 h, and so on every 4 h: in 24 h, 60 t of 120 t are served and
    five loads come. The ledger counts 50 t moved. Loads that came at once would serve all.
    """
    network = plant(24, use=5.0, silo=(100.0, 10.0))
    world, recorded = run(network, {"trucks": limestone(reorder_below=5.0, travel=3.0)})
    assert amount(world, recorded, "kiln") == pytest.approx(60.0, abs=1e-9)
    assert [t for t, _, _ in lines(world, "stock_out")] == [2, 6, 10, 14, 18, 22]
    assert [t for t, _, _ in lines(world, "in_stock")] == [4, 8, 12, 16, 20]
    ledger = make_ledger(network, recorded)
    assert ledger.stores.at["silo.stored", "moved"] == pytest.approx(50.0, abs=1e-9)
    ledger.check()


def test_what_does_not_fit_goes_back_and_is_told() -> None:
    """Loads of 10 t for a silo of 25 t that nobody empties: 10, 10, 5, nothing.

    A move beyond the capacity would make the step infeasible, a silent cut would lose 5 t.
    """
    network = plant(5, silo=(25.0, 0.0))
    world, recorded = run(network, {"trucks": limestone(every=1.0)})
    assert lines(world, "sent_back") == [(3, 10, 5), (4, 10, 10)]
    assert make_ledger(network, recorded).stores.at["silo.stored", "moved"] == pytest.approx(25)


def test_from_one_store_to_another_nothing_is_lost() -> None:
    """30 t in the quarry, loads of 8 t each hour, half an hour on the way: 8, 8, 8, 6, nothing.

    Both stores moved 30 t, one out and one in; a load that left full from a short stock would make
    2 t from nothing.
    """
    network = plant(8, second_silo=30.0)
    load = limestone(origin="quarry", every=1.0, travel=0.5, amount=8.0)
    world, recorded = run(network, {"shuttle": load})
    assert lines(world, "send") == [(1, 0, 8), (2, 0, 8), (3, 0, 8), (4, 0, 6)]
    assert [t for t, _, _ in lines(world, "nothing_to_send")] == [5, 6, 7]
    moved = make_ledger(network, recorded).stores["moved"]
    assert moved["quarry.stored"] == pytest.approx(-30)
    assert moved["silo.stored"] == pytest.approx(30)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.5, 20.0), st.floats(0.2, 3.0))
def test_any_deliveries_leave_a_ledger_that_closes(seed: int, load: float, every: float) -> None:
    """Random loads between two stores, and one from outside: residuals stay below 1e-9.

    A move that the level did not follow would show as a residual of its store.
    """
    network = plant(24, use=7.0, silo=(60.0, 20.0), second_silo=80.0)
    actors = {
        "shuttle": limestone(origin="quarry", amount=load, every=every, arrivals="poisson",
                             travel=1.0, travel_variation="exponential"),
        "trucks": limestone(reorder_below=10.0, amount=2 * load, travel=2.0, unloading=0.7),
    }  # fmt: skip
    _, recorded = run(network, actors, seed=seed)
    make_ledger(network, recorded).check()


def test_a_delivery_is_paid_for_what_was_put_in() -> None:
    """3 loads of 10 t at 4 a tonne into 25 t of room: 40, 40, 20."""
    world, _ = run(plant(4, silo=(25.0, 0.0)), {"trucks": limestone(every=1.0, price=4.0)})
    assert [after for _, _, after in lines(world, "money")] == [40, 40, 20]


def test_loads_of_another_carrier_are_refused() -> None:
    """Electricity by truck into a silo of limestone."""
    load = limestone(bus="electricity", every=1.0)
    with pytest.raises(ValueError, match="carries electricity, but store 'silo.stored' holds"):
        run(plant(4), {"trucks": load})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"every": None}, "by time or by stock"),
        ({"to": None}, "carries nothing"),
        ({"to": None, "origin": "quarry", "every": None, "reorder_below": 5.0}, "receives"),
    ],
)
def test_what_a_delivery_cannot_be(change: dict[str, object], says: str) -> None:
    """Each would otherwise never carry anything."""
    with pytest.raises((PhysicsError, ValueError), match=says):
        limestone(**{"every": 1.0, **change})
