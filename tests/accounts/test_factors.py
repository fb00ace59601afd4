"""Tables, meters and certificates: the ground the accounts stand on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tests.parks_at_random import START, Parts, parks
from twin.accounts import factors
from twin.accounts.activity import Activities
from twin.accounts.certificates import CertificateBook
from twin.accounts.indicators import COMPUTED
from twin.accounts.meter import Meters
from twin.accounts.ndrc import ndrc
from twin.results import Run

TABLES = ("fuels", "electricity", "heat", "standard_coal", "processes", "gwp", "other_gases")


def test_every_factor_has_a_source_and_a_mark() -> None:
    """A number without either could not be checked by anybody."""
    for table in (*TABLES, "thresholds"):
        for row in factors.rows(table):
            assert row["source"], row
            assert row["status"] in ("verified", "unverified"), row
            if table in TABLES:
                assert {"scope", "region", "year"} <= set(row), table


@pytest.mark.parametrize(
    ("key", "per_gj", "per_unit"),
    [("natural_gas", 0.0555, 2.162), ("coke", 0.1003, 2.853), ("diesel", 0.0726, 3.096),
     ("blast_furnace_gas", 0.2570, 0.848), ("lignite", 0.0985, 1.453), ("lpg", 0.0618, 3.101)],
)  # fmt: skip
def test_fuel_factors_give_the_printed_products(key: str, per_gj: float, per_unit: float) -> None:
    """NCV x carbon x oxidation x 44/12 as printed beside the guides; a typing error would show."""
    fuel = factors.fuel(key)
    assert fuel.per_gj().value == pytest.approx(per_gj, abs=5.1e-5)
    assert fuel.per_gj().value * fuel.ncv == pytest.approx(per_unit, abs=5.1e-4)


def test_the_second_set_is_named_and_falls_back() -> None:
    """Gas at 57.2 tCO2/TJ x 35.611 is 2.037 t/1000 m3; diesel is in the guides only."""
    gas = factors.fuel("natural_gas", "database")
    assert gas.per_gj().value * gas.ncv == pytest.approx(2.037, abs=5e-4)
    assert factors.fuel("diesel", "database") == factors.fuel("diesel")
    with pytest.raises(ValueError, match="guides, database"):
        factors.fuel("diesel", "N")


def test_standard_coal_is_what_its_definition_says() -> None:
    """1 kgce = 29.3076 MJ: 3.6 / 29.3076 = 0.1228 (0.1229 in GB/T 2589), 1 / 29.3076 = 0.03412."""
    assert factors.standard_coal("calorific").value == pytest.approx(3.6 / 29.3076, abs=1e-4)
    assert factors.standard_coal("heat").value == pytest.approx(1 / 29.3076, abs=5e-6)


def test_grids_by_region_and_year() -> None:
    """The same place in two years has two factors; a missing one names what there is."""
    assert factors.electricity("average", "CN-east", 2022).value == 0.5617
    assert factors.electricity("average", "CN-east", 2023).value == 0.55
    with pytest.raises(ValueError, match="there is 2022"):
        factors.electricity("average", "CN-jiangsu", 2023)
    with pytest.raises(ValueError, match="CN-zhejiang"):
        factors.electricity("average", "CN-jiangxi", 2022)


def test_indicators_of_the_thresholds_are_known_words() -> None:
    """Those worked out are all used by a scheme; a misspelt one would be undecidable for ever."""
    asked = {row["indicator"] for row in factors.rows("thresholds")}
    assert set(COMPUTED) <= asked
    for row in factors.rows("thresholds"):
        assert row["sense"] in ("<=", ">=", ">")


def run_of_parts(parts: Parts) -> Run:
    """A random park, run."""
    import pandas as pd

    network = parts.network()
    _, recorded = parts.run(network)
    facts = {"conserve": [], "start_utc": START.isoformat(), "time_zone": "UTC"}
    return Run("", network, recorded, pd.DataFrame(), facts)


SOME = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SOME
@given(parks())
def test_meters_add_up_to_the_ledger(parts: Parts) -> None:
    """Hour by hour or in total, with outages that cut steps: the same amounts to rounding."""
    run = run_of_parts(parts)
    meters = Meters(run)
    entries = [e for e in Activities(run).entries if e.flow in run.network.flows]
    for entry in entries:
        series = meters.amount(entry.flow, entry.place, outside=entry.outside)
        assert series.sum() == pytest.approx(entry.amount, rel=1e-9, abs=1e-9)
    assert meters.total(entries).shape == (meters.n,)


@SOME
@given(parks())
def test_the_account_adds_up_on_any_park(parts: Parts) -> None:
    """Each line is amount x factor; parts add up to the total; it never falls below zero.

    Fuel energy equals what the fuels' flows took; a fuel counted twice or left out would show.
    """
    run = run_of_parts(parts)
    account = ndrc(run)
    table = account.table
    assert (table["amount"] * table["factor"]).to_numpy() == pytest.approx(table["tCO2"].to_numpy())
    assert account.total_tCO2 == pytest.approx(account.parts.sum())
    assert account.total_tCO2 >= -1e-6
    assert table.loc[table["part"] != "memo", "tce"].sum() == pytest.approx(account.tce)
    burnt = table[table["part"] == "fuel"]["amount"].sum()
    fuels = {"gas", "biogas", "hydrogen"}
    taken = 0.0
    for name, flow in run.network.flows.items():
        places = [p for p, v in flow.coefficients.items() if v > 0]
        given = {p.removeprefix("store_").removesuffix(".amount") for p in places}
        used = sum(-v for p, v in flow.coefficients.items() if p in fuels and v < 0)
        if used and not given & fuels:
            taken += used * float(run.ledger.flows.loc[name, "amount"])
    assert burnt == pytest.approx(taken * 3.6, rel=1e-6, abs=1e-6)


def test_the_account_does_not_depend_on_the_order() -> None:
    """Same flows in another order: the same table, bit for bit."""
    from tests.accounts.books import burn, buy, run_of, solar, use

    flows = [
        solar(),
        buy("grid", "electricity"),
        use("load", "electricity"),
        buy("gas", "natural_gas"),
        burn("b"),
    ]
    rates = {"pv": 3.3, "grid": 1.1, "load": 4.4, "gas": 7.7, "b": 7.7}
    one, two = (ndrc(run_of(order, rates)).table for order in (flows, flows[::-1]))
    assert one.equals(two)
    assert np.array_equal(one["tCO2"].to_numpy(), two["tCO2"].to_numpy())


def test_a_certificate_is_issued_moved_and_retired_once() -> None:
    """Trap: one kWh, one attribute. 100 MWh made, 100 issued, 60 sold and retired: 40 are left.

    Without the book 60 MWh would be green at the buyer and at the plant.
    """
    book = CertificateBook()
    book.issue("wind", "2025-03", 100, generated=100, owner="plant")
    book.move("wind", "2025-03", 60, "plant", "park")
    book.retire("wind", "2025-03", 60, "park")
    assert book.retired_by("park") == 60
    with pytest.raises(ValueError, match="it holds 0"):
        book.retire("wind", "2025-03", 1, "park")
    with pytest.raises(ValueError, match="it holds 40"):
        book.move("wind", "2025-03", 60, "plant", "other")
    with pytest.raises(ValueError, match="count one kWh twice"):
        book.issue("wind", "2025-03", 1, generated=100, owner="plant")
    with pytest.raises(ValueError, match="no kWh bears both"):
        book.credit("wind", "2025-03", 1, generated=100)
    book.credit("wind", "2025-04", 70, generated=100)
    book.issue("wind", "2025-04", 30, generated=100, owner="plant")
    with pytest.raises(ValueError, match="an amount of 0"):
        book.retire("wind", "2025-04", 0, "plant")
