"""The command line as a user meets it: what it prints, and how it ends."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import pytest

from twin.cli import main


class Ended(NamedTuple):
    """Exit code, standard output and standard error."""

    code: int
    out: str
    err: str


class Command:
    """Calls `twin` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch

    def __call__(self, *words: str) -> Ended:
        """Run `twin` with these words; a traceback fails the test."""
        self._monkeypatch.setattr("sys.argv", ["twin", *words])
        self._monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        assert "Traceback" not in said.err
        return Ended(int(ended.value.code or 0), said.out, said.err)
