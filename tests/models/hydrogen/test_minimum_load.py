"""The minimum load as a flow: by hand, and nothing of the curve changes by cutting it.

Held against the load curve it is cut from: at and above the minimum both give the same, to 1e-12.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Flow, PhysicsError
from models.hydrogen.electrolyser import AlkalineElectrolyser
from models.minimum_load import with_minimum
from tests.setting import network_of, setting

PORTS: dict[str, Any] = {
    "electricity": "electricity",
    "hydrogen": "hydrogen",
    "water": "demineralised_water",
}


def segments(*parts: tuple[float, float]) -> list[Flow]:
    """Segments of a limit and a yield each."""
    return [
        Flow(f"it.load_{k + 1}", "it", {"electricity": -1.0, "hydrogen": made}, upper, cost=made)
        for k, (upper, made) in enumerate(parts)
    ]


def output(flows: list[Flow], load: float) -> float:
    """Hydrogen at a load, segments taken in their order."""
    made = 0.0
    for flow in flows:
        taken = min(load, float(flow.upper))
        made += taken * float(flow.coefficients.get("hydrogen", 0.0))
        load -= taken
    return made


def test_by_hand() -> None:
    """40 % of 4 + 4 + 2 MW is the first segment whole and none of the second; 60 % half of it.

    At 60 % of yields 0.7, 0.6, 0.5: (4 x 0.7 + 2 x 0.6) / 6 = 0.6667 per MWh, and 2 MW at 0.6 and 2
    at 0.5 are left. With the best yield for all it would be 0.7: hydrogen from nothing.
    """
    curve = segments((4.0, 0.7), (4.0, 0.6), (2.0, 0.5))
    whole = with_minimum(curve, 0.4)
    assert [(f.name, f.upper) for f in whole] == [
        ("it.minimum", pytest.approx(4.0)),
        ("it.load_2", pytest.approx(4.0)),
        ("it.load_3", pytest.approx(2.0)),
    ]
    cut = with_minimum(curve, 0.6)
    assert [f.upper for f in cut] == pytest.approx([6.0, 2.0, 2.0])
    assert cut[0].coefficients["hydrogen"] == pytest.approx(4.0 / 6.0)
    assert cut[0].coefficients["electricity"] == pytest.approx(-1.0)
    assert cut[0].cost == pytest.approx(4.0 / 6.0)
    assert with_minimum(curve, 0.0) == curve


@settings(max_examples=50, deadline=None)
@given(st.floats(0.01, 0.9), st.floats(0.0, 1.0), st.booleans())
def test_the_curve_stays(share: float, more: float, oxygen: bool) -> None:
    """At and above its minimum an electrolyser makes what it made uncut, and all of it closes."""
    spec = AlkalineElectrolyser(**PORTS, power_capacity=10.0, oxygen="oxygen" if oxygen else None)
    here = setting()
    whole = spec.lower(here).flows
    cut_lowering = spec.model_copy(update={"minimum_load": share}).lower(here)
    network_of(cut_lowering, here, ("energy", "carbon", "mass", "water"))
    load = 10.0 * (share + more * (1.0 - share))
    assert output(cut_lowering.flows, load) == pytest.approx(output(whole, load), rel=1e-12)
    assert sum(float(f.upper) for f in cut_lowering.flows) == pytest.approx(10.0)


def test_standby_is_heat() -> None:
    """All electricity of standby ends as heat in the ambient; it stands still unless called."""
    here = setting()
    spec = AlkalineElectrolyser(**PORTS, power_capacity=10.0, standby_power=0.3)
    lowering = spec.lower(here)
    network_of(lowering, here)
    standby = lowering.flows[-1]
    assert standby.name == "it.standby" and standby.on_call and standby.demand
    assert standby.upper == 0.3
    assert standby.exchange["heat_to_ambient"] == pytest.approx(1.0)


def test_a_machine_of_no_size() -> None:
    """Without the flow, an event that switches the machine would refuse a park of a size of 0."""
    spec = AlkalineElectrolyser(**PORTS, power_capacity=0.0, minimum_load=0.2)
    flows = spec.lower(setting()).flows
    assert [f.name for f in flows][:2] == ["it.minimum", "it.load_1"]
    assert all(float(f.upper) == 0.0 for f in flows)


def test_refused() -> None:
    """Limits that vary in time: the parts of the minimum would vary with them."""
    flows = segments((4.0, 0.7))
    flows[0].upper = np.array([1.0, 2.0])
    with pytest.raises(PhysicsError, match="vary in time"):
        with_minimum(flows, 0.2)
