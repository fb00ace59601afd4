"""A saved run: whole or not there, and the same when it is opened."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.cli.conftest import PARK
from twin.accounts.ledger import Ledger, UnbalancedRun
from twin.results import FILES, Run, open_run
from twin.scenario.park import load
from twin.simulate import simulate


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A day of a small works with a battery and an outage between grid points."""
    path = tmp_path_factory.mktemp("park") / "works.yaml"
    path.write_text(PARK, encoding="utf-8")
    return simulate(load(path), horizon="24 h")


def opens(folder: Path) -> bool:
    """Whether a folder passes for a run."""
    try:
        open_run(folder)
    except FileNotFoundError:
        return False
    return True


def test_it_opens_as_it_was_saved(run: Run, tmp_path: Path) -> None:
    """Series, events, ledger, emissions and figures are the same bits after a round trip."""
    again = open_run(run.save(tmp_path / "run"))
    for array in ("t0", "t1", "flows", "levels_before", "levels", "prices", "cost", "offered"):
        assert np.array_equal(getattr(again.recorded, array), getattr(run.recorded, array)), array
    xr.testing.assert_identical(again.flows, run.flows)
    xr.testing.assert_identical(again.levels, run.levels)
    xr.testing.assert_identical(again.prices, run.prices)
    pd.testing.assert_frame_equal(again.ledger.entries, run.ledger.entries)
    pd.testing.assert_frame_equal(again.emissions, run.emissions)
    assert again.summary == run.summary
    assert again.scenario == run.scenario
    assert list(again.events["what"]) == list(run.events["what"])
    assert list(again.events["time_s"]) == [14 * 3600 + 180, 15 * 3600 + 2400]


def test_series_say_what_they_are(run: Run) -> None:
    """Time, names and units are coordinates; levels stand at the N + 1 instants between steps.

    A reader who took the last level for that of the last step would be a step late.
    """
    assert run.flows.dims == ("time", "flow")
    assert run.flows.shape == (96, len(run.network.flows))
    assert run.flows["unit"].sel(flow="landfill").item() == "t/h"
    assert run.flows["component"].sel(flow="battery.charge").item() == "battery"
    assert run.levels.dims == ("time", "store")
    assert run.levels.shape == (97, 1)
    assert run.levels["unit"].item() == "MWh"
    assert run.prices["unit"].sel(bus="ash").item() == "CNY/t"
    # Midnight of Suzhou is 16:00 of the day before in UTC.
    assert run.flows["time"][0].item() == pd.Timestamp("2024-12-31 16:00").value


def test_reported_rates_are_means_over_the_step(run: Run) -> None:
    """Mean times length of step is the ledger's amount, cut steps included.

    Reported as the rate at the start of its step, the boiler's failure would be lost.
    """
    amounts = run.flows.to_numpy().sum(axis=0) / 4
    assert np.allclose(amounts, run.ledger.flows["amount"], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("step", ["to_netcdf", "to_parquet", "dumps"])
def test_a_save_that_fails_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Interrupted at each of its files, the save leaves neither folder nor draft."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    home: object = {"to_netcdf": xr.Dataset, "to_parquet": pd.DataFrame, "dumps": json}[step]
    monkeypatch.setattr(home, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.save(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_save_that_fails_keeps_the_old_run(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run saved over another takes its place at once or not at all."""
    folder = run.save(tmp_path / "run")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full_disk(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full_disk)
    with pytest.raises(OSError, match="no space"):
        run.save(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert list(tmp_path.iterdir()) == [folder]


KILLED = """
import json, os, sys
import pandas as pd
from pathlib import Path
from twin.scenario.park import load
from twin.simulate import simulate

run = simulate(load(sys.argv[1]), horizon="2 h")
where = sys.argv[3]
if where == "ledger":
    pd.DataFrame.to_parquet = lambda *_, **__: os._exit(9)
else:
    write = Path.write_text
    def half(self, text, **options):
        if self.name.startswith("summary"):
            write(self, text[: len(text) // 2], **options)
            os._exit(9)
        return write(self, text, **options)
    Path.write_text = half
run.save(sys.argv[2])
"""


@pytest.mark.parametrize("where", ["ledger", "summary"])
def test_a_killed_save_leaves_no_folder_that_opens(tmp_path: Path, where: str) -> None:
    """Killed without a chance to tidy up, while a file is half written: nothing passes for a run.

    Written in place, the folder would open with half a summary.
    """
    park = tmp_path / "works.yaml"
    park.write_text(PARK, encoding="utf-8")
    runs = tmp_path / "runs"
    words = [sys.executable, "-c", KILLED, str(park), str(runs / "run"), where]
    assert subprocess.run(words).returncode == 9
    assert list(runs.iterdir())
    assert not any(opens(folder) for folder in runs.iterdir())


def test_what_is_missing_is_named(run: Run, tmp_path: Path) -> None:
    """Without any one of its files a folder is no run."""
    for name in FILES:
        folder = run.save(tmp_path / name.replace(".", "-"))
        (folder / name).unlink()
        with pytest.raises(FileNotFoundError, match=f"it has no {name}"):
            open_run(folder)


def test_an_empty_folder_may_be_used_and_others_not(run: Run, tmp_path: Path) -> None:
    """A folder made beforehand is taken; one with letters in it, or a file, is left alone."""
    (tmp_path / "empty").mkdir()
    assert opens(run.save(tmp_path / "empty"))
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("x", encoding="utf-8")
    for name in ("letters", "letters/dear.txt"):
        with pytest.raises(FileExistsError, match="left alone"):
            run.save(tmp_path / name)
    assert (tmp_path / "letters" / "dear.txt").read_text(encoding="utf-8") == "x"


def test_a_rate_changed_in_the_file_is_found(run: Run, tmp_path: Path) -> None:
    """One rate of the saved series, larger by one per mille, and the opened run does not close.

    If the residuals were read from the file, it would pass.
    """
    folder = run.save(tmp_path / "run")
    with xr.open_dataset(folder / "results.nc", engine="h5netcdf") as data:
        changed = data.load()
    changed["flows"].loc[{"flow": "boiler", "interval": 10}] *= 1.001
    changed.to_netcdf(folder / "results.nc", engine="h5netcdf")
    ledger: Ledger = open_run(folder).ledger
    with pytest.raises(UnbalancedRun, match="does not close"):
        ledger.check()


def test_an_idle_bus_is_not_judged_by_its_rounding(run: Run) -> None:
    """1e-14 t/h on a bus that carries nothing is rounding; relative to itself it would be all."""
    from dataclasses import replace

    from twin.accounts.ledger import make_ledger

    quiet = run.recorded.flows.copy()
    for name in ("furnace", "landfill"):
        quiet[:, list(run.network.flows).index(name)] = 0.0
    quiet[:, list(run.network.flows).index("landfill")] = 1e-14
    make_ledger(run.network, replace(run.recorded, flows=quiet)).check()
