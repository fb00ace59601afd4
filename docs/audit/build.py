"""Write docs/audit.md: every claim, its verdict, and how it was reached.

    python docs/audit/build.py

Runs every audited park for a year under three weathers, about two minutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from twin.study.audit import Audited, audited
from twin.study.claims import TOLERANCES
from twin.study.measures import MEASURES
from twin.study.verdicts import VERDICTS, WHY, shown

PAGE = Path(__file__).parents[1] / "audit.md"
SEEDS = (1, 2, 3)
WIDEST = 5
NEAR = {"twice": "within twice", "methods": "by method", "bounds": "bounds only"}
TESTED = (
    "reproduced",
    *(f"near, {case}" for case in NEAR.values()),
    "differs",
    "impossible",
    "undecided",
    "calibrated",
)
INPUTS = ("as published", "recorded", "differs", "absent")

TITLE = """\
# Audit of published figures

Written by `python docs/audit/build.py`; `twin audit [PARK]` prints the same verdicts.
"""

INTRODUCTION = """\
## How a verdict is made

The white paper on zero-carbon parks (零碳园区发展白皮书, by 荣续ESG智库研究中心, 2025) gives
figures of real parks. Each is held here against a simulated year (seed 1, 2025 calendar, 15
minutes), or against arithmetic on stated numbers. A claim brings an expression; the verdict is
computed from it. A park's README says what its scenario assumes. The link at each id leads to the
formula and the numbers behind its verdict, at the end of the page, and from there back.
"""


def page(runs: dict[int, list[Audited]]) -> str:
    """The page, from the audit of each seed; the first is the one that counts."""
    first = runs[SEEDS[0]]
    parks = {park: [a for a in first if a.claim.park == park] for park in _parks(first)}
    parts = [TITLE, _counts(first), INTRODUCTION, _rules()]
    parts += [_park(park, found) for park, found in parks.items()]
    parts += [_seeds(runs), _measures(), "# Formulas and numbers\n"]
    parts += [_formulas(park, found) for park, found in parks.items()]
    return "\n".join(parts).rstrip("\n") + "\n"


def _parks(found: Iterable[Audited]) -> list[str]:
    return sorted({a.claim.park for a in found})


def _is_tested(a: Audited) -> bool:
    return a.claim.kind != "input"


def _verdict(a: Audited) -> str:
    """The verdict, and of near which of its three cases."""
    return f"near, {NEAR[a.why]}" if a.verdict == "near" else a.verdict


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    head = list(head)
    lines = [" | ".join(head), "|".join(["---"] * len(head))]
    return [f"| {lines[0]} |", f"|{lines[1]}|", *(f"| {' | '.join(map(str, r))} |" for r in rows)]


def _counts(found: list[Audited]) -> str:
    tested = [a for a in found if _is_tested(a)]
    inputs = [a for a in found if not _is_tested(a)]
    lines = ["## Counts", "", f"{len(tested)} figures are tested:", ""]
    lines += _count(tested, TESTED)
    missed = ", ".join(_link(a) for a in tested if a.why == "missed")
    if missed:
        lines += ["", f"Fitted to the figure, and it is missed all the same: {missed}."]
    lines += ["", f"{len(inputs)} more are inputs:", "", *_count(inputs, INPUTS)]
    lines += [
        "",
        "*As published* are inputs that the run depends on. *Recorded* are figures that no flow",
        "depends on, such as an area: the scenario notes them, and nothing is shown by it but that",
        "they were copied rightly.",
        "",
    ]
    return "\n".join(lines)


def _count(found: list[Audited], verdicts: tuple[str, ...]) -> list[str]:
    by_park = {p: Counter(_verdict(a) for a in found if a.claim.park == p) for p in _parks(found)}
    by_park["all"] = sum(by_park.values(), Counter[str]())
    rows = [
        (park, *(count[verdict] or "" for verdict in verdicts), count.total())
        for park, count in by_park.items()
    ]
    return _table(("park", *verdicts, "in all"), rows)


def _rules() -> str:
    widths = ", ".join(f"{name} {width}" for name, width in TOLERANCES.items())
    lines = [*_table(("verdict", "meaning"), VERDICTS.items()), ""]
    lines += ["Near is one of three:", ""]
    lines += _table(("near", "meaning"), [(name, WHY[case]) for case, name in NEAR.items()])
    return "\n".join(
        [
            *lines,
            "",
            f"Tolerances by class: {widths}.",
            "A claim cannot bring its own. A published bound is missed on one side only. A claim",
            "that was used to set a parameter of the scenario is calibrated and never reproduced;",
            "if it is missed although the scenario was fitted to it, its reason says so.",
            "",
        ]
    )


def _park(park: str, found: list[Audited]) -> str:
    head = ("id", "figure", "published", "twin", "verdict", "why")
    tested = [_row(a) for a in found if _is_tested(a)]
    inputs = [_row(a) for a in found if not _is_tested(a)]
    lines = [f"## {park}", "", *(_table(head, tested) if tested else ["Inputs only."]), ""]
    lines += [f"{a.paragraph}\n" for a in found if a.paragraph]
    if inputs:
        lines += ["### Published inputs", "", *_table(head, inputs), ""]
    return "\n".join(lines)


def _row(a: Audited) -> tuple[str, ...]:
    claim = a.claim
    published = f"{claim.qualifier} {claim.published}".strip()
    here = f'<a id="{claim.id.lower()}"></a>[{claim.id}](#{_how(a)})'
    return (here, claim.what, published, _twin(a), _verdict(a), a.reason)


def _twin(a: Audited) -> str:
    """The simulated figure; nothing where only bounds or nothing are known."""
    return "" if a.simulated != a.simulated else shown(a.simulated, a.claim.unit)


def _how(a: Audited) -> str:
    return f"how-{a.claim.id.lower()}"


def _link(a: Audited) -> str:
    return f"[{a.claim.id}](#{a.claim.id.lower()})"


def _formulas(park: str, found: list[Audited]) -> str:
    files = ", ".join(f"[{n}](../parks/{park}/{n})" for n in ("claims.yaml", "park.yaml"))
    lines = [f"## Formulas of {park}", "", f"From {files}.", ""]
    let = found[0].claim.let
    lines += [f"- `{name}` = `{' '.join(text.split())}`" for name, text in let.items()]
    lines += ["" if let else "", *(_formula(a) for a in found)]
    return "\n".join([*lines, ""])


def _formula(a: Audited) -> str:
    claim = a.claim
    numbers = "; ".join(f"{n} = {v} ({s})" for n, (v, s) in claim.numbers.items())
    tail = f" with {numbers}" if numbers else ""
    where = f"{claim.section}; tolerance {claim.allowance}"
    on = f" on {claim.run}" if claim.variant else ""
    formula = f"`{claim.formula}`" if claim.formula else f"no formula, {a.verdict}"
    return f'- <a id="{_how(a)}"></a>**{_link(a)}** ({where}){on}: {formula}{tail}'


def _seeds(runs: dict[int, list[Audited]]) -> str:
    by_id = {seed: {a.claim.id: a for a in found} for seed, found in runs.items()}
    each = {id_: [by_id[seed][id_] for seed in SEEDS] for id_ in by_id[SEEDS[0]]}
    lines = [
        "## Three weathers",
        "",
        f"The same audit with seeds {', '.join(map(str, SEEDS))} of weather and outages.",
        f"The {WIDEST} widest spreads, as a share of the published figure:",
        "",
    ]
    head = ("id", "figure", "published", *(f"seed {seed}" for seed in SEEDS), "spread")
    widest = sorted(each.values(), key=_spread, reverse=True)[:WIDEST]
    rows = [_across(found, lambda a: "", f"{_spread(found):.1%}") for found in widest]
    lines += [*_table(head, rows), ""]
    changed = [found for found in each.values() if len({_verdict(a) for a in found}) > 1]
    if not changed:
        return "\n".join([*lines, "No verdict changes.", ""])
    lines += ["Verdicts that change:", ""]
    rows = [_across(found, lambda a: f", {_verdict(a)}") for found in changed]
    return "\n".join([*lines, *_table(head[:-1], rows), ""])


def _spread(found: list[Audited]) -> float:
    """Largest less smallest figure over the published one; zero where nothing is simulated."""
    numbers = [a.simulated for a in found]
    if numbers[0] != numbers[0] or not found[0].published:
        return 0.0
    return (max(numbers) - min(numbers)) / abs(found[0].published)


def _across(found: list[Audited], more: Callable[[Audited], str], *tail: str) -> tuple[str, ...]:
    claim = found[0].claim
    values = (f"{_twin(a)}{more(a)}".removeprefix(", ") for a in found)
    return (_link(found[0]), claim.what, claim.published, *values, *tail)


def _measures() -> str:
    lines = ["## The language of the expressions", ""]
    lines += ["Numbers, quantities in quotes, `+ - * / ( )`, `smaller`, `larger`, and:", ""]
    rows = ((f"`{name}`", text) for name, text in MEASURES.items())
    return "\n".join([*lines, *_table(("measure", "gives"), rows), ""])


def build() -> str:
    """Run the audits and return the page."""
    return page({seed: audited(seed=seed) for seed in SEEDS})


if __name__ == "__main__":
    PAGE.write_text(build(), encoding="utf-8")
