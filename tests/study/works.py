"""The small works with claims about it, for the tests of the audit."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import PARK
from twin.study.audit import Audited, examine
from twin.study.claims import FILE, read_claims
from twin.study.measures import Measures


def write(folder: Path, text: str, park: str = PARK) -> Path:
    """A park with claims, apart from the shared one."""
    made = folder / "works"
    made.mkdir(exist_ok=True)
    (made / "park.yaml").write_text(park, encoding="utf-8")
    (made / FILE).write_text("claims:\n" + text, encoding="utf-8")
    return made


def tried(folder: Path, measures: Measures, keys: str) -> Audited:
    """One claim with these further keys, put to its test."""
    text = f"  X-1:\n    what: heat\n    section: two\n    kind: simulate\n{keys}"
    (claim,), _ = read_claims(write(folder, text) / FILE)
    return examine(claim, measures)
