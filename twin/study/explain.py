"""What an event did: the same run without it, and everything that came out otherwise."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import networkx as nx
import numpy as np
import pandas as pd

from twin.engine.recorded import Recorded
from twin.network.network import Network
from twin.results import Run
from twin.scenario.errors import did_you_mean

COLUMNS = [
    "kind", "component", "step", "since", "hours", "unit", "without", "with", "change", "peak",
]  # fmt: skip


def explain(
    run: Run,
    event: str,
    *,
    order: Literal["downstream", "size"] = "downstream",
    threshold: float = 1e-6,
) -> pd.DataFrame:
    """Follow an event through the park: what changed against the same run without it.

    The run without the event has the same seed, and random streams belong to names, so that
    everything else that happens is the same.

    Parameters
    ----------
    run : Run
    event : str
        Name of an event of the scenario.
    order : {"downstream", "size"}
        In the order of cause: first what changed first, then what is fewer steps away from where
        the event acts, then what changed most. Or the largest change of each kind first.
    threshold : float
        A rate, price or level counts as changed beyond this share of its largest value.

    Returns
    -------
    DataFrame
        See `effects`; above it what the event itself did (kind "event").

    Raises
    ------
    ValueError
        The scenario has no such event.
    """
    base = without(run, event)
    own = run.events[run.events["actor"] == event]
    table = effects(run, base, own["component"].unique(), order=order, threshold=threshold)
    return pd.concat([_acts(run, own), table]) if len(own) else table


def without(run: Run, event: str) -> Run:
    """The same run without one of its events.

    Raises
    ------
    ValueError
        The scenario has no such event.
    """
    from ruamel.yaml import YAML

    from twin.scenario.park import load
    from twin.scenario.resolved import as_yaml
    from twin.simulate import simulate

    scenario = YAML(typ="safe", pure=True).load(run.scenario)
    events = scenario.get("events") or []
    names = [item["name"] for item in events]
    if event not in names:
        known = f"events: {', '.join(names) or 'none'}. {did_you_mean(event, names)}".rstrip()
        raise ValueError(f"this run has no event '{event}'; {known}")
    scenario["events"] = [item for item in events if item["name"] != event]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "park.yaml"
        path.write_text(as_yaml(scenario), encoding="utf-8")
        park = load(path)
    keys = ("start", "seed", "dispatcher")
    return simulate(
        park,
        horizon=run.facts["horizon_s"],
        step=run.facts["step_s"],
        **{key: run.facts[key] for key in keys},
    )


def effects(
    run: Run,
    base: Run,
    origin: Iterable[str] = (),
    *,
    order: Literal["downstream", "size"] = "downstream",
    threshold: float = 1e-6,
) -> pd.DataFrame:
    """What differs between a run and one of the same park, seed and clock.

    Parameters
    ----------
    run, base : Run
        With and without something.
    origin : iterable of str
        Components where it acted; steps are counted from there.
    order, threshold
        As in `explain`.

    Returns
    -------
    DataFrame
        Indexed by name. kind: flow (amount [unit of activity]), price (mean over the hours in which
        it differs), level (of a store, mean over these hours), emission (fossil CO2 of a flow over
        the run), and at the end total (of the run). component. step: links between places and flows
        from the origin. since: local time of the first change. hours: for how long it differs.
        unit. without, with, change. peak: largest difference of rate, price or level.

    Raises
    ------
    ValueError
        The runs are not of the same network and time.
    """
    network = run.network
    if list(network.flows) != list(base.network.flows) or _span(run) != _span(base):
        raise ValueError("the runs differ in flows, start, horizon or step; run the same park")
    pair = _Pair.of(base.recorded, run.recorded)
    steps = _steps(network, set(origin))
    start = pd.Timestamp(run.facts["start"]).tz_localize(run.facts["time_zone"])
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    money = run.facts["currency"]
    for kind, names in (
        ("flow", network.flows),
        ("level", network.stores),
        ("price", network.buses),
    ):
        part = {"flow": "flows", "level": "levels", "price": "prices"}[kind]
        for name, found in pair.differences(part, list(names), threshold).items():
            carrier = None if kind == "flow" else network.carrier(name)
            if kind == "flow":
                flow = network.flows[name]
                unit = network.carrier(flow.main).amount_unit if flow.main else ""
                component = flow.component
            else:
                assert carrier is not None
                unit = carrier.amount_unit if kind == "level" else f"{money}/{carrier.amount_unit}"
                component = network.stores[name].component if kind == "level" else ""
            since = start + pd.Timedelta(seconds=found.pop("since"))
            rows[kind, name] = {
                "kind": kind, "component": component, "step": steps.get(name, -1),
                "since": since, "unit": unit, **found,
            }  # fmt: skip
    for name, row in _emissions(run, base, threshold).items():
        flow_row = rows.get(("flow", name), {"since": pd.NaT, "hours": np.nan})
        row |= {key: flow_row[key] for key in ("since", "hours")}
        row |= {"component": network.flows[name].component, "step": steps.get(name, -1)}
        rows["emission", name] = row
    table = pd.DataFrame(list(rows.values()), index=[name for _, name in rows], columns=COLUMNS)
    return pd.concat([_ordered(table, order), _totals(run, base)])


def _ordered(table: pd.DataFrame, order: str) -> pd.DataFrame:
    size = -table["change"].abs()
    if order == "size":
        keys = {"kind": table["kind"], "size": size}
    elif order == "downstream":
        near = table["step"].where(table["step"] >= 0, 1_000_000)
        keys = {"since": table["since"], "near": near, "size": size}
    else:
        raise ValueError(f"cannot order by '{order}'; choose 'downstream' or 'size'")
    frame = pd.DataFrame({**keys, "name": table.index}).reset_index(drop=True)
    return table.iloc[frame.sort_values(list(frame.columns), kind="stable").index.to_numpy()]


@dataclass(frozen=True)
class _Pair:
    """Two records on the cuts of both."""

    base: Recorded
    other: Recorded
    t0: np.ndarray
    hours: np.ndarray
    rows: tuple[np.ndarray, np.ndarray]

    @classmethod
    def of(cls, base: Recorded, other: Recorded) -> _Pair:
        t0 = np.union1d(base.t0, other.t0)
        hours = np.diff(t0, append=other.t1[-1]) / 3600.0
        rows = tuple(np.searchsorted(r.t0, t0, side="right") - 1 for r in (base, other))
        return cls(base, other, t0, hours, (rows[0], rows[1]))

    def differences(
        self, part: str, names: list[str], threshold: float
    ) -> dict[str, dict[str, Any]]:
        """What differs, with its first second, hours, amounts or means, and largest difference."""
        found = {}
        rows = self.rows
        if part == "levels":
            # A level holds at the end of an interval, so only common ends can be compared.
            ends = [r.t1[i] for r, i in zip((self.base, self.other), rows, strict=True)]
            same = ends[0] == ends[1]
        else:
            same = np.ones(len(self.t0), bool)
        for j, name in enumerate(names):
            a, b = (
                getattr(r, part)[i, j] for r, i in zip((self.base, self.other), rows, strict=True)
            )
            scale = max(float(np.abs(a).max()), float(np.abs(b).max()), 1e-6)
            differ = (np.abs(b - a) > threshold * scale) & same
            if not differ.any():
                continue
            hours = self.hours[differ]
            total = float(hours.sum())
            before, after = float(a[differ] @ hours), float(b[differ] @ hours)
            if part != "flows":
                before, after = before / total, after / total
            delta = (b - a)[differ]
            found[name] = {
                "since": int(self.t0[np.argmax(differ)]),
                "hours": total,
                "without": before,
                "with": after,
                "change": after - before,
                "peak": float(delta[np.argmax(np.abs(delta))]),
            }
        return found


def _steps(network: Network, origin: set[str]) -> dict[str, int]:
    """Links from the flows of some components (or single flows) to every flow, bus and store."""
    graph = network.graph().to_undirected()
    roots = {f.name for f in network.flows.values() if f.component in origin or f.name in origin}
    roots |= origin & set(network.stores)
    if not roots:
        return {}
    return dict(nx.multi_source_dijkstra_path_length(graph, roots))


def _acts(run: Run, own: pd.DataFrame) -> pd.DataFrame:
    start = pd.Timestamp(run.facts["start"]).tz_localize(run.facts["time_zone"])
    rows = [
        {
            "kind": "event",
            "component": line["component"],
            "step": 0,
            "since": start + pd.Timedelta(seconds=line["time_s"]),
            "hours": np.nan,
            "unit": line["what"],
            "without": line["before"],
            "with": line["after"],
            "change": line["after"] - line["before"],
            "peak": np.nan,
        }
        for line in own.to_dict("records")
    ]
    return pd.DataFrame(rows, index=list(own["cause"]), columns=COLUMNS)


def _emissions(run: Run, base: Run, threshold: float) -> dict[str, dict[str, Any]]:
    pair = pd.concat(
        {"without": base.emissions["fossil"], "with": run.emissions["fossil"]}, axis=1
    ).fillna(0.0)
    found = {}
    for name, row in pair.iterrows():
        change = float(row["with"] - row["without"])
        if abs(change) > threshold * max(abs(float(row["with"])), abs(float(row["without"])), 1e-6):
            found[str(name)] = {
                "kind": "emission",
                "unit": "t CO2",
                "without": float(row["without"]),
                "with": float(row["with"]),
                "change": change,
                "peak": np.nan,
            }
    return found


def _totals(run: Run, base: Run) -> pd.DataFrame:
    a, b = base.summary, run.summary
    figures = {
        "cost": (run.facts["currency"], a["cost"], b["cost"]),
        "fossil CO2": ("t CO2", a["emissions_tCO2"], b["emissions_tCO2"]),
        "biogenic CO2": ("t CO2", a["biogenic_tCO2"], b["biogenic_tCO2"]),
    }
    for carrier in sorted({*a["unserved"], *b["unserved"]}):
        entry = b["demand"].get(carrier, {"unit": ""})
        pair = (a["unserved"].get(carrier, 0.0), b["unserved"].get(carrier, 0.0))
        if any(pair):
            figures[f"unserved {carrier}"] = (entry["unit"], *pair)
    rows = [
        {
            "kind": "total",
            "component": "",
            "step": -1,
            "since": pd.NaT,
            "hours": np.nan,
            "unit": unit,
            "without": before,
            "with": after,
            "change": after - before,
            "peak": np.nan,
        }
        for unit, before, after in figures.values()
    ]
    return pd.DataFrame(rows, index=list(figures), columns=COLUMNS)


def _span(run: Run) -> tuple[Any, ...]:
    return tuple(run.facts[key] for key in ("start_utc", "horizon_s", "step_s"))
