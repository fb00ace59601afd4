"""Heat waves, droughts, supplies that stop, and the grid that goes away."""

from __future__ import annotations

from math import exp

import pytest
from pydantic import ValidationError

from models.base import Flow, PhysicsError, Store
from models.carriers import STANDARD
from tests.actors.power import (
    DAY_S,
    amounts,
    lines,
    mean_within,
    network,
    run,
    source,
    town,
    units,
)
from twin.engine.actors.drought import Drought
from twin.engine.actors.grid_islanding import GridIslanding
from twin.engine.actors.heat_wave import HeatWave
from twin.engine.actors.supply_interruption import SupplyInterruption


def test_a_heat_wave_derates_supply_and_raises_demand_together() -> None:
    """For 10 h the unit of 10 MW gives 7, the demand of 8 becomes 9.6, the grid 2.6 between.

    Without the demand the grid would give 1 MW, without the derating nothing.
    """
    wave = HeatWave(start="2025-01-01 06:00", duration=10, derating={"unit_0": 0.7},
                    demand={"town": 1.2})  # fmt: skip
    world, recorded = run(units(days=1), {"heat": wave})
    total = amounts(world, recorded)
    assert total["grid"] == pytest.approx(26, abs=1e-9)
    assert total["town"] == pytest.approx(8 * 14 + 9.6 * 10, abs=1e-9)
    assert [(line[1], line[3]) for line in lines(world)] == [
        ("town", 1.2), ("unit_0", 0.7), ("town", 1.0), ("unit_0", 1.0),
    ]  # fmt: skip


@pytest.mark.parametrize("step_s", [3600, DAY_S])
def test_a_drought_takes_the_area_of_its_trapezium(step_s: int) -> None:
    """30 days from full to 0.4 in 10, back in 5: the loss is 0.6 x (30 - 5 - 2.5) = 13.5 days.

    Full output is 10 MW, which the town takes whole: 10 x 24 x 13.5 = 3,240 MWh are missing and
    come from the grid, which is large enough. Steps at the beginning of each day instead of its
    middle would miss half a day of slope twice.
    """
    net = network(
        [source("hydro", 10, 1), source("grid", 10, 90), town(10)],
        n_steps=60 * DAY_S // step_s,
        step_s=step_s,
    )
    drought = Drought(start="2025-01-10", duration=720, remaining={"hydro": 0.4}, onset=240,
                      recovery=120)  # fmt: skip
    world, recorded = run(net, {"dry": drought})
    assert amounts(world, recorded)["grid"] == pytest.approx(10 * 24 * 13.5, rel=1e-12)
    shares = [h.after for h in world.log]
    assert min(shares) == pytest.approx(0.4)
    assert shares[0] == pytest.approx(1 - 0.6 * 0.05)
    assert shares[-1] == 1.0


def test_a_drought_that_began_before_the_run_is_where_it_would_be() -> None:
    """Ten days into thirty without slopes: twenty days at 0.4 are left, 10 x 24 x 0.6 x 20 MWh."""
    net = network([source("hydro", 10, 1), source("grid", 10, 90), town(10)], n_steps=40,
                  step_s=DAY_S)  # fmt: skip
    drought = Drought(start="2024-12-22", duration=720, remaining={"hydro": 0.4})
    world, recorded = run(net, {"dry": drought})
    assert amounts(world, recorded)["grid"] == pytest.approx(10 * 24 * 0.6 * 20, rel=1e-12)


def test_a_drought_longer_than_itself_is_refused() -> None:
    """Slopes that overlap would leave the lowest share undefined."""
    with pytest.raises((ValidationError, PhysicsError), match="takes longer than the 24 h"):
        Drought(start="2025-01-01", duration=24, remaining={"hydro": 0.4}, onset=20, recovery=5)


