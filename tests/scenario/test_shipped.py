"""The parks that come with the project: they read back, and editors find no fault with them."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from tests.scenario.base import written
from twin.scenario.jsonschema import schema
from twin.scenario.park import load, shipped, shipped_folder


@pytest.fixture(autouse=True)
def technologies() -> None:
    """Those of the project, not the small ones."""


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_park_reads_back(tmp_path: Path, name: str) -> None:
    """They hold every model we have; a folder of this machine would be found nowhere else."""
    made = load(name)
    text = made.resolved()
    assert load(written(tmp_path, text)) == made
    assert str(shipped_folder().parent) not in text


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_park_fits_the_schema(name: str) -> None:
    """As written and as resolved: an editor that marks good lines is soon turned off."""
    validator = jsonschema.Draft202012Validator(schema())
    yaml = YAML(typ="safe", pure=True)
    for text in ((shipped_folder() / name / "park.yaml").read_text("utf-8"), load(name).resolved()):
        faults = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(yaml.load(text))]
        assert not faults
