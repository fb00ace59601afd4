"""Markets: peaks, gates, certificates and allowances by hand; money in the event log."""

from __future__ import annotations

import numpy as np
import pytest

from models.base import Actor, PhysicsError
from tests.actors.plant import START, amount, lines, plant, run
from twin.engine.actors.certificates import Allowances, Certificates
from twin.engine.actors.market import DayAhead, DemandCharge
from twin.engine.actors.outage import Outage
from twin.engine.world import World


def money(world: World, actor: str) -> list[float]:
    """What an actor posted, in order."""
    return [after for _, _, after in lines(world, "money", actor)]


def test_the_peak_of_each_month_is_paid_at_its_end() -> None:
    """January peaks at 180 MW in one hour, February at 150: 180 and 150 times 40 a MW.

    With one peak for the whole run February would pay 180; with the mean, 100.
    """
    load = np.full(60 * 24, 100.0)
    load[10 * 24 + 5], load[40 * 24 + 7] = 180.0, 150.0
    charge = DemandCharge(flow="grid", price=40.0)
    world, _ = run(plant(60 * 24, works=load), {"charge": charge})
    assert money(world, "charge")[:2] == pytest.approx([180 * 40, 150 * 40])
    assert [t for t, _, _ in lines(world, "peak")][:2] == [31 * 24, 59 * 24]


def test_a_peak_is_the_mean_of_its_window() -> None:
    """160 MW more for five minutes of a quarter of an hour: a peak of 100 + 160 / 3 MW.

    The largest instant would be 260 MW, the hour's mean 113.3 MW.
    """
    n = 32 * 24
    # The sun carries the hall but for the five minutes in which it is out itself.
    outage = Outage(component="sun", start="2025-01-10 10:05", duration=1 / 12)
    network = plant(n, hall=160.0, sun=160.0)
    world, _ = run(network, {"charge": DemandCharge(flow="grid", price=1.0), "cloud": outage})
    assert money(world, "charge")[0] == pytest.approx(100 + 160 / 3, abs=1e-9)


def test_the_least_peak_is_paid_in_any_case() -> None:
    """A peak of 100 MW under a contract for 120."""
    charge = DemandCharge(flow="grid", price=2.0, least=120.0)
    world, _ = run(plant(32 * 24), {"charge": charge})
    assert money(world, "charge")[0] == 240


def test_a_day_that_differs_from_two_days_before_pays_its_difference() -> None:
    """100 MW on days 0 to 2, 110 MW on day 3, 90 on day 4; committed as two days before.

    The first gate that knows a whole day is that of day 1, for day 2: no difference. Day 3:
    240 MWh short at 5. Day 4, committed on day 3 as day 2: 240 over at 3. Day 5 at 110, as day 3
    was: none. Day 6 at 100, after 90: 240 short, settled as the run ends. A forecast that knew the
    day itself would pay nothing.
    """
    load = np.repeat([100.0, 100.0, 100.0, 110.0, 90.0, 110.0, 100.0], 24)
    market = DayAhead(flow="grid", short=5.0, long=3.0)
    world, _ = run(plant(len(load), works=load), {"market": market})
    assert lines(world, "commit")[:4] == [
        (24 + 11, 0, 2400), (48 + 11, 0, 2400), (72 + 11, 0, 2400), (96 + 11, 0, 2640),
    ]  # fmt: skip
    imbalance = lines(world, "imbalance")[:4]
    assert [(t, a) for t, _, a in imbalance] == [(72, 2400), (96, 2640), (120, 2160), (144, 2640)]
    assert money(world, "market") == pytest.approx([240 * 5, 240 * 3, 240 * 5])


def test_intraday_corrects_what_the_last_hour_showed() -> None:
    """Day 3 uses 110 instead of 100 MW: the first two hours are short by 10 MW, then corrected.

    20 MWh remain short, 220 are corrected: 20 x 5 + 220 x 1. Without intraday: 1200.
    """
    load = np.repeat([100.0, 100.0, 100.0, 110.0, 110.0], 24)
    market = DayAhead(flow="grid", short=5.0, intraday=1.0, fee=1.0)
    world, _ = run(plant(len(load), works=load), {"market": market})
    assert money(world, "market")[0] == pytest.approx(20 * 5 + 220 * 1)


