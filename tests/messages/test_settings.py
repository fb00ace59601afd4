"""Settings of the command line: --set, --variant, the name of the park, and the options of a run."""

# ruff: noqa: E501 - messages are quoted as they are shown

from __future__ import annotations

from pathlib import Path

import pytest

from tests.messages.conftest import Refused
from tests.scenario.base import BASE, bent
from twin.scenario.park import shipped

SETTINGS = {
    "batery.energy_capacity=20 MWh": (
        ["batery.energy_capacity=20 MWh"],
        """\
--set batery.energy_capacity=20 MWh: there is no component 'batery'
       Did you mean battery?
       To mend: name one of the components
1 problem; nothing was run.
""",
    ),
    "battery.energy_capcity=20 MWh": (
        ["battery.energy_capcity=20 MWh"],
        """\
--set battery.energy_capcity=20 MWh: unknown key 'energy_capcity' of 'battery'
       Keys: available, bus, efficiency, energy_capacity, model, note, owner, policy, power_capacity. Did you mean energy_capacity?
       To mend: correct the path
1 problem; nothing was run.
""",
    ),
    "battery.energy_capacity=20 MW": (
        ["battery.energy_capacity=20 MW"],
        """\
--set battery.energy_capacity=20 MW: energy_capacity of 'battery' needs an energy, got '20 MW' (a power)
       To mend: write 20 MWh if an energy was meant, or set power_capacity to 20 MW
1 problem; nothing was run.
""",
    ),
    "battery.energy_capacity=20": (
        ["battery.energy_capacity=20"],
        """\
--set battery.energy_capacity=20: energy_capacity of 'battery' needs an energy with its unit, got the bare number 20
       To mend: write 20 MWh
1 problem; nothing was run.
""",
    ),
    "battery.energy_capacity=.nan": (
        ["battery.energy_capacity=.nan"],
        """\
--set battery.energy_capacity=.nan: '.nan' is not a finite decimal number
       To mend: write a number
1 problem; nothing was run.
""",
    ),
    "battery.energy_capacity=[20 MWh": (
        ["battery.energy_capacity=[20 MWh"],
        """\
--set battery.energy_capacity=[20 MWh: not YAML: expected ',' or ']', but got '<stream end>'
       To mend: close brackets and quotes
1 problem; nothing was run.
""",
    ),
    "battery.energy_capacity=": (
        ["battery.energy_capacity="],
        """\
--set battery.energy_capacity=: energy_capacity of 'battery' needs an energy, got ''
       To mend: write it as number and unit, such as 10 MWh
1 problem; nothing was run.
""",
    ),
    "battery.energy_capacity.worth=20 MWh": (
        ["battery.energy_capacity.worth=20 MWh"],
        """\
--set battery.energy_capacity.worth=20 MWh: unknown key 'worth' beside the value of energy_capacity of 'battery'
       Keys: note, source, spread, value.
       To mend: correct or delete the key
1 problem; nothing was run.
""",
    ),
    "battery.policy=tarif": (
        ["battery.policy=tarif"],
        """\
--set battery.policy=tarif: policy of 'battery' cannot be 'tarif'
       It can be self_consumption, tariff. Did you mean tariff?
       To mend: write one of these
1 problem; nothing was run.
""",
    ),
    "battery.available=maybe": (
        ["battery.available=maybe"],
        """\
--set battery.available=maybe: available of 'battery' needs true or false, got 'maybe'
1 problem; nothing was run.
""",
    ),
    "battery.model=test_batery": (
        ["battery.model=test_batery"],
        """\
--set battery.model=test_batery: unknown model 'test_batery' of 'battery'
       Did you mean test_battery?
       To mend: name one of the models in docs/reference/models.md
1 problem; nothing was run.
""",
    ),
    "site.latitude=131": (
        ["site.latitude=131"],
        """\
--set site.latitude=131: latitude of the site is 131; it must be at most 90
       To mend: write a value that is at most 90
1 problem; nothing was run.
""",
    ),
    "battery.power=5 MW": (
        ["battery.power=5 MW"],
        """\
--set battery.power=5 MW: unknown key 'power' of 'battery'
       Keys: available, bus, efficiency, energy_capacity, model, note, owner, policy, power_capacity. Did you mean power_capacity?
       To mend: correct the path
1 problem; nothing was run.
""",
    ),
    "site.lat=31": (
        ["site.lat=31"],
        """\
--set site.lat=31: unknown key 'lat' of the site
       Keys: altitude, latitude, longitude, time_zone, weather. Did you mean latitude?
       To mend: correct the path
1 problem; nothing was run.
""",
    ),
    "buses.0=heat": (
        ["buses.0=heat"],
        """\
--set buses.0=heat: there is no component 'buses'
       To mend: name one of the components
1 problem; nothing was run.
""",
    ),
    "events.storm.every=5 h": (
        ["events.storm.every=5 h"],
        """\
--set events.storm.every=5 h: there is no event 'storm'
       Events: test_storm_battery.
       To mend: write events.NAME.key
1 problem; nothing was run.
""",
    ),
    "events.test_storm_battery.evry=5 h": (
        ["events.test_storm_battery.evry=5 h"],
        """\
--set events.test_storm_battery.evry=5 h: unknown key 'evry' of event 'test_storm_battery'
       Keys: actor, component, every, name, note. Did you mean every?
       To mend: correct the path
1 problem; nothing was run.
""",
    ),
    "events.test_storm_battery=5 h": (
        ["events.test_storm_battery=5 h"],
        """\
--set events.test_storm_battery=5 h: the key is missing
       Events: test_storm_battery. Did you mean test_storm_battery?
       To mend: write events.NAME.key
1 problem; nothing was run.
""",
    ),
    "battery": (
        ["battery"],
        """\
--set battery: write it as path=value, such as unit_6.available=false
""",
    ),
    "=20 MWh": (
        ["=20 MWh"],
        """\
--set =20 MWh: write it as path=value, such as unit_6.available=false
""",
    ),
    "battery.=20 MWh": (
        ["battery.=20 MWh"],
        """\
--set battery.=20 MWh: 'battery.' is no path
       To mend: write component.key, site.key or park.key
1 problem; nothing was run.
""",
    ),
    "energy_capacity=20 MWh": (
        ["energy_capacity=20 MWh"],
        """\
--set energy_capacity=20 MWh: 'energy_capacity' is no path
       To mend: write component.key, site.key or park.key
1 problem; nothing was run.
""",
    ),
    "grid.price=600 EUR/MWh": (
        ["grid.price=600 EUR/MWh"],
        """\
--set grid.price=600 EUR/MWh: price of 'grid' is given in EUR, but the park's currency is CNY
       To mend: write it in CNY, or declare 'exchange: {EUR: <rate> CNY}' under 'park:'
1 problem; nothing was run.
""",
    ),
    "battery.energy_capacity=!!python/object:os.system": (
        ["battery.energy_capacity=!!python/object:os.system"],
        """\
--set battery.energy_capacity=!!python/object:os.system: energy_capacity of 'battery' needs an energy, got '!!python/object:os.system'
       To mend: write it as number and unit, such as 10 MWh
1 problem; nothing was run.
""",
    ),
    "battery.energy_capacity=20 MW, site.latitude=131": (
        ["battery.energy_capacity=20 MW", "site.latitude=131"],
        """\
--set battery.energy_capacity=20 MW: energy_capacity of 'battery' needs an energy, got '20 MW' (a power)
       To mend: write 20 MWh if an energy was meant, or set power_capacity to 20 MW
--set site.latitude=131: latitude of the site is 131; it must be at most 90
       To mend: write a value that is at most 90
2 problems; nothing was run.
""",
    ),
    "battery.energy_capacity=20 MWh, batery.available=false, town.bus=haet": (
        ["battery.energy_capacity=20 MWh", "batery.available=false", "town.bus=haet"],
        """\
--set batery.available=false: there is no component 'batery'
       Did you mean battery?
       To mend: name one of the components
--set town.bus=haet: unknown bus 'haet' in bus of 'town'
       Electricity or heat buses of this park: electricity (line 5), heat (line 5). Did you mean heat?
       To mend: name one of these, or add haet under 'buses:'
2 problems; nothing was run.
""",
    ),
}


