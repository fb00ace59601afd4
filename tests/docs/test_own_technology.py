"""The technology of the how-to is registered, runs and prints what the page says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/how-to/own-technology.md"


def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    """Blocks of the page, as files in an empty folder, print the block of text at its end.

    By hand: 0.8 MW for 24 h at 0.8 take 24 MWh of chips; their carbon is 0.61 x 0.505 / 2.933 =
    0.105 t per MWh, so 24 x 0.105 x 44/12 = 9.24 t of CO2. Counted by HHV it would be 8.3 t.
    """
    blocks = re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    assert [kind for kind, _ in blocks] == ["python", "yaml", "python", "text"]
    for name, (_, text) in zip(("stove.py", "park.yaml", "run.py"), blocks, strict=False):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert len(blocks[0][1].splitlines()) <= 30
    done = subprocess.run(
        [sys.executable, "run.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == blocks[-1][1], done.stderr
