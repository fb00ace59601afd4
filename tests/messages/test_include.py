"""Templates: what a park gives to them, what they say themselves, and where both are shown."""

# ruff: noqa: E501 - messages are quoted as they are shown

from __future__ import annotations

from pathlib import Path

import pytest

from tests.messages.conftest import Refused
from tests.scenario.base import BASE, bent
from twin.scenario.include import templates_in
from twin.scenario.park import load, shipped_folder

TEMPLATE = """\
description: A boiler with a battery.
parameters:
  heat: {description: Bus of heat.}
  capacity: {description: Largest output.}
  content: {description: Content of the battery; without it there is none., optional: true}
  power: {description: Its power., optional: true}
components:
  <name>_boiler: {model: test_boiler, fuel: natural_gas, heat: <heat>, thermal_capacity: <capacity>}
  <name>_battery: {needs: content, model: test_battery, energy_capacity: <content>, power_capacity: <power>}
events:
  - {needs: content, actor: test_storm, component: <name>_battery, every: 90 d}
"""

INCLUDE = """\
include:
  - {template: plant, name: north, heat: heat, capacity: 30 MW, content: 5 MWh, change: {north_boiler.efficiency: 0.8}}
components:
"""

GIVEN: dict[str, tuple[str, str, str]] = {
    "unknown parameter": (
        "capacity: 30 MW, content",
        "capacty: 30 MW, content",
        """\
park.yaml:7:48: unknown parameter 'capacty' of template 'plant'
     7 |   - {template: plant, name: north, heat: heat, capacty: 30 MW, content: 5 MWh, change: {north_boiler.efficiency: 0.8}}
       |                                                ^^^^^^^
       Parameters: capacity, content, heat, name, power. Did you mean capacity?
       To mend: correct or delete it
1 problem; nothing was run.
""",
    ),
    "missing parameter": (
        ", heat: heat, capacity: 30 MW, content",
        ", capacity: 30 MW, content",
        """\
park.yaml:7:16: template 'plant' lacks 'heat'
     7 |   - {template: plant, name: north, capacity: 30 MW, content: 5 MWh, change: {north_boiler.efficiency: 0.8}}
       |                ^^^^^
       heat: Bus of heat.
       To mend: add 'heat: ...'
1 problem; nothing was run.
""",
    ),
    "wrong unit": (
        "capacity: 30 MW, content",
        "capacity: 30 MWh, content",
        """\
park.yaml:7:58: thermal_capacity of 'north_boiler' needs a power, got '30 MWh' (an energy)
     7 |   - {template: plant, name: north, heat: heat, capacity: 30 MWh, content: 5 MWh, change: {north_boiler.efficiency: 0.8}}
       |                                                          ^^^^^^
       To mend: write 30 MW if a power was meant
1 problem; nothing was run.
""",
    ),
    "unknown bus": (
        "heat: heat, capacity: 30 MW, content",
        "heat: haet, capacity: 30 MW, content",
        """\
park.yaml:7:42: unknown bus 'haet' in heat of 'north_boiler'
     7 |   - {template: plant, name: north, heat: haet, capacity: 30 MW, content: 5 MWh, change: {north_boiler.efficiency: 0.8}}
       |                                          ^^^^
       Heat buses of this park: heat (line 5). Did you mean heat?
       To mend: name one of these, or add haet under 'buses:'
1 problem; nothing was run.
""",
    ),
    "value of a part left out": (
        "content: 5 MWh",
        "power: 5 MW",
        """\
park.yaml:7:65: 'power' is given to template 'plant', but what it is for is left out
     7 |   - {template: plant, name: north, heat: heat, capacity: 30 MW, power: 5 MW, change: {north_boiler.efficiency: 0.8}}
       |                                                                 ^^^^^
       To mend: delete it, or give what goes with it
1 problem; nothing was run.
""",
    ),
    "unknown component in a change": (
        "north_boiler.efficiency",
        "noth_boiler.efficiency",
        """\
park.yaml:7:90: template 'plant' has no component 'noth_boiler'
     7 |   - {template: plant, name: north, heat: heat, capacity: 30 MW, content: 5 MWh, change: {noth_boiler.efficiency: 0.8}}
       |                                                                                          ^^^^^^^^^^^^^^^^^^^^^^
       Components: north_boiler, north_battery. Did you mean north_boiler?
       To mend: name one of these
1 problem; nothing was run.
""",
    ),
    "unknown key in a change": (
        "north_boiler.efficiency",
        "north_boiler.eficiency",
        """\
park.yaml:7:90: unknown key 'eficiency' of 'north_boiler'
     7 |   - {template: plant, name: north, heat: heat, capacity: 30 MW, content: 5 MWh, change: {north_boiler.eficiency: 0.8}}
       |                                                                                          ^^^^^^^^^^^^^^^^^^^^^^
       Keys: available, captured, efficiency, fuel, gas, heat, model, note, owner, thermal_capacity. Did you mean efficiency?
       To mend: correct or delete the key
1 problem; nothing was run.
""",
    ),
    "change of an unknown event": (
        "north_boiler.efficiency: 0.8",
        "events.storm.every: 30 d",
        """\
park.yaml:7:90: template 'plant' has no event 'storm'
     7 |   - {template: plant, name: north, heat: heat, capacity: 30 MW, content: 5 MWh, change: {events.storm.every: 30 d}}
       |                                                                                          ^^^^^^^^^^^^^^^^^^
       Events: test_storm_north_battery.
       To mend: name one of these
1 problem; nothing was run.
""",
    ),
    "change that is no path": (
        "north_boiler.efficiency",
        "north_boiler",
        """\
park.yaml:7:90: 'north_boiler' is no path
     7 |   - {template: plant, name: north, heat: heat, capacity: 30 MW, content: 5 MWh, change: {north_boiler: 0.8}}
       |                                                                                          ^^^^^^^^^^^^
       To mend: write component.key, or events.NAME.key
1 problem; nothing was run.
""",
    ),
    "change that is a list": (
        "{north_boiler.efficiency: 0.8}",
        "[north_boiler]",
        """\
park.yaml:7:89: 'change' of template 'plant' needs a mapping of paths to values, got a list
     7 |   - {template: plant, name: north, heat: heat, capacity: 30 MW, content: 5 MWh, change: [north_boiler]}
       |                                                                                         ^^^^^^^^^^^^^^
       To mend: write 'component.key: value'
1 problem; nothing was run.
""",
    ),
    "change of what has no parts": (
        "north_boiler.efficiency:",
        "north_boiler.heat.x:",
        """\
park.yaml:7:90: 'heat' has no part 'x'
     7 |   - {template: plant, name: north, heat: heat, capacity: 30 MW, content: 5 MWh, change: {north_boiler.heat.x: 0.8}}
       |                                                                                          ^^^^^^^^^^^^^^^^^^^
       To mend: leave '.x' away
1 problem; nothing was run.
""",
    ),
    "mapping as name": (
        "name: north",
        "name: {value: north}",
        """\
park.yaml:7:29: 'name' needs one word, since it becomes part of a text, got a mapping
     7 |   - {template: plant, name: {value: north}, heat: heat, capacity: 30 MW, content: 5 MWh, change: {north_boiler.efficienc...
       |                             ^^^^^^^^^^^^^^
1 problem; nothing was run.
""",
    ),
    "name that is none": (
        "name: north, heat: heat, capacity: 30 MW, content: 5 MWh, change: {north_boiler.efficiency: 0.8}}",
        "name: 3north, heat: heat, capacity: 30 MW}",
        """\
templates/plant.yaml:8:3: component '3north_boiler' is no name
     8 |   <name>_boiler: {model: test_boiler, fuel: natural_gas, heat: <heat>, thermal_capacity: <capacity>}
       |   ^^^^^^^^^^^^^
       To mend: use letters, digits, '_' and '-', beginning with a letter
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "include that is a mapping": (
        "  - {template: plant, ",
        "  x: {template: plant, ",
        """\
park.yaml:6:1: 'include' needs a list, got a mapping
     6 | include:
       | ^^^^^^^
       To mend: begin each entry with '- template: ...'
1 problem; nothing was run.
""",
    ),
    "entry without template": (
        "- {template: plant, name",
        "- {name",
        """\
park.yaml:7:6: an entry of 'include' needs 'template:', the name of a template
     7 |   - {name: north, heat: heat, capacity: 30 MW, content: 5 MWh, change: {north_boiler.efficiency: 0.8}}
       |      ^^^^
       To mend: write '- {template: NAME, ...}'
1 problem; nothing was run.
""",
    ),
    "entry that is a text": (
        "  - {template: plant, name: north, heat: heat, capacity: 30 MW, content: 5 MWh, change: {north_boiler.efficiency: 0.8}}",
        "  - plant",
        """\
park.yaml:7:5: an entry of 'include' needs 'template:', the name of a template
     7 |   - plant
       |     ^^^^^
       To mend: write '- {template: NAME, ...}'
1 problem; nothing was run.
""",
    ),
}
"""What is bent in the park, and the message."""

OWN: dict[str, tuple[str, str, str]] = {
    "unknown key of a template": (
        "events:",
        "event:",
        """\
templates/plant.yaml:10:1: unknown key 'event' of template 'plant'
    10 | event:
       | ^^^^^
       Keys: buses, carriers, components, description, events, parameters. Did you mean events?
       To mend: correct or delete the key
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "unknown placeholder": (
        "heat: <heat>",
        "heat: <haet>",
        """\
templates/plant.yaml:8:64: <haet> is no parameter of template 'plant'
     8 |   <name>_boiler: {model: test_boiler, fuel: natural_gas, heat: <haet>, thermal_capacity: <capacity>}
       |                                                                ^^^^^^
       Parameters: name, heat, capacity, content, power. Did you mean heat?
       To mend: declare haet under 'parameters:', or name one of these
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "parameter named nowhere": (
        ", power_capacity: <power>",
        "",
        """\
templates/plant.yaml:6:3: parameter 'power' is named nowhere
     6 |   power: {description: Its power., optional: true}
       |   ^^^^^
       To mend: write <power> where it belongs
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "parameter without description": (
        "{description: Bus of heat.}",
        "Bus of heat.",
        """\
templates/plant.yaml:3:3: parameter 'heat' needs a description
     3 |   heat: Bus of heat.
       |   ^^^^
       To mend: write 'heat: {description: ...}'
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "unknown key of a parameter": (
        "{description: Its power., optional: true}",
        "{description: Its power., optional: true, unit: MW}",
        """\
templates/plant.yaml:6:52: unknown key 'unit' of parameter 'power'
     6 |   power: {description: Its power., optional: true, unit: MW}
       |                                                    ^^^^
       Keys: default, description, optional.
       To mend: correct or delete the key
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "optional and a default": (
        "{description: Its power., optional: true}",
        "{description: Its power., optional: true, default: 1 MW}",
        """\
templates/plant.yaml:6:36: parameter 'power' is optional and has a default
     6 |   power: {description: Its power., optional: true, default: 1 MW}
       |                                    ^^^^^^^^
       To mend: keep one of the two
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "default of nothing": (
        "{description: Its power., optional: true}",
        "{description: Its power., default: }",
        """\
templates/plant.yaml:6:36: the default of 'power' is nothing
     6 |   power: {description: Its power., default: }
       |                                    ^^^^^^^
       To mend: write 'optional: true' instead
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "optional that is no truth": (
        "{description: Its power., optional: true}",
        "{description: Its power., optional: maybe}",
        """\
templates/plant.yaml:6:46: optional of parameter 'power' needs true or false
     6 |   power: {description: Its power., optional: maybe}
       |                                              ^^^^^
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "default of a later parameter": (
        "{description: Bus of heat.}",
        "{description: Bus of heat., default: <power>}",
        """\
templates/plant.yaml:3:46: the default of 'heat' names 'power', which is no parameter above
     3 |   heat: {description: Bus of heat., default: <power>}
       |                                              ^^^^^^^
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "needs of a required parameter": (
        "<name>_battery: {needs: content",
        "<name>_battery: {needs: capacity",
        """\
templates/plant.yaml:9:27: 'needs' names 'capacity', which is no optional parameter
     9 |   <name>_battery: {needs: capacity, model: test_battery, energy_capacity: <content>, power_capacity: <power>}
       |                           ^^^^^^^^
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "reserved parameter": (
        "  heat: {desc",
        "  change: {desc",
        """\
templates/plant.yaml:3:3: a parameter cannot be named 'change'
     3 |   change: {description: Bus of heat.}
       |   ^^^^^^
       To mend: give it another name
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "no description": (
        "description: A boiler with a battery.\n",
        "",
        """\
templates/plant.yaml:1:1: template 'plant' needs 'description', a text
     1 | parameters:
       | ^^^^^^^^^^^
       To mend: say in a sentence what it stands for
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "parts that are a list": (
        "events:\n  - {needs: content, actor: test_storm, component: <name>_battery, every: 90 d}",
        "events: {storm: 3}",
        """\
templates/plant.yaml:10:9: 'events' needs a list, got a mapping
    10 | events: {storm: 3}
       |         ^^^^^^^^^^
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "unknown model": (
        "model: test_boiler",
        "model: test_boilr",
        """\
templates/plant.yaml:8:26: unknown model 'test_boilr' of 'north_boiler'
     8 |   <name>_boiler: {model: test_boilr, fuel: natural_gas, heat: <heat>, thermal_capacity: <capacity>}
       |                          ^^^^^^^^^^
       Did you mean test_boiler?
       To mend: name one of the models in docs/reference/models.md
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "unknown key of a component": (
        "fuel: natural_gas",
        "feul: natural_gas",
        """\
templates/plant.yaml:8:39: unknown key 'feul' of 'north_boiler'
     8 |   <name>_boiler: {model: test_boiler, feul: natural_gas, heat: <heat>, thermal_capacity: <capacity>}
       |                                       ^^^^
       Keys: available, captured, efficiency, fuel, gas, heat, model, note, owner, thermal_capacity. Did you mean fuel?
       To mend: correct or delete the key
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "unit in the template": (
        "every: 90 d",
        "every: 90 kW",
        """\
templates/plant.yaml:11:75: every of event 'test_storm_north_battery' needs a duration, got '90 kW' (a power)
    11 |   - {needs: content, actor: test_storm, component: <name>_battery, every: 90 kW}
       |                                                                           ^^^^^
       To mend: give a duration, such as 10 h
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "two components of one name": (
        "<name>_battery: {needs",
        "<name>_boiler: {needs",
        """\
templates/plant.yaml:9:3: the key '<name>_boiler' stands twice, first in line 8
     9 |   <name>_boiler: {needs: content, model: test_battery, energy_capacity: <content>, power_capacity: <power>}
       |   ^^^^^^^^^^^^^
       To mend: keep one of the two
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "component of the park": (
        "<name>_battery: {needs",
        "battery: {needs",
        """\
templates/plant.yaml:9:3: component 'battery' of template 'plant' stands twice, first in line 12
     9 |   battery: {needs: content, model: test_battery, energy_capacity: <content>, power_capacity: <power>}
       |   ^^^^^^^
       To mend: give one of the two another name
       Included in park.yaml:7:16.
1 problem; nothing was run.
""",
    ),
    "parameters that are a list": (
        "parameters:\n",
        "parameters: [x]\nx:\n",
        """\
templates/plant.yaml:2:13: 'parameters' needs a mapping of names, got a list
     2 | parameters: [x]
       |             ^^^
       To mend: write 'parameters: {NAME: {description: ...}}'
       Included in park.yaml:7:16.
templates/plant.yaml:3:1: unknown key 'x' of template 'plant'
     3 | x:
       | ^
       Keys: buses, carriers, components, description, events, parameters.
       To mend: correct or delete the key
       Included in park.yaml:7:16.
2 problems; nothing was run.
""",
    ),
}
"""What is bent in the template, and the message."""

TWICE = """\
templates/plant.yaml:8:3: component 'north_boiler' of template 'plant' stands twice, first in line 7, by its template
     8 |   <name>_boiler: {model: test_boiler, fuel: natural_gas, heat: <heat>, thermal_capacity: <capacity>}
       |   ^^^^^^^^^^^^^
       To mend: give one of the two another name
       Included in park.yaml:8:16.
templates/plant.yaml:9:3: component 'north_battery' of template 'plant' stands twice, first in line 7, by its template
     9 |   <name>_battery: {needs: content, model: test_battery, energy_capacity: <content>, power_capacity: <power>}
       |   ^^^^^^^^^^^^^^
       To mend: give one of the two another name
       Included in park.yaml:8:16.
2 problems; nothing was run.
"""

BROKEN = """\
templates/plant.yaml:1:15: not YAML: expected the node content, but found '<stream end>'
     1 | description: [
       |               ^
       To mend: check indentation, colons, quotes and brackets here and in the line above
       Included in park.yaml:7:16.
1 problem; nothing was run.
"""


def _write(template: str) -> None:
    Path("templates").mkdir()
    Path("templates/plant.yaml").write_text(template, encoding="utf-8")


@pytest.mark.parametrize("name", GIVEN)
def test_what_a_park_gives_is_refused_at_its_place(refused: Refused, name: str) -> None:
    """Shown in the template, a fault of the park would be mended in the wrong file."""
    old, new, message = GIVEN[name]
    _write(TEMPLATE)
    scenario = bent(("components:\n", INCLUDE))
    assert refused(bent((old, new), text=scenario)) == message


@pytest.mark.parametrize("name", OWN)
def test_what_a_template_says_is_refused_at_its_place(refused: Refused, name: str) -> None:
    """Of several parks that include it, the message names the one that is read."""
    old, new, message = OWN[name]
    _write(bent((old, new), text=TEMPLATE))
    assert refused(bent(("components:\n", INCLUDE))) == message


def test_the_same_name_twice_is_refused(refused: Refused) -> None:
    """The second would replace the first, or be lost."""
    _write(TEMPLATE)
    twice = INCLUDE.replace("components:\n", "") + INCLUDE.replace("include:\n", "")
    assert refused(bent(("components:\n", twice))) == TWICE


def test_a_template_that_is_no_yaml(refused: Refused) -> None:
    """The file of the template is named, not that of the park."""
    _write("description: [")
    assert refused(bent(("components:\n", INCLUDE))) == BROKEN


def test_an_unknown_template_names_the_nearest(refused: Refused) -> None:
    """Those of the park's folder are among them; without them nobody would find a slip of the pen."""
    _write(TEMPLATE)
    scenario = bent(("components:\n", INCLUDE), ("template: plant", "template: plnt"))
    names = ", ".join(sorted(["plant", *templates_in(shipped_folder())]))
    shown = refused(scenario).splitlines()
    assert shown[0] == "park.yaml:7:16: there is no template 'plnt'"
    assert shown[3] == f"       Templates: {names}. Did you mean plant?"
    assert shown[4].endswith("name one of these, or write templates/NAME.yaml in the park's folder")


def test_the_base_is_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, technologies: None
) -> None:
    """Guards the tests above: each bends one thing only."""
    monkeypatch.chdir(tmp_path)
    _write(TEMPLATE)
    Path("park.yaml").write_text(bent(("components:\n", INCLUDE)), encoding="utf-8")
    assert {"north_boiler", "north_battery"} < set(load("park.yaml").components)
    assert "north" not in BASE
