"""Three ways to know a stack's CO2, and the causes that separate them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.accounts.books import burn, buy, run_of
from twin.accounts.cems import Cems, concentration, dry_flow, fill
from twin.accounts.quantify import quantify
from twin.results import Run

PERFECT = Cems(
    flow_bias=0, concentration_bias=0, flow_noise=0, concentration_noise=0, availability=1.0
)


def station(hours: int = 48) -> Run:
    """Coal and wood chips in one furnace, at a rate that swings."""
    rate = [100 + 50 * np.sin(t / 4) for t in range(hours)]
    furnace = burn("furnace", "coal", activity="power", wood_chips=-0.2)
    furnace.component = "unit"
    flows = [buy("mine", "coal"), buy("forest", "wood_chips"), furnace]
    rates = {"mine": rate, "forest": [0.2 * x for x in rate], "furnace": rate}
    return run_of(flows, rates, step_s=3600)


def test_the_three_ways_on_one_coal_flow() -> None:
    """1000 MWh of coal at 25 GJ/t: 3600 GJ.

    By factor 3600 x 26.18 x 93 % x 44/12 = 321.4 t. By balance 3600 GJ / LHV = 144 t of coal, each
    with 0.91 x 0.709 t C, times 44.009/12.011. An analyser without error agrees with the balance.
    """
    flows = [buy("mine", "coal"), burn("unit", "coal", activity="power")]
    run = run_of(flows, {"mine": [500, 500], "unit": [500, 500]}, step_s=3600)
    found = quantify(run, "unit", cems=PERFECT)
    lhv = 0.91 * 28.67 - 2.4417 * (0.91 * 0.044 * 18.015 / 2.016 + 0.09)
    balance = 3600 / lhv * 0.91 * 0.709 * 44.009 / 12.011
    assert found.results["emission factor"] == pytest.approx(3600 * 26.18 * 0.93 * 44 / 12 / 1000)
    assert found.results["mass balance"] == pytest.approx(balance, rel=1e-9)
    assert found.results["CEMS"] == pytest.approx(balance, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), availability=st.floats(0.5, 1.0), gap=st.floats(1, 40))
def test_causes_add_up_to_the_differences(seed: int, availability: float, gap: float) -> None:
    """A difference with a part that no cause explains would be a hidden one."""
    cems = Cems(availability=availability, gap_hours=gap)
    found = quantify(station(200), "unit", cems=cems, seed=seed)
    causes = found.causes.groupby("between")["tCO2"].sum()
    results = found.results
    scale = results["mass balance"]
    factor = results["emission factor"] - scale
    measured = results["CEMS"] - scale
    assert causes["factor - balance"] == pytest.approx(factor, abs=1e-9 * scale)
    assert causes.get("CEMS - balance", 0.0) == pytest.approx(measured, abs=1e-9 * scale)


def test_the_stack_sees_biogenic_carbon_and_the_factor_does_not() -> None:
    """The wood's CO2 is the whole of that cause; without it the CEMS would seem to err by 18 %."""
    found = quantify(station(), "unit", cems=PERFECT)
    causes = found.causes.set_index("cause")["tCO2"]
    run = station()
    entries = run.ledger.entries
    wood = entries[(entries["flow"] == "furnace") & (entries["carrier"] == "wood_chips")]
    taken = -float(wood["amount"].sum())
    carbon = run.network.buses["wood_chips"].of("carbon")
    assert causes["biogenic carbon, zero by the factor"] == pytest.approx(
        -taken * carbon * 44.009 / 12.011
    )


def test_gaps_are_filled_by_rule() -> None:
    """A gap of 2 h between 10 and 20 is 15; one of 3 h with short_gap 2 is the 90th percentile.

    Of 1..10 before it that is 9.1 by linear interpolation. A gap at the start takes the hour after.
    """
    rule = Cems(short_gap=2)
    read = np.array([10.0, 0, 0, 20])
    valid = np.array([True, False, False, True])
    assert fill(read, valid, rule).tolist() == [10, 15, 15, 20]
    long = np.array([*range(1, 11), 0, 0, 0, 5], float)
    valid = np.array([True] * 10 + [False] * 3 + [True])
    assert fill(long, valid, rule)[10:13] == pytest.approx([9.1] * 3)
    assert fill(np.array([0.0, 7]), np.array([False, True]), rule).tolist() == [7, 7]
    with pytest.raises(ValueError, match="no valid reading"):
        fill(np.zeros(2), np.zeros(2, bool), rule)


def test_the_instrument_errs_as_much_as_its_class() -> None:
    """Two biases of 1.77 % make 2.5 % (k = 1): over 400 instruments within four standard errors.

    A standard deviation estimated from 400 has a relative standard error of 1/sqrt(800) = 3.5 %.
    """
    run = station(24)
    cems = Cems(flow_noise=0, concentration_noise=0, availability=1.0)
    off = [quantify(run, "unit", cems=cems, seed=k).results for k in range(400)]
    relative = np.array([r["CEMS"] / r["mass balance"] - 1 for r in off])
    expected = np.hypot(0.0177, 0.0177)
    assert relative.std() == pytest.approx(expected, rel=4 / np.sqrt(800))
    assert abs(relative.mean()) < 4 * expected / np.sqrt(400)


def test_gaps_are_as_frequent_as_the_availability_asks() -> None:
    """90 % over 30,000 h with gaps of 5 h: about 600 gaps, so within 4 sqrt(2 x 600) x 5 h."""
    rate = [100.0] * 30_000
    flows = [buy("mine", "coal"), burn("unit", "coal")]
    run = run_of(flows, {"mine": rate, "unit": rate}, step_s=3600)
    valid = quantify(run, "unit", cems=Cems(availability=0.9, gap_hours=5)).hourly["valid"]
    assert (~valid).sum() == pytest.approx(3000, abs=4 * np.sqrt(2 * 600) * 5)


def test_the_same_seed_gives_the_same_readings() -> None:
    """And another seed others: a verifier can repeat a figure."""
    run = station()
    a, b, c = (quantify(run, "unit", seed=s).results["CEMS"] for s in (3, 3, 4))
    assert a == b != c


def test_units_of_the_stack() -> None:
    """12 vol-% is 0.2357 kg/Nm3; 10 m2 at 15 m/s, 400 K, 1 atm, 8 % moisture: 339,252 Nm3/h."""
    assert concentration(12) == pytest.approx(0.23568)
    assert dry_flow(10, 15, 400, 101_325, 0.08) == pytest.approx(
        10 * 15 * 3600 * 273.15 / 400 * 0.92
    )


def test_a_source_without_fire_is_refused() -> None:
    """With the names of those that burn."""
    with pytest.raises(ValueError, match="those that do: unit"):
        quantify(station(), "mine")
