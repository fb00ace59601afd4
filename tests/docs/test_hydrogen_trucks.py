"""The filling station of the how-to works as the page says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/how-to/hydrogen-trucks.md"


def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    """Park and script of the page, as files in an empty folder, print the block at its end.

    By hand: 7 d / 0.48 h are 350 trucks in the mean, 349 came; 2.664 MW for a quarter of an hour
    are 0.666 MWh each, 232.4 MWh in all. Two dispensers are busy for 0.26 of the time, one for
    0.521: deterministic service then waits 0.521 * 15 / (2 * 0.479) = 8.2 min in the mean of many
    weeks (Pollaczek and Khinchine), 9.4 in this one. Did trucks not queue, none would wait; did the
    bottles fill only from a surplus, less would be served in all three.
    """
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```(\w+)\n(.*?)```", text, flags=re.S)
    assert [kind for kind, _ in blocks] == ["yaml", "python", "text"]
    for name, (_, block) in zip(("park.yaml", "run.py"), blocks, strict=False):
        (tmp_path / name).write_text(block, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "run.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == blocks[-1][1], done.stderr
