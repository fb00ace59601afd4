"""How much a park fails to serve, how often, and how that comes out over many runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from models.base import Flow
from twin.engine.recorded import Recorded
from twin.results import Run
from twin.scenario.park import Park
from twin.simulate import simulate

SHORT = 1e-7
"""Share of what is asked for below which a shortage is rounding."""


@dataclass(frozen=True)
class Reliability:
    """What a run failed to serve.

    Attributes
    ----------
    demands : DataFrame
        By demand: carrier, unit, asked, unserved [MWh or t], hours (loss-of-load hours), days
        (local days with a loss of load), events (losses of load without a break), longest [h].
    carriers : DataFrame
        The same by carrier: a loss of load is one of any of its demands.
    components : DataFrame
        By component that an event limited: availability (mean share of its limits that it had),
        in_service (share of time with anything left), failures (times it lost any of it).
    calls : DataFrame
        By call of a virtual power plant: start (local time), called, delivered against the baseline
        [MWh], earned [currency]. What a call took off a demand is here, and nowhere unserved.
    """

    demands: pd.DataFrame
    carriers: pd.DataFrame
    components: pd.DataFrame
    calls: pd.DataFrame


def reliability(run: Run) -> Reliability:
    """Energy not served, loss of load and availability of a run.

    What an event takes off a demand itself, such as a call for demand response, is not asked for
    and so not unserved; see `Reliability.calls`. Where the log does not tell what was asked at
    every instant, as for a fleet, what is missing over the run is spread over the hours in which
    the bus paid the value of lost load.

    Raises
    ------
    ValueError
        The run was opened from a file, which does not hold the limits of demands.
    """
    recorded, network = run.recorded, run.network
    hours = recorded.hours
    shares = _Shares(run)
    start = pd.Timestamp(run.facts["start"]).tz_localize(run.facts["time_zone"])
    day = (start + pd.to_timedelta(recorded.t0, unit="s")).normalize()
    step = recorded.t0 // network.step_s
    demands: dict[str, dict[str, Any]] = {}
    parts: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    units = {}
    places = list(network.buses)
    for j, (name, flow) in enumerate(network.flows.items()):
        if not (flow.demand and flow.main):
            continue
        carrier = network.carrier(flow.main)
        size = np.abs(on_intervals(flow.coefficients[flow.main], step))
        asked = shares.asked(name, on_intervals(flow.upper, step)) * size
        served = recorded.flows[:, j] * size
        if not np.any(flow.upper) and served.any():
            raise ValueError(
                "a run opened from a file does not know what was asked for; "
                "to mend: run the park again, or ask before saving"
            )
        total = float(recorded.offered[j] * size.mean())
        if not np.ptp(size) and abs(total - asked @ hours) > SHORT * max(total, 1.0):
            missing = max(total - float(served @ hours), 0.0)
            asked = served + _spread(missing, flow, recorded, places.index(flow.main), size, step)
        short = np.where(asked - served > SHORT * np.maximum(asked, 1.0), asked - served, 0.0)
        parts.setdefault(carrier.name, []).append((asked, short))
        units[carrier.name] = carrier.amount_unit
        head = {"carrier": carrier.name, "unit": carrier.amount_unit}
        demands[name] = head | _figures(asked, short, hours, day)
    carriers = {
        name: {"unit": units[name]}
        | _figures(sum(a for a, _ in each), sum(s for _, s in each), hours, day)
        for name, each in sorted(parts.items())
    }
    return Reliability(
        pd.DataFrame.from_dict(demands, orient="index"),
        pd.DataFrame.from_dict(carriers, orient="index"),
        shares.components(),
        _calls(run, start),
    )


def _spread(
    missing: float, flow: Flow, recorded: Recorded, bus: int, size: np.ndarray, step: np.ndarray
) -> np.ndarray:
    """An amount that was not served, as a rate where the bus pays what losing the load costs."""
    price = recorded.prices[:, bus] * size
    lost = price >= -on_intervals(flow.steer, step) * (1 - 1e-6)
    if missing <= 0 or not lost.any():
        lost = np.ones(len(step), bool)
    return np.asarray(missing * lost / float(recorded.hours[lost].sum()))


def _calls(run: Run, start: pd.Timestamp) -> pd.DataFrame:
    """What virtual power plants settled, from the log."""
    rows = {}
    log = run.events
    money = log[log["what"] == "money"].set_index(["actor", "cause"])["after"]
    for line in log[log["what"] == "settled"].to_dict("records"):
        call = str(line["cause"]).removesuffix(" [MWh]")
        begun = log[(log["actor"] == line["actor"]) & (log["cause"] == call)]
        acts = begun[begun["what"].isin(["limit", "cap"])]["time_s"]
        begin = int(acts.min()) if len(acts) else int(line["time_s"])
        rows[f"{line['actor']}, {call}"] = {
            "start": start + pd.Timedelta(seconds=begin),
            "called": float(line["before"]),
            "delivered": float(line["after"]),
            "earned": -float(money.get((line["actor"], call), 0.0)),
        }
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["start", "called", "delivered", "earned"]
    )


def _figures(asked: Any, short: Any, hours: np.ndarray, day: pd.DatetimeIndex) -> dict[str, Any]:
    lost = short > 0
    begins = np.flatnonzero(np.diff(lost.astype(int), prepend=0) == 1)
    ends = np.flatnonzero(np.diff(lost.astype(int), append=0) == -1)
    lengths = [float(hours[a : b + 1].sum()) for a, b in zip(begins, ends, strict=True)]
    return {
        "asked": float(asked @ hours),
        "unserved": float(short @ hours),
        "hours": float(hours[lost].sum()),
        "days": int(day[lost].nunique()),
        "events": len(lengths),
        "longest": max(lengths, default=0.0),
    }


class _Shares:
    """What events left of each target's limits, read back from the log."""

    def __init__(self, run: Run) -> None:
        self._t0, self._t1 = run.recorded.t0, run.recorded.t1
        self._network = run.network
        self._lines: dict[tuple[str, str], list[tuple[int, float]]] = {}
        for line in run.events.to_dict("records"):
            key = (line["what"], line["component"])
            # JSON has no infinity: a saved log holds nothing where a cap was let go.
            after = np.inf if pd.isna(line["after"]) else float(line["after"])
            self._lines.setdefault(key, []).append((int(line["time_s"]), after))

    def asked(self, flow: str, upper: np.ndarray) -> np.ndarray:
        """Upper limit of a demand in each interval, as events left it."""
        cap = np.full(len(self._t0), np.inf)
        if self._network.flows[flow].on_call or ("need", flow) in self._lines:
            cap = self._series("need", flow, 0.0)
        for target in sorted({flow, self._network.flows[flow].component}):
            upper = upper * self._series("limit", target, 1.0)
            cap = np.minimum(cap, self._series("cap", target, np.inf))
        return np.asarray(np.minimum(upper, cap))

    def components(self) -> pd.DataFrame:
        """Availability of everything that an event limited."""
        hours = (self._t1 - self._t0) / 3600.0
        rows = {}
        for what, target in sorted(self._lines):
            if what != "limit":
                continue
            share = self._series("limit", target, 1.0)
            values = [1.0, *(value for _, value in self._lines[what, target])]
            rows[target] = {
                "availability": float(np.minimum(share, 1.0) @ hours / hours.sum()),
                "in_service": float((share > 0) @ hours / hours.sum()),
                "failures": sum(b < a for a, b in zip(values, values[1:], strict=False)),
            }
        columns = ["availability", "in_service", "failures"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns)

    def _series(self, what: str, target: str, start: float) -> np.ndarray:
        lines = self._lines.get((what, target), [])
        times = np.array([time for time, _ in lines], np.int64)
        values = np.array([start, *(value for _, value in lines)])
        return values[np.searchsorted(times, self._t0, side="right")]


