"""What all messages have in common: order, once each, no traceback, nothing written."""

# ruff: noqa: E501 - messages are quoted as they are shown

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.messages.conftest import Refused
from tests.scenario.base import BASE, bent
from twin.scenario.park import shipped_folder


def test_all_faults_are_told_at_once_in_file_order(refused: Refused) -> None:
    """One fault at a time would cost a run each; in order of discovery they would be out of order."""
    scenario = bent(
        ("every: 400 h", "every: 400 kW"),
        ("power: 12 MW", "power: 12"),
        ("value: 10 MWh", "value: -10 MWh"),
        ("heat: heat", "heat: haet"),
        ("31.32", "131.32"),
        ("country: CN, currency: CNY", "currency: CNY"),
    )
    assert (
        refused(scenario)
        == """\
park.yaml:1:1: the park lacks 'country'
     1 | park: {name: Base, currency: CNY}
       | ^^^^
       country is a text: ISO 3166 code of two letters, for the calendar, such as DK.
       To mend: add 'country: ...'
park.yaml:2:18: latitude of the site is 131.32; it must be at most 90
     2 | site: {latitude: 131.32, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate/suzhou.yaml}
       |                  ^^^^^^
       To mend: write a value that is at most 90
park.yaml:9:57: unknown bus 'haet' in heat of 'boiler'
     9 |   boiler: {model: test_boiler, fuel: natural_gas, heat: haet, thermal_capacity: 30 MW}
       |                                                         ^^^^
       Heat buses of this park: heat (line 5). Did you mean heat?
       To mend: name one of these, or add haet under 'buses:'
park.yaml:12:30: energy_capacity of 'battery' is -10 MWh; it must be above 0 MWh
    12 |     energy_capacity: {value: -10 MWh, source: "public: data sheet", note: new, spread: 10 %}
       |                              ^^^^^^^
       To mend: write a value that is above 0 MWh
park.yaml:13:48: power of 'town' needs a power with its unit, got the bare number 12
    13 |   town: {model: test_demand, bus: heat, power: 12}
       |                                                ^^
       To mend: write 12 MW
park.yaml:16:52: every of event 'test_storm_battery' needs a duration, got '400 kW' (a power)
    16 |   - {actor: test_storm, component: battery, every: 400 kW}
       |                                                    ^^^^^^
       To mend: give a duration, such as 10 h
6 problems; nothing was run.
"""
    )


def test_all_faults_of_the_file_itself_are_told_at_once(refused: Refused) -> None:
    """Doubled keys, tags and numbers are found in one pass over the file."""
    scenario = bent(
        ("name: Base", "name: Base, name: Other"),
        ("power: 12 MW", "power: .nan"),
        ("power: 8 MW", "power: !weight 8 MW"),
    )
    lines = refused(scenario).splitlines()
    assert [line for line in lines if line.startswith("park.yaml")] == [
        "park.yaml:1:20: the key 'name' stands twice, first in line 1",
        "park.yaml:13:48: '.nan' is not a finite decimal number",
        "park.yaml:14:38: the tag '!weight' is not allowed",
    ]
    assert lines[-1] == "3 problems; nothing was run."


def test_wide_characters_keep_the_caret_in_place(refused: Refused) -> None:
    """A Chinese character fills two cells of a terminal; counted as one, the caret would stray."""
    scenario = bent(("name: Base", "name: 园区"), ("country: CN", "country: 中国"))
    shown = refused(scenario).splitlines()
    assert shown[0].startswith("park.yaml:1:27: country of the park: '中国' is no ISO code")
    assert shown[1] == "     1 | park: {name: 园区, country: 中国, currency: CNY}"
    assert shown[2] == "       |                             ^^^^"


def test_of_a_long_line_the_part_at_fault_is_shown(refused: Refused) -> None:
    """A line of a megabyte would bury the message."""
    before = "power: 12 MW"
    scenario = bent((before, f"note: {'very ' * 2000}long, power: 12"))
    lines = refused(scenario).splitlines()
    assert lines[0].startswith("park.yaml:13:10060: power of 'town' needs a power")
    assert max(map(len, lines)) < 140
    assert lines[1][lines[2].index("^") :][:2] == "12"


def test_an_unknown_climate_names_those_that_are_shipped(refused: Refused) -> None:
    """The list is that of the files, so that it cannot go out of date."""
    folder = shipped_folder()
    known = sorted(path.relative_to(folder).as_posix() for path in folder.glob("climate/*.yaml"))
    assert (
        refused(bent(("climate/suzhou.yaml", "climate/suzhu.yaml")))
        == f"""\
park.yaml:2:79: there is no weather file 'climate/suzhu.yaml'
     2 | site: {{latitude: 31.32, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate/suzhu.yaml}}
       |                                                                               ^^^^^^^^^^^^^^^^^^
       Shipped: {", ".join(known)}. Did you mean climate/suzhou.yaml?
       To mend: give a path relative to the park's folder, or a shipped climate
1 problem; nothing was run.
"""
    )


def test_the_command_itself_shows_no_traceback(tmp_path: Path) -> None:
    """The tests above call the same function; this is the process a user starts."""
    (tmp_path / "park.yaml").write_text(BASE.replace("name: Base", "name: Base, name: Other"))
    code = "from twin.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "run", "park.yaml", "--out", "base"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert (
        done.stderr
        == """\
park.yaml:1:20: the key 'name' stands twice, first in line 1
     1 | park: {name: Base, name: Other, country: CN, currency: CNY}
       |                    ^^^^
       To mend: keep one of the two
1 problem; nothing was run.
"""
    )
    assert [path.name for path in tmp_path.iterdir()] == ["park.yaml"]
