"""The reference pages and the README say what the code does."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.docs.pages import REFERENCE, ROOT, script


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """What the script writes, by path."""
    written: dict[str, str] = script().pages()
    return written


def test_pages_are_what_the_code_declares(pages: dict[str, str]) -> None:
    """A field added without `python docs/reference/build.py` is missing from its page.

    A page that is no longer written, of a folder renamed or emptied, would stay and mislead.
    """
    for name, text in pages.items():
        page = REFERENCE / name
        assert page.is_file(), f"run python docs/reference/build.py: {name} is missing"
        is_written = page.read_text(encoding="utf-8") == text
        assert is_written, f"run python docs/reference/build.py: {name} is out of date"
    found = {str(path.relative_to(REFERENCE)) for path in REFERENCE.rglob("*.md")}
    assert found == set(pages)


def test_the_script_writes_all_pages(pages: dict[str, str], tmp_path: Path) -> None:
    """Run and not imported: a folder beside it named as a package of ours would hide that."""
    subprocess.run([sys.executable, REFERENCE / "build.py", tmp_path], check=True)
    written = {name: (tmp_path / name).read_text(encoding="utf-8") for name in pages}
    assert written == pages


def test_every_key_is_described(pages: dict[str, str]) -> None:
    """Each row of the tables has a meaning; a field without one would leave its cell empty."""
    for text in pages.values():
        for row in re.findall(r"^\| `.*", text, flags=re.M):
            cells = row.split(" | ")
            assert len(cells) < 4 or cells[3].strip(), row


def test_every_technology_says_what_it_is_held_against(pages: dict[str, str]) -> None:
    """With a figure: a bare docstring of a model's tests leaves its line without one."""
    lines = "".join(pages.values()).splitlines()
    held = [line for line in lines if line.startswith("Held against:")]
    assert len(held) == len(script().kinds())
    assert not [line for line in held if not re.search(r"\d", line)]


def test_links_of_the_pages_lead_somewhere(pages: dict[str, str]) -> None:
    """A file that moved, or a technology whose heading is spelt otherwise, breaks its link."""
    for name, text in pages.items():
        for link in re.findall(r"\]\(([^)]+)\)", text):
            path, _, anchor = link.partition("#")
            target = ((REFERENCE / name).parent / path).resolve() if path else REFERENCE / name
            assert target.exists(), f"{name}: {link}"
            if anchor:
                there = pages[str(target.relative_to(REFERENCE))]
                headings = {
                    re.sub(r"\W", "", line) for line in re.findall(r"^#+ (.*)", there, re.M)
                }
                assert anchor in {heading.lower() for heading in headings}, f"{name}: {link}"


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


HARBOUR = """\
park: {name: Harbour, country: DK, currency: EUR}
site: {latitude: 52.5, longitude: 13.4, time_zone: Europe/Berlin, weather: climate/berlin.yaml}
carriers: {warm: {hot_water: {supply: 55 degC, return: 35 degC}}}
buses: [natural_gas, warm]
components:
  boiler:
    model: boiler
    output: warm
    capacity: 10 MWh
    fuel: natural_gas
"""


def test_the_message_of_the_readme_is_what_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mistake that the README shows is said so, to the column; an older text would mislead."""
    path = tmp_path / "harbour" / "park.yaml"
    path.parent.mkdir()
    path.write_text(HARBOUR, encoding="utf-8")
    ended = Command(capsys, monkeypatch)("check", str(path))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = textwrap.dedent(text[text.index("    harbour/park.yaml:9") :].split("\n\n")[0])
    assert ended.code == 2
    assert shown in ended.err.replace(str(path), "harbour/park.yaml")