def test_a_tank_carries_the_works_through_an_interruption_and_the_price_moves() -> None:
    """Water stops for 10 h; a well gives 1 of 3 t/h, a tank of 12 t the other 2 t/h for 6 h.

    For 4 h 2 t/h go unserved, 8 t; without the tank 20 t would. The well costs three times as
    much meanwhile: 2 x 3 a tonne instead of 2.
    """
    water = STANDARD["fresh_water"]
    exchange = {"fresh_water": -1.0}
    flows = [
        Flow("main", "main", {"fresh_water": 1.0}, 10.0, cost=1.0, exchange=exchange,
             side="import", main="fresh_water"),
        Flow("well", "well", {"fresh_water": 1.0}, 1.0, cost=2.0, exchange=dict(exchange),
             side="import", main="fresh_water"),
        Flow("fill", "tank", {"fresh_water": -1.0, "tank.water": 1.0}, 5.0),
        Flow("empty", "tank", {"fresh_water": 1.0, "tank.water": -1.0}, 5.0),
        Flow("works", "works", {"fresh_water": -1.0}, 3.0, exchange={"fresh_water": 1.0},
             steer=-1e4, demand=True, side="disposal", main="fresh_water"),
    ]  # fmt: skip
    tank = Store("tank.water", "tank", water, 12.0, initial=12.0, policy="thresholds",
                 charge_below=1.5, discharge_above=100.0)  # fmt: skip
    net = network(flows, [tank], n_steps=24, step_s=3600)
    cut = SupplyInterruption(component="main", start="2025-01-01 05:00", duration=10,
                             price={"well": 3.0})  # fmt: skip
    world, recorded = run(net, {"cut": cut})
    total = amounts(world, recorded)
    assert 72 - total["works"] == pytest.approx(8, abs=1e-9)
    assert total["well"] == pytest.approx(10, abs=1e-9)
    assert recorded.cost[list(net.flows).index("well")] == pytest.approx(10 * 2 * 3, abs=1e-9)
    assert [(line[1], line[2], line[3]) for line in lines(world)] == [
        ("main", 1.0, 0.0), ("well", 1.0, 3.0), ("main", 0.0, 1.0), ("well", 3.0, 1.0),
    ]  # fmt: skip
    assert [h.what for h in world.log] == ["limit", "cost_multiplier"] * 2


def test_hours_without_power_are_those_of_failed_transitions_cut_short_by_the_grid() -> None:
    """Grid lost every 100 h for 4 h on average, half the time ridden through, black start 2 h.

    A failed transition is dark for the lesser of 2 h and an exponential time of 4 h, on average
    4 (1 - exp(-1/2)) = 1.574 h; per year of 8760/104 losses that is 66.3 h. Counting 2 h each
    would give 84 h, counting all losses 133 h.
    """
    island = GridIslanding(component="grid", mtbf=100, mttr=4, units=["unit_0"], black_start=2,
                           ride_through=0.5)  # fmt: skip
    net = units(days=365, step_s=DAY_S)
    dark = []
    for seed in range(40):
        world, recorded = run(net, {"grid": island}, seed)
        dark.append(365 * 24 - amounts(world, recorded)["town"] / 8)
    assert mean_within(dark, 8760 / 104 * 0.5 * 4 * (1 - exp(-0.5)))


def test_the_island_starts_from_black_step_by_step() -> None:
    """Grid lost at 08:00 for 3 h, 45 min of darkness: 8 MW x 0.75 h are unserved.

    Were the unit back only with the grid, 24 MWh would be missing.
    """
    island = GridIslanding(component="grid", start="2025-01-01 08:00", duration=3,
                           units=["unit_0"], black_start=0.75)  # fmt: skip
    world, recorded = run(units(days=1), {"grid": island})
    assert 8 * 24 - amounts(world, recorded)["town"] == pytest.approx(6, abs=1e-9)
    assert lines(world) == [
        (8.0, "grid", 1.0, 0.0, "grid lost"),
        (8.0, "unit_0", 1.0, 0.0, "tripped"),
        (8.75, "unit_0", 0.0, 1.0, "black start"),
        (11.0, "grid", 0.0, 1.0, "grid back"),
    ]
