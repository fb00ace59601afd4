"""`python -m benchmarks.run CASE --json`: one JSON object with every time and every ratio."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import cases, peers
from benchmarks.measure import machine, ratio, summary, take_turns
from models.base import Actor
from twin.engine import kernel, reference
from twin.engine.actors.outage import Outage
from twin.engine.certify import before
from twin.engine.dispatch import DISPATCHERS, Record, State
from twin.engine.world import World
from twin.network.network import Network
from twin.network.program import Program

HOUR = 3600
START = pd.Timestamp("2025-01-01", tz="UTC")
REFERENCE = (
    json.loads(path.read_text())
    if (path := cases.CASES / "reference_results.json").exists()
    else {}
)


def whole_run(
    network: Network, actors: dict[str, Actor] | None = None, *, step: bool = True
) -> World:
    """What `twin.run` does once a park is lowered: compile the network, step it, keep totals.

    Without `step` nothing is dispatched.
    """
    world = World(
        network,
        actors or {},
        horizon_s=network.n_steps * network.step_s,
        seed=1,
        start=START,
        record="sums",
    )
    if not step:
        world._advance = lambda *_: None
    world.run()
    return world


def stepping(
    program: Program, dispatcher: str = "kernel", steps: int | None = None, *, warm: int = 0
) -> Callable:
    """Stepping alone, totals recorded: the steps after the first `warm`."""
    begin, end = warm * program.step_s, (warm + (steps or program.n_steps - warm)) * program.step_s
    first = State.start(program)
    kernel.advance(program, first, Record.sums(program), 0, begin)
    advance = DISPATCHERS[dispatcher]()

    def work() -> float:
        record = Record.sums(program)
        advance(program, first.copy(), record, begin, end)
        return float(record.totals.money.sum())

    return work


def park_step(repeats: int) -> dict[str, Any]:
    """Single steps of `cases/park`, each solver warm: ours, bare HiGHS, the slow dispatcher."""
    steps, warm = 1000, 2
    program = Program.compile(cases.park(steps + warm))
    record, state = Record.full(program), State.start(program)
    kernel.advance(program, state, record, 0, program.n_steps * HOUR)
    intervals = [
        reference.interval(program, before(program, record, k), k * HOUR, (k + 1) * HOUR)
        for k in range(warm, program.n_steps)
    ]
    highs = reference.Highs(program)
    times = take_turns(
        {
            "kernel": stepping(program, warm=warm),
            # Bounds and costs changed, run, solution read; the intervals were made before.
            "highs": lambda: [highs.solve(now) for now in intervals],
            "reference": stepping(program, "reference", warm=warm),
        },
        repeats,
    )
    return {
        "unit": "per step",
        "times": summary(times, steps),
        "ratios": {
            "highs / kernel": ratio(times["highs"], times["kernel"]),
            "reference / kernel": ratio(times["reference"], times["kernel"]),
        },
        "goal": "highs / kernel >= 30",
        "fallbacks": state.fallbacks.tolist(),
    }


def park_year(repeats: int) -> dict[str, Any]:
    """A year of `cases/park`, hourly, against PyPSA's perfect-foresight optimum of it."""
    network = cases.park()
    program = Program.compile(network)
    times = take_turns({"run": lambda: whole_run(network), "stepping": stepping(program)}, repeats)
    ours = stepping(program)()
    found: dict[str, Any] = {
        "times": summary(times),
        "cost": ours,
        "ratios": {},
        "goal": "pypsa / run >= 500",
    }
    if REFERENCE:
        bound = REFERENCE["lp"]["park_8760"]["pypsa 1.4.0 highs-choose"]
        found["ratios"]["cost / perfect foresight"] = ours / bound
    return _with_pypsa(found, peers.pypsa_park, min(times["run"]))