def monte_carlo(
    park: Park,
    seeds: Iterable[int],
    *,
    confidence: float = 0.95,
    progress: Callable[[float], None] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Expected reliability over many runs that differ in their seed.

    Parameters
    ----------
    park : Park
    seeds : iterable of int
        Two or more; each is a run with its own weather and events.
    confidence : float
        Of the interval, by Student's t of the mean. Where losses are so rare that most runs have
        none, it reaches below zero: a sign that more runs are needed.
    progress : callable, optional
        Called with the share done.
    **options
        start, horizon, step, dispatcher: see `twin.simulate.simulate`.

    Returns
    -------
    DataFrame
        By figure: unit, mean, low, high (the interval), deviation (of one run), runs. Figures are
        unserved, loss-of-load hours, days and events of each carrier, and the availability of each
        component.

    Raises
    ------
    ValueError
        Fewer than two seeds, or one twice.
    """
    seeds = list(seeds)
    if len(seeds) < 2 or len(set(seeds)) < len(seeds):
        raise ValueError(f"{len(seeds)} seeds ({len(set(seeds))} different); give two or more")
    rows, units = [], {}
    for k, seed in enumerate(seeds):
        found = reliability(simulate(park, seed=seed, **options))
        row: dict[str, float] = {}
        for carrier, line in found.carriers.to_dict("index").items():
            for key, unit in (("unserved", line["unit"]), ("hours", "h"), ("days", "d"),
                              ("events", "")):  # fmt: skip
                row[f"{key} {carrier}"] = float(line[key])
                units[f"{key} {carrier}"] = unit
        for component, availability in found.components["availability"].items():
            row[f"availability {component}"] = float(availability)
            units[f"availability {component}"] = "1"
        rows.append(row)
        if progress is not None:
            progress((k + 1) / len(seeds))
    # A component that nothing hit in some run was wholly available there.
    samples = pd.DataFrame(rows)
    samples = samples.fillna({name: 1.0 for name in units if name.startswith("availability")})
    mean, deviation = samples.mean(), samples.std(ddof=1)
    reach = float(student.ppf(0.5 + confidence / 2, len(seeds) - 1)) / len(seeds) ** 0.5
    return pd.DataFrame(
        {
            "unit": pd.Series(units)[samples.columns],
            "mean": mean,
            "low": mean - reach * deviation,
            "high": mean + reach * deviation,
            "deviation": deviation,
            "runs": len(seeds),
        }
    )


def on_intervals(series: Any, step: np.ndarray) -> np.ndarray:
    """A series of the network, or a constant, at the step of each interval."""
    array = np.asarray(series, float)
    return array[step] if array.ndim else np.full(len(step), float(array))
