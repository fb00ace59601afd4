"""Virtual power plants: calls by hand, response by its binomial law, published sizes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.base import PhysicsError
from tests.actors.plant import START, amount, lines, plant, rate, run
from twin.engine.actors.enrolment import Call, Enrolled
from twin.engine.actors.vpp import VirtualPowerPlant
from twin.engine.world import World

DAYS = 5 * 24


def works(**more: object) -> Enrolled:
    """50 MW of the works are enrolled, 30 MW adjustable."""
    return Enrolled(**{"component": "works", "enrolled": 50.0, "adjustable": 30.0, **more})


def call(**more: object) -> Call:
    """20 MW from 10 to 12 h on the third day, told an hour before."""
    return Call(**{"start": "2025-01-03 10:00", "duration": 2.0, "amount": 20.0, **more})


def test_a_call_with_rebound_as_by_hand() -> None:
    """The works take 80 of 100 MW for two hours, then 105 MW for four: half the 40 MWh come back.

    Baseline 100 MW, delivered 40 of 40 MWh, earned 40 x 3500. Nothing is unserved, since it was
    shed on purpose. Without the rebound the day would take 2360 MWh, not 2380.
    """
    vpp = VirtualPowerPlant(
        classes={"industry": works(rebound=0.5, rebound_time=4.0)}, calls=[call()], price=3500.0
    )
    world, recorded = run(plant(DAYS), {"vpp": vpp})
    power = rate(world, recorded, "works")
    assert power[57:65] == pytest.approx([100, 80, 80, 105, 105, 105, 105, 100])
    assert amount(world, recorded, "works") == pytest.approx(100 * DAYS - 20)
    assert lines(world, "call") == [(57, 20, 20)]
    [(t, called, delivered)] = lines(world, "settled")
    assert (t, called) == (60, 40)
    assert delivered == pytest.approx(40)
    assert [after for _, _, after in lines(world, "money")] == pytest.approx([-140_000])
    names = list(world.network.flows)
    asked = recorded.offered[names.index("works")]
    assert asked == pytest.approx(recorded.flows[:, names.index("works")] @ recorded.hours)


def test_a_call_at_any_second() -> None:
    """From 10:20 to 11:05 at 20 MW: 15 MWh; on the hourly grid it would be 20 or 40."""
    vpp = VirtualPowerPlant(
        classes={"industry": works()}, calls=[call(start="2025-01-03 10:20", duration=0.75)]
    )
    world, recorded = run(plant(DAYS), {"vpp": vpp})
    assert 100 * DAYS - amount(world, recorded, "works") == pytest.approx(15, abs=1e-6)
    assert lines(world, "settled")[0][2] == pytest.approx(15, abs=1e-6)


def test_the_baseline_is_that_of_days_of_the_same_kind() -> None:
    """60 MW on workdays and 100 at weekends; called on the Monday after a weekend.

    The mean of Friday, Thursday and Wednesday is 60, and 10 MW are delivered. With the days just
    before it would be 100, and 50 MW claimed.
    """
    first = 3  # 2025-01-01 is a Wednesday
    day = np.arange(6 * 24) // 24
    load = np.where((day == first) | (day == first + 1), 100.0, 60.0)
    vpp = VirtualPowerPlant(
        classes={"industry": works()}, calls=[call(start="2025-01-06 10:00", amount=10.0)]
    )
    world, _ = run(plant(6 * 24, works=load), {"vpp": vpp})
    assert lines(world, "settled")[0][1:] == pytest.approx((20, 20))


def test_a_public_holiday_is_no_working_day() -> None:
    """Called on 5 February 2025, the first working day after the Spring Festival in China.

    The works took 20 MW on the eight days before and 60 on 27 January and earlier (the Sunday of
    26 January is a make-up workday). The baseline is 60 and 20 MWh are delivered. With the
    holidays taken for workdays it would be 20, and the plant would seem to deliver -60.
    """
    load = np.full(40 * 24, 60.0)
    load[27 * 24 : 35 * 24] = 20.0  # 28 January to 4 February
    vpp = VirtualPowerPlant(
        classes={"a": works()}, calls=[call(start="2025-02-05 10:00", amount=10.0)]
    )
    network = plant(len(load), works=load)
    world = World(network, {"vpp": vpp}, horizon_s=40 * 86_400, start=START, seed=1)
    world.country = "CN"
    world.run()
    assert lines(world, "settled")[0][1:] == pytest.approx((20, 20))


def test_a_day_with_a_call_is_no_baseline() -> None:
    """Called on the second and the third day: both deliver 40 MWh.

    With the second day in the baseline, the third would seem to deliver 20.
    """
    calls = [call(start="2025-01-02 10:00"), call()]
    world, _ = run(plant(DAYS), {"vpp": VirtualPowerPlant(classes={"a": works()}, calls=calls)})
    assert [after for _, _, after in lines(world, "settled")] == pytest.approx([40, 40])


def test_envelopes_of_hours_notice_and_length() -> None:
    """Three classes of 30 MW: one called outside its hours, one too late, one holds for an hour.

    Of 60 MW called for 2 h only the third gives, for an hour: 30 of 120 MWh, and 90 are short.
    """
    classes = {
        "hours": works(hours=[(13.0, 18.0)]),
        "notice": works(component="hall", notice=4.0),
        "length": works(component="town", longest=1.0),
    }
    vpp = VirtualPowerPlant(classes=classes, calls=[call(amount=60.0)], penalty=10.0)
    world, recorded = run(plant(DAYS, hall=100.0, town=100.0), {"vpp": vpp})
    assert rate(world, recorded, "town")[57:62] == pytest.approx([100, 70, 100, 100, 100][:5])
    assert lines(world, "settled")[0][1:] == pytest.approx((120, 30))
    assert lines(world, "money")[0][2] == pytest.approx(900)


def test_a_load_that_is_small_cannot_take_off_much() -> None:
    """The works take 12 MW at the time: of 20 MW called, 12 are gone and 24 MWh delivered."""
    vpp = VirtualPowerPlant(classes={"a": works()}, calls=[call()])
    world, _ = run(plant(DAYS, works=12.0), {"vpp": vpp})
    assert lines(world, "settled")[0][1:] == pytest.approx((40, 24))


def test_the_response_of_many_loads_is_binomial() -> None:
    """100 loads that respond with 0.8: mean 0.8, standard deviation sqrt(0.16 / 100) = 0.04.

    Over some 120 calls, three standard errors are 0.011. Were one draw made for all loads, the
    deviation would be 0.4.
    """
    vpp = VirtualPowerPlant(
        classes={"a": works(loads=100, response=0.8)}, every=40.0, amount=20.0, duration=1.0
    )
    world, _ = run(plant(24 * 200), {"vpp": vpp})
    share = np.array([after / before for _, before, after in lines(world, "settled")])
    n = len(share)
    assert n > 80
    assert abs(share.mean() - 0.8) < 3 * 0.04 / math.sqrt(n)
    # Variance of a sample variance of a nearly normal law: 2 s4 / (n - 1).
    assert abs(share.var(ddof=1) - 0.0016) < 3 * 0.0016 * math.sqrt(2 / (n - 1))


def test_random_calls_come_as_a_poisson_process() -> None:
    """Every 40 h over 4800 h: 120 calls, standard deviation 11; told an hour before each.

    Only from 18 to 24 h, a quarter of the time: 30, standard deviation 5.5, all begin then.
    """
    for within, mean in (([], 120), ([(18.0, 24.0)], 30)):
        vpp = VirtualPowerPlant(
            classes={"a": works()}, every=40.0, amount=20.0, duration=0.25, within=within
        )
        world, _ = run(plant(24 * 200), {"vpp": vpp})
        told = len(lines(world, "call")) + len(lines(world, "refused"))
        assert abs(told - mean) < 3 * math.sqrt(mean)
    # Settled a quarter of an hour after the call began.
    assert all((t - 0.25) % 24 >= 18 for t, _, _ in lines(world, "settled"))


def test_a_source_gives_what_it_has() -> None:
    """A full battery of 30 MWh, called for 20 MW over 2 h: 30 MWh delivered, 10 short.

    Without the call it would stay full at this price.
    """
    network = plant(DAYS, battery=30.0)
    network.stores["battery.stored"].initial = 30.0
    classes = {
        "store": Enrolled(
            component="battery.discharge", enrolled=40.0, adjustable=40.0, source=True
        )
    }
    world, _ = run(network, {"vpp": VirtualPowerPlant(classes=classes, calls=[call()])})
    assert lines(world, "settled")[0][1:] == pytest.approx((40, 30))


def test_shenzhen_of_the_white_paper() -> None:
    """3.8 GW are connected and 0.84 GW adjustable (published); the split is assumed.

    Called for 1 GW over two hours it delivers 0.84 GW; a plant that trusted what is connected
    would promise 1 GW.
    """
    classes = {
        "air_conditioning": works(component="works", enrolled=1900.0, adjustable=420.0),
        "charging": works(component="hall", enrolled=1300.0, adjustable=280.0),
        "ice_and_base_stations": works(component="town", enrolled=600.0, adjustable=140.0),
    }
    vpp = VirtualPowerPlant(classes=classes, calls=[call(amount=1000.0)])
    assert vpp.enrolled == pytest.approx(3800)
    assert vpp.adjustable == pytest.approx(840)
    world, _ = run(plant(DAYS, works=1900.0, hall=1300.0, town=600.0), {"vpp": vpp})
    assert lines(world, "call")[0][1:] == pytest.approx((1000, 840))
    assert lines(world, "settled")[0][1:] == pytest.approx((2000, 1680))


def test_suzhou_of_the_white_paper() -> None:
    """225 MW of load and 136 MW of distributed energy (published) answer 361 MW together.

    The white paper rounds their sum to 370 MW; no call can find the other 9.
    """
    classes = {
        "load": works(enrolled=225.0, adjustable=225.0),
        "distributed": works(
            component="battery.discharge", enrolled=136.0, adjustable=136.0, source=True
        ),
    }
    network = plant(DAYS, works=1000.0, battery=400.0)
    network.stores["battery.stored"].initial = 400.0
    vpp = VirtualPowerPlant(classes=classes, calls=[call(amount=370.0)])
    world, _ = run(network, {"vpp": vpp})
    assert lines(world, "settled")[0][1:] == pytest.approx((740, 722))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"calls": []}, "either calls that are known"),
        ({"calls": [], "every": 40.0}, "both a mean time"),
        ({"classes": {"a": works(), "b": works()}}, "same component"),
    ],
)
def test_what_a_plant_cannot_be(change: dict[str, object], says: str) -> None:
    """Each would otherwise never be called, or measured twice."""
    whole = {"classes": {"a": works()}, "calls": [call()]}
    with pytest.raises((PhysicsError, ValueError), match=says):
        VirtualPowerPlant(**{**whole, **change})
    with pytest.raises((PhysicsError, ValueError), match="adjustable of"):
        works(adjustable=60.0)


def test_a_class_of_the_wrong_kind_is_refused() -> None:
    """A load called as a source: the meter's sign would be wrong."""
    vpp = VirtualPowerPlant(classes={"a": works(source=True)}, calls=[call()])
    with pytest.raises(ValueError, match="which is a demand"):
        run(plant(24), {"vpp": vpp})
