"""Whatever a file holds, it loads or is refused with a place: never a traceback, never a crash."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.scenario.base import written
from tests.scenario.test_park import RICH
from twin.scenario.errors import ScenarioError
from twin.scenario.park import load
from twin.scenario.resolved import as_yaml

FIXTURES = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
DATA: dict[str, Any] = YAML(typ="safe", pure=True).load(RICH)
WORDS = st.sampled_from(
    [
        "",
        "heat",
        "grid",
        "12 MW",
        "5 %",
        "1 EUR",
        "-3 K",
        "0 1/h",
        "flat",
        "file",
        "value",
        "园区",
        "..",
        "a.b",
    ]
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**20), st.floats(allow_nan=False), WORDS, st.text()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            WORDS | st.sampled_from(["model", "actor", "spread", "source"]), inner, max_size=3
        ),
    ),
    max_leaves=5,
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of everything inside."""
    inside = data.items() if isinstance(data, dict) else enumerate(data)
    found = []
    for key, value in inside:
        found.append((*path, key))
        if isinstance(value, dict | list):
            found += places(value, (*path, key))
    return found


def refused_or_loaded(path: Path) -> None:
    """Anything else raised fails the test; what loads reads back, a refusal says where."""
    try:
        made = load(path)
    except ScenarioError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.line >= 1
            assert problem.message
        assert str(error).endswith("nothing was run.")
        return
    assert load(written(path.parent / "again", made.resolved())) == made


@FIXTURES
@given(st.sampled_from(places(DATA)), VALUES)
def test_any_value_anywhere(tmp_path: Path, path: tuple[Any, ...], value: Any) -> None:
    """Each part of a scenario replaced by something that does not belong there."""
    data = copy.deepcopy(DATA)
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    refused_or_loaded(written(tmp_path, as_yaml(data)))


@FIXTURES
@given(
    st.integers(0, len(RICH)),
    st.integers(0, 12),
    st.text(max_size=6) | st.sampled_from(list("{}[]:-*&!#\t\n'\"%@")),
)
def test_any_slip_of_the_keyboard(tmp_path: Path, start: int, cut: int, put: str) -> None:
    """Some characters deleted, some typed."""
    text = RICH[:start] + put + RICH[start + cut :]
    path = tmp_path / "park.yaml"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    refused_or_loaded(path)


@FIXTURES
@given(st.sampled_from(places(DATA)), VALUES)
def test_any_setting(tmp_path: Path, path: tuple[Any, ...], value: Any) -> None:
    """Overrides take any path and any value a program may give."""
    park = load(written(tmp_path, RICH))
    steps = path[1:] if path[0] == "components" else path
    try:
        park.override({".".join(map(str, steps)): value}).resolved()
    except ScenarioError as error:
        assert str(error)
