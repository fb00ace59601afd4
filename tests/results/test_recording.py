"""What a run keeps is a choice: all, means or totals give one dispatch and one ledger."""

from __future__ import annotations

import json
import pickle
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Flow, Store
from tests.actors.plant import START, plant
from tests.cli.command import Command
from tests.cli.conftest import PARK
from tests.parks_at_random import Parts, parks
from twin.accounts.ledger import Ledger, UnbalancedRun, make_ledger
from twin.accounts.tracing import fossil_emissions
from twin.engine.recorded import Jumps, Recorded, Summed, Sums
from twin.engine.world import World
from twin.network.archive import dump, restore
from twin.network.network import Network
from twin.results import Run, open_run
from twin.scenario.park import load
from twin.simulate import simulate

FEW = settings(max_examples=20, deadline=None)


def summed(network: Network, actors: dict[str, Any], record: str | int, every_s: int = 0) -> Summed:
    """A run of which the engine keeps no more than it is told."""
    horizon_s = network.n_steps * network.step_s
    world = World(network, actors, horizon_s=horizon_s, start=START, seed=3, record=record)
    world._advance = jumps = Jumps(world.program, world._advance)
    world.run()
    return Summed.summed(world.record, jumps, every_s)


def assert_same(one: Ledger, two: Ledger) -> None:
    """Ledgers agree to 1e-12 of each figure."""
    for name in ("flows", "entries", "stores"):
        first, second = getattr(one, name), getattr(two, name)
        assert list(first.columns) == list(second.columns)
        for column in first.columns.drop("residual", errors="ignore"):
            if first[column].dtype == float:
                np.testing.assert_allclose(second[column], first[column], 1e-12, err_msg=column)
            else:
                assert first[column].equals(second[column])
    pd.testing.assert_series_equal(one.outside(), two.outside(), rtol=1e-12)


def with_a_varying_heat_pump(parts: Parts) -> Network:
    """A random park in which a heat pump follows the weather."""
    for flow in parts.flows:
        if flow.name == "unit_3":
            rng = np.random.default_rng(parts.n_steps + parts.step_s)
            flow.coefficients["heat"] = rng.uniform(2.0, 4.0, parts.n_steps)
    return parts.network()


@FEW
@given(parks(), st.integers(2, 7))
def test_all_choices_have_one_dispatch_and_one_ledger(parts: Parts, steps: int) -> None:
    """Money and offers are the same bits; ledgers agree; means of the engine are those of ours.

    A varying coefficient counted by its mean instead of what passed through it would miss the
    heat of the heat pump by as much as it follows the weather.
    """
    network = with_a_varying_heat_pump(parts)
    _, full = parts.run(network)
    every_s = steps * parts.step_s
    kept = {
        "totals": summed(network, parts.actors, "sums"),
        "means": summed(network, parts.actors, every_s, every_s),
        "reduced": summed(network, parts.actors, "full", every_s),
    }
    books = make_ledger(network, full)
    for record in kept.values():
        assert np.array_equal(record.cost, full.cost)
        assert np.array_equal(record.offered, full.offered)
        assert np.array_equal(record.sums.end, full.levels[-1])
        ledger = make_ledger(network, record)
        ledger.check()
        assert_same(books, ledger)
    for name in ("t0", "t1", "levels_before", "levels"):
        means, reduced = (getattr(kept[k].series, name) for k in ("means", "reduced"))
        assert np.array_equal(means, reduced), name
    for name in ("flows", "prices"):
        means, reduced = (getattr(kept[k].series, name) for k in ("means", "reduced"))
        np.testing.assert_allclose(means, reduced, rtol=1e-9, atol=1e-9)


@FEW
@given(parks(), st.data())
def test_a_corrupted_coefficient_is_caught_by_totals(parts: Parts, data: st.DataObject) -> None:
    """A coefficient wrong by one per mille after the run leaves a residual, also one that varies.

    If what passed through it were taken from the engine as it is, the varying one would pass.
    """
    network = with_a_varying_heat_pump(parts)
    record = summed(network, parts.actors, "sums")
    moved = dict(zip(network.flows, record.sums.amount, strict=True))
    busy = [n for n, f in network.flows.items() if moved[n] > 1.0 and len(f.coefficients) > 1]
    if moved.get("unit_3", 0.0) > 1.0:
        busy = ["unit_3", *busy]
    if not busy:
        return
    flow = network.flows[data.draw(st.sampled_from(busy))]
    place = data.draw(st.sampled_from(sorted(flow.coefficients)))
    flow.coefficients[place] = np.asarray(flow.coefficients[place]) * 1.001
    with pytest.raises(UnbalancedRun, match="does not close"):
        make_ledger(network, record).check()


