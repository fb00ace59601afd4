"""Events are held against the network when it is built, so that `twin check` refuses what would."""

# ruff: noqa: E501 - messages are quoted as they are shown

from __future__ import annotations

from pathlib import Path

import pytest

from tests.messages.conftest import Refused, refused

__all__ = ["refused"]

EXAMPLE = Path(__file__).parents[2] / "docs/reference/examples/alkaline_electrolyser.yaml"


def park(*events: str) -> str:
    """Stacks that run at a fifth at least, on desert sun and bought water; events from line 19."""
    whole = "power_capacity: 10 MW\n"
    text = EXAMPLE.read_text(encoding="utf-8").rstrip()
    assert text.count(whole) == 1
    text = text.replace(whole, f"{whole}    minimum_load: 0.2\n")
    return "\n".join([text, "events:", *events, ""])


CASES = {
    "supply that is on another bus": (
        "  - {actor: commitment, component: stacks, supply: [field, water], loads: [stacks]}",
        """\
park.yaml:19:60: event 'commitment_stacks': 'water' is counted, which never gives to bus 'electricity'; it is on demineralised_water
    19 |   - {actor: commitment, component: stacks, supply: [field, water], loads: [stacks]}
       |                                                            ^^^^^
       To mend: name another, or give `bus`
1 problem; nothing was run.
""",
    ),
    "loads that only give": (
        "  - {actor: commitment, component: stacks, loads: [field]}",
        """\
park.yaml:19:52: event 'commitment_stacks': 'field' is counted, which never takes from bus 'electricity'
    19 |   - {actor: commitment, component: stacks, loads: [field]}
       |                                                    ^^^^^
       To mend: name another, or give `bus`
1 problem; nothing was run.
""",
    ),
    "heating that nobody asks for": (
        "  - {actor: commitment, component: stacks, heating: field}",
        """\
park.yaml:19:53: event 'commitment_stacks': it heats by 'field', which is no demand on call
""",
    ),
    "standby power that the model does not have": (
        "  - {actor: commitment, component: stacks, standby_power: 1 MW}",
        "park.yaml:19:59: event 'commitment_stacks': it heats by 'stacks.standby', which is no demand",
    ),
    "a flow that the component does not have": (
        "  - {actor: storm, every: 400 h, duration: 6 h, remaining: {stacks: 0.5}, damage: {field.export: 0.1}}",
        "event 'storm' names 'field.export', which is no flow of this park",
    ),
}


@pytest.mark.parametrize(("event", "expected"), list(CASES.values()), ids=list(CASES))
def test_a_check_is_as_strict_as_a_run(refused: Refused, event: str, expected: str) -> None:
    """At its line and column; before, only a run found it, and named neither file nor line."""
    assert expected in refused(park(event))


def test_checks_come_together(refused: Refused) -> None:
    """All events at fault are named at once, in the order of the file."""
    event = CASES["loads that only give"][0]
    found = refused(park(event, event.replace("component:", "name: again, component:")))
    assert "park.yaml:19:" in found and "park.yaml:20:" in found
    assert "2 problems; nothing was run." in found
