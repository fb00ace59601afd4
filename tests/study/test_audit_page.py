"""The page of the audit is what the code writes, and its links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from tests.study.claim_ids import IDS
from twin.study.audit import Audited
from twin.study.claims import Claim, of_park

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/audit.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page() -> ModuleType:
    """The script that writes the page."""
    spec = importlib.util.spec_from_file_location("audit_page", ROOT / "docs/audit/build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_link_leads_somewhere() -> None:
    """From each claim to its formula and back, and to the files of its park.

    A renamed anchor would leave a reader at the top of a page of 500 lines.
    """
    anchors = re.findall(r'<a id="([^"]+)"></a>', PAGE)
    assert len(anchors) == len(set(anchors))
    links = Counter(re.findall(r"\]\(#([^)]+)\)", PAGE))
    assert set(links) == set(anchors)
    for claim in of_park():
        assert {claim.id.lower(), f"how-{claim.id.lower()}"} <= set(anchors)
    for path in re.findall(r"\]\((\.\./[^)]+)\)", PAGE):
        assert (ROOT / "docs" / path).is_file()


def test_counts_come_first_and_add_up() -> None:
    """All claims are counted once, before anything else is said: 138 tested and 94 inputs."""
    kinds = [kind for kinds in IDS.values() for kind, ids in kinds.items() for _ in ids]
    inputs = kinds.count("input")
    headings = re.findall(r"^## (.+)$", PAGE, re.M)
    assert headings[0] == "Counts"
    rows = re.findall(r"^\| all \|(.+)\|$", PAGE, re.M)
    for row, expected in zip(rows, (len(kinds) - inputs, inputs), strict=True):
        *each, total = [int(cell) if cell.strip() else 0 for cell in row.split("|")]
        assert sum(each) == total == expected


def test_the_widest_spreads_and_what_changes(page: ModuleType) -> None:
    """Of six claims over three weathers the five widest are listed, and the one that turns.

    Sorted by the figure itself, or with the undecided at nan, another five would stand there.
    """
    claims = [c for c in of_park("suzhou") if c.kind == "simulate"][:7]

    def found(seed: int) -> list[Audited]:
        made = [each(c, 10.0 * (1 + k * seed / 100)) for k, c in enumerate(claims[:6])]
        turned = "reproduced" if seed < 3 else "differs"
        return [
            *made[:5],
            each(claims[5], made[5].simulated, turned),
            each(claims[6], float("nan")),
        ]

    def each(claim: Claim, value: float, verdict: str = "differs") -> Audited:
        return Audited(claim, 10.0, value, verdict, "")

    text = page._seeds({seed: found(seed) for seed in (1, 2, 3)})
    widest, _, changes = text.partition("Verdicts that change:")
    listed = re.findall(r"^\| \[([\w-]+)\]", widest, re.M)
    assert listed == [c.id for c in reversed(claims[1:6])]
    assert "10.0%" in widest
    assert re.findall(r"^\| \[([\w-]+)\]", changes, re.M) == [claims[5].id]


@pytest.mark.slow
def test_the_page_is_what_the_code_writes(page: ModuleType) -> None:
    """A verdict that changed without `python docs/audit/build.py` stands wrong on the page."""
    assert page.build() == PAGE, "run python docs/audit/build.py"
