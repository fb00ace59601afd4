"""Heat works small enough to be solved on paper."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from twin.results import Run

Solve = Callable[..., Run]

CARRIERS = "carriers: {heat: {hot_water: {supply: 80 degC, return: 45 degC}}}\n"

BOILER_HOUSE = (
    CARRIERS
    + """\
buses: [natural_gas, heat]
components:
  gas: {model: purchase, bus: natural_gas, capacity: 50 MW, price: 40 CNY/MWh}
  boiler: {model: boiler, fuel: natural_gas, output: heat, capacity: 12 MW, efficiency: 0.9}
  reserve: {model: boiler, fuel: natural_gas, output: heat, capacity: 6 MW, efficiency: 0.8}
  town: {model: demand, bus: heat, use: heat, rate: 9 MW}
events:
  - {actor: outage, component: boiler, start: 2025-01-01 14:03, duration: 97 min}
"""
)


def test_an_outage_between_grid_points(solve: Solve) -> None:
    """From 14:03 to 15:40 only the reserve's 6 MW are there: 3 MW lack for 97 min, 4.85 MWh.

    Gas: 9 / 0.9 = 10 MW for 1343 min and 6 / 0.8 = 7.5 MW for 97 min, 235.958 MWh. One mole of it
    holds 1.06 mol of carbon (46.65 g of CO2) and 831.15 kJ of LHV: 0.20206 t per MWh.
    Moved to the grid of 15 min (14:00 to 15:45), the outage would cost 5.25 MWh.
    """
    run = solve(BOILER_HOUSE)
    gas = (10.0 * 1343 + 7.5 * 97) / 60
    summary = run.summary
    assert summary["unserved"] == {"heat": pytest.approx(4.85, rel=1e-9)}
    assert summary["unserved_MWh"] == pytest.approx(3.0 * 97 / 60, rel=1e-9)
    assert run.ledger.flows.loc["gas", "amount"] == pytest.approx(gas, rel=1e-9)
    assert summary["cost"] == pytest.approx(40 * gas, rel=1e-9)
    assert summary["emissions_tCO2"] == pytest.approx(0.20206 * gas, rel=1e-4)
    assert {14 * 3600 + 180, 15 * 3600 + 2400} <= set(run.recorded.t0.tolist())


def test_a_step_cut_by_an_event_is_reported_as_its_mean(solve: Solve) -> None:
    """In the step of 14:00 the boiler gives 9 MW for 3 of 15 min: 2 MW of fuel on average.

    A step that took the state of its start would say 10, of its end 0.
    """
    flows = solve(BOILER_HOUSE).flows.sel(flow="boiler")
    step = flows.to_numpy()[14 * 4]
    assert step == pytest.approx(10.0 * 3 / 15, rel=1e-9)
    assert flows.to_numpy()[15 * 4 + 2] == pytest.approx(10.0 * 5 / 15, rel=1e-9)


TANK = (
    CARRIERS
    + """\
buses: [heat]
components:
  waste_heat: {model: inflow, bus: heat, rate: 2 MW}
  tank:
    model: tank
    bus: heat
    capacity: 300 MWh
    charge_capacity: 20 MW
    discharge_capacity: 20 MW
    loss_rate: 0.01 1/h
    initial: {value: 0.3333333333333333, source: assumed}
    policy: thresholds
    charge_below: 0 CNY/MWh
    discharge_above: 1000 CNY/MWh
"""
)


@pytest.mark.parametrize("step", ["15 min", "1 h", "24 h"])
def test_standing_loss_is_exact_for_any_step(solve: Solve, step: str) -> None:
    """dE/dt = 2 - 0.01 E from 100 MWh: 200 - 100 exp(-0.24) = 121.337 MWh after a day.

    A loss of 1 % at every step of an hour, taken before or after the inflow, would end at 121.43
    or 121.19; a daily step without decay of what flows in at 126.66.
    """
    run = solve(TANK, step=step)
    decay = np.exp(-0.24)
    assert run.levels.to_numpy()[-1, 0] == pytest.approx(200 - 100 * decay, rel=1e-9)
    loss = 100 + 48 - (200 - 100 * decay)
    assert run.ledger.stores.loc["tank.stored", "loss"] == pytest.approx(loss, rel=1e-9)
    assert run.ledger.outside()["heat_to_ambient"] == pytest.approx(loss, rel=1e-9)


MERIT = (
    CARRIERS
    + """\
buses: [natural_gas, electricity, heat]
components:
  grid:
    model: grid
    bus: electricity
    import_capacity: 10 MW
    import_price:
      flat: 600 CNY/MWh
      peak: 1200 CNY/MWh
      peak_hours: [[8, 11], [17, 22]]
  gas: {model: purchase, bus: natural_gas, capacity: 50 MW, price: 300 CNY/MWh}
  boiler: {model: boiler, fuel: natural_gas, output: heat, capacity: 8 MW, efficiency: 0.9}
  heat_pump:
    model: heat_pump
    electricity: electricity
    heat: heat
    capacity: 4 MW
    cop: 3
    source: ground
    source_temperature: 10 degC
  town: {model: demand, bus: heat, use: heat, rate: 10 MW}
"""
)


def test_the_cheaper_runs_first_at_every_hour(solve: Solve) -> None:
    """Heat costs 600 / 3 = 200 by heat pump and 300 / 0.9 = 333.33 by boiler; at the peak 400.

    So 4 + 6 MW for 16 hours at 2,800 an hour and 2 + 8 MW for 8 hours at 3,466.67: 72,533.33.
    The heat pump always first would cost 73,600, the boiler always first 76,800.
    """
    run = solve(MERIT)
    assert run.summary["cost"] == pytest.approx(16 * 2800 + 8 * (8000 / 3 + 800), rel=1e-9)
    heat = 3 * run.flows.sel(flow="heat_pump").to_numpy().reshape(24, 4)
    at_peak = np.isin(np.arange(24), [8, 9, 10, 17, 18, 19, 20, 21])
    assert np.allclose(heat[at_peak], 2.0, rtol=1e-9)
    assert np.allclose(heat[~at_peak], 4.0, rtol=1e-9)


def test_the_price_of_heat_is_that_of_the_last_unit(solve: Solve) -> None:
    """333.33 while the boiler is the last to be taken, 400 at the peak when the heat pump is.

    A mean price would be 280 and 346.67.
    """
    prices = solve(MERIT).prices.sel(bus="heat").to_numpy().reshape(24, 4)
    at_peak = np.isin(np.arange(24), [8, 9, 10, 17, 18, 19, 20, 21])
    assert np.allclose(prices[~at_peak], 300 / 0.9, rtol=1e-6)
    assert np.allclose(prices[at_peak], 400.0, rtol=1e-6)


def test_ground_heat_is_named(solve: Solve) -> None:
    """Two thirds of what the heat pump gives come from the ground: 16 x 4 x 2/3 + 8 x 2 x 2/3.

    A heat pump that made heat from nothing would leave no ground heat and a residual of energy.
    """
    assert solve(MERIT).ledger.outside()["ground_heat"] == pytest.approx(-160 / 3, rel=1e-9)
