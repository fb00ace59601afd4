"""Contracts of a park: whose they are, what they cover, and that a kWh has one attribute."""

# ruff: noqa: E501 - messages are quoted as they are shown

from __future__ import annotations

import pytest

from models.base import Actor
from tests.messages.conftest import Refused
from tests.scenario.base import bent
from twin.engine.actors.certificates import Certificates

STORM = "  - {actor: test_storm, component: battery, every: 400 h}\n"
GREEN = STORM + "  - {actor: certificates, name: green, generation: [grid], use: grid}\n"

CASES = {
    "unknown component": (
        [("variants:", "contracts: {direct_lines: [grit]}\nvariants:")],
        """\
park.yaml:17:28: unknown component 'grit' in direct_lines of the contracts
    17 | contracts: {direct_lines: [grit]}
       |                            ^^^^
       Did you mean grid?
       To mend: name a component that imports electricity
1 problem; nothing was run.
""",
    ),
    "unknown kind of contract": (
        [("variants:", "contracts: {direct_line: [grid]}\nvariants:")],
        """\
park.yaml:17:13: unknown key 'direct_line' of the contracts
    17 | contracts: {direct_line: [grid]}
       |             ^^^^^^^^^^^
       Keys: certificates, direct_lines, green_power. Did you mean direct_lines?
       To mend: correct or delete the key
1 problem; nothing was run.
""",
    ),
    "no list": (
        [("variants:", "contracts: {green_power: grid}\nvariants:")],
        """\
park.yaml:17:26: green_power of the contracts needs a list, got 'grid'
    17 | contracts: {green_power: grid}
       |                          ^^^^
1 problem; nothing was run.
""",
    ),
    "no mapping": (
        [("variants:", "contracts: [grid]\nvariants:")],
        """\
park.yaml:17:12: 'contracts' needs a mapping of kinds to lists of names, got a list
    17 | contracts: [grid]
       |            ^^^^^^
       To mend: write 'contracts: {direct_lines: [NAME]}'
1 problem; nothing was run.
""",
    ),
    "two attributes": (
        [("variants:", "contracts: {direct_lines: [grid], green_power: [grid]}\nvariants:")],
        """\
park.yaml:17:49: 'grid' stands under direct_lines of the contracts and again here
    17 | contracts: {direct_lines: [grid], green_power: [grid]}
       |                                                 ^^^^
       To mend: keep one: a kWh has one attribute
1 problem; nothing was run.
""",
    ),
    "unknown event": (
        [(STORM, GREEN), ("variants:", "contracts: {certificates: [gren]}\nvariants:")],
        """\
park.yaml:18:28: unknown event 'gren' in certificates of the contracts
    18 | contracts: {certificates: [gren]}
       |                            ^^^^
       Events of actor certificates: green. Did you mean green?
       To mend: name one of these
1 problem; nothing was run.
""",
    ),
    "event of another actor": (
        [("variants:", "contracts: {certificates: [test_storm_battery]}\nvariants:")],
        """\
park.yaml:17:28: event 'test_storm_battery' in certificates of the contracts is of another actor
    17 | contracts: {certificates: [test_storm_battery]}
       |                            ^^^^^^^^^^^^^^^^^^
       Events of actor certificates: none.
       To mend: add an event of actor certificates
1 problem; nothing was run.
""",
    ),
    "event that retires nothing": (
        [
            (STORM, GREEN.replace(", use: grid}", "}")),
            ("variants:", "contracts: {certificates: [green]}\nvariants:"),
        ],
        """\
park.yaml:18:28: event 'green' in certificates of the contracts retires nothing
    18 | contracts: {certificates: [green]}
       |                            ^^^^^
       To mend: give it 'use:', the import it covers, or delete it
1 problem; nothing was run.
""",
    ),
}

BUILT = {
    "no import of electricity": (
        [("variants:", "contracts: {direct_lines: [grid, gas], green_power: [works]}\nvariants:")],
        """\
park.yaml:17:34: 'gas' in direct_lines of the contracts imports no electricity
    17 | contracts: {direct_lines: [grid, gas], green_power: [works]}
       |                                  ^^^
       Imports of electricity: grid.
       To mend: name one of these
park.yaml:17:54: 'works' in green_power of the contracts imports no electricity
    17 | contracts: {direct_lines: [grid, gas], green_power: [works]}
       |                                                      ^^^^^
       Imports of electricity: grid.
       To mend: name one of these
2 problems; nothing was run.
""",
    ),
    "certificates for no import": (
        [
            (STORM, GREEN.replace("use: grid}", "use: works}")),
            ("variants:", "contracts: {certificates: [green]}\nvariants:"),
        ],
        """\
park.yaml:18:28: event 'green' retires for 'works', which imports no electricity
    18 | contracts: {certificates: [green]}
       |                            ^^^^^
       Imports of electricity: grid.
       To mend: name one of these
1 problem; nothing was run.
""",
    ),
}


@pytest.fixture(autouse=True)
def certificates(technologies: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The actor of certificates beside those of the tests."""
    monkeypatch.setitem(Actor.registry, "certificates", Certificates)


@pytest.mark.parametrize(("changes", "message"), CASES.values(), ids=CASES)
def test_a_bad_contract_is_refused_at_its_place(
    refused: Refused, changes: list[tuple[str, str]], message: str
) -> None:
    """Read quietly, a contract with a misspelt name would leave the park's power grey."""
    assert refused(bent(*changes)) == message


@pytest.mark.parametrize(("changes", "message"), BUILT.values(), ids=BUILT)
def test_a_contract_for_no_import_is_refused_before_the_run(
    refused: Refused, changes: list[tuple[str, str]], message: str
) -> None:
    """Only flows tell who imports; unseen, it would fail in an account after a year of run."""
    text = bent(*changes)
    assert refused(text, "run", "park.yaml", "--horizon", "1 d", "--quiet") == message
