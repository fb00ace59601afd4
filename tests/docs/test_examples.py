"""Every technology has an example that a reader can run."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

import twin
from tests.docs.pages import REFERENCE, script
from twin.cli import app
from twin.engine.dispatch import InfeasibleStep
from twin.results import Run

PAGES = script()
WORKING = 1e-3
"""A kilowatt or a kilogram per hour [MW or t/h]: less would be noise of the solver."""


@pytest.mark.parametrize("kind", PAGES.kinds())
def test_the_example_works(kind: str) -> None:
    """The example of the reference page is checked without a warning, serves all, and closes.

    A technology that stands still all day, as a battery without a reason to charge, shows the
    reader nothing: some flow of a component of that kind has to run. A renamed key stops the check,
    a component too small leaves something unserved, and a leak is a residual above 1e-9.
    """
    path = REFERENCE / "examples" / f"{kind}.yaml"
    assert path.is_file(), f"write {path.name}, a small park in which {kind} works"
    checked = CliRunner().invoke(app, ["check", str(path)])
    assert checked.exit_code == 0, f"{checked.exception or checked.output}"
    day, _ = PAGES.example(kind)
    park = twin.load(str(path))
    run = twin.run(park, start=day, horizon="1 d", step="15 min", seed=1)
    assert max(run.ledger.residuals().values()) <= 1e-9
    assert run.summary["unserved"] == pytest.approx(dict.fromkeys(run.summary["unserved"], 0.0))
    mine = {name for name, component in park.components.items() if component.spec.kind == kind}
    flows = [name for name, flow in run.network.flows.items() if flow.component in mine]
    assert flows, f"no component of {path.name} is a {kind}"
    assert max(float(run.flows.sel(flow=name).max()) for name in flows) > WORKING


@pytest.mark.parametrize("kind", PAGES.kinds())
def test_turned_round_and_failing_at_14_03(kind: str, tmp_path: Path) -> None:
    """In the opposite order the same bits; out of order for 97 minutes at half the step it closes.

    Where it is the only way out of something that has to leave, the run stops and names the bus.
    A share of a step lost at 14:03 would be a residual of one part in a hundred.
    """
    day, text = PAGES.example(kind)
    yaml = YAML(typ="safe", pure=True)
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    tree = yaml.load(text)
    name = next(n for n, part in tree["components"].items() if part["model"] == kind)
    path = tmp_path / "park.yaml"

    def run(step: str) -> Run:
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(tree, file)
        return twin.run(twin.load(path), start=day, horizon="1 d", step=step)

    straight = run("15 min")
    tree["components"] = dict(reversed(tree["components"].items()))
    tree["buses"].reverse()
    assert np.array_equal(run("15 min").recorded.flows, straight.recorded.flows)
    failure = {"actor": "outage", "component": name, "start": f"{day} 14:03", "duration": "97 min"}
    tree["events"] = [*tree.get("events", ()), failure | {"name": "fails"}]
    try:
        residuals = run("450 s").ledger.residuals()
    except InfeasibleStep as stop:
        assert re.search(r"more than can leave bus '.*To mend: ", str(stop))
    else:
        assert max(residuals.values()) <= 1e-9


def test_no_example_is_left_over() -> None:
    """A renamed technology leaves the example of its old name behind."""
    found = {path.stem for path in (REFERENCE / "examples").glob("*.yaml")}
    assert found <= set(PAGES.kinds())
