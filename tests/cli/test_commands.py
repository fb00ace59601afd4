"""The commands besides `run`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.cli.command import Command
from twin.scenario.park import shipped

DAY = ("--horizon", "24 h", "--quiet")


def test_help_lists_the_commands(twin: Command) -> None:
    """A command that is not registered would be missing here."""
    ended = twin("--help")
    assert ended.code == 0
    for name in ("parks", "check", "run", "compare", "schema"):
        assert name in ended.out


def test_parks_are_listed(twin: Command) -> None:
    """Every shipped park with the size of its network, as a table and as JSON."""
    listed = json.loads(twin("parks", "--json").out)
    assert [park["name"] for park in listed] == shipped()
    for park in listed:
        assert set(park) == {"name", "title", "buses", "flows", "stores"}
        assert park["flows"] > park["buses"] > 1
    table = twin("parks").out
    assert all(park["title"] in table for park in listed)


def test_check_is_brief_about_a_good_park(twin: Command, park: str) -> None:
    """Nine components on four buses, in one line."""
    ended = twin("check", park)
    assert ended.code == 0
    assert ended.out == "good: 9 components on 4 buses, 10 flows, 1 stores\n"


def test_check_points_at_the_line(twin: Command, park: str) -> None:
    """File, line and column of what is wrong, and the mend; exit code 2."""
    text = Path(park).read_text(encoding="utf-8").replace("efficiency: 0.9", "efficiency: 1.2")
    Path(park).write_text(text, encoding="utf-8")
    ended = twin("check", park)
    assert ended.code == 2
    line = next(k for k, row in enumerate(text.splitlines(), 1) if "efficiency: 1.2" in row)
    assert f"works.yaml:{line}:" in ended.err
    assert "To mend" in ended.err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "import_price: 600 CNY/MWh",
            "import_price: {flat: 600 CNY/MWh, valley: 300 CNY/MWh, valley_hours: [0, 6]}",
            "needs a list of lists, got a list of single values|write [[0, 6]]",
        ),
        (
            "{model: demand, bus: heat, use: heat, rate: 9 MW}",
            "{model: building, heat: heat, archetype: new, floor_area: 900 m2, flexibility: 2 K}",
            "needs a mapping, got '2 K'|write {band: 2 K}",
        ),
        (
            "{model: demand, bus: heat, use: heat, rate: 9 MW}",
            "{model: building, heat: heat, archetype: new, floor_area: 900 m2, flexibility: more}",
            "needs a mapping, got 'more'|write {KEY: VALUE} with keys of band, charge_below",
        ),
        (
            "roof: {model: pv,",
            "pump: {model: heat_pump, electricity: electricity, heat: heat, capacity: 1 MW, "
            "source: ground, boreholes: {rows: 10.5}}\n  roof: {model: pv,",
            "needs a whole number, got 10.5|write 10 or 11",
        ),
        (
            "roof: {model: pv,",
            "pump: {model: heat_pump, electricity: electricity, heat: heat, capacity: 1 MW, "
            "source: ground, boreholes: {rows: 10.0}}\n  roof: {model: pv,",
            "needs a whole number, got 10.0|write 10\n",
        ),
    ],
)
def test_what_is_no_single_value_is_shown_as_it_is_written(
    twin: Command, park: str, old: str, new: str, told: str
) -> None:
    """A message that only says "needs a mapping" sends a beginner to the reference."""
    text = Path(park).read_text(encoding="utf-8")
    assert text.count(old) == 1
    Path(park).write_text(text.replace(old, new), encoding="utf-8")
    ended = twin("check", park)
    assert ended.code == 2
    for part in told.split("|"):
        assert part in ended.err


def test_a_warning_is_a_line_and_not_a_fault(park: str) -> None:
    """Weather of another place is said once, in a line without a place in our source code.

    Python's own form would show a path of this installation and a line of code.
    """
    text = Path(park).read_text(encoding="utf-8").replace("latitude: 31.32", "latitude: 35")
    Path(park).write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", "from twin.cli import main; main()", "check", park]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.startswith("good: ")
    assert done.stderr.startswith("warning: weather file ")
    assert done.stderr.count("\n") == 1


def test_compare_shows_what_changed(twin: Command, park: str, tmp_path: Path) -> None:
    """A more efficient boiler: cost, CO2 and gas change; heat to the town does not.

    Gas of 201.45 MWh of heat at 0.9 and at 1.0: 22.383 MWh less.
    """
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    twin("run", park, *DAY, "--out", a)
    twin("run", park, *DAY, "--out", b, "--set", "boiler.efficiency=1.0")
    rows = {row["name"]: row for row in json.loads(twin("compare", a, b, "--json").out)}
    heat = 216 - 9 * 97 / 60
    assert rows["natural_gas"]["kind"] == "fence"
    assert rows["natural_gas"]["change"] == pytest.approx(heat / 0.9 - heat, rel=1e-9)
    assert rows["cost"]["change"] == pytest.approx(-40 * (heat / 0.9 - heat), rel=1e-9)
    assert rows["boiler -> natural_gas"]["change"] == pytest.approx(heat / 0.9 - heat, rel=1e-9)
    assert "town -> heat" not in rows
    shown = twin("compare", a, b).out
    assert "+22.38 MWh" in shown
    assert "town" not in shown
    assert "more rows changed" in twin("compare", a, b, "--most", "2").out


def test_compare_needs_saved_runs(twin: Command, tmp_path: Path) -> None:
    """It names what the folder lacks."""
    ended = twin("compare", str(tmp_path), str(tmp_path))
    assert ended.code == 2
    assert "is not a saved run" in ended.err


def test_the_schema_is_a_schema(twin: Command) -> None:
    """What editors get is valid JSON Schema that knows the components of this installation."""
    ended = twin("schema")
    assert ended.code == 0
    document = json.loads(ended.out)
    jsonschema.Draft202012Validator.check_schema(document)
    assert "biomass_chp" in ended.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--data", "water_resue=0.9"), "takes no datum 'water_resue'|Did you mean water_reuse?"),
        (("--data", "water_resue=0.9"), "product_energy_class, solid_waste_use, waste_heat_use"),
        (("--data", "water_reuse=85"), "datum water_reuse is 85|0.85 for 85 %"),
        (("--data", "water_reuse=nan"), "datum water_reuse is nan"),
        (("--year", "1800"), "has one set of thresholds and none for 1800|leave the year out"),
        (("--standard", "hunan-2026", "--year", "1800"), "from 2027 on, none for 1800"),
        (("--standard", "hunan-2026", "--year", "20300"), "change in 2027, 2030, 2035"),
        (("--standard", "green-direct-line", "--year", "2020"), "from 2025 on, none for 2020"),
        (("--horizon", "7"), "--horizon 7 is not a duration|--horizon '7 d'"),
    ],
)
def test_what_rate_does_not_know_is_refused_before_the_run(
    twin: Command, park: str, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    """A misspelt datum that is ignored leaves its indicator undecidable, after a year's run."""
    monkeypatch.setattr("twin.view.progress.run", lambda *_, **__: pytest.fail("it ran"))
    ended = twin("rate", park, *words)
    assert ended.code == 2
    assert ended.out == ""
    for part in told.split("|"):
        assert part in ended.err


