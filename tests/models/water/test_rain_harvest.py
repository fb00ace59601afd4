"""Rain harvesting: a storm by hand, and the behavioural rule of the textbooks.

Use and overflow on random rain equal the yield-before-spillage rule (Fewkes and Butler, 2000) to
1e-6, a storm by hand to 1e-9. No measured tank is compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Flow
from models.water.rain_harvest import RainHarvest, runoff
from tests.setting import network_of, setting
from twin.accounts.ledger import make_ledger
from twin.engine.recorded import Recorded
from twin.engine.world import World


def harvest(**more: Any) -> RainHarvest:
    """A hectare of roof with a tank of 100 t."""
    fields = {
        "outlet": "reclaimed_water",
        "electricity": "electricity",
        "area": 10_000.0,
        "tank_capacity": 100.0,
        "pump_capacity": 20.0,
        "initial": 0.0,
    }
    return RainHarvest.model_validate(fields | more)


def run(spec: RainHarvest, rain: np.ndarray, asked: np.ndarray) -> dict[str, np.ndarray]:
    """Rates of each flow, and the level under `stored`."""
    where = setting(n_steps=len(rain), rain=rain)
    lowering = spec.lower(where)
    lowering.flows += [
        Flow("power", "power", {"electricity": 1.0}, 9.0, exchange={"electricity": -1.0},
             side="import", main="electricity"),
        Flow("need", "need", {"reclaimed_water": -1.0}, asked, exchange={"reclaimed_water": 1.0},
             demand=True, steer=-100.0, main="reclaimed_water"),
    ]  # fmt: skip
    network = network_of(lowering, where, ("energy", "carbon", "mass", "water"))
    world = World(network, {}, horizon_s=3600 * len(rain), start=where.times[0], seed=1)
    world.run()
    record = Recorded.of(world.record)
    make_ledger(network, record, ("water",)).check()
    found = {name: record.flows[:, j] for j, name in enumerate(network.flows)}
    found["stored"] = record.levels[:, 0]
    return found


def test_a_storm_by_hand() -> None:
    """10 mm on a hectare at 0.8 are 80 t. Two such hours give 160 t; 5 t/h are used, so the tank
    holds 75 after one and is full after two, when 50 t overflow. Then 20 dry hours empty it.

    Were the runoff not reduced, 200 t would come.
    """
    rain = np.array([10.0, 10.0] + [0.0] * 22)
    found = run(harvest(), rain, np.full(24, 5.0))
    assert runoff(rain, 10_000.0, 0.8)[0] == pytest.approx(80.0)
    assert found["it.overflow"][:3] == pytest.approx([0.0, 50.0, 0.0], abs=1e-9)
    assert found["stored"][:2] == pytest.approx([75.0, 100.0])
    assert found["need"].sum() == pytest.approx(5 * 22)
    assert found["stored"][-1] == pytest.approx(0.0, abs=1e-9)
    assert found["power"][0] == pytest.approx(5 * 0.3e-3)


def behaviour(water: np.ndarray, asked: np.ndarray, tank: float) -> tuple[float, float]:
    """Used and spilled by the yield-before-spillage rule (Fewkes and Butler, 2000) [t].

    What comes in an hour may be used in it, through the tank.
    """
    level = used = spilled = 0.0
    for inflow, need in zip(water, asked, strict=True):
        taken = min(need, level + inflow)
        used += taken
        level += inflow - taken
        spilled += max(level - tank, 0.0)
        level = min(level, tank)
    return used, spilled


@settings(deadline=None, max_examples=15)
@given(
    seed=st.integers(0, 10_000),
    area=st.floats(100.0, 20_000.0),
    tank=st.floats(1.0, 200.0),
    need=st.floats(0.1, 8.0),
)
def test_against_the_behavioural_rule(seed: int, area: float, tank: float, need: float) -> None:
    """Second implementation: the rule of the textbooks, hour by hour, on random rain."""
    rng = np.random.default_rng(seed)
    rain = np.where(rng.random(48) < 0.2, rng.exponential(4.0, 48), 0.0)
    asked = np.full(48, need)
    found = run(harvest(area=area, tank_capacity=tank), rain, asked)
    used, spilled = behaviour(runoff(rain, area, 0.8), asked, tank)
    assert found["need"].sum() == pytest.approx(used, rel=1e-6, abs=1e-6)
    assert found["it.overflow"].sum() == pytest.approx(spilled, rel=1e-6, abs=1e-6)
