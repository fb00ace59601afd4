"""The engine: phases, exact event times, named streams, outages."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from models.base import Actor, Flow
from models.carriers import STANDARD, SURROUNDINGS
from models.streams import stream
from twin.engine.actors.outage import Outage
from twin.engine.clock import Phase
from twin.engine.recorded import Recorded
from twin.engine.world import World
from twin.network.conserve import close_flow
from twin.network.network import Network

START = pd.Timestamp("2025-01-01", tz="Asia/Shanghai")
OUTSIDE = {**STANDARD, **SURROUNDINGS}


def two_sources(n_steps: int = 24, step_s: int = 3600) -> Network:
    """A cheap unit of 10 MW and a dear grid serve 8 MW."""
    flows = [
        Flow("unit", "unit", {"electricity": 1.0}, 10.0, cost=10.0, closes=("wind",)),
        Flow("grid", "grid", {"electricity": 1.0}, 5.0, cost=90.0,
             exchange={"electricity": -1.0}, side="import"),
        Flow("town", "town", {"electricity": -1.0}, 8.0, steer=-1e4, demand=True,
             main="electricity"),
    ]  # fmt: skip
    buses = {"electricity": STANDARD["electricity"]}
    for flow in flows:
        assert not close_flow(flow, buses, OUTSIDE)
    return Network.of(buses, flows, surroundings=OUTSIDE, n_steps=n_steps, step_s=step_s)


def run(network: Network, actors: dict[str, Actor], seed: int = 1) -> tuple[World, Recorded]:
    """Run a network over its series."""
    world = World(
        network, actors, horizon_s=network.n_steps * network.step_s, start=START, seed=seed
    )
    world.run()
    return world, Recorded.of(world.record)


def test_an_outage_at_14_03_splits_its_step() -> None:
    """From 14:03 to 15:27 the unit is out: 5 MW come from the grid, 3 MW are not served.

    Rounded to the hourly grid the outage would last 2 h or 1 h instead of 1.4 h, and 3 x 1.4 =
    4.2 MWh unserved would read 6 or 3.
    """
    outage = Outage(component="unit", start="2025-01-01 14:03", duration=1.4)
    world, recorded = run(two_sources(), {"outage": outage})
    assert {14 * 3600 + 180, 15 * 3600 + 27 * 60} <= set(recorded.t0.tolist())
    names = list(world.network.flows)
    served = recorded.flows[:, names.index("town")] @ recorded.hours
    bought = recorded.flows[:, names.index("grid")] @ recorded.hours
    assert 24 * 8 - served == pytest.approx(3 * 1.4, abs=1e-9)
    assert bought == pytest.approx(5 * 1.4, abs=1e-9)
    assert [h.time_s for h in world.log] == [50580, 55620]


def test_overlapping_outages_multiply_in_any_order() -> None:
    """Half the unit from 2 h to 6 h and half from 4 h to 8 h leave a quarter between.

    Were the first to end allowed to restore the unit, it would be whole from 6 h to 8 h.
    """
    first = Outage(component="unit", start="2025-01-01 02:00", duration=4, remaining=0.5)
    second = Outage(component="unit", start="2025-01-01 04:00", duration=4, remaining=0.5)
    network = two_sources()
    _, a = run(network, {"a": first, "b": second})
    _, b = run(network, {"a": second, "b": first})
    unit = list(network.flows).index("unit")
    assert a.flows[[1, 3, 5, 7, 9], unit] == pytest.approx([8, 5, 2.5, 5, 8])
    assert np.array_equal(a.flows, b.flows)


def test_availability_of_random_outages_is_that_of_the_markov_process() -> None:
    """Share of time available: mtbf / (mtbf + mttr) = 0.8 in the long run.

    For exponential times of means m and r the share over a time T has the variance
    2 (m r)^2 / ((m + r)^3 T) (renewal theory; Trivedi, *Probability and Statistics with
    Reliability*, 2nd ed., sec. 6.6): three sigma are 0.024. Mean time to failure counted from
    failure to failure would give 0.75.
    """
    mtbf, mttr, hours = 40.0, 10.0, 40_000
    network = two_sources(n_steps=hours // 8, step_s=8 * 3600)
    world, _ = run(network, {"o": Outage(component="unit", mtbf=mtbf, mttr=mttr)})
    times = [h.time_s / 3600 for h in world.log]
    down = sum(b - a for a, b in zip(times[::2], times[1::2], strict=False))
    sigma = (2 * (mtbf * mttr) ** 2 / ((mtbf + mttr) ** 3 * hours)) ** 0.5
    assert abs(1 - down / hours - mtbf / (mtbf + mttr)) < 3 * sigma


class Scribe(Actor):
    """Writes its name when its phase comes."""

    kind: ClassVar[str] = "scribe_of_the_tests"
    phase: Phase

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Wait for the same instant as all the others."""
        yield world.at(3600, self.phase, name)
        world.limit("unit", 1.0, by=name, phase=self.phase)


def test_an_instant_runs_in_phases_and_then_by_name() -> None:
    """Observe before disrupt before decide, and b before c, whatever the order of creation.

    SimPy alone would take them as they were created.
    """
    actors = {
        "z": Scribe(phase=Phase.OBSERVE),
        "a": Scribe(phase=Phase.DECIDE),
        "c": Scribe(phase=Phase.DISRUPT),
        "b": Scribe(phase=Phase.DISRUPT),
    }
    for order in (sorted(actors), sorted(actors, reverse=True)):
        world, _ = run(two_sources(), {name: actors[name] for name in order})
        assert [h.actor for h in world.log] == ["z", "b", "c", "a"]


def test_another_actor_does_not_change_the_draws_of_the_first() -> None:
    """The failures of `one` stay where they are when `two` is added.

    With a shared generator they would interleave.
    """
    one = Outage(component="unit", mtbf=5, mttr=1)
    two = Outage(component="grid", mtbf=3, mttr=1)
    alone, _ = run(two_sources(), {"one": one})
    both, _ = run(two_sources(), {"one": one, "two": two})
    assert [h for h in both.log if h.actor == "one"] == alone.log
    assert len(both.log) > len(alone.log)


def test_streams_depend_on_seed_and_name() -> None:
    """Another name or seed gives other numbers; the same gives the same."""
    draws = {(s, n): stream(s, n).random() for s in (1, 2) for n in ("a", "b")}
    assert len(set(draws.values())) == 4
    assert stream(1, "a").random() == draws[1, "a"]


def test_a_run_split_by_its_bar_is_the_same_run() -> None:
    """The progress bar cuts the run at weeks; the bits must not notice."""
    network = two_sources(n_steps=24 * 20)
    actors: dict[str, Actor] = {"o": Outage(component="unit", mtbf=30, mttr=5)}
    shares: list[float] = []
    plain, recorded = run(network, actors)
    world = World(network, actors, horizon_s=24 * 20 * 3600, start=START, seed=1)
    world.run(shares.append)
    again = Recorded.of(world.record)
    assert np.array_equal(recorded.flows, again.flows)
    assert len(shares) >= 3
    assert shares[-1] == 1.0
