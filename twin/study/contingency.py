"""What a park cannot do without: each component taken out in turn for an hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.calendar import DEFAULT_START
from twin.engine.certify import before
from twin.engine.dispatch import DISPATCHERS, InfeasibleStep, Record, State
from twin.engine.world import World
from twin.network.build import build, make_clock
from twin.network.network import Network
from twin.scenario.park import Park
from twin.simulate import seconds
from twin.study.reliability import SHORT, on_intervals


def screen(
    park: Park,
    at: str = "peak",
    *,
    start: str = DEFAULT_START,
    horizon: str | int = "365 d",
    step: str | int = "15 min",
    seed: int = 1,
    dispatcher: str = "kernel",
) -> pd.DataFrame:
    """Take each component out in turn for an hour, from the state the park was in.

    Stores help with what they held; what other events had taken out stays out.

    Parameters
    ----------
    at : str
        When: "peak" is the step at which the value of what is asked for (rate times value of lost
        load) is greatest, "own" that at which the component itself runs highest, and anything else
        a local time.
    start, horizon, step, seed, dispatcher
        Of the run that gives the states.

    Returns
    -------
    DataFrame
        By component, worst first: time (local), verdict (holds, sheds, or fails where something has
        nowhere to go), loss (value of lost load beyond the base [currency]), cost (money beyond the
        base [currency]), why, and one column for each carrier of which any contingency sheds [MWh
        or t beyond the base].

    Raises
    ------
    ValueError
        `at` is not within the run.
    """
    clock = make_clock(park, start, seconds(horizon), seconds(step))
    network = build(park, clock, seed=seed)
    actors = {name: event.spec for name, event in park.events.items()}
    world = World(
        network, actors, horizon_s=clock.horizon_s, start=clock.times[0], seed=seed,
        dispatcher=dispatcher,
    )  # fmt: skip
    world.run()
    return contingencies(world, at, dispatcher=dispatcher)


def contingencies(world: World, at: str = "peak", *, dispatcher: str = "kernel") -> pd.DataFrame:
    """As `screen`, for a world that has run with a full record."""
    network, record = world.network, world.record
    members: dict[str, list[int]] = {}
    for j, flow in enumerate(network.flows.values()):
        members.setdefault(flow.component, []).append(j)
    names = [c for c, js in members.items() if not all(_is_demand(network, j) for j in js)]
    rows, shed = {}, {}
    base: dict[int, _Hour] = {}
    for name in sorted(names):
        k = _when(world, at, members[name])
        if k not in base:
            base[k] = _Hour.of(world, k, [], dispatcher)
        row: dict[str, Any] = {"time": world.start + pd.Timedelta(seconds=int(record.t0[k]))}
        try:
            hour = _Hour.of(world, k, members[name], dispatcher)
        except InfeasibleStep as error:
            places = ", ".join([*error.surplus, *error.shortage])
            rows[name] = row | {
                "verdict": "fails", "loss": np.inf, "cost": np.nan, "why": f"no balance on {places}"
            }  # fmt: skip
            continue
        more = {c: hour.short[c] - base[k].short[c] for c in hour.short}
        shed[name] = {c: v for c, v in more.items() if v > SHORT * max(base[k].asked[c], 1.0)}
        rows[name] = row | {
            "verdict": "sheds" if shed[name] else "holds",
            "loss": max(hour.loss - base[k].loss, 0.0) if shed[name] else 0.0,
            "cost": hour.cost - base[k].cost,
            "why": ", ".join(sorted(shed[name])),
        }
    table = pd.DataFrame.from_dict(rows, orient="index")
    for carrier in sorted({c for each in shed.values() for c in each}):
        table[carrier] = [shed.get(name, {}).get(carrier, 0.0) for name in table.index]
    return table.sort_values(["loss", "cost"], ascending=False, kind="stable")


@dataclass(frozen=True)
class _Hour:
    """What an hour asked for, missed and cost."""

    asked: dict[str, float]
    short: dict[str, float]
    loss: float
    cost: float

    @classmethod
    def of(cls, world: World, k: int, out: list[int], dispatcher: str) -> _Hour:
        """The hour from a recorded interval on, with some flows held at zero."""
        network, program = world.network, world.program
        state: State = before(program, world.record, k)
        state.limit_multiplier[out] = 0.0
        t0 = state.t
        t1 = min(t0 + 3600, world.horizon_s)
        record = Record.full(program, t1 - t0)
        DISPATCHERS[dispatcher]()(program, state, record, t0, t1)
        hours = (record.t1 - record.t0) / 3600.0
        step = record.t0 // program.step_s
        asked: dict[str, float] = {}
        short: dict[str, float] = {}
        loss = 0.0
        missing = record.offered() - record.flows
        for j, flow in enumerate(network.flows.values()):
            if flow.demand and flow.main:
                size = np.abs(on_intervals(flow.coefficients[flow.main], step)) * hours
                name = network.carrier(flow.main).name
                asked[name] = asked.get(name, 0.0) + float(record.offered()[:, j] @ size)
                short[name] = short.get(name, 0.0) + float(missing[:, j] @ size)
                loss -= float((missing[:, j] * hours) @ on_intervals(flow.steer, step))
        return cls(asked, short, loss, float(record.totals.money.sum()))


def _when(world: World, at: str, own: list[int]) -> int:
    """Number of the recorded interval to start from."""
    record, network = world.record, world.network
    if at == "own":
        rates = record.flows[:, own]
        return int(np.argmax((rates / np.maximum(rates.max(axis=0), 1e-12)).sum(axis=1)))
    if at == "peak":
        step = record.t0 // network.step_s
        offered = record.offered()
        value = np.zeros(record.count)
        for j, flow in enumerate(network.flows.values()):
            if flow.demand and flow.main:
                value -= offered[:, j] * on_intervals(flow.steer, step)
        return int(np.argmax(value))
    time_s = world.seconds_of(at)
    if not 0 <= time_s < world.horizon_s:
        raise ValueError(
            f"{at} is not within the run, which begins at {world.start:%Y-%m-%d %H:%M} and lasts "
            f"{world.horizon_s / 86_400:g} days"
        )
    return int(np.searchsorted(record.t0, time_s, side="right")) - 1


def _is_demand(network: Network, j: int) -> bool:
    return list(network.flows.values())[j].demand
