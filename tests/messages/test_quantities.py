"""Quantities: dimension, unit, currency, number, limit, source and spread."""

# ruff: noqa: E501 - messages are quoted as they are shown

from __future__ import annotations

import pytest

from tests.messages.conftest import Refused
from tests.scenario.base import bent

CASES = {
    "negative capacity": (
        [("capacity: 20 MW", "capacity: -20 MW")],
        """\
park.yaml:7:58: capacity of 'grid' is -20 MW; it must be at least 0 MW
     7 |   grid: {model: test_import, bus: electricity, capacity: -20 MW, price: 600 CNY/MWh}
       |                                                          ^^^^^^
       To mend: write a value that is at least 0 MW
1 problem; nothing was run.
""",
    ),
    "power for an energy": (
        [("value: 10 MWh", "value: 10 MW")],
        """\
park.yaml:12:30: energy_capacity of 'battery' needs an energy, got '10 MW' (a power)
    12 |     energy_capacity: {value: 10 MW, source: "public: data sheet", note: new, spread: 10 %}
       |                              ^^^^^
       To mend: write 10 MWh if an energy was meant, or set power_capacity to 10 MW
1 problem; nothing was run.
""",
    ),
    "bare number": (
        [("power: 12 MW", "power: 12")],
        """\
park.yaml:13:48: power of 'town' needs a power with its unit, got the bare number 12
    13 |   town: {model: test_demand, bus: heat, power: 12}
       |                                                ^^
       To mend: write 12 MW
1 problem; nothing was run.
""",
    ),
    "bare number in quotes": (
        [("power: 12 MW", 'power: "12"')],
        """\
park.yaml:13:48: power of 'town' needs a power with its unit, got the bare number 12
    13 |   town: {model: test_demand, bus: heat, power: "12"}
       |                                                ^^^^
       To mend: write 12 MW
1 problem; nothing was run.
""",
    ),
    "unknown unit with a near one": (
        [("power: 12 MW", "power: 12 MWp")],
        """\
park.yaml:13:48: power of 'town' needs a power, got '12 MWp': unknown unit 'MWp'; did you mean MW?
    13 |   town: {model: test_demand, bus: heat, power: 12 MWp}
       |                                                ^^^^^^
       To mend: write 12 MW
1 problem; nothing was run.
""",
    ),
    "unknown unit": (
        [("power: 12 MW", "power: 12 foo")],
        """\
park.yaml:13:48: power of 'town' needs a power, got '12 foo': unknown unit 'foo'
    13 |   town: {model: test_demand, bus: heat, power: 12 foo}
       |                                                ^^^^^^
       To mend: give a power, such as 10 MW
1 problem; nothing was run.
""",
    ),
    "wrong case": (
        [("power: 12 MW", "power: 12 mw")],
        """\
park.yaml:13:48: power of 'town' needs a power, got '12 mw': unknown unit 'mw'; did you mean MW?
    13 |   town: {model: test_demand, bus: heat, power: 12 mw}
       |                                                ^^^^^
       To mend: write 12 MW
1 problem; nothing was run.
""",
    ),
    "kt is a kilotonne and no knot": (
        [("capacity: 20 MW", "capacity: 20 kt")],
        """\
park.yaml:7:58: capacity of 'grid' needs a power, got '20 kt' (a mass)
     7 |   grid: {model: test_import, bus: electricity, capacity: 20 kt, price: 600 CNY/MWh}
       |                                                          ^^^^^
       To mend: give a power, such as 10 MW
1 problem; nothing was run.
""",
    ),
    "gauge pressure": (
        [
            (
                "heat: {hot_water: {supply: 80 degC, return: 45 degC}}",
                "heat: {steam: {pressure: 9 bar(g), temperature: 200 degC}}",
            )
        ],
        """\
park.yaml:4:28: steam.pressure of carrier 'heat' needs a pressure, got '9 bar(g)': gauge pressure is not accepted
     4 |   heat: {steam: {pressure: 9 bar(g), temperature: 200 degC}}
       |                            ^^^^^^^^
       To mend: add 1.013 bar and write absolute bar
1 problem; nothing was run.
""",
    ),
    "unknown unit of a temperature": (
        [("supply: 80 degC", "supply: 80 Fahrenheit")],
        """\
park.yaml:4:30: hot_water.supply of carrier 'heat' needs a temperature, got '80 Fahrenheit' in Fahrenheit
     4 |   heat: {hot_water: {supply: 80 Fahrenheit, return: 45 degC}}
       |                              ^^^^^^^^^^^^^
       To mend: write 26.67 degC
1 problem; nothing was run.
""",
    ),
    "below absolute zero": (
        [("supply: 80 degC", "supply: -300 degC")],
        """\
park.yaml:4:30: hot_water.supply of carrier 'heat' is -300 degC, below absolute zero (-273.15 degC)
     4 |   heat: {hot_water: {supply: -300 degC, return: 45 degC}}
       |                              ^^^^^^^^^
       To mend: give a real temperature
1 problem; nothing was run.
""",
    ),
    "another currency": (
        [("600 CNY/MWh", "600 EUR/MWh")],
        """\
park.yaml:7:72: price of 'grid' is given in EUR, but the park's currency is CNY
     7 |   grid: {model: test_import, bus: electricity, capacity: 20 MW, price: 600 EUR/MWh}
       |                                                                        ^^^^^^^^^^^
       To mend: write it in CNY, or declare 'exchange: {EUR: <rate> CNY}' under 'park:'
1 problem; nothing was run.
""",
    ),
    "exchange rate in the wrong currency": (
        [("currency: CNY", "currency: CNY, exchange: {EUR: 7.8 EUR}")],
        """\
park.yaml:1:64: exchange.EUR of the park is given in EUR, but the park's currency is CNY
     1 | park: {name: Base, country: CN, currency: CNY, exchange: {EUR: 7.8 EUR}}
       |                                                                ^^^^^^^
       To mend: write it in CNY, or declare 'exchange: {EUR: <rate> CNY}' under 'park:'
1 problem; nothing was run.
""",
    ),
    "price per tonne for one per energy": (
        [("600 CNY/MWh", "600 CNY/t")],
        """\
park.yaml:7:72: price of 'grid' needs a price of energy, got '600 CNY/t' (a price of mass)
     7 |   grid: {model: test_import, bus: electricity, capacity: 20 MW, price: 600 CNY/t}
       |                                                                        ^^^^^^^^^
       To mend: give a price of energy, such as 10 CNY/MWh
1 problem; nothing was run.
""",
    ),
    "unknown currency blames no price": (
        [("currency: CNY", "currency: RMB")],
        """\
park.yaml:1:43: currency of the park cannot be 'RMB'
     1 | park: {name: Base, country: CN, currency: RMB}
       |                                           ^^^
       It can be CNY, DKK, EUR, JPY, SGD, USD.
       To mend: write one of these
1 problem; nothing was run.
""",
    ),
    "not a number": (
        [("power: 12 MW", "power: .nan")],
        """\
park.yaml:13:48: '.nan' is not a finite decimal number
    13 |   town: {model: test_demand, bus: heat, power: .nan}
       |                                                ^^^^
       To mend: write a plain decimal number
1 problem; nothing was run.
""",
    ),
    "not a number as text": (
        [("power: 12 MW", "power: nan MW")],
        """\
park.yaml:13:48: power of 'town' needs a power, got 'nan MW'
    13 |   town: {model: test_demand, bus: heat, power: nan MW}
       |                                                ^^^^^^
       To mend: write it as number and unit, such as 10 MW
1 problem; nothing was run.
""",
    ),
    "infinity": (
        [("power: 12 MW", "power: .inf")],
        """\
park.yaml:13:48: '.inf' is not a finite decimal number
    13 |   town: {model: test_demand, bus: heat, power: .inf}
       |                                                ^^^^
       To mend: write a plain decimal number
1 problem; nothing was run.
""",
    ),
    "infinity as text": (
        [("power: 12 MW", "power: inf MW")],
        """\
park.yaml:13:48: power of 'town' needs a power, got 'inf MW'
    13 |   town: {model: test_demand, bus: heat, power: inf MW}
       |                                                ^^^^^^
       To mend: write it as number and unit, such as 10 MW
1 problem; nothing was run.
""",
    ),
    "beyond all floats": (
        [("power: 12 MW", "power: 1e999 MW")],
        """\
park.yaml:13:48: power of 'town' is 1e999 MW, too large a number
    13 |   town: {model: test_demand, bus: heat, power: 1e999 MW}
       |                                                ^^^^^^^^
       To mend: give a finite number
1 problem; nothing was run.
""",
    ),
    "hexadecimal": (
        [("power: 12 MW", "power: 0x1F")],
        """\
park.yaml:13:48: '0x1F' is not a finite decimal number
    13 |   town: {model: test_demand, bus: heat, power: 0x1F}
       |                                                ^^^^
       To mend: write a plain decimal number
1 problem; nothing was run.
""",
    ),
    "decimal comma": (
        [("power: 12 MW", 'power: "12,5 MW"')],
        """\
park.yaml:13:48: power of 'town' needs a power, got '12,5 MW'
    13 |   town: {model: test_demand, bus: heat, power: "12,5 MW"}
       |                                                ^^^^^^^^^
       To mend: write 12.5 MW, with a decimal point
1 problem; nothing was run.
""",
    ),
    "thousands comma": (
        [("power: 12 MW", 'power: "12,000 kW"')],
        """\
park.yaml:13:48: power of 'town' needs a power, got '12,000 kW'
    13 |   town: {model: test_demand, bus: heat, power: "12,000 kW"}
       |                                                ^^^^^^^^^^^
       To mend: write 12000 kW, without separators
1 problem; nothing was run.
""",
    ),
    "thousands space": (
        [("power: 12 MW", "power: 12 000 kW")],
        """\
park.yaml:13:48: power of 'town' needs a power, got '12 000 kW'
    13 |   town: {model: test_demand, bus: heat, power: 12 000 kW}
       |                                                ^^^^^^^^^
       To mend: write 12000 kW, without separators
1 problem; nothing was run.
""",
    ),
    "unreadable unit": (
        [("power: 12 MW", "power: 12 MW/")],
        """\
park.yaml:13:48: power of 'town' needs a power, got '12 MW/': cannot read the unit 'MW/'
    13 |   town: {model: test_demand, bus: heat, power: 12 MW/}
       |                                                ^^^^^^
       To mend: write a unit such as t/h, CNY/kW/a or W/(m2*K)
1 problem; nothing was run.
""",
    ),
    "true": (
        [("power: 12 MW", "power: true")],
        """\
park.yaml:13:48: power of 'town' needs a power, got true
    13 |   town: {model: test_demand, bus: heat, power: true}
       |                                                ^^^^
       To mend: write it as number and unit, such as 10 MW
1 problem; nothing was run.
""",
    ),
    "nothing": (
        [("power: 12 MW", "power: null")],
        """\
park.yaml:13:48: power of 'town' needs a power, got nothing
    13 |   town: {model: test_demand, bus: heat, power: null}
       |                                                ^^^^
1 problem; nothing was run.
""",
    ),
    "list": (
        [("power: 12 MW", "power: [12 MW]")],
        """\
park.yaml:13:48: power of 'town' needs a power or a series {file: ...}, got a list
    13 |   town: {model: test_demand, bus: heat, power: [12 MW]}
       |                                                ^^^^^^^
       To mend: write one value, without brackets
1 problem; nothing was run.
""",
    ),
    "above a limit": (
        [("31.32", "131.32")],
        """\
park.yaml:2:18: latitude of the site is 131.32; it must be at most 90
     2 | site: {latitude: 131.32, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate/suzhou.yaml}
       |                  ^^^^^^
       To mend: write a value that is at most 90
1 problem; nothing was run.
""",
    ),
    "share below zero": (
        [("thermal_capacity: 30 MW", "thermal_capacity: 30 MW, efficiency: -5 %")],
        """\
park.yaml:9:100: efficiency of 'boiler' is -0.05; it must be above 0
     9 |   boiler: {model: test_boiler, fuel: natural_gas, heat: heat, thermal_capacity: 30 MW, efficiency: -5 %}
       |                                                                                                    ^^^^
       To mend: write a value that is above 0
1 problem; nothing was run.
""",
    ),
    "bad source word": (
        [("public: data sheet", "from a friend")],
        """\
park.yaml:12:46: source of energy_capacity of 'battery' is 'from a friend'
    12 |     energy_capacity: {value: 10 MWh, source: "from a friend", note: new, spread: 10 %}
       |                                              ^^^^^^^^^^^^^^^
       It can be published, assumed, public: WHERE, calibrated: CLAIM, unverified: WHY.
       To mend: write one of these
1 problem; nothing was run.
""",
    ),
    "misspelt source word": (
        [("public: data sheet", "publik: data sheet")],
        """\
park.yaml:12:46: source of energy_capacity of 'battery' is 'publik: data sheet'
    12 |     energy_capacity: {value: 10 MWh, source: "publik: data sheet", note: new, spread: 10 %}
       |                                              ^^^^^^^^^^^^^^^^^^^^
       It can be published, assumed, public: WHERE, calibrated: CLAIM, unverified: WHY. Did you mean public?
       To mend: write one of these
1 problem; nothing was run.
""",
    ),
    "source that says nothing": (
        [("public: data sheet", "public:")],
        """\
park.yaml:12:46: source of energy_capacity of 'battery' is 'public:'
    12 |     energy_capacity: {value: 10 MWh, source: "public:", note: new, spread: 10 %}
       |                                              ^^^^^^^^^
       It can be published, assumed, public: WHERE, calibrated: CLAIM, unverified: WHY. Did you mean public?
       To mend: write one of these
1 problem; nothing was run.
""",
    ),
    "spread on a text": (
        [("bus: heat, power", "bus: {value: heat, spread: 10 %}, power")],
        """\
park.yaml:13:57: spread of bus of 'town': only a quantity has one
    13 |   town: {model: test_demand, bus: {value: heat, spread: 10 %}, power: 12 MW}
       |                                                         ^^^^
       To mend: delete it
1 problem; nothing was run.
""",
    ),
    "spread below zero": (
        [("spread: 10 %", "spread: -10 %")],
        """\
park.yaml:12:87: spread of energy_capacity of 'battery' is below zero
    12 |     energy_capacity: {value: 10 MWh, source: "public: data sheet", note: new, spread: -10 %}
       |                                                                                       ^^^^^
       To mend: write it without a sign
1 problem; nothing was run.
""",
    ),
    "spread of another dimension": (
        [("spread: 10 %", "spread: 10 MW")],
        """\
park.yaml:12:87: spread of energy_capacity of 'battery' needs an energy, got '10 MW' (a power)
    12 |     energy_capacity: {value: 10 MWh, source: "public: data sheet", note: new, spread: 10 MW}
       |                                                                                       ^^^^^
       To mend: write 10 MWh if an energy was meant
1 problem; nothing was run.
""",
    ),
    "source without a value": (
        [("power: 12 MW", "power: {source: assumed}")],
        """\
park.yaml:13:48: power of 'town' lacks 'value'
    13 |   town: {model: test_demand, bus: heat, power: {source: assumed}}
       |                                                ^^^^^^^^^^^^^^^^^
       To mend: add 'value: ...'
1 problem; nothing was run.
""",
    ),
    "unknown key beside a value": (
        [("note: new", "remark: new")],
        """\
park.yaml:12:68: unknown key 'remark' beside the value of energy_capacity of 'battery'
    12 |     energy_capacity: {value: 10 MWh, source: "public: data sheet", remark: new, spread: 10 %}
       |                                                                    ^^^^^^
       Keys: note, source, spread, value.
       To mend: correct or delete the key
1 problem; nothing was run.
""",
    ),
}


@pytest.mark.parametrize(("changes", "message"), CASES.values(), ids=CASES)
def test_a_bad_quantity_is_refused_at_its_place(
    refused: Refused, changes: list[tuple[str, str]], message: str
) -> None:
    """A value read in the wrong unit would run, and every figure after it would be wrong."""
    assert refused(bent(*changes)) == message
