"""Writes the README of every park from its story and a simulated year.

    python docs/parks/build.py [PARK ...]

A test fails if a README in the repository is not what this writes; `twin.study.story` says how.
"""

from __future__ import annotations

import sys

from twin.scenario.park import shipped, shipped_folder
from twin.study.story import Story

if __name__ == "__main__":
    for name in sys.argv[1:] or shipped():
        path = shipped_folder() / name / "README.md"
        path.write_text(Story.of(name).readme(), encoding="utf-8")
