"""The money account against sums by hand, and against the ledger it comes from."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import twin
from models.base import Actor
from tests.accounts.books import burn, buy, sell
from tests.accounts.books import run_of as paper_run
from tests.actors.plant import START, plant
from twin.accounts.instruments.settlement import Settlement
from twin.accounts.ledger import UnbalancedRun
from twin.accounts.money import MoneyAccount, money, tariff
from twin.engine.actors.market import DemandCharge
from twin.engine.clock import Phase
from twin.engine.recorded import Recorded
from twin.engine.world import World
from twin.network.archive import dump, restore
from twin.network.network import Network
from twin.results import Run

FEW = settings(max_examples=15, deadline=None)


class Dearer(Actor):
    """Doubles the price of the grid from an hour on, and adds to it."""

    hour: int = 12
    adder: float = 0.0

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        yield world.at(self.hour * 3600, Phase.DISRUPT, name)
        world.cost("grid", by=name, multiplier=2.0, adder=self.adder)


def run_of(network: Network, actors: Mapping[str, Actor] | None = None) -> Run:
    """A finished run of a plant that is no shipped park."""
    horizon_s = network.n_steps * network.step_s
    world = World(network, actors or {}, horizon_s=horizon_s, start=START, seed=1)
    world.run()
    facts = {
        "park": "plant",
        "conserve": [],
        "start_utc": START.tz_convert("UTC").isoformat(),
        "time_zone": "Asia/Shanghai",
        "currency": "CNY",
        "step_s": network.step_s,
        "horizon_s": horizon_s,
    }
    events = pd.DataFrame([happening.__dict__ for happening in world.log])
    return Run("", network, Recorded.of(world.record), events, facts)


def by_part(account: MoneyAccount) -> dict[str, float]:
    return {str(part): float(value) for part, value in account.parts.items()}


def test_a_tariff_is_split_by_price() -> None:
    """100 MW for a day, 8 h at 30 and 16 h at 60: 24,000 + 96,000.

    At the mean price of 50 the two lines would be 40,000 and 80,000, with the same total.
    """
    price = np.where(np.arange(24) < 8, 30.0, 60.0)
    run = run_of(plant(price=price))
    account = money(run)
    assert account.total == pytest.approx(120_000)
    rows = tariff(run, "grid")
    assert rows["money"].tolist() == pytest.approx([24_000, 96_000])
    assert rows["amount"].tolist() == pytest.approx([800, 1600])
    assert rows["hours"].tolist() == [8, 16]
    assert account.mean_price("electricity") == pytest.approx(50)
    assert account.per_year == pytest.approx(120_000 * 365)
    row = account.table.iloc[0]
    assert (row["part"], row["component"], row["unit"]) == ("bought", "grid", "MWh")
    assert row["amount"] == pytest.approx(2400)


def test_a_demand_charge_belongs_to_the_month_that_ended() -> None:
    """40 days at 100 MW and 5 CNY/MW: 500 for January, posted as February begins, and 500 after it.

    By the instant it was posted, January would be free and February pay twice.
    """
    charge = DemandCharge(flow="grid", price=5.0)
    account = money(run_of(plant(40 * 24, price=10.0), {"peak": charge}))
    assert account.months["posted"].tolist() == pytest.approx([500, 500])
    assert account.months.index.tolist() == ["2025-01", "2025-02"]
    assert account.months["bought"].tolist() == pytest.approx([31 * 24_000, 9 * 24_000])
    assert by_part(account) == pytest.approx({"bought": 40 * 24_000, "posted": 1000})
    assert account.components.loc["grid", "total"] == pytest.approx(40 * 24_000 + 1000)


def test_what_an_event_did_to_a_price_stands_apart() -> None:
    """2400 MWh at 50 are 120,000; twice the price and 5 more in the last 12 h add 66,000.

    Counted as tariff, the purchase would look as if it had cost 77.5 a MWh by contract.
    """
    account = money(run_of(plant(), {"rise": Dearer(adder=5.0)}))
    assert by_part(account) == pytest.approx({"bought": 120_000, "price events": 66_000})
    assert account.months.loc["undated", "price events"] == pytest.approx(66_000)
    assert account.mean_price("electricity") == pytest.approx(50)


@FEW
@given(
    load=st.lists(st.floats(0, 500), min_size=6, max_size=6),
    price=st.lists(st.floats(0.5, 90), min_size=6, max_size=6),
    hour=st.integers(0, 5),
)
def test_every_coin_of_the_ledger_is_there_once(
    load: list[float], price: list[float], hour: int
) -> None:
    """Total = flows of the ledger + what was posted; months, components and parts add up to it."""
    network = plant(6, works=np.array(load), price=np.array(price))
    actors = {"rise": Dearer(hour=hour), "peak": DemandCharge(flow="grid", price=3.0)}
    run = run_of(network, actors)
    account = money(run)
    posted = run.events.loc[run.events["what"] == "money", "after"].sum()
    expected = float(run.ledger.flows["cost"].sum()) + float(posted)
    scale = max(abs(expected), 1.0)
    for found in (
        account.total,
        account.parts.sum(),
        account.components["total"].sum(),
        account.months.to_numpy().sum(),
    ):
        assert found == pytest.approx(expected, abs=1e-9 * scale)


def test_a_run_that_kept_totals_costs_the_same() -> None:
    """The ledger is complete, so the parts are; dates and tariffs ask for intervals."""
    full, sums = (
        twin.run(twin.load("kalundborg"), horizon="2 d", step="1 h", record=record)
        for record in ("full", "totals")
    )
    assert by_part(money(sums)) == pytest.approx(by_part(money(full)), rel=1e-9)
    assert money(sums).months.index.tolist() == ["undated"]
    flow = str(money(sums).table["flow"].iloc[0])
    with pytest.raises(ValueError, match="record='full'"):
        tariff(sums, flow)


def test_a_network_without_prices_is_no_price_event() -> None:
    """A saved run keeps no prices: 120,000 are still purchases, without a date."""
    run = run_of(plant())
    text, series = dump(run.network)
    bare = restore(text, series)
    for flow in bare.flows.values():
        flow.cost = 0.0
    account = money(replace(run, network=bare))
    assert by_part(account) == pytest.approx({"bought": 120_000})
    assert account.months.loc["undated", "bought"] == pytest.approx(120_000)


def test_a_shipped_park_sells_and_buys() -> None:
    """The summary adds the same money in another place; sales lower it."""
    run = twin.run(twin.load("kalundborg"), horizon="2 d", step="1 h")
    account = money(run)
    assert account.total == pytest.approx(run.summary["cost"], rel=1e-9)
    rows = account.carriers
    assert (rows.loc[rows["part"] == "bought", "amount"] > 0).all()
    assert "net over 48 h" in str(account)


def test_heat_is_not_sold_twice() -> None:
    """Trap: 9 MW of heat for two buyers of 9 MW each would earn double; the ledger refuses the run.

    With two buyers of 4.5 MW the heat is sold once, for 9 x 40.
    """

    def selling(each: float) -> Run:
        flows = [buy("gas", "natural_gas"), burn("boiler", heat=0.9)]
        flows += [sell(name, "heat") for name in ("town", "works")]
        rates = {"gas": 10.0, "boiler": 10.0, "town": each, "works": each}
        run = paper_run(flows, rates, step_s=3600)
        cost = [-40.0 * each if name in ("town", "works") else 0.0 for name in run.network.flows]
        return replace(run, recorded=replace(run.recorded, cost=np.array(cost)))

    assert by_part(money(selling(4.5))) == pytest.approx({"sold": -360})
    with pytest.raises(UnbalancedRun, match="heat"):
        selling(9.0)


def test_instruments_join_in_the_currency_of_the_run() -> None:
    """100 SGD at 5.3 are 530 CNY; added as they are, they would count 100."""
    run = run_of(plant())
    tax = Settlement("carbon tax", (("carbon tax", 100.0),), "SGD")
    with pytest.raises(ValueError, match=r"settled in SGD, the run counts CNY"):
        money(run, [tax])
    account = money(run, [tax.into("CNY", 5.3)])
    assert by_part(account) == pytest.approx({"bought": 120_000, "instrument": 530})
    assert account.components.loc["carbon tax", "instrument"] == pytest.approx(530)
    with pytest.raises(ValueError, match="exchange rate of 0"):
        tax.into("CNY", 0.0)


def test_what_a_user_may_write_wrong() -> None:
    """Names that are not there are answered with those that are."""
    run = run_of(plant())
    with pytest.raises(KeyError, match="flows of this run: feed, grid"):
        tariff(run, "grit")
    with pytest.raises(KeyError, match="bought: electricity"):
        money(run).mean_price("steam")