@pytest.mark.parametrize(("settings", "message"), SETTINGS.values(), ids=SETTINGS)
def test_a_bad_setting_is_refused(refused: Refused, settings: list[str], message: str) -> None:
    """A setting that changes nothing would pass off the base case as the variant."""
    args = [word for setting in settings for word in ("--set", setting)]
    assert refused(BASE, "check", "park.yaml", *args) == message


VARIANTS = {
    "unknown": (
        [
            (
                "big: {battery.energy_capacity: 40 MWh, park.era: later}",
                "bigger: {battery.energy_capacity: 40 MWh}",
            )
        ],
        """\
park.yaml: park 'NAME' has no variant 'big'
       Variants: bigger. Did you mean bigger?
       To mend: name one of them
1 problem; nothing was run.
""",
    ),
    "unknown component": (
        [
            (
                "big: {battery.energy_capacity: 40 MWh, park.era: later}",
                "big: {batery.energy_capacity: 40 MWh}",
            )
        ],
        """\
park.yaml:18:9: there is no component 'batery'
    18 |   big: {batery.energy_capacity: 40 MWh}
       |         ^^^^^^^^^^^^^^^^^^^^^^
       Did you mean battery?
       To mend: name one of the components
1 problem; nothing was run.
""",
    ),
    "power for an energy": (
        [
            (
                "big: {battery.energy_capacity: 40 MWh, park.era: later}",
                "big: {battery.energy_capacity: 40 MW}",
            )
        ],
        """\
park.yaml:18:34: energy_capacity of 'battery' needs an energy, got '40 MW' (a power)
    18 |   big: {battery.energy_capacity: 40 MW}
       |                                  ^^^^^
       To mend: write 40 MWh if an energy was meant, or set power_capacity to 40 MW
1 problem; nothing was run.
""",
    ),
    "nothing": (
        [("big: {battery.energy_capacity: 40 MWh, park.era: later}", "big:")],
        """\
park.yaml:18:3: variant 'big' needs a mapping of paths to values, got nothing
    18 |   big:
       |   ^^^
       To mend: write 'component.key: value'
1 problem; nothing was run.
""",
    ),
    "text": (
        [("big: {battery.energy_capacity: 40 MWh, park.era: later}", "big: battery")],
        """\
park.yaml:18:8: variant 'big' needs a mapping of paths to values, got 'battery'
    18 |   big: battery
       |        ^^^^^^^
       To mend: write 'component.key: value'
1 problem; nothing was run.
""",
    ),
}


