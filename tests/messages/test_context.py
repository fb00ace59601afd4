"""Published figures about a park: each needs a value and a source."""

# ruff: noqa: E501 - messages are quoted as they are shown

from __future__ import annotations

import pytest

from tests.messages.conftest import Refused
from tests.scenario.base import bent

CASES = {
    "list": (
        "  - {value: 55 km2, source: published}",
        """\
park.yaml:6:3: 'context' needs a mapping of names to figures, got a list
     6 |   - {value: 55 km2, source: published}
       |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       To mend: write 'context: {NAME: {value: ..., source: ...}}'
1 problem; nothing was run.
""",
    ),
    "bare quantity": (
        "  area: 55 km2",
        """\
park.yaml:6:9: context 'area' needs a mapping, got '55 km2'
     6 |   area: 55 km2
       |         ^^^^^^
       To mend: write '{value: ..., source: ...}'
1 problem; nothing was run.
""",
    ),
    "no source": (
        "  area: {value: 55 km2}",
        """\
park.yaml:6:3: context 'area' lacks 'source'
     6 |   area: {value: 55 km2}
       |   ^^^^
       source is a text: Where the figure comes from.
       To mend: add 'source: ...'
1 problem; nothing was run.
""",
    ),
    "no value": (
        "  area: {source: published}",
        """\
park.yaml:6:3: context 'area' lacks 'value'
     6 |   area: {source: published}
       |   ^^^^
       value is a text or a number: A quantity such as 55 km2, or a plain number.
       To mend: add 'value: ...'
1 problem; nothing was run.
""",
    ),
    "hearsay": (
        "  area: {value: 55 km2, source: hearsay}",
        """\
park.yaml:6:33: source of context 'area' is 'hearsay'
     6 |   area: {value: 55 km2, source: hearsay}
       |                                 ^^^^^^^
       It can be published, assumed, public: WHERE, calibrated: CLAIM, unverified: WHY.
       To mend: write one of these
1 problem; nothing was run.
""",
    ),
    "unknown unit": (
        "  area: {value: 55 Km2, source: published}",
        """\
park.yaml:6:17: value of context 'area' is '55 Km2': unknown unit 'Km'; did you mean km?
     6 |   area: {value: 55 Km2, source: published}
       |                 ^^^^^^
       To mend: write 55 km2
1 problem; nothing was run.
""",
    ),
    "no quantity": (
        "  area: {value: large, source: published}",
        """\
park.yaml:6:17: value of context 'area' needs a quantity or a plain number, got 'large'
     6 |   area: {value: large, source: published}
       |                 ^^^^^
       To mend: write it as number and unit, such as 10 MW
1 problem; nothing was run.
""",
    ),
    "separators": (
        '  cost: {value: "10,000 CNY", source: published}',
        """\
park.yaml:6:17: value of context 'cost' needs a quantity or a plain number, got '10,000 CNY'
     6 |   cost: {value: "10,000 CNY", source: published}
       |                 ^^^^^^^^^^^^
       To mend: write 10000 CNY, without separators
1 problem; nothing was run.
""",
    ),
    "unknown key": (
        "  area: {value: 55 km2, source: published, spread: 10 %}",
        """\
park.yaml:6:44: unknown key 'spread' of context 'area'
     6 |   area: {value: 55 km2, source: published, spread: 10 %}
       |                                            ^^^^^^
       Keys: note, source, value.
       To mend: correct or delete the key
1 problem; nothing was run.
""",
    ),
    "mapping as value": (
        "  area: {value: {value: 55 km2}, source: published}",
        """\
park.yaml:6:17: value of context 'area' needs one value, got a mapping
     6 |   area: {value: {value: 55 km2}, source: published}
       |                 ^^^^^^^^^^^^^^^
       To mend: write value, source and note side by side
1 problem; nothing was run.
""",
    ),
    "truth as value": (
        "  area: {value: true, source: published}",
        """\
park.yaml:6:17: value of context 'area' needs a text or a number, got true
     6 |   area: {value: true, source: published}
       |                 ^^^^
1 problem; nothing was run.
""",
    ),
    "no name": (
        "  3area: {value: 55 km2, source: published}",
        """\
park.yaml:6:3: figure '3area' is no name
     6 |   3area: {value: 55 km2, source: published}
       |   ^^^^^
       To mend: use letters, digits, '_' and '-', beginning with a letter
1 problem; nothing was run.
""",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_figure_is_refused_at_its_place(refused: Refused, name: str) -> None:
    """A figure without source or unit would be audited against as if it were published."""
    line, message = CASES[name]
    assert refused(bent(("buses: [", f"context:\n{line}\nbuses: ["))) == message
