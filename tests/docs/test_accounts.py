"""The page on accounts runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs/how-to/accounts.md"


def test_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every block of the page runs in order; a renamed account or column would stop it.

    The sheet holds the total of the account. Power bought carries 120 kg/MWh and a tenth is made on
    site from waste, so the label's average lies below and its margin at 120.
    """
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S):
        exec(compile(block, PAGE.name, "exec"), names)  # our own text
    assert "carbon_per_energy" in capsys.readouterr().out
    import openpyxl

    sheet = openpyxl.load_workbook(tmp_path / "ndrc.xlsx").worksheets[0]
    head = [cell.value for cell in sheet[1]]
    column = head.index("二氧化碳排放量(tCO2)")
    rows = [row[column].value for row in sheet.iter_rows(min_row=2)]
    total = names["ndrc"].total_tCO2  # type: ignore[attr-defined]
    assert any(value == pytest.approx(total, rel=1e-9) for value in rows if value is not None)
    from twin.accounts.footprint import labels

    electricity = labels(names["traced"]).loc["electricity"]  # type: ignore[arg-type]
    assert 60 < electricity["average"] < 120
    assert electricity["marginal"] == pytest.approx(120, rel=0.01)
