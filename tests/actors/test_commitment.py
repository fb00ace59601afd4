"""Machines that are switched: days by hand, and that no step is ever left without a solution."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from models.base import Actor, Flow, PhysicsError
from models.minimum_load import with_minimum
from tests.actors.power import START, network, source, town
from twin.engine.actors.commitment import Commitment
from twin.engine.actors.outage import Outage
from twin.engine.certify import certify
from twin.engine.recorded import Recorded
from twin.engine.world import World
from twin.network.network import Network

STEP = 900
HYDROGEN = 0.7


def plant(
    sun: np.ndarray, *, load: float | np.ndarray = 0.0, grid: float = 0.0, worth: float = 50.0
) -> Network:
    """Sun, a grid at 90, a town, and an electrolyser of 1 + 4 MW whose hydrogen earns `worth`."""

    def made(name: str, upper: float) -> Flow:
        return Flow(
            name, "it", {"electricity": -1.0, "hydrogen": HYDROGEN}, upper,
            exchange={"wastewater": 0.0}, closes=("water_vapour", "oxygen", "air"),
            main="electricity",
        )  # fmt: skip

    flows = [
        Flow("sun", "sun", {"electricity": 1.0}, sun, closes=("sun",), curtailable=True,
             main="electricity"),
        source("grid", grid, 90.0),
        town(load),
        made("it.minimum", 1.0),
        made("it.load", 4.0),
        Flow("it.standby", "it", {"electricity": -1.0}, 0.4, steer=-800.0, demand=True,
             on_call=True, main="electricity"),
        Flow("sale", "sale", {"hydrogen": -1.0}, 100.0, cost=-worth, exchange={"hydrogen": 1.0},
             side="export", main="hydrogen"),
    ]  # fmt: skip
    return network(flows, n_steps=len(sun), step_s=STEP)


def run(net: Network, actors: Mapping[str, Actor]) -> tuple[World, Recorded]:
    """Run, and have HiGHS agree with every interval."""
    world = World(net, actors, horizon_s=net.n_steps * STEP, start=START, seed=3)
    world.run()
    assert certify(world.program, world.record)["worst_gap"] <= 1e-9
    return world, Recorded.of(world.record)


def rates(world: World, recorded: Recorded) -> dict[str, np.ndarray]:
    """Rates of each flow, and the load of the machine."""
    found = dict(zip(world.network.flows, recorded.flows.T, strict=True))
    return found | {"load": found["it.minimum"] + found["it.load"]}


def turns(world: World) -> list[tuple[float, float, str]]:
    """Hour, new state and cause of each change of state."""
    return [(h.time_s / 3600, h.after, h.cause) for h in world.log if h.what == "commitment"]


def hours(*parts: tuple[float, float]) -> np.ndarray:
    """A series of values, each for some hours, in steps of a quarter."""
    return np.concatenate([np.full(round(4 * h), v) for h, v in parts])


def test_zero_or_a_fifth_by_hand() -> None:
    """Sun of 0.6 MW for an hour is too little for 1 MW; 3 for two; then 0.6 again.

    0.6 + 6 + 0.6 MWh are offered, and 6 are used. A machine at any load would take all 7.2.
    """
    actor = Commitment(component="it", supply=["sun"])
    world, recorded = run(plant(hours((1, 0.6), (2, 3.0), (1, 0.6))), {"c": actor})
    load = rates(world, recorded)["load"]
    assert load @ recorded.hours == pytest.approx(6.0)
    assert [(hour, state) for hour, state, _ in turns(world)] == [(1.0, 1.0), (3.0, 0.0)]
    assert turns(world)[0][2] == "surplus of 3"


def test_hysteresis_by_hand() -> None:
    """2 MW start it after half an hour of more; it rides through a dip of half an hour on the grid.

    Sun of 3 from 0 h, 0.2 from 2 h to 2.5 h, 3 till 4 h, then 0.2. It starts at 0.5 h, buys 0.8 MW
    in the dip (0.4 MWh), is tired at 4 h and stops at 4.75 h, having bought 0.6 more: 1.0 MWh.
    Without patience it would stop at 2 h and buy nothing.
    """
    sun = hours((2, 3.0), (0.5, 0.2), (1.5, 3.0), (2, 0.2))
    actor = Commitment(
        component="it", supply=["sun"], start_above=2.0, stop_below=1.0,
        start_after=0.5, stop_after=0.75,
    )  # fmt: skip
    world, recorded = run(plant(sun, grid=10.0), {"c": actor})
    assert [turn[:2] for turn in turns(world)] == [(0.5, 1.0), (4.75, 0.0)]
    found = rates(world, recorded)
    assert found["grid"] @ recorded.hours == pytest.approx(1.0)
    assert found["load"] @ recorded.hours == pytest.approx(1.5 * 3 + 0.5 + 1.5 * 3 + 0.75)


def test_starts_cold_and_warm_by_hand() -> None:
    """A cold start takes an hour at 0.4 MW, one within 2 h of a stop 10 min; both make nothing.

    Sun of 3 from 0 to 2 h and from 3 to 5 h: on at 1 h and at 3 h 10 min, so (1 + 11 / 6) x 3 = 8.5
    MWh; heat 0.4 MWh, 0.1 MW of standby for the hour between, 0.4 / 6 of the warm start, and again
    standby from 5 h to the end at 6 h: 0.4 + 0.1 + 0.0667 + 0.1. Two starts cost 2 x 30.
    """
    sun = hours((2, 3.0), (1, 0.0), (2, 3.0), (1, 0.0))
    actor = Commitment(
        component="it", supply=["sun"], start_duration=1.0, warm_start_duration=1 / 6,
        stays_warm=2.0, start_power=0.4, standby_power=0.1, start_cost=30.0,
    )  # fmt: skip
    world, recorded = run(plant(sun, grid=10.0), {"c": actor})
    assert [turn[0] for turn in turns(world)] == pytest.approx([0.0, 1.0, 2.0, 3.0, 19 / 6, 5.0])
    assert [turn[1] for turn in turns(world)] == [0.5, 1.0, 0.0, 0.5, 1.0, 0.0]
    found = rates(world, recorded)
    assert found["load"] @ recorded.hours == pytest.approx(8.5)
    assert found["it.standby"] @ recorded.hours == pytest.approx(0.4 + 0.1 + 0.4 / 6 + 0.1)
    assert sum(h.after for h in world.log if h.what == "money") == 60.0


def test_a_start_waits_for_its_heat() -> None:
    """Half of the heat a start asks for is there in its first hour: an hour's start takes 1.5.

    Sun of 0.2 MW for an hour where 0.4 are asked, then 3 MW. By the clock alone it would be on at
    1 h, with cold cells.
    """
    actor = Commitment(
        component="it", supply=["sun"], start_above=0.2, stop_below=0.2,
        start_duration=1.0, start_power=0.4,
    )  # fmt: skip
    world, _ = run(plant(hours((1, 0.2), (2, 3.0))), {"c": actor})
    assert [turn[:2] for turn in turns(world)] == [(0.0, 0.5), (1.5, 1.0)]


def test_people_come_first_and_it_stops() -> None:
    """On an island the sun falls to 1.5 MW where the town takes 1.2: 0.3 are left, and it needs 1.

    It counts no loads, so it does not see this coming: for one step it has 0.3 MW, then it stops.
    A bound would black out 0.7 MW of the town, or leave the step without a solution.
    """
    sun = hours((2, 4.0), (2, 1.5))
    actor = Commitment(component="it", supply=["sun"], minimum_down=5.0, minimum_up=3.0)
    world, recorded = run(plant(sun, load=1.2), {"c": actor})
    found = rates(world, recorded)
    assert found["town"] == pytest.approx(np.full(16, 1.2))
    assert found["load"] == pytest.approx(np.array([2.8] * 8 + [0.3] + [0.0] * 7))
    assert turns(world)[-1][:2] == (2.25, 0.0) and "only 0.3 of its least" in turns(world)[-1][2]
    seeing = Commitment(component="it", supply=["sun"], loads=["town"])
    world, recorded = run(plant(sun, load=1.2), {"c": seeing})
    assert rates(world, recorded)["load"] == pytest.approx(np.array([2.8] * 8 + [0.0] * 8))


def test_up_and_down_times_by_hand() -> None:
    """Sun that comes and goes each half hour: two hours on and one off, whatever it does.

    On at 0 h; bad at 0.5 h but up until 2 h, where the sun is back, so until 2.5 h; off until 3.5 h
    where there is none; on at 4 h. Without these times it would switch at each turn of the sun.
    """
    sun = np.tile(hours((0.5, 3.0), (0.5, 0.0)), 6)
    actor = Commitment(component="it", supply=["sun"], minimum_up=2.0, minimum_down=1.0)
    world, _ = run(plant(sun, grid=10.0), {"c": actor})
    assert [turn[:2] for turn in turns(world)] == [(0.0, 1.0), (2.5, 0.0), (4.0, 1.0)]


def test_an_engine_fills_a_gap() -> None:
    """An engine of 10 to 3 MW by its grid of 5: it starts when the town asks more than 5 and 3.

    `shortage` of 9 - 5 = 4 MW is above the least 3; at 6 MW it is 1 and the grid carries on alone.
    """
    flows = [
        Flow("engine.minimum", "engine", {"electricity": 1.0}, 3.0, cost=200.0, closes=("wind",),
             main="electricity"),
        Flow("engine.more", "engine", {"electricity": 1.0}, 7.0, cost=200.0, closes=("wind",),
             main="electricity"),
        source("grid", 5.0, 90.0),
        town(hours((1, 4.0), (1, 9.0), (1, 5.0))),
    ]  # fmt: skip
    actor = Commitment(
        component="engine", follows="shortage", supply=["grid"], loads=["town"], stop_below=0.5
    )
    world, recorded = run(network(flows, n_steps=12, step_s=STEP), {"c": actor})
    names = list(world.network.flows)
    engine = recorded.flows[:, names.index("engine.minimum")]
    engine = engine + recorded.flows[:, names.index("engine.more")]
    assert engine == pytest.approx(np.repeat([0.0, 4.0, 0.0], 4))


def test_one_flow_runs_full_or_not() -> None:
    """A unit of one flow and no minimum: 10 MW while it is wanted, though the town asks for 4."""
    flows = [source("unit_0", 10.0, 10.0), source("grid", 5.0, 90.0), town(4.0),
             Flow("dump", "dump", {"electricity": -1.0}, 20.0, main="electricity")]  # fmt: skip
    actor = Commitment(component="unit_0", follows="shortage", loads=["town"], start_above=3.0,
                       stop_below=3.0)  # fmt: skip
    world, recorded = run(network(flows, n_steps=4, step_s=STEP), {"c": actor})
    assert recorded.flows[:, list(world.network.flows).index("unit_0")] == pytest.approx(
        np.full(4, 10.0)
    )


def test_a_machine_of_no_size_never_starts() -> None:
    """A size of 0 in a sweep: it is never switched on; without a minimum it would be refused."""
    parts = [
        Flow(f"it.load_{k}", "it", {"electricity": -1.0}, 0.0, main="electricity") for k in (1, 2)
    ]
    flows = [source("grid", 10.0, 90.0), town(4.0), *with_minimum(parts, 0.2)]
    actor = Commitment(component="it", supply=["grid"])
    world, recorded = run(network(flows, n_steps=4, step_s=STEP), {"c": actor})
    assert turns(world) == []
    idle = recorded.flows[:, list(world.network.flows).index("it.minimum")]
    assert idle == pytest.approx(np.zeros(4))


def test_a_failure_ends_it() -> None:
    """Out from 1 h to 2.5 h: it stops, and comes back by a start of an hour, at 3.5 h."""
    out = Outage(component="it", start="2025-01-01 01:00", duration=1.5)
    actor = Commitment(component="it", supply=["sun"], start_duration=1.0, initially="on")
    world, recorded = run(plant(hours((5, 3.0))), {"c": actor, "o": out})
    assert turns(world) == [
        (1.0, 0.0, "out of service"), (2.5, 0.5, "surplus of 3"), (3.5, 1.0, "started"),
    ]  # fmt: skip
    load = rates(world, recorded)["load"]
    assert load @ recorded.hours == pytest.approx(3.0 * (1.0 + 1.5))


HOURS = st.sampled_from([0.0, 0.25, 0.4, 1.0])
ACTORS = st.builds(
    Commitment,
    component=st.just("it"),
    supply=st.just(["sun"]),
    loads=st.sampled_from([[], ["town"]]),
    start_above=st.sampled_from([None, 1.5, 3.0]),
    stop_below=st.sampled_from([None, 0.0, 1.0]),
    start_after=HOURS,
    stop_after=HOURS,
    minimum_up=HOURS,
    minimum_down=HOURS,
    start_duration=st.sampled_from([0.4, 1.0]),
    warm_start_duration=st.sampled_from([0.0, 0.1, 0.4]),
    stays_warm=HOURS,
    start_power=st.sampled_from([0.0, 0.4]),
    standby_power=st.sampled_from([0.0, 0.1]),
    worth=st.sampled_from([100.0, 1000.0]),
    initially=st.sampled_from(["off", "on"]),
)
QUARTERS = st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, 5.0, 8.0]), min_size=24, max_size=24)


@settings(max_examples=60, deadline=None)
@given(
    ACTORS, QUARTERS, QUARTERS, st.sampled_from([0.0, 0.7, 10.0]), st.integers(0, 5 * 3600),
    st.integers(60, 3600), st.integers(1, 23),
)  # fmt: skip
def test_no_step_is_without_a_solution(
    actor: Commitment,
    sun: list[float],
    load: list[float],
    grid: float,
    second: int,
    length: int,
    cut: int,
) -> None:
    """Whatever sun, town, grid and its failures do, every step is solved, and the states hold.

    Off or starting, nothing flows. On, it has its least load, or stops at the end of that step.
    Nothing was done by what comes after: with another future, the past is the same to the last bit.
    """
    begin = START + np.timedelta64(second, "s")
    out = Outage(
        component="grid", start=begin.strftime("%Y-%m-%d %H:%M:%S"), duration=length / 3600
    )
    actors = {"c": actor, "o": out}
    world, recorded = run(plant(np.array(sun), load=np.array(load), grid=grid), actors)
    found, state = rates(world, recorded), float(actor.initially == "on")
    changes = {round(hour * 3600): after for hour, after, _ in turns(world)}
    for i, t0 in enumerate(recorded.t0.tolist()):
        state = changes.get(t0, state)
        if state < 1.0:
            assert found["load"][i] == 0.0
        elif found["it.minimum"][i] < 1.0 - 1e-5:
            end = (t0 // STEP + 1) * STEP
            assert end >= world.horizon_s or changes.get(end) == 0.0
    stops = [t for t, after in changes.items() if after == 0.0]
    for t in stops:
        later = [u for u, after in changes.items() if after > 0.0 and u > t]
        assert not later or min(later) - t >= actor.minimum_down * 3600 - 1
    other = np.array(sun[:cut] + [8.0 - v for v in sun[cut:]])
    _, again = run(plant(other, load=np.array(load), grid=grid), actors)
    past = recorded.t1 <= cut * STEP
    assert np.array_equal(recorded.flows[past], again.flows[: past.sum()])


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"supply": ["town"]}, "'town' is counted, which never gives to bus 'electricity'"),
        ({"loads": ["nobody"]}, "no component 'nobody'"),
        ({"heating": "town"}, "'town', which is no demand on call"),
        ({"start_power": 0.5}, "limit is 0.4"),
        ({"component": "nothing"}, "'nothing' has no flow to switch"),
    ],
)
def test_refused_by_the_park(given: dict[str, object], match: str) -> None:
    """What counts must touch the bus; heat must come from a demand on call that is large enough."""
    with pytest.raises(ValueError, match=match):
        run(plant(hours((1, 3.0)), load=1.0), {"c": Commitment(**{"component": "it"} | given)})


@pytest.mark.parametrize(
    "given", [{"warm_start_duration": 1.0}, {"start_above": 1.0, "stop_below": 2.0}]
)
def test_refused_by_itself(given: dict[str, float]) -> None:
    """A warm start longer than a cold one, or a stop above the start."""
    with pytest.raises((PhysicsError, ValidationError)):
        Commitment(component="it", **given)
