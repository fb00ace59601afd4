"""Names, keys and the parts of a scenario."""

# ruff: noqa: E501 - messages are quoted as they are shown

from __future__ import annotations

import pytest

from tests.messages.conftest import Refused
from tests.scenario.base import bent

CASES = {
    "unknown bus": (
        [("heat: heat", "heat: haet")],
        """\
park.yaml:9:57: unknown bus 'haet' in heat of 'boiler'
     9 |   boiler: {model: test_boiler, fuel: natural_gas, heat: haet, thermal_capacity: 30 MW}
       |                                                         ^^^^
       Heat buses of this park: heat (line 5). Did you mean heat?
       To mend: name one of these, or add haet under 'buses:'
1 problem; nothing was run.
""",
    ),
    "bus of another kind": (
        [("heat: heat", "heat: electricity")],
        """\
park.yaml:9:57: heat of 'boiler' needs a heat bus, but 'electricity' carries electricity
     9 |   boiler: {model: test_boiler, fuel: natural_gas, heat: electricity, thermal_capacity: 30 MW}
       |                                                         ^^^^^^^^^^^
       Heat buses of this park: heat (line 5).
       To mend: name another bus, or give its carrier that kind under 'carriers:'
1 problem; nothing was run.
""",
    ),
    "bus that is a list": (
        [("heat: heat", "heat: [heat]")],
        """\
park.yaml:9:57: heat of 'boiler' needs the name of a bus, got a list
     9 |   boiler: {model: test_boiler, fuel: natural_gas, heat: [heat], thermal_capacity: 30 MW}
       |                                                         ^^^^^^
       To mend: write one value, without brackets
1 problem; nothing was run.
""",
    ),
    "unknown model": (
        [("model: test_boiler", "model: test_boilr")],
        """\
park.yaml:9:19: unknown model 'test_boilr' of 'boiler'
     9 |   boiler: {model: test_boilr, fuel: natural_gas, heat: heat, thermal_capacity: 30 MW}
       |                   ^^^^^^^^^^
       Did you mean test_boiler?
       To mend: name one of the models in docs/reference/models.md
1 problem; nothing was run.
""",
    ),
    "model that is a mapping": (
        [("model: test_boiler", "model: {value: test_boiler}")],
        """\
park.yaml:9:19: model of 'boiler' needs the name of a model, got a mapping
     9 |   boiler: {model: {value: test_boiler}, fuel: natural_gas, heat: heat, thermal_capacity: 30 MW}
       |                   ^^^^^^^^^^^^^^^^^^^^
       To mend: name one of the models in docs/reference/models.md
1 problem; nothing was run.
""",
    ),
    "missing model": (
        [("boiler: {model: test_boiler, ", "boiler: {")],
        """\
park.yaml:9:3: 'boiler' lacks 'model'
     9 |   boiler: {fuel: natural_gas, heat: heat, thermal_capacity: 30 MW}
       |   ^^^^^^
       To mend: add 'model: ...', its technology
1 problem; nothing was run.
""",
    ),
    "component that is a text": (
        [("{model: test_demand, power: 8 MW}", "test_demand")],
        """\
park.yaml:14:3: 'works' needs a mapping, got 'test_demand'
    14 |   works: test_demand
       |   ^^^^^
       To mend: add 'model:'
1 problem; nothing was run.
""",
    ),
    "unknown key": (
        [("thermal_capacity", "thermal_capcity")],
        """\
park.yaml:9:63: unknown key 'thermal_capcity' of 'boiler'
     9 |   boiler: {model: test_boiler, fuel: natural_gas, heat: heat, thermal_capcity: 30 MW}
       |                                                               ^^^^^^^^^^^^^^^
       Keys: available, captured, efficiency, fuel, gas, heat, model, note, owner, thermal_capacity. Did you mean thermal_capacity?
       To mend: correct or delete the key
1 problem; nothing was run.
""",
    ),
    "unknown top key": (
        [("variants:", "variant:")],
        """\
park.yaml:17:1: unknown key 'variant' at the top of the file
    17 | variant:
       | ^^^^^^^
       Keys: accounting, buses, carriers, components, conserve, context, contracts, events, include, park, site, variants. Did you mean variants?
       To mend: correct or delete the key
1 problem; nothing was run.
""",
    ),
    "missing key": (
        [(", thermal_capacity: 30 MW", "")],
        """\
park.yaml:9:3: 'boiler' lacks 'thermal_capacity'
     9 |   boiler: {model: test_boiler, fuel: natural_gas, heat: heat}
       |   ^^^^^^
       thermal_capacity is a power: Fuel by its LHV.
       To mend: add 'thermal_capacity: ...'
1 problem; nothing was run.
""",
    ),
    "unknown word": (
        [("    model: test_battery", "    model: test_battery\n    policy: tarif")],
        """\
park.yaml:12:13: policy of 'battery' cannot be 'tarif'
    12 |     policy: tarif
       |             ^^^^^
       It can be self_consumption, tariff. Did you mean tariff?
       To mend: write one of these
1 problem; nothing was run.
""",
    ),
    "available is yes": (
        [("power: 8 MW", "power: 8 MW, available: yes")],
        """\
park.yaml:14:55: available of 'works' needs true or false, got 'yes'
    14 |   works: {model: test_demand, power: 8 MW, available: yes}
       |                                                       ^^^
1 problem; nothing was run.
""",
    ),
    "unknown actor": (
        [("test_storm, component", "test_strom, component")],
        """\
park.yaml:16:13: unknown actor 'test_strom'
    16 |   - {actor: test_strom, component: battery, every: 400 h}
       |             ^^^^^^^^^^
       Known: test_storm. Did you mean test_storm?
       To mend: name one of these, or register your own actor
1 problem; nothing was run.
""",
    ),
    "event without actor": (
        [("{actor: test_storm, component", "{component")],
        """\
park.yaml:16:5: an event needs 'actor:'
    16 |   - {component: battery, every: 400 h}
       |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       To mend: write '- {actor: outage, ...}'
1 problem; nothing was run.
""",
    ),
    "event on an unknown component": (
        [("component: battery", "component: batery")],
        """\
park.yaml:16:36: unknown component 'batery' in an event
    16 |   - {actor: test_storm, component: batery, every: 400 h}
       |                                    ^^^^^^
       Did you mean battery?
       To mend: name one of the park's components
1 problem; nothing was run.
""",
    ),
    "two events of one name": (
        [
            (
                "every: 400 h}",
                "every: 400 h}\n  - {actor: test_storm, component: battery, every: 90 h}",
            )
        ],
        """\
park.yaml:17:5: a second event is named 'test_storm_battery'
    17 |   - {actor: test_storm, component: battery, every: 90 h}
       |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       To mend: give one of them a 'name:' of its own
1 problem; nothing was run.
""",
    ),
    "unknown key of an event": (
        [("every: 400 h", "every: 400 h, mttr: 3 h")],
        """\
park.yaml:16:59: unknown key 'mttr' of event 'test_storm_battery'
    16 |   - {actor: test_storm, component: battery, every: 400 h, mttr: 3 h}
       |                                                           ^^^^
       Keys: actor, component, every, name, note.
       To mend: correct or delete the key
1 problem; nothing was run.
""",
    ),
    "reserved name": (
        [("  town:", "  site:")],
        """\
park.yaml:13:3: component 'site' has a reserved name
    13 |   site: {model: test_demand, bus: heat, power: 12 MW}
       |   ^^^^
       To mend: choose another name; overrides use this one
1 problem; nothing was run.
""",
    ),
    "component named like a bus": (
        [("  town:", "  heat:")],
        """\
park.yaml:13:3: component 'heat' has the name of a bus (line 5)
    13 |   heat: {model: test_demand, bus: heat, power: 12 MW}
       |   ^^^^
       To mend: give one of the two another name
1 problem; nothing was run.
""",
    ),
    "name with a dot": (
        [("  town:", "  my.town:")],
        """\
park.yaml:13:3: component 'my.town' is no name
    13 |   my.town: {model: test_demand, bus: heat, power: 12 MW}
       |   ^^^^^^^
       To mend: use letters, digits, '_' and '-', beginning with a letter
1 problem; nothing was run.
""",
    ),
    "bad time zone": (
        [("Asia/Shanghai", "Asia/Shangai")],
        """\
park.yaml:2:55: time_zone of the site: unknown time zone 'Asia/Shangai'
     2 | site: {latitude: 31.32, longitude: 120.72, time_zone: Asia/Shangai, weather: climate/suzhou.yaml}
       |                                                       ^^^^^^^^^^^^
       To mend: did you mean Asia/Shanghai?
1 problem; nothing was run.
""",
    ),
    "latitude with a unit": (
        [("31.32", "31.32 deg")],
        """\
park.yaml:2:18: latitude of the site needs a number, got '31.32 deg'
     2 | site: {latitude: 31.32 deg, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate/suzhou.yaml}
       |                  ^^^^^^^^^
       To mend: write a bare number
1 problem; nothing was run.
""",
    ),
    "unknown country": (
        [("country: CN", "country: China")],
        """\
park.yaml:1:29: country of the park: 'China' is no ISO code of a country whose calendar is known
     1 | park: {name: Base, country: China, currency: CNY}
       |                             ^^^^^
       To mend: write two capital letters, such as DK, CN or SG
1 problem; nothing was run.
""",
    ),
    "number for a name": (
        [("name: Base", "name: 5")],
        """\
park.yaml:1:14: name of the park needs a text, got 5
     1 | park: {name: 5, country: CN, currency: CNY}
       |              ^
       To mend: put it in quotes
1 problem; nothing was run.
""",
    ),
    "weather is a directory": (
        [("climate/suzhou.yaml", "climate")],
        """\
park.yaml:2:79: weather 'climate' is a directory, not a file
     2 | site: {latitude: 31.32, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate}
       |                                                                               ^^^^^^^
       To mend: name a file inside it
1 problem; nothing was run.
""",
    ),
    "bus without carrier": (
        [("natural_gas, heat]", "natural_gs, heat]")],
        """\
park.yaml:5:22: bus 'natural_gs' has no carrier of its name
     5 | buses: [electricity, natural_gs, heat]
       |                      ^^^^^^^^^^
       Did you mean natural_gas?
       To mend: declare natural_gs under 'carriers:', or write 'natural_gs: CARRIER'
1 problem; nothing was run.
""",
    ),
    "bus twice": (
        [("natural_gas, heat]", "natural_gas, heat, heat]")],
        """\
park.yaml:5:41: bus 'heat' stands twice, first in line 5
     5 | buses: [electricity, natural_gas, heat, heat]
       |                                         ^^^^
       To mend: delete one of the two
1 problem; nothing was run.
""",
    ),
    "bus that is a number": (
        [("natural_gas, heat]", "natural_gas, heat, 5]")],
        """\
park.yaml:5:41: a bus needs a name, got 5
     5 | buses: [electricity, natural_gas, heat, 5]
       |                                         ^
       To mend: write a name, or 'name: carrier'
1 problem; nothing was run.
""",
    ),
    "bus named like the air": (
        [("natural_gas, heat]", "natural_gas, heat, {air: natural_gas}]")],
        """\
park.yaml:5:42: bus 'air' has the name of a standard carrier, but carries 'natural_gas'
     5 | buses: [electricity, natural_gas, heat, {air: natural_gas}]
       |                                          ^^^
       To mend: give the bus a name of its own
1 problem; nothing was run.
""",
    ),
    "standard carrier declared anew": (
        [("  heat: {hot_water", "  coal: {water: {}}\n  heat: {hot_water")],
        """\
park.yaml:4:3: 'coal' is a standard carrier
     4 |   coal: {water: {}}
       |   ^^^^
       To mend: give yours a name of its own
1 problem; nothing was run.
""",
    ),
    "unknown form of a carrier": (
        [("hot_water:", "hotwater:")],
        """\
park.yaml:4:10: carrier 'heat' needs one form
     4 |   heat: {hotwater: {supply: 80 degC, return: 45 degC}}
       |          ^^^^^^^^
       Forms: steam, hot_water, cold_water, water, solid. Did you mean hot_water?
       To mend: write '{FORM: {...}}', or '{unit: ..., content: {...}}'
1 problem; nothing was run.
""",
    ),
    "unknown content of a carrier": (
        [
            (
                "  heat: {hot_water",
                "  sand: {unit: t/h, content: {mass: 1, silicon: 0.4}}\n  heat: {hot_water",
            )
        ],
        """\
park.yaml:4:40: unknown quantity 'silicon' in content of carrier 'sand'
     4 |   sand: {unit: t/h, content: {mass: 1, silicon: 0.4}}
       |                                        ^^^^^^^
       Quantities: energy, carbon, mass, water, sulphur, nitrogen.
       To mend: name one of these, or declare 'silicon' under 'conserve:'
1 problem; nothing was run.
""",
    ),
    "variants are a list": (
        [("  big: {battery.energy_capacity: 40 MWh, park.era: later}", "  - big")],
        """\
park.yaml:18:3: 'variants' needs a mapping of names to changes, got a list
    18 |   - big
       |   ^^^^^
       To mend: write 'variants: {NAME: {component.key: value}}'
1 problem; nothing was run.
""",
    ),
}


@pytest.mark.parametrize(("changes", "message"), CASES.values(), ids=CASES)
def test_a_bad_structure_is_refused_at_its_place(
    refused: Refused, changes: list[tuple[str, str]], message: str
) -> None:
    """A key that nobody reads, or a name that means two things, would be lost without a word."""
    assert refused(bent(*changes)) == message
