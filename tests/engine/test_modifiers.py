"""What actors hold on flows composes in any order, on components and on single flows."""

from __future__ import annotations

from collections.abc import Generator
from math import inf, prod
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Actor, Flow
from tests.actors.power import network, run, source, town, units
from twin.engine.clock import Phase
from twin.engine.dispatch import State
from twin.engine.modifiers import Modifiers
from twin.network.program import Program


class Hand(Actor):
    """Calls one method of the world at a second, with the arguments that are given."""

    kind: ClassVar[str] = "hand_of_the_tests"
    calls: list[tuple[int, str, tuple[Any, ...], dict[str, Any]]]

    def process(self, world: Any, name: str) -> Generator[Any, None, None]:
        """Call in turn."""
        for time_s, method, args, keys in self.calls:
            yield world.at(time_s, Phase.DECIDE, name)
            getattr(world, method)(*args, by=name, **keys)


def two_flows() -> Any:
    """A unit of two flows, 10 and 4 MW, beside the grid."""
    flows = [source("grid", 20, 90), town(12)]
    for role, upper in (("base", 10.0), ("boost", 4.0)):
        flows.append(Flow(f"unit.{role}", "unit", {"electricity": 1.0}, upper, cost=10.0,
                          closes=("wind",)))  # fmt: skip
    return network(flows, n_steps=6, step_s=3600)


KINDS = {
    "limit": (lambda v: prod(v, start=1.0), "limit_multiplier"),
    "cap": (lambda v: min(v, default=inf), "cap"),
    "floor": (lambda v: max(v, default=0.0), "floor"),
    "cost_multiplier": (lambda v: prod(v, start=1.0), "cost_multiplier"),
    "cost_adder": (sum, "cost_adder"),
}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(KINDS)),
            st.sampled_from(["unit", "unit.base", "unit.boost", "grid"]),
            st.sampled_from(["a", "b", "c"]),
            st.sampled_from([0.0, 0.3, 0.5, 1.0, 1.7, 3.0]),
        ),
        max_size=14,
    ),
    st.randoms(use_true_random=False),
)
def test_the_last_word_of_each_actor_counts_whatever_the_order(holds: Any, random: Any) -> None:
    """Product of multipliers, least cap, greatest floor, sum of adders, on every flow, to the bit.

    The same is worked out anew here from a plain list. If the first to let go freed the flow, or a
    hold on the component replaced that on one of its flows, they would differ.
    """
    net = two_flows()
    last = {(kind, target, by): value for kind, target, by, value in holds}
    states = []
    for order in (list(last.items()), random.sample(sorted(last.items()), len(last))):
        state = State.start(Program.compile(net))
        modifiers = Modifiers(net, state)
        for (kind, target, by), value in order:
            modifiers.hold(kind, target, by, value)
        states.append(state.modifiers.copy())
    assert np.array_equal(*states)
    state = State.start(Program.compile(net))
    modifiers = Modifiers(net, state)
    for kind, target, by, value in holds:
        modifiers.hold(kind, target, by, value)
    assert np.array_equal(states[0], state.modifiers)
    for j, (name, flow) in enumerate(net.flows.items()):
        for kind, (join, array) in KINDS.items():
            on_it = {flow.component, name}
            values = [v for (k, target, _), v in last.items() if k == kind and target in on_it]
            assert getattr(state, array)[j] == pytest.approx(join(values), rel=1e-15)


def test_a_single_flow_can_be_held_and_its_component_with_it() -> None:
    """The boost to half from 1 h, the whole unit to half from 2 h: 14, 12, 6 MW can be had.

    At 12 MW of demand the grid gives 0, 0, 6. A hold on the component that forgot the one on its
    flow would leave 7 MW in the third hour.
    """
    hand = Hand(
        calls=[
            (3600, "limit", ("unit.boost", 0.5), {}),
            (7200, "limit", ("unit", 0.5), {"cause": "a test"}),
        ]
    )
    world, recorded = run(two_flows(), {"hand": hand})
    grid = recorded.flows[:, list(world.network.flows).index("grid")]
    assert grid[:3] == pytest.approx([0, 0, 6], abs=1e-9)
    assert [(h.component, h.before, h.after, h.cause, h.phase) for h in world.log] == [
        ("unit.boost", 1.0, 0.5, "", "decide"),
        ("unit", 1.0, 0.5, "a test", "decide"),
    ]


def test_caps_floors_and_prices_do_what_they_say() -> None:
    """A cap of 3 MW, then a floor of 2 MW on the dear grid, then a price that turns the order.

    The unit serves 8 MW alone; capped at 3 the grid gives its 5; the floor makes the grid run at
    2 though it is dear; at a cost of 10 x 20 + 5 the unit is dearer than the grid's 90.
    """
    hand = Hand(
        calls=[
            (3600, "cap", ("unit_0", 3.0), {}),
            (7200, "cap", ("unit_0", None), {}),
            (7200, "floor", ("grid", 2.0), {}),
            (10800, "floor", ("grid", None), {}),
            (10800, "cost", ("unit_0",), {"multiplier": 20.0, "adder": 5.0}),
        ]
    )
    world, recorded = run(units(days=1), {"hand": hand})
    names = list(world.network.flows)
    pairs = recorded.flows[:4, [names.index("unit_0"), names.index("grid")]]
    assert pairs == pytest.approx(np.array([[8, 0], [3, 5], [6, 2], [3, 5]]), abs=1e-9)
    assert recorded.prices[3, 0] == pytest.approx(205)
    unit = recorded.flows[:, names.index("unit_0")]
    assert recorded.cost[names.index("unit_0")] == pytest.approx(
        10 * unit[:3].sum() + 205 * unit[3:].sum()
    )
    assert [h.what for h in world.log] == [
        "cap", "cap", "floor", "floor", "cost_multiplier", "cost_adder",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (("limit", ("unit_9", 0.5), {}), "'hand' acts on 'unit_9', which is no component"),
        (("limit", ("unit_0", -0.5), {}), "a share of -0.5"),
        (("cap", ("unit_0", float("nan")), {}), "a cap of nan"),
        (("cost", ("unit_0",), {"adder": inf}), "a cost_adder of inf"),
        (("move", ("silo", 1.0), {}), "'hand' names store 'silo'"),
    ],
)
def test_what_cannot_be_is_refused_by_name(call: Any, message: str) -> None:
    """A misspelt target would otherwise change nothing, quietly."""
    with pytest.raises(ValueError, match=message):
        run(units(days=1), {"hand": Hand(calls=[(0, *call)])})
