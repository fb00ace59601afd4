"""The audit: every published claim against a run, with a verdict that is computed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twin.scenario.errors import Problem, ScenarioError
from twin.study.claims import Claim, of_park
from twin.study.figures import Figure, FigureError, evaluate, quantity
from twin.study.measures import Measures

if TYPE_CHECKING:
    import pandas as pd

VERDICTS = {
    "reproduced": "the figure lies within the tolerance of its class",
    "near": "within twice the tolerance; or true by some methods only; or only bounds are known "
    "and they hold",
    "differs": "beyond that, but no law forbids it",
    "impossible": "beyond what the law or balance named allows, by more than the tolerance",
    "undecided": "a datum is missing, and it is named",
    "calibrated": "the scenario was fitted to this claim, so agreement proves nothing",
    "as published": "an input that stands in the scenario as the paper has it",
    "absent": "an input that the scenario has no place for",
}
COLUMNS = ("id", "park", "what", "published", "simulated", "unit", "verdict", "reason")


@dataclass(frozen=True)
class Audited:
    """A claim with its verdict.

    Attributes
    ----------
    claim : Claim
    published, simulated : float
        In the claim's unit; NaN where nothing is simulated.
    verdict : str
        A key of `VERDICTS`.
    reason, paragraph : str
    """

    claim: Claim
    published: float
    simulated: float
    verdict: str
    reason: str
    paragraph: str = ""


def audit(
    park: str | None = None, *, seed: int = 1, changes: Mapping[str, object] | None = None
) -> pd.DataFrame:
    """Hold the published figures of a park against a simulated year.

    Parameters
    ----------
    park : str, optional
        A shipped park; its other eras are audited with it. All parks by default.
    seed : int
        Of weather and events.
    changes : mapping of str to object, optional
        Overrides for every scenario that is run, such as `site.weather`.

    Returns
    -------
    DataFrame
        id, park (the scenario it was tested on), what, published, simulated, unit, verdict, reason.

    Raises
    ------
    ScenarioError
        The park has no claims, or one names what the run does not have.
    """
    import pandas as pd

    rows = [
        (c.id, c.run, c.what, a.published, a.simulated, c.unit, a.verdict, a.reason)
        for a in audited(park, seed=seed, changes=changes)
        for c in [a.claim]
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def audited(
    park: str | None = None, *, seed: int = 1, changes: Mapping[str, object] | None = None
) -> list[Audited]:
    """The same as `audit`, with the claims themselves and the paragraphs."""
    from twin.scenario.park import load
    from twin.simulate import simulate

    listed = of_park(park)
    # A park outside those shipped is found by its path, its eras by their names.
    own = {} if park is None else {load(park).folder.name: park}
    runs: dict[str, Measures] = {}

    def run_of(name: str) -> Measures:
        if name not in runs:
            base, _, variant = name.partition("/")
            scenario = load(own.get(base, base))
            scenario = scenario.variant(variant) if variant else scenario
            runs[name] = Measures(
                simulate(scenario.override(changes, name=scenario.label), seed=seed)
                if changes
                else simulate(scenario, seed=seed)
            )
        return runs[name]

    return [examine(claim, run_of(claim.run), run_of) for claim in listed]


def examine(
    claim: Claim, measures: Measures, run_of: Callable[[str], Measures] | None = None
) -> Audited:
    """Put a claim to its test on a run.

    Parameters
    ----------
    claim : Claim
    measures : Measures
        Of the run of the claim's own era.
    run_of : callable, optional
        Name of another era to its measures.

    Raises
    ------
    ScenarioError
        An expression of the claim cannot be evaluated on this run; names file, line and reason.
    """
    try:
        return _Test(claim, measures, run_of).result()
    except FigureError as error:
        raise ScenarioError([Problem(claim.mark, f"claim {claim.id}: {error}")]) from None


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


def calibrations(scenario: Mapping[str, Any]) -> dict[str, str]:
    """Claim id to the component whose parameter says `calibrated: ID`."""
    found: dict[str, str] = {}

    def look(value: Any, owner: str) -> None:
        if isinstance(value, dict):
            text = str(value.get("source", ""))
            if text.startswith("calibrated:"):
                for id_ in re.split(r"[,;\s]+", text.partition(":")[2].strip()):
                    found[id_] = owner
            for key, item in value.items():
                look(item, f"{owner}.{key}" if owner else str(key))

    look(scenario.get("components", {}), "")
    return found


def shown(value: float, unit: str) -> str:
    """A number for readers: three digits, thousands apart."""
    if abs(value) >= 9_999.5:
        value = float(f"{value:.4g}")
    digits = f"{value:,.0f}".replace(",", " ") if abs(value) >= 999.5 else f"{value:.3g}"
    return digits if unit in ("", "1") else f"{digits} {unit}"


@dataclass(frozen=True)
class _Test:
    claim: Claim
    measures: Measures
    run_of: Callable[[str], Measures] | None

    def number(self, text: str, park: str = "") -> float:
        """An expression in the claim's unit, over the run of a park or its own."""
        return self.figure(text, park).to(self.claim.unit)

    def figure(self, text: str, park: str = "", **more: Figure) -> Figure:
        if park and self.run_of is None:
            raise FigureError(f"there is no run of '{park}' here")
        measures = self.run_of(park) if park and self.run_of is not None else self.measures
        return evaluate(text, measures.calls(), self.numbers | more, self.claim.let)

    @property
    def numbers(self) -> dict[str, Figure]:
        return {name: quantity(value) for name, (value, _) in self.claim.numbers.items()}

    def result(self) -> Audited:
        claim = self.claim
        unit = claim.unit
        published = quantity(claim.published).value
        words: list[str] = []
        simulated, verdict = self._compared(published, words)
        bound, broken = self._broken(published)
        if broken:
            verdict = "impossible"
            words = [f"breaks {claim.breaks}: {broken} {shown(bound, unit)} is possible"]
            if not math.isnan(simulated):
                words.append(f"the run gives {shown(simulated, unit)}")
        elif claim.most or claim.least:
            limits = [
                f"{word} {shown(self.number(text), unit)}"
                for word, text in (("at least", claim.least), ("at most", claim.most))
                if text
            ]
            words.append(f"{claim.breaks} allows {' and '.join(limits)}")
            if math.isnan(simulated) and not claim.undecided:
                verdict = "near"
        verdict = self._calibrated(verdict, words)
        words += [
            f"in {park} {shown(self.number(text, park), unit)}"
            for park, text in claim.elsewhere.items()
        ]
        reason = ". ".join(part for part in ("; ".join(words), self.filled(claim.reason)) if part)
        return Audited(claim, published, simulated, verdict, reason, self.filled(claim.paragraph))

    def _compared(self, published: float, words: list[str]) -> tuple[float, str]:
        claim, unit = self.claim, self.claim.unit
        if claim.absent:
            words.append(claim.absent)
            return math.nan, "absent"
        text = claim.figure or claim.arithmetic
        simulated, verdict = math.nan, "undecided"
        if claim.arithmetic:  # may not look at the run
            simulated = evaluate(claim.arithmetic, {}, self.numbers).to(unit)
        elif text:
            simulated = self.number(text)
        if text:
            verdict = judge(published, simulated, claim.qualifier, claim.allowance)
            words.append(_apart(published, simulated, claim))
        if claim.methods:
            values = {name: self.number(way) for name, way in claim.methods.items()}
            found = {judge(published, v, claim.qualifier, claim.allowance) for v in values.values()}
            verdict = _agreed(found)
            low, high = min(values.values()), max(values.values())
            simulated = next(iter(values.values()))
            ways = ", ".join(f"{name} {shown(v, unit)}" for name, v in values.items())
            words.append(f"{shown(low, '')} to {shown(high, unit)} by method: {ways}")
            if claim.decides:
                words.append(f"what decides is {claim.decides}")
        if claim.kind == "input" and verdict in ("reproduced", "near"):
            verdict = "as published" if verdict == "reproduced" else "differs"
        if claim.undecided:
            words.append(f"missing: {claim.undecided}")
            verdict = "undecided"
        return simulated, verdict

    def _broken(self, published: float) -> tuple[float, str]:
        """The bound that the claim breaks by more than its tolerance, if it does."""
        claim = self.claim
        if claim.most and claim.qualifier != "<=":
            most = self.number(claim.most)
            if judge(most, published, "<=", claim.allowance) != "reproduced":
                return most, "at most"
        if claim.least and claim.qualifier != ">=":
            least = self.number(claim.least)
            if judge(least, published, ">=", claim.allowance) != "reproduced":
                return least, "at least"
        return math.nan, ""

    def _calibrated(self, verdict: str, words: list[str]) -> str:
        """A claim that the scenario was fitted to is not counted as reproduced."""
        path = calibrations(self.measures.scenario).get(self.claim.id, "")
        if not path and self.claim.calibrated:
            self.figure(f"parameter({self.claim.calibrated})")
            path = self.claim.calibrated
        if not path or verdict not in ("reproduced", "near"):
            return verdict
        words.append(f"{path} is fitted to it")
        return "calibrated"

    def filled(self, text: str) -> str:
        """The text with each {name} replaced by the figure it stands for."""

        def put(match: re.Match[str]) -> str:
            name = match[1]
            if name not in self.claim.show:
                raise FigureError(f"'{{{name}}}' is not among the figures to show")
            expression, unit, *park = self.claim.show[name]
            published = quantity(self.claim.published)  # may be shown, never tested with
            return shown(self.figure(expression, *park, published=published).to(unit), unit)

        return re.sub(r"\{(\w+)\}", put, " ".join(text.split()))


def _agreed(found: set[str]) -> str:
    """One verdict for several methods: what all say, or near if only some reproduce it."""
    if len(found) == 1:
        return next(iter(found))
    return "near" if "reproduced" in found else "differs"


def _apart(published: float, simulated: float, claim: Claim) -> str:
    """How far the figure lies from the published one, in the unit of its tolerance."""
    unit = claim.allowance.split()[1]
    off = simulated - published
    if unit == "%" and published:
        off *= 100.0 / abs(published)
    elif unit == "%":
        return f"{shown(simulated, claim.unit)} instead of nothing"
    if abs(off) < 0.05:
        return "as published"
    return f"{abs(off):.1f} {unit} {'above' if off > 0 else 'below'} the published figure"
