"""A whole scenario from its values: park, site, carriers, buses, components, events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.base import Carrier
from models.site import Site
from twin.scenario.carriers import QUANTITIES, read_carrier
from twin.scenario.components import Component, read_components
from twin.scenario.context import Fact, read_context
from twin.scenario.contracts import Contracts, read_contracts
from twin.scenario.dimension import CURRENCIES
from twin.scenario.errors import Mark, ScenarioError, did_you_mean
from twin.scenario.events import Event, read_events
from twin.scenario.fields import Reader, mark_of
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
    "include",
    "context",
    "carriers",
    "conserve",
    "buses",
    "components",
    "events",
    "variants",
    "contracts",
    "accounting",
)
ALWAYS = QUANTITIES[:3]
"""Energy, carbon and mass: conserved whether a park says so or not."""


@dataclass
class Document:
    """What a scenario says, once it is found good."""

    park: ParkSpec
    site: Site
    weather: Path
    context: dict[str, Fact]
    conserve: tuple[str, ...]
    carriers: dict[str, Carrier]
    buses: dict[str, Carrier]
    components: dict[str, Component] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    variants: dict[str, dict[str, Any]] = field(default_factory=dict)
    accounting: dict[str, Any] = field(default_factory=dict)
    contracts: Contracts = field(default_factory=dict)


def read_document(tree: Value, roots: tuple[Path, ...]) -> tuple[Document, Reader]:
    """The scenario behind the values, and the reader that knows its buses.

    Parameters
    ----------
    roots : tuple of Path
        Where files are looked up: the park's folder first, that of the shipped parks last.

    Raises
    ------
    ScenarioError
        With all that is wrong.
    """
    register()
    start = Mark(tree.mark.file, 1, 1)
    currency = _currency(tree)
    reader = Reader(Money(currency or "EUR"), roots, money_known=bool(currency))
    for key in tree.data:
        if key not in TOP:
            reader.unknown(tree, key, f"'{key}' at the top of the file", TOP)
    park = _header(reader, tree, "park", ParkSpec, "the park", start)
    if park is not BAD:
        reader.money = Money(park.currency, tuple(sorted(park.exchange.items())))
    site = _header(reader, tree, "site", SiteSpec, "the site", start)
    weather = BAD if site is BAD else _weather(reader, tree.data["site"], site)
    context = read_context(reader, tree.get("context"))
    conserve = _conserve(reader, tree)
    carriers = _carriers(reader, tree, conserve)
    buses = _buses(reader, tree, carriers, start)
    components = read_components(reader, tree.get("components"), start)
    parts = tree.get("components")
    names = set(parts.data) if parts is not None and isinstance(parts.data, dict) else None
    events = read_events(reader, tree.get("events"), names)
    variants = _variants(reader, tree.get("variants"))
    accounting: dict[str, Any] = {}
    if (value := tree.get("accounting")) is not None and value.data is not None:
        spec = reader.spec(AccountingSpec, value, "accounting", place=tree.key("accounting"))
        accounting = {} if spec is BAD else spec.model_dump(exclude_none=True)
    contracts = read_contracts(reader, tree, names, events)
    if reader.problems:
        raise ScenarioError(reader.problems)
    document = Document(
        park=park,
        site=Site(site.latitude, site.longitude, site.time_zone, site.altitude),
        weather=weather,
        context=context,
        conserve=tuple(conserve),
        carriers=carriers,
        buses=buses,
        components=components,
        events=events,
        variants=variants,
        accounting=accounting,
        contracts=contracts,
    )
    return document, reader


def _currency(tree: Value) -> str:
    """The currency, ahead of the rest, since exchange rates are written in it; or nothing."""
    park = tree.get("park")
    if park is None:
        return ""
    value = park.get("currency")
    if value is None:
        return str(ParkSpec.model_fields["currency"].default)
    return value.data if value.data in CURRENCIES else ""


def _header(reader: Reader, tree: Value, key: str, cls: Any, label: str, start: Mark) -> Any:
    value = tree.get(key)
    if value is None:
        example = {"park": "{name: ..., country: DK}", "site": "{latitude: ..., ...}"}[key]
        return reader.complain(start, f"the file lacks '{key}:'", f"add '{key}: {example}'")
    return reader.spec(cls, value, label, place=tree.key(key))


def _weather(reader: Reader, value: Value, site: SiteSpec) -> Any:
    mark = mark_of(value, ["weather"]) or value.mark
    try:
        return reader.find(site.weather)
    except IsADirectoryError:
        mend = "name a file inside it"
        return reader.complain(mark, f"weather '{site.weather}' is a directory, not a file", mend)
    except FileNotFoundError:
        shipped = reader.roots[-1]
        known = sorted(p.relative_to(shipped).as_posix() for p in shipped.glob("climate/*.yaml"))
        return reader.complain(
            mark,
            f"there is no weather file {said(site.weather)}",
            "give a path relative to the park's folder, or a shipped climate",
            f"Shipped: {', '.join(known) or 'none'}. {did_you_mean(site.weather, known)}".rstrip(),
        )


def _conserve(reader: Reader, tree: Value) -> list[str]:
    value = tree.get("conserve")
    if value is None or value.data is None:
        return []
    if not isinstance(value.data, list) or any(not isinstance(v.data, str) for v in value.data):
        message = f"'conserve' needs a list of names, got {said(value.data)}"
        reader.complain(value.mark, message, "write 'conserve: [sulphur, nitrogen]'")
        return []
    good = [v.data for v in value.data if read_name(reader, v.data, v.mark, "quantity")]
    return [name for name in dict.fromkeys(good) if name not in ALWAYS]


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
            reader.complain(mark, f"'{name}' is a standard carrier", "give yours a name of its own")
        elif read_name(reader, name, mark, "carrier"):
            carriers[name] = read_carrier(reader, name, item, mark, extra)
    return carriers


def _buses(
    reader: Reader, tree: Value, carriers: dict[str, Any], start: Mark
) -> dict[str, Carrier]:
    from models.carriers import STANDARD, SURROUNDINGS

    value = tree.get("buses")
    known = {**STANDARD, **carriers}
    if value is None or not isinstance(value.data, list | dict):
        mark = start if value is None else tree.key("buses")
        message = "the file lacks 'buses:'"
        if value is not None:
            message = f"'buses' needs a list of names, got {said(value.data)}"
        reader.complain(mark, message, "add 'buses: [electricity, ...]'")
        reader.buses_known = False
        return {}
    marks: dict[str, Mark] = {}
    for item in value.data if isinstance(value.data, list) else [value]:
        named = item.data.items() if isinstance(item.data, dict) else [(item.data, item)]
        for name, carrier in named:
            mark = item.key(str(name))
            of = carrier.data if carrier.data is not None else name
            if not isinstance(name, str) or not isinstance(of, str):
                message = f"a bus needs a name, got {said(carrier.data)}"
                reader.complain(carrier.mark, message, "write a name, or 'name: carrier'")
                continue
            if name in marks:
                message = f"bus '{name}' stands twice, first in {marks[name].where}"
                reader.complain(mark, message, "delete one of the two")
            elif read_name(reader, name, mark, "bus"):
                marks[name] = mark
                if known.get(of) is None:
                    _unknown_carrier(reader, name, of, carrier.mark, known)
                elif of != name and (name in STANDARD or name in SURROUNDINGS):
                    # What crosses the fence there would be taken for the carrier of that name.
                    message = f"bus '{name}' has the name of a standard carrier, but carries '{of}'"
                    reader.complain(mark, message, "give the bus a name of its own")
                elif known[of] is not BAD:
                    reader.buses[name] = known[of]
    reader.bus_marks = marks
    return dict(reader.buses)


def _unknown_carrier(reader: Reader, bus: str, of: str, mark: Mark, known: Iterable[str]) -> None:
    message = f"unknown carrier '{of}' on bus '{bus}'"
    if of == bus:
        message = f"bus '{bus}' has no carrier of its name"
    mend = f"declare {of} under 'carriers:', or write '{bus}: CARRIER'"
    reader.complain(mark, message, mend, did_you_mean(of, known))


def _variants(reader: Reader, value: Value | None) -> dict[str, dict[str, Any]]:
    """Variants as paths and values; whether they fit is seen when one is used."""
    if value is None or value.data is None:
        return {}
    if not isinstance(value.data, dict):
        message = f"'variants' needs a mapping of names to changes, got {said(value.data)}"
        reader.complain(value.mark, message, "write 'variants: {NAME: {component.key: value}}'")
        return {}
    for name, changes in value.data.items():
        if not read_name(reader, name, value.key(name), "variant"):
            continue
        if not isinstance(changes.data, dict):
            message = f"variant '{name}' needs a mapping of paths to values, "
            message += f"got {said(changes.data)}"
            reader.complain(changes.mark, message, "write 'component.key: value'")
    plain: dict[str, dict[str, Any]] = value.plain()
    return plain