@pytest.mark.parametrize(("changes", "message"), VARIANTS.values(), ids=VARIANTS)
def test_a_bad_variant_is_refused(
    refused: Refused, tmp_path: Path, changes: list[tuple[str, str]], message: str
) -> None:
    """A variant is text of the scenario: its faults are shown at their line there."""
    found = refused(bent(*changes), "check", "park.yaml", "--variant", "big")
    assert found == message.replace("NAME", tmp_path.name)


PARKS = {
    "kalundbrg": """\
kalundbrg: there is no such park
       Shipped parks: SHIPPED. Did you mean kalundborg?
       To mend: name one of these, or give the path of a file
1 problem; nothing was run.
""",
    "nowhere.yaml": """\
nowhere.yaml: there is no such file
       To mend: check the path, or write the file
1 problem; nothing was run.
""",
    "nowhere/park.yaml": """\
nowhere/park.yaml: there is no such file
       To mend: check the path, or write the file
1 problem; nothing was run.
""",
    "folder": """\
folder: the folder holds no park.yaml
       To mend: name a park's folder
1 problem; nothing was run.
""",
    "park.yaml/x": """\
park.yaml/x: cannot be read: Not a directory
       To mend: give a file that can be read
1 problem; nothing was run.
""",
}


@pytest.mark.parametrize(("name", "message"), PARKS.items(), ids=PARKS)
def test_a_park_that_is_not_there_is_refused(
    refused: Refused, tmp_path: Path, name: str, message: str
) -> None:
    """Names and paths are told apart, so that a misspelt name is not looked for as a file."""
    (tmp_path / "folder").mkdir()
    assert refused(BASE, "check", name) == message.replace("SHIPPED", ", ".join(shipped()))


