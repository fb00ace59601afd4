"""Units that fail together."""

from __future__ import annotations

from tests.actors.power import DAY_S, hours_with, mean_within, run, units
from twin.engine.actors.common_cause import CommonCause
from twin.engine.actors.outage import Outage


def test_both_units_are_down_as_often_as_the_markov_chain_says() -> None:
    """A shock every 50 h takes both units in service; each is repaired in 25 h by itself.

    With failure rate a and repair rate b the balance of flows between both up, one up and none
    gives P(one) = P(both) a/b and P(none) = (P(both) + P(one)) a/(2b): 0.5333, 0.2667, 0.2.
    Independent failures of the same availability 2/3 would leave none for 1/9 of the time.
    """
    a, b = 1 / 50, 1 / 25
    weights = [1.0, a / b, (1 + a / b) * a / (2 * b)]
    none = weights[2] / sum(weights)
    names = ["unit_0", "unit_1"]
    shock = CommonCause(components=names, mtbf=50, mttr=25)
    alone = {name: Outage(component=name, mtbf=50, mttr=25) for name in names}
    net = units(2, days=600, step_s=DAY_S)
    together, apart = [], []
    for seed in range(10):
        for actors, found in (({"s": shock}, together), (alone, apart)):
            world, _ = run(net, actors, seed)
            found.append(hours_with(world, names, 2) / (world.horizon_s / 3600))
    assert mean_within(together, none)
    assert mean_within(apart, 1 / 9)
    assert not mean_within(together, 1 / 9)


def test_a_shock_takes_each_unit_with_its_probability() -> None:
    """Of three units that each fail with 0.3 at a shock, k fail as the binomial distribution says.

    A single draw for the whole group would give none or three and never one. Repair takes a second
    against 1,000 h between shocks, so all are in service at each.
    """
    names = [f"unit_{k}" for k in range(3)]
    shock = CommonCause(components=names, mtbf=1000, mttr=1 / 3600, probability=0.3)
    world, _ = run(units(3, days=30_000, step_s=DAY_S), {"s": shock})
    hits: dict[int, int] = {}
    for line in world.log:
        if line.cause == "common cause":
            hits[line.time_s] = hits.get(line.time_s, 0) + 1
    shocks = 720  # 30,000 days of 24 h at one in 1,000 h
    counts = [sum(v == k for v in hits.values()) for k in (1, 2, 3)]
    for count, share in zip(counts, (0.441, 0.189, 0.027), strict=True):
        # The number of shocks with k failures is Poisson, its variance its mean.
        assert abs(count - shocks * share) < 3 * (shocks * share) ** 0.5
