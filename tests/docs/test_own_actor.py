"""The actor of the how-to is registered, runs and prints what the page says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/how-to/own-actor.md"


def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    """Blocks of the page, as files in an empty folder, print the block of text at its end.

    By hand: the price is seen a quarter late, so of 8 dear hours 0.5 h run at 16 MW and 7.5 h at
    8, 68 MWh at 900; of 16 other hours 0.5 h at 8 and 15.5 h at 16, 252 MWh at 500: 187,200. An
    actor that saw the price of its own quarter would pay 183,600. Run in a process of its own,
    for what is registered stays.
    """
    blocks = re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    assert [kind for kind, _ in blocks] == ["python", "yaml", "python", "text"]
    for name, (_, text) in zip(("thrift.py", "park.yaml", "run.py"), blocks, strict=False):
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "run.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == blocks[-1][1], done.stderr
    assert 68 * 900 + 252 * 500 == 187_200


def test_the_actor_is_ten_lines() -> None:
    """Fields and body of the class: what a user writes. More would mean a clumsy interface."""
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)[0]
    body = code[code.index("    component") :]
    assert len([line for line in body.splitlines() if line.strip()]) <= 10
