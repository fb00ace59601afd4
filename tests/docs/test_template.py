"""The templates of the how-to become what the page says, and what it prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/how-to/template.md"


def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    """Blocks of the page, as files in an empty folder, print the block of text at its end.

    By hand: two stores of two components each, of which one can fail; a roof without a battery; a
    grid. Were the instances not kept apart, there would be four components or an error.
    """
    blocks = re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    assert [kind for kind, _ in blocks] == ["yaml", "yaml", "python", "text"]
    (tmp_path / "templates").mkdir()
    names = ("templates/cold_store.yaml", "park.yaml", "run.py")
    for name, (_, text) in zip(names, blocks, strict=False):
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "run.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == blocks[-1][1], done.stderr
