"""Published claims about a park, as data: the number, where it stands, and how to test it.

`claims.yaml` lies beside a `park.yaml`. It holds numbers and expressions (`twin.study.figures`),
never the words of the paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.scenario.errors import Mark, Problem, ScenarioError, did_you_mean
from twin.scenario.read import Value, read
from twin.study.figures import FigureError, quantity

if TYPE_CHECKING:
    import pandas as pd

FILE = "claims.yaml"
KINDS = ("simulate", "arithmetic", "input")
QUALIFIERS = ("", "approx", ">=", "<=")
TOLERANCES = {
    "default": "15 %",
    "pv": "10 %",
    "wind": "15 %",
    "share": "5 points",
    "temperature": "10 K",
    "input": "0.5 %",
}
"""How far a simulated figure may lie from the published one and still reproduce it. A claim
chooses a class and cannot bring a number of its own, so that no tolerance is made to fit."""

_TESTS = ("figure", "arithmetic", "methods", "most", "least", "undecided", "absent")


@dataclass(frozen=True)
class Claim:
    """One published number and the test it is put to.

    Attributes
    ----------
    id, park, what : str
        `park` is the scenario it is tested on.
    variant : str
        Of that scenario; empty for the park itself.
    kind : {"simulate", "arithmetic", "input"}
    published : str
        Number and unit; amounts are those of a year.
    qualifier : {"", "approx", ">=", "<="}
    section : str
        Where the paper says it.
    figure, arithmetic : str
        Expression over the run, or over stated numbers only.
    methods : mapping of str to str
        The figure by each method that the claim leaves open; `decides` names the assumption.
    most, least : str
        What a law or a balance allows; `breaks` names it.
    undecided, absent : str
        The missing datum; why an input has no place in the scenario.
    calibrated : str
        Key of the scenario that was derived from this very claim.
    tolerance : str
        A key of `TOLERANCES`.
    numbers : mapping of str to (str, str)
        Quantity and source of what the expressions name.
    let : mapping of str to str
        Named expressions of the file.
    elsewhere : mapping of str to str
        The same figure in other scenarios of this park.
    show : mapping of str to tuple of str
        Expression and unit, and another scenario if it is not the claim's own, of the figures
        that `reason` and `paragraph` name in braces.
    reason, paragraph : str
        A sentence, and for hard cases a paragraph.
    mark : Mark
        Place in the file.
    """

    id: str
    park: str
    what: str
    kind: str
    published: str
    section: str
    mark: Mark
    variant: str = ""
    qualifier: str = ""
    figure: str = ""
    arithmetic: str = ""
    methods: Mapping[str, str] = field(default_factory=dict)
    decides: str = ""
    most: str = ""
    least: str = ""
    breaks: str = ""
    undecided: str = ""
    absent: str = ""
    calibrated: str = ""
    tolerance: str = ""
    numbers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    let: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    show: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reason: str = ""
    paragraph: str = ""

    @property
    def run(self) -> str:
        """Name of the scenario it is tested on: a park, or "park/variant"."""
        return f"{self.park}/{self.variant}" if self.variant else self.park

    @property
    def unit(self) -> str:
        """Unit of the published number; empty for a plain number."""
        return self.published.strip().partition(" ")[2].strip()

    @property
    def tests(self) -> tuple[str, ...]:
        """Every expression that its verdict hangs on."""
        texts = (self.figure, self.arithmetic, *self.methods.values(), self.most, self.least)
        return tuple(text for text in texts if text)

    @property
    def formula(self) -> str:
        """What is computed, in one line."""
        parts = [self.figure or self.arithmetic]
        parts += [f"{name}: {text}" for name, text in self.methods.items()]
        parts += [f"at most {self.most}"] if self.most else []
        parts += [f"at least {self.least}"] if self.least else []
        return "; ".join(" ".join(part.split()) for part in parts if part)

    @property
    def allowance(self) -> str:
        """The tolerance as text, by its class or by the unit."""
        if self.kind == "input":
            return TOLERANCES["input"]
        units = {"%": "share", "degC": "temperature"}
        return TOLERANCES[self.tolerance or units.get(self.unit, "default")]


def claims(park: str | None = None) -> pd.DataFrame:
    """The published claims about a park, or about all shipped parks.

    Returns
    -------
    DataFrame
        id, park, what, kind, published, unit, qualifier, tolerance, section, formula, numbers
        (name = value: source).

    Raises
    ------
    ScenarioError
        The park or its claims cannot be read.
    """
    import pandas as pd

    rows = [
        {
            "id": claim.id,
            "park": claim.park,
            "what": claim.what,
            "kind": claim.kind,
            "published": quantity(claim.published).value,
            "unit": claim.unit,
            "qualifier": claim.qualifier,
            "tolerance": claim.allowance,
            "section": claim.section,
            "formula": claim.formula,
            "numbers": "; ".join(f"{n} = {v} ({s})" for n, (v, s) in claim.numbers.items()),
        }
        for claim in of_park(park)
    ]
    return pd.DataFrame(rows)


def of_park(name: str | None = None) -> list[Claim]:
    """Claims about a shipped park and about its other eras; all of them without a name.

    Raises
    ------
    ScenarioError
        There is no such park, it has no claims, or their file has faults.
    """
    from twin.scenario.park import load, shipped, shipped_folder

    if name is None:
        folders = [shipped_folder() / each for each in shipped()]
        return [c for f in folders if (f / FILE).is_file() for c in read_claims(f / FILE)[0]]
    folder = load(name).folder
    found, eras = read_claims(folder / FILE)
    for era in eras:
        found += read_claims(folder.parent / era / FILE)[0]
    return sorted(found, key=lambda claim: claim.id)


def read_claims(path: Path) -> tuple[list[Claim], list[str]]:
    """Claims of a file, and the other eras of the same park.

    Raises
    ------
    ScenarioError
        With all that is wrong, each at its line.
    """
    tree, problems = read(path), list[Problem]()
    eras, named, listed = tree.get("eras"), tree.get("let"), tree.get("claims")
    let = {str(k): str(v) for k, v in named.plain().items()} if named is not None else {}
    _unknown(problems, tree, ("eras", "let", "claims"), "the file of claims")
    if listed is None or not isinstance(listed.data, dict):
        raise ScenarioError([Problem(tree.mark, "the file lacks 'claims:', a mapping by id")])
    published = {
        id_: str(row.data["published"].plain())
        for id_, row in listed.data.items()
        if row.get("published") is not None
    }
    found = []
    for id_, row in listed.data.items():
        claim = _claim(problems, id_, row, listed.key(id_), published, path.parent.name)
        if claim is not None:
            found.append(replace(claim, let=let))
    if problems:
        raise ScenarioError(problems)
    return found, [str(era) for era in (eras.plain() if eras is not None else [])]


def _claim(
    problems: list[Problem],
    id_: str,
    row: Value,
    mark: Mark,
    published: Mapping[str, str],
    park: str,
) -> Claim | None:
    before = len(problems)
    keys = [k for k in Claim.__dataclass_fields__ if k not in ("id", "park", "mark", "let")]
    if not isinstance(row.data, dict):
        problems.append(Problem(mark, f"claim {id_} needs a mapping of keys to values"))
        return None
    _unknown(problems, row, keys, f"claim {id_}")
    given: dict[str, Any] = {k: v for k, v in row.plain().items() if k in keys}

    def fault(key: str, message: str, mend: str = "") -> None:
        problems.append(Problem(row.key(key) if key in row.keys else mark, message, mend=mend))

    for key in ("what", "kind", "published", "section"):
        if key not in given:
            fault(key, f"claim {id_} lacks '{key}'", f"add '{key}: ...'")
    choices = {"kind": KINDS, "qualifier": QUALIFIERS, "tolerance": tuple(TOLERANCES)}
    for key, known in choices.items():
        if key in given and given[key] not in known:
            fault(key, f"{key} of {id_} is '{given[key]}'", f"write one of {', '.join(known)}")
    if not any(key in given for key in _TESTS):
        fault("what", f"claim {id_} is not put to any test", f"give one of {', '.join(_TESTS)}")
    if ("most" in given or "least" in given) != ("breaks" in given):
        fault("most", f"claim {id_} needs a bound and the law it comes from", "add 'breaks: ...'")
    if "published" in given:
        given["published"] = str(given["published"])
        try:
            quantity(given["published"])
        except FigureError as error:
            fault("published", f"published of {id_}: {error}")
    numbers = {}
    for name, number in given.get("numbers", {}).items():
        if number == id_:
            fault("numbers", f"{id_} is tested with its own number", "name another source")
        elif isinstance(number, str) and number in published:
            numbers[name] = (published[number], f"published: {number}")
        elif isinstance(number, dict) and {"value", "source"} <= number.keys():
            numbers[name] = (str(number["value"]), str(number["source"]))
        else:
            mend = "write {value: 5 kg/t, source: ...} or the id of another claim of this file"
            fault("numbers", f"number '{name}' of {id_} has no value and source", mend)
    given["numbers"] = numbers
    for name, pair in given.get("show", {}).items():
        if not (isinstance(pair, list) and len(pair) in (2, 3)):
            fault("show", f"'{name}' of {id_} needs [expression, unit] or [expression, unit, park]")
    given["show"] = {n: tuple(str(part) for part in p) for n, p in given.get("show", {}).items()}
    for key in ("methods", "elsewhere"):
        given[key] = {str(k): str(v) for k, v in given.get(key, {}).items()}
    for key in ("figure", "arithmetic", "most", "least"):
        given[key] = str(given.get(key, ""))
    if len(problems) > before:
        return None
    return Claim(id=id_, park=park, mark=mark, **given)


def _unknown(problems: list[Problem], value: Value, known: Any, owner: str) -> None:
    for key in value.data if isinstance(value.data, dict) else ():
        if key not in known:
            expected = f"Keys: {', '.join(known)}. {did_you_mean(key, known)}".rstrip()
            message = f"unknown key '{key}' of {owner}"
            problems.append(Problem(value.key(key), message, expected, "correct or delete the key"))
