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
