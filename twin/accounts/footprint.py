"""Carbon labels: kg CO2 per MWh or tonne of every bus, average beside marginal, by any period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from twin.accounts.embodied import Embodied


def labels(traced: Embodied) -> pd.DataFrame:
    """Label of every bus and store over the whole run.

    Returns
    -------
    DataFrame
        By place: carrier, unit, amount (taken from it) [MWh or t], embodied [t CO2], average and
        marginal [kg CO2 per MWh or t]. The average is what the park's own account says; the
        marginal is what one unit more would have caused, weighted by use, NaN for stores and
        where the run recorded no signal.
    """
    amount = traced.through.sum(axis=0)
    content = np.nan_to_num(traced.intensity) * traced.through
    total = content.sum(axis=0)
    marginal = _marginal(traced)
    rows = {}
    for i, place in enumerate(traced.places):
        carrier = traced.network.carrier(place)
        rows[place] = {
            "carrier": carrier.name,
            "unit": carrier.amount_unit,
            "amount": amount[i],
            "embodied": total[i],
            "average": _ratio(total[i], amount[i]),
            "marginal": _ratio(marginal[:, i] @ traced.through[:, i], amount[i]),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def label(traced: Embodied, place: str, every_s: int = 3600) -> pd.DataFrame:
    """Label of one bus or store through time.

    Parameters
    ----------
    traced : Embodied
    place : str
    every_s : int
        Length of a period [s]; an interval counts where it begins, so steps should divide it.

    Returns
    -------
    DataFrame
        By time since the start of the run: amount [MWh or t], embodied [t CO2], average and
        marginal [kg CO2 per MWh or t; NaN where nothing was used].

    Raises
    ------
    KeyError
        There is no such place.
    """
    if place not in traced.places:
        known = ", ".join(traced.places)
        raise KeyError(f"no bus or store '{place}' with a label; places of this run: {known}")
    i = traced.places.index(place)
    amount = traced.through[:, i]
    frame = pd.DataFrame(
        {
            "amount": amount,
            "embodied": np.nan_to_num(traced.intensity[:, i]) * amount,
            "weighted": _marginal(traced)[:, i] * amount,
        }
    )
    start = traced.record.t0 // every_s * every_s
    sums = frame.groupby(pd.to_timedelta(start, unit="s")).sum(min_count=1)
    used = sums["amount"].where(sums["amount"] > 0)
    sums["average"] = 1000.0 * sums["embodied"] / used
    sums["marginal"] = 1000.0 * sums["weighted"] / used
    sums.index.name = "since_start"
    return sums[["amount", "embodied", "average", "marginal"]]


def product_label(traced: Embodied, component: str, products: float) -> float:
    """Label of what a consumer makes of what it uses [kg CO2 per product].

    Parameters
    ----------
    traced : Embodied
    component : str
        With whom CO2 ended.
    products : float
        How many it made in the run, in any unit: cells, tonnes, GPU-hours.

    Raises
    ------
    ValueError
        Nothing ended with that component, or it made nothing.
    """
    if not products > 0:
        raise ValueError(f"'{component}' made {products:g} products; a label needs more than none")
    flows = [j for j, f in enumerate(traced.network.flows.values()) if f.component == component]
    if not flows:
        known = ", ".join(traced.sinks()["component"].unique())
        raise ValueError(f"no component '{component}'; CO2 ended with: {known}")
    return 1000.0 * float(traced.received[:, flows].sum()) / products


def _ratio(total: float, amount: float) -> float:
    return 1000.0 * float(total) / float(amount) if amount > 0 else float("nan")


def _marginal(traced: Embodied) -> np.ndarray:
    """Signal per unit more demand on each place [t CO2 per MWh or t], shape (n, n_places)."""
    found = np.full(traced.through.shape, np.nan)
    if traced.record.marginal is not None:
        for b, bus in enumerate(traced.network.buses):
            if bus in traced.places:
                found[:, traced.places.index(bus)] = traced.record.marginal[:, b]
    return found
