"""What actors hold on flows: named values that compose in any order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np

from twin.engine.dispatch import State
from twin.network.network import Network

Join = Callable[[Iterable[float]], float]

NEEDS = "needs"
"""Name under which all that is asked of a flow by actors is held."""


class Modifier:
    """One kind of number on every flow, joined from what each actor holds under its name.

    A target is a component (all its flows) or one flow; a flow under two targets gets both. Values
    are joined in the order of names, so the last bit does not depend on who came first.
    """

    def __init__(
        self, array: np.ndarray, neutral: float, join: Join, over: list[list[str]]
    ) -> None:
        self._array, self._neutral, self._join = array, neutral, join
        self._over = over
        self._held: dict[str, dict[str, float]] = {}
        self._joined: dict[str, float] = {}

    def hold(self, target: str, flows: Iterable[int], by: str, value: float) -> tuple[float, float]:
        """Let `by` hold a value on a target; return what all hold on it, before and after."""
        held = self._held.setdefault(target, {})
        before = self._joined.get(target, self._neutral)
        if value == self._neutral:
            held.pop(by, None)
        else:
            held[by] = value
        # Most of the time nobody else holds it, and this runs at every event.
        after = value if not held or (len(held) == 1 and by in held) else self._of((target,))
        self._joined[target] = after
        for j in flows:
            over = self._over[j]
            self._array[j] = after if len(over) == 1 else self._of(over)
        return before, after

    def _of(self, targets: Iterable[str]) -> float:
        held = [item for target in targets for item in self._held.get(target, {}).items()]
        if not held:
            return self._neutral
        if len(held) == 1:
            return held[0][1]
        return float(self._join(value for _, value in sorted(held)))


class Modifiers:
    """All kinds, and which flows a target stands for.

    Attributes
    ----------
    kinds : dict of str to Modifier
        limit (product of multipliers), cap (least), floor (greatest), cost_multiplier (product),
        cost_adder (sum).
    """

    def __init__(self, network: Network, state: State) -> None:
        self._flows: dict[str, list[int]] = {}
        over = []
        for j, flow in enumerate(network.flows.values()):
            target = flow.name if flow.stays else flow.component
            self._flows.setdefault(target, []).append(j)
            over.append([target])
        for j, name in enumerate(network.flows):
            if name not in self._flows:
                self._flows[name] = [j]
                over[j].append(name)
        self.kinds = {
            "limit": Modifier(state.limit_multiplier, 1.0, math.prod, over),
            "cap": Modifier(state.cap, math.inf, min, over),
            "floor": Modifier(state.floor, 0.0, max, over),
            "cost_multiplier": Modifier(state.cost_multiplier, 1.0, math.prod, over),
            "cost_adder": Modifier(state.cost_adder, 0.0, math.fsum, over),
        }

    def flows(self, target: str, by: str) -> list[int]:
        """Indices of the flows of a component, or of one flow.

        Raises
        ------
        ValueError
            There is neither a component nor a flow of that name.
        """
        if target not in self._flows:
            raise ValueError(
                f"event '{by}' acts on '{target}', which is no component and no flow of this park; "
                f"to mend: name one of {', '.join(sorted(self._flows))}"
            )
        return self._flows[target]

    def hold(self, kind: str, target: str, by: str, value: float) -> tuple[float, float]:
        """Let `by` hold a value of a kind; return what all hold on the target, before and after."""
        return self.kinds[kind].hold(target, self.flows(target, by), by, value)
