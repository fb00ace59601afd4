"""The audit: every published claim against a run, with a verdict that is computed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.scenario.errors import Problem, ScenarioError
from twin.study.claims import Claim, of_park
from twin.study.figures import Figure, FigureError, called, evaluate, quantity
from twin.study.measures import Measures
from twin.study.verdicts import WHY, agreed, apart, calibrations, fitted_to, judge, shown

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("id", "park", "what", "published", "simulated", "unit", "verdict", "why", "reason")


@dataclass(frozen=True)
class Audited:
    """A claim with its verdict.

    Attributes
    ----------
    claim : Claim
    published, simulated : float
        In the claim's unit; NaN where nothing is simulated.
    verdict : str
        A key of `twin.study.verdicts.VERDICTS`.
    reason, paragraph : str
    why : str
        A key of `twin.study.verdicts.WHY`.
    """

    claim: Claim
    published: float
    simulated: float
    verdict: str
    reason: str
    paragraph: str = ""
    why: str = ""


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
        id, park (the scenario it was tested on), what, published, simulated, unit, verdict, why,
        reason.

    Raises
    ------
    ScenarioError
        The park has no claims, or one names what the run does not have.
    """
    import pandas as pd

    rows = [
        (c.id, c.run, c.what, a.published, a.simulated, c.unit, a.verdict, a.why, a.reason)
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
        claim, unit = self.claim, self.claim.unit
        published = quantity(claim.published).value
        words: list[str] = []
        self._independent()
        simulated, verdict, why = self._compared(published, words)
        bound, broken = self._broken(published)
        if broken:
            verdict, why = "impossible", ""
            # What decides between methods decides nothing if none can be right.
            words = words[:1] if claim.methods else []
            if not claim.methods and not math.isnan(simulated):
                words = [f"the run gives {shown(simulated, unit)}"]
            words.insert(0, f"breaks {claim.breaks}: {broken} {shown(bound, unit)} is possible")
        elif claim.most or claim.least:
            limits = [
                f"{word} {shown(self.number(text), unit)}"
                for word, text in (("at least", claim.least), ("at most", claim.most))
                if text
            ]
            words.append(f"{claim.breaks} allows {' and '.join(limits)}")
            if math.isnan(simulated) and not claim.undecided:
                verdict, why = "near", "bounds"
        verdict, why = self._calibrated(verdict, why, words)
        if verdict == "near":
            words.insert(0, WHY[why])
        words += [
            f"in {park} {shown(self.number(text, park), unit)}"
            for park, text in claim.elsewhere.items()
        ]
        reason = ". ".join(part for part in ("; ".join(words), self.filled(claim.reason)) if part)
        paragraph = self.filled(claim.paragraph)
        return Audited(claim, published, simulated, verdict, reason, paragraph, why)

    def _independent(self) -> None:
        """A published figure noted in the scenario may not stand on the side of the test."""
        claim = self.claim
        if claim.kind != "input" and any("context" in self._calls(text) for text in claim.tests):
            mend = "name its claim among the numbers"
            raise FigureError(f"a figure of the context proves nothing; {mend}")

    def _calls(self, text: str) -> set[str]:
        return called(text, self.claim.let)

    def _compared(self, published: float, words: list[str]) -> tuple[float, str, str]:
        """The figure, its verdict and what is behind that; words are added to the reason."""
        claim, unit = self.claim, self.claim.unit
        if claim.absent:
            words.append(claim.absent)
            return math.nan, "absent", ""
        text = claim.figure or claim.arithmetic
        simulated, verdict, why = math.nan, "undecided", ""
        if claim.arithmetic:  # may not look at the run
            simulated = evaluate(claim.arithmetic, {}, self.numbers).to(unit)
        elif text:
            simulated = self.number(text)
        if text:
            verdict = judge(published, simulated, claim.qualifier, claim.allowance)
            why = {"reproduced": "within", "near": "twice"}.get(verdict, "")
            words.append(self._apart(published, simulated))
        if claim.methods:
            values = {name: self.number(way) for name, way in claim.methods.items()}
            found = {judge(published, v, claim.qualifier, claim.allowance) for v in values.values()}
            verdict, why = agreed(found)
            low, high = min(values.values()), max(values.values())
            simulated = next(iter(values.values()))
            ways = ", ".join(f"{name} {shown(v, unit)}" for name, v in values.items())
            words.append(f"{shown(low, '')} to {shown(high, unit)} by method: {ways}")
            if claim.decides:
                words.append(f"what decides is {claim.decides}")
        if claim.kind == "input" and verdict in ("reproduced", "near"):
            noted = any("context" in self._calls(each) for each in claim.tests)
            kept = "recorded" if noted else "as published"
            verdict, why = (kept if verdict == "reproduced" else "differs"), ""
            if verdict == "recorded":
                words[:] = ["no flow depends on it"]
        if claim.undecided:
            words.append(f"missing: {claim.undecided}")
            verdict, why = "undecided", ""
        return simulated, verdict, why

    def _apart(self, published: float, simulated: float) -> str:
        claim = self.claim
        return apart(
            published,
            simulated,
            claim.unit,
            qualifier=claim.qualifier,
            tolerance=claim.allowance,
        )

    def _broken(self, published: float) -> tuple[float, str]:
        """The bound that the claim breaks by more than its tolerance, if it does."""
        claim = self.claim
        if claim.most and claim.qualifier != "<=":
            most = self.number(claim.most)
            if judge(most, published, "<=", claim.allowance) != "reproduced":
                return most, "no more than"
        if claim.least and claim.qualifier != ">=":
            least = self.number(claim.least)
            if judge(least, published, ">=", claim.allowance) != "reproduced":
                return least, "no less than"
        return math.nan, ""

    def _calibrated(self, verdict: str, why: str, words: list[str]) -> tuple[str, str]:
        """A claim that the scenario was fitted to is not counted as reproduced."""
        fitted = self._fitted()
        if fitted and verdict in ("reproduced", "near"):
            words.append(f"{fitted} is fitted to it")
            return "calibrated", why
        if fitted and verdict in ("differs", "impossible"):
            words.append(f"{fitted} is fitted to it, and it is missed all the same")
            return verdict, "missed"
        return verdict, why

    def _fitted(self) -> str:
        """What was derived from this claim: a key of the scenario, or a number of its own."""
        claim = self.claim
        path = calibrations(self.measures.scenario).get(claim.id, "")
        if not path and claim.calibrated:
            self.figure(f"parameter({claim.calibrated})")
            path = claim.calibrated
        own = (name for name, (_, s) in claim.numbers.items() if claim.id in fitted_to(s))
        return path or next(own, "").replace("_", " ")

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
