"""What nature or the network forbids, at the line that asks for it."""

# ruff: noqa: E501 - messages are quoted as they are shown

from __future__ import annotations

import pytest

from tests.messages.conftest import Refused
from tests.scenario.base import bent

CASES = {
    "COP above Carnot": (
        [
            (
                "  gas:",
                "  pump: {model: test_heat_pump, heat: heat, power_capacity: 3 MW, cop: 7}\n  gas:",
            )
        ],
        """\
park.yaml:8:72: COP 7 is above Carnot's 5.04 between 10 and 80 degC
     8 |   pump: {model: test_heat_pump, heat: heat, power_capacity: 3 MW, cop: 7}
       |                                                                        ^
       To mend: write less than 5.04; good machines reach half of it
1 problem; nothing was run.
""",
    ),
    "efficiency above the heating value": (
        [("thermal_capacity: 30 MW", "efficiency: 1.2, thermal_capacity: 30 MW")],
        """\
park.yaml:9:75: efficiency of 'boiler': efficiency 1.2 is more than a fuel's HHV
     9 |   boiler: {model: test_boiler, fuel: natural_gas, heat: heat, efficiency: 1.2, thermal_capacity: 30 MW}
       |                                                                           ^^^
       To mend: write at most 1.15
1 problem; nothing was run.
""",
    ),
    "energy from nothing": (
        [("thermal_capacity: 30 MW", "efficiency: 1.12, thermal_capacity: 30 MW")],
        """\
park.yaml:9:3: flow 'boiler' makes energy from nothing: it gives 1.2277 MWh and takes 1.1077 MWh per unit of activity
     9 |   boiler: {model: test_boiler, fuel: natural_gas, heat: heat, efficiency: 1.12, thermal_capacity: 30 MW}
       |   ^^^^^^
       To mend: lower the outputs or the efficiency, or name the source it comes from
1 problem; nothing was run.
""",
    ),
    "carbon from nothing": (
        [
            ("natural_gas, heat]", "natural_gas, heat, co2]"),
            ("thermal_capacity: 30 MW", "gas: co2, captured: 0.3 t/MWh, thermal_capacity: 30 MW"),
            (
                "  town:",
                "  vent: {model: test_boiler, fuel: natural_gas, heat: heat, gas: co2, captured: -0 t/MWh, thermal_capacity: 1 MW}\n  town:",
            ),
        ],
        """\
park.yaml:9:3: flow 'boiler' makes carbon from nothing: it gives 0.0818764 t C and takes 0.0551454 t C per unit of activity
     9 |   boiler: {model: test_boiler, fuel: natural_gas, heat: heat, gas: co2, captured: 0.3 t/MWh, thermal_capacity: 30 MW}
       |   ^^^^^^
       To mend: lower the outputs or the efficiency, or name the source it comes from
1 problem; nothing was run.
""",
    ),
    "second law": (
        [
            ("supply: 80 degC, return: 45 degC", "supply: 80 degC, return: 75 degC"),
            (
                "  gas:",
                "  pump: {model: test_heat_pump, heat: heat, power_capacity: 3 MW, cop: 12, source: 60 degC}\n  gas:",
            ),
        ],
        """\
park.yaml:8:3: flow 'pump' breaks the second law: it gives 1.79649 MWh of exergy and takes 1 MWh per unit of activity
     8 |   pump: {model: test_heat_pump, heat: heat, power_capacity: 3 MW, cop: 12, source: 60 degC}
       |   ^^^^
       To mend: lower the efficiency or the temperature of its output
1 problem; nothing was run.
""",
    ),
    "bus with no supply": (
        [("  gas: {model: test_import, bus: natural_gas, capacity: 50 MW}\n", "")],
        """\
park.yaml:5:22: bus 'natural_gas' is used and nothing gives to it
     5 | buses: [electricity, natural_gas, heat]
       |                      ^^^^^^^^^^^
       To mend: add who makes or imports it
park.yaml:12:3: no supply can reach demand 'town': nothing can fill heat
    12 |   town: {model: test_demand, bus: heat, power: 12 MW}
       |   ^^^^
       To mend: add a supply, an import or a converter that leads there
2 problems; nothing was run.
""",
    ),
    "bus connected to nothing": (
        [("natural_gas, heat]", "natural_gas, heat, biogas]")],
        """\
park.yaml:5:41: bus 'biogas' is connected to nothing
     5 | buses: [electricity, natural_gas, heat, biogas]
       |                                         ^^^^^^
       To mend: connect it, or delete it
1 problem; nothing was run.
""",
    ),
    "bus with no use": (
        [
            ("natural_gas, heat]", "natural_gas, heat, gypsum]"),
            ("  gas:", "  mill: {model: test_import, bus: gypsum, capacity: 1 t/h}\n  gas:"),
        ],
        """\
park.yaml:5:41: bus 'gypsum' is filled and nothing takes from it
     5 | buses: [electricity, natural_gas, heat, gypsum]
       |                                         ^^^^^^
       To mend: add who uses, exports or dumps it
1 problem; nothing was run.
""",
    ),
    "steam below boiling": (
        [
            (
                "  heat: {hot_water",
                "  steam: {steam: {pressure: 12 bar, temperature: 100 degC}}\n  heat: {hot_water",
            )
        ],
        """\
park.yaml:4:3: carrier 'steam' at 12 bar and 100 degC is liquid water
     4 |   steam: {steam: {pressure: 12 bar, temperature: 100 degC}}
       |   ^^^^^
       To mend: steam at 12 bar needs more than 188.0 degC
1 problem; nothing was run.
""",
    ),
    "heat colder than its return": (
        [("supply: 80 degC", "supply: 40 degC")],
        """\
park.yaml:4:3: carrier 'heat': supply 40 degC is not above return 45 degC
     4 |   heat: {hot_water: {supply: 40 degC, return: 45 degC}}
       |   ^^^^
       To mend: a heating loop gives heat between its supply and its colder return
1 problem; nothing was run.
""",
    ),
    "elements beyond the mass": (
        [
            (
                "  heat: {hot_water",
                "  char: {unit: t/h, content: {mass: 1, carbon: 1.2}}\n  heat: {hot_water",
            )
        ],
        """\
park.yaml:4:21: carrier 'char': 1.2 t of carbon, sulphur and nitrogen in 1 t of mass
     4 |   char: {unit: t/h, content: {mass: 1, carbon: 1.2}}
       |                     ^^^^^^^
       To mend: state the mass, or lower what it holds
1 problem; nothing was run.
""",
    ),
    "a tonne that weighs two": (
        [("  heat: {hot_water", "  lead: {unit: t/h, content: {mass: 2}}\n  heat: {hot_water")],
        """\
park.yaml:4:21: carrier 'lead': a tonne of it weighs 2 t
     4 |   lead: {unit: t/h, content: {mass: 2}}
       |                     ^^^^^^^
       To mend: write 'mass: 1'
1 problem; nothing was run.
""",
    ),
    "outlet that cannot be worked out": (
        [
            ("natural_gas, heat]", "natural_gas, heat, crew]"),
            ("  heat: {hot_water", "  crew: {unit: t/h, content: {}}\n  heat: {hot_water"),
            (
                "  gas:",
                "  digester: {model: test_digester, substrate: crew, capacity: 2 t/h}\n  dump: {model: test_import, bus: digester.rest, capacity: 2 t/h}\n  gas:",
            ),
        ],
        """\
park.yaml:9:47: 'crew' has no mass
     9 |   digester: {model: test_digester, substrate: crew, capacity: 2 t/h}
       |                                               ^^^^
       To mend: declare its content
1 problem; nothing was run.
""",
    ),
    "outlets in a circle": (
        [
            (
                "  gas:",
                "  one: {model: test_digester, substrate: two.rest, capacity: 2 t/h}\n  two: {model: test_digester, substrate: one.rest, capacity: 2 t/h}\n  gas:",
            )
        ],
        """\
park.yaml:8:62: the unit of capacity of 'one' follows bus 'two.rest', whose carrier depends on itself in a circle
     8 |   one: {model: test_digester, substrate: two.rest, capacity: 2 t/h}
       |                                                              ^^^^^
       To mend: put a bus with a carrier of its own into the circle
1 problem; nothing was run.
""",
    ),
    "unknown outlet": (
        [
            ("natural_gas, heat]", "natural_gas, heat, gypsum]"),
            (
                "  gas:",
                "  mill: {model: test_digester, substrate: gypsum, capacity: 2 t/h}\n  dump: {model: test_import, bus: mill.rst, capacity: 2 t/h}\n  gas:",
            ),
        ],
        """\
park.yaml:9:35: unknown bus 'mill.rst' in bus of 'dump'
     9 |   dump: {model: test_import, bus: mill.rst, capacity: 2 t/h}
       |                                   ^^^^^^^^
       Buses of this park: electricity (line 5), gypsum (line 5), heat (line 5), mill.rest, natural_gas (line 5). Did you mean mill.rest?
       To mend: name one of these
1 problem; nothing was run.
""",
    ),
}


@pytest.mark.parametrize(("changes", "message"), CASES.values(), ids=CASES)
def test_the_impossible_is_refused_with_numbers(
    refused: Refused, changes: list[tuple[str, str]], message: str
) -> None:
    """A run that makes energy or carbon would look better than any real park."""
    assert refused(bent(*changes)) == message
