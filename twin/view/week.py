"""One figure: a week of the balances of electricity, steam and heat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from twin.results import Run

KINDS = ("electricity", "steam", "heat", "cold")
SHOWN = 7
"""Components with a colour of their own; the rest is drawn together."""


def plot_week(run: Run, start: str | None = None, days: int = 7) -> Figure:
    """Who gives to and who takes from each busy bus of electricity, steam, heat and cold.

    Parameters
    ----------
    run : Run
    start : str, optional
        Local date; default the middle of January of the run, or its beginning.
    days : int
        Length shown.

    Returns
    -------
    Figure
        One panel a bus: supply stacked upwards, use stacked downwards.
    """
    from matplotlib.figure import Figure

    zone = run.facts["time_zone"]
    times = pd.DatetimeIndex(run.flows["time"].to_numpy()).tz_localize("UTC").tz_convert(zone)
    begin = pd.Timestamp(start).tz_localize(zone) if start else times[0] + pd.Timedelta(days=14)
    window = (times >= begin) & (times < begin + pd.Timedelta(days=days))
    if not window.any():
        window = times < times[0] + pd.Timedelta(days=days)
    buses = _busiest(run)
    figure = Figure(figsize=(10, 2.6 * len(buses) + 0.6), layout="constrained")
    axes = figure.subplots(len(buses), 1, sharex=True, squeeze=False)[:, 0]
    for axis, bus in zip(axes, buses, strict=True):
        _panel(axis, run, bus, times[window], np.flatnonzero(window))
    first, last = times[window][0], times[window][-1]
    axes[0].set_title(f"{run.facts['title']}, {first:%d %B} to {last:%d %B %Y}", loc="left")
    return figure


def _busiest(run: Run) -> list[str]:
    """The busiest bus of each kind among those that connect components."""
    entries = run.ledger.entries
    entries = entries[entries["role"] == "bus"]
    # A bus inside the walls of one component, such as its fire, shows nothing of the park.
    entries = entries[entries.groupby("place")["component"].transform("nunique") > 1]
    taken = entries[entries["amount"] < 0]
    through = (-taken.groupby("place")["amount"].sum()).sort_values(ascending=False)
    chosen = []
    for kind in KINDS:
        match = [b for b in through.index if run.network.carrier(b).kind == kind]
        chosen += match[:1]
    return chosen or list(through.index[:1])


def _panel(axis: Axes, run: Run, bus: str, times: pd.DatetimeIndex, steps: np.ndarray) -> None:
    rates = run.flows.to_numpy()[steps]
    local = times.tz_localize(None)
    per = run.series_step_s // run.network.step_s
    for sign in (1.0, -1.0):
        parts: dict[str, np.ndarray] = {}
        for j, flow in enumerate(run.network.flows.values()):
            if bus in flow.coefficients:
                value = np.asarray(flow.coefficients[bus], float)
                if value.ndim:
                    # Where rates are means over longer steps, so are the coefficients.
                    starts = np.arange(0, len(value), per)
                    value = (
                        np.add.reduceat(value, starts)[steps]
                        / np.diff(starts, append=len(value))[steps]
                    )
                series = value * rates[:, j]
                part = np.maximum(sign * series, 0.0)
                if part.any():
                    parts[flow.component] = parts.get(flow.component, 0.0) + part
        ranked = sorted(parts, key=lambda name: (-parts[name].sum(), name))
        layers = [(name, parts[name]) for name in ranked[:SHOWN]]
        if ranked[SHOWN:]:
            layers.append(("others", np.sum([parts[name] for name in ranked[SHOWN:]], axis=0)))
        base = np.zeros(len(steps))
        colours = "tab10" if sign > 0 else "Set3"
        for k, (name, part) in enumerate(layers):
            from matplotlib import colormaps

            axis.fill_between(
                local,
                sign * base,
                sign * (base + part),
                step="post",
                color=colormaps[colours](k),
                linewidth=0,
                label=f"{name}" if sign > 0 else f"{name} (use)",
            )
            base = base + part
    axis.axhline(0.0, color="black", linewidth=0.8)
    axis.set_ylabel(f"{bus} [{run.network.carrier(bus).unit}]")
    axis.margins(x=0)
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=7, frameon=False)
