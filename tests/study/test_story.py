"""How a README gets its figures: names in braces, numbers for readers, bands of key figures."""

from __future__ import annotations

import pytest

from twin.study.story import KeyFigure, Story, held, number


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (50.712, 3, "50.7"),
        (50.96, 3, "51.0"),
        (0.0634, 2, "0.063"),
        (182.3, 2, "180"),
        (4139.6, 3, "4,140"),
        (1.2e6, 3, "1,200,000"),
        (-35.4, 2, "-35"),
        (0.0, 3, "0"),
        (2.5e-5, 2, "2.5e-05"),
    ],
)
def test_numbers_for_readers(value: float, digits: int, said: str) -> None:
    """As many digits as asked for, thousands apart; 182 in two digits once read "1.8e+02"."""
    assert number(value, digits) == said


def test_key_figures_are_held_on_both_sides() -> None:
    """40 GWh within 5 % are 38 to 42, 70 % within 3 points 67 to 73; a one-sided band is none."""
    energy = KeyFigure("x", unit="GWh", expect="40 GWh", within="5 %", because="by hand: x")
    share = KeyFigure("x", unit="%", expect="70 %", within="3 points", because="by hand: x")
    assert [held(value, energy) for value in (37.9, 38.1, 41.9, 42.1)] == [False, True, True, False]
    assert [held(value, share) for value in (66.9, 67.1, 72.9, 73.1)] == [False, True, True, False]


def test_a_name_that_leads_nowhere() -> None:
    """A misspelt figure would otherwise stay in the README as a word in braces."""
    with pytest.raises(ValueError, match="the story of kalundborg names 'no_such', which is no"):
        story = Story.of("kalundborg")
        story.audit = {}
        story.said("no_such")
