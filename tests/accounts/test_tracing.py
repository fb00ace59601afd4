"""Fossil shares against systems solved by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.base import Flow, Store
from models.carriers import CO2_PER_CARBON, STANDARD, SURROUNDINGS
from models.substances import substances
from twin.accounts.tracing import fossil_emissions, trace_fossil
from twin.engine.recorded import Recorded
from twin.network.conserve import close_flow, close_store
from twin.network.network import Network

GAS = STANDARD["biomethane"]
FOSSIL = STANDARD["natural_gas"]
OUTSIDE = {**STANDARD, **SURROUNDINGS}
CARBON = GAS.of("carbon")


def network(flows: list[Flow], stores: list[Store]) -> Network:
    """All buses carry biomethane; imports of natural gas are converted to it carbon by carbon."""
    buses = {"grid": GAS, "mix": GAS}
    places = {**buses, **{s.name: s.carrier for s in stores}, "natural_gas": FOSSIL}
    for flow in flows:
        close_flow(flow, places, OUTSIDE)
    return Network.of(buses, flows, stores, surroundings=OUTSIDE, n_steps=4, step_s=3600)


def recorded(
    net: Network, rates: dict[str, list[float]], levels: list[list[float]] | None = None
) -> Recorded:
    """Four hours at given rates; levels at the five instants between them."""
    n = 4
    x = np.array([rates[name] for name in net.flows]).T
    held = np.array(levels or [[]] * (n + 1), float).reshape(n + 1, -1)
    t0 = np.arange(n) * 3600
    zero = np.zeros(len(net.flows))
    return Recorded(t0, t0 + 3600, x, held[:-1], held[1:], np.zeros((n, 2)), zero, zero)


def imports(name: str, carrier: str, bus: str) -> Flow:
    """An import whose carbon is fossil or not, by the carrier that crosses the fence."""
    share = CARBON / OUTSIDE[carrier].of("carbon")
    return Flow(name, name, {bus: 1.0}, 9.0, exchange={carrier: -share}, side="import")


def burn(name: str, bus: str) -> Flow:
    """All carbon of the bus to the air."""
    return Flow(name, name, {bus: -1.0}, 9.0, closes=("co2", "n2", "water_vapour", "air"))


def test_a_mixture_is_shared_in_proportion() -> None:
    """3 units fossil and 1 biogenic make every burner three quarters fossil.

    Counted by contract instead, the second burner would be all biogenic.
    """
    net = network(
        [imports("f", "natural_gas", "mix"), imports("b", "biomethane", "mix"),
         burn("one", "mix"), burn("two", "mix")], [],
    )  # fmt: skip
    table = fossil_emissions(
        net,
        recorded(
            net, {"f": [3.0] * 4, "b": [1.0] * 4, "one": [3.5] * 4, "two": [0.5] * 4}, [[]] * 4
        ),
    )
    assert table.at["one", "fossil"] == pytest.approx(4 * 3.5 * 0.75 * CARBON * CO2_PER_CARBON)
    assert table.at["two", "fossil"] == pytest.approx(4 * 0.5 * 0.75 * CARBON * CO2_PER_CARBON)


def test_a_loop_is_solved() -> None:
    """1 unit fossil enters mix, 1 biogenic enters grid; 2 go mix -> grid, 1 comes back.

    By hand: mix: 2 m = 1 + g; grid: 3 g = 0 + 2 m. So m = 0.75, g = 0.5. Following the loop once
    instead of solving it would give m = 0.5.
    """
    net = network(
        [imports("f", "natural_gas", "mix"), imports("b", "biomethane", "grid"),
         Flow("there", "there", {"mix": -1.0, "grid": 1.0}, 9.0),
         Flow("back", "back", {"grid": -1.0, "mix": 1.0}, 9.0), burn("flare", "grid")], [],
    )  # fmt: skip
    rates = {"f": 1.0, "b": 1.0, "there": 2.0, "back": 1.0, "flare": 2.0}
    table = fossil_emissions(net, recorded(net, {k: [v] * 4 for k, v in rates.items()}))
    fossil = table["fossil"] / (CARBON * CO2_PER_CARBON)
    assert fossil["flare"] == pytest.approx(4 * 2.0 * 0.5)


def test_a_store_remembers() -> None:
    """Fossil gas stored in the first two hours leaves in the last two, as fossil.

    A store without memory would give out the share of what enters at that hour: none.
    """
    store = Store("tank", "tank", GAS, 10.0)
    net = network(
        [imports("f", "natural_gas", "mix"), Flow("fill", "tank", {"mix": -1.0, "tank": 1.0}, 9.0),
         Flow("empty", "tank", {"tank": -1.0, "grid": 1.0}, 9.0),
         imports("b", "biomethane", "grid"), burn("flare", "grid")], [store],
    )  # fmt: skip
    rates = {
        "f": [2.0, 2.0, 0.0, 0.0],
        "fill": [2.0, 2.0, 0.0, 0.0],
        "empty": [0.0, 0.0, 2.0, 2.0],
        "b": [0.0, 0.0, 2.0, 2.0],
        "flare": [0.0, 0.0, 4.0, 4.0],
    }
    table = fossil_emissions(net, recorded(net, rates, [[0.0], [2.0], [4.0], [2.0], [0.0]]))
    assert table.at["flare", "fossil"] == pytest.approx(4.0 * CARBON * CO2_PER_CARBON)
    assert table.at["flare", "co2"] == pytest.approx(8.0 * CARBON * CO2_PER_CARBON)


def test_a_store_mixes_within_the_step() -> None:
    """2 fossil join 6 biogenic in the tank: a quarter of what leaves at once is fossil.

    First in, first out would give out only biogenic gas; the tank's own share of the hour before
    would too.
    """
    store = Store("tank", "tank", GAS, 10.0, initial=6.0)
    net = network(
        [imports("f", "natural_gas", "mix"), Flow("fill", "tank", {"mix": -1.0, "tank": 1.0}, 9.0),
         Flow("empty", "tank", {"tank": -1.0, "grid": 1.0}, 9.0), burn("flare", "grid")], [store],
    )  # fmt: skip
    rates = {"f": [2.0, 0, 0, 0], "fill": [2.0, 0, 0, 0], "empty": [4.0, 4.0, 0, 0]}
    rates["flare"] = rates["empty"]
    table = fossil_emissions(net, recorded(net, rates, [[6.0], [4.0], [0.0], [0.0], [0.0]]))
    assert table.at["flare", "fossil"] == pytest.approx(2.0 * CARBON * CO2_PER_CARBON)
    one_hour = trace_fossil(net, recorded(net, rates, [[6.0], [4.0], [0.0], [0.0], [0.0]]))
    flare = list(net.flows).index("flare")
    assert one_hour.fossil[0, flare] == pytest.approx(4.0 * 0.25 * CARBON * CO2_PER_CARBON)


def test_what_rests_in_a_tank_is_in_no_circle() -> None:
    """For 20,000 hours 500 units of fossil gas rest while 0.01 an hour pass in and out.

    A leak of 1e-12 an hour on all that rests, and not only on what moves, would add up to 1e-8 of
    everything, and the run would be refused as one whose carbon ran into a circle.
    """
    tank = Store("tank", "tank", replace(GAS, fossil=1.0), 1000.0, initial=500.0)
    net = network(
        [imports("f", "natural_gas", "mix"), Flow("fill", "tank", {"mix": -1.0, "tank": 1.0}, 9.0),
         Flow("empty", "tank", {"tank": -1.0, "mix": 1.0}, 9.0), burn("flare", "mix")], [tank],
    )  # fmt: skip
    net, n = replace(net, n_steps=20_000), 20_000
    t0, held = np.arange(n) * 3600, np.full((n, 1), 500.0)
    rates, zero = np.full((n, 4), 0.01), np.zeros(4)
    record = Recorded(t0, t0 + 3600, rates, held, held, np.zeros((n, 2)), zero, zero)
    table = fossil_emissions(net, record)
    assert table.at["flare", "co2"] == pytest.approx(200 * CARBON * CO2_PER_CARBON)
    assert table.at["flare", "fossil"] == pytest.approx(table.at["flare", "co2"], rel=1e-7)


def test_a_store_of_co2_that_seeps_is_an_emission() -> None:
    """Of 100 t that stand for four hours at 1 % an hour 100 (1 - exp(-0.04)) = 3.92 t are gone.

    They came into the park as fossil CO2, and a tonne of the gas is a tonne of CO2. Read from flows
    alone, what seeps out of a reservoir would be nobody's emission.
    """
    co2 = replace(substances()["captured_co2"], fossil=1.0)
    store = Store("deep.stored", "deep", co2, 200.0, 100.0, loss_rate=0.01, closes=("co2",))
    losses, broken = close_store(store, OUTSIDE)
    assert not broken
    pipe = Flow("pipe", "pipe", {"line": -1.0, "deep.stored": 1.0}, 9.0, main="line")
    net = Network.of(
        {"line": co2},
        [pipe],
        [store],
        surroundings=OUTSIDE,
        losses={"deep.stored": losses},
        n_steps=4,
        step_s=3600,
    )
    levels = [[100.0 * np.exp(-0.01 * hour)] for hour in range(5)]
    table = fossil_emissions(net, recorded(net, {"pipe": [0.0] * 4}, levels))
    gone = 100.0 * -np.expm1(-0.04) * co2.of("carbon") * CO2_PER_CARBON
    assert table.loc["deep.stored", "co2"] == pytest.approx(gone, rel=1e-12)
    assert table.loc["deep.stored", "fossil"] == pytest.approx(gone, rel=1e-12)
    assert table.loc["deep.stored", "component"] == "deep"
