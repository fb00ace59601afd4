"""What the README of a park tells: a text with names in place of figures, and what they mean.

`story.md` beside a `park.yaml` is the README with names in braces:

    {pv}               a figure of figures.yaml with its unit; {pv.number} without
    {ID}               the verdict of the audit on a claim; {ID.twin} what the twin gives,
    {ID.NAME}          one of the figures that the claim shows
    {network}          the picture
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ruamel.yaml import YAML

from twin.results import Run
from twin.scenario.park import load, shipped_folder
from twin.simulate import simulate
from twin.study.audit import Audited, examine
from twin.study.claims import Claim, of_park
from twin.study.figures import evaluate, quantity
from twin.study.measures import Measures
from twin.study.verdicts import shown

NAME = re.compile(r"\{([\w.-]+)\}")
BASE = ""
"""Name of the run that the README is about: the park as shipped."""


@dataclass(frozen=True)
class KeyFigure:
    """A figure of the README.

    Attributes
    ----------
    figure : str
        Expression in the language of the audit.
    unit, run : str
        `run` is a key of `runs`; empty for the park as shipped.
    digits : int
        Significant ones.
    expect, within, because : str
        What it should be by other knowledge than the twin's, how far it may be off ("10 %" or
        "3 points"), and where that comes from. With them it is a key figure that a test holds.
    """

    figure: str
    unit: str = ""
    run: str = BASE
    digits: int = 3
    expect: str = ""
    within: str = ""
    because: str = ""


@dataclass
class Story:
    """What the README of a park tells, with its runs.

    Attributes
    ----------
    name : str
    by : {"component", "owner"}
        What is a box of the picture.
    numbers : dict
        Name to `{value, source}` of what the expressions use and no scenario holds.
    let : dict
        Expressions by name, besides those of the claims.
    runs : dict
        Name to `{variant, set, seed}`.
    figures : dict
    """

    name: str
    by: Any
    numbers: dict[str, dict[str, Any]]
    let: dict[str, str]
    runs: dict[str, dict[str, Any]]
    figures: dict[str, KeyFigure]
    made: dict[str, Run] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, name: str) -> Story:
        """The story of a shipped park, from its `figures.yaml`."""
        path = shipped_folder() / name / "figures.yaml"
        given = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
        unknown = set(given) - {"picture", "numbers", "let", "runs", "figures"}
        if unknown:
            raise ValueError(f"{path.name} of {name}: unknown {', '.join(sorted(unknown))}")
        figures = {key: KeyFigure(**spec) for key, spec in given.get("figures", {}).items()}
        by = given.get("picture", "component")
        numbers, let, runs = (given.get(key, {}) for key in ("numbers", "let", "runs"))
        return cls(name, by, numbers, let, runs, figures)

    def run(self, name: str = BASE) -> Run:
        """A year of the park, as shipped or as `runs` has it; "park/variant" is another era."""
        if name not in self.made:
            how = self.runs.get(name, {})
            base, _, variant = name.partition("/")
            own = name == BASE or name in self.runs
            park = load(self.name if own else base)
            variant = how.get("variant", "") if own else variant
            park = park.variant(variant) if variant else park
            park = park.override(how["set"]) if "set" in how else park
            self.made[name] = simulate(park, seed=how.get("seed", 1))
        return self.made[name]

    def measures(self, name: str) -> Measures:
        """What may be asked of one of the runs."""
        return Measures(self.run(BASE if name == self.name else name))

    @cached_property
    def claims(self) -> list[Claim]:
        """Claims about this scenario and its variants."""
        return [claim for claim in of_park(self.name) if claim.park == self.name]

    @cached_property
    def audit(self) -> dict[str, Audited]:
        """The verdicts on them."""
        return {c.id: examine(c, self.measures(c.run), self.measures) for c in self.claims}

    def value(self, key: str) -> float:
        """A figure, in its unit."""
        spec = self.figures[key]
        let = {**(self.claims[0].let if self.claims else {}), **self.let}
        numbers = {name: quantity(number["value"]) for name, number in self.numbers.items()}
        found = evaluate(spec.figure, self.measures(spec.run).calls(), numbers, let)
        return found.to(spec.unit)

    def said(self, name: str) -> str:
        """What stands in place of a name in braces.

        Raises
        ------
        ValueError
            There is no figure and no claim of this name.
        """
        if name == "network":
            return f"```mermaid\n{self.run().diagram(self.by)}```"
        head, _, part = name.partition(".")
        if head in self.figures:
            spec = self.figures[head]
            text = number(self.value(head), spec.digits)
            return text if part == "number" or spec.unit in ("", "1") else f"{text} {spec.unit}"
        if head not in self.audit:
            raise ValueError(f"the story of {self.name} names '{name}', which is nowhere")
        found = self.audit[head]
        if not part:
            return found.verdict
        if part == "twin":
            return shown(found.simulated, found.claim.unit)
        alone = replace(found.claim, reason="", paragraph=f"{{{part}}}")
        return examine(alone, self.measures(alone.run), self.measures).paragraph

    def readme(self) -> str:
        """The README: the story with every figure measured."""
        text = (shipped_folder() / self.name / "story.md").read_text("utf-8")
        return NAME.sub(lambda match: self.said(match[1]), text)


def number(value: float, digits: int) -> str:
    """A number for readers: significant digits, thousands apart."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits}g}")
    if abs(rounded) >= 1000:
        return f"{rounded:,.0f}"
    text = f"{rounded:#.{digits}g}".rstrip(".")
    if "e" not in text:
        return text
    return f"{rounded:.0f}" if abs(rounded) >= 1 else f"{rounded:.{digits}g}"


def held(value: float, spec: KeyFigure) -> bool:
    """Whether a key figure lies where other knowledge has it."""
    width, unit = spec.within.split()
    expected = quantity(spec.expect).to(spec.unit)
    allowed = float(width) * (abs(expected) / 100.0 if unit == "%" else 1.0)
    return abs(value - expected) <= allowed
