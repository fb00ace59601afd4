"""Structure: buses that lead nowhere, and demands that nothing can reach."""

from __future__ import annotations

from models.base import Carrier, Flow, Store
from twin.network.lint import lint
from twin.network.network import Network

A, B = Carrier("a", "t/h", {"mass": 1.0}), Carrier("b", "t/h", {"mass": 1.0})


def words(*flows: Flow) -> list[str]:
    """Messages of the lint."""
    return [v.message for v in lint(Network.of({"a": A, "b": B}, flows))]


def test_a_sound_network_is_not_blamed() -> None:
    """Import, conversion, demand."""
    assert not words(
        Flow("in", "in", {"a": 1.0}, 1.0),
        Flow("make", "make", {"a": -1.0, "b": 1.0}, 1.0),
        Flow("use", "use", {"b": -1.0}, 1.0, demand=True),
    )


def test_dangling_buses_are_named() -> None:
    """A bus only filled would stop the run at its first step; one only emptied never serves."""
    assert words(Flow("in", "in", {"a": 1.0}, 1.0)) == [
        "bus 'a' is filled and nothing takes from it",
        "bus 'b' is connected to nothing",
    ]


def test_a_demand_behind_a_loop_is_unreachable() -> None:
    """a feeds b and b feeds a, but nothing ever feeds either: each bus alone looks sound."""
    found = words(
        Flow("there", "there", {"a": -1.0, "b": 1.0}, 1.0),
        Flow("back", "back", {"b": -1.0, "a": 1.0}, 1.0),
        Flow("use", "town", {"b": -1.0}, 1.0, demand=True),
    )
    assert found == ["no supply can reach demand 'town': nothing can fill b"]


def test_a_bus_only_used_is_named() -> None:
    """Nothing gives to it, so its demand would be unserved at every step."""
    assert words(
        Flow("in", "in", {"a": 1.0}, 1.0),
        Flow("out", "out", {"a": -1.0}, 1.0),
        Flow("use", "town", {"b": -1.0}, 1.0, demand=True),
    ) == [
        "bus 'b' is used and nothing gives to it",
        "no supply can reach demand 'town': nothing can fill b",
    ]


def test_a_loop_that_feeds_itself_and_more_is_sound() -> None:
    """Of two units of b made from one of a, one goes back to make the next: a boiler whose
    feedwater is warmed by its own steam.

    By reachability alone neither could ever start, and a sound park would be refused.
    """
    assert not words(
        Flow("in", "in", {"a": 1.0}, 1.0),
        Flow("make", "make", {"a": -1.0, "b": 1.0}, 1.0),
        Flow("boost", "boost", {"a": -1.0, "b": 0.5}, 1.0),
        Flow("use", "town", {"b": -1.0}, 1.0, demand=True),
    )
    assert not words(
        Flow("fresh", "fresh", {"a": 2.0, "b": -1.0}, 1.0),
        Flow("make", "make", {"a": -1.0, "b": 1.0}, 1.0),
        Flow("use", "town", {"b": -1.0}, 1.0, demand=True),
    )


def test_a_circle_that_loses_reaches_nobody() -> None:
    """Each turn returns 0.9 of what it took, so nothing is ever left for the town."""
    found = words(
        Flow("there", "there", {"a": -1.0, "b": 1.0}, 1.0),
        Flow("back", "back", {"b": -1.0, "a": 0.9}, 1.0),
        Flow("use", "town", {"b": -1.0}, 1.0, demand=True),
    )
    assert found == ["no supply can reach demand 'town': nothing can fill b"]


def test_what_lies_in_a_store_is_a_supply() -> None:
    """A silo that begins with something can serve; one that begins at its minimum cannot."""
    flows = (
        Flow("there", "there", {"a": -1.0, "b": 1.0}, 1.0),
        Flow("back", "back", {"b": -1.0, "a": 1.0}, 1.0),
        Flow("draw", "silo", {"silo.stored": -1.0, "b": 1.0}, 1.0),
        Flow("use", "town", {"b": -1.0}, 1.0, demand=True),
    )
    for initial, sound in ((5.0, True), (1.0, False)):
        silo = Store("silo.stored", "silo", B, 10.0, initial=initial, minimum=1.0)
        assert (not lint(Network.of({"a": A, "b": B}, flows, [silo]))) is sound


def test_an_unavailable_supply_counts_as_topology() -> None:
    """Out of service for the run, it still leads there: the demand is unserved, not ill-formed."""
    assert not words(
        Flow("in", "in", {"a": 1.0}, 0.0),
        Flow("make", "make", {"a": -1.0, "b": 1.0}, 0.0),
        Flow("use", "town", {"b": -1.0}, 1.0, demand=True),
    )
