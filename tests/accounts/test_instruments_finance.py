"""Loans, bonds, subsidies and insurance against published cases, closed forms and sums by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from models.base import Store
from models.carriers import STANDARD
from tests.accounts.books import buy, run_of, use
from twin.accounts.instruments import subsidy
from twin.accounts.instruments.bond import CarbonLinkedBond
from twin.accounts.instruments.insurance import CarbonInsurance
from twin.accounts.instruments.loan import SustainabilityLinkedLoan, Target, refinanced
from twin.accounts.instruments.subsidy import StorageSubsidy
from twin.accounts.investment import irr
from twin.accounts.uncertainty import Input

LOAN = SustainabilityLinkedLoan(
    principal=100e6,
    rate=0.035,
    targets=(Target("tCO2/tce", 0.3, "<=", 15), Target("green power", 0.5, ">=", 10)),
    bonus=5,
    years=5,
    repayment="equal",
)


@pytest.mark.parametrize(
    ("intensity", "green", "rate"),
    [
        (0.25, 0.6, 0.0345),
        (0.35, 0.6, 0.0365),
        (0.35, 0.4, 0.0375),
        (math.nan, 0.6, 0.0365),
    ],
)
def test_a_missed_target_costs_its_step(intensity: float, green: float, rate: float) -> None:
    """3.5 %: all met less 5 points, one missed 15 more, both 25 more; no report is a miss.

    The bonus stands only where all is met: 3.45 % and not 3.60 % in the second row.
    """
    values = {"tCO2/tce": intensity, "green power": green}
    assert LOAN.rate_for(values) == pytest.approx(rate)
    found = LOAN.settle(values, year=3)
    assert found.figures["owed"] == pytest.approx(60e6)
    assert found.money == pytest.approx(60e6 * rate)


def test_what_a_loan_asks_for() -> None:
    """A target without a value is not met in silence."""
    with pytest.raises(ValueError, match="no value of green power"):
        LOAN.rate_for({"tCO2/tce": 0.2})
    with pytest.raises(ValueError, match="year 6 of a loan of 5 years"):
        LOAN.settle({"tCO2/tce": 0.2, "green power": 1.0}, year=6)
    with pytest.raises(ValueError, match="linked to nothing"):
        replace(LOAN, targets=())
    assert refinanced(0.03) == pytest.approx(0.6 * 0.0175 + 0.4 * 0.03)


BOND = CarbonLinkedBond(principal=1e9, fixed=0.0565)


@pytest.mark.parametrize(
    ("income", "rate"),
    [(0.0, 0.0570), (0.5e6, 0.0570), (1.2e6, 0.0577), (2.0e6, 0.0585), (3.0e6, 0.0585)],
)
def test_the_first_carbon_bond(income: float, rate: float) -> None:
    """CGN Wind 2014: 5.65 % and 5 to 20 points, so 5.70 % at least and 5.85 % at most, as reported.

    Half a million is the least that moves it, at 5 points of a billion; unbounded, 3 million would
    give 5.95 %.
    """
    assert BOND.coupon_rate(income) == pytest.approx(rate)
    assert BOND.settle(income).money == pytest.approx(1e9 * rate)


def test_a_bond_at_par_yields_its_coupon() -> None:
    """Five coupons of 5.70 %: the internal rate of its money is 5.70 %."""
    assert irr(BOND.flows([0.0] * 5)) == pytest.approx(0.0570)
    with pytest.raises(ValueError, match="2 incomes for a bond of 5 years"):
        BOND.flows([0.0, 0.0])
    with pytest.raises(ValueError, match="floor of 30 and a cap of 20"):
        replace(BOND, floor=30.0)


def test_storage_is_paid_from_the_month_after_connection() -> None:
    """Connected in January: 1,000 and 2,000 MWh of the next months at 300 CNY are 900,000.

    With January it would be 1,050,000. Below half a megawatt nothing is paid.
    """
    amounts = pd.Series({"2025-01": 500.0, "2025-02": 1000.0, "2025-03": 2000.0})
    rule = StorageSubsidy()
    assert rule.due(amounts, power=5, connected="2025-01").money == pytest.approx(-900_000)
    assert rule.due(amounts, power=0.4, connected="2025-01").money == 0
    capped = replace(rule, cap=500_000).due(amounts, power=5, connected="2025-01")
    assert capped.money == -500_000 and capped.notes == ("capped at 500000",)
    one = replace(rule, months=1).due(amounts, power=5, connected="2025-01")
    assert one.figures["paid MWh"] == 1000


def test_what_a_store_discharged_by_month() -> None:
    """Discharge at 90 %: 24 h of 10 MW on 31 January and 12 h of 20 MW after: 216 and 216 MWh.

    Charging is no discharge: counted with it, February would show 96 MWh.
    """
    power = STANDARD["electricity"]
    store = Store("store.stored", "store", power, 1000.0, 500.0)
    flows = [buy("grid", "electricity"), use("load", "electricity")]
    charge, discharge = use("x", "electricity"), use("y", "electricity")
    charge.name, discharge.name = "store.charge", "store.discharge"
    charge.component = discharge.component = "store"
    charge.coefficients = {"electricity": -1.0, "store.stored": 1.0}
    discharge.coefficients = {"electricity": 0.9, "store.stored": -1.0}
    day = 24
    out = [10.0] * day + [20.0] * 12 + [0.0] * 12
    into = [0.0] * (day + 12) + [10.0] * 12
    load = [50.0] * 2 * day
    grid = [x - 0.9 * y + z for x, y, z in zip(load, out, into, strict=True)]
    levels = 500.0 - np.concatenate([[0.0], np.cumsum(np.array(out) - np.array(into))])
    run = run_of(
        [*flows, charge, discharge],
        {"grid": grid, "load": load, "store.charge": into, "store.discharge": out},
        stores=[store],
        levels={"store.stored": levels.tolist()},
        step_s=3600,
        start="2025-01-31",
    )
    found = subsidy.discharged(run, "store", "electricity")
    assert found.to_dict() == pytest.approx({"2025-01": 216.0, "2025-02": 216.0})
    with pytest.raises(ValueError, match="load gives nothing to 'electricity'"):
        subsidy.discharged(run, "load", "electricity")


def test_grants_of_the_cities() -> None:
    """Half of 150,000 is 75,000; of 300,000 the cap of 100,000 holds; Dafeng caps at 50,000."""
    changzhou = subsidy.grant("Changzhou", "green attribute")
    assert changzhou.due(150_000).money == -75_000
    assert changzhou.due(300_000).money == -100_000
    assert subsidy.grant("Dafeng", "green attribute").due(300_000).money == -50_000
    assert subsidy.grant("Dafeng", "national park admitted").due().money == -1e6
    with pytest.raises(ValueError, match="known: Changzhou, green attribute"):
        subsidy.grant("Changzhou", "storage")


def test_insurance_pays_by_its_trigger() -> None:
    """A forest that should take up 1,000 t: below 900 t each tonne pays 50, at most 20,000."""
    policy = CarbonInsurance(name="forest", strike=900, tick=50.0, limit=20_000)
    assert policy.payout(np.array([950, 900, 800, 100])).tolist() == [0, 0, 5000, 20_000]
    found = policy.settle(800, premium=1200)
    assert found.money == pytest.approx(1200 - 5000) and found.figures["triggered"] == 1
    price = CarbonInsurance(name="price", strike=100, tick=1000.0, side="above")
    assert price.payout(np.array([90, 120])).tolist() == [0, 20_000]


def test_premiums_agree_with_closed_forms() -> None:
    """Expected shortfall of a normal index (Bachelier) and of a lognormal one (Black), by formula.

    20,000 draws, within four standard errors; a premium at the mean index would be nothing.
    """
    n, strike = 20_000, 900.0
    policy = CarbonInsurance(name="forest", strike=strike, tick=50.0)
    sigma = 1000 * 0.2 / norm.ppf(0.975)
    d = (strike - 1000) / sigma
    exact = 50 * ((strike - 1000) * norm.cdf(d) + sigma * norm.pdf(d))
    draws = policy.draw(1000, Input("normal", 0.2), seed=7, n=n)
    error = policy.payout(draws).std() / math.sqrt(n)
    assert policy.premium(draws) == pytest.approx(exact, abs=4 * error)
    assert replace(policy, loading=0.3).premium(draws) == pytest.approx(1.3 * policy.premium(draws))
    s = math.log(1.5) / norm.ppf(0.975)
    mean = 1000 * math.exp(s * s / 2)
    d1 = (math.log(mean / strike) + s * s / 2) / s
    exact = 50 * (strike * norm.cdf(s - d1) - mean * norm.cdf(-d1))
    draws = policy.draw(1000, Input("lognormal", 0.5), seed=7, n=n)
    error = policy.payout(draws).std() / math.sqrt(n)
    assert policy.premium(draws) == pytest.approx(exact, abs=4 * error)


def test_the_trigger_of_a_policy_is_drawn_by_its_name() -> None:
    """The same seed gives the same year; another policy draws another, and changes none."""
    one = CarbonInsurance(name="forest", strike=900, tick=1.0)
    spread = Input("normal", 0.2)
    first = one.draw(1000, spread, seed=3, n=5)
    other = replace(one, name="bay").draw(1000, spread, seed=3, n=5)
    assert np.array_equal(first, one.draw(1000, spread, seed=3, n=5))
    assert not np.array_equal(first, other)
