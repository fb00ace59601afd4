"""A park and its variations: overrides, variants, and the whole written out and read back."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scenario.base import BASE, bent, park, written
from twin.scenario.errors import ScenarioError
from twin.scenario.park import Park, load

MARKET = """\
  market:
    model: test_market
    price: {flat: 50 CNY/MWh, hours: [[8, 12]]}
    limits: {heat: {value: 5 MW, source: assumed}}
    buses: [electricity, heat]
    month: 5
"""
RICH = bent(("  town:", f"{MARKET}  town:"))
"""With every kind of value: parts, tables, lists, words, defaults in the park's currency."""


def capacity(of: Park) -> float:
    """Content of the battery [MWh]."""
    return float(of.components["battery"].spec.energy_capacity)  # type: ignore[attr-defined]


def test_an_override_makes_a_new_park(tmp_path: Path) -> None:
    """Changed in place, the base case of a comparison would be the variant."""
    base = park(tmp_path)
    what = base.override({"battery.energy_capacity": "40 MWh"}, name="battery-40")
    assert (capacity(base), capacity(what)) == (10.0, 40.0)
    assert (base.label, what.label) == ("", "battery-40")
    assert what.name == base.name
    assert what != base
    assert base.override({}) == base


def test_an_override_drops_the_source_of_the_old_value(tmp_path: Path) -> None:
    """A capacity one made up must not pass for the data sheet's."""
    what = park(tmp_path).override({"battery.energy_capacity": "40 MWh"})
    assert "energy_capacity" not in what.components["battery"].sources
    kept = park(tmp_path).override({"battery.energy_capacity.value": "40 MWh"})
    assert kept.components["battery"].sources["energy_capacity"].source == "public: data sheet"


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("40 MWh", 40.0),
        ("40000 kWh", 40.0),
        ("{value: 40 MWh, source: assumed}", 40.0),
        ({"value": "40 MWh", "source": "assumed"}, 40.0),
        (np.str_("40 MWh"), 40.0),
    ],
)
def test_an_override_takes_what_the_file_takes(
    tmp_path: Path, value: object, wanted: float
) -> None:
    """Text is read as YAML; mappings are taken as they are."""
    assert capacity(park(tmp_path).override({"battery.energy_capacity": value})) == wanted


def test_an_override_reaches_every_part(tmp_path: Path) -> None:
    """Components, their lists and parts, the site, the park and its events."""
    what = park(tmp_path, RICH).override(
        {
            "battery.available": "false",
            "battery.efficiency": np.float64(0.8),
            "market.price.flat": "70 CNY/MWh",
            "market.buses.1": "natural_gas",
            "market.weekly": ["3 MW", "4 MW"],
            "market.title": "public: yes",
            "site.latitude": 30,
            "park.era": "later",
            "events.test_storm_battery.every": "5 d",
        }
    )
    spec = what.components["market"].spec.model_dump()
    assert what.components["battery"].available is False
    assert what.components["battery"].spec.model_dump()["efficiency"] == 0.8
    assert spec["price"]["flat"] == 70.0
    assert spec["buses"] == ["electricity", "natural_gas"]
    assert spec["weekly"] == [3.0, 4.0]
    assert spec["title"] == "public: yes"
    assert what.site.latitude == 30
    assert what.events["test_storm_battery"].spec.model_dump()["every"] == 120.0


@pytest.mark.parametrize("value", [float("nan"), 10**400, object(), {"value": float("inf")}])
def test_an_override_refuses_what_a_file_cannot_hold(tmp_path: Path, value: object) -> None:
    """Taken as it is, it would be lost when the run is saved."""
    with pytest.raises(ScenarioError):
        park(tmp_path).override({"battery.energy_capacity": value})


def test_the_later_of_two_overrides_holds(tmp_path: Path) -> None:
    """A sweep on top of a variant changes the variant, and is still called by its name."""
    big = park(tmp_path).variant("big")
    assert (big.label, capacity(big)) == ("big", 40.0)
    assert (big.override({}).label, big.override({}, name="x").label) == ("big", "x")
    assert capacity(big.override({"battery.energy_capacity": "50 MWh"})) == 50.0


def test_a_variant_is_the_override_it_names(tmp_path: Path) -> None:
    """Two ways to the same change must not differ."""
    base = park(tmp_path)
    changes = {"battery.energy_capacity": "40 MWh", "park.era": "later"}
    assert dict(base.variants) == {"big": changes}
    assert base.variant("big") == base.override(changes, name="big")


@pytest.mark.parametrize("text", [BASE, RICH], ids=["base", "rich"])
def test_what_is_written_out_reads_back(tmp_path: Path, text: str) -> None:
    """From any folder, with the defaults spelled out; a second round changes no letter."""
    for made in (park(tmp_path / "one", text), park(tmp_path / "one", text).variant("big")):
        again = load(written(tmp_path / "elsewhere", made.resolved(), "scenario.yaml"))
        assert again == made
        assert again.resolved() == made.resolved()
        assert (again.name, again.label) == ("one", made.label)
        assert {n: c.spec for n, c in again.components.items()} == {
            n: c.spec for n, c in made.components.items()
        }


def test_what_is_written_out_holds_every_default_with_its_source(tmp_path: Path) -> None:
    """A run kept for years must not depend on the defaults of a later version."""
    again = load(written(tmp_path / "elsewhere", park(tmp_path, RICH).resolved()))
    battery, market = again.components["battery"], again.components["market"]
    assert battery.sources["power_capacity"].source == "public: Catalogue of examples, table 3"
    assert again.components["gas"].sources["price"].source == "assumed: free"
    for component in (battery, market):
        given = set(again._tree.data["components"].data[component.name].data)
        empty = {key for key, value in component.spec.model_dump().items() if value in (None, "")}
        assert given >= set(type(component.spec).model_fields) - empty
    assert "flat: 30 CNY/MWh" in again.resolved()


