"""Carbon in products: held, and back after their half-life; never in a total of the year."""

from __future__ import annotations

import math

import pytest

from models.base import Carrier
from models.substances import substances
from tests.accounts.books import HOURS, buy, run_of, sell
from twin.accounts.later import later
from twin.accounts.ndrc import ndrc
from twin.results import Run

MOLAR_C, MOLAR_CO2 = 12.011, 44.009


@pytest.fixture(scope="module")
def run() -> Run:
    """100 t of methanol and 200 t of limestone pass through in a year; power too."""
    names = ("methanol", "limestone")
    flows = [f for name in names for f in (buy(f"{name}_in", name), sell(f"{name}_out", name))]
    rates = {"methanol_in": 100.0, "limestone_in": 200.0}
    rates |= {name.replace("_in", "_out"): rate for name, rate in rates.items()}
    carriers = [substances()[name] for name in names]
    return run_of(flows, {name: rate / HOURS for name, rate in rates.items()}, *carriers)


def test_by_hand(run: Run) -> None:
    """CH3OH holds 44.009 / 32.042 of its mass as CO2, CaCO3 44.009 / 100.086.

    A fuel is back at once, a carbonate never, and of a plastic of 30 years three quarters in 60.
    """
    table = later(run, {"limestone": math.inf})
    assert table.loc["methanol", "held_tCO2"] == pytest.approx(100 * 44.009 / 32.042, rel=1e-3)
    assert table.loc["limestone", "held_tCO2"] == pytest.approx(200 * 44.009 / 100.086, rel=1e-3)
    assert table.loc["methanol", "kept_tCO2"] == 0.0
    assert table.loc["limestone", "released_tCO2"] == 0.0
    plastic = later(run, {"methanol": 30.0}, years=60.0).loc["methanol"]
    assert plastic["released_tCO2"] == pytest.approx(0.75 * plastic["held_tCO2"])


def test_it_is_in_no_total(run: Run) -> None:
    """Nothing burns here, so the year emits nothing; counted as emission it would be 225 t."""
    assert ndrc(run).total_tCO2 == 0.0
    assert float(run.emissions["fossil"].sum()) == 0.0
    assert float(later(run)["held_tCO2"].sum()) > 200.0


def test_what_is_released_is_never_more_than_was_held(run: Run) -> None:
    """Released and kept add up for every half-life and time."""
    for half in (0.0, 1.0, 30.0, math.inf):
        for years in (0.0, 10.0, 1000.0):
            row = later(run, {"methanol": half}, years=years).loc["methanol"]
            assert 0.0 <= row["released_tCO2"] <= row["held_tCO2"]
            assert row["released_tCO2"] + row["kept_tCO2"] == pytest.approx(row["held_tCO2"])


def test_products_of_one_name() -> None:
    """Two units make "stone" of 0.05 and 0.10 t of carbon per tonne, on buses of other names.

    100 t and 10 t hold (5 + 1) x 44.009 / 12.011 = 21.98 t of CO2. Looked up by its own name the
    carrier of a unit's product would not be found; by that of one bus it would be 20.2 or 40.3 t.
    """
    buses = {
        f"unit_{k}.product": Carrier("stone", "t/h", {"mass": 1.0, "carbon": carbon})
        for k, carbon in ((1, 0.05), (2, 0.10))
    }
    flows = [f for bus in buses for f in (buy(f"{bus}_in", bus), sell(f"{bus}_out", bus))]
    rates = {
        f"{bus}_{way}": amount / HOURS
        for bus, amount in zip(buses, (100.0, 10.0), strict=True)
        for way in ("in", "out")
    }
    table = later(run_of(flows, rates, buses=buses), {"stone": math.inf})
    assert table.loc["stone", "amount"] == pytest.approx(110.0)
    assert table.loc["stone", "held_tCO2"] == pytest.approx(6 * 44.009 / 12.011, rel=1e-3)
    assert table.loc["stone", "kept_tCO2"] == table.loc["stone", "held_tCO2"]


def test_a_carrier_that_never_left(run: Run) -> None:
    """A misspelt name would silently leave its product released at once."""
    with pytest.raises(ValueError, match="no methanole left the park; what did: limestone, meth"):
        later(run, {"methanole": 1.0})
