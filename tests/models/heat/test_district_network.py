"""District heating networks: loss by EN 13941, soil by the season, and demand for the loss.

The coefficient of a pair of pipes equals two line sources in the ground solved together, to
rounding. DN 100 at 80/45 degC loses 29 W per metre of trench, of the 10 to 30 that the field
reports. No measured network is compared.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import PhysicsError
from models.carriers import hot_water
from models.heat.district_network import DistrictNetwork, Pipes, pair_coefficient
from tests.setting import network_of, setting

PLANT = hot_water("plant", 80, 45)
TOWN = hot_water("town", 80, 45)
CLOSED = ("energy", "carbon", "mass")


def network(**given_: object) -> DistrictNetwork:
    """20 MW between the plants and the town."""
    given_ = {"conductance": 20_000.0, **given_}
    return DistrictNetwork(inlet="plant", outlet="town", capacity=20, **given_)  # type: ignore[arg-type]


def test_loss_by_hand() -> None:
    """20 kW/K * ((80 + 45) / 2 - 8) K = 1.09 MW, whatever is carried; 1 % of the heat is pumping.

    Counted from the supply alone it would be 1.44 MW; as a share of the flow it would vanish in
    summer, when networks lose the largest share.
    """
    surroundings = setting(PLANT, TOWN)
    flows = network_of(
        network(electricity="electricity").lower(surroundings), surroundings, CLOSED
    ).flows
    assert flows["it.loss"].upper == pytest.approx(1.09)
    assert flows["it.loss"].demand
    assert flows["it.loss"].exchange == {"heat_to_ambient": 1.0}
    assert flows["it"].coefficients == {"plant": -1.0, "town": 1.0, "electricity": -0.01}
    assert flows["it"].exchange["heat_to_ambient"] == pytest.approx(0.01)


@settings(deadline=None, max_examples=50)
@given(
    st.floats(0.03, 0.5), st.floats(1.4, 2.5), st.floats(0.1, 0.5), st.floats(0.3, 1.5),
    st.floats(0.02, 0.05), st.floats(0.8, 2.5), st.floats(60, 120), st.floats(20, 55),
)  # fmt: skip
def test_two_pipe_formula_is_the_solution_of_two_line_sources(
    pipe: float, wall: float, gap: float, cover: float, foam: float, soil: float, hot: float,
    cold: float,
) -> None:  # fmt: skip
    """Solve both pipes at once: each warms the ground of the other through mirrored line sources.

    The sum of both losses must be the coefficient times the mean excess temperature. Left without
    the mutual term the loss would be too high by a tenth.
    """
    casing = pipe * wall
    depth, spacing, ground = cover + casing / 2, casing + gap, 8.0
    deep = depth + 0.0685 * soil
    own = math.log(4 * deep / casing) / (2 * math.pi * soil)
    own += math.log(wall) / (2 * math.pi * foam)
    other = math.log(math.hypot(spacing, 2 * deep) / spacing) / (2 * math.pi * soil)
    losses = np.linalg.solve([[own, other], [other, own]], [hot - ground, cold - ground])
    coefficient = pair_coefficient(
        pipe, casing, depth=depth, spacing=spacing, insulation=foam, soil=soil
    )
    assert float(losses.sum()) == pytest.approx(coefficient * ((hot + cold) / 2 - ground))


def test_dn100_loses_what_the_field_reports() -> None:
    """Pre-insulated DN 100 at 80/45 degC: the field reports 10 to 30 W per metre of trench.

    (Euroheat; EN 253 pipes of series 1 to 3.) A factor of two between pipe and pair would show.
    """
    coefficient = Pipes(length=1.0).conductance()
    assert 10 < coefficient * ((80 + 45) / 2 - 8) < 30
    surroundings = setting(PLANT, TOWN)
    spec = network(conductance=None, pipes=Pipes(length=50_000, coefficient=0.4))
    loss = spec.lower(surroundings).flows[1].upper
    assert loss == pytest.approx(50_000 * 0.4 * 54.5 / 1e6)


def test_ground_is_coldest_in_late_winter() -> None:
    """A swing of 6 K about 8 degC: 2 degC on 20 February, 14 degC half a year later."""
    for day, wanted in (("2025-02-20", 2.0), ("2025-08-21", 14.0)):
        surroundings = setting(PLANT, TOWN, start=day, n_steps=24)
        spec = network(soil_amplitude=6.0)
        soil = np.asarray(spec.soil(surroundings))
        assert soil.mean() == pytest.approx(wanted, abs=0.01)
        loss = np.asarray(spec.lower(surroundings).flows[1].upper)
        assert loss.mean() == pytest.approx(0.02 * (62.5 - wanted), rel=1e-3)


@settings(deadline=None, max_examples=30)
@given(st.floats(66, 120), st.floats(5, 40), st.floats(-5, 25), st.floats(0, 10))
def test_it_closes_and_never_gains(hot: float, drop: float, soil: float, swing: float) -> None:
    """The loss is never negative, and both flows close in energy.

    Loops return above 25 degC: colder heat has the exergy of cold, which grows as it cools.
    """
    loop = hot_water("plant", hot, hot - drop)
    surroundings = setting(loop, hot_water("town", hot - 2, hot - drop))
    spec = network(soil_temperature=soil, soil_amplitude=swing)
    flows = network_of(spec.lower(surroundings), surroundings, CLOSED).flows
    assert (np.asarray(flows["it.loss"].upper) >= 0).all()


def test_what_cannot_be_is_refused() -> None:
    """Heat does not arrive hotter; the loss is given once; a network joins two buses."""
    surroundings = setting(PLANT, hot_water("town", 95, 45))
    with pytest.raises(PhysicsError, match="95 degC is hotter than 'plant' at 80 degC"):
        network().lower(surroundings)
    surroundings = setting(PLANT, TOWN)
    with pytest.raises(PhysicsError, match="one of the two"):
        network(conductance=None).lower(surroundings)
    with pytest.raises(PhysicsError, match="are both 'plant'"):
        DistrictNetwork(inlet="plant", outlet="plant", capacity=1, conductance=1.0).lower(
            surroundings
        )
    with pytest.raises(PhysicsError, match="cannot lie"):
        Pipes(length=1, diameter=0.3, casing=0.2).conductance()
