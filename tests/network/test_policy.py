"""What a stored unit is worth, worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.base import Flow, Store
from models.carriers import STANDARD, cold_water
from twin.network.policy import HAIR, apply_policy

TWO_DAYS = pd.date_range("2025-03-01", periods=48, freq="h", tz="Asia/Shanghai")
FILL, EMPTY = 0.9, 0.8


def battery(policy: Any, **values: Any) -> Store:
    """A store of electricity."""
    return Store(
        "battery.stored", "battery", STANDARD["electricity"], 10.0, policy=policy, **values
    )


def ways(wear: float = 0.0) -> list[Flow]:
    """In with an efficiency of 0.9, out with 0.8."""
    return [
        Flow("fill", "battery", {"power": -1.0, "battery.stored": FILL}, 5.0),
        Flow("empty", "battery", {"power": 1.0, "battery.stored": -1 / EMPTY}, 5.0, cost=wear),
    ]


def grid(price: Any, sale: float | None = None) -> list[Flow]:
    """Import at a price, and export where it earns something."""
    flows = [Flow("buy", "grid", {"power": 1.0}, 99.0, cost=price, side="import", main="power")]
    if sale is not None:
        flows.append(
            Flow("sell", "grid", {"power": -1.0}, 99.0, cost=-sale, side="export", main="power")
        )
    return flows


def test_surplus_is_worth_what_it_would_fetch() -> None:
    """Power sold at 270 costs 270 / 0.9 = 300 per stored MWh: it fills below that, a hair apart.

    Valued at 270, the store would leave the surplus to the export it should save.
    """
    store = battery("self_consumption")
    assert apply_policy(store, [*ways(), *grid(500.0, 270.0)], TWO_DAYS) is None
    assert store.charge_below == pytest.approx(300.0 + HAIR)
    assert store.discharge_above == pytest.approx(300.0 + 2 * HAIR)


def test_surplus_that_nobody_buys_is_worth_a_hair() -> None:
    """Curtailed power is free, and is stored only since it is worth a little."""
    store = battery("self_consumption")
    apply_policy(store, [*ways(), *grid(500.0)], TWO_DAYS)
    assert store.charge_below == pytest.approx(HAIR)


def test_surplus_that_costs_something_to_make_is_worth_its_cost() -> None:
    """A collector pumps 0.01 MWh at 120 for 0.5 MWh of heat: 2.40 a unit, and 2.67 stored at 0.9.

    At a hair it would stand still under the sun beside an empty tank. At night, when it gives
    nothing for its pump, nothing is divided by zero.
    """
    gives = np.where(np.arange(48) % 24 > 12, 0.5, 0.0)
    sun = Flow("sun", "sun", {"power": gives, "mains": -0.01}, 9.0, curtailable=True)
    mains = Flow("mains", "grid", {"mains": 1.0}, 9.0, cost=120.0, side="import", main="mains")
    store = battery("self_consumption")
    apply_policy(store, [*ways(), sun, mains], TWO_DAYS)
    expected = np.where(gives > 0, 1.2 / 0.5 / FILL, 0.0) + HAIR
    np.testing.assert_allclose(store.charge_below, expected)


def test_the_tariff_of_the_day_decides() -> None:
    """Bought at 300, a stored MWh costs 333.33; sold at 1,000 it brings 800 less wear.

    Wear of 40 per MWh given back is 32 per MWh stored, so it empties above 768. The second day
    has prices of its own: 200 and 900.
    """
    price = np.full(48, 600.0)
    price[[2, 18]] = 300.0, 1000.0
    price[[26, 42]] = 200.0, 900.0
    store = battery("tariff")
    assert apply_policy(store, [*ways(40.0), *grid(price)], TWO_DAYS) is None
    below, above = np.asarray(store.charge_below), np.asarray(store.discharge_above)
    assert np.allclose(below[:24], 300 / FILL + HAIR)
    assert np.allclose(below[24:], 200 / FILL + HAIR)
    assert np.allclose(above[:24], 1000 * EMPTY - 40 * EMPTY - HAIR)
    assert np.allclose(above[24:], 900 * EMPTY - 40 * EMPTY - HAIR)


def test_a_spread_that_does_not_pay_the_losses_moves_nothing() -> None:
    """Bought at 500, a stored MWh costs 555.56, and at 600 it brings 480: only surplus is stored.

    A policy blind to losses would lose 75.56 with every MWh.
    """
    price = np.where(np.arange(48) % 24 < 12, 500.0, 600.0)
    store = battery("tariff")
    apply_policy(store, [*ways(), *grid(price)], TWO_DAYS)
    assert np.allclose(store.charge_below, HAIR)
    assert np.allclose(store.discharge_above, 2 * HAIR)


def test_a_tariff_day_is_a_local_day() -> None:
    """Eight hours of the first day in UTC belong to the second in Suzhou.

    By the day in UTC, the cheap hour at 07:00 local time of the second day would be the first's.
    """
    price = np.full(48, 900.0)
    price[[3, 31]] = 300.0, 100.0
    store = battery("tariff")
    apply_policy(store, [*ways(), *grid(price)], TWO_DAYS)
    below = np.asarray(store.charge_below)
    assert below[23] == pytest.approx(300 / FILL + HAIR)
    assert below[24] == pytest.approx(100 / FILL + HAIR)


def test_ice_spares_the_chiller() -> None:
    """Ice made with 0.3 MWh a MWh spares a chiller that takes 0.2: worth 0.2 of the price.

    At 1,000 it spares 200, and at 300 it costs 90. Worth what was paid for it, it would be 300.
    """
    ice = Store("ice.stored", "ice", cold_water("c", 0, 5), 10.0, policy="tariff")
    flows = [
        Flow("freeze", "ice", {"power": -0.3, "ice.stored": 1.0}, 5.0),
        Flow("melt", "ice", {"ice.stored": -1.0, "cold": 1.0}, 5.0),
        Flow("chiller", "chiller", {"power": -0.2, "cold": 1.0}, 5.0),
        *grid(np.where(np.arange(48) % 24 < 12, 300.0, 1000.0)),
    ]
    assert apply_policy(ice, flows, TWO_DAYS) is None
    assert np.allclose(ice.charge_below, 90 + HAIR)
    assert np.allclose(ice.discharge_above, 200 - HAIR)


def test_a_tariff_without_a_price_is_refused() -> None:
    """There is nothing to follow where the bus that fills the store buys nothing."""
    reason = apply_policy(battery("tariff"), ways(), TWO_DAYS)
    assert reason == "policy tariff needs an import with a price on the bus that fills the store"


def test_thresholds_that_cross_are_refused() -> None:
    """Filled below 60 and emptied above 40, it would do both at 50."""
    crossed = battery("thresholds", charge_below=60.0, discharge_above=40.0)
    reason = apply_policy(crossed, ways(), TWO_DAYS)
    assert reason is not None
    assert "charge_below is above discharge_above" in reason
    assert apply_policy(battery("thresholds", discharge_above=1.0), ways(), TWO_DAYS) is None
