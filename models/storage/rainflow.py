"""Cycles of a path that goes up and down, counted as they close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def closed_cycles(
    turns: Sequence[float], path: Iterable[float], width: float = 0.01
) -> tuple[list[tuple[float, float]], tuple[float, ...]]:
    """Cycles of a path of states of charge that close, by the four-point rainflow rule.

    Parameters
    ----------
    turns : sequence of float
        Turning points left open so far.
    path : iterable of float
        What follows.
    width : float
        Ranges that differ by less count as alike. Without it a swing that shrinks a little each
        day, as that of a fading battery does, would never close.

    Returns
    -------
    list of (float, float)
        Depth and middle of each closed cycle.
    tuple of float
        Turning points that stay open. A path may be cut anywhere: the cycles are the same.

    Notes
    -----
    C. Amzallag et al., Int. J. Fatigue 16 (1994) 287: an inner range no larger than both of its
    neighbours is a cycle; its two points go.

    Examples
    --------
    >>> closed_cycles((), [0.2, 0.8, 0.4, 0.6, 0.1])[1]
    (0.2, 0.8, 0.1)
    """
    stack, closed = list(turns), []
    for value in path:
        # A point on the way on from the last one is no turn: the newer one takes its place.
        if len(stack) > 1 and (stack[-1] - stack[-2]) * (value - stack[-1]) >= 0:
            stack[-1] = value
        elif not stack or value != stack[-1]:
            stack.append(value)
        while len(stack) > 3:
            low, high = sorted(stack[-3:-1])
            inner = high - low
            if inner > min(abs(stack[-3] - stack[-4]), abs(stack[-1] - stack[-2])) + width:
                break
            closed.append((inner, 0.5 * (low + high)))
            del stack[-3:-1]
            # Of three points in one direction the middle one is no turn any more.
            if len(stack) > 2 and (stack[-2] - stack[-3]) * (stack[-1] - stack[-2]) >= 0:
                del stack[-2]
    return closed, tuple(stack)
