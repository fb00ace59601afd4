"""Sinks, storage and offsets: shown, and netted only where a method lets them be."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from models.base import Store
from models.carriers import CO2_PER_CARBON
from models.substances import substances
from tests.accounts.books import buy, part, run_of, use, worked
from twin.accounts.ghg import ghg
from twin.accounts.iso import iso_14064
from twin.accounts.ndrc import Choices, ndrc
from twin.accounts.removals import RULES, Removal, Removals, plausible, removals, stored

TREES = Removal("trees", "sink", 300.0)
BOUGHT = Removal("forest credits", "offset", 800.0, source="registry")


@pytest.mark.parametrize("method", ["ndrc-2025-910", "ghg", "iso-14064-1", "iso-14067"])
def test_methods_that_forbid_netting_refuse_it(method: str) -> None:
    """1,000 t with a sink of 300 t stay 1,000 t; a program that nets would report 700."""
    account = Removals(method, 1000.0, (TREES, BOUGHT))
    with pytest.raises(ValueError, match="total stays 1000 t"):
        account.net(1000.0)
    table = account.table.set_index("line")
    assert table.loc["emission", "own"] == 1000
    assert table.loc["trees", "own"] == -300
    assert not table.loc[["trees", "forest credits"], "netted"].any()


def test_xiong_an_nets_own_sinks_and_a_fifth_of_offsets() -> None:
    """1,000 - 300 - min(800, 20 % of 2,000) = 300; without the cap it would be below zero."""
    account = Removals("db1331-t-069", 1000.0, (TREES, BOUGHT))
    assert account.net(2000.0) == pytest.approx(300)
    with pytest.raises(ValueError, match="caps offsets at 20% of a baseline"):
        account.net()


def test_a_removal_whose_credit_was_sold_is_not_claimed_again() -> None:
    """200 of 300 t are sold: 100 t are left. Claimed in full, a tonne would count at two places."""
    account = Removals("db1331-t-069", 1000.0, (Removal("trees", "sink", 300.0, sold=200.0),))
    assert account.net() == pytest.approx(900)
    with pytest.raises(ValueError, match="400 t of 300 t sold"):
        Removal("trees", "sink", 300.0, sold=400.0)


def test_lines_beside_the_accounts_change_no_total() -> None:
    """NDRC total and ISO category 1 are the same with sinks and without."""
    run = worked()
    with_sinks = ndrc(run, Choices(sinks_tCO2=500, offsets_tCO2=900))
    assert with_sinks.total_tCO2 == ndrc(run).total_tCO2
    assert part(with_sinks, "memo") == 0
    inventory = ghg(run)
    table = iso_14064(inventory, removals_tCO2=500)
    assert table["total"].equals(iso_14064(inventory)["total"])
    assert table.loc[1, "removals_tCO2"] == 500
    beside = removals(run, [TREES], gross=with_sinks.total_tCO2)
    assert beside.table["own"].tolist() == pytest.approx([with_sinks.total_tCO2, -300])
    assert removals(run).emission == pytest.approx(float(run.emissions["fossil"].sum()))


def test_stored_co2_is_a_line_and_not_a_second_reduction() -> None:
    """100 t put away: no emission to begin with, so no method takes them off one."""
    carrier = substances()["captured_co2"]
    flow = use("well", "captured_co2")
    flow.coefficients = {"captured_co2": -1.0, "deep.stored": 1.0}
    flow.component = "deep"
    flow.closes = ()
    run = run_of(
        [buy("pipe", "captured_co2"), flow],
        {"pipe": 10.0, "well": 10.0},
        carrier,
        stores=[Store("deep.stored", "deep", carrier, 1000.0, 0.0)],
        levels={"deep.stored": [0.0, 100.0]},
        step_s=36_000,
    )
    (line,) = stored(run, ["deep"])
    assert line.kind == "storage"
    assert line.amount == pytest.approx(100.0 * carrier.of("carbon") * 44 / 12)
    assert Removals("db1331-t-069", 1000.0, (line,)).net() == 1000.0
    assert stored(run, ["other"]) == ()


@pytest.mark.parametrize(
    ("kind", "amount", "size", "latitude", "verdict"),
    [
        # Guangdong: 36.2 to 99.9 kt on 55 km2.
        ("mangrove", 36_200, 5500, 22.0, "plausible"),
        ("mangrove", 99_900, 5500, 22.0, "plausible"),
        # Xiamen: 4103.9 t on 12.98 ha in ten years, the best net rate.
        ("mangrove", 410.39, 12.98, 24.4, "plausible"),
        # Its gross ecosystem rate, 122 t/ha, is no credit.
        ("mangrove", 122 * 12.98, 12.98, 24.4, "above range"),
        # No planted mangrove lives at Suzhou.
        ("mangrove", 100, 10, 31.3, "impossible here"),
        ("urban_trees", 20, 10, None, "below range"),
        ("biochar", 250, 100, None, "plausible"),
    ],
)
def test_claims_of_sinks_against_what_is_known(
    kind: str, amount: float, size: float, latitude: float | None, verdict: str
) -> None:
    """A claim out of range is called so; unchecked, a park of trees could outdo a mangrove."""
    assert plausible(kind, amount, size, latitude=latitude) == verdict


def test_what_a_user_may_write_wrong() -> None:
    """Kinds and methods by their names."""
    with pytest.raises(ValueError, match="kinds: sink, storage, offset"):
        Removal("x", "tree", 1.0)
    with pytest.raises(ValueError, match="no rule of 'iso'"):
        Removals("iso", 1.0, ())
    with pytest.raises(ValueError, match="no sink 'moss'"):
        plausible("moss", 1, 1)
    with pytest.raises(ValueError, match="a sink of size 0"):
        plausible("lawn", 1, 0)
    assert set(RULES) >= {"ndrc-2025-910", "ghg"}


def test_what_seeps_is_a_direct_emission_by_every_method() -> None:
    """A reservoir that holds 100 t and loses 4 t in ten hours: 4 t of direct emission.

    They came in as fossil CO2. Seen by the ledger alone, the two accounts would say nothing of it.
    """
    co2 = replace(substances()["captured_co2"], fossil=1.0)
    rate = -math.log(0.96) / 10.0
    store = Store("deep.stored", "deep", co2, 1000.0, 100.0, loss_rate=rate, closes=("co2",))
    well = use("well", "captured_co2")
    well.coefficients, well.component, well.closes = (
        {"captured_co2": -1.0, "deep.stored": 1.0},
        "deep",
        (),
    )
    run = run_of(
        [buy("pipe", "captured_co2"), well],
        {"pipe": 0.0, "well": 0.0},
        co2,
        stores=[store],
        levels={"deep.stored": [100.0, 96.0]},
        step_s=36_000,
    )
    gone = 4.0 * co2.of("carbon") * CO2_PER_CARBON
    assert ndrc(run).total_tCO2 == pytest.approx(gone, rel=1e-9)
    assert ghg(run).scope(1) == pytest.approx(gone, rel=1e-9)
