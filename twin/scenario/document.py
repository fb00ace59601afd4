"""A whole scenario from its values: park, site, carriers, buses, components, events."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.base import Actor, Carrier
from models.site import Site
from twin.scenario.carriers import QUANTITIES, read_carrier
from twin.scenario.components import Component, read_components
from twin.scenario.dimension import CURRENCIES
from twin.scenario.errors import Mark, ScenarioError, did_you_mean
from twin.scenario.fields import Reader
from twin.scenario.header import AccountingSpec, ParkSpec, SiteSpec
from twin.scenario.hints import said
from twin.scenario.names import read_name
from twin.scenario.parts import BAD
from twin.scenario.read import Value
from twin.scenario.registry import register
from twin.scenario.units import Money

TOP = (
    "park",
    "site",
    "carriers",
    "conserve",
    "buses",
    "components",
    "events",
    "variants",
    "contracts",
    "accounting",
)
EVENT_KEYS = ("actor", "name", "note")


@dataclass(frozen=True)
class Event:
    """Something that happens: the name that keys its random stream, and its actor."""

    name: str
    spec: Actor


@dataclass
class Document:
    """What a scenario says, once it is found good."""

    park: ParkSpec
    site: Site
    weather: Path
    conserve: tuple[str, ...]
    carriers: dict[str, Carrier]
    buses: dict[str, Carrier]
    components: dict[str, Component] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    accounting: dict[str, Any] = field(default_factory=dict)


def read_document(tree: Value, folder: Path, shipped: Path) -> Document:
    """The scenario behind the values.

    Parameters
    ----------
    folder, shipped : Path
        Where files are looked up: the park's folder first.

    Raises
    ------
    ScenarioError
        With all that is wrong.
    """
    register()
    start = Mark(tree.mark.file, 1, 1)
    reader = Reader(_money(tree), folder)
    for key in tree.data:
        if key not in TOP:
            reader.unknown(tree, key, f"'{key}' at the top of the file", TOP)
    park = _header(reader, tree, "park", ParkSpec, "the park", start)
    if park is not BAD:
        reader.money = Money(park.currency, tuple(sorted(park.exchange.items())))
    site = _header(reader, tree, "site", SiteSpec, "the site", start)
    weather = BAD if site is BAD else _weather(reader, tree.data["site"], site, folder, shipped)
    conserve = _conserve(reader, tree)
    carriers = _carriers(reader, tree, conserve)
    buses = _buses(reader, tree, carriers, start)
    components = read_components(reader, tree.get("components"), start)
    events = _events(reader, tree.get("events"), set(_names(tree, "components")))
    accounting = {}
    if (value := tree.get("accounting")) is not None and value.data is not None:
        spec = reader.spec(AccountingSpec, value, "accounting", place=tree.key("accounting"))
        accounting = {} if spec is BAD else spec.model_dump(exclude_none=True)
    contracts = tree.get("contracts")
    if contracts is not None and contracts.data not in ({}, None):
        reader.complain(tree.key("contracts"), "contracts are not read yet", "delete this part")
    if reader.problems:
        raise ScenarioError(reader.problems)
    return Document(
        park=park,
        site=Site(site.latitude, site.longitude, site.time_zone, site.altitude),
        weather=weather,
        conserve=tuple(conserve),
        carriers={name: carrier for name, carrier in carriers.items() if carrier is not BAD},
        buses=buses,
        components=components,
        events=events,
        accounting=accounting,
    )


def _money(tree: Value) -> Money:
    """The currency, ahead of the rest, since exchange rates are written in it."""
    park = tree.get("park")
    value = park.get("currency") if park else None
    known = value is not None and value.data in CURRENCIES
    return Money(value.data if value is not None and known else "EUR")


def _header(reader: Reader, tree: Value, key: str, cls: Any, label: str, start: Mark) -> Any:
    value = tree.get(key)
    if value is None:
        example = {"park": "{name: ..., country: DK}", "site": "{latitude: ..., ...}"}[key]
        return reader.complain(start, f"the file lacks '{key}:'", f"add '{key}: {example}'")
    return reader.spec(cls, value, label, place=tree.key(key))


def _weather(reader: Reader, value: Value, site: SiteSpec, folder: Path, shipped: Path) -> Any:
    mark = value.data["weather"].mark
    places = [root / site.weather for root in (folder, shipped)]
    for place in places:
        if place.is_file():
            return place.resolve()
    if any(place.is_dir() for place in places):
        mend = "name a file inside it"
        return reader.complain(mark, f"weather '{site.weather}' is a directory, not a file", mend)
    known = sorted(p.relative_to(shipped).as_posix() for p in shipped.glob("climate/*.yaml"))
    return reader.complain(
        mark,
        f"there is no weather file '{site.weather}'",
        "give a path relative to the park's folder, or a shipped climate",
        f"Shipped: {', '.join(known) or 'none'}. {did_you_mean(site.weather, known)}".rstrip(),
    )


def _names(tree: Value, key: str) -> list[str]:
    value = tree.get(key)
    return list(value.data) if value is not None and isinstance(value.data, dict) else []


def _conserve(reader: Reader, tree: Value) -> list[str]:
    value = tree.get("conserve")
    if value is None or value.data is None:
        return []
    if not isinstance(value.data, list) or any(not isinstance(v.data, str) for v in value.data):
        message = f"'conserve' needs a list of names, got {said(value.data)}"
        reader.complain(value.mark, message, "write 'conserve: [sulphur, nitrogen]'")
        return []
    return [v.data for v in value.data]


def _carriers(reader: Reader, tree: Value, conserve: list[str]) -> dict[str, Any]:
    from models.carriers import STANDARD, SURROUNDINGS

    value = tree.get("carriers")
    if value is None or value.data is None:
        return {}
    if not isinstance(value.data, dict):
        message = f"'carriers' needs a mapping of names to carriers, got {said(value.data)}"
        reader.complain(value.mark, message)
        return {}
    carriers: dict[str, Any] = {}
    extra = [name for name in conserve if name not in QUANTITIES]
    for name, item in value.data.items():
        mark = value.key(name)
        if name in STANDARD or name in SURROUNDINGS:
            reader.complain(
                mark, f"'{name}' is a standard carrier", "give yours a name of its own"
            )
        elif read_name(reader, name, mark, "carrier"):
            carriers[name] = read_carrier(reader, name, item, mark, extra)
    return carriers


def _buses(
    reader: Reader, tree: Value, carriers: dict[str, Any], start: Mark
) -> dict[str, Carrier]:
    from models.carriers import STANDARD

    value = tree.get("buses")
    known = {**STANDARD, **carriers}
    buses: dict[str, Carrier] = {}
    marks: dict[str, Mark] = {}
    if value is None or not isinstance(value.data, list | dict):
        mark = start if value is None else value.mark
        message = "the file lacks 'buses:'" if value is None else "'buses' needs a list of names"
        reader.complain(mark, message, "add 'buses: [electricity, ...]'")
        value = Value([], start)
    items = value.data if isinstance(value.data, list) else [value]
    for item in items:
        named = item.data if isinstance(item.data, dict) else {item.data: item}
        for name, carrier in named.items():
            mark = item.key(name) if isinstance(item.data, dict) else item.mark
            of = carrier.data if carrier.data is not None else name
            if not isinstance(name, str) or not isinstance(of, str):
                message = f"a bus needs a name, got {said(item.data)}"
                reader.complain(mark, message, "write a name, or 'name: carrier'")
            elif name in buses:
                reader.complain(mark, f"bus '{name}' stands twice", "delete one of the two")
            elif not read_name(reader, name, mark, "bus"):
                continue
            elif of not in known:
                reader.complain(
                    carrier.mark,
                    f"unknown carrier '{of}' on bus '{name}'" if of != name
                    else f"bus '{name}' has no carrier of its name",
                    f"declare {of} under 'carriers:', or write '{name}: CARRIER'",
                    did_you_mean(of, known),
                )
                marks[name] = mark
            elif known[of] is not BAD:
                buses[name], marks[name] = known[of], mark
    reader.buses, reader.bus_marks = dict(buses), marks
    return buses


def _events(reader: Reader, value: Value | None, components: set[str]) -> dict[str, Event]:
    events: dict[str, Event] = {}
    if value is None or value.data is None:
        return events
    if not isinstance(value.data, list):
        message = f"'events' needs a list, got {said(value.data)}"
        reader.complain(value.mark, message, "begin each event with '- actor: ...'")
        return events
    for item in value.data:
        actor = item.get("actor")
        if not isinstance(item.data, dict) or actor is None:
            reader.complain(item.mark, "an event needs 'actor:'", "write '- {actor: outage, ...}'")
            continue
        cls = Actor.registry.get(actor.data) if isinstance(actor.data, str) else None
        if cls is None:
            _unknown_kind(reader, actor, "actor", Actor.registry)
            continue
        target = item.get("component")
        if target is not None and target.data not in components:
            reader.complain(
                target.mark,
                f"unknown component {said(target.data)} in an event",
                "name one of the park's components",
                did_you_mean(str(target.data), components),
            )
        given = item.get("name")
        name = event_name(item)
        mark = given.mark if given is not None else item.mark
        if not read_name(reader, name, mark, "event"):
            continue
        if name in events:
            mend = "give one of them a 'name:' of its own"
            reader.complain(mark, f"a second event is named '{name}'", mend)
        spec = reader.spec(cls, item, f"event '{name}'", common=EVENT_KEYS)
        events[name] = Event(name, spec)
    return {name: event for name, event in events.items() if event.spec is not BAD}


def event_name(item: Value) -> str:
    """The name of an event: as given, or from its actor and component."""
    given, target = item.get("name"), item.get("component")
    if given is not None:
        return str(given.data)
    actor = str(item.data["actor"].data) if item.get("actor") else ""
    return actor if target is None else f"{actor}_{target.data}"


def _unknown_kind(reader: Reader, value: Value, word: str, registry: dict[str, Any]) -> None:
    known = sorted(registry)
    near = did_you_mean(str(value.data), known)
    reader.complain(
        value.mark,
        f"unknown {word} {said(value.data)}",
        f"name one of these, or register your own {word}",
        f"Known: {', '.join(known)}. {near}".rstrip(),
    )