@FEW
@given(parks(), st.data())
def test_a_corrupted_total_is_caught(parts: Parts, data: st.DataObject) -> None:
    """An amount, what passed through a coefficient, or a level wrong by one per mille is found.

    Totals that were only copied into the ledger would agree with themselves.
    """
    network = with_a_varying_heat_pump(parts)
    record = summed(network, parts.actors, "sums")
    name = data.draw(st.sampled_from(["amount", "through", "put", "taken", "loss", "end"]))
    values = getattr(record.sums, name).copy()
    large = np.flatnonzero(values > 1.0)
    if name == "loss":
        rates = np.array([s.loss_rate for s in network.stores.values()])
        large = large[rates[large] > 0] if len(large) else large
    if not len(large):
        return
    values[large[data.draw(st.integers(0, len(large) - 1))]] *= 1.001
    with pytest.raises(UnbalancedRun, match="does not close"):
        make_ledger(network, Summed(replace(record.sums, **{name: values}))).check()


def pump() -> Network:
    """A heat pump gives a town 9 MW for three hours at a COP of 2, 3 and 4.5."""
    from models.carriers import STANDARD, SURROUNDINGS
    from tests.accounts.books import HEAT, buy, use
    from twin.network.conserve import close_flow

    cop = np.array([2.0, 3.0, 4.5])
    flows = [
        buy("grid", "electricity"),
        Flow("pump", "pump", {"electricity": -1.0, "heat": cop}, 9.0, closes=("air_heat",)),
        use("town", "heat"),
    ]
    flows[-1].upper, flows[-1].steer, flows[-1].demand = 9.0, -1e4, True
    places = {"electricity": STANDARD["electricity"], "heat": HEAT}
    outside = {**STANDARD, **SURROUNDINGS, "heat": HEAT}
    for flow in flows:
        if flow.upper == 1e9:
            flow.upper = 50.0
        assert not close_flow(flow, places, outside)
    return Network.of(places, flows, surroundings=outside, n_steps=3)


def test_a_coefficient_that_varies_counts_by_what_passed_through_it() -> None:
    """4.5 + 3 + 2 = 9.5 MWh of power make 27 MWh of heat, 17.5 of it out of the air.

    The mean COP of 3.17 would make 30.1 MWh of it, which the town did not get.
    """
    network = pump()
    ledger = make_ledger(network, summed(network, {}, "sums"))
    ledger.check()
    entries = ledger.entries.set_index(["flow", "place"])["amount"]
    assert entries["pump", "electricity"] == pytest.approx(-9.5, rel=1e-12)
    assert entries["pump", "heat"] == pytest.approx(27.0, rel=1e-12)
    assert entries["pump", "air_heat"] == pytest.approx(-17.5, rel=1e-12)


@pytest.mark.parametrize("saved", [False, True])
def test_a_series_of_coefficients_that_is_not_the_one_that_ran_is_caught(saved: bool) -> None:
    """A COP of 3 that reads 3.003 afterwards, in memory or in the file, leaves a residual.

    The heat is a total of the run: taken as it is, it would agree with the town whatever the COP.
    """
    network = pump()
    record = summed(network, {}, "sums")
    if saved:
        network = restore(*dump(network))
    make_ledger(network, record).check()
    cop = network.flows["pump"].coefficients["heat"]
    assert isinstance(cop, np.ndarray)
    cop[1] = 3.003
    with pytest.raises(UnbalancedRun, match="bus heat"):
        make_ledger(network, record).check()


def test_a_loss_no_store_can_have_is_caught() -> None:
    """A store of 10 MWh that loses 1 % an hour cannot lose more than 2.4 MWh a day.

    What is missing in its level would else be explained by a loss of the same size.
    """
    from tests.accounts.books import buy, run_of, use

    store = Store("tank", "tank", load_heat(), 10.0, initial=5.0, loss_rate=0.01)
    fill = Flow("fill", "tank", {"heat": -1.0, "tank": 1.0}, 9.0, main="heat")
    flows = [buy("grid", "heat"), use("town", "heat"), fill]
    level = 5.0 * np.exp(-0.01 * 24)
    rates = {"grid": 1.0, "town": 1.0, "fill": 0.0}
    run = run_of(flows, rates, stores=[store], levels={"tank": [5.0, level]}, step_s=86_400)
    record = of_intervals(run.network, run.recorded)
    make_ledger(run.network, record).check()
    loss, end = record.sums.loss + 1.0, record.sums.end - 1.0
    make_ledger(run.network, Summed(replace(record.sums, loss=loss, end=end))).check()
    loss, end = record.sums.loss + 3.0, record.sums.end - 3.0
    with pytest.raises(UnbalancedRun, match="store tank"):
        make_ledger(run.network, Summed(replace(record.sums, loss=loss, end=end))).check()


