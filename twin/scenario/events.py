"""What happens in a park: its events, each an actor with a name of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from models.base import Actor
from twin.scenario.components import NONE
from twin.scenario.errors import did_you_mean
from twin.scenario.fields import Reader, mark_of
from twin.scenario.hints import said
from twin.scenario.names import read_name
from twin.scenario.parts import BAD, Source
from twin.scenario.read import Value

EVENT_KEYS = ("actor", "name", "note")


@dataclass(frozen=True)
class Event:
    """Something that happens: the name that keys its random stream, its actor, and its sources."""

    name: str
    spec: Actor
    sources: Mapping[str, Source] = field(default_factory=lambda: NONE)


def read_events(
    reader: Reader, value: Value | None, components: set[str] | None
) -> dict[str, Event]:
    events: dict[str, Event] = {}
    if value is None or value.data is None:
        return events
    if not isinstance(value.data, list):
        message = f"'events' needs a list, got {said(value.data)}"
        reader.complain(value.mark, message, "begin each event with '- actor: ...'")
        return events
    for item in value.data:
        actor = item.get("actor")
        if actor is None:
            reader.complain(item.mark, "an event needs 'actor:'", "write '- {actor: outage, ...}'")
            continue
        cls = Actor.registry.get(actor.data) if isinstance(actor.data, str) else None
        if cls is None:
            _unknown_actor(reader, actor)
            continue
        target = item.get("component")
        if target is not None and (fault := _no_component(target.data, components)):
            reader.complain(
                target.mark,
                fault,
                "name one of the park's components",
                did_you_mean(str(target.data), components or ()),
            )
            continue
        given = item.get("name")
        if given is not None and not isinstance(given.data, str):
            message = f"the name of an event needs a text, got {said(given.data)}"
            reader.complain(given.mark, message, "put it in quotes")
            continue
        name = event_name(item)
        mark = given.mark if given is not None else item.mark
        if not read_name(reader, name, mark, "event"):
            continue
        if name in events:
            mend = "give one of them a 'name:' of its own"
            reader.complain(mark, f"a second event is named '{name}'", mend)
        sources: dict[str, Source] = {}
        spec = reader.spec(cls, item, f"event '{name}'", common=EVENT_KEYS, sources=sources)
        if spec is not BAD and components is not None:
            for other, key in sorted(spec.targets().items()):
                if other.split(".")[0] not in components:
                    reader.complain(
                        mark_of(item, key.split(".")) or item.mark,
                        f"unknown component '{other}' in event '{name}'",
                        "name one of the park's components",
                        did_you_mean(other, components),
                    )
        events[name] = Event(name, spec, MappingProxyType(sources))
    return events


def event_name(item: Value) -> str:
    """The name of an event: as given, or from its actor and component."""
    given, target = item.get("name"), item.get("component")
    if given is not None:
        return str(given.data)
    actor = str(item.data["actor"].data) if item.get("actor") else ""
    return actor if target is None else f"{actor}_{target.data}"


def _no_component(name: Any, components: set[str] | None) -> str:
    """What is wrong with the component of an event; None for a park whose list is missing."""
    if not isinstance(name, str):
        return f"an event needs the name of a component, got {said(name)}"
    known = components is None or name in components
    return "" if known else f"unknown component '{name}' in an event"


def _unknown_actor(reader: Reader, value: Value) -> None:
    known = sorted(Actor.registry)
    near = did_you_mean(str(value.data), known)
    reader.complain(
        value.mark,
        f"unknown actor {said(value.data)}",
        "name one of these, or register your own actor",
        f"Known: {', '.join(known)}. {near}".rstrip(),
    )
