"""Structure: buses that lead nowhere, and demands that nothing can reach."""

from __future__ import annotations

from models.base import Carrier, Flow
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
