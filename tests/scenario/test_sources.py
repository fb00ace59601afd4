"""Sources, notes and spreads, which stay with their values."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.base import BASE, bent, park
from twin.scenario.errors import ScenarioError
from twin.scenario.parts import Source, is_source


def test_a_source_stays_with_its_value(tmp_path: Path) -> None:
    """Without it an audit could not say which figures of a park are assumed."""
    battery = park(tmp_path).components["battery"]
    assert battery.sources == {"energy_capacity": Source("public: data sheet", "new", 1.0)}
    assert battery.spec.energy_capacity == 10.0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("given", "spread"),
    [("{value: 10 MWh, spread: 10 %}", 1.0), ("{value: 10 MWh, spread: 500 kWh}", 0.5)],
)
def test_a_spread_is_in_the_unit_of_its_key(tmp_path: Path, given: str, spread: float) -> None:
    """Read as a plain number, 10 % would be 0.1 MWh and 500 kWh would be 500 MWh."""
    text = bent(('{value: 10 MWh, source: "public: data sheet", note: new, spread: 10 %}', given))
    assert park(tmp_path, text).components["battery"].sources["energy_capacity"].spread == spread


def test_the_spread_of_a_temperature_is_a_difference(tmp_path: Path) -> None:
    """2 K is no temperature of -271 degC, and 10 % of a Celsius temperature means nothing."""
    pump = (
        "{model: test_heat_pump, heat: heat, power_capacity: 3 MW, cop: 3, "
        "source: {value: 10 degC, spread: SPREAD}}"
    )
    text = bent(("  town:", f"  pump: {pump}\n  town:"))
    made = park(tmp_path, text.replace("SPREAD", "2 K"))
    assert made.components["pump"].sources["source"].spread == 2.0
    with pytest.raises(ScenarioError, match="spread of source of 'pump' cannot be a share"):
        park(tmp_path, text.replace("SPREAD", "10 %"))


def test_sources_inside_a_part_and_a_list_are_kept_by_path(tmp_path: Path) -> None:
    """Nested keys are joined by dots, as in the paths of overrides."""
    market = """\
  market:
    model: test_market
    price:
      flat: {value: 50 CNY/MWh, source: published}
      hours: [[8, 12]]
    limits: {heat: {value: 5 MW, source: assumed}}
    weekly: [3 MW, {value: 4 MW, source: "calibrated: claim-7"}]
"""
    made = park(tmp_path, bent(("  town:", f"{market}  town:"))).components["market"]
    assert {path: source.source for path, source in made.sources.items()} == {
        "price.flat": "published",
        "limits.heat": "assumed",
        "weekly.1": "calibrated: claim-7",
    }


def test_events_keep_their_sources(tmp_path: Path) -> None:
    """A mean time between failures is as uncertain as a capacity."""
    text = bent(("every: 400 h", "every: {value: 400 h, source: published, spread: 100 h}"))
    storm = park(tmp_path, text).events["test_storm_battery"]
    assert storm.sources == {"every": Source("published", "", 100.0)}


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("published", True),
        ("published: white paper, table 2", True),
        ("assumed", True),
        ("assumed: half of the nameplate", True),
        ("public: yearbook 2024", True),
        ("calibrated: claim-12", True),
        ("unverified: trade press", True),
        ("public", False),
        ("calibrated:", False),
        ("Published", False),
        ("estimated", False),
        ("", False),
    ],
)
def test_words_of_a_source(text: str, good: bool) -> None:
    """Public, calibrated and unverified say nothing unless they say where from."""
    assert is_source(text) is good


def test_the_base_names_one_source() -> None:
    """Guards the tests above: an edit of the base would empty them."""
    assert BASE.count("source:") == 1
