"""Transport, storage with leakage, and use that only delays.

Held against pipelines, trucks and half-lives by hand (1e-6; the truck 0.5 %), exponential leakage
for steps of any length (1e-12), and the IPCC's special report of 2005: 3 to 4 % lost per 1000 km by
ship, 99 % kept over 1000 years.
"""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Flow, PhysicsError
from models.carbon.co2_store import CO2Storage, CO2Transport, later_release
from models.substances import substance, substances
from tests.setting import network_of, setting
from twin.engine.recorded import Recorded
from twin.engine.world import World

HERE = substances()["captured_co2"]
THERE = substance("there", {"C": 1, "O": 2}, -393.51, 0.0, kind="gas", fossil=1.0)
DIESEL = substances()["diesel"]
ALL = ("energy", "carbon", "mass", "water")


def transport(**more: Any) -> CO2Transport:
    """A hundred kilometres of pipeline."""
    fields = {
        "inlet": "captured_co2",
        "outlet": "there",
        "mode": "pipeline",
        "distance": 100.0,
        "energy": "electricity",
        "capacity": 50.0,
    }
    return CO2Transport.model_validate(fields | more)


def storage(**more: Any) -> CO2Storage:
    """A reservoir of a million tonnes."""
    fields = {
        "inlet": "captured_co2",
        "electricity": "electricity",
        "capacity": 1e6,
        "injection_capacity": 100.0,
    }
    return CO2Storage.model_validate(fields | more)


def test_a_pipeline_by_hand() -> None:
    """0.04 kWh per t and km over 100 km: 4 kWh, and nothing is lost. Counted there and back, it
    would be 8."""
    where = setting(HERE, THERE)
    lowering = transport().lower(where)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    assert flow.coefficients == pytest.approx(
        {"captured_co2": -1.0, "there": 1.0, "electricity": -0.004}
    )
    assert "co2" not in flow.exchange


def test_a_truck_by_hand() -> None:
    """3.4385 kWh of diesel per km there and back with 25 t: 0.275 kWh per t and km; over 100 km
    27.5 kWh or 2.31 kg of diesel, which emit 27.5 * 3.6 * 0.07395 = 7.32 kg of CO2, 0.7 % of what
    is carried."""
    where = setting(HERE, THERE, DIESEL)
    lowering = transport(mode="truck", energy="diesel").lower(where)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    assert -flow.coefficients["diesel"] == pytest.approx(0.0275 / 11.905, rel=2e-3)
    assert flow.exchange["co2"] == pytest.approx(0.00732, rel=5e-3)


def test_a_ship_loses_what_the_special_report_says() -> None:
    """Published (IPCC 2005): 3 to 4 % per 1000 km. Over 600 km 2.1 % of the CO2 go to the air, and
    its energy has to be given."""
    where = setting(HERE, THERE)
    with pytest.raises(PhysicsError, match="nothing is known of the energy of a ship"):
        transport(mode="ship").lower(where)
    lowering = transport(mode="ship", distance=600.0, energy_use=0.02).lower(where)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    assert flow.exchange["co2"] == pytest.approx(0.021)
    assert flow.coefficients["there"] == pytest.approx(0.979)


@settings(deadline=None, max_examples=20)
@given(
    distance=st.floats(0.0, 900.0),
    loss=st.floats(0.0, 0.9),
    use=st.floats(0.0, 1.0),
    energy=st.sampled_from(["electricity", "diesel", "hydrogen", "biogas"]),
)
def test_transport_closes(distance: float, loss: float, use: float, energy: str) -> None:
    """What leaves arrives or is emitted, with the carbon of the fuel."""
    where = setting(HERE, THERE, DIESEL)
    spec = transport(distance=distance, loss=loss, energy_use=use, energy=energy)
    lowering = spec.lower(where)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    burnt = -flow.coefficients.get(energy, 0.0) * where.buses[energy].of("carbon")
    lost = 1.0 - flow.coefficients["there"]
    assert flow.exchange.get("co2", 0.0) == pytest.approx(lost + burnt * 44.009 / 12.011, abs=1e-12)


@pytest.mark.parametrize("step_s", [900, 3600, 86400])
def test_a_reservoir_leaks_what_it_should(step_s: int) -> None:
    """100,000 t with a leak of 1 % a year lose 1 - exp(-0.01 / 365) in a day, 2.74 t, whatever the
    step; 10 t/h come in, and half of a day's leak of theirs is left out of the count.

    If the leak were a share of what is injected, it would be 0.0066 t.
    """
    where = setting(HERE, n_steps=86400 // step_s, step_s=step_s)
    lowering = storage(initial=1e5, leakage=0.01).lower(where)
    source = Flow(
        "source", "source", {"captured_co2": 1.0}, 10.0, lower=10.0,
        exchange={"captured_co2": -1.0}, side="import",
    )  # fmt: skip
    power = Flow(
        "power", "power", {"electricity": 1.0}, 9.0, exchange={"electricity": -1.0}, side="import"
    )
    lowering.flows += [source, power]
    network = network_of(lowering, where)
    world = World(network, {}, horizon_s=86400, start=where.times[0], seed=1)
    world.run()
    record = Recorded.of(world.record)
    rate = 0.01 / 8760
    after = 1e5 * math.exp(-rate * 24) + 10.0 * -math.expm1(-rate * 24) / rate
    assert record.levels[-1, 0] == pytest.approx(after, rel=1e-12)
    assert 1e5 + 240 - after == pytest.approx(2.74, abs=0.01)
    used = record.flows[0, list(network.flows).index("power")]
    assert used == pytest.approx(10 * 50 / 3600)


def test_leakage_against_the_special_report() -> None:
    """Published (IPCC 2005): 99 % likely to be retained over 1000 years."""
    assert math.exp(-1000 * storage().leakage) == pytest.approx(0.99, abs=1e-3)


def test_later_release_by_hand() -> None:
    """100 t in a product with a half-life of 30 years: 50 t back after 30, 75 after 60; all of a
    fuel at once; nothing of a mineral."""
    assert later_release(100.0, 30.0, 30.0) == pytest.approx(50.0)
    assert later_release(100.0, 30.0, 60.0) == pytest.approx(75.0)
    assert later_release(100.0, 0.0, 0.0) == 100.0
    assert later_release(100.0, math.inf, 1000.0) == 0.0
    with pytest.raises(ValueError, match="at least zero"):
        later_release(1.0, -1.0, 1.0)


def test_what_cannot_be() -> None:
    """Other gases, more stored than fits, and a way on which all is lost."""
    where = setting(HERE, THERE)
    with pytest.raises(PhysicsError, match="'biogas' is not CO2"):
        storage(inlet="biogas").lower(where)
    with pytest.raises(PhysicsError, match="in a reservoir of 1e"):
        storage(initial=2e6).lower(where)
    with pytest.raises(PhysicsError, match="all CO2 would be lost"):
        transport(distance=3000.0, loss=0.5).lower(where)
