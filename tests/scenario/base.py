"""A small sound scenario, to be bent by the tests."""

from __future__ import annotations

from pathlib import Path

from twin.scenario.park import Park, load

BASE = """\
park: {name: Base, country: CN, currency: CNY}
site: {latitude: 31.32, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate/suzhou.yaml}
carriers:
  heat: {hot_water: {supply: 80 degC, return: 45 degC}}
buses: [electricity, natural_gas, heat]
components:
  grid: {model: test_import, bus: electricity, capacity: 20 MW, price: 600 CNY/MWh}
  gas: {model: test_import, bus: natural_gas, capacity: 50 MW}
  boiler: {model: test_boiler, fuel: natural_gas, heat: heat, thermal_capacity: 30 MW}
  battery:
    model: test_battery
    energy_capacity: {value: 10 MWh, source: "public: data sheet", note: new, spread: 10 %}
  town: {model: test_demand, bus: heat, power: 12 MW}
  works: {model: test_demand, power: 8 MW}
events:
  - {actor: test_storm, component: battery, every: 400 h}
variants:
  big: {battery.energy_capacity: 40 MWh, park.era: later}
"""


def bent(*changes: tuple[str, str], text: str = BASE) -> str:
    """The scenario with each first text replaced by the second; both must be there once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def written(folder: Path, text: str = BASE, name: str = "park.yaml") -> Path:
    """The scenario as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def park(folder: Path, text: str = BASE) -> Park:
    """The scenario loaded."""
    return load(written(folder, text))
