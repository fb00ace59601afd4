"""Battery swapping: the queue by its formula, the stock by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Flow, Store
from models.carriers import STANDARD
from tests.actors.plant import lines, plant
from tests.actors.plant import run as run_plant
from tests.actors.power import amounts, network, run, source
from twin.accounts.ledger import make_ledger
from twin.engine.actors.battery_swap import BatterySwap
from twin.network.network import Network


def station(price: np.ndarray | float = 60.0, n_steps: int = 8, step_s: int = 3600) -> Network:
    """Two packs of 1 MWh, both full, a charger of 0.5 MW that likes prices below 40."""
    flows = [
        source("grid", 100.0, price),  # type: ignore[arg-type]
        Flow("packs.charge", "packs", {"electricity": -1.0, "packs.stored": 1.0}, 0.5),
        Flow("packs.discharge", "packs", {"electricity": 1.0, "packs.stored": -1.0}, 0.5),
    ]
    store = Store(
        "packs.stored",
        "packs",
        STANDARD["electricity"],
        2.0,
        initial=2.0,
        exclusive=True,
        policy="thresholds",
        charge_below=40.0,
        discharge_above=55.0,
    )
    return network(flows, [store], n_steps=n_steps, step_s=step_s)


def swap(**more: object) -> BatterySwap:
    """A truck each hour takes 1 MWh in six minutes."""
    return BatterySwap(**{"component": "packs", "energy": 1.0, "every": 1.0, "arrivals": "regular",
                          "swapping": 0.1, **more})  # fmt: skip


def test_trucks_wait_for_a_full_pack_as_by_hand() -> None:
    """Packs go at 1 and 2 h; then 0.5 MW at any price makes one full at 4 and at 6 h.

    The truck of 3 h waits until 4, that of 4 h first for the bay and then until 6 h. 3 MWh are
    charged from 2 to 8 h, 4 MWh leave, 1 MWh is left. A station that swapped what it does not have
    would serve all seven; one that sold to the grid at 60 would be empty at 1 h.
    """
    net = station()
    world, recorded = run(net, {"swap": swap()})
    starts = [t for t, _, _ in lines(world, "level")]
    assert starts == [1, 2, 4, 6]
    assert [(b, a) for _, b, a in lines(world, "swapped")] == pytest.approx(
        np.array([(1, 1.1), (2, 2.1), (3, 4.1), (4, 6.1)])
    )
    assert amounts(world, recorded)["packs.charge"] == pytest.approx(3.0)
    ledger = make_ledger(net, recorded)
    assert ledger.stores.at["packs.stored", "moved"] == pytest.approx(-4.0)
    assert recorded.levels[-1, 0] == pytest.approx(1.0)
    ledger.check()


def test_without_a_reserve_it_charges_when_power_is_cheap() -> None:
    """Cheap from 4 to 6 h: the third truck waits from 3 until 6 h, and 1 MWh costs 30.

    Charging at any price would be done at 4 h, for 60 a MWh.
    """
    price = np.full(8, 60.0)
    price[4:6] = 30.0
    world, recorded = run(station(price), {"swap": swap(reserve=0)})
    assert [t for t, _, _ in lines(world, "level")] == [1, 2, 6]
    assert recorded.cost.sum() == pytest.approx(30.0)
    assert [t for t, _, _ in lines(world, "no_full_pack")] == [3, pytest.approx(6.1)]


def test_two_bays_queue_as_erlang_says() -> None:
    """M/M/2: 3.2 trucks an hour, half an hour in the bay, packs in plenty.

    Erlang's C is 0.711, the mean wait 0.711 / (4 - 3.2) = 0.889 h (Kleinrock, *Queueing Systems* I,
    1975, sec. 3.5). Batch means give the standard error. One bay for all would never end, and two
    queues instead of one would wait 2 h.
    """
    many = BatterySwap(component="battery", energy=0.001, every=1 / 3.2, bays=2, swapping=0.5,
                       variation="exponential")  # fmt: skip
    net = plant(1000, 6 * 3600, price=30.0, battery=50.0)
    world, _ = run_plant(net, {"swap": many})
    waits = np.array([float(h.cause.split()[-2]) for h in world.log if h.what == "swapped"])
    means = np.array([part.mean() for part in np.array_split(waits[100:], 20)])
    error = means.std(ddof=1) / math.sqrt(len(means))
    assert error < 0.1
    assert abs(waits.mean() - 0.7111 / 0.8) < 3 * error


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.3, 3.0), st.integers(1, 3), st.integers(0, 2))
def test_any_station_keeps_its_energy(seed: int, every: float, bays: int, reserve: int) -> None:
    """Start, charge and swaps make the end; no truck leaves with less than it came for.

    Two bays that took the same full pack would send one off with half of it.
    """
    net = station(np.random.default_rng(seed).uniform(20, 60, 96), 96, 900)
    world, recorded = run(
        net, {"swap": swap(every=every, arrivals="poisson", bays=bays, reserve=reserve)}, seed=seed
    )
    taken = [b - a for _, b, a in lines(world, "level")]
    assert taken == pytest.approx(np.ones(len(taken)))
    charged = amounts(world, recorded)["packs.charge"]
    assert 2.0 + charged - len(taken) == pytest.approx(float(recorded.levels[-1, 0]), abs=1e-9)
    make_ledger(net, recorded).check()


def test_trucks_pay_for_what_they_take() -> None:
    """Four swaps of 1 MWh at 700."""
    world, _ = run(station(), {"swap": swap(price=700.0)})
    assert [after for _, _, after in lines(world, "money")] == [-700] * 4


def test_a_pack_larger_than_the_stock_is_refused() -> None:
    """Nobody would ever be served, without a word."""
    with pytest.raises(ValueError, match="less than the 3 MWh that a truck"):
        run(station(), {"swap": swap(energy=3.0)})
