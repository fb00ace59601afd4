"""The grid connection: a day by hand, a tariff as a series, and no money from nothing.

Cost and price of a day with export limited agree with the sum by hand (11,400) to rounding; a
tariff costs the same whether written as hours or as a series.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import Flow, PhysicsError
from models.market.grid import Grid
from models.market.tariff import Tariff
from models.series import TimeSeries
from tests.setting import network_of, setting
from twin.engine.recorded import Recorded
from twin.engine.world import World

TARIFF = Tariff(flat=700.0, peak=1100.0, peak_hours=[(8, 12)])


def test_a_day_by_hand() -> None:
    """3 MW of wind, a load of 1 MW until 12:00 and 5 MW after; 10 MW in, 1.5 MW out.

    Morning: 2 MW too much, of which 1.5 MW are sold at 300 for 12 h: -5400. Afternoon: 2 MW are
    bought, at 700 for 12 h: 16,800; sum 11,400. With unlimited export it would be 9,600.
    Wind is spilt for nothing, so the grid sets the price of the afternoon: 700.
    """
    here = setting(n_steps=24)
    grid = Grid(
        bus="electricity", import_capacity=10.0, export_capacity=1.5, import_price=TARIFF,
        export_price=300.0,
    )  # fmt: skip
    lowering = grid.lower(here)
    load = np.where(np.arange(24) < 12, 1.0, 5.0)
    lowering.flows += [
        Flow("load", "load", {"electricity": -1.0}, load, steer=-1e4, demand=True),
        Flow("wind", "wind", {"electricity": 1.0}, 3.0, closes=("wind",), curtailable=True),
    ]
    network = network_of(lowering, here)
    world = World(network, {}, horizon_s=86400, start=here.times[0], seed=1)
    world.run()
    found = Recorded.of(world.record)
    assert found.cost.sum() == pytest.approx(12 * 2 * 700 - 12 * 1.5 * 300)
    assert found.prices[13] == pytest.approx(700, rel=1e-6)


@given(st.floats(0, 500), st.floats(-500, 500), st.booleans())
def test_it_closes_and_passes_the_fence(capacity: float, price: float, exports: bool) -> None:
    """A MWh bought enters the park, one sold leaves it; nothing else happens."""
    here = setting()
    grid = Grid(
        bus="electricity", import_capacity=capacity, export_capacity=2.0 if exports else 0.0,
        import_price=price, export_price=price,
    )  # fmt: skip
    lowering = grid.lower(here)
    network_of(lowering, here)
    into, *out = lowering.flows
    assert into.exchange == {"electricity": -1.0} and into.side == "import"
    assert (into.name, into.activity, into.upper) == ("it.import", "supply", capacity)
    assert len(out) == exports
    for flow in out:
        assert flow.exchange == {"electricity": 1.0} and flow.side == "export"
        assert np.all(np.asarray(flow.cost) == -price)


def test_selling_dearer_than_buying_is_refused() -> None:
    """Flat hours at 700 and a sale at 900: a circle earns 200 per MWh, so the run has no answer.

    The message names both prices and the first worst moment; a check of means (the day's import
    mean is 767) would let a sale at 750 pass.
    """
    here = setting(n_steps=24)

    def lower(sale: float, capacity: float = 1.0) -> None:
        Grid(
            bus="electricity", import_capacity=1.0, export_capacity=capacity,
            import_price=TARIFF, export_price=sale,
        ).lower(here)  # fmt: skip

    for sale in (900.0, 750.0):
        match = f"buys at 700 and sells at {sale:g} per MWh at 2025-01-01 00:00"
        with pytest.raises(PhysicsError, match=match) as found:
            lower(sale)
        assert found.value.key == "export_price" and found.value.mend
    lower(700.0)
    lower(900.0, capacity=0.0)


def test_prices_by_series() -> None:
    """A second way to write the same tariff gives the same costs."""
    here = setting(n_steps=24)
    hours = np.where((np.arange(24) >= 8) & (np.arange(24) < 12), 1100.0, 700.0)
    series = TimeSeries(hours, int(here.times[0].timestamp()), 3600)
    one, other = (
        Grid(bus="electricity", import_capacity=1.0, import_price=price).lower(here).flows[0].cost
        for price in (TARIFF, series)
    )
    assert np.asarray(one).tolist() == np.asarray(other).tolist()
