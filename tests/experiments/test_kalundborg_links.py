"""The experiment on Kalundborg's links, over a few days."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parents[2] / "experiments" / "kalundborg-links" / "run.py"


@pytest.fixture(scope="module")
def links() -> ModuleType:
    """The experiment's script as a module."""
    spec = importlib.util.spec_from_file_location("kalundborg_links", HERE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_link_is_cut_and_steam_is_replaced_by_gas(links: ModuleType, tmp_path: Path) -> None:
    """Without steam from unit 6, Novo burns gas: 59.4 t/h x 0.67 MWh/t / 0.93 is 43 MW.

    Over two days that is 2.1 GWh, at 0.202 t/MWh some 0.42 kt CO2. A variant that cut nothing, or
    a saving of the wrong sign, would show as zero or less.
    """
    table = links.savings("kalundborg", "2 d", "1 h", 1)
    steam = table.loc["steam-to-novo"]
    assert steam["natural gas [GWh]"] == pytest.approx(2.06, rel=0.05)
    assert steam["fossil CO2 [kt]"] == pytest.approx(0.202 * steam["natural gas [GWh]"], rel=0.02)
    assert table.loc["all links", "fossil CO2 [kt]"] >= steam["fossil CO2 [kt]"]
    assert table.loc["residue-gas", "cost [Mio]"] > 0
    links.draw(table, "two days", tmp_path / "links.png")
    assert (tmp_path / "links.png").stat().st_size > 10_000