def test_files_are_found_from_the_new_folder(tmp_path: Path) -> None:
    """A relative path would point beside the saved run; an absolute one is needed for own files."""
    home = tmp_path / "home"
    home.mkdir()
    stamps = [f"2025-01-01T{hour:02d}:00+08:00,1" for hour in range(24)]
    (home / "load.csv").write_text("\n".join(["time,power", *stamps]))
    series = "{file: load.csv, unit: kW}"
    text = bent(("power: 12 MW", f"power: {series}"), ("big: {", f"big: {{works.power: {series}, "))
    made = park(home, text)
    again = load(written(tmp_path / "elsewhere", made.resolved()))
    assert again == made
    assert again.variant("big").resolved() == made.variant("big").resolved()
    assert "weather: climate/suzhou.yaml" in made.resolved()


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.permutations(range(7)), st.permutations(range(3)))
def test_order_does_not_matter(tmp_path: Path, components: list[int], buses: list[int]) -> None:
    """The same park written in another order is the same park, to the bit."""
    lines = RICH.splitlines()
    first = lines.index("components:") + 1
    last = lines.index("events:")
    blocks: list[list[str]] = []
    for line in lines[first:last]:
        if not line.startswith("   "):
            blocks.append([])
        blocks[-1].append(line)
    names = ["electricity", "natural_gas", "heat"]
    moved = [line for i in components for line in blocks[i]]
    text = "\n".join([*lines[:first], *moved, *lines[last:]])
    text = text.replace(", ".join(names), ", ".join(names[i] for i in buses))
    assert len(blocks) == 7
    assert park(tmp_path, text) == park(tmp_path, RICH)


def test_order_of_events_does_not_matter(tmp_path: Path) -> None:
    """Their names key their random streams."""
    one = "  - {actor: test_storm, component: battery, every: 400 h}\n"
    two = "  - {name: gale, actor: test_storm, component: boiler, every: 90 h}\n"
    forth, back = (bent((one, events)) for events in (one + two, two + one))
    assert park(tmp_path, forth) == park(tmp_path, back)


def test_parks_travel_to_other_processes(tmp_path: Path) -> None:
    """A sweep over processes pickles its parks; a mapping proxy cannot be pickled."""
    made = park(tmp_path, RICH).override({"battery.efficiency": 0.8}, name="worse")
    again = pickle.loads(pickle.dumps(made))
    assert again == made
    assert again.label == "worse"
    assert hash(again) == hash(made)


def test_a_name_comes_from_the_folder_the_file_or_the_slug(tmp_path: Path) -> None:
    """Names go into file names and tables, so they are words."""
    assert park(tmp_path / "a harbour").name == "a-harbour"
    assert load(written(tmp_path / "a harbour", BASE, "north.yaml")).name == "north"
    assert park(tmp_path, bent(("name: Base", "name: Base, slug: short"))).name == "short"


def test_problems_are_placed_where_they_were_written(tmp_path: Path) -> None:
    """Physics and network find faults long after the file is read."""
    made = park(tmp_path)
    places = {
        ("battery", "energy_capacity"): (12, "10 MWh"),
        ("boiler", "efficiency"): (9, "boiler"),
        ("test_storm_battery", "every"): (16, "400 h"),
        ("site", "weather"): (2, "climate/suzhou.yaml"),
        ("park", "era"): (1, "park"),
        (None, "natural_gas"): (5, "natural_gas"),
    }
    for (owner, key), (line, text) in places.items():
        problem = made.problem(owner, key, "wrong")
        assert (problem.line, problem.text) == (line, text), (owner, key)


def test_a_byte_order_mark_and_windows_lines_are_welcome(tmp_path: Path) -> None:
    """Editors add them unasked; they change nothing."""
    path = tmp_path / "park.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode())
    assert load(path) == park(tmp_path)


def test_anchors_may_repeat_a_value(tmp_path: Path) -> None:
    """They are plain YAML; only aliases that explode or hold themselves are refused."""
    text = bent(
        ("capacity: 20 MW", "capacity: &large 20 MW"), ("capacity: 50 MW", "capacity: *large")
    )
    assert park(tmp_path, text) == park(tmp_path, bent(("capacity: 50 MW", "capacity: 20 MW")))


def test_outlets_are_known_to_those_that_use_them(tmp_path: Path) -> None:
    """The unit of the store follows a carrier that another component makes, in whatever order."""
    user = "  silo: {model: test_import, bus: mill.rest, capacity: 2 t/h}\n"
    maker = "  mill: {model: test_digester, substrate: gypsum, capacity: 3 t/h}\n"
    for order in (user + maker, maker + user):
        text = bent(
            ("  town:", f"{order}  town:"), ("natural_gas, heat]", "natural_gas, heat, gypsum]")
        )
        made = park(tmp_path, text)
        assert made.components["silo"].spec.model_dump()["capacity"] == 2.0
        assert load(written(tmp_path / "again", made.resolved())) == made


def test_what_is_always_conserved_is_not_conserved_twice(tmp_path: Path) -> None:
    """Listed twice, a quantity would be balanced and reported twice."""
    listed = "conserve: [mass, sulphur, sulphur, phosphorus]\nbuses:"
    assert park(tmp_path, bent(("buses:", listed))).conserve == ("sulphur", "phosphorus")
