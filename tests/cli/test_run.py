"""`twin run`: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.command import Command
from twin.results import FILES, open_run
from twin.scenario.park import load
from twin.simulate import simulate
from twin.view.terminal import money

DAY = ("--horizon", "24 h")
FIELDS = {
    "park": str, "start": str, "horizon_s": int, "step_s": int, "seed": int, "wall_s": float,
    "buses": int, "flows": int, "stores": int, "events": int, "cost": float, "currency": str,
    "unserved_MWh": float, "unserved": dict, "curtailed_MWh": float, "emissions_tCO2": float,
    "residuals": dict,
}  # fmt: skip
"""What scripts may rely on."""


def test_json_has_the_fields_that_scripts_rely_on(twin: Command, park: str) -> None:
    """One object on standard output and nothing else; a renamed key would break every script."""
    ended = twin("run", park, *DAY, "--json", "--certify", "all", "--seed", "7")
    assert ended.code == 0
    assert ended.err == ""
    summary = json.loads(ended.out)
    assert {name: type(summary[name]) for name in FIELDS} == FIELDS
    assert (summary["horizon_s"], summary["step_s"], summary["seed"]) == (86_400, 900, 7)
    assert set(summary["residuals"]) == {"energy", "carbon", "mass"}
    assert summary["unserved"] == {
        "electricity": 0.0,
        "heat": pytest.approx(9.0 * 97 / 60, rel=1e-9),
    }
    # 96 steps, one of them cut by the failure and one by the repair.
    assert summary["certificate"]["steps"] == 98
    assert summary["certificate"]["worst_gap"] <= 1e-9


def test_every_shipped_park_gives_them(twin: Command) -> None:
    """The very command of the README, over a day."""
    for name in ("kalundborg", "suzhou"):
        ended = twin("run", name, *DAY, "--json")
        assert ended.code == 0
        assert set(FIELDS) <= set(json.loads(ended.out))


def test_quiet_says_nothing(twin: Command, park: str) -> None:
    """No summary, no bar: for scripts that read the files."""
    assert twin("run", park, *DAY, "--quiet") == (0, "", "")


def test_the_first_run_says_what_takes_long(
    twin: Command, park: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty silent seconds of compiling would look like a crash; scripts are not told."""
    monkeypatch.setattr("twin.view.progress.is_compiled", lambda: False)
    told = twin("run", park, *DAY).err
    assert told.startswith("compiling the dispatch")
    assert told.count("\n") == 1
    assert twin("run", park, *DAY, "--dispatcher", "reference").err == ""
    assert twin("run", park, *DAY, "--quiet").err == ""
    assert twin("run", park, *DAY, "--json").err == ""


def test_the_summary_is_for_a_planner(twin: Command, park: str) -> None:
    """Demand by bus with what lacks, the supply mix, money and carbon, in readable units.

    9 MW for 24 h less 97 min are 216.0 MWh asked and 14.55 MWh lacking: 93.26 % served.
    """
    out = twin("run", park, *DAY).out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "heat 216.0 MWh 93.26 % 14.55 MWh" in lines
    assert "heat boiler 201.4 MWh 100.0 %" in lines or "heat boiler 201.5 MWh 100.0 %" in lines
    assert lines[0].startswith("Works 1 day from 2025-01-01 in 15 min steps")
    cost = json.loads(twin("run", park, *DAY, "--json").out)["cost"]
    assert 10_000 < cost < 100_000
    assert f"cost {cost:,.0f} CNY" in lines
    assert any(line.startswith("closes to ") for line in lines)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (11_250_000.0, "11.25 million EUR"),
        (1_250_000_000.0, "1,250.00 million EUR"),
        (-999_999.6, "-1.00 million EUR"),
        (999_999.4, "999,999 EUR"),
        (12_345.6, "12,346 EUR"),
        (999.4, "999.4 EUR"),
        (0.0123, "0.0123 EUR"),
        (0.0, "0 EUR"),
    ],
)
def test_money_of_a_small_park_is_not_rounded_away(value: float, shown: str) -> None:
    """12,346 EUR as "0.01 million EUR" would hide a quarter of it."""
    assert money(value, "EUR") == shown


def test_set_changes_the_scenario(twin: Command, park: str) -> None:
    """Twice the price of gas costs what the gas costs more; a later --set adds to the first."""
    base = json.loads(twin("run", park, *DAY, "--json").out)
    changes = ("--set", "gas.price=80 CNY/MWh", "--set", "boiler.efficiency=1.0")
    other = json.loads(twin("run", park, *DAY, "--json", *changes).out)
    heat = 216 - 9 * 97 / 60
    assert other["cost"] - base["cost"] == pytest.approx(heat * 80 - heat / 0.9 * 40, rel=1e-9)