def test_rate_says_how_to_give_what_is_missing_and_what_its_marks_mean(
    twin: Command, park: str
) -> None:
    """Works of 1.3 ktce a year are below the 200 of the scheme; three data are no flows."""
    told = twin("rate", park, "--horizon", "24 h", "--data", "waste_heat_use=0.6").out
    assert "    missing: water_reuse; give it by --data water_reuse=0.85\n" in told
    give = "missing: product_energy_class [class]; give it by --data product_energy_class=NUMBER\n"
    assert give in told
    last = told.splitlines()[-1]
    for mark in ("[unverified]: ", "[given]: ", "not applicable: "):
        assert mark in last
    assert "[given]" in next(row for row in told.splitlines() if "waste_heat_use" in row)
    later = twin("rate", park, "--horizon", "24 h", "--standard", "hunan-2026", "--year", "2031")
    assert "target year 2030: " in later.out.splitlines()[0]
    assert "[given]" not in later.out


def test_rate_takes_the_contracts_of_the_park(twin: Command, park: str) -> None:
    """The grid of the park by a direct line: all its power but the sun's is then direct supply.

    The option for certificates overrides those of the contracts only, so the line stays.
    """
    text = Path(park).read_text(encoding="utf-8")
    Path(park).write_text(text + "contracts: {direct_lines: [grid]}\n", encoding="utf-8")
    for options in ((), ("--certificates", "0")):
        rows = json.loads(twin("rate", park, *DAY, "--json", *options).out)
        shares = {row["indicator"]: row["value"] for row in rows}
        assert shares["direct_supply_share"] == pytest.approx(1.0)
