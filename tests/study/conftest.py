"""A day of the small works."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import PARK
from twin.results import Run
from twin.scenario.park import load
from twin.simulate import simulate
from twin.study.measures import Measures


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small works in a folder of its own."""
    made = tmp_path_factory.mktemp("parks") / "works"
    made.mkdir()
    (made / "park.yaml").write_text(PARK, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    """Its first day; the boiler stands for 97 minutes."""
    return simulate(load(folder), horizon="24 h")


@pytest.fixture(scope="module")
def measures(run: Run) -> Measures:
    """What may be asked of that day."""
    return Measures(run)