def microgrid_year(repeats: int) -> dict[str, Any]:
    """A year of `cases/microgrid`, hourly."""
    network = cases.microgrid()
    program = Program.compile(network)
    times = take_turns({"run": lambda: whole_run(network), "stepping": stepping(program)}, repeats)
    ours = stepping(program)()
    found: dict[str, Any] = {
        "times": summary(times),
        "cost": ours,
        "ratios": {},
        "goal": "run below 25 ms, what Microgrids.py needs for its nearest case",
        "microgrids.py": "peer absent: not on the package index",
    }
    if REFERENCE:
        rule = REFERENCE["rule_based"]["micro_8760"]["pymgrid 1.4.1"]
        found["ratios"]["cost / python-microgrid"] = ours / rule
    return _with_pypsa(found, peers.pypsa_microgrid, min(times["run"]))


def _with_pypsa(found: dict[str, Any], peer: Callable, run_s: float) -> dict[str, Any]:
    if not peers.installed("pypsa"):
        return found | {"pypsa": "peer absent"}
    result = peer()
    seconds = result["build_s"] + result["optimise_s"]
    found["ratios"]["pypsa / run"] = seconds / run_s
    return found | {"pypsa": result}


def parks_year(repeats: int) -> dict[str, Any]:
    """A year of every shipped park at 15 min with its events, from the shell to the summary."""
    from twin.scenario.park import shipped

    goal = "process at most 4 s, stepping at most 1 s; all parks in a minute"
    found: dict[str, Any] = {"goal": goal, "times": {}}
    rounds: list[float] = []
    processes: dict[str, list[float]] = {name: [] for name in shipped()}
    stepped: dict[str, list[float]] = {name: [] for name in shipped()}
    for turn in range(repeats + 1):
        started = time.perf_counter()
        for name in shipped():
            began = time.perf_counter()
            done = _twin("run", name, "--json")
            if done.returncode:
                return found | {name: done.stderr.strip().splitlines()[-1]}
            if turn:  # the first one filled the caches
                processes[name].append(time.perf_counter() - began)
                stepped[name].append(json.loads(done.stdout)["wall_s"])
        rounds.append(time.perf_counter() - started)
    for name in shipped():
        found["times"] |= summary(
            {f"{name} process": processes[name], f"{name} stepping": stepped[name]}
        )
    found["times"] |= summary({"all parks": rounds[1:]})
    return found


def events(repeats: int) -> dict[str, Any]:
    """A year at 15 min with 0 to 100,000 outages and repairs, on 20 and 50 buses.

    An event costs what Python does (actors, modifiers, log), and what the kernel does: an interval
    more where it cuts a step, and an optimum at another place. `python` holds the first alone, by
    a dispatcher that does nothing.
    """
    found: dict[str, Any] = {"times": {}, "ratios": {}, "events": {}}
    found |= {"us per event": {}, "us per event, python": {}}
    found["goal"] = "2,000 events cost at most 10 % at 20 buses and more"
    for buses in (20, 50):
        network = cases.made_up_park(buses, 35_040)
        contestants, counts = {}, {}
        for count in (0, 2_000, 20_000, 100_000):
            actors = _outages(buses, count)
            name = f"{buses} buses, {count} events"
            counts[name] = len(whole_run(network, actors).log)
            contestants[name] = lambda network=network, actors=actors: whole_run(network, actors)
            contestants[f"{name}, python"] = lambda network=network, actors=actors: whole_run(
                network, actors, step=False
            )
        times = take_turns(contestants, repeats)
        for part, key in (("", "us per event"), (", python", "us per event, python")):
            none = times[f"{buses} buses, 0 events{part}"]
            for name, count in counts.items():
                if count:
                    more = np.median(np.subtract(times[name + part], none))
                    found[key][name] = round(1e6 * float(more) / count, 2)
        none = times[f"{buses} buses, 0 events"]
        found["times"] |= summary(times)
        found["events"] |= counts
        found["ratios"] |= {name: ratio(times[name], none) for name in counts}
    return found


def _outages(buses: int, count: int) -> dict[str, Actor]:
    """Outages of as many links as there are buses, about `count` failures and repairs a year."""
    if not count:
        return {}
    cycle = 8760.0 * 2 * buses / count
    return {
        f"outage{k:04d}": Outage(
            component=f"link{k:04d}", mtbf=0.9 * cycle, mttr=0.1 * cycle, remaining=0.5
        )
        for k in range(buses)
    }


