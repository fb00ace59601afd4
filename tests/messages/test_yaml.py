"""Files that are no scenario: encodings, syntax, tags, aliases, the shape of the top."""

# ruff: noqa: E501 - messages are quoted as they are shown

from __future__ import annotations

import pytest

from tests.messages.conftest import Refused
from tests.scenario.base import BASE


def without(part: str) -> str:
    """The scenario without one of its parts."""
    lines = BASE.splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if line.startswith(f"{part}:"))
    after = [i for i, line in enumerate(lines) if i > first and line[0] != " "]
    return "".join(lines[:first] + lines[after[0] if after else len(lines) :])


LETTERS = "abcdefghi"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip(LETTERS, LETTERS[1:], strict=False)
)
"""Nine to the power of nine values in 500 characters."""

CASES: dict[str, tuple[str | bytes, str]] = {
    "UTF-16": (
        BASE.encode("utf-16"),
        """\
park.yaml: the file is UTF-16 or UTF-32, not UTF-8
       To mend: save the file as UTF-8
1 problem; nothing was run.
""",
    ),
    "UTF-16 without a mark": (
        BASE.encode("utf-16-le"),
        """\
park.yaml: the file is UTF-16 or UTF-32, not UTF-8
       To mend: save the file as UTF-8
1 problem; nothing was run.
""",
    ),
    "Latin-1": (
        BASE.replace("name: Base", "name: Bäse").encode("latin-1"),
        """\
park.yaml:1:15: byte 0xe4 is not UTF-8
     1 | park: {name: B�se, country: CN, currency: CNY}
       |               ^
       To mend: save the file as UTF-8
1 problem; nothing was run.
""",
    ),
    "wrong bytes after a mark": (
        b"\xef\xbb\xbfpark: {name: B\xe4se}\n",
        """\
park.yaml:1:15: byte 0xe4 is not UTF-8
     1 | park: {name: B�se}
       |               ^
       To mend: save the file as UTF-8
1 problem; nothing was run.
""",
    ),
    "NUL": (
        BASE.replace("Base", "Ba\0se"),
        """\
park.yaml:1:16: the file holds a NUL character
     1 | park: {name: Ba se, country: CN, currency: CNY}
       |                ^
       To mend: delete it
1 problem; nothing was run.
""",
    ),
    "control character": (
        BASE.replace("Base", "Ba\x07se"),
        """\
park.yaml:1:16: character U+0007 does not belong in YAML
     1 | park: {name: Ba se, country: CN, currency: CNY}
       |                ^
       To mend: delete it
1 problem; nothing was run.
""",
    ),
    "empty": (
        "",
        """\
park.yaml:1:1: the file is empty
       To mend: begin with 'park:' and 'site:'
1 problem; nothing was run.
""",
    ),
    "only a comment": (
        "# nothing yet\n",
        """\
park.yaml:1:1: the file is empty
     1 | # nothing yet
       | ^
       To mend: begin with 'park:' and 'site:'
1 problem; nothing was run.
""",
    ),
    "a list at the top": (
        "- park\n- site\n",
        """\
park.yaml:1:1: the top of the file is a list, not a mapping
     1 | - park
       | ^^^^^^
       To mend: begin with 'park:' and 'site:', without a dash
1 problem; nothing was run.
""",
    ),
    "a text at the top": (
        "Kalundborg\n",
        """\
park.yaml:1:1: the top of the file is a single value, not a mapping
     1 | Kalundborg
       | ^^^^^^^^^^
       To mend: begin with 'park:' and 'site:', without a dash
1 problem; nothing was run.
""",
    ),
    "two documents": (
        BASE + "---\npark: {}\n",
        """\
park.yaml:19:1: a second document begins here
    19 | ---
       | ^
       To mend: keep one document in a file
1 problem; nothing was run.
""",
    ),
    "a key twice": (
        BASE.replace("capacity: 50 MW", "capacity: 50 MW, capacity: 60 MW"),
        """\
park.yaml:8:64: the key 'capacity' stands twice, first in line 8
     8 |   gas: {model: test_import, bus: natural_gas, capacity: 50 MW, capacity: 60 MW}
       |                                                                ^^^^^^^^
       To mend: keep one of the two
1 problem; nothing was run.
""",
    ),
    "a part twice": (
        BASE + "site: {latitude: 3}\n",
        """\
park.yaml:19:1: the key 'site' stands twice, first in line 2
    19 | site: {latitude: 3}
       | ^^^^
       To mend: keep one of the two
1 problem; nothing was run.
""",
    ),
    "tab for indentation": (
        BASE.replace("  grid:", "\tgrid:"),
        """\
park.yaml:7:1: a tab stands where YAML wants spaces
     7 |  grid: {model: test_import, bus: electricity, capacity: 20 MW, price: 600 CNY/MWh}
       | ^
       To mend: indent with spaces
1 problem; nothing was run.
""",
    ),
    "unclosed bracket": (
        BASE.replace("power: 12 MW}", "power: 12 MW"),
        """\
park.yaml:14:8: not YAML: expected ',' or '}', but got ':'
    14 |   works: {model: test_demand, power: 8 MW}
       |        ^
       To mend: check indentation, colons, quotes and brackets here and in the line above
1 problem; nothing was run.
""",
    ),
    "colon in a text": (
        BASE.replace("name: Base", "name: Base: one"),
        """\
park.yaml:1:18: not YAML: expected ',' or '}', but got ':'
     1 | park: {name: Base: one, country: CN, currency: CNY}
       |                  ^
       To mend: check indentation, colons, quotes and brackets here and in the line above
1 problem; nothing was run.
""",
    ),
    "unclosed quote": (
        "park:\n  name: 'Base\n",
        """\
park.yaml:3:1: not YAML: found unexpected end of stream
       To mend: check indentation, colons, quotes and brackets here and in the line above
1 problem; nothing was run.
""",
    ),
    "unknown alias": (
        BASE.replace("capacity: 50 MW", "capacity: *large"),
        """\
park.yaml:8:57: undefined alias 'large'
     8 |   gas: {model: test_import, bus: natural_gas, capacity: *large}
       |                                                         ^
       To mend: define it above with '&', or quote the text
1 problem; nothing was run.
""",
    ),
    "alias bomb": (
        BOMB,
        """\
park.yaml:1:32: aliases unfold to more than 200000 values
     1 | a: &a [x, x, x, x, x, x, x, x, x]
       |                                ^
       To mend: write the values out
1 problem; nothing was run.
""",
    ),
    "alias of itself": (
        "park: &park {name: *park}\n",
        """\
park.yaml:1:7: an alias below stands for the whole that holds it
     1 | park: &park {name: *park}
       |       ^^^^^^^^^^^^^^^^^^^
       To mend: write the values out
1 problem; nothing was run.
""",
    ),
    "too deep": (
        "park: " + "[" * 40 + "]" * 40 + "\n",
        """\
park.yaml:1:37: nested more than 30 levels deep
     1 | park: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
       |                                     ^^^^^^^^^^^^^^^^^^^^
       To mend: a scenario needs five or six
1 problem; nothing was run.
""",
    ),
    "far too deep": (
        "park: " + "[" * 9000 + "]" * 9000 + "\n",
        """\
park.yaml:1:1: nested more than 30 levels deep
     1 | park: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[...
       | ^
       To mend: a scenario needs five or six
1 problem; nothing was run.
""",
    ),
    "a Python object": (
        "park: !!python/object:os.system {name: x}\n",
        """\
park.yaml:1:7: the tag '!!python/object:os.system' is not allowed
     1 | park: !!python/object:os.system {name: x}
       |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       To mend: write plain values
1 problem; nothing was run.
""",
    ),
    "a Python call": (
        "park: !!python/object/apply:os.system [echo]\n",
        """\
park.yaml:1:7: the tag '!!python/object/apply:os.system' is not allowed
     1 | park: !!python/object/apply:os.system [echo]
       |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       To mend: write plain values
1 problem; nothing was run.
""",
    ),
    "a tag of its own": (
        "park: !include other.yaml\n",
        """\
park.yaml:1:7: the tag '!include' is not allowed
     1 | park: !include other.yaml
       |       ^^^^^^^^^^^^^^^^^^^
       To mend: write plain values
1 problem; nothing was run.
""",
    ),
    "bytes": (
        "park: {name: !!binary QmFzZQ==}\n",
        """\
park.yaml:1:14: the tag '!!binary' is not allowed
     1 | park: {name: !!binary QmFzZQ==}
       |              ^^^^^^^^^^^^^^^^^
       To mend: write plain values
1 problem; nothing was run.
""",
    ),
    "merge key": (
        BASE.replace("gas: {", "gas: {<<: {bus: heat}, "),
        """\
park.yaml:8:9: unknown key '<<' of 'gas'
     8 |   gas: {<<: {bus: heat}, model: test_import, bus: natural_gas, capacity: 50 MW}
       |         ^^
       Keys: available, bus, capacity, model, note, owner, price.
       To mend: correct or delete the key
1 problem; nothing was run.
""",
    ),
    "a key that is a list": (
        "? [park, site]\n: Base\n",
        """\
park.yaml:1:3: a key must be a word
     1 | ? [park, site]
       |   ^^^^^^^^^^^^
       To mend: write one word
1 problem; nothing was run.
""",
    ),
    "no park": (
        without("park"),
        """\
park.yaml:1:1: the file lacks 'park:'
       To mend: add 'park: {name: ..., country: DK}'
1 problem; nothing was run.
""",
    ),
    "no site": (
        without("site"),
        """\
park.yaml:1:1: the file lacks 'site:'
       To mend: add 'site: {latitude: ..., ...}'
1 problem; nothing was run.
""",
    ),
    "no buses": (
        without("buses"),
        """\
park.yaml:1:1: the file lacks 'buses:'
       To mend: add 'buses: [electricity, ...]'
1 problem; nothing was run.
""",
    ),
    "no components": (
        without("components"),
        """\
park.yaml:1:1: the file lacks 'components:'
       To mend: add 'components: {name: {model: ...}}'
1 problem; nothing was run.
""",
    ),
    "components are a list": (
        without("components") + "components: [grid]\n",
        """\
park.yaml:10:13: 'components' needs a mapping of names, got a list
    10 | components: [grid]
       |             ^^^^^^
       To mend: add 'components: {name: {model: ...}}'
1 problem; nothing was run.
""",
    ),
    "components are empty": (
        without("components") + "components:\n",
        """\
park.yaml:10:1: 'components' needs a mapping of names, got nothing
    10 | components:
       | ^^^^^^^^^^
       To mend: add 'components: {name: {model: ...}}'
1 problem; nothing was run.
""",
    ),
    "buses are a text": (
        without("buses") + "buses: electricity\n",
        """\
park.yaml:18:1: 'buses' needs a list of names, got 'electricity'
    18 | buses: electricity
       | ^^^^^
       To mend: add 'buses: [electricity, ...]'
1 problem; nothing was run.
""",
    ),
}


@pytest.mark.parametrize(("scenario", "message"), CASES.values(), ids=CASES)
def test_a_file_that_is_no_scenario_is_refused(
    refused: Refused, scenario: str | bytes, message: str
) -> None:
    """Reading it anyway would mean guessing, running code, or running out of memory."""
    assert refused(scenario) == message
