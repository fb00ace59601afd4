"""The tests of a green direct line, from metered series: NDRC Energy [2025] No. 650."""

from __future__ import annotations

from twin.accounts.entries import TINY
from twin.accounts.evidence import Evidence, Value, quotient


def self_used_of_generation(e: Evidence) -> Value:
    """Green direct line: used at the user, of what the plant made."""
    return _line(e, "sum u / sum g", "generation")


def self_used_of_demand(e: Evidence) -> Value:
    """Green direct line: used at the user, of the user's demand."""
    return _line(e, "sum u / sum d", "demand")


def exported_of_generation(e: Evidence) -> Value:
    """Green direct line: sold to the public grid, of what the plant made."""
    return _line(e, "sum x / sum g", "export")


def _line(e: Evidence, formula: str, what: str) -> Value:
    """Tests from hourly series; g is non-fossil power, x its export, u the rest."""
    p = e.power
    boundary = "non-fossil plant on site or on a direct line, hour by hour"
    plants = [(g.flow, g.amount * g.non_fossil) for g in p.generation if g.non_fossil > 0]
    plants += [(u.flow, u.amount) for u in p.imports if u.component in p.direct_lines]
    made = sum(amount for _, amount in plants)
    if made <= TINY:
        return Value(float("nan"), formula, boundary, missing="generation of a direct line")
    sold = p.direct_exported_MWh
    if what == "export":
        rows = [(name, 0.0, amount) for name, amount in plants]
        rows += [
            (u.flow, u.amount * sold / max(float(p.exported.sum()), TINY), 0.0) for u in p.exports
        ]
    elif what == "generation":
        rows = [(name, amount, amount) for name, amount in plants]
        rows += [
            (u.flow, -u.amount * sold / max(float(p.exported.sum()), TINY), 0.0) for u in p.exports
        ]
    else:
        rows = [(name, amount, amount) for name, amount in plants]
        rows += [
            (g.flow, 0.0, g.amount * (1 - g.non_fossil)) for g in p.generation if g.non_fossil < 1
        ]
        rows += [(u.flow, 0.0, u.amount) for u in p.imports if u.component not in p.direct_lines]
        total = max(float(p.exported.sum()), TINY)
        rows += [(u.flow, -u.amount * sold / total, -u.amount) for u in p.exports]
    note = "plant on site is counted as if on a direct line"
    return quotient(rows, formula, boundary, "electricity demand", "verified", note)
