"""Running the command line on a bad scenario, and what every refusal has in common."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import twin.cli
from tests.scenario.technologies import technologies

__all__ = ["technologies"]

Refused = Callable[..., str]


@pytest.fixture
def refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Refused:
    """The message of a command on a scenario, which must exit with 2 and leave nothing behind.

    A traceback would leave `main` as an exception and fail the test.
    """
    monkeypatch.chdir(tmp_path)

    def run(scenario: str | bytes | None, *args: str) -> str:
        if scenario is not None:
            raw = scenario.encode() if isinstance(scenario, str) else scenario
            Path("park.yaml").write_bytes(raw)
        before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
        monkeypatch.setattr(sys, "argv", ["twin", *(args or ("check", "park.yaml"))])
        with pytest.raises(SystemExit) as stopped:
            twin.cli.main()
        written = capsys.readouterr()
        assert stopped.value.code == 2
        assert written.out == ""
        assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before
        return written.err

    return run