def load_heat() -> Any:
    """The heat carrier of the paper parks."""
    from tests.accounts.books import HEAT

    return HEAT


def of_intervals(network: Network, record: Recorded) -> Summed:
    """Totals of intervals of a network whose coefficients are constant, summed here."""
    hours = record.hours
    before = np.array([s.initial for s in network.stores.values()])
    net = np.zeros(len(before))
    for j, flow in enumerate(network.flows.values()):
        for s, name in enumerate(network.stores):
            net[s] += float(flow.coefficients.get(name, 0.0)) * float(record.flows[:, j] @ hours)
    none = np.zeros(len(before))
    end = record.levels[-1] if len(record.levels) else none
    sums = Sums(
        span_s=np.array(record.t1[-1]),
        amount=hours @ record.flows,
        cost=record.cost,
        offered=record.offered,
        through=np.zeros(0),
        coefficient=np.zeros(0),
        begin=before,
        put=none,
        taken=none,
        loss=before + net - end,
        end=end,
    )
    return Summed(sums)


def test_what_events_move_is_counted_without_intervals() -> None:
    """25 t come in the morning, 10 t go in the evening: put 25, taken 10, as with all intervals.

    Only the difference of the levels would show 15 t put and nothing taken.
    """

    class Truck:
        """Brings and takes."""

        def process(self, world: World, name: str) -> Any:
            from twin.engine.clock import Phase

            yield world.at(6 * 3600 + 60, Phase.DISRUPT, name)
            world.move("silo.stored", 25.0, by=name)
            yield world.at(18 * 3600, Phase.DISRUPT, name)
            world.state.levels[world.program.stores.index("silo.stored")] -= 10.0

    network = plant(use=2.0, silo=(100.0, 60.0))
    actors: dict[str, Any] = {"truck": Truck()}
    world = World(network, actors, horizon_s=86_400, start=START, seed=3)
    world.run()
    books = make_ledger(network, Recorded.of(world.record))
    for choice in ("sums", 7200):
        ledger = make_ledger(network, summed(network, actors, choice))
        ledger.check()
        assert_same(books, ledger)
        silo = ledger.stores.loc["silo.stored"]
        assert (silo["put"], silo["taken"]) == pytest.approx((25.0, 10.0), rel=1e-12)
        assert silo["after"] == pytest.approx(60.0 + 15.0 - 48.0, rel=1e-12)


def test_totals_are_traced_as_one_mixture() -> None:
    """Fossil gas for 3 h, biogenic for 1 h, each with a burner of its own.

    By interval the first burner is all fossil, the second not at all. As one mixture both are
    three quarters fossil, and together as fossil as before: 3 of 4 units.
    """
    from tests.accounts.test_tracing import burn, imports, network, recorded

    net = network(
        [imports("f", "natural_gas", "mix"), imports("b", "biomethane", "mix"),
         burn("one", "mix"), burn("two", "mix")], [],
    )  # fmt: skip
    early, late = [1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]
    full = recorded(net, {"f": early, "b": late, "one": early, "two": late})
    exact = fossil_emissions(net, full)
    mixed = fossil_emissions(net, of_intervals(net, full))
    shares = exact["fossil"] / exact["co2"]
    assert (shares["one"], shares["two"]) == pytest.approx((1.0, 0.0), abs=1e-12)
    shares = mixed["fossil"] / mixed["co2"]
    assert (shares["one"], shares["two"]) == pytest.approx((0.75, 0.75), rel=1e-12)
    assert mixed["co2"].to_numpy() == pytest.approx(exact["co2"].to_numpy(), rel=1e-12)
    assert mixed["fossil"].sum() == pytest.approx(exact["fossil"].sum(), rel=1e-12)


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """A day of a small works with a battery and an outage inside a step, kept in three ways."""
    path = tmp_path_factory.mktemp("park") / "works.yaml"
    path.write_text(PARK, encoding="utf-8")
    park = load(path)
    return {
        choice: simulate(park, horizon="25 h", record=choice)
        for choice in ("full", "2 h", "totals")
    }


