"""Contracts of a park: read, written out in full, and carried along."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from models.base import Actor
from tests.scenario.base import bent, park, written
from tests.scenario.technologies import technologies
from twin.engine.actors.certificates import Certificates
from twin.scenario.errors import ScenarioError
from twin.scenario.jsonschema import schema
from twin.scenario.park import load

__all__ = ["technologies"]

STORM = "  - {actor: test_storm, component: battery, every: 400 h}\n"
GREEN = STORM + "  - {actor: certificates, name: green, generation: [grid], use: grid}\n"
WIND = "  wind: {model: test_import, bus: electricity, capacity: 3 MW}\n"
GIVEN = """\
contracts:
  certificates: [green]
  direct_lines: {value: [wind, grid], source: published, note: two lines}
"""


@pytest.fixture(autouse=True)
def certificates(technologies: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The actor of certificates beside those of the tests."""
    monkeypatch.setitem(Actor.registry, "certificates", Certificates)


def contracting(contracts: str = GIVEN) -> str:
    """The small park with a second import, an event of certificates, and contracts."""
    changes = [
        (STORM, GREEN),
        ("  town:", f"{WIND}  town:"),
        ("variants:", f"{contracts}variants:"),
    ]
    return bent(*changes)


def test_they_are_read_and_written_out_again(tmp_path: Path) -> None:
    """Names in the order given, keys in ours; source and note stay in the resolved text."""
    made = park(tmp_path, contracting())
    assert dict(made.contracts) == {"direct_lines": ("wind", "grid"), "certificates": ("green",)}
    assert "note: two lines" in made.resolved()
    again = load(written(tmp_path / "again", made.resolved()))
    assert again == made
    assert again.resolved() == made.resolved()
    assert pickle.loads(pickle.dumps(made)).contracts == made.contracts
    assert made.variant("big").contracts == made.contracts


def test_their_order_does_not_matter(tmp_path: Path) -> None:
    """The same contracts written the other way round are the same park."""
    other = """\
contracts:
  direct_lines: {note: two lines, source: published, value: [grid, wind]}
  green_power: []
  certificates: [green]
"""
    assert park(tmp_path, contracting(other)) == park(tmp_path, contracting())


@pytest.mark.parametrize(
    "empty", ["contracts:\n", "contracts: {}\n", "contracts: {green_power: []}\n"]
)
def test_none_are_none(tmp_path: Path, empty: str) -> None:
    """A park without contracts is the same however that is said."""
    made = park(tmp_path, contracting(empty))
    assert dict(made.contracts) == {}
    assert made == park(tmp_path, contracting(""))


def test_the_schema_knows_them() -> None:
    """An editor takes what we take, and marks a misspelt kind and what is no list."""
    validator = jsonschema.Draft202012Validator(schema())

    def good(contracts: str) -> bool:
        data: Any = YAML(typ="safe", pure=True).load(contracting(contracts))
        return bool(validator.is_valid(data))

    assert good(GIVEN)
    assert good("contracts:\n")
    assert not good("contracts: {direct_line: [wind]}\n")
    assert not good("contracts: {direct_lines: wind}\n")


def test_a_problem_of_a_contract_has_its_place(tmp_path: Path) -> None:
    """What only the flows tell is shown at the name, here the second of its list."""
    made = park(tmp_path, contracting("contracts: {direct_lines: [wind, grid]}\n"))
    problem = made.problem("contracts", "direct_lines.1", "wrong")
    assert (problem.text, problem.mark.column) == ("grid", 34)


def test_a_path_may_set_them(tmp_path: Path) -> None:
    """A sweep may ask what a contract is worth; a park without any takes one too."""
    made = park(tmp_path, contracting("")).override({"contracts.direct_lines": ["wind"]})
    assert dict(made.contracts) == {"direct_lines": ("wind",)}
    assert load(written(tmp_path / "again", made.resolved())) == made
    with pytest.raises(ScenarioError, match=r"unknown key 'direct_line' of the contracts"):
        made.override({"contracts.direct_line": ["wind"]})
    with pytest.raises(ScenarioError, match=r"unknown component 'wnd' in direct_lines"):
        made.override({"contracts.direct_lines": ["wnd"]})
