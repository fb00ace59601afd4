"""The figures of a run, and how a terminal shows them."""

from __future__ import annotations

import pytest
from rich.console import Console

from tests.parks.conftest import short_run
from twin.view.terminal import amount, table


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.0, "MWh", "0"),
        (0.0123, "MWh", "0.0123 MWh"),
        (1.0, "MWh", "1.000 MWh"),
        (9.9996, "t", "10.00 t"),
        (99.996, "t", "100.0 t"),
        (999.94, "MWh", "999.9 MWh"),
        (999.96, "MWh", "1.000 GWh"),
        (173_626.0, "MWh", "173.6 GWh"),
        (16_500_000.0, "MWh", "16.50 TWh"),
        (4_748_920.0, "t", "4.749 Mt"),
        (182_500_000.0, "t", "182.5 Mt"),
        (5_000_000_000.0, "t", "5 000 Mt"),
        (-44_950.5, "MWh", "-44.95 GWh"),
    ],
)
def test_amounts_have_four_digits_and_a_unit_of_their_size(
    value: float, unit: str, shown: str
) -> None:
    """What is not zero is never shown as zero: an unserved 12 kWh must be seen."""
    assert amount(value, unit) == shown


def test_losses_of_a_network_are_no_demand_of_a_customer() -> None:
    """The town asks for its heat; what the pipes lose stands by itself, on the bus it comes from.

    Counted together, Kalundborg's heat would be a quarter more than the town used.
    """
    run = short_run("kalundborg")
    summary = run.summary
    town = run.ledger.flows.loc["town", "amount"]
    assert summary["demand_by_bus"]["town_heat"]["served"] == pytest.approx(town, rel=1e-12)
    assert summary["demand"]["network_water"]["served"] == pytest.approx(town, rel=1e-12)
    lost = -run.ledger.bus("district_heat")["town_network.loss"]
    assert summary["losses"]["town_network"]["amount"] == pytest.approx(lost, rel=1e-12)
    assert summary["losses"]["town_network"]["bus"] == "district_heat"


def test_demand_by_bus_adds_up_to_demand_by_carrier() -> None:
    """Two buses of one carrier are two rows of the table and one carrier of `demand`."""
    summary = short_run("suzhou").summary
    for carrier, entry in summary["demand"].items():
        buses = [b for b in summary["demand_by_bus"].values() if b["carrier"] == carrier]
        for key in ("asked", "served"):
            assert entry[key] == pytest.approx(sum(bus[key] for bus in buses), rel=1e-12)
    cold = [b for b, e in summary["demand_by_bus"].items() if e["carrier"] == "chilled_water"]
    assert sorted(cold) == ["chilled_water", "moon_bay_chilled_water"]


def test_supply_covers_demand() -> None:
    """What the suppliers of a bus gave is at least what its customers got."""
    for name in ("kalundborg", "suzhou"):
        summary = short_run(name).summary
        for bus, entry in summary["demand_by_bus"].items():
            if bus in summary["supply"]:
                assert sum(summary["supply"][bus].values()) >= entry["served"] * (1 - 1e-9)


def test_small_suppliers_share_a_row() -> None:
    """Suzhou's seven small roofs would bury its grid; together they are one row."""
    console = Console(width=160)
    with console.capture() as caught:
        console.print(table(short_run("suzhou").summary))
    lines = caught.get().splitlines()
    head = next(k for k, line in enumerate(lines) if line.startswith("supply of"))
    by = lines[head].index("by")
    rows = [lines[head + 1]]
    for line in lines[head + 2 :]:
        if line[:by].strip():
            break
        rows.append(line)
    assert rows[0].startswith("electricity")
    assert rows[-1][by:].split()[1] == "others"
    shares = [float(row.split()[-2]) for row in rows]
    assert sum(shares) == pytest.approx(100.0, abs=0.05 * len(shares))
    assert min(shares[:-1]) >= 0.5


def test_the_week_shows_buses_that_connect_components() -> None:
    """A panel each for power, steam and heat; the fire inside a power station is none of them."""
    figure = short_run("kalundborg").plot()
    labels = [axis.get_ylabel() for axis in figure.axes]
    assert labels[0] == "electricity [MW]"
    assert any("steam" in label for label in labels)
    assert any("heat" in label for label in labels)
    assert not any("unit_6." in label for label in labels)