def test_a_run_says_what_it_kept(works: dict[str, Run]) -> None:
    """100 quarter hours, two of them cut; 13 rows of means; totals of some numbers a flow.

    Bytes are 8 for each number counted by hand: a row is two times, flows, prices and the marginal
    CO2 of buses, and a level before and after.
    """
    full = works["full"]
    n, m, b = len(full.network.flows), len(full.network.stores), len(full.network.buses)
    row = 8 * (2 + n + 2 * b + 2 * m)
    assert full.memory == 102 * row + 8 * 2 * n
    varying = len(works["totals"].recorded.sums.through)  # type: ignore[attr-defined]
    totals = 8 * (1 + 3 * n + 2 * varying + 5 * m)
    assert works["totals"].memory == totals
    assert works["2 h"].memory == totals + 13 * row + 8 * 2 * n
    assert [works[k].facts["record"] for k in works] == ["full", "7200 s", "totals"]
    traced = [works[k].summary["emissions_traced"] for k in works]
    assert traced == ["interval", "whole run", "whole run"]


def test_means_are_offered_on_their_steps(works: dict[str, Run]) -> None:
    """Eight quarter hours make a mean; the last hour of 25 makes one of four.

    The step with the outage counts as long as any other; divided by the number of its pieces, the
    mean of the afternoon would be another.
    """
    full, coarse = works["full"], works["2 h"]
    for name in ("flows", "prices", "marginal_emissions"):
        exact, means = getattr(full, name), getattr(coarse, name)
        assert means.shape == (13, exact.shape[1])
        assert np.array_equal(means["time"], exact["time"][::8])
        by_hand = [exact.to_numpy()[8 * k : 8 * k + 8].mean(axis=0) for k in range(13)]
        np.testing.assert_allclose(means.to_numpy(), by_hand, rtol=1e-9, atol=1e-9)
        assert list(means["unit"].to_numpy()) == list(exact["unit"].to_numpy())
    at = [*range(0, 100, 8), 100]
    assert np.array_equal(coarse.levels["time"], full.levels["time"][at])
    assert np.array_equal(coarse.levels.to_numpy(), full.levels.to_numpy()[at])
    assert len(coarse.plot().axes) == len(full.plot().axes)


@pytest.mark.parametrize(
    "ask",
    ["flows", "prices", "levels", "marginal_emissions", "plot", "embodied", "explain", "exergy",
     "exchanges", "matching"],
)  # fmt: skip
def test_totals_have_no_series(works: dict[str, Run], ask: str) -> None:
    """Who asks totals for a series is told how to get it, at once.

    Zeros, or the mean of the run at its first step, would look like an answer.
    """
    words = ("boiler",) if ask == "explain" else ()
    with pytest.raises(ValueError, match="kept totals.*; to mend: run with record='full'"):
        found = getattr(works["totals"], ask)
        found(*words)


@pytest.mark.parametrize("ask", ["embodied", "explain", "exergy", "exchanges", "matching"])
def test_means_do_not_pass_for_intervals(works: dict[str, Run], ask: str) -> None:
    """Accounts that go interval by interval refuse means.

    They would read the coefficients of the first quarter of an hour for all of it.
    """
    words = ("boiler",) if ask == "explain" else ()
    with pytest.raises(ValueError, match="means over longer steps, .*; to mend: run with record"):
        found = getattr(works["2 h"], ask)
        found(*words)
    for field in fields(Recorded):
        if field.name not in ("cost", "offered"):
            with pytest.raises(ValueError, match="totals.* and this account is read by interval"):
                getattr(works["2 h"].recorded, field.name)


def test_accounts_by_method_ask_for_intervals(works: dict[str, Run]) -> None:
    """The carbon account by NDRC meters power by the hour: totals refuse it, as do means.

    Metered from totals, all sun of the year would serve its nights.
    """
    for choice in ("2 h", "totals"):
        with pytest.raises(
            ValueError, match="is read by interval; to mend: run with record='full'"
        ):
            works[choice].carbon("ndrc-2025-910")


def test_summaries_agree(works: dict[str, Run]) -> None:
    """Every figure of the summary but what says how it was recorded."""

    def figures(run: Run) -> dict[str, Any]:
        skip = ("record", "wall_s", "residuals", "emissions_traced")
        return {k: v for k, v in run.summary.items() if k not in skip}

    def close(one: Any, two: Any) -> None:
        if isinstance(one, dict):
            assert one.keys() == two.keys()
            for key in one:
                close(one[key], two[key])
        elif isinstance(one, float):
            assert two == pytest.approx(one, rel=1e-12, abs=1e-11)
        else:
            assert one == two

    for choice in ("2 h", "totals"):
        close(figures(works["full"]), figures(works[choice]))


