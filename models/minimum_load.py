"""The least load of a machine, as a flow of its own.

A step of the dispatch cannot say "zero, or at least a fifth". It can hold one flow at its limit and
all flows of a machine at zero: so the load up to the minimum is cut off as the flow `minimum`, and
the event `commitment` decides from outside which of the two it is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.base import Flow, PhysicsError, Series


def with_minimum(flows: list[Flow], share: float) -> list[Flow]:
    """Cut the load up to a minimum out of a load curve.

    Parameters
    ----------
    flows : list of Flow
        Segments of the curve in order of load, limited by constants.
    share : float
        Minimum over the sum of their upper limits [0-1].

    Returns
    -------
    list of Flow
        `component.minimum`, which takes the segments up to the minimum in fixed proportion, and
        what is left of the others under their names. With a share of 0 the flows as they came; a
        machine of no size has a minimum of 0, so that what switches it finds it.

    Raises
    ------
    PhysicsError
        A limit varies in time.

    Notes
    -----
    With the minimum at its limit, the outputs are those of the curve at and above the minimum.
    """
    if any(np.ndim(flow.upper) for flow in flows):
        raise PhysicsError(
            f"the load curve of '{flows[0].component}' has limits that vary in time",
            key="minimum_load",
            mend="leave the minimum load out",
        )
    if share <= 0:
        return flows
    upper = [float(flow.upper) for flow in flows]
    least = share * sum(upper)
    if least <= 0:
        return [replace(flows[0], name=f"{flows[0].component}.minimum"), *flows]
    part, kept, room = [], [], least
    for flow, limit in zip(flows, upper, strict=True):
        taken = min(limit, room)
        room -= taken
        if taken > 0:
            part.append((flow, taken / least))
        if limit - taken > 1e-12 * sum(upper):
            kept.append(replace(flow, upper=limit - taken))
    first = flows[0]
    minimum = replace(
        first,
        name=f"{first.component}.minimum",
        coefficients=_mean([(flow.coefficients, weight) for flow, weight in part]),
        exchange=_mean([(flow.exchange, weight) for flow, weight in part]),
        cost=sum(flow.cost * weight for flow, weight in part),
        steer=sum(flow.steer * weight for flow, weight in part),
        upper=least,
    )
    return [minimum, *kept]


def _mean(parts: list[tuple[dict[str, Series], float]]) -> dict[str, Series]:
    names = dict.fromkeys(name for values, _ in parts for name in values)
    return {name: sum(v.get(name, 0.0) * weight for v, weight in parts) for name in names}
