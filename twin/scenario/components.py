"""Components, in the order in which their buses become known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from models.base import Model, PhysicsError
from twin.scenario.errors import Mark, did_you_mean
from twin.scenario.fields import Reader, fits, mark_of
from twin.scenario.hints import fields_of, metadata, said
from twin.scenario.names import read_name
from twin.scenario.parts import BAD, NotYet, Source
from twin.scenario.read import Value

COMMON = ("model", "available", "owner", "note")
NONE: Mapping[str, Source] = MappingProxyType({})


@dataclass(frozen=True)
class Component:
    """A technology of the park.

    Attributes
    ----------
    available : bool
        False takes it out of service for the whole run; it stays part of the topology.
    owner, note : str
    sources : mapping of str to Source
        By key; nested keys are joined by dots.
    """

    name: str
    spec: Model
    available: bool = True
    owner: str = ""
    note: str = ""
    sources: Mapping[str, Source] = field(default_factory=lambda: NONE)


def read_components(reader: Reader, value: Value | None, start: Mark) -> dict[str, Component]:
    """All components; the reader knows the buses, and learns those that components make.

    A component that makes buses ("name.thing") comes before those that use them; where they
    depend on each other in a circle, all are read without the carriers of those buses.
    """
    if value is None or not isinstance(value.data, dict):
        mark = start if value is None else value.mark
        message = "the file lacks 'components:'"
        if value is not None:
            message = f"'components' needs a mapping of names, got {said(value.data)}"
        reader.complain(mark, message, "add 'components: {name: {model: ...}}'")
        return {}
    pending: dict[str, type[Model]] = {}
    for name, item in value.data.items():
        mark = value.key(name)
        if not read_name(reader, name, mark, "component"):
            continue
        if name in reader.bus_marks:
            where = reader.bus_marks[name].where
            message = f"component '{name}' has the name of a bus ({where})"
            reader.complain(mark, message, "give one of the two another name")
        cls = _model(reader, name, item, mark)
        if cls is not None:
            pending[name] = cls
    # A component with a fault still counts as a maker, so that its users are not blamed.
    reader.makers = {n for n in value.data if n not in pending or hasattr(pending[n], "outlets")}
    unmade: dict[str, Model] = {}
    done: dict[str, Component] = {}
    reader.final = False
    while pending:
        before = len(pending), len(reader.makers)
        for name in list(pending):
            problems = len(reader.problems)
            try:
                component = _component(reader, name, pending[name], value)
            except NotYet:
                del reader.problems[problems:]
                continue
            del pending[name]
            if component is not None:
                done[name] = component
                if name in reader.makers:
                    unmade[name] = component.spec
        _make(reader, unmade, value)
        if before == (len(pending), len(reader.makers)):
            if reader.final:
                break
            reader.final = True
    _make(reader, unmade, value)
    reader.final = True
    for name, component in done.items():
        _check_made(reader, component, value.data[name])
    return {name: done[name] for name in value.data if name in done}


def _model(reader: Reader, name: str, item: Value, mark: Mark) -> type[Model] | None:
    if not isinstance(item.data, dict):
        reader.complain(mark, f"'{name}' needs a mapping, got {said(item.data)}", "add 'model:'")
        return None
    model = item.get("model")
    if model is None:
        reader.complain(mark, f"'{name}' lacks 'model'", "add 'model: ...', its technology")
        return None
    if isinstance(model.data, str) and model.data in Model.registry:
        return Model.registry[model.data]
    known = sorted(Model.registry)
    unknown = f"unknown model {said(model.data)} of '{name}'"
    if not isinstance(model.data, str):
        unknown = f"model of '{name}' needs the name of a model, got {said(model.data)}"
    reader.complain(
        model.mark,
        unknown,
        "name one of the models in docs/reference/models.md",
        did_you_mean(str(model.data), known),
    )
    return None


def _component(reader: Reader, name: str, cls: type[Model], value: Value) -> Component | None:
    item = value.data[name]
    common: dict[str, Any] = {"available": True, "owner": "", "note": ""}
    fine = True
    for key, default in common.items():
        given = item.get(key)
        if given is None:
            continue
        if isinstance(given.data, type(default)):
            common[key] = given.data
            continue
        fine = False
        needs = "true or false" if key == "available" else "a text"
        reader.complain(given.mark, f"{key} of '{name}' needs {needs}, got {said(given.data)}")
    sources: dict[str, Source] = {}
    place = value.key(name)
    spec = reader.spec(cls, item, f"'{name}'", common=COMMON, sources=sources, place=place)
    if spec is BAD or not fine:
        return None
    return Component(name, spec, sources=MappingProxyType(sources), **common)


def _make(reader: Reader, unmade: dict[str, Model], value: Value) -> None:
    """Add the buses of the components whose own carriers are known."""
    for name in list(unmade):
        try:
            outlets = unmade[name].outlets(reader.buses)  # type: ignore[attr-defined]
        except KeyError:  # a bus that is still to come; if it never does, the network says so
            continue
        except PhysicsError as error:
            item = value.data[name]
            mark = mark_of(item, error.key.split(".")) or value.key(name)
            reader.complain(mark, str(error), error.mend)
        else:
            reader.buses |= {f"{name}.{thing}": carrier for thing, carrier in outlets.items()}
            reader.makers.discard(name)
        del unmade[name]


def _check_made(reader: Reader, component: Component, item: Value) -> None:
    """Ports that were accepted before the bus was known."""
    for key, info in fields_of(type(component.spec)).items():
        kind = metadata(info).get("port")
        given = item.get(key)
        if not kind or given is None or not isinstance(given.data, str) or "." not in given.data:
            continue
        name = given.data
        unknown = name not in reader.buses and name.split(".")[0] not in reader.makers
        if unknown or (name in reader.buses and not fits(reader.buses[name], kind)):
            mark = mark_of(item, [key]) or item.mark
            reader.bus(name, kind, mark, f"{key} of '{component.name}'")
