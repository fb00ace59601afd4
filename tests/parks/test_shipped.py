"""What holds for every park that comes with the project."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from tests.parks.conftest import SHORT
from twin.cli import main
from twin.results import Run
from twin.scenario.park import Park, load, shipped_folder
from twin.simulate import simulate


def test_check_finds_nothing(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`twin check` says good, and warns of nothing: a warning would fail as an error here."""
    monkeypatch.setattr("sys.argv", ["twin", "check", name])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 0
    assert said.out.startswith("good: ")
    assert said.err == ""


def test_it_closes(run: Run) -> None:
    """Every declared quantity to 1e-9, recomputed from the recorded rates.

    A recipe that lost one part in a million of its mass would leave 1e-7 and more.
    """
    residuals = run.ledger.residuals()
    assert {"energy", "carbon", "mass", *run.facts["conserve"]} == set(residuals)
    assert max(residuals.values()) <= 1e-9


def test_it_is_optimal(run: Run) -> None:
    """48 steps cost what HiGHS finds from the same state, to 1e-9.

    A wrong merit order between two boilers would show as a gap of some per cent.
    """
    assert run.facts["certificate"]["steps"] == 48
    assert run.facts["certificate"]["worst_gap"] <= 1e-9


def test_nobody_lacks_anything(run: Run) -> None:
    """The base case serves every demand; a mistaken capacity would show as unserved."""
    assert set(run.summary["unserved"].values()) == {0.0}
    assert run.summary["unserved_MWh"] == 0.0


def test_the_order_of_the_file_does_not_matter(name: str, run: Run, tmp_path: Path) -> None:
    """Components, buses, events and templates shuffled in the file give the same bits.

    A tie broken by position, or a random stream handed out in order, would give other flows.
    """
    folder = tmp_path / name
    shutil.copytree(shipped_folder() / name, folder)
    yaml = YAML(typ="safe", pure=True)
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    tree = yaml.load((folder / "park.yaml").read_text("utf-8"))
    order = np.random.default_rng(5)
    for part in ("components", "carriers"):
        keys = list(tree[part])
        order.shuffle(keys)
        tree[part] = {key: tree[part][key] for key in keys}
    for part in [key for key in ("buses", "events", "include") if key in tree]:
        tree[part] = [tree[part][k] for k in order.permutation(len(tree[part]))]
    with (folder / "park.yaml").open("w", encoding="utf-8") as file:
        yaml.dump(tree, file)
    shuffled = simulate(load(folder), **SHORT)  # type: ignore[arg-type]
    assert list(shuffled.network.flows) == list(run.network.flows)
    for array in ("t0", "flows", "levels", "cost", "offered"):
        assert np.array_equal(getattr(shuffled.recorded, array), getattr(run.recorded, array))


def test_the_slow_twin_agrees(name: str) -> None:
    """HiGHS at every step of two days costs the same.

    The trajectories of stores may differ where optima tie; with a wrong dispatch the cost would.
    """
    short = {**SHORT, "horizon": "2 d"}
    kernel = simulate(load(name), **short)  # type: ignore[arg-type]
    slow = simulate(load(name), **short, dispatcher="reference")  # type: ignore[arg-type]
    assert slow.summary["cost"] == pytest.approx(kernel.summary["cost"], rel=1e-9)
    assert slow.summary["unserved_MWh"] == kernel.summary["unserved_MWh"] == 0.0


def test_every_variant_runs_and_closes(name: str) -> None:
    """A variant is a park of its own: it closes, and what it does not serve it reports.

    One that cut a link and left a residue without a way out would stop at its first step.
    """
    park = load(name)
    for variant in park.variants:
        run = simulate(park.variant(variant), **{**SHORT, "horizon": "1 d"})  # type: ignore[arg-type]
        assert run.facts["variant"] == variant
        assert max(run.ledger.residuals().values()) <= 1e-9
        lacking = run.ledger.flows.query("demand").eval("offered - amount").sum()
        assert (lacking > 1e-6) == any(run.summary["unserved"].values())


def test_every_number_says_where_it_comes_from(name: str) -> None:
    """Without a source nobody could tell what was published and what was assumed.

    Of a recipe, the 1 that the rest is counted by needs none.
    """
    park = load(name)
    assert [path for path in _numbers(park) if not _source(park, path)] == []


def test_every_event_says_where_it_comes_from(name: str) -> None:
    """Frequencies and dates of outages are never published with a park, so a note says why."""
    events = YAML(typ="safe", pure=True).load(load(name).resolved())["events"]
    words = ("assumed", "public", "published", "unverified")
    silent = [e for e in events if not str(e.get("note", "")).startswith(words)]
    assert silent == []


def _numbers(park: Park) -> list[tuple[str, str]]:
    """Component and path of every quantity the file gives."""
    return [(c, path) for c, part in park.components.items() for path in _given(part.spec)]


def _given(spec: BaseModel, prefix: str = "") -> Iterator[str]:
    for key in sorted(spec.model_fields_set):
        value: Any = getattr(spec, key)
        extra = type(spec).model_fields[key].json_schema_extra
        if isinstance(value, BaseModel):
            yield from _given(value, f"{prefix}{key}.")
        elif not isinstance(extra, dict) or "unit" not in extra or value is None:
            continue
        elif isinstance(value, dict):
            yield from (f"{prefix}{key}.{part}" for part, number in value.items() if number != 1)
        else:
            yield prefix + key


def _source(park: Park, path: tuple[str, str]) -> str:
    """The source of a value, or of the mapping it stands in."""
    component, key = path
    sources = park.components[component].sources
    while key:
        if key in sources and sources[key].source:
            return sources[key].source
        key = key.rpartition(".")[0]
    return ""
