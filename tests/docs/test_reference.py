"""The reference pages and the README say what the code does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    """The script that writes the pages."""
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs/reference/build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pages_are_what_the_code_declares(reference: ModuleType) -> None:
    """A field added without `python docs/reference/build.py` is missing from its page."""
    for name, text in reference.pages().items():
        page = (ROOT / "docs/reference" / name).read_text(encoding="utf-8")
        assert page == text, f"run python docs/reference/build.py: {name} is out of date"


def test_every_key_is_described(reference: ModuleType) -> None:
    """Each row of the tables has a meaning, and no link leads nowhere."""
    for text in reference.pages().values():
        for row in re.findall(r"^\| `.*", text, flags=re.M):
            cells = row.split(" | ")
            assert len(cells) < 4 or cells[3].strip(), row
        for link in re.findall(r"\]\((\.\./\.\./[^)]+)\)", text):
            assert (ROOT / "docs/reference" / link).resolve().is_file(), link


def test_the_script_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The README's Python runs as it stands and shows the town's heat without unit 6.

    A renamed flow or function would stop it.
    """
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.S)
    assert len(blocks) == 1
    exec(compile(blocks[0], "README.md", "exec"), {})  # our own text
    out = capsys.readouterr().out
    assert "peak_boiler" in out
    assert "change" in out


def test_the_links_of_the_readme_lead_somewhere() -> None:
    """Files and folders named in the README exist."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert links
    for link in links:
        assert (ROOT / link).exists(), link
