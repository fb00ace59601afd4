"""A product footprint holds the lines of ISO 14067, each apart, by hand."""

from __future__ import annotations

import pytest

from models.base import Flow
from tests.accounts.hand import POWER, network, recorded, supply
from twin.accounts.embodied import Embodied, embodied
from twin.accounts.product import KINDS, ProductFootprint, StageLine, product_footprint


@pytest.fixture
def traced() -> Embodied:
    """Four hours at 10 MW of a grid of 0.5 t/MWh: 20 t end with the works."""
    flows = [supply("grid", "power"), Flow("works", "works", {"power": -1.0}, 99.0,
                                           activity="final_use")]  # fmt: skip
    net = network({"power": POWER}, flows)
    return embodied(net, recorded(net, {"grid": [10.0] * 4, "works": [10.0] * 4}),
                    {"electricity": 0.5})  # fmt: skip


def test_a_cradle_to_gate_footprint_by_hand(traced: Embodied) -> None:
    """20 t on 1,000 boards are 20 kg; wood took 12 kg out of the air, felling gives 3, glue 2.

    Fossil 22, biogenic 3 - 12: 13 kg. The 9 kg of carbon dioxide held in the board are documented;
    taken off as well they would count twice.
    """
    lines = [
        StageLine("raw materials", "fossil", 2.0, "supplier", "unverified"),
        StageLine("raw materials", "biogenic removal", 12.0),
        StageLine("raw materials", "biogenic emission", 3.0),
    ]
    found = product_footprint(
        traced, "works", 1000, product="board", boundary="cradle-to-gate", lines=lines,
        stored_biogenic=9.0,
    )  # fmt: skip
    assert found.total == pytest.approx(13)
    assert found.partial
    table = found.table
    assert list(table.columns) == [*KINDS, "total"]
    assert table.loc["production", "fossil"] == pytest.approx(20)
    assert table.loc["raw materials", "biogenic removal"] == -12
    assert table.loc["total", "total"] == pytest.approx(found.total)
    assert found.unverified_share == pytest.approx(2 / 25)


def test_a_wider_boundary_asks_for_its_stages(traced: Embodied) -> None:
    """Cradle to grave without use and end of life is a partial footprint under a full name."""
    with pytest.raises(ValueError, match="lacks raw materials, distribution, use, end of life"):
        product_footprint(traced, "works", 1000, product="board", boundary="cradle-to-grave")
    beyond = [StageLine("use", "fossil", 1.0)]
    with pytest.raises(ValueError, match="use lies outside gate-to-gate"):
        product_footprint(traced, "works", 1000, product="board", lines=beyond)
    with pytest.raises(ValueError, match="no boundary 'gate'"):
        ProductFootprint("board", "piece", "gate", ())


def test_an_offset_has_no_line() -> None:
    """A credit is no stage of life; as a negative fossil line it would slip in."""
    with pytest.raises(ValueError, match="offsets are none"):
        StageLine("production", "offset", 5.0)
    with pytest.raises(ValueError, match="-5 kg; give 0 or more"):
        StageLine("production", "fossil", -5.0)
