"""A user's own technology: thirty lines in the user's file, none in ours."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from models.base import Flow, Lowering, Model, PhysicsError, port, quantity
from models.site import Setting
from tests.scenario.base import bent, park
from twin.network.build import build, make_clock
from twin.scenario.errors import ScenarioError
from twin.scenario.jsonschema import schema


@pytest.fixture
def kiln(technologies: None) -> type[Model]:
    """The technology; defining it is all it takes."""

    class Kiln(Model):
        """Burns gas for a product whose heat is recovered."""

        kind: ClassVar[str] = "kiln"

        gas: str = port(kind="fuel", description="What it burns.")
        heat: str = port(kind="heat", description="Where its waste heat goes.")
        throughput: float = quantity(unit="t/h", gt=0, description="Product.")
        use: float = quantity(
            3.5, unit="GJ/t", gt=0, source="assumed", description="Gas per product."
        )
        recovery: float = quantity(0.4, unit="1", ge=0, le=1, description="Share of the gas's LHV.")

        def lower(self, setting: Setting) -> Lowering:
            if self.recovery > 0.9:
                raise PhysicsError(
                    f"{self.recovery:.0%} of the heat cannot be recovered",
                    key="recovery",
                    mend="leave a tenth to the flue gas",
                )
            flow = Flow(
                setting.component,
                setting.component,
                {self.gas: -1.0, self.heat: self.recovery},
                upper=self.throughput * self.use / 3.6,
                closes=("co2", "so2", "n2", "water_vapour", "air"),
                activity="process",
                main=self.gas,
            )
            return Lowering([flow])

    return Kiln


LINE = "  kiln: {model: kiln, gas: natural_gas, heat: heat, throughput: 60 kt/a}\n"
SCENARIO = bent(("  town:", f"{LINE}  town:"))


def test_it_runs_from_a_scenario(tmp_path: Path, kiln: type[Model]) -> None:
    """60 kt/a are 6.849 t/h; at 3.5 GJ/t that is 6.659 MW of gas, 40 % of it heat."""
    made = park(tmp_path, SCENARIO)
    network = build(made, make_clock(made, "2025-01-01", 7200, 3600), seed=1)
    flow = network.flows["kiln"]
    assert isinstance(made.components["kiln"].spec, kiln)
    assert flow.upper == pytest.approx(60e3 / 8760 * 3.5 / 3.6)
    assert flow.coefficients == {"natural_gas": -1.0, "heat": 0.4}
    assert flow.exchange["co2"] == pytest.approx(0.202, abs=0.002)  # t per MWh of gas (IPCC)


def test_its_faults_are_shown_like_ours(tmp_path: Path, kiln: type[Model]) -> None:
    """Limits, units and its own physics, each at its line."""
    with pytest.raises(ScenarioError, match=r"park.yaml:13:65: throughput of 'kiln' needs a mass"):
        park(tmp_path, SCENARIO.replace("60 kt/a", "60 kt"))
    with pytest.raises(ScenarioError, match="it must be at most 1"):
        park(tmp_path, SCENARIO.replace("60 kt/a", "60 kt/a, recovery: 120 %"))
    made = park(tmp_path, SCENARIO.replace("60 kt/a", "60 kt/a, recovery: 95 %"))
    with pytest.raises(ScenarioError, match=r"park.yaml:13:84: 95% of the heat .*\n.*\n.*\^{4}\n"):
        build(made, make_clock(made, "2025-01-01", 3600, 3600), seed=1)


def test_editors_know_it(kiln: type[Model]) -> None:
    """Its keys, units and sources are in the schema without a line of ours."""
    made = schema()
    assert (
        "kiln"
        in made["properties"]["components"]["additionalProperties"]["properties"]["model"]["enum"]
    )
    use = made["$defs"]["model.kiln"]["properties"]["use"]
    assert use["default"] == "3.5 GJ/t"
    assert use["description"] == (
        "Gas per product. An energy per mass, such as 10 GJ/t. Default: assumed."
    )


def test_a_kind_cannot_be_taken_twice(kiln: type[Model]) -> None:
    """The later of two would replace the earlier in every park."""
    with pytest.raises(TypeError, match="'kiln' is already defined"):
        type(
            "Oven",
            (Model,),
            {"kind": "kiln", "__module__": "elsewhere", "__annotations__": {"kind": ClassVar[str]}},
        )
