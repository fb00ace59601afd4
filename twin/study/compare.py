"""What changed between two runs, figure by figure and flow by flow."""

from __future__ import annotations

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
        Rows: the figures of the summary, then what each component exchanged with each bus or the
        outside and which changed, largest change of its unit first. Columns: kind, unit, one per
        run (its variant, or a and b), change.

    Raises
    ------
    ValueError
        The horizons differ, so the totals cannot be compared.
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
    flows = pd.concat({left: _amounts(a), right: _amounts(b)}, axis=1).fillna(0.0)
    flows["change"] = flows[right] - flows[left]
    size = flows[[left, right]].abs().max(axis=1)
    flows = flows[flows["change"].abs() > threshold * size.clip(lower=1e-6)]
    order = flows["change"].abs().sort_values(ascending=False, kind="stable").index
    for key in order:
        component, place, unit = key
        rows.append(
            {
                "name": f"{component} -> {place}",
                "kind": "flow",
                "unit": unit,
                left: flows.at[key, left],
                right: flows.at[key, right],
                "change": flows.at[key, "change"],
            }
        )
    return pd.DataFrame(rows).set_index("name")


def _figure(name: str, a: Run, b: Run, left: str, right: str) -> dict[str, object]:
    first, second = a.summary[name], b.summary[name]
    units = {"cost": a.facts["currency"], "events": ""}
    unit = units.get(name, "t" if name.endswith("tCO2") else "MWh")
    return {
        "name": name.removesuffix("_MWh").removesuffix("_tCO2"),
        "kind": "figure",
        "unit": unit,
        left: first,
        right: second,
        "change": second - first,
    }


def _amounts(run: Run) -> pd.Series:
    """Net amount each component gave to each place [MWh or t]."""
    entries = run.ledger.entries
    place = entries["place"].where(entries["role"] != "outside", "outside:" + entries["place"])
    return entries.groupby([entries["component"], place, entries["unit"]])["amount"].sum()
