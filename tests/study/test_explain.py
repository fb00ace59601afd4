"""An event followed through the park, against the same run without it."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from twin.results import Run, open_run
from twin.scenario.park import load
from twin.scenario.resolved import as_yaml
from twin.simulate import simulate
from twin.study.explain import effects, explain, without

TWO_LINES = """\
park: {name: Two lines, country: CN, currency: CNY}
site: {latitude: 31.32, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate/suzhou.yaml}
buses: [electricity]
components:
  north: {model: grid, bus: electricity, import_capacity: 10 MW, import_price: 500 CNY/MWh}
  south: {model: grid, bus: electricity, import_capacity: 10 MW, import_price: 600 CNY/MWh}
  works: {model: demand, bus: electricity, use: heat, rate: 16 MW}
events:
  - {actor: outage, name: trip, component: north, start: 2025-01-01 14:03, duration: 2 h}
  - {actor: outage, component: south, mtbf: 9 h, mttr: 2 h, remaining: 0.6}
"""


@pytest.fixture(scope="module")
def two_lines(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two days of the two lines."""
    path = tmp_path_factory.mktemp("park") / "park.yaml"
    path.write_text(TWO_LINES)
    return simulate(load(path), horizon="2 d", seed=8)


def test_a_trip_is_followed_from_the_line_to_the_price_and_the_works(two_lines: Run) -> None:
    """North is out for 2 h from 14:03: 20 MWh less from it, 8 more from south, 12 unserved.

    South gave 6 of its 10 MW and gives all; the price goes from its 600 to the lost load's 2,000.
    Money falls by 20 x 500 - 8 x 600 = 5,200. Other outages of south come at the same seconds
    with and without the trip, so nothing differs at any other time; had its random numbers moved,
    hours all over the two days would differ.
    """
    # South is whole in those hours in this seed, else the figures above would be others.
    south = two_lines.events[two_lines.events["actor"] == "outage_south"]
    hours = (south["time_s"] / 3600).to_numpy()
    assert not ((hours > 14.05) & (hours < 16.05)).any()
    assert south["after"][hours < 14.05].iloc[-1] == 1.0
    assert len(hours) >= 4
    table = explain(two_lines, "trip")
    assert list(table.index[:2]) == ["planned", "back in service"]
    changed = table[table["kind"].isin(["flow", "price"])]
    assert list(changed.index) == ["north.import", "electricity", "works", "south.import"]
    assert list(changed["step"]) == [0, 1, 2, 2]
    assert (changed["since"] == pd.Timestamp("2025-01-01 14:03", tz="Asia/Shanghai")).all()
    assert changed["hours"].to_numpy() == pytest.approx(2.0)
    assert changed["without"].to_numpy() == pytest.approx([20, 600, 32, 12])
    assert changed["with"].to_numpy() == pytest.approx([0, 2000, 20, 20])
    assert changed["peak"].to_numpy() == pytest.approx([-10, 1400, -6, 4])
    totals = table[table["kind"] == "total"]["change"]
    assert totals["cost"] == pytest.approx(-5200)
    assert totals["unserved electricity"] == pytest.approx(12)


def test_a_saved_run_can_be_explained_as_well(two_lines: Run, tmp_path: Path) -> None:
    """The scenario as run travels with it, so the same table comes out."""
    opened = open_run(two_lines.save(tmp_path / "run"))
    first, again = explain(two_lines, "trip"), explain(opened, "trip")
    pd.testing.assert_frame_equal(first, again)


def test_an_event_that_is_not_there_is_refused(two_lines: Run) -> None:
    """A misspelt name would otherwise be explained as having had no effect."""
    with pytest.raises(ValueError, match=r"no event 'tripp'; events: .*Did you mean trip\?"):
        explain(two_lines, "tripp")
    with pytest.raises(ValueError, match="cannot order by 'cause'"):
        explain(two_lines, "trip", order="cause")  # type: ignore[arg-type]


def test_runs_of_other_times_are_not_compared(two_lines: Run, tmp_path: Path) -> None:
    """Amounts over one day and two would differ everywhere, for no reason of the event."""
    path = tmp_path / "park.yaml"
    path.write_text(TWO_LINES)
    with pytest.raises(ValueError, match="run the same park"):
        effects(two_lines, simulate(load(path), horizon="1 d", seed=8))


