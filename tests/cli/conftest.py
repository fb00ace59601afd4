"""A small park on disk, and the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Command

PARK = """\
park: {name: Works, country: CN, currency: CNY}
site: {latitude: 31.32, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate/suzhou.yaml}
carriers: {heat: {hot_water: {supply: 80 degC, return: 45 degC}}}
buses: [natural_gas, electricity, heat, ash]
components:
  gas: {model: purchase, bus: natural_gas, capacity: 50 MW, price: 40 CNY/MWh}
  boiler: {model: boiler, fuel: natural_gas, output: heat, capacity: 12 MW, efficiency: 0.9}
  town: {model: demand, bus: heat, use: heat, rate: 9 MW}
  grid: {model: grid, bus: electricity, import_capacity: 9 MW, import_price: 600 CNY/MWh}
  roof: {model: pv, bus: electricity, power_capacity: 5 MW, tilt: 10 deg}
  works: {model: electricity_demand, bus: electricity, annual: 17.52 GWh}
  battery: {model: battery, bus: electricity, energy_capacity: 4 MWh, power_capacity: 2 MW}
  furnace: {model: inflow, bus: ash, rate: 5 t/h}
  landfill: {model: disposal, bus: ash, capacity: 5 t/h, fee: 100 CNY/t}
events:
  - {actor: outage, component: boiler, start: 2025-01-01 14:03, duration: 97 min}
variants:
  closed: {landfill.capacity: 3 t/h}
"""


@pytest.fixture
def twin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command line."""
    return Command(capsys, monkeypatch)


@pytest.fixture
def park(tmp_path: Path) -> str:
    """Path of the park."""
    path = tmp_path / "works.yaml"
    path.write_text(PARK, encoding="utf-8")
    return str(path)