def test_certificates_are_whole_and_retired_for_the_year() -> None:
    """0.55 MW of sun for January is 409.2 MWh: 409 certificates; the rest is kept for February.

    February and March bring 1188 in 90 days; nothing is rounded twice. Retired at the year's end,
    for 24 x 365 MWh of grid at 1 MW less the sun's: what lacks is bought at 3.
    """
    n = 365 * 24 + 24
    network = plant(n, sun=0.55, works=1.0)
    actor = Certificates(generation=["sun"], use="grid", price=3.0)
    world, _ = run(network, {"green": actor})
    issued = lines(world, "issue")
    assert issued[0][1:] == (0, 409)
    assert issued[2][1:] == (int(0.55 * 59 * 24), 1188)
    held, need = int(0.55 * 8760), 3942
    assert lines(world, "retire")[0][1:] == (held, held - need)
    assert money(world, "green") == []


def test_certificates_that_lack_are_bought() -> None:
    """0.1 MW of sun and 0.9 of grid: 876 held, 7884 needed, 7008 bought at 3 each."""
    network = plant(366 * 24, sun=0.1, works=1.0)
    actor = Certificates(generation=["sun"], use="grid", price=3.0)
    world, _ = run(network, {"green": actor})
    assert money(world, "green")[0] == pytest.approx(7008 * 3)


def test_certificates_that_are_all_bought() -> None:
    """Nothing of its own is certified: 0.9 MW of grid in 8760 h take 7884 certificates at 3."""
    network = plant(366 * 24, sun=0.1, works=1.0)
    world, _ = run(network, {"green": Certificates(use="grid", price=3.0)})
    assert money(world, "green")[0] == pytest.approx(7884 * 3)
    with pytest.raises(ValueError, match="neither generation that is certified nor a use"):
        Certificates(price=3.0)


def test_allowances_on_the_compliance_date() -> None:
    """Kiln of 2 t/h limestone that gives 0.44 t CO2 each: 31 days x 24 x 0.88 = 654.7 t.

    Free are 6000 t a year, 509.6 in 31 days; the difference costs 80 a tonne. Counted over the
    whole run it would be more.
    """
    network = plant(40 * 24, use=2.0, silo=(5000.0, 5000.0))
    kiln = network.flows["kiln"]
    kiln.exchange = {"co2": 0.44, "limestone": 1 - 0.44}
    actor = Allowances(components=["kiln"], free=6000.0, price=80.0, date="01-31")
    world, recorded = run(network, {"ets": actor})
    emitted, free = 31 * 24 * 2 * 0.44, 6000 * 31 / 365
    assert amount(world, recorded, "kiln") == pytest.approx(2 * 40 * 24)
    assert lines(world, "surrender")[0][1:] == pytest.approx((free, emitted))
    assert money(world, "ets")[0] == pytest.approx((emitted - free) * 80)


def test_what_the_run_cuts_short_is_settled_at_its_end() -> None:
    """Forty days: January's bill, and that of nine days of February, 100 MW each."""
    charge = DemandCharge(flow="grid", price=40.0)
    world, _ = run(plant(40 * 24), {"charge": charge})
    assert money(world, "charge") == pytest.approx([4000, 4000])


def test_only_a_full_record_can_be_billed() -> None:
    """Quarter hours of 100, 100, 140 and 90 MW bill a mean of 107.5 MW for the peak of the hour.

    A record of hourly means or of sums holds other intervals; read as if it were full it would bill
    them wrongly, so it is refused. `twin.run` keeps everything while such an actor looks back.
    """
    load = np.full(32 * 96, 100.0)
    load[4 * 50 + 2], load[4 * 50 + 3] = 140.0, 90.0
    network = plant(len(load), 900, works=load)
    charge = DemandCharge(flow="grid", price=1.0, window=1.0)
    options = {"horizon_s": 31 * 86_400 + 3600, "start": START, "seed": 1}
    world = World(network, {"c": charge}, record="full", **options)
    world.run()
    assert money(world, "c")[0] == pytest.approx(107.5)
    for record in (3600, "sums"):
        world = World(network, {"c": charge}, record=record, **options)
        with pytest.raises(ValueError, match="only a full record can look back"):
            world.run()


def test_a_market_changes_no_flow() -> None:
    """Bills and gates are about money: every rate is the same bit with and without them."""
    load = 100 + 20 * np.sin(np.arange(40 * 24))
    network = plant(40 * 24, works=load)
    actors: dict[str, Actor] = {
        "charge": DemandCharge(flow="grid", price=40.0),
        "market": DayAhead(flow="grid", short=5.0, intraday=2.0),
        "green": Certificates(generation=["sun"]),
    }
    _, with_them = run(network, actors)
    _, without = run(network, {})
    whole = [k for k, t in enumerate(with_them.t0) if t % 3600 == 0]
    assert np.array_equal(with_them.flows[whole], without.flows)


def test_a_date_that_is_none_is_refused() -> None:
    """The 31st of February would never come."""
    with pytest.raises((PhysicsError, ValueError), match="not a month and a day"):
        Allowances(components=["kiln"], price=1.0, date="02-31")
