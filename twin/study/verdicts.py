"""What a claim's figure is worth: the verdicts, the three cases of near, and how both are found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

VERDICTS = {
    "reproduced": "the figure lies within the tolerance of its class",
    "near": "within twice the tolerance, or true by some methods only, or only bounds are known "
    "and they hold; which of the three stands in the reason",
    "differs": "beyond that, but no law forbids it",
    "impossible": "beyond what the law or balance named allows, by more than the tolerance",
    "undecided": "a datum is missing, and it is named",
    "calibrated": "the scenario was fitted to this claim, so agreement proves nothing",
    "as published": "an input that the run depends on stands in the scenario as the paper has it",
    "recorded": "an input that no flow depends on is noted in the scenario's context; nothing "
    "is tested but that it was copied rightly",
    "absent": "an input that is itself a result, so no parameter could hold it",
}
WHY = {
    "within": "within the tolerance",
    "twice": "within twice the tolerance",
    "methods": "true by some methods only",
    "bounds": "only bounds are known, and they hold",
    "missed": "the scenario was fitted to it, and it is missed all the same",
    "": "the verdict says all",
}
"""What stands behind a verdict, in one word; the three cases of near, and fits that fail."""


def judge(published: float, simulated: float, qualifier: str, tolerance: str) -> str:
    """Reproduced, near or differs: within the tolerance, within twice of it, or beyond.

    Parameters
    ----------
    published, simulated : float
        In one unit.
    qualifier : {"", "approx", ">=", "<="}
        A published bound is missed on one side only.
    tolerance : str
        "15 %" of the published figure, "5 points", or "10 K".
    """
    width, unit = tolerance.split()
    off = simulated - published
    off = -off if qualifier == ">=" else off if qualifier == "<=" else abs(off)
    allowed = float(width) * (abs(published) / 100.0 if unit == "%" else 1.0)
    # Rounding of a conversion is no deviation.
    rounding = 1e-9 * max(abs(published), abs(simulated))
    if off <= allowed + rounding:
        return "reproduced"
    return "near" if off <= 2.0 * allowed + rounding else "differs"


def agreed(found: set[str]) -> tuple[str, str]:
    """Verdict and reason of several methods: what all say, or near if only some reproduce it."""
    if found == {"reproduced"}:
        return "reproduced", "within"
    if found == {"near"}:
        return "near", "twice"
    return ("near", "methods") if "reproduced" in found else ("differs", "")


def apart(
    published: float, simulated: float, unit: str, *, qualifier: str = "", tolerance: str
) -> str:
    """How far a figure lies from the published one, in words, in the unit of the tolerance.

    Parameters
    ----------
    published, simulated : float
        In `unit`.
    unit : str
        Of the published figure.
    qualifier, tolerance : str
        As in `judge`; of a published bound only the side that it excludes counts.
    """
    measure = tolerance.split()[1]
    off = simulated - published
    if measure == "%" and published:
        off *= 100.0 / abs(published)
    elif measure == "%":
        return f"{shown(simulated, unit)} instead of nothing"
    one_sided = qualifier in (">=", "<=")
    if (qualifier == ">=" and off >= 0) or (qualifier == "<=" and off <= 0):
        return "within the published bound"
    if abs(off) < 0.05:
        return "as published"
    far = f"{abs(off):.1f} {measure} {'above' if off > 0 else 'below'}"
    return f"{far} the published {'bound' if one_sided else 'figure'}"


def fitted_to(source: str) -> list[str]:
    """Claims that a source of the form `calibrated: ID, ID` names."""
    word, _, rest = source.partition(":")
    return re.split(r"[,;\s]+", rest.strip()) if word == "calibrated" else []


def calibrations(scenario: Mapping[str, Any]) -> dict[str, str]:
    """Claim id to the parameter of a component or event that says `calibrated: ID`."""
    found: dict[str, str] = {}

    def look(value: Any, owner: str) -> None:
        if isinstance(value, dict):
            for id_ in fitted_to(str(value.get("source", ""))):
                found[id_] = owner
            for key, item in value.items():
                look(item, f"{owner}.{key}" if owner else str(key))

    look(scenario.get("components", {}), "")
    look({event["name"]: event for event in scenario.get("events", [])}, "events")
    return found


def shown(value: float, unit: str) -> str:
    """A number for readers: three digits, thousands apart; a plain one may be a year."""
    plain = unit in ("", "1")
    if abs(value) >= 9_999.5:
        digits = f"{float(f'{value:.4g}'):,.0f}"
    elif abs(value) >= 999.5:
        digits = f"{value:.0f}" if plain else f"{value:,.0f}"
    else:
        digits = f"{value:.3g}"
    return digits if plain else f"{digits} {unit}"
