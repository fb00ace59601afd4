"""Electric works small enough to be solved on paper."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from twin.results import Run

Solve = Callable[..., Run]

BATTERY = """\
buses: [electricity]
components:
  grid:
    model: grid
    bus: electricity
    import_capacity: 50 MW
    import_price:
      flat: 600 CNY/MWh
      peak: 1000 CNY/MWh
      valley: 300 CNY/MWh
      peak_hours: [[8, 11], [17, 22]]
      valley_hours: [[0, 8]]
  works: {model: electricity_demand, bus: electricity, annual: 87.6 GWh}
  battery:
    model: battery
    bus: electricity
    energy_capacity: 10 MWh
    power_capacity: 5 MW
    charge_efficiency: {value: 0.9, source: assumed}
    discharge_efficiency: {value: 0.9, source: assumed}
    loss_rate: 0 1/h
    initial_soc: {value: 0, source: assumed}
    minimum_soc: {value: 0, source: assumed}
    policy: POLICY
"""

BASE = 10 * (8 * 300 + 8 * 600 + 8 * 1000)
"""What 10 MW cost in a day without the battery."""


def test_a_battery_follows_the_tariff(solve: Solve) -> None:
    """It buys 10 / 0.9 MWh at 300 and spares 10 x 0.9 MWh at 1,000: 5,666.67 less than 152,000.

    Without losses it would be 7,000 less, idle nothing; if it discharged at the flat price too,
    before the peak, 2,067 less.
    """
    run = solve(BATTERY.replace("POLICY", "tariff"))
    assert run.summary["cost"] == pytest.approx(BASE + 300 * 10 / 0.9 - 1000 * 9, rel=1e-9)
    level = run.levels.to_numpy()[:, 0]
    assert level[8 * 4] == pytest.approx(10.0, rel=1e-9)
    assert level[11 * 4] == pytest.approx(0.0, abs=1e-9)
    assert run.ledger.outside()["heat_to_ambient"] == pytest.approx(240 + 10 / 0.9 - 9, rel=1e-9)


def test_a_battery_for_surplus_only_does_nothing_without_one(solve: Solve) -> None:
    """There is nothing to sell or to waste, so the day costs 152,000.

    A battery that saw the tariff would charge in the valley.
    """
    run = solve(BATTERY.replace("POLICY", "self_consumption"))
    assert run.summary["cost"] == pytest.approx(BASE, rel=1e-12)
    assert not run.levels.to_numpy().any()


def test_the_power_limit_holds_at_the_bus(solve: Solve) -> None:
    """5 MW at the bus fill 10 MWh in 10 / (5 x 0.9) = 2.22 h: at 2 h there are 9 MWh.

    If the limit held inside the losses, there would be 10.
    """
    run = solve(BATTERY.replace("POLICY", "tariff"))
    assert run.levels.to_numpy()[2 * 4, 0] == pytest.approx(9.0, rel=1e-9)


ROOF = """\
buses: [electricity]
components:
  roof: {model: pv, bus: electricity, power_capacity: 10 MW, tilt: 10 deg}
  grid: GRID
  works: {model: electricity_demand, bus: electricity, annual: 17.52 GWh}
"""
SELLS = (
    "{model: grid, bus: electricity, import_capacity: 20 MW, export_capacity: 20 MW, "
    "import_price: 600 CNY/MWh, export_price: 300 CNY/MWh}"
)
BUYS = "{model: grid, bus: electricity, import_capacity: 20 MW, import_price: 600 CNY/MWh}"
SUMMER = {"start": "2025-06-01", "horizon": "10 d"}


def test_what_cannot_be_sold_is_curtailed(solve: Solve) -> None:
    """With 2 MW of load, all of the roof above 2 MW: to the grid with a right to sell, else lost.

    Unreported curtailment would be 0; counted against nameplate, it would hold the nights too.
    """
    sold = solve(ROOF.replace("GRID", SELLS), **SUMMER)
    roof = sold.flows.sel(flow="roof").to_numpy()
    above = float(np.maximum(roof - 2.0, 0.0).sum() / 4)
    assert above > 50.0
    assert sold.summary["curtailed_MWh"] == 0
    assert sold.ledger.flows.loc["grid.export", "amount"] == pytest.approx(above, rel=1e-9)
    kept = solve(ROOF.replace("GRID", BUYS), **SUMMER)
    assert kept.summary["curtailed_MWh"] == pytest.approx(above, rel=1e-9)
    assert kept.ledger.flows.loc["roof", "amount"] == pytest.approx(
        np.minimum(roof, 2.0).sum() / 4, rel=1e-9
    )
