"""Templates: what they become in a park, alone, several times, changed and written out."""

# ruff: noqa: E501 - entries of one line stay on it

from __future__ import annotations

import pickle
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from tests.scenario.base import BASE, bent, park, written
from twin.scenario.jsonschema import schema
from twin.scenario.park import Park, load

TEMPLATE = """\
description: A boiler for a bus of heat, with a battery and a storm that hits it.
parameters:
  heat: {description: Bus of heat.}
  fuel: {description: Bus of fuel., default: natural_gas}
  capacity: {description: Largest output.}
  boiler: {description: Name of the boiler., default: <name>_boiler}
  efficiency: {description: Heat over fuel., optional: true}
  content: {description: Content of the battery; without it there is none., optional: true}
  remark: {description: A remark., optional: true}
components:
  <boiler>:
    model: test_boiler
    fuel: <fuel>
    heat: <heat>
    thermal_capacity: <capacity>
    efficiency: <efficiency>
    note: <remark>
  <name>_battery: {needs: content, model: test_battery, energy_capacity: <content>}
events:
  - {needs: content, name: gale_of_<name>, actor: test_storm, component: <name>_battery, every: 90 d}
"""

BY_HAND = """\
  north_boiler: {model: test_boiler, fuel: natural_gas, heat: heat, thermal_capacity: {value: 30 MW, source: published}}
  north_battery: {model: test_battery, energy_capacity: 5 MWh}
  old: {model: test_boiler, fuel: natural_gas, heat: heat, thermal_capacity: 9 MW, efficiency: 0.7, note: of 1990}
  town:"""
EVENT = (
    "  - {name: gale_of_north, actor: test_storm, component: north_battery, every: 90 d}\nvariants:"
)

INCLUDE = """\
include:
  - {template: plant, name: north, heat: heat, capacity: {value: 30 MW, source: published}, content: 5 MWh}
  - {template: plant, heat: heat, boiler: old, capacity: 9 MW, efficiency: 0.7, remark: of 1990}
components:
"""


def templated(folder: Path, *changes: tuple[str, str], template: str = TEMPLATE) -> Park:
    """The base with the instances of the template, which lies in the park's folder."""
    written(folder / "templates", template, "plant.yaml")
    return park(folder, bent(("components:\n", INCLUDE), *changes))


def test_a_template_is_what_one_would_write_by_hand(tmp_path: Path) -> None:
    """Two instances, one without the battery: the same scenario to the letter."""
    text = bent(("  town:", BY_HAND), ("variants:", EVENT))
    made = templated(tmp_path / "one")
    by_hand = park(tmp_path / "two" / "one", text)
    assert made == by_hand
    assert made.resolved() == by_hand.resolved()
    assert made.components["north_boiler"].sources["thermal_capacity"].source == "published"
    assert "efficiency" not in made.components["north_boiler"].spec.model_fields_set


def test_no_template_is_left_in_what_is_written_out(tmp_path: Path) -> None:
    """A run must be read back where its template is gone or has changed."""
    made = templated(tmp_path / "one")
    for park_ in (made, made.variant("big"), pickle.loads(pickle.dumps(made))):
        text = park_.resolved()
        assert "include" not in text
        assert "<" not in text
        assert "needs" not in text
        assert load(written(tmp_path / "elsewhere", text)) == park_


def test_the_order_of_instances_does_not_matter(tmp_path: Path) -> None:
    """They may stand in any order, as components may."""
    head, *entries, foot = INCLUDE.splitlines(keepends=True)
    turned = "".join([head, *reversed(entries), foot])
    made = templated(tmp_path)
    assert park(tmp_path, bent(("components:\n", turned))) == made


def test_overrides_and_variants_reach_what_a_template_made(tmp_path: Path) -> None:
    """Their paths are those of any component and event."""
    variant = (
        "variants:\n",
        "variants:\n  calm: {events.gale_of_north.every: 900 d, old.efficiency: 0.5}\n",
    )
    made = templated(tmp_path, variant)
    what = made.override({"north_battery.energy_capacity": "7 MWh"})
    assert what.components["north_battery"].spec.model_dump()["energy_capacity"] == 7.0
    calm = made.variant("calm")
    assert calm.events["gale_of_north"].spec.model_dump()["every"] == 21600.0
    assert calm.components["old"].spec.model_dump()["efficiency"] == 0.5