def kalundborg_with(folder: Path, component: str) -> Run:
    """Kalundborg over two days in January, with a trip at 14:03 and nothing else."""
    scenario = YAML(typ="safe", pure=True).load(load("kalundborg").resolved())
    scenario["events"] = [
        {"name": "trip", "actor": "outage", "component": component,
         "start": "2025-01-15 14:03", "duration": "6 h"},
    ]  # fmt: skip
    (folder / "park.yaml").write_text(as_yaml(scenario), encoding="utf-8")
    return simulate(load(folder / "park.yaml"), start="2025-01-15", horizon="2 d")


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A trip of unit 6."""
    return kalundborg_with(tmp_path_factory.mktemp("park"), "unit_6")


def test_a_trip_of_unit_6_is_followed_to_the_town(trip: Run) -> None:
    """From 14:03 the unit gives nothing; heat, steam and wood change first, then what they feed.

    The table starts at the unit and goes outwards: the price of the heat it makes before that of
    the town behind the pipe. Fossil CO2 rises, for gas replaces wood.
    """
    table = explain(trip, "trip")
    moment = pd.Timestamp("2025-01-15 14:03", tz="Europe/Copenhagen")
    own = table[(table["kind"] == "flow") & (table["component"] == "unit_6")]
    assert len(own) > 2
    assert (own["step"] == 0).all()
    assert (own["since"] == moment).all()
    flows = table[table["kind"] == "flow"]
    at_once = flows[flows["since"] == moment]
    assert at_once["step"].is_monotonic_increasing
    assert own["with"].to_numpy() == pytest.approx(0, abs=1e-6)
    prices = table[table["kind"] == "price"]["step"]
    assert prices["district_heat"] < prices["town_heat"]
    assert table.loc["fossil CO2", "change"] > 0
    assert table.loc["wood_chips_supply", "change"] < 0


def test_the_trip_goes_step_by_step_down_to_the_district_heating(trip: Run) -> None:
    """Unit, its heat, the pipe to town, the network, the boilers that stand in, the town's heat.

    Each comes a step after the last, and from the same second. The heat that the pipe no longer
    brings (0.995 of what it takes) is what boilers and heat pump give more, so that the town itself
    is not in the table: nobody is cold. Steam goes the same way to Novo's own boiler.
    """
    table = explain(trip, "trip")
    chain = ["unit_6.heating", "asnaes_heat", "heat_to_town", "district_heat", "peak_boiler",
             "town_heat"]  # fmt: skip
    rows = table[table["kind"].isin(["flow", "price"])].loc[chain]
    assert list(rows["step"]) == list(range(6))
    assert (rows["since"] == rows["since"].iloc[0]).all()
    flows = table[table["kind"] == "flow"]["change"]
    helpers = ("peak_boiler", "electric_boiler", "heat_pump")
    stand_in = sum(
        flows.get(name, 0.0) * float(np.max(trip.network.flows[name].coefficients["district_heat"]))
        for name in helpers
    )
    assert stand_in == pytest.approx(-0.995 * flows["heat_to_town"], rel=1e-6)
    assert flows["heat_to_town"] < -100
    assert "town" not in flows
    steam = ["unit_6.extraction", "steam_12bar", "steam_to_novo", "novo_steam"]
    rows = table[table["kind"].isin(["flow", "price"])].loc[steam]
    assert list(rows["step"]) == list(range(4))
    assert flows["novo_gas_boiler"] > 0


FARMS = ("digestate_to_farms", "residue_to_farms", "yeast_to_pig_farms")


def test_the_farms_do_not_feel_a_trip_of_unit_6(trip: Run) -> None:
    """Nothing flows from the unit to the farms, so none of their flows is in the table.

    The sources let Novo's residue go to Kalundborg Bioenergy, which heats its digesters with its
    own gas, and the digestate to the farms; unit 6 is in none of these links. What they share with
    it is the grid, which has power for both.
    """
    graph = trip.network.graph()
    own = [name for name, flow in trip.network.flows.items() if flow.component == "unit_6"]
    reached = set().union(*(nx.descendants(graph, name) for name in own))
    assert "town" in reached
    assert not reached & set(FARMS)
    assert not set(explain(trip, "trip").index) & {*FARMS, "bioenergy", "digester_boiler"}


def test_what_does_reach_the_farms_is_followed_to_them(tmp_path: Path) -> None:
    """The digester trips instead: digestate stops, and all the residue goes to the farms as it is.

    300 kt a year are 34.2 t/h, so 205.5 t in six hours. Were the digester fed by unit 6, or the
    residue lost, the two would not be each other's mirror.
    """
    table = explain(kalundborg_with(tmp_path, "bioenergy"), "trip")
    flows = table[table["kind"] == "flow"]
    assert flows.loc["bioenergy", "change"] == pytest.approx(-300_000 / 8760 * 6, rel=1e-6)
    assert flows.loc["residue_to_farms", "change"] == pytest.approx(300_000 / 8760 * 6, rel=1e-6)
    assert flows.loc["digestate_to_farms", "change"] < 0
    assert flows.loc["bioenergy", "step"] == 0
    assert flows.loc["digestate_to_farms", "step"] == flows.loc["residue_to_farms", "step"] == 2
    assert flows.loc["gas_grid", "change"] < 0
    assert "unit_6.burn" not in flows.index


def test_what_changed_on_a_bus_balances(trip: Run) -> None:
    """Over each bus the changes of its flows add up to nothing, as the flows themselves do.

    A flow that the table missed, or counted over other hours than the rest, would leave a sum.
    """
    table = explain(trip, "trip", threshold=1e-12)
    change = table[table["kind"] == "flow"]["change"]
    checked = 0
    for bus in trip.network.buses:
        on_it = {
            name: flow.coefficients[bus]
            for name, flow in trip.network.flows.items()
            if bus in flow.coefficients
        }
        if any(np.ndim(value) for value in on_it.values()):
            continue
        terms = [float(value) * change.get(name, 0.0) for name, value in on_it.items()]
        size = sum(map(abs, terms))
        assert abs(sum(terms)) <= 1e-7 * max(size, 1.0)
        checked += size > 1.0
    assert checked > 5


def test_by_size_the_largest_of_each_kind_comes_first(trip: Run) -> None:
    """Ordered by size, changes of each kind fall; downstream they need not."""
    table = effects(trip, without(trip, "trip"), ["unit_6"], order="size")
    for kind in ("flow", "price"):
        size = table[table["kind"] == kind]["change"].abs()
        assert size.is_monotonic_decreasing
