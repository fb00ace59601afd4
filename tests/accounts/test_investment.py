"""Investment arithmetic against textbook cases and a year-by-year account."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.carriers import STANDARD
from tests.accounts.books import HOURS, burn, buy, run_of, sell, use
from twin.accounts.equipment import equipment
from twin.accounts.factors import rows
from twin.accounts.investment import (
    Asset,
    annuity_factor,
    capital_recovery,
    irr,
    levelised_cost,
    npv,
    outlays,
    payback,
    plan,
    real_rate,
)
from twin.accounts.levelised import levelised
from twin.results import Run
from twin.scenario.units import convert

S = [-1000.0, 500.0, 400.0, 300.0, 100.0]
L = [-1000.0, 100.0, 300.0, 400.0, 600.0]
"""Projects S and L of Brigham and Ehrhardt, Financial Management, chapter on capital budgeting."""


@pytest.mark.parametrize(
    ("flows", "value", "rate", "simple", "discounted"),
    [(S, 78.82, 0.1449, 2.33, 2.95), (L, 49.18, 0.1179, 3.33, 3.88)],
)
def test_the_two_projects_of_the_textbook(
    flows: list[float], value: float, rate: float, simple: float, discounted: float
) -> None:
    """At 10 %: net present value, internal rate, payback and discounted payback as printed.

    Counting the first year as undiscounted would give S 86.70; whole years would give 3 and 3.
    """
    assert npv(flows, 0.10) == pytest.approx(value, abs=5e-3)
    assert irr(flows) == pytest.approx(rate, abs=5e-5)
    assert payback(flows) == pytest.approx(simple, abs=5e-3)
    assert payback(flows, 0.10) == pytest.approx(discounted, abs=5e-3)


def test_annuity_tables() -> None:
    """Tables print 6.1446 for ten years at 10 %, 9.8181 for twenty at 8 %; without interest 20."""
    assert annuity_factor(0.10, 10) == pytest.approx(6.1446, abs=5e-5)
    assert annuity_factor(0.08, 20) == pytest.approx(9.8181, abs=5e-5)
    assert annuity_factor(0.0, 20) == 20
    assert capital_recovery(0.10, 10) == pytest.approx(1 / 6.1446, rel=1e-5)
    assert real_rate(0.0815, 0.03) == pytest.approx(0.05)


def test_money_that_never_comes_back() -> None:
    """No year is named: 0 or the horizon would be read as an answer."""
    assert math.isnan(payback([-100.0, 30.0, 30.0]))
    assert payback([100.0, 30.0]) == 0.0
    # What is spent later counts: after year 1 all is back, after year 2 not.
    assert payback([-100.0, 120.0, -60.0, 80.0]) == pytest.approx(2.5)
    with pytest.raises(ValueError, match="changes sign 2 times"):
        irr([-100.0, 230.0, -132.0])


def test_a_battery_is_replaced_and_credited() -> None:
    """Ten years of life in 25: bought at 0, 10 and 20, half of the last is left.

    One purchase for 25 years would understate outlays by 150 of 250.
    """
    battery = Asset("cells", 1, "MWh", 100.0, 10)
    assert outlays(battery, 25).to_dict() == {0.0: 100.0, 10.0: 100.0, 20.0: 100.0, 25.0: -50.0}
    assert outlays(battery, 20).to_dict() == {0.0: 100.0, 10.0: 100.0}
    assert outlays(replace(battery, lifetime=40.0), 25).to_dict() == {0.0: 100.0, 25.0: -37.5}


def test_a_plan_by_hand() -> None:
    """1000 for 5 years with 2 % fixed cost, 300 saved: -1000 and five times 280."""
    plant = Asset("plant", 10, "MW", 100.0, 5, fixed_share=0.02)
    flows = plan([plant], 5, 300.0)
    assert flows.to_dict() == {0.0: -1000.0, **dict.fromkeys((1.0, 2.0, 3.0, 4.0, 5.0), 280.0)}
    assert npv(flows, 0.0) == pytest.approx(400)
    with pytest.raises(ValueError, match="CNY and EUR"):
        plan([plant, replace(plant, currency="EUR")], 5)


def test_levelised_cost_by_the_simple_formula() -> None:
    """1000 EUR/kW, 20 a, 8 %, 20 EUR/kW/a, 2000 h: (101.85 + 20) / 2000 = 60.93 EUR/MWh.

    The formula NREL prints: (capital x recovery factor + fixed O&M) / full-load hours + variable.
    Undiscounted it would be 35.
    """
    pv = Asset("pv", 1.0, "MW", 1e6, 20, fixed_share=0.02)
    cost = levelised_cost([pv], 20, 0.08, amount=2000.0)
    assert cost == pytest.approx(60.926, abs=1e-3)
    dearer = levelised_cost([pv], 20, 0.08, amount=2000.0, yearly=2000.0 * 3.0)
    assert dearer - cost == pytest.approx(3.0)


@settings(max_examples=40, deadline=None)
@given(
    size=st.floats(0.1, 100),
    life=st.floats(2, 40),
    years=st.integers(1, 30),
    rate=st.floats(0, 0.2),
    share=st.floats(0, 0.1),
    amount=st.floats(1, 1e5),
    yearly=st.floats(0, 1e6),
)
def test_sold_at_levelised_cost_a_plant_breaks_even(
    size: float, life: float, years: int, rate: float, share: float, amount: float, yearly: float
) -> None:
    """Its net present value vanishes: a second way, through the plan of money by year."""
    plant = Asset("plant", size, "MW", 1e5, life, fixed_share=share)
    cost = levelised_cost([plant], years, rate, amount=amount, yearly=yearly)
    flows = plan([plant], years, amount * cost - yearly)
    scale = plant.investment + (amount * cost + yearly) * years
    assert npv(flows, rate) == pytest.approx(0.0, abs=1e-9 * scale)


def boiler_run(hours: float = HOURS) -> Run:
    """10 MW of gas make 9 MW of heat; a run of any length."""
    flows = [buy("gas", "natural_gas"), burn("boiler", heat=0.9), use("works", "heat")]
    flows[1].cost = 2.0
    rates = {"gas": 10.0, "boiler": 10.0, "works": 9.0}
    run = run_of(flows, rates, step_s=round(hours * 3600))
    cost = np.array([20.0 * hours if name == "boiler" else 0.0 for name in run.network.flows])
    return replace(run, recorded=replace(run.recorded, cost=cost))


@pytest.mark.parametrize("hours", [HOURS, 24.0])
def test_levelised_heat_of_a_boiler(hours: float) -> None:
    """78,840 MWh a year: 500,000 x 0.101852 = 50,926; fixed 20,000; wear 175,200; gas 2,628,000.

    Together 2,874,126: 36.455 per MWh. A day scales to the same; unscaled, capital would weigh 365
    times as much.
    """
    boiler = Asset("boiler", 10, "MW", 50_000.0, 20, fixed_share=0.04, component="boiler")
    other = replace(boiler, component="elsewhere")
    found = levelised(
        boiler_run(hours),
        "boiler",
        "heat",
        [boiler, other],
        rate=0.08,
        prices={"natural_gas": 30.0},
    )
    parts = {"capital": 50_926.1, "fixed": 20_000, "variable": 175_200,
             "taken: natural_gas": 2_628_000}  # fmt: skip
    assert (found.parts * found.amount).to_dict() == pytest.approx(parts, rel=1e-6)
    assert found.cost == pytest.approx(36.455, abs=1e-3)
    assert found.unit == "CNY/MWh"


def test_levelised_hydrogen_with_a_co_product() -> None:
    """10 MW of power give 6 MW of hydrogen and 2 MW of heat; power at 300, heat worth 100.

    Per MWh 500 for power less 33.33 for heat: 466.67, at 30.01 kg a MWh 15.55 per kg. Without the
    credit 500.
    """
    prices = {"electricity": 300.0, "heat": 100.0, "fresh_water": 0.0}
    found = levelised(electrolysis(), "electrolyser", "hydrogen", [], rate=0.08, prices=prices)
    assert found.cost == pytest.approx(500 - 100 / 3)
    assert found.per_kg == pytest.approx(15.551, abs=1e-3)
    assert math.isnan(replace(found, mass=0.0).per_kg)


def electrolysis() -> Run:
    """Power and water into hydrogen and heat; the oxygen goes to the air."""
    hydrogen = STANDARD["hydrogen"]
    water = 0.6 * hydrogen.of("water")
    made = {"heat": 0.2, "hydrogen": 0.6, "fresh_water": -water}
    flows = [
        buy("grid", "electricity"),
        buy("water", "fresh_water"),
        burn("electrolyser", "electricity", "conversion", **made),
        use("works", "heat"),
        sell("sale", "hydrogen"),
    ]
    flows[2].exchange = {"oxygen": water - 0.6 * hydrogen.of("mass")}
    rates = {"grid": 10.0, "water": 10.0 * water, "electrolyser": 10.0, "works": 2.0, "sale": 6.0}
    return run_of(flows, rates)


def test_what_has_no_price_is_asked_for() -> None:
    """Gas at nothing would make heat that costs its boiler."""
    with pytest.raises(ValueError, match="also moves natural_gas; give prices"):
        levelised(boiler_run(), "boiler", "heat", [], rate=0.08)
    with pytest.raises(ValueError, match="it gives to: heat"):
        levelised(boiler_run(), "boiler", "steam", [], rate=0.08)
    foreign = Asset("b", 1, "MW", 1.0, 20, component="boiler", currency="EUR")
    with pytest.raises(ValueError, match="plant in EUR; the run counts CNY"):
        levelised(boiler_run(), "boiler", "heat", [foreign], rate=0.08, prices={"natural_gas": 1.0})


SCENARIO = """
components:
  store: {model: battery, energy_capacity: {value: 100 MWh, source: published},
          power_capacity: {value: 50 MW, source: published}}
  roof: {model: pv, power_capacity: {value: 2 MW, source: assumed}}
  cooler: {model: chiller, capacity: {value: 3 MW, source: assumed}}
  grid: {model: grid, import_capacity: {value: 10 MW, source: assumed}}
