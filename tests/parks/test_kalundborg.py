"""Kalundborg: what happens without unit 6, and the story of its year."""

from __future__ import annotations

import pytest

from tests.parks.conftest import SHORT
from twin.results import Run
from twin.scenario.park import load
from twin.simulate import simulate

WINTER = {"start": "2025-01-13", "horizon": "4 d"}
RESERVES = ("peak_boiler", "electric_boiler")


def without(*components: str) -> Run:
    """A winter week's beginning with these out of service."""
    changes = {f"{name}.available": "false" for name in components}
    return simulate(load("kalundborg").override(changes), **WINTER)  # type: ignore[arg-type]


def test_without_unit_6_the_reserves_serve_all() -> None:
    """Gas boilers of Novo and town take over; unit 6 burns nothing, and nobody lacks anything.

    If `available` only stopped the fuel, the steam would come from nothing.
    """
    run = without("unit_6")
    assert not run.flows.to_numpy()[:, run.flows["component"].to_numpy() == "unit_6"].any()
    assert run.summary["unserved_MWh"] == 0.0
    assert run.ledger.bus("novo_steam")["novo_gas_boiler"] > 0
    assert max(run.ledger.residuals().values()) <= 1e-9


def test_without_reserves_the_rest_is_reported_unserved() -> None:
    """The heat pump's 10 MW are all that is left for the town in January: the rest is a number.

    What lacks is exactly what was asked and not given; a silent shortage would report zero.
    """
    base, run = without(), without("unit_6", *RESERVES)
    heat = run.ledger.bus("district_heat")
    given = heat[heat > 0].sum()
    assert given == pytest.approx(heat["heat_pump"], rel=1e-9)
    assert given <= 10.0 * 96 * (1 + 1e-9)
    wanted = base.ledger.bus("district_heat")
    lacking = wanted[wanted > 0].sum() - given
    assert run.summary["unserved"]["network_water"] == pytest.approx(lacking, rel=1e-6)
    assert run.summary["unserved_MWh"] == pytest.approx(lacking, rel=1e-6)
    assert max(run.ledger.residuals().values()) <= 1e-9


def test_the_overhaul_of_unit_6_begins_at_six(run_of_july: Run) -> None:
    """On Monday, 7 July, unit 6 gives steam until 06:00 and Novo's own boiler after it.

    An outage in UTC would begin at 08:00 local time.
    """
    six = (2 * 24 + 6) * 4
    own = run_of_july.flows.sel(flow="novo_gas_boiler").to_numpy()
    assert own[six - 1] == 0.0
    assert (own[six:] > 0).all()


@pytest.fixture
def run_of_july() -> Run:
    """The short run, kept from random failures."""
    quiet = {f"events.{name}.mtbf": "1e9 h" for name in ("outage_unit_6", "outage_heat_pump")}
    return simulate(load("kalundborg").override(quiet), **SHORT)  # type: ignore[arg-type]


@pytest.mark.slow
def test_the_story_of_a_year() -> None:
    """A heat pump of about 80 GWh, 265 GWh of district heat, Novo's steam from wood chips.

    Public figures: symbiosis.dk and DANVA. A heat pump run by price alone, a town without network
    losses (212 GWh) or Novo on gas would miss one of them.
    """
    run = simulate(load("kalundborg"))
    heat = run.ledger.bus("district_heat")
    assert heat["heat_pump"] == pytest.approx(80_000, rel=0.1)
    assert heat[heat > 0].sum() == pytest.approx(265_000, rel=0.1)
    steam = run.summary["supply"]["novo_steam"]
    assert steam["steam_to_novo"] / sum(steam.values()) > 0.8
    assert run.ledger.bus("steam_12bar").loc[lambda s: s > 0].index.str.startswith("unit_6").all()
    assert run.summary["biogenic_tCO2"] > run.summary["emissions_tCO2"]
    assert max(run.ledger.residuals().values()) <= 1e-9
