"""One value of a scenario changed by its path."""

from __future__ import annotations

from dataclasses import replace

from models.base import Actor, Model
from twin.scenario.components import COMMON
from twin.scenario.contracts import ContractsSpec
from twin.scenario.errors import Mark, Problem, ScenarioError, did_you_mean
from twin.scenario.events import EVENT_KEYS, event_name
from twin.scenario.header import HEADERS
from twin.scenario.hints import fields_of
from twin.scenario.read import Value, at, parse

WHOLES = {key: HEADERS[key] for key in ("park", "site")} | {"contracts": ContractsSpec}
"""Parts at the top of a scenario whose keys a path may begin with."""


def changed(tree: Value, path: str, value: object, place: Mark | None = None) -> Value:
    """The tree with `value` at `path`; a `Value` keeps its own place for messages.

    Parameters
    ----------
    place : Mark, optional
        Where the path is written; by default it is shown as a setting of the command line.

    Raises
    ------
    ScenarioError
        The path leads nowhere; the message gives the nearest.
    """
    mark = place or Mark(f"--set {path}={_shown(value)}")
    new = value if isinstance(value, Value) else _value(value, mark)
    steps = str(path).split(".")
    if len(steps) < 2 or not all(steps):
        raise _fault(mark, f"'{path}' is no path", "", "write component.key, site.key or park.key")
    head, rest = steps[0], steps[1:]
    if head in WHOLES:
        _check(mark, rest[0], list(fields_of(WHOLES[head])), f"the {head}")
        return placed(tree, steps, new, mark)
    if head == "events":
        return _event(tree, rest, new, mark, path)
    components = tree.data["components"]
    names = list(components.data)
    if head not in names:
        near = did_you_mean(head, [*names, *WHOLES, "events"])
        raise _fault(mark, f"there is no component '{head}'", near, "name one of the components")
    model = components.data[head].data["model"].data
    keys = [*fields_of(Model.registry[model]), *COMMON]
    _check(mark, rest[0], keys, f"'{head}'")
    return placed(tree, ["components", *steps], new, mark)


def _event(tree: Value, rest: list[str], new: Value, mark: Mark, path: str) -> Value:
    events = tree.get("events")
    items = events.data if events is not None and events.data else []
    names = [event_name(item) for item in items]
    if rest[0] not in names or len(rest) < 2:
        known = f"Events: {', '.join(names) or 'none'}. {did_you_mean(rest[0], names)}".rstrip()
        message = f"there is no event '{rest[0]}'" if rest[0] not in names else "the key is missing"
        raise _fault(mark, message, known, "write events.NAME.key")
    index = names.index(rest[0])
    keys = [*fields_of(Actor.registry[items[index].data["actor"].data]), *EVENT_KEYS]
    _check(mark, rest[1], keys, f"event '{rest[0]}'")
    return placed(tree, ["events", str(index), *rest[1:]], new, mark)


def placed(value: Value, steps: list[str], new: Value, mark: Mark) -> Value:
    """The value with `new` at the place that the steps lead to.

    Raises
    ------
    ScenarioError
        They lead nowhere.
    """
    step, rest = steps[0], steps[1:]
    data = value.data
    if isinstance(data, list):
        if not step.isdecimal() or int(step) >= len(data):
            message = f"'{step}' is no place in a list of {len(data)}"
            raise _fault(mark, message, "", f"count from 0 to {len(data) - 1}")
        items = list(data)
        items[int(step)] = placed(items[int(step)], rest, new, mark) if rest else new
        return replace(value, data=items)
    inside = data.get(step, Value({}, mark))
    if rest and not isinstance(inside.data, dict | list):
        raise _fault(mark, f"'{step}' has no part '{rest[0]}'", "", f"leave '.{rest[0]}' away")
    child = placed(inside, rest, new, mark) if rest else new
    keys = dict(value.keys)
    keys[step] = mark if not rest or step not in keys else keys[step]
    return Value({**data, step: child}, value.mark, keys)


def _check(mark: Mark, key: str, known: list[str], label: str) -> None:
    if key not in known:
        longer = sorted(name for name in known if name.startswith(key))
        near = f"Did you mean {' or '.join(longer)}?" if longer else did_you_mean(key, known)
        expected = f"Keys: {', '.join(sorted(known))}. {near}".rstrip()
        raise _fault(mark, f"unknown key '{key}' of {label}", expected, "correct the path")


def _value(value: object, mark: Mark) -> Value:
    if not isinstance(value, str) or not value.strip():
        return at(value, mark)
    if value.strip()[0] not in "[{" and ": " in value:
        return at(value, mark)  # "public: ..." is a text
    try:
        parsed = parse(f"value: {value}", mark.file).data["value"].plain()
    except ScenarioError as error:
        if value.strip()[0] in "[{" or "finite" in str(error):
            mend = "close brackets and quotes" if value.strip()[0] in "[{" else "write a number"
            raise _fault(mark, error.problems[0].message, "", mend) from None
        return at(value, mark)
    return at(parsed, mark)


def _shown(value: object) -> str:
    text = str(value).replace("\n", " ")
    return text if len(text) <= 60 else text[:57] + "..."


def _fault(mark: Mark, message: str, expected: str, mend: str) -> ScenarioError:
    return ScenarioError([Problem(mark, message, expected, mend)])