@pytest.mark.parametrize("choice", ["full", "2 h", "totals"])
def test_each_kind_opens_as_it_was_saved(
    works: dict[str, Run], tmp_path: Path, choice: str
) -> None:
    """Summary, ledger and refusals are the same after a round trip through files or a pickle."""
    run = works[choice]
    for again in (open_run(run.save(tmp_path / "run")), pickle.loads(pickle.dumps(run))):
        assert type(again.recorded) is type(run.recorded)
        assert again.memory == run.memory
        assert again.summary == run.summary
        pd.testing.assert_frame_equal(again.ledger.entries, run.ledger.entries)
        pd.testing.assert_frame_equal(again.emissions, run.emissions)
        if choice == "totals":
            with pytest.raises(ValueError, match="to mend: run with record='full'"):
                _ = again.flows
        else:
            xr.testing.assert_identical(again.flows, run.flows)
            xr.testing.assert_identical(again.levels, run.levels)
            xr.testing.assert_identical(again.prices, run.prices)


def test_a_coefficient_changed_in_the_file_is_found(works: dict[str, Run], tmp_path: Path) -> None:
    """The boiler's efficiency larger by one per mille, and the opened totals do not close.

    If the ledger were read from the file, it would pass.
    """
    folder = works["totals"].save(tmp_path / "run")
    with xr.open_dataset(folder / "results.nc", engine="h5netcdf") as saved:
        changed = saved.load()
    text = json.loads(changed.attrs["network"])
    text["flows"]["boiler"]["coefficients"]["heat"] *= 1.001
    changed.attrs["network"] = json.dumps(text)
    changed.to_netcdf(folder / "results.nc", engine="h5netcdf")
    with pytest.raises(UnbalancedRun, match="does not close"):
        open_run(folder).ledger.check()


@pytest.mark.parametrize("name", ["kalundborg", "dasheng-nantong"])
def test_shipped_parks_run_alike(name: str) -> None:
    """Two days of a park with outages, and of one with a demand charge, kept in three ways.

    A demand charge that read the peak from means over six hours would be too low.
    """
    park = load(name)
    span = {"start": "2025-01-30", "horizon": "4 d"}
    full = simulate(park, **span)  # type: ignore[arg-type]
    for choice in ("6 h", "totals"):
        run = simulate(park, record=choice, **span)  # type: ignore[arg-type]
        assert run.events.equals(full.events)
        assert np.array_equal(run.recorded.cost, full.recorded.cost)
        assert np.array_equal(run.recorded.offered, full.recorded.offered)
        assert_same(full.ledger, run.ledger)
        assert run.memory < full.memory / 20


@pytest.mark.parametrize("record", ["sums", "", "0 h", "1 MWh"])
def test_an_unknown_choice_is_refused(record: str) -> None:
    """The message names the three that there are."""
    with pytest.raises(ValueError, match="choose 'full', 'totals', or the length of a mean"):
        simulate(load("kalundborg"), horizon="1 d", record=record)


def test_choices_that_contradict_others_are_refused() -> None:
    """20 min of quarter hours would share a step between means; certifying needs the steps."""
    with pytest.raises(ValueError, match="cannot record every 1200 s: steps last 900 s"):
        simulate(load("kalundborg"), horizon="1 d", record="20 min")
    with pytest.raises(ValueError, match="cannot certify steps that record='totals' does not keep"):
        simulate(load("kalundborg"), horizon="1 d", record="totals", certify=3)


@pytest.mark.parametrize("record", ["totals", "1 h", "full"])
def test_the_command_line_records_as_told(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    record: str,
) -> None:
    """A folder that opens, the week drawn where there is one, and a word on the tracing."""
    park = tmp_path / "works.yaml"
    park.write_text(PARK, encoding="utf-8")
    folder = tmp_path / "run"
    twin = Command(capsys, monkeypatch)
    ended = twin("run", str(park), "--horizon", "24 h", "--record", record, "--out", str(folder))
    assert ended.code == 0
    assert (folder / "week.png").is_file() == (record != "totals")
    assert ("as one mixture over the run" in ended.out) == (record != "full")
    kept = {"totals": "totals", "1 h": "3600 s", "full": "full"}
    assert open_run(folder).facts["record"] == kept[record]
    assert twin("run", str(park), "--record", "all").code == 2
