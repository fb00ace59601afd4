"""Every technology has an example that a reader can run."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import twin
from tests.docs.pages import REFERENCE, script
from twin.cli import app

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


def test_no_example_is_left_over() -> None:
    """A renamed technology leaves the example of its old name behind."""
    found = {path.stem for path in (REFERENCE / "examples").glob("*.yaml")}
    assert found <= set(PAGES.kinds())