OPTIONS = {
    "--step 0 s": (
        ["--step", "0 s"],
        """\
--step 0 s is not a duration in whole seconds above zero. To mend: write number and unit, as --step '15 min'.
""",
    ),
    "--step quick": (
        ["--step", "quick"],
        """\
--step quick is not a duration in whole seconds above zero. To mend: write number and unit, as --step '15 min'.
""",
    ),
    "--step 7 min": (
        ["--step", "7 min"],
        """\
--horizon 24 h is not a whole number of steps of 7 min. To mend: write --horizon '1435 min' or '1442 min', or a --step that divides it.
""",
    ),
    "--step 25 h": (
        ["--step", "25 h"],
        """\
--step 25 h: a step must lie between 1 s and 1 day
""",
    ),
    "--step 1.5 s": (
        ["--step", "1.5 s"],
        """\
--step 1.5 s is not a duration in whole seconds above zero. To mend: write number and unit, as --step '15 min'.
""",
    ),
    "--horizon 0 h": (
        ["--horizon", "0 h"],
        """\
--horizon 0 h is not a duration in whole seconds above zero. To mend: write number and unit, as --horizon '365 d'.
""",
    ),
    "--horizon -1 h": (
        ["--horizon", "-1 h"],
        """\
--horizon -1 h is not a duration in whole seconds above zero. To mend: write number and unit, as --horizon '365 d'.
""",
    ),
    "--horizon long": (
        ["--horizon", "long"],
        """\
--horizon long is not a duration in whole seconds above zero. To mend: write number and unit, as --horizon '365 d'.
""",
    ),
    "--start 2025-02-30": (
        ["--start", "2025-02-30"],
        """\
start '2025-02-30' is not a date or time. To mend: write 2025-01-01 or 2025-01-01 06:00.
""",
    ),
    "--start 01.02.2025": (
        ["--start", "01.02.2025"],
        """\
start '01.02.2025' is not a date written year-month-day. To mend: write 2025-01-31 or 2025-01-31 06:00.
""",
    ),
    "--horizon 7": (
        ["--horizon", "7"],
        """\
--horizon 7 is not a duration in whole seconds above zero. To mend: write number and unit, as --horizon '7 d'.
""",
    ),
    "--record weekly": (
        ["--record", "weekly"],
        """\
--record weekly: it is neither full nor totals, nor the length of a whole number of steps of 15 min. To mend: write --record totals, or --record '1 h' for means.
""",
    ),
    "--record 20 min": (
        ["--record", "20 min"],
        """\
--record 20 min: it is neither full nor totals, nor the length of a whole number of steps of 15 min. To mend: write --record totals, or --record '1 h' for means.
""",
    ),
    "--out in a file": (
        ["--out", "park.yaml/runs/x"],
        """\
--out park.yaml/runs/x: FOLDER/park.yaml is no folder, so nothing can be in it. To mend: name another folder, as --out runs/base.
""",
    ),
    "--start 2025-01-01 00:00:00.5": (
        ["--start", "2025-01-01 00:00:00.5"],
        """\
start '2025-01-01 00:00:00.5' is not on a whole second
""",
    ),
    "--dispatcher fast": (
        ["--dispatcher", "fast"],
        """\
--dispatcher fast: there are kernel and reference. To mend: leave it out for kernel, or write --dispatcher reference.
""",
    ),
    "--certify some": (
        ["--certify", "some"],
        """\
--certify some: give a number of steps, or all
""",
    ),
}


@pytest.mark.parametrize(("options", "message"), OPTIONS.values(), ids=OPTIONS)
def test_a_bad_option_is_refused(refused: Refused, options: list[str], message: str) -> None:
    """Rounding a step or moving a start would answer another question."""
    out = ("--horizon", "24 h", "--out", "base")
    told = refused(BASE, "run", "park.yaml", *out, *options)
    assert told == message.replace("FOLDER", str(Path.cwd()))
