"""The picture of a run: every stream that flowed, with its amount, in the language of Mermaid."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import PARK
from twin.results import Run
from twin.scenario.park import load
from twin.simulate import simulate

LINE = re.compile(
    r'flowchart LR|    [cb]_\w+(\(\["[^"]+"\]\)|\["[^"]+"\]|\("[^"]+"\))'
    r'|    ([cb]_\w+) -->\|"([^"]+)"\| ([cb]_\w+)'
)


def arrows(text: str) -> set[tuple[str, str, str]]:
    """From, what is said, to; every line has the form of a node or an arrow."""
    found = [LINE.fullmatch(line) for line in text.splitlines()]
    assert all(found), text
    return {(m[2], m[3], m[4]) for m in found if m is not None and m[2]}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A day of the small works, with an owner who holds gas and boiler; the boiler never stops."""
    text = PARK.split("events:")[0]
    for name in ("gas: {", "boiler: {"):
        text = text.replace(name, f"{name}owner: Utility, ")
    text = text.replace("  works: {", "  hall: {model: electricity_demand, bus: electricity, "
                        "annual: 8.76 GWh}\n  works: {")  # fmt: skip
    path = tmp_path_factory.mktemp("works") / "works.yaml"
    path.write_text(text, encoding="utf-8")
    return simulate(load(path), horizon="24 h")


def test_streams_and_amounts(run: Run) -> None:
    """9 MW for a day are 216 MWh of heat and, at 0.9, 240 MWh of gas; 5 t/h are 120 t of ash.

    A bus between one giver and one taker is an arrow. Two alike loads stand together with the sum
    of 2 + 1 MW: 72 MWh. An amount taken from the wrong run or side would differ.
    """
    found = arrows(run.diagram())
    assert ("c_gas", "natural gas, 240 MWh", "c_boiler") in found
    assert ("c_boiler", "heat, 216 MWh", "c_town") in found
    assert ("c_furnace", "ash, 120 t", "c_landfill") in found
    assert ("b_electricity", "72 MWh", "c_hall") in found
    assert '    c_hall["2 × electricity demand"]\n' in run.diagram()


def test_owners_hide_what_stays_among_their_own(run: Run) -> None:
    """Gas that the utility burns itself is no stream between owners; its heat is."""
    found = arrows(run.diagram(by="owner"))
    assert ("c_Utility", "heat, 216 MWh", "c_town") in found
    assert not any("natural gas" in said for _, said, _ in found)


def test_every_node_is_drawn_once(run: Run) -> None:
    """Two boxes of one name would be merged by whoever draws them, an undeclared one left bare."""
    for by in ("component", "owner"):
        text = run.diagram(by)  # type: ignore[arg-type]
        declared = re.findall(r"^    ([cb]_\w+)[(\[]", text, flags=re.M)
        assert len(declared) == len(set(declared))
        assert {end for a, _, b in arrows(text) for end in (a, b)} == set(declared)
