"""Every hand-solved system is asked twice: as it was run, and saved and opened again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from twin.results import Run, open_run
from twin.scenario.park import load
from twin.simulate import simulate

HEAD = """\
park: {name: Works, country: CN, currency: CNY}
site: {latitude: 31.32, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate/suzhou.yaml}
"""


@pytest.fixture(params=["as it was run", "saved and opened again"])
def solve(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Run]:
    """Run a scenario given as text below its head; a day at 15 min unless told otherwise."""

    def solved(text: str, **options: str | int) -> Run:
        path = tmp_path / "park.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        run = simulate(load(path), **{"horizon": "24 h", **options})  # type: ignore[arg-type]
        if request.param == "as it was run":
            return run
        return open_run(run.save(tmp_path / "run"))

    return solved
