"""Pinch targets: a textbook case by hand, steam by hand, and the transshipment model by HiGHS.

Kemp's four streams are met exactly. On random processes the problem table equals the optimum of the
transshipment model (Papoulias and Grossmann 1983) to 1e-9 of the heat exchanged.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from models.heat.pinch import Stream, composite, targets

FOUR = [
    Stream.of_capacity("cold 1", 20.0, 135.0, 2.0),
    Stream.of_capacity("hot 2", 170.0, 60.0, 3.0),
    Stream.of_capacity("cold 3", 80.0, 140.0, 4.0),
    Stream.of_capacity("hot 4", 150.0, 30.0, 1.5),
]
"""I. C. Kemp, *Pinch Analysis and Process Integration*, 2nd ed., 2007, table 2.2, in MW for kW."""


def test_four_streams() -> None:
    """Kemp's four streams at 10 K: 20 of hot and 60 of cold utility, pinch at 85 (90 and 80) degC.

    Shifted: hot 165-55 (3) and 145-25 (1.5), cold 25-140 (2) and 85-145 (4). Surplus of the
    intervals 165/145/140/85/55/25: 20*3 = 60, 5*(4.5-4) = 2.5, 55*(4.5-6) = -82.5, 30*(4.5-2) =
    75, 30*(1.5-2) = -15. Summed up: 0, 60, 62.5, -20, 55, 40; lifted by 20. Without the shift
    the answer would be that of no approach at all, where no hot utility is needed.
    """
    found = targets(FOUR, 10.0)
    assert found.hot_utility == pytest.approx(20.0, rel=1e-12)
    assert found.cold_utility == pytest.approx(60.0, rel=1e-12)
    assert found.pinches == (85.0,)
    assert found.recovered == pytest.approx(3.0 * 110 + 1.5 * 120 - 60.0)
    np.testing.assert_allclose(found.temperature, [165, 145, 140, 85, 55, 25])
    np.testing.assert_allclose(found.heat, [20, 80, 82.5, 0, 75, 60], rtol=1e-12, atol=1e-12)


def test_composites_come_as_near_as_the_approach() -> None:
    """Cold and hot composite, the cold one moved right by the cold utility, touch at 10 K.

    Nearest at 90 over 80 degC. With utilities below the targets they would come nearer or cross.
    """
    hot_t, hot_h = composite([s for s in FOUR if s.duty > 0])
    cold_t, cold_h = composite([s for s in FOUR if s.duty < 0])
    cold_h = cold_h + targets(FOUR, 10.0).cold_utility
    marks = np.union1d(hot_h, cold_h)
    marks = marks[(marks >= cold_h[0]) & (marks <= hot_h[-1])]
    gap = np.interp(marks, hot_h, hot_t) - np.interp(marks, cold_h, cold_t)
    assert gap.min() == pytest.approx(10.0, abs=1e-9)
    assert np.interp(marks[gap.argmin()], hot_h, hot_t) == pytest.approx(90.0, abs=1e-9)


def test_condensing_and_boiling() -> None:
    """Steam of 120 degC gives 5 MW, water boils at 105 degC with 8 MW, a product cools 100-40.

    At 10 K, shifted: steam 115, water 110, product 95-35 with 3 MW. From hot to cold 5, then -3,
    then 0: hot utility 3 above the boiling water, cold utility 3; nothing passes from 110 to 95,
    where there is no stream, so both ends are pinches. At 20 K the steam (110) lies below the
    boiling water (115): hot utility 8, cold 8. A stream spread over a degree instead would let some
    of the steam boil the water.
    """
    streams = [
        Stream("steam", 120.0, 120.0, 5.0),
        Stream("boiling", 105.0, 105.0, -8.0),
        Stream("product", 100.0, 40.0, 3.0),
    ]
    near = targets(streams, 10.0)
    assert (near.hot_utility, near.cold_utility) == (3.0, 3.0)
    assert near.pinches == (110.0, 95.0)
    np.testing.assert_allclose(near.temperature, [115, 115, 110, 110, 95, 35])
    np.testing.assert_allclose(near.heat, [3, 8, 8, 0, 0, 3])
    far = targets(streams, 20.0)
    assert (far.hot_utility, far.cold_utility) == (8.0, 8.0)


def test_a_threshold_problem_has_no_pinch() -> None:
    """Only cold utility: 330 from 170-60 against 240 to 20-140 leaves 90 and no pinch."""
    hot, cold = (Stream.of_capacity("h", 170, 60, 3.0), Stream.of_capacity("c", 20, 140, 2.0))
    found = targets([hot, cold], 10.0)
    assert (found.hot_utility, found.cold_utility, found.pinches) == (0.0, 90.0, ())


def transshipment(streams: list[Stream], approach: float) -> float:
    """Least hot utility by S. A. Papoulias and I. E. Grossmann, Comput. Chem. Eng. 7, 1983.

    Heat cascades through warehouses, one for each interval of shifted temperatures and one for each
    temperature at which a stream condenses or boils.
    """
    ends = []
    for s in streams:
        shift = -approach / 2 if s.duty > 0 else approach / 2
        ends.append((max(s.supply, s.target) + shift, min(s.supply, s.target) + shift, s.duty))
    marks = sorted({t for high, low, _ in ends for t in (high, low)}, reverse=True)
    houses: list[tuple[float, float]] = []
    for i, mark in enumerate(marks):
        houses.append((mark, mark))
        if i + 1 < len(marks):
            houses.append((mark, marks[i + 1]))
    surplus = np.zeros(len(houses))
    for high, low, duty in ends:
        for k, (top, bottom) in enumerate(houses):
            if high == low:
                surplus[k] += duty if top == bottom == high else 0.0
            elif top > bottom and top <= high and bottom >= low:
                surplus[k] += duty * (top - bottom) / (high - low)
    n = len(houses)
    # Variables: hot utility, then what each warehouse passes down; the last is the cold utility.
    a = np.zeros((n, n + 1))
    for k in range(n):
        a[k, k] = 1.0
        a[k, k + 1] = -1.0
    found = linprog(np.eye(n + 1)[0], A_eq=a, b_eq=-surplus, bounds=(0, None), method="highs")
    assert found.status == 0
    return float(found.fun)


temperatures = st.integers(0, 300).map(float)


@st.composite
def processes(draw: st.DrawFn) -> list[Stream]:
    streams = []
    for i in range(draw(st.integers(1, 7))):
        supply, target = draw(temperatures), draw(temperatures)
        size = draw(st.floats(0.1, 50.0))
        duty = size if supply > target or (supply == target and draw(st.booleans())) else -size
        streams.append(Stream(str(i), supply, target, duty))
    return streams


@settings(max_examples=60, deadline=None)
@given(processes(), st.integers(0, 40))
def test_transshipment(streams: list[Stream], approach: int) -> None:
    """The problem table is the optimum of the transshipment model, and closes on energy.

    If shifted temperatures were swapped, a warmer cold stream would be heated by a colder hot one
    and the target lie below the optimum.
    """
    found = targets(streams, float(approach))
    scale = sum(abs(s.duty) for s in streams)
    assert found.hot_utility == pytest.approx(
        transshipment(streams, float(approach)), abs=1e-9 * scale
    )
    net = sum(s.duty for s in streams)
    assert found.cold_utility - found.hot_utility == pytest.approx(net, abs=1e-9 * scale)
    assert found.heat.min() >= 0
    assert found.heat[0] >= 0 and found.heat[-1] == pytest.approx(found.cold_utility)


@settings(max_examples=40, deadline=None)
@given(processes(), st.integers(0, 40), st.integers(1, 40))
def test_order_and_approach(streams: list[Stream], approach: int, more: int) -> None:
    """Order does not matter, and a larger approach never needs less."""
    assume(len(streams) > 1)
    scale = sum(abs(s.duty) for s in streams)
    one, other = targets(streams, approach), targets(streams[::-1], approach)
    assert one.hot_utility == pytest.approx(other.hot_utility, abs=1e-12 * scale)
    assert targets(streams, approach + more).hot_utility >= one.hot_utility - 1e-12 * scale


def test_refusals() -> None:
    """A stream that gives heat and warms, no streams, a negative approach, mixed composites."""
    with pytest.raises(ValueError, match=r"gives 5 MW and yet warms from 20 to 80 degC"):
        Stream("odd", 20.0, 80.0, 5.0)
    with pytest.raises(ValueError, match="must be finite"):
        Stream("odd", 20.0, float("nan"), 5.0)
    with pytest.raises(ValueError, match="0 MW/K"):
        Stream.of_capacity("odd", 20.0, 80.0, 0.0)
    with pytest.raises(ValueError, match="no stream"):
        targets([], 10.0)
    with pytest.raises(ValueError, match="-1 K"):
        targets(FOUR, -1.0)
    with pytest.raises(ValueError, match="2 give heat"):
        composite(FOUR)
