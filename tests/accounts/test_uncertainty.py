"""Intervals and shares against sums, products and runs whose answer is known."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

import twin
from models.base import Flow
from models.carriers import STANDARD, SURROUNDINGS
from twin.accounts.embodied import emission_signal
from twin.accounts.terms import (
    cost_terms,
    demand_slopes,
    emission_terms,
    response,
    slope,
    spread_terms,
    spreads,
)
from twin.accounts.tracing import fossil_emissions
from twin.accounts.uncertainty import Input, Term, first_order, monte_carlo
from twin.engine.recorded import Recorded
from twin.engine.world import World
from twin.network.conserve import close_flow
from twin.network.network import Network

N = 10_000


def test_a_sum_of_meters() -> None:
    """Two independent meters of 3 % and 4 % on 100 t each: half-width 5 t, shares 9/25 and 16/25.

    Added up instead of combined, the half-width would be 7. The bounds are four standard errors of
    a quantile and of a share at 10,000 draws.
    """
    terms = [Term("a", 100.0, ("x",)), Term("b", 100.0, ("y",))]
    found = monte_carlo(terms, {"x": Input(width=0.03), "y": Input(width=0.04)})
    low, high = found.interval
    quantile_error = (5.0 / 1.96) * np.sqrt(0.025 * 0.975 / N) / 0.0584
    assert high - 200 == pytest.approx(5.0, abs=4 * quantile_error)
    assert 200 - low == pytest.approx(5.0, abs=4 * quantile_error)
    assert found.nominal == 200.0
    assert found.shares["x"] == pytest.approx(9 / 25, abs=4 * 0.01)
    assert found.shares["y"] == pytest.approx(16 / 25, abs=4 * 0.01)


def test_a_shared_factor_is_drawn_once() -> None:
    """A hundred units on one grid factor of 3 % are as unsure as one; apart they would be ten
    times surer."""
    together = monte_carlo([Term(f"{k}", 1.0, ("grid",)) for k in range(100)],
                           {"grid": Input(width=0.03)})  # fmt: skip
    apart = monte_carlo([Term(f"{k}", 1.0, (f"m{k}",)) for k in range(100)],
                        {f"m{k}": Input(width=0.03) for k in range(100)})  # fmt: skip
    assert together.draws.std() == pytest.approx(3.0 / 1.96, rel=4 / np.sqrt(2 * N))
    assert apart.draws.std() == pytest.approx(0.3 / 1.96, rel=4 / np.sqrt(2 * N))


def test_joint_effects_are_no_first_order() -> None:
    """x y with variances a and b: first orders a and b over a + b + ab, and the rest is joint."""
    width = 0.8 * 1.959963984540054
    found = monte_carlo([Term("xy", 1.0, ("x", "y"))],
                        {"x": Input(width=width), "y": Input(width=width)})  # fmt: skip
    a = 0.64
    expected = a / (2 * a + a * a)
    assert found.shares["x"] == pytest.approx(expected, abs=4 * 0.01)
    assert found.shares.sum() == pytest.approx(2 * expected, abs=8 * 0.01)
    assert first_order(np.ones(100), np.arange(100.0)) == 0.0


def test_another_input_changes_no_draw() -> None:
    """Streams go by name: by position, a new input would move all that come after it."""
    few = monte_carlo([Term("b", 1.0, ("b",))], {"b": Input(width=0.1)})
    more = monte_carlo([Term("a", 1.0, ("a",)), Term("b", 1.0, ("b",))],
                       {"a": Input(width=0.1), "b": Input(width=0.1)})  # fmt: skip
    assert np.array_equal(few.drawn["b"], more.drawn["b"])


def test_distributions_are_what_they_say() -> None:
    """Means and ends by their textbook formulas, within four standard errors."""
    rng = np.random.default_rng(1)
    oxidation = Input("triangular", centre=0.98, low=0.95, high=1.0).draw(rng, N)
    assert oxidation.mean() == pytest.approx((0.95 + 0.98 + 1.0) / 3, abs=4 * 0.0103 / np.sqrt(N))
    assert oxidation.min() >= 0.95
    assert oxidation.max() <= 1.0
    bias = Input("uniform", centre=1.175, low=1.12, high=1.23).draw(rng, N)
    assert bias.mean() == pytest.approx(1.175, abs=4 * 0.0318 / np.sqrt(N))
    forest = Input("lognormal", 0.5).draw(rng, N)
    assert np.median(forest) == pytest.approx(1.0, abs=4 * 1.2533 * 0.207 / np.sqrt(N))
    assert (forest > 1.5).mean() == pytest.approx(0.025, abs=4 * np.sqrt(0.025 * 0.975 / N))
    assert (forest > 0).all()
    with pytest.raises(ValueError, match="the centre must lie between"):
        Input("uniform", centre=2.0, low=0.0, high=1.0)


def test_a_threshold_is_decided_or_not() -> None:
    """100 t +/- 10 %: 120 is not reached, 80 is passed, 105 cannot be told."""
    found = monte_carlo([Term("e", 100.0, ("x",))], {"x": Input(width=0.1)})
    assert found.decided(120.0) == "below"
    assert found.decided(80.0) == "above"
    assert found.decided(105.0) == "undecided"
    assert 0.025 < 1 - found.below(105.0) < 0.5


def test_a_ratio_knows_what_both_share() -> None:
    """CO2 over energy on one meter is as sure as its factor; drawn apart, the meter counts too."""
    inputs = {"meter": Input(width=0.05), "factor": Input(width=0.02)}
    energy = monte_carlo([Term("tce", 50.0, ("meter",))], inputs)
    co2 = monte_carlo([Term("co2", 10.0, ("meter", "factor"))], inputs)
    ratio = co2 / energy
    assert ratio.nominal == pytest.approx(0.2)
    assert ratio.draws == pytest.approx(0.2 * co2.drawn["factor"])
    other = monte_carlo([Term("tce", 50.0, ("meter",))], inputs, seed=2)
    with pytest.raises(ValueError, match="'meter' was drawn anew"):
        _ = co2 / other


def test_missing_inputs_are_named() -> None:
    """An input without a distribution would count as certain."""
    with pytest.raises(ValueError, match="without a distribution: ghost"):
        monte_carlo([Term("e", 1.0, ("ghost",))], {})
    with pytest.raises(ValueError, match="too few"):
        monte_carlo([], {}, draws=10)


def park(demand: float = 8.0) -> tuple[Network, Recorded]:
    """Two gas boilers and the grid: 5 of cheap boiler, the rest of a worse one, over two hours."""
    buses = {name: STANDARD[c] for name, c in (("gas", "natural_gas"), ("power", "electricity"))}
    burning = ("co2", "n2", "water_vapour", "air")
    flows = [
        Flow("gas_in", "gas_in", {"gas": 1.0}, 99.0, cost=30.0, exchange={"natural_gas": -1.0},
             side="import", main="gas"),
        Flow("good", "good", {"gas": -1.0, "power": 0.5}, 10.0, closes=burning, main="gas"),
        Flow("poor", "poor", {"gas": -1.0, "power": 0.25}, 99.0, closes=burning, main="gas"),
        Flow("load", "load", {"power": -1.0}, demand, steer=-1e4, activity="final_use",
             demand=True, main="power"),
    ]  # fmt: skip
    outside = {**STANDARD, **SURROUNDINGS}
    for flow in flows:
        assert not close_flow(flow, buses, outside)
    net = Network.of(buses, flows, surroundings=outside, n_steps=2, step_s=3600)
    world = World(net, {}, horizon_s=7200, seed=1, start=pd.Timestamp("2025-01-01", tz="UTC"),
                  signal=emission_signal(net, {"natural_gas": 0.03}))  # fmt: skip
    world.run()
    return net, Recorded.of(world.record)


def test_terms_of_a_run_add_up_to_its_account() -> None:
    """Fossil CO2 and what imports bring; both boilers share the carbon of one gas."""
    net, record = park()
    terms, inputs = emission_terms(net, record, {"natural_gas": 0.03})
    gas = 2 * (10 + 3 / 0.25)
    direct = fossil_emissions(net, record)["fossil"].sum()
    assert sum(term.value for term in terms) == pytest.approx(direct + 0.03 * gas)
    assert set(inputs) == {
        "meter of good", "meter of poor", "meter of gas_in", "carbon of natural_gas",
        "factor of natural_gas",
    }  # fmt: skip
    assert sum("carbon of natural_gas" in term.inputs for term in terms) == 2


def test_the_shadow_signal_foresees_another_demand() -> None:
    """1 % more load is served by the poor boiler: 4 MWh of gas a MWh. A run says the same.

    The average of the run would foresee 2.75.
    """
    net, record = park()
    carbon = STANDARD["natural_gas"].of("carbon") * 44.009 / 12.011 + 0.03
    assert demand_slopes(net, record)["load"] == pytest.approx(2 * 8 * 4 * carbon)

    def co2(multiplier: float) -> float:
        run = park(8.0 * multiplier)
        brought = 0.03 * 2 * float(run[1].flows[0, list(run[0].flows).index("gas_in")])
        return float(fossil_emissions(*run)["fossil"].sum()) + brought

    assert slope(co2, 0.02) == pytest.approx(demand_slopes(net, record)["load"], rel=1e-9)
    terms = response("load.annual", 10.0)
    found = monte_carlo(terms, {"load.annual": Input(width=0.1)})
    assert found.nominal == 0.0
    assert found.draws.std() == pytest.approx(10.0 * 0.1 / 1.96, rel=4 / np.sqrt(2 * N))


def test_money_follows_its_prices() -> None:
    """Gas of 22 MWh a hour at 30 with a price known to 10 %: 1320 +/- 132."""
    net, record = park()
    price = {"gas_in.price": Input(width=0.1)}
    found = monte_carlo(cost_terms(net, record, price), price)
    assert found.nominal == pytest.approx(1320.0)
    assert found.draws.std() == pytest.approx(132 / 1.96, rel=4 / np.sqrt(2 * N))


def test_spreads_of_a_scenario() -> None:
    """A spread of 15 GWh on 300 is 5 %; the demand answers in the ledger, the boiler needs runs."""
    changed = twin.load("kalundborg").override(
        {
            "novo_power.annual": {"value": "300 GWh", "source": "assumed", "spread": "15 GWh"},
            "peak_boiler.capacity": {"value": "30 MW", "source": "assumed", "spread": "10 %"},
        }
    )
    found = spreads(changed)
    assert found["novo_power.annual"].width == pytest.approx(0.05)
    assert found["peak_boiler.capacity"].width == pytest.approx(0.10)
    net, record = park()
    named = {"load.annual": Input(width=0.1), "good.capacity": Input(width=0.1)}
    terms, needs = spread_terms(named, net, record)
    assert [term.name for term in terms] == ["load.annual", "load.annual at nominal"]
    assert needs == ("good.capacity",)


def test_ten_thousand_draws_take_seconds_at_most() -> None:
    """200 terms on 100 inputs, without a new run: well below the 5 s that one run takes."""
    terms = [Term(f"{k}", 1.0, (f"i{k % 100}", "shared")) for k in range(200)]
    inputs = {f"i{k}": Input(width=0.05) for k in range(100)} | {"shared": Input(width=0.03)}
    began = time.perf_counter()
    found = monte_carlo(terms, inputs)
    assert len(found.shares) == 101
    assert time.perf_counter() - began < 5.0
