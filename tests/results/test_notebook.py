"""What a notebook shows of a run and of the package."""

from __future__ import annotations

import subprocess
import sys

import pytest

import twin
from tests.parks.conftest import short_run


def test_a_run_is_one_line() -> None:
    """As the last line of a cell, a run of Kalundborg once wrote 312,709 characters."""
    run = short_run("kalundborg")
    days = run.facts["horizon_s"] / 86_400
    assert repr(run) == f"Run of kalundborg, {days:g} d from {run.facts['start'][:10]}"


@pytest.mark.parametrize(("method", "unit"), [("ndrc-2025-910", "tCO2"), ("ghg", "tCO2e")])
def test_an_account_is_one_line_until_printed(method: str, unit: str) -> None:
    """The total with its unit; every line of the account would be pages."""
    account = short_run("suzhou").carbon(method)
    line = repr(account)
    assert len(line) < 120 and f"{method}: " in line and f" {unit} in " in line
    assert len(str(account).splitlines()) > 3


def test_the_diagram_says_how_to_show_it() -> None:
    """A notebook prints its text otherwise."""
    doc = twin.Run.diagram.__doc__ or ""
    assert "IPython.display.Markdown" in doc and "```mermaid\\n" in doc


def test_a_name_is_no_park() -> None:
    """The first mistake of a beginner; an AttributeError would not tell the way out."""
    expected = r"a park is needed, got 'kalundborg'; to mend: twin.load\('kalundborg'\)"
    with pytest.raises(TypeError, match=expected):
        twin.run("kalundborg")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"got None; to mend: twin.load\(\.\.\.\)"):
        twin.run(None)  # type: ignore[arg-type]


def test_the_package_lists_what_it_offers() -> None:
    """Names are imported when asked for: without `__dir__` completion would show none of them."""
    code = "import twin; print(*dir(twin))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == sorted(twin.__all__)