def scaling(repeats: int) -> dict[str, Any]:
    """Microseconds a step from 3 to 1,000 buses, and HiGHS beside it."""
    found: dict[str, Any] = {"unit": "per step", "times": {}, "ratios": {}, "size": {}}
    found["goal"] = "200 buses at most 150 us; from 200 to 1,000 below quadratic (25)"
    fast = {}
    for buses in (3, 10, 20, 50, 100, 200, 500, 1000):
        steps = max(50, min(4000, 60_000 // buses))
        few = min(steps, max(20, 4000 // buses))
        # A cold start takes as many pivots as there are buses, and is not a step.
        program = Program.compile(cases.made_up_park(buses, steps + 2))
        times = take_turns({"kernel": stepping(program, warm=2)}, repeats)["kernel"]
        twin = stepping(program, "reference", few, warm=2)
        slow = take_turns({"reference": twin}, 1)["reference"]
        fast[buses] = min(times) / steps
        found["times"] |= summary({f"kernel {buses}": times}, steps)
        found["times"] |= summary({f"reference {buses}": slow}, few)
        found["ratios"][f"reference / kernel {buses}"] = min(slow) / few / fast[buses]
        found["size"][buses] = {
            "flows": len(program.flows),
            "stores": len(program.stores),
            "steps": steps,
        }
    found["ratios"]["1000 / 200 buses"] = fast[1000] / fast[200]
    exponent = float(np.log(fast[1000] / fast[200]) / np.log(5))
    found["ratios"]["exponent 200 to 1000"] = exponent
    return found


def threads(repeats: int) -> dict[str, Any]:
    """Two years of `cases/park` one after the other, and on two threads."""
    program = Program.compile(cases.park())
    work = stepping(program)

    def both() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: work(), range(2)))

    times = take_turns({"in turn": lambda: (work(), work()), "on two threads": both}, repeats)
    used = []
    for run in (lambda: (work(), work()), both):
        began = time.process_time()
        run()
        used.append(time.process_time() - began)
    return {
        "times": summary(times),
        "ratios": {
            "in turn / on two threads": ratio(times["in turn"], times["on two threads"]),
            # What two idle cores would make of it, where others keep these busy.
            "twice the processor time in turn / on two threads": 2 * used[0] / used[1],
        },
        "goal": ">= 1.7 on two idle cores",
    }


def shell(repeats: int) -> dict[str, Any]:
    """`twin --help`, and the first run ever: the kernel compiled into an empty cache."""
    times: dict[str, list[float]] = {"twin --help": [], "cold compile": []}
    for _ in range(repeats):
        began = time.perf_counter()
        _twin("--help")
        times["twin --help"].append(time.perf_counter() - began)
    code = (
        "from benchmarks.cases import made_up_park; from benchmarks.run import stepping\n"
        "from twin.network.program import Program\n"
        "stepping(Program.compile(made_up_park(3, 2)))()"
    )
    with tempfile.TemporaryDirectory() as empty:
        began = time.perf_counter()
        environment = os.environ | {"NUMBA_CACHE_DIR": empty}
        subprocess.run([sys.executable, "-c", code], check=True, env=environment)
        times["cold compile"].append(time.perf_counter() - began)
    return {"times": summary(times), "goal": "help below 0.5 s, cold compile below 30 s"}


def _twin(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from twin.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )


CASES: dict[str, Callable[[int], dict[str, Any]]] = {
    "park-step": park_step,
    "park-year": park_year,
    "microgrid-year": microgrid_year,
    "parks-year": parks_year,
    "events": events,
    "scaling": scaling,
    "threads": threads,
    "shell": shell,
}
NEUTRAL = ("park-step", "park-year", "microgrid-year", "threads")
"""Cases that need the folder of neutral cases."""


def main() -> None:
    """Measure one case and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("case", choices=CASES)
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    found: dict[str, Any] = {"case": arguments.case, "machine": machine()}
    if arguments.case in NEUTRAL and not cases.available():
        found["skipped"] = "the neutral cases are absent"
    else:
        found |= CASES[arguments.case](arguments.repeats)
    print(json.dumps(found, indent=None if arguments.json else 1, ensure_ascii=False))


if __name__ == "__main__":
    main()
