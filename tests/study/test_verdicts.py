"""The three cases of near, fits that fail, and words for bounds: by hand, on the small works.

Its boiler is asked for 216 MWh in a day and gives 201.45, since it stands for 97 minutes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import PARK
from tests.study.works import tried, write
from twin.scenario.park import load
from twin.simulate import simulate
from twin.study.audit import audit, examine
from twin.study.claims import FILE, read_claims
from twin.study.measures import Measures
from twin.study.verdicts import WHY, agreed, apart, fitted_to


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        (["published: 250 MWh", "figure: given(heat)"], "twice"),
        (["published: 216 MWh", "methods: {a: asked(town), b: given(heat) / 2}"], "methods"),
        (["published: 250 MWh", "methods: {a: given(heat), b: 0.99 * given(heat)}"], "twice"),
        (["published: 200 MWh", "least: asked(town) / 2", "breaks: demand"], "bounds"),
    ],
)
def test_near_says_which_of_the_three(
    keys: list[str], why: str, tmp_path: Path, measures: Measures
) -> None:
    """201 for 250 is 19 % off; 216 by one way of two; 108 at least: three kinds of near.

    Under one word a figure 19 % off and one of which only a bound is known would look alike.
    """
    lines = "".join(f"    {key}\n" for key in keys)
    found = tried(tmp_path, measures, lines)
    assert (found.verdict, found.why) == ("near", why)
    assert found.reason.startswith(WHY[why])


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ({"reproduced"}, ("reproduced", "within")),
        ({"near"}, ("near", "twice")),
        ({"differs"}, ("differs", "")),
        ({"reproduced", "near"}, ("near", "methods")),
        ({"reproduced", "differs"}, ("near", "methods")),
        ({"near", "differs"}, ("differs", "")),
    ],
)
def test_what_methods_agree_on(found: set[str], verdict: tuple[str, str]) -> None:
    """Two ways that are both near make no figure true, and two that part never reproduce it."""
    assert agreed(found) == verdict


@pytest.mark.parametrize(
    ("simulated", "qualifier", "words"),
    [
        (80.0, ">=", "within the published bound"),
        (30.0, ">=", "within the published bound"),
        (27.0, ">=", "10.0 % below the published bound"),
        (12.0, "<=", "within the published bound"),
        (33.0, "<=", "10.0 % above the published bound"),
        (33.0, "", "10.0 % above the published figure"),
        (27.0, "approx", "10.0 % below the published figure"),
        (30.0, "", "as published"),
    ],
)
def test_a_bound_is_missed_on_one_side(simulated: float, qualifier: str, words: str) -> None:
    """Above 30 is 80: no deviation of 167 %, as of a figure that says 30."""
    assert apart(30.0, simulated, "MCNY", qualifier=qualifier, tolerance="15 %") == words


def test_a_fit_that_fails_says_so(tmp_path: Path) -> None:
    """A roof sized to give 8 MW has 5: differs, and the reader learns that it was fitted.

    Without the words it would pass for a figure that nobody tried to reach.
    """
    text = (
        "  X-1: {what: roof, section: two, kind: simulate, published: 8 MW,"
        " figure: parameter(roof.power_capacity)}\n"
    )
    size = "power_capacity: {value: 5 MW, source: 'calibrated: X-1'}, tilt"
    made = write(tmp_path, text, PARK.replace("power_capacity: 5 MW, tilt", size))
    (claim,), _ = read_claims(made / FILE)
    found = examine(claim, Measures(simulate(load(made), horizon="1 h")))
    assert (found.verdict, found.why) == ("differs", "missed")
    assert "roof.power_capacity is fitted to it, and it is missed all the same" in found.reason


def test_a_number_that_was_fitted_counts_too(tmp_path: Path, measures: Measures) -> None:
    """A factor derived from the claim makes it agree: calibrated, although no park was touched."""
    keys = (
        "    published: 403 MWh\n    figure: given(heat) * factor\n"
        "    numbers: {factor: {value: 2, source: 'calibrated: Y-9, X-1'}}\n"
    )
    assert tried(tmp_path, measures, keys).verdict == "calibrated"
    assert tried(tmp_path, measures, keys.replace(", X-1", "")).verdict == "reproduced"
    assert fitted_to("calibrated: Y-9, X-1") == ["Y-9", "X-1"]
    assert fitted_to("assumed: X-1") == []


def test_a_fitted_event_counts_too(tmp_path: Path) -> None:
    """An outage as long as the claim has it proves no more than a roof of that size."""
    text = (
        "  X-1: {what: outage, section: two, kind: simulate, published: 97 min,"
        " figure: parameter(events.trip.duration)}\n"
    )
    for source, verdict in {"assumed": "reproduced", "'calibrated: X-1'": "calibrated"}.items():
        park = PARK.replace("actor: outage", "actor: outage, name: trip")
        park = park.replace("97 min", f"{{value: 97 min, source: {source}}}")
        made = write(tmp_path, text, park)
        (claim,), _ = read_claims(made / FILE)
        run = simulate(load(made), horizon="1 h")
        assert examine(claim, Measures(run)).verdict == verdict


def test_an_impossible_claim_keeps_its_methods(tmp_path: Path, measures: Measures) -> None:
    """All ways to count stand beside the bound, but none of them decides anything any more."""
    keys = (
        "    published: 900 MWh\n    methods: {asked: asked(town), given: given(heat)}\n"
        "    decides: the meter\n    most: asked(town)\n    breaks: demand\n"
    )
    found = tried(tmp_path, measures, keys)
    assert found.verdict == "impossible"
    assert "asked 216 MWh, given 201 MWh" in found.reason
    assert "what decides" not in found.reason


def test_the_table_tells_them_apart(tmp_path: Path) -> None:
    """Who filters the table by verdict finds the same words as ever, and the reason beside them."""
    text = (
        "  X-1: {what: roof, section: two, kind: simulate, published: 6 MW,"
        " figure: parameter(roof.power_capacity)}\n"
    )
    row = audit(str(write(tmp_path, text))).iloc[0]
    assert (row["verdict"], row["why"]) == ("near", "twice")
