"""Write docs/audit.md: every claim, its verdict, and how it was reached.

    python docs/audit/build.py

Runs every audited park for a year under three weathers, about a minute.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from twin.study.audit import VERDICTS, Audited, audited, shown
from twin.study.claims import TOLERANCES
from twin.study.measures import MEASURES

PAGE = Path(__file__).parents[1] / "audit.md"
SEEDS = (1, 2, 3)
TESTED = ("reproduced", "near", "differs", "impossible", "undecided", "calibrated")

INTRODUCTION = """\
# Audit of published figures

Written by `python docs/audit/build.py`; `twin audit [PARK]` prints the same verdicts.

The white paper on zero-carbon parks (零碳园区发展白皮书) gives figures of real parks. Each is held
here against a simulated year (seed 1, 2025 calendar, 15 minutes), or against arithmetic on stated
numbers. A claim brings an expression; the verdict is computed from it. A park's README says what
its scenario assumes, its `claims.yaml` holds what is printed here.

## How a verdict is made
"""


def page(runs: dict[int, list[Audited]]) -> str:
    """The page, from the audit of each seed; the first is the one that counts."""
    first = runs[SEEDS[0]]
    parts = [INTRODUCTION, _rules(), _counts(first)]
    for park in sorted({a.claim.park for a in first}):
        parts.append(_park(park, [a for a in first if a.claim.park == park]))
    parts += [_seeds(runs), _measures()]
    return "\n".join(parts)


def _rules() -> str:
    lines = ["| verdict | meaning |", "|---|---|"]
    lines += [f"| {name} | {meaning} |" for name, meaning in VERDICTS.items()]
    widths = ", ".join(f"{name} {width}" for name, width in TOLERANCES.items())
    return "\n".join(
        [
            *lines,
            "",
            f"Tolerances by class: {widths}.",
            "A claim cannot bring its own. A published bound is missed on one side only. A claim",
            "that was used to set a parameter of the scenario is calibrated and never reproduced.",
            "",
        ]
    )


def _counts(found: list[Audited]) -> str:
    parks = sorted({a.claim.park for a in found})
    tested = {park: Counter[str]() for park in parks}
    for a in found:
        if _is_tested(a):
            tested[a.claim.park][a.verdict] += 1
    lines = ["## Counts", "", f"| park | {' | '.join(TESTED)} | in all |"]
    lines.append("|---" * (len(TESTED) + 2) + "|")
    for park in parks:
        row = [str(tested[park][verdict]) for verdict in TESTED]
        lines.append(f"| {park} | {' | '.join(row)} | {tested[park].total()} |")
    total = sum(tested.values(), Counter[str]())
    row = [str(total[verdict]) for verdict in TESTED]
    lines.append(f"| all | {' | '.join(row)} | {total.total()} |")
    inputs = Counter(a.verdict for a in found if not _is_tested(a))
    words = ", ".join(f"{count} {verdict}" for verdict, count in sorted(inputs.items()))
    return "\n".join([*lines, "", f"Of the published inputs: {words}.", ""])


def _is_tested(a: Audited) -> bool:
    return a.claim.kind != "input"


def _park(park: str, found: list[Audited]) -> str:
    head = "| id | figure | published | twin | verdict | why |"
    tested = [_row(a) for a in found if _is_tested(a)]
    lines = [f"## {park}", ""]
    lines += [head, "|---|---|---|---|---|---|", *tested] if tested else ["Inputs only."]
    hard = [a.paragraph for a in found if a.paragraph]
    lines += ["", *(f"{text}\n" for text in hard)]
    lines += ["### Published inputs", "", head, "|---|---|---|---|---|---|"]
    inputs = [_row(a) for a in found if not _is_tested(a)]
    lines = lines[:-4] if not inputs else lines + inputs
    computed = _formulas(park, found) if any(a.claim.formula for a in found) else ""
    return "\n".join([*lines, "", computed])


def _row(a: Audited) -> str:
    claim = a.claim
    twin = "" if a.simulated != a.simulated else shown(a.simulated, claim.unit)
    published = f"{claim.qualifier} {claim.published}".strip()
    return f"| {claim.id} | {claim.what} | {published} | {twin} | {a.verdict} | {a.reason} |"


def _formulas(park: str, found: list[Audited]) -> str:
    lines = [f"### How each was computed ({park})", ""]
    let = found[0].claim.let
    lines += [f"- `{name}` = `{' '.join(text.split())}`" for name, text in let.items()]
    lines += ["" if let else ""]
    for a in found:
        claim = a.claim
        if not claim.formula:
            continue
        numbers = "; ".join(f"{n} = {v} ({s})" for n, (v, s) in claim.numbers.items())
        tail = f" with {numbers}" if numbers else ""
        where = f"{claim.section}; tolerance {claim.allowance}"
        lines.append(f"- **{claim.id}** ({where}): `{claim.formula}`{tail}")
    return "\n".join([*lines, ""])


def _seeds(runs: dict[int, list[Audited]]) -> str:
    by_id = {seed: {a.claim.id: a for a in found} for seed, found in runs.items()}
    lines = [
        "## Three weathers",
        "",
        f"The same audit with seeds {', '.join(map(str, SEEDS))} of weather and outages.",
        "",
    ]
    changed, widest = [], (0.0, "")
    for id_, a in by_id[SEEDS[0]].items():
        others = [by_id[seed][id_] for seed in SEEDS]
        if len({each.verdict for each in others}) > 1:
            values = ", ".join(f"{shown(o.simulated, a.claim.unit)} {o.verdict}" for o in others)
            changed.append(f"- {id_}, {a.claim.what}: {values}")
        numbers = [o.simulated for o in others]
        if numbers[0] == numbers[0] and a.published:
            widest = max(widest, ((max(numbers) - min(numbers)) / abs(a.published), id_))
    lines += changed or ["No verdict changes."]
    share, id_ = widest
    lines += ["", f"The widest spread is {share:.1%} of the published figure ({id_}).", ""]
    return "\n".join(lines)


def _measures() -> str:
    lines = ["## The language of the expressions", ""]
    lines += ["Numbers, quantities in quotes, `+ - * / ( )`, `smaller`, `larger`, and:", ""]
    lines += ["| measure | gives |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{n}` | {text} |" for n, text in MEASURES.items()), ""])


def build() -> str:
    """Run the audits and return the page."""
    return page({seed: audited(seed=seed) for seed in SEEDS})


if __name__ == "__main__":
    PAGE.write_text(build(), encoding="utf-8")
