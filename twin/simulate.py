"""Running a park: from a validated scenario to a finished run that closes."""

from __future__ import annotations

import hashlib
import platform
import time
import warnings
from collections.abc import Callable, Mapping
from importlib import metadata
from typing import Any

import pandas as pd

from models.base import Series
from models.calendar import DEFAULT_START
from twin.accounts.embodied import emission_signal
from twin.accounts.planned import PlanWarning, overruns
from twin.engine.dispatch import InfeasibleStep
from twin.engine.kernel import warm
from twin.engine.recorded import Jumps, Recorded, Summed
from twin.engine.world import Happening, World
from twin.network.build import Clock, build_with_plans, make_clock
from twin.results import Run
from twin.scenario.park import Park
from twin.scenario.units import UnitError, convert

LONGEST = 100 * 365 * 86_400
"""A hundred years: beyond them neither calendars nor clocks are known [s]."""

LIBRARIES = ("numpy", "numba", "simpy", "highspy", "CoolProp", "pvlib")


def seconds(text: str | int | float | pd.Timedelta) -> int:
    """Whole seconds of a duration such as "15 min" or "365 d"; a number is in seconds.

    Raises
    ------
    ValueError
        Not a duration, not positive, or not a whole number of seconds.
    """
    if isinstance(text, pd.Timedelta):
        text = text.total_seconds()
    try:
        exact = convert(text, "s") if isinstance(text, str) else float(text)
    except UnitError as error:
        raise ValueError(f"'{text}' is not a duration; write it as '15 min' or '365 d'") from error
    if not 0 < exact < LONGEST or abs(exact - round(exact)) > 1e-9:
        raise ValueError(f"'{text}' is not a positive whole number of seconds")
    return round(exact)


def recording(record: str, step_s: int) -> str | int:
    """What the engine keeps for a choice: "full", "sums", or the seconds of a longer step.

    Raises
    ------
    ValueError
        Neither "full" nor "totals" nor a whole number of steps.
    """
    if record in ("full", "totals"):
        return "full" if record == "full" else "sums"
    try:
        every = seconds(record)
    except ValueError as error:
        raise ValueError(
            f"cannot record '{record}'; choose 'full', 'totals', or the length of a mean, as '1 h'"
        ) from error
    if every % step_s:
        raise ValueError(
            f"cannot record every {every} s: steps last {step_s} s; "
            "to mend: give a whole number of steps"
        )
    return every


def simulate(
    park: Park,
    *,
    start: str = DEFAULT_START,
    horizon: str | int = "365 d",
    step: str | int = "15 min",
    seed: int = 1,
    dispatcher: str = "kernel",
    certify: int | str | None = None,
    record: str = "full",
    progress: Callable[[float], None] | None = None,
    factors: Mapping[str, Series] | None = None,
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
    record : str
        What is kept: "full", every interval; "totals", for sweeps; or a duration such as "1 h", the
        totals and means over so long. The dispatch and the ledger are the same. Series need means,
        and most accounts by step the full record.
    progress : callable, optional
        Called with the share done.
    factors : mapping of str to Series, optional
        t CO2 per MWh or t of imports, by flow or carrier, that the marginal CO2 of every bus counts
        beside what the park itself emits.

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

    Warns
    -----
    PlanWarning
        It took more from the ground than its boreholes were planned for.
    """
    clock = make_clock(park, start, seconds(horizon), seconds(step))
    keep = recording(record, clock.step_s)
    if certify is not None and keep != "full":
        raise ValueError(
            f"cannot certify steps that record='{record}' does not keep; "
            "to mend: run with record='full'"
        )
    network, plans = build_with_plans(park, clock, seed=seed)
    actors = {name: event.spec for name, event in park.events.items()}
    # Who looks back at what flowed, such as a demand charge, needs every interval while it runs.
    blind = not any(actor.looks_back for actor in actors.values())
    world = World(
        network,
        actors,
        horizon_s=clock.horizon_s,
        start=clock.times[0],
        seed=seed,
        dispatcher=dispatcher,
        country=park.country,
        record=keep if blind else "full",
        signal=emission_signal(network, factors or {}),
    )
    if keep != "full":
        world._advance = jumps = Jumps(world.program, world._advance)
    if dispatcher == "kernel":
        warm(world.program)
    began = time.perf_counter()
    try:
        world.run(progress)
    except InfeasibleStep as error:
        error.add_note(_circumstances(error.time_s, clock, world.log))
        raise
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
        "record": f"{keep} s" if isinstance(keep, int) else record,
        "country": park.country,
        "currency": park.currency,
        "accounting": dict(park.accounting),
        "contracts": _contracts(park),
        "conserve": list(park.conserve),
        "owners": {name: c.owner for name, c in sorted(park.components.items()) if c.owner},
        "wall_s": round(wall_s, 3),
        "scenario_sha256": hashlib.sha256(scenario.encode()).hexdigest(),
        "versions": {"python": platform.python_version()}
        | {name: metadata.version(name) for name in ("parktwin", *LIBRARIES)},
    }
    if certify is not None:
        from twin.engine.certify import certify as replay

        steps = None if certify == "all" else int(certify)
        facts["certificate"] = replay(world.program, world.record, steps, seed=seed)
    if keep == "full":
        recorded = Recorded.of(world.record)
    else:
        every_s = keep if isinstance(keep, int) else 0
        recorded = Summed.summed(world.record, jumps, every_s)
    run = Run(scenario, network, recorded, _log(world.log), facts)
    run.ledger.check()
    facts["warnings"] = overruns(run.ledger, plans)
    for text in facts["warnings"]:
        warnings.warn(text, PlanWarning, stacklevel=2)
    return run


def _contracts(park: Park) -> dict[str, Any]:
    """The contracts, with what each event of certificates covers, for the accounts of the run."""
    found: dict[str, Any] = {key: list(names) for key, names in park.contracts.items()}
    if "certificates" in found:
        events = {name: park.events[name].spec for name in found["certificates"]}
        found["certificates"] = {
            name: event.model_dump(include={"use", "share"}) for name, event in events.items()
        }
    return found


def _circumstances(time_s: int, clock: Clock, log: list[Happening]) -> str:
    """When a step was, in local time, and what was limited then."""
    when = clock.times[0] + pd.Timedelta(seconds=time_s)
    limited = {h.component: h for h in log if h.what == "limit"}
    parts = [f"{c} at {h.after:.0%} ({h.cause})" for c, h in limited.items() if h.after != 1.0]
    return f"It is {when:%Y-%m-%d %H:%M:%S} local time; limited by events: " + (
        ", ".join(parts) or "nothing"
    )


def _log(happenings: list[Happening]) -> pd.DataFrame:
    columns = ["time_s", "phase", "actor", "component", "what", "before", "after", "cause"]
    return pd.DataFrame([h.__dict__ for h in happenings], columns=columns)
