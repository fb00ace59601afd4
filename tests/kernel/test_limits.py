"""Limits that join one step to the next, solved by hand: ramps, stores, floors, coefficients."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.base import Flow, Store
from tests.kernel.networks import CARRIER, load, run, source, tiny
from twin.engine import kernel
from twin.engine.dispatch import DISPATCHERS, InfeasibleStep, Record, State
from twin.network.network import Network
from twin.network.program import Program

DISPATCHER = pytest.mark.parametrize("dispatcher", ["kernel", "reference"])


def rates(program: Program, record: Record, flow: str) -> np.ndarray:
    """Recorded rates of one flow."""
    return record.flows[:, program.flows.index(flow)]


def battery(price: object, *, exclusive: bool = True, n_steps: int = 1, **more: object) -> Network:
    """A battery of 10 MWh, 90 % each way, 5 MW, between a grid at a price and nobody."""
    store = Store("level", "battery", CARRIER, 10.0, initial=5.0, exclusive=exclusive, **more)
    flows = [
        source("el", "grid", 100.0, price),
        Flow("fill", "battery", {"el": -1.0, "level": 0.9}, 5.0),
        Flow("empty", "battery", {"el": 1.0, "level": -1 / 0.9}, 5.0),
    ]
    return tiny(flows, [store], n_steps=n_steps)


@DISPATCHER
def test_a_ramp_holds_from_step_to_step(dispatcher: str) -> None:
    """A load of 2, 10, 10, 10, 0 met by a unit that moves 3 an hour: 2, 5, 8, 10, then down to 7.

    The grid fills the gap: 0, 5, 2, 0; and 7 are dumped at the end. Without the ramp the unit
    would follow the load; with a ramp reckoned from the set-point it would reach 10 an hour early.
    """
    flows = [
        source("el", "unit", 20.0, 10.0, ramp=3.0),
        source("el", "grid", 20.0, 50.0),
        Flow("dump", "dump", {"el": -1.0}, 20.0),
        load("el", "town", np.array([2.0, 10, 10, 10, 0])),
    ]
    program, _, record = run(tiny(flows, n_steps=5), dispatcher=dispatcher)
    assert rates(program, record, "unit") == pytest.approx([2, 5, 8, 10, 7], abs=1e-9)
    assert rates(program, record, "grid") == pytest.approx([0, 5, 2, 0, 0], abs=1e-9)
    assert rates(program, record, "dump") == pytest.approx([0, 0, 0, 0, 7], abs=1e-9)


@DISPATCHER
def test_a_ramp_yields_where_the_limit_itself_falls(dispatcher: str) -> None:
    """An outage takes the unit from 10 to 0 at once though it ramps 1 an hour; it returns slowly.

    A ramp that held against the outage would leave the step without a solution or the unit at 9.
    """
    limit = np.array([10.0, 0.0, 10.0, 10.0])
    flows = [
        source("el", "unit", limit, 10.0, ramp=1.0),
        source("el", "grid", 20.0, 50.0),
        load("el", "town", 10.0),
    ]
    program, _, record = run(tiny(flows, n_steps=4), dispatcher=dispatcher)
    assert rates(program, record, "unit") == pytest.approx([10, 0, 1, 2], abs=1e-9)


@DISPATCHER
def test_a_store_stops_at_its_limits(dispatcher: str) -> None:
    """Filling for 3 h at 5 MW and 90 % adds 4.5, then the 0.5 left, then nothing.

    Were the limit checked only at the start of a step, the level would pass 10 in the second.
    """
    network = battery(10.0, n_steps=3, charge_below=50.0, discharge_above=60.0)
    program, _, record = run(network, dispatcher=dispatcher)
    assert record.levels[:, 0] == pytest.approx([9.5, 10, 10], abs=1e-9)
    assert rates(program, record, "fill") == pytest.approx([5, 0.5 / 0.9, 0], abs=1e-9)


@DISPATCHER
@pytest.mark.parametrize("step_s", [60, 3600, 86_400])
def test_standing_loss_is_exact_for_any_step(dispatcher: str, step_s: int) -> None:
    """Left alone for a day, 5 MWh at 2 % an hour become 5 exp(-0.48), whatever the step.

    Compounded per step, a day's step would leave 5 (1 - 0.48).
    """
    network = battery(1.0, n_steps=86_400 // step_s, loss_rate=0.02, discharge_above=1e4)
    network = tiny(list(network.flows.values()), list(network.stores.values()),
                   n_steps=network.n_steps, step_s=step_s)  # fmt: skip
    _, state, record = run(network, dispatcher=dispatcher)
    assert state.levels[0] == pytest.approx(5 * math.exp(-0.48), rel=1e-12)
    assert record.totals.loss[0] == pytest.approx(5 * (1 - math.exp(-0.48)), rel=1e-12)


@DISPATCHER
def test_a_battery_never_does_both_at_a_negative_price(dispatcher: str) -> None:
    """The grid pays 20 per MWh taken: the battery fills, 5 MW, and is paid 100.

    Allowed both ways, it would burn 19 % of 5 MW once full: fill 5 and empty 4.05.
    """
    program, _, record = run(battery(-20.0, n_steps=4), dispatcher=dispatcher)
    fill, empty = (rates(program, record, f) for f in ("fill", "empty"))
    assert fill[:2] == pytest.approx([5, 0.5 / 0.9], abs=1e-9)
    assert (np.minimum(fill, empty) <= 1e-12).all()
    assert record.levels[-1, 0] == pytest.approx(10.0)


@DISPATCHER
def test_a_silo_may_fill_and_empty_at_once(dispatcher: str) -> None:
    """The same store, not exclusive, burns what it is paid to burn: 5 in and 4.05 out when full.

    Were every store exclusive, a silo fed and drawn at once would stand still.
    """
    program, _, record = run(battery(-20.0, exclusive=False, n_steps=3), dispatcher=dispatcher)
    assert rates(program, record, "fill")[2] == pytest.approx(5.0, abs=1e-9)
    assert rates(program, record, "empty")[2] == pytest.approx(5 * 0.81, abs=1e-9)


@DISPATCHER
def test_a_minimum_load_set_by_an_actor_runs(dispatcher: str) -> None:
    """A unit at 90 committed to 4 MW runs 4 for a load of 6; the grid at 50 gives 2.

    A floor that only priced would leave the unit at 0 and save 160 an hour.
    """
    flows = [
        source("el", "unit", 10.0, 90.0),
        source("el", "grid", 20.0, 50.0),
        load("el", "town", 6.0),
    ]
    program = Program.compile(tiny(flows, n_steps=2))
    state = State.start(program)
    state.floor[program.flows.index("unit")] = 4.0
    program, state, record = run(program.network, dispatcher=dispatcher, state=state)
    assert rates(program, record, "unit") == pytest.approx([4, 4], abs=1e-12)
    assert rates(program, record, "grid") == pytest.approx([2, 2], abs=1e-9)
    assert record.totals.money.sum() == pytest.approx(2 * (4 * 90 + 2 * 50))


def test_a_floor_gives_way_to_a_cap() -> None:
    """Committed to 4 but capped at 1 by an outage, the unit runs at 1.

    If the floor won, the outage would not happen; if neither, the step would have no solution.
    """
    flows = [source("el", "unit", 10.0, 90.0), load("el", "town", 6.0)]
    program = Program.compile(tiny(flows))
    state = State.start(program)
    unit = program.flows.index("unit")
    state.floor[unit], state.cap[unit] = 4.0, 1.0
    _, _, record = run(program.network, state=state)
    assert rates(program, record, "unit") == pytest.approx([1.0])


@DISPATCHER
def test_coefficients_follow_their_series(dispatcher: str) -> None:
    """A heat pump of factor 3, 2, 0, 3 meets 6 MW of heat from 2, 3, 0 and 2 MW of power.

    In the third hour it gives nothing, and a boiler does. A coefficient held at its first value
    would take 2 throughout; one lost from the pattern at 0 would not come back.
    """
    flows = [
        source("el", "grid", 20.0, 50.0),
        Flow("pump", "pump", {"el": -1.0, "heat": np.array([3.0, 2, 0, 3])}, 20.0),
        source("heat", "boiler", 20.0, 90.0),
        load("heat", "town", 6.0),
    ]
    program, _, record = run(tiny(flows, n_steps=4), dispatcher=dispatcher)
    assert rates(program, record, "pump") == pytest.approx([2, 3, 0, 2], abs=1e-9)
    assert rates(program, record, "boiler") == pytest.approx([0, 0, 6, 0], abs=1e-9)
    assert dict(zip(program.through, record.totals.through, strict=True)) == pytest.approx(
        {("pump", "heat"): 18.0}
    )


@DISPATCHER
def test_a_cycle_of_converters_closes(dispatcher: str) -> None:
    """A plant gives 1 power per 2 steam and itself needs 0.2 of power per steam made.

    For 6 net: steam s, power s/2, own use 0.2 s, so s = 20. Resolved in sequence instead of at
    once, the first pass would stop at 12.
    """
    flows = [
        Flow("boiler", "boiler", {"steam": 1.0, "el": -0.2}, 100.0, cost=10.0),
        Flow("turbine", "turbine", {"steam": -1.0, "el": 0.5}, 100.0),
        load("el", "town", 6.0),
    ]
    program, _, record = run(tiny(flows), dispatcher=dispatcher)
    assert rates(program, record, "boiler") == pytest.approx([20.0], rel=1e-9)
    assert record.prices[0, program.buses.index("el")] == pytest.approx(10 / 0.3, rel=1e-9)


@DISPATCHER
def test_a_step_with_no_way_out_names_the_bus_and_the_time(dispatcher: str) -> None:
    """5 t/h of residue and room for 3: the second hour stops the run and says 2 too much.

    A slack that made it vanish would let the run go on.
    """
    made = np.array([3.0, 5.0])
    flows = [
        Flow("works", "works", {"residue": 1.0}, made, lower=made),
        Flow("tip", "tip", {"residue": -1.0}, 3.0),
    ]
    with pytest.raises(InfeasibleStep, match="2 more than can leave bus 'residue'") as error:
        run(tiny(flows, n_steps=2), dispatcher=dispatcher)
    assert error.value.time_s == 3600
    assert error.value.surplus == pytest.approx({"residue": 2.0})


@DISPATCHER
def test_an_event_inside_a_step_splits_it(dispatcher: str) -> None:
    """Out from 20 min to 50 min of the hour: 30 min of 8 MW come from the grid at 50.

    Moved to the grid of steps the outage would last an hour or not happen: 8 or 0 MWh, not 4.
    """
    flows = [
        source("el", "unit", 10.0, 10.0),
        source("el", "grid", 20.0, 50.0),
        load("el", "town", 8.0),
    ]
    program = Program.compile(tiny(flows))
    state, record = State.start(program), Record.full(program)
    unit = program.flows.index("unit")
    advance = DISPATCHERS[dispatcher]()
    for t0, t1, share in [(0, 1200, 1.0), (1200, 3000, 0.0), (3000, 3600, 1.0)]:
        state.limit_multiplier[unit] = share
        advance(program, state, record, t0, t1)
    assert list(record.t0) == [0, 1200, 3000]
    assert rates(program, record, "grid") == pytest.approx([0, 8, 0], abs=1e-9)
    assert record.totals.amount[program.flows.index("grid")] == pytest.approx(4.0, rel=1e-12)
    assert record.offered()[:, unit] == pytest.approx([10, 0, 10])


def test_a_cut_that_changes_nothing_changes_nothing() -> None:
    """A leaking battery filling for an hour, whole or in three pieces, ends at one level.

    5 e + 4.5 (1 - e) / 0.01 with e = exp(-0.01): 9.4279 MWh. Room or loss reckoned from the start
    of the hour in each piece would count them twice.
    """
    network = battery(10.0, charge_below=50.0, discharge_above=60.0, loss_rate=0.01)
    program, whole, _ = run(network)
    cut, record = State.start(program), Record.full(program)
    for t0, t1 in [(0, 100), (100, 3000), (3000, 3600)]:
        kernel.advance(program, cut, record, t0, t1)
    e = math.exp(-0.01)
    assert record.count == 3
    assert cut.levels[0] == pytest.approx(5 * e + 4.5 * (1 - e) / 0.01, rel=1e-12)
    assert whole.levels[0] == pytest.approx(cut.levels[0], rel=1e-12)
