"""Converters: a DC building by hand, the published inverter curve, and what is impossible.

A building with sun and load is met to 1e-9. A constant 96 % stays within 0.27 % of the PVWatts
inverter from 0.3 of the load up; at a tenth of the load the published curve lies 4 % lower, from a
standby that is left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from models.base import Carrier, Flow, PhysicsError
from models.market.grid import Grid
from models.power.converter import Converter
from models.power.pv import inverter
from tests.setting import network_of, setting
from twin.engine.recorded import Recorded
from twin.engine.world import World

DC = Carrier("dc", "MW", {"energy": 1.0}, 1.0, kind="electricity")
JOIN: dict[str, Any] = {"source": "electricity", "sink": "dc", "power_capacity": 2.0}


@pytest.mark.parametrize(
    ("sun", "bought", "sold"), [(0.0, 1.0 / 0.95, 0.0), (0.6, 0.4 / 0.95, 0.0), (3.0, 0.0, 1.9)]
)
def test_a_building_by_hand(sun: float, bought: float, sold: float) -> None:
    """A DC bus with 1 MW of load and `sun` of photovoltaics, joined at 95 %, 2 MW each way.

    Dark: 1 / 0.95 = 1.0526 MW are bought. 0.6 MW of sun leave 0.4 / 0.95 = 0.4211. 3 MW leave 2 MW
    to go back, 1.9 MW of them arrive. With the loss taken on the wrong side 1 MW would need 0.95.
    """
    here = setting(DC, n_steps=1)
    lowering = Converter(**JOIN, efficiency=0.95, bidirectional=True).lower(here)
    grid = Grid(bus="electricity", import_capacity=9.0, export_capacity=9.0, import_price=100.0,
                export_price=40.0)  # fmt: skip
    lowering.flows += grid.lower(here.of("grid")).flows
    lowering.flows += [
        Flow("load", "load", {"dc": -1.0}, 1.0, steer=-1e4, demand=True),
        Flow("sun", "sun", {"dc": 1.0}, sun, closes=("sun",), curtailable=True),
    ]
    network = network_of(lowering, here)
    world = World(network, {}, horizon_s=3600, start=here.times[0], seed=1)
    world.run()
    found = dict(zip(network.flows, Recorded.of(world.record).flows[0], strict=True))
    assert found["grid.import"] == pytest.approx(bought, abs=1e-9)
    assert found["grid.export"] == pytest.approx(sold, abs=1e-9)


def test_a_published_inverter() -> None:
    """A constant 96 % stays within 0.3 % of the PVWatts inverter from 0.3 of the load to full load.

    At a tenth of the load the published curve is 4 % lower, from a standby that is left out.
    """
    dc = np.linspace(0.3, 1.0, 50) / 0.96
    theirs = inverter(dc, 1.0, 0.96) / dc
    ours = Converter(**JOIN).efficiency
    assert theirs == pytest.approx(np.full(50, ours), rel=0.003)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.5, 1.0), st.booleans())
def test_it_closes(efficiency: float, both: bool) -> None:
    """What is not given is heat, in both directions."""
    here = setting(DC)
    lowering = Converter(**JOIN, efficiency=efficiency, bidirectional=both).lower(here)
    network_of(lowering, here)
    assert len(lowering.flows) == 1 + both
    for flow in lowering.flows:
        lost = flow.exchange.get("heat_to_ambient", 0.0)
        assert lost == pytest.approx(1 / efficiency - 1, abs=1e-12)


def test_refused() -> None:
    """No gain of power, and no bus joined to itself."""
    with pytest.raises(ValidationError):
        Converter(**JOIN, efficiency=1.01)
    with pytest.raises(PhysicsError, match="give it back"):
        Converter(**JOIN | {"sink": "electricity"}).lower(setting(DC))
