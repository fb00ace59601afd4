"""What changed between two runs, figure by figure and flow by flow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from twin.results import Run

FIGURES = ("cost", "emissions_tCO2", "biogenic_tCO2", "unserved_MWh", "curtailed_MWh", "events")


def compare(a: Run, b: Run, *, threshold: float = 1e-6) -> pd.DataFrame:
    """Figures and flows of two runs side by side.

    Parameters
    ----------
    a, b : Run
        Of the same horizon.
    threshold : float
        Flows are listed if their amount changed by more than this share of the larger.

    Returns
    -------
    DataFrame
        Index `name`; columns: kind, unit, one per run (its variant, or its park), change. Kinds:
        figure (of the summary: all, changed or not), fence (what left the park of each carrier,
        net; negative entered), flow (what each component gave to each bus or store, net). Fence
        and flow show what changed, the largest change first, MWh and t alike.

    Raises
    ------
    ValueError
        The horizons or currencies differ, so the totals cannot be compared.
    """
    if a.facts["horizon_s"] != b.facts["horizon_s"]:
        raise ValueError(
            f"horizons differ: {a.facts['horizon_s']} s and {b.facts['horizon_s']} s; "
            "run both over the same time"
        )
    if a.facts["currency"] != b.facts["currency"]:
        raise ValueError(f"currencies differ: {a.facts['currency']} and {b.facts['currency']}")
    left, right = a.facts["variant"] or a.facts["park"], b.facts["variant"] or b.facts["park"]
    if left == right:
        left, right = f"{left} (a)", f"{right} (b)"
    rows = [_figure(name, a, b, left, right) for name in FIGURES]
    for kind, of in (("fence", _fence), ("flow", _flows)):
        both = pd.concat({left: of(a), right: of(b)}, axis=1).fillna(0.0).sort_index()
        both["change"] = both[right] - both[left]
        size = both[[left, right]].abs().max(axis=1)
        both = both[both["change"].abs() > threshold * size.clip(lower=1e-6)]
        both = both.sort_values("change", ascending=False, kind="stable", key=np.abs)
        for (name, unit), row in zip(both.index, both.to_dict("records"), strict=True):
            rows.append({"name": name, "kind": kind, "unit": unit} | row)
    return pd.DataFrame(rows).set_index("name")


def _figure(name: str, a: Run, b: Run, left: str, right: str) -> dict[str, Any]:
    first, second = a.summary[name], b.summary[name]
    units = {"cost": a.facts["currency"], "events": ""}
    return {
        "name": name.removesuffix("_MWh").removesuffix("_tCO2"),
        "kind": "figure",
        "unit": units.get(name, "t" if name.endswith("tCO2") else "MWh"),
        left: first,
        right: second,
        "change": second - first,
    }


def _fence(run: Run) -> pd.Series:
    """Net amount of each carrier that left the park [MWh or t]."""
    entries = run.ledger.entries
    outside = entries[entries["role"] == "outside"]
    return outside.groupby(["carrier", "unit"])["amount"].sum()


def _flows(run: Run) -> pd.Series:
    """Net amount each component gave to each bus or store [MWh or t]."""
    entries = run.ledger.entries
    inside = entries[entries["role"] != "outside"]
    name = inside["component"] + " -> " + inside["place"]
    return inside.groupby([name, inside["unit"]])["amount"].sum()