def test_out_writes_a_folder_that_opens(twin: Command, park: str, tmp_path: Path) -> None:
    """All files and a picture of the week; the saved scenario, run again, gives the same bits."""
    folder = tmp_path / "runs" / "base"
    assert twin("run", park, *DAY, "--quiet", "--out", str(folder)).code == 0
    assert {path.name for path in folder.iterdir()} == {*FILES, "week.png"}
    assert (folder / "week.png").read_bytes().startswith(b"\x89PNG")
    saved = open_run(folder)
    again = simulate(load(folder / "scenario.yaml"), horizon="24 h")
    assert np.array_equal(saved.recorded.flows, again.recorded.flows)
    written = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(saved.summary))


def test_a_folder_of_something_else_is_refused_before_the_run(
    twin: Command, park: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year's run that fails at its last line, for a folder known from the start, is an insult."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("x", encoding="utf-8")
    monkeypatch.setattr("twin.view.progress.run", lambda *_, **__: pytest.fail("it ran"))
    ended = twin("run", park, *DAY, "--out", str(tmp_path / "letters"))
    assert ended.code == 2
    assert "exists and holds no run" in ended.err
    assert (tmp_path / "letters" / "dear.txt").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "boiler.capacity=12 MWh"), "capacity of 'boiler'"),
        (("--set", "boiler"), "write it as path=value"),
        (("--set", "boiler.colour=red"), "unknown key 'colour'"),
        (("--variant", "open"), "no variant 'open'"),
        (("--dispatcher", "magic"), "there are kernel and reference"),
        (("--certify", "many"), "a number of steps, or all"),
        (("--horizon", "a while"), "not a duration"),
        (("--horizon", "1 h", "--step", "7 min"), "whole number"),
        (("--step", "2 d", "--horizon", "4 d"), "between 1 s and 1 day"),
        (("--start", "yesterday"), "yesterday"),
        (("--colour", "red"), "No such option"),
        (("--seed", "x"), "--seed"),
    ],
)
def test_bad_input_ends_with_2(twin: Command, park: str, words: tuple[str, ...], said: str) -> None:
    """The user's mistake, in one message that names it; nothing is run."""
    ended = twin("run", park, *words)
    assert ended.code == 2
    assert ended.out == ""
    assert said in ended.err.replace("\n", " ")


def test_unknown_parks_and_files_end_with_2(twin: Command, tmp_path: Path) -> None:
    """The nearest shipped park is named."""
    ended = twin("run", "kalundbrog")
    assert ended.code == 2
    assert "kalundborg" in ended.err
    assert twin("run", str(tmp_path / "none.yaml")).code == 2
    assert twin("run", str(tmp_path)).code == 2


@pytest.mark.parametrize("dispatcher", ["kernel", "reference"])
def test_a_failed_run_ends_with_1_and_names_step_and_bus(
    twin: Command, park: str, tmp_path: Path, dispatcher: str
) -> None:
    """5 t/h of ash and room for 3: the run stops at once, says where, and leaves no folder."""
    out = tmp_path / "run"
    words = ("--variant", "closed", "--dispatcher", dispatcher, "--out", str(out))
    ended = twin("run", park, *DAY, *words)
    assert ended.code == 1
    assert ended.out == ""
    assert "the step at 0 s has no solution: 2 more than can leave bus 'ash'" in ended.err
    assert "2025-01-01 00:00:00 local time" in ended.err
    assert not out.exists()


def test_no_traceback_from_the_shell(park: str, tmp_path: Path) -> None:
    """The installed command, in a process of its own, with each of the three exit codes."""
    command = [sys.executable, "-c", "from twin.cli import main; main()", "run", park, *DAY]
    for words, code in (((), 0), (("--variant", "closed"), 1), (("--set", "a.b=c"), 2)):
        done = subprocess.run([*command, *words], capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_bar_on_a_terminal_does_not_change_the_run(park: str, tmp_path: Path) -> None:
    """The bar stops the run every week to be drawn; the bits are those of a run without it.

    A stop inside a step would cut it; one that reset the state would change the battery.
    """
    import pty

    parent, child = pty.openpty()
    words = ["run", park, "--horizon", "24 d", "--out", str(tmp_path / "shown")]
    command = [sys.executable, "-c", "from twin.cli import main; main()", *words]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=child) as process:
        os.close(child)
        drawn = b""
        while True:
            try:
                part = os.read(parent, 4096)
            except OSError:
                break
            if not part:
                break
            drawn += part
    os.close(parent)
    assert process.returncode == 0
    assert b"running" in drawn
    shown = open_run(tmp_path / "shown")
    plain = simulate(load(park), horizon="24 d")
    for array in ("t0", "t1", "flows", "levels", "prices"):
        assert np.array_equal(getattr(shown.recorded, array), getattr(plain.recorded, array))


def test_progress_is_told_from_start_to_end(park: str) -> None:
    """Shares that never fall, from 0 to 1; a bar that stands still looks like a crash."""
    shares: list[float] = []
    simulate(load(park), horizon="24 d", progress=shares.append)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert shares == sorted(shares)
    assert len(shares) >= 4
