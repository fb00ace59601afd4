"""The JSON Schema: a valid schema, that takes what we take and marks what it can know is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

import twin.cli
from tests.scenario.base import BASE, bent, park
from tests.scenario.test_park import RICH
from twin.scenario.jsonschema import schema

MARKET = "  market: {model: test_market, price: 50 CNY/MWh, KEY}\n"


@pytest.fixture
def validator(technologies: None) -> jsonschema.Draft202012Validator:
    """Of the schema with the small technologies."""
    return jsonschema.Draft202012Validator(schema())


def faults(validator: jsonschema.Draft202012Validator, text: str) -> list[str]:
    """Paths of what the schema marks."""
    data: Any = YAML(typ="safe", pure=True).load(text)
    return sorted(
        error.json_path
        for top in validator.iter_errors(data)
        for error in (top.context or [top] if top.validator in ("allOf",) else [top])
    )


def test_it_is_a_schema_and_json(validator: jsonschema.Draft202012Validator) -> None:
    """Checked against the schema of schemas; every reference leads somewhere."""
    made = schema()
    jsonschema.Draft202012Validator.check_schema(made)
    text = json.dumps(made, allow_nan=False)
    targets = {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert targets <= set(made["$defs"])


@pytest.mark.parametrize("text", [BASE, RICH], ids=["base", "rich"])
def test_it_takes_what_we_take(
    tmp_path: Path, validator: jsonschema.Draft202012Validator, text: str
) -> None:
    """As written, and with every default spelled out."""
    assert faults(validator, text) == []
    assert faults(validator, park(tmp_path, text).resolved()) == []


@pytest.mark.parametrize(
    "key",
    [
        "shape: office",
        "shape: {flat: 30 CNY/MWh}",
        "shape: {file: load.csv, kind: amount, typical: true}",
        "weekly: [1 MW, {value: 2 MW, source: assumed}]",
        "limits: {heat: {value: 5 MW, spread: 10 %, note: guess}}",
        "month: null",
        "month: {value: 5, source: published}",
        "title: {value: Exchange, source: published}",
        "buses: [heat]",
        "sale: {flat: 30 CNY/MWh, hours: [[8, 12], [14, 18]]}",
        "available: false, owner: town, note: x",
    ],
)
def test_it_takes_every_kind_of_value(
    tmp_path: Path, validator: jsonschema.Draft202012Validator, key: str
) -> None:
    """What the schema takes here, the reader takes too."""
    (tmp_path / "load.csv").write_text("time,x\n2025-01-01T00:00Z,1\n2025-07-02T12:00Z,1\n")
    text = bent(("  town:", MARKET.replace("KEY", key) + "  town:"))
    assert faults(validator, text) == []
    if "file" not in key:
        park(tmp_path, text)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (("power: 12 MW", "power: 12"), "$.components.town.power"),
        (("power: 12 MW", "power: plenty"), "$.components.town.power"),
        (("power: 12 MW", "power: {value: 12 MW, sauce: assumed}"), "$.components.town.power"),
        (("power: 12 MW", "power: {value: 12 MW, source: hearsay}"), "$.components.town.power"),
        (("power: 12 MW", "pover: 12 MW"), "$.components.town"),
        (("bus: heat, power", "bus: {value: heat, spread: 1}, power"), "$.components.town.bus"),
        (
            ("    model: test_battery", "    model: test_battery\n    policy: x"),
            "$.components.battery.policy",
        ),
        (("model: test_boiler", "model: test_boilr"), "$.components.boiler.model"),
        ((", thermal_capacity: 30 MW", ""), "$.components.boiler"),
        (("31.32", "131.32"), "$.site.latitude"),
        (("currency: CNY", "currency: RMB"), "$.park.currency"),
        (("test_storm, component", "test_strom, component"), "$.events[0].actor"),
        (("every: 400 h", "every: 400 h, mttr: 3 h"), "$.events[0]"),
        (("  town:", "  site:"), "$.components"),
        (("  town:", "  my.town:"), "$.components"),
        (("variants:", "variant:"), "$"),
        (("hot_water:", "hotwater:"), "$.carriers.heat"),
        (("natural_gas, heat]", "natural_gas, heat, 5]"), "$.buses"),
    ],
)
def test_it_marks_what_is_wrong_in_form(
    validator: jsonschema.Draft202012Validator, change: tuple[str, str], path: str
) -> None:
    """A schema that takes anything would be of no help in an editor."""
    assert path in faults(validator, bent(change))


def test_names_may_be_chinese(tmp_path: Path, validator: jsonschema.Draft202012Validator) -> None:
    """The pattern of names must not be that of ASCII words."""
    text = bent(("  works:", "  工厂:"))
    assert faults(validator, text) == []
    assert "工厂" in park(tmp_path, text).components


def test_every_quantity_says_its_unit(validator: jsonschema.Draft202012Validator) -> None:
    """The description is what an editor shows."""
    keys = schema()["$defs"]["model.test_import"]["properties"]
    assert keys["capacity"]["description"] == "Largest rate. Unit: rate of bus."
    assert keys["price"]["description"].endswith("Default: assumed: free.")
    battery = schema()["$defs"]["model.test_battery"]["properties"]
    assert battery["power_capacity"]["default"] == "5 MW"
    assert "An energy, such as 10 MWh." in battery["energy_capacity"]["description"]
    assert battery["bus"]["description"].endswith("A bus of electricity.")


def test_the_command_prints_it(
    technologies: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`twin schema > scenario.schema.json` is how an editor gets it."""
    monkeypatch.setattr("sys.argv", ["twin", "schema"])
    with pytest.raises(SystemExit) as stopped:
        twin.cli.main()
    assert stopped.value.code == 0
    assert json.loads(capsys.readouterr().out) == schema()
