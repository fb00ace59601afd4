"""Running a park: from a validated scenario to a finished run that closes."""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Callable
from importlib import metadata
from typing import Any

import pandas as pd

from models.calendar import DEFAULT_START
from twin.engine.recorded import Recorded
from twin.engine.world import Happening, World
from twin.network.build import build, make_clock
from twin.results import Run
from twin.scenario.park import Park

LIBRARIES = ("numpy", "numba", "simpy", "highspy", "CoolProp", "pvlib")


def seconds(text: str | int | float | pd.Timedelta) -> int:
    """Whole seconds of a duration such as "15 min" or "365 d"; a number is in seconds.

    Raises
    ------
    ValueError
        Not a duration, not positive, or not a whole number of seconds.
    """
    try:
        delta = pd.Timedelta(text, unit="s") if isinstance(text, int | float) else pd.Timedelta(text)
    except ValueError as error:
        raise ValueError(f"'{text}' is not a duration; write it as '15 min' or '365 d'") from error
    whole = round(delta.total_seconds())
    if whole <= 0 or abs(delta.total_seconds() - whole) > 1e-9:
        raise ValueError(f"'{text}' is not a positive whole number of seconds")
    return whole


def simulate(
    park: Park,
    *,
    start: str = DEFAULT_START,
    horizon: str | int = "365 d",
    step: str | int = "15 min",
    seed: int = 1,
    dispatcher: str = "kernel",
    certify: int | str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Run:
    """Run a park.

    Parameters
    ----------
    park : Park
    start : str
        Local time of the site.
    horizon, step : str or int
        Durations; the horizon is a whole number of steps, a step between 1 s and a day.
    seed : int
        Of weather and events. Same park, seed and versions give the same bits.
    dispatcher : {"kernel", "reference"}
        The compiled kernel, or HiGHS at every step.
    certify : int or "all", optional
        Solve that many steps again with HiGHS from the same state and report the worst gap.
    progress : callable, optional
        Called with the share done.

    Returns
    -------
    Run

    Raises
    ------
    ScenarioError
        The park breaks a conservation law or cannot work.
    InfeasibleStep
        Something has nowhere to go at a step.
    UnbalancedRun
        The run does not close to 1e-9.
    """
    clock = make_clock(park, start, seconds(horizon), seconds(step))
    network = build(park, clock, seed=seed)
    world = World(
        network,
        {name: event.spec for name, event in park.events.items()},
        horizon_s=clock.horizon_s,
        start=clock.times[0],
        seed=seed,
        dispatcher=dispatcher,
    )
    began = time.perf_counter()
    world.run(progress)
    wall_s = time.perf_counter() - began
    scenario = park.resolved()
    facts: dict[str, Any] = {
        "park": park.name,
        "title": park.title,
        "variant": park.label,
        "start": clock.times[0].strftime("%Y-%m-%dT%H:%M:%S"),
        "start_utc": clock.times[0].tz_convert("UTC").isoformat(),
        "time_zone": park.site.time_zone,
        "horizon_s": clock.horizon_s,
        "step_s": clock.step_s,
        "seed": seed,
        "dispatcher": dispatcher,
        "currency": park.currency,
        "conserve": list(park.conserve),
        "wall_s": round(wall_s, 3),
        "scenario_sha256": hashlib.sha256(scenario.encode()).hexdigest(),
        "versions": {"python": platform.python_version()}
        | {name: metadata.version(name) for name in ("parktwin", *LIBRARIES)},
    }
    if certify is not None:
        from twin.engine.certify import certify as replay

        steps = None if certify == "all" else int(certify)
        facts["certificate"] = replay(world.program, world.record, steps, seed=seed)
    run = Run(scenario, network, Recorded.of(world.record), _log(world.log), facts)
    run.ledger.check()
    return run


def _log(happenings: list[Happening]) -> pd.DataFrame:
    columns = ["time_s", "phase", "actor", "component", "what", "before", "after", "cause"]
    return pd.DataFrame([h.__dict__ for h in happenings], columns=columns)