def test_a_change_sets_any_key(tmp_path: Path) -> None:
    """What is no parameter: keys of components and of events, with their sources."""
    change = (
        "content: 5 MWh}",
        "content: 5 MWh, change: {north_boiler.available: false, "
        "north_battery.power_capacity: {value: 3 MW, source: assumed}, events.gale_of_north.every: 30 d}}",
    )
    made = templated(tmp_path, change)
    assert made.components["north_boiler"].available is False
    assert made.components["north_battery"].sources["power_capacity"].source == "assumed"
    assert made.events["gale_of_north"].spec.model_dump()["every"] == 720.0


def test_the_template_of_the_park_comes_first(tmp_path: Path) -> None:
    """A user changes a shipped template by a file of the same name; another park is untouched."""
    written(tmp_path / "templates", TEMPLATE, "pv_roof.yaml")
    text = bent(("components:\n", INCLUDE), text=BASE).replace(
        "template: plant", "template: pv_roof"
    )
    assert "north_boiler" in park(tmp_path, text).components


def test_a_template_may_bring_carriers_and_buses(tmp_path: Path) -> None:
    """Two loops of two instances must not be one; buses may be written in either form."""
    loop = """\
description: A loop of its own.
parameters: {supply: {description: Temperature.}}
carriers:
  <name>_water: {hot_water: {supply: <supply>, return: 30 degC}}
buses: [<name>_loop: <name>_water]
components:
  <name>_heat: {model: test_import, bus: <name>_loop, capacity: 2 MW}
"""
    include = """\
include:
  - {template: loop, name: warm, supply: 60 degC}
  - {template: loop, name: hot, supply: 90 degC}
components:
"""
    written(tmp_path / "templates", loop, "loop.yaml")
    buses = (
        "buses: [electricity, natural_gas, heat]",
        "buses: {electricity: , natural_gas: , heat: }",
    )
    for change in ([], [buses]):
        made = park(tmp_path, bent(("components:\n", include), *change))
        assert {"warm_loop", "hot_loop", "heat"} < set(made.buses)
        assert made.buses["hot_loop"].name == "hot_water"
        assert load(written(tmp_path / "elsewhere", made.resolved())) == made


def test_a_park_may_be_made_of_templates_alone(tmp_path: Path) -> None:
    """Without a component or an event of its own."""
    written(tmp_path / "templates", TEMPLATE, "plant.yaml")
    head = BASE.split("components:")[0]
    text = head + INCLUDE.removesuffix("components:\n")
    assert set(park(tmp_path, text).components) == {"north_boiler", "north_battery", "old"}


def test_a_fault_found_later_is_placed_in_the_template(tmp_path: Path) -> None:
    """Physics finds faults long after the file is read: of the park's value, and of the template's."""
    made = templated(tmp_path)
    given = made.problem("north_boiler", "thermal_capacity", "wrong")
    own = made.problem("north_boiler", "fuel", "wrong")
    assert (given.line, given.text) == (7, "30 MW")
    assert (Path(own.file).name, own.text) == ("plant.yaml", "natural_gas")
    assert "Included in" in str(own)
    assert "Included in" not in str(given)


@pytest.mark.parametrize(
    ("entry", "good"),
    [
        ("{template: pv_roof, bus: electricity, pv_capacity: 1 MW, tilt: 9 deg}", True),
        ("{template: pv_roof, bus: electricity, tilt: 9 deg}", False),
        (
            "{template: pv_roof, bus: electricity, pv_capacity: 1 MW, tlt: 9 deg, tilt: 9 deg}",
            False,
        ),
        ("{template: own, whatever: 3}", True),
        ("{name: roof}", False),
    ],
)
def test_an_editor_knows_the_shipped_templates(technologies: None, entry: str, good: bool) -> None:
    """Their parameters are offered, and only those; a template of one's own may have any."""
    validator = jsonschema.Draft202012Validator(schema())
    text = bent(("components:\n", f"include:\n  - {entry}\ncomponents:\n"))
    assert validator.is_valid(YAML(typ="safe", pure=True).load(text)) is good