"""


def test_plant_of_a_scenario_is_priced_from_the_table() -> None:
    """Cells 100 MWh x 197,887.4 and inverter 50 MW x 227,517.6 EUR; the roof 2 x 719,059.4.

    At 8 CNY/EUR 249 million for the battery. The chiller has no row: it is named, not free.
    """
    run = replace(boiler_run(), scenario=SCENARIO)
    with pytest.raises(ValueError, match=r"give exchange=\{'EUR'"):
        equipment(run)
    found = equipment(run, exchange={"EUR": 8.0})
    table = found.table.set_index("asset")
    assert table.loc["store: cells", "investment"] == pytest.approx(8 * 19_788_740)
    assert table.loc["store: inverter", "investment"] == pytest.approx(8 * 11_375_880)
    assert table.loc["roof: modules and inverters", "investment"] == pytest.approx(8 * 1_438_118.8)
    assert table.loc["roof: modules and inverters", "fixed"] == pytest.approx(
        8 * 1_438_118.8 * 0.013559
    )
    assert found.without_cost == ("cooler",)
    assert "1 EUR = 8 CNY" in str(table.loc["roof: modules and inverters", "source"])
    field = equipment(run, exchange={"EUR": 1.0}, technologies={"roof": "utility_pv"}).table
    assert field.set_index("component").loc["roof", "unit_cost"] == pytest.approx(473_115.6)
    own = Asset("chiller", 3, "MW", 1e6, 20, component="cooler")
    known = equipment(run, exchange={"EUR": 8.0}, costs={"cooler": own})
    assert known.without_cost == () and own in known.assets
    with pytest.raises(ValueError, match="no technology 'thin'; there is rooftop_pv"):
        equipment(run, exchange={"EUR": 8.0}, technologies={"roof": "thin"})
    with pytest.raises(ValueError, match="no component wall"):
        equipment(run, technologies={"wall": "x"})


def test_every_row_of_technology_data_says_where_it_is_from() -> None:
    """Source, currency, price year, a life and a unit the scenario can be converted to."""
    for row in rows("investment"):
        assert row["source"] and row["currency"] == "EUR" and row["price_year"] == "2020"
        assert row["status"] in ("verified", "unverified")
        assert float(row["lifetime"]) > 0 and float(row["investment"]) > 0
        assert 0 <= float(row["fixed_share"]) < 0.2
        assert convert(f"1 {row['unit']}", row["unit"]) == 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [({"lifetime": 0.0}, "lifetime of 0 a"), ({"size": -1.0}, "size is -1; give 0 or more")],
)
def test_an_asset_that_cannot_be(change: dict[str, Any], message: str) -> None:
    """A life of zero would be replaced for ever."""
    with pytest.raises(ValueError, match=message):
        replace(Asset("a", 1, "MW", 1.0, 20), **change)


def test_horizons_and_rates_that_cannot_be() -> None:
    """A share is wanted, not per cent below -100, and whole years."""
    with pytest.raises(ValueError, match="a rate of -2"):
        npv(S, -2.0)
    with pytest.raises(ValueError, match=r"a horizon of 2.5 a"):
        annuity_factor(0.1, 2.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="an output of 0"):
        levelised_cost([], 10, 0.1, amount=0.0)
    assert isinstance(plan([], 3, 1.0), pd.Series)
