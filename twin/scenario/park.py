"""A park: a scenario that has been found good, and its variations."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from models.base import Carrier
from models.site import Site
from twin.scenario.change import changed
from twin.scenario.components import Component
from twin.scenario.context import Fact
from twin.scenario.document import read_document
from twin.scenario.errors import Mark, Problem, ScenarioError, did_you_mean
from twin.scenario.events import Event, event_name
from twin.scenario.fields import Reader, mark_of
from twin.scenario.header import HEADERS
from twin.scenario.include import included
from twin.scenario.parts import Source
from twin.scenario.read import Value, read
from twin.scenario.resolved import as_yaml, resolved

__all__ = ["Component", "Event", "Fact", "Park", "Source", "load", "shipped"]

FILE = "park.yaml"


@dataclass(frozen=True, eq=False)
class Park:
    """A park, ready to be built; two parks are equal if they resolve to the same scenario.

    Attributes
    ----------
    name : str
        Short name: `park.slug`, or that of the folder or file.
    label : str
        Name of the variant or override; empty for the park itself.
    title, title_zh : str
    folder : Path
    site : Site
    weather : Path
    country : str
        ISO 3166 code of two letters.
    currency : str
    context : mapping of str to Fact
        Published figures that no flow depends on: `value` as text, `source`, `note`.
    conserve : tuple of str
        Quantities to be conserved besides energy, carbon and mass.
    carriers : mapping of str to Carrier
        Those that the park declares itself.
    buses : mapping of str to Carrier
    components : mapping of str to Component
    events : mapping of str to Event
    variants : mapping of str to mapping
        Named changes: path to value.
    accounting : mapping
        `method` and `factors`, as far as given.
    contracts : mapping of str to tuple of str
        `direct_lines`, `green_power` and `certificates`, as far as given.
    """

    name: str
    label: str
    title: str
    title_zh: str
    folder: Path
    site: Site
    weather: Path
    country: str
    currency: str
    context: Mapping[str, Fact]
    conserve: tuple[str, ...]
    carriers: Mapping[str, Carrier]
    buses: Mapping[str, Carrier]
    components: Mapping[str, Component]
    events: Mapping[str, Event]
    variants: Mapping[str, Mapping[str, Any]]
    accounting: Mapping[str, Any]
    contracts: Mapping[str, tuple[str, ...]]
    _tree: Value = field(repr=False)
    _reader: Reader = field(repr=False)

    def override(self, changes: Mapping[str, object], *, name: str | None = None) -> Park:
        """The park with some values changed, validated anew.

        Parameters
        ----------
        changes : mapping of str to object
            Path to value: `component.key`, `component.key.sub`, `site.key`, `park.key`,
            `contracts.key`, `events.NAME.key`. A text is read as YAML, so that "false" is no text.
        name : str, optional
            Label of the new park.

        Raises
        ------
        ScenarioError
            A path leads nowhere, or the park does not hold together with the new values.
        """
        return self._changed(changes, {}, self.label if name is None else name)

    def variant(self, name: str) -> Park:
        """The park with the changes of one of its variants.

        Raises
        ------
        ScenarioError
            There is no such variant, or its changes do not fit.
        """
        if name not in self.variants:
            expected = f"Variants: {', '.join(sorted(self.variants)) or 'none'}."
            near = did_you_mean(name, self.variants)
            message = f"park '{self.name}' has no variant '{name}'"
            mark = Mark(self._tree.mark.file)
            mend = "name one of them" if self.variants else "leave --variant out"
            raise ScenarioError([Problem(mark, message, f"{expected} {near}".rstrip(), mend)])
        changes = self._tree.data["variants"].data[name]
        return self._changed(changes.data, changes.keys, name)

    def _changed(
        self, changes: Mapping[str, object], places: Mapping[str, Mark], label: str
    ) -> Park:
        tree = self._tree
        problems: list[Problem] = []
        for path, value in changes.items():
            try:
                tree = changed(tree, path, value, places.get(path))
            except ScenarioError as error:
                problems += error.problems
        try:
            park = _park(tree, self.folder, self.name, label)
        except ScenarioError as error:
            problems += error.problems
        if problems:
            raise ScenarioError(problems)
        return park

    def resolved(self) -> str:
        """The whole scenario as YAML, with the defaults, their units and their sources.

        It loads again, from any folder, to an equal park, and is the same text for the same park,
        in whatever order it was written.
        """
        return self._resolved

    @cached_property
    def _resolved(self) -> str:
        return as_yaml(resolved(self, self._tree, self._reader))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Park):
            return NotImplemented
        return self._resolved == other._resolved

    def __hash__(self) -> int:
        return hash((self.name, self.label, self.title))

    def __reduce__(self) -> tuple[Any, ...]:
        """Parks travel to other processes as what was written, and are read again there."""
        return _park, (self._tree, self.folder, self.name, self.label)

    def problem(
        self,
        component: str | None,
        key: str | None,
        message: str,
        *,
        expected: str = "",
        mend: str = "",
    ) -> Problem:
        """A fault of this park, at the line where it was written.

        Parameters
        ----------
        component : str or None
            Component or event, "park", "site" or "contracts"; None if `key` is a bus or a flow.
        key : str or None
            Its key, or the name of a bus or flow.
        """
        return Problem(self._mark(component, key or ""), message, expected, mend)

    def _mark(self, component: str | None, key: str) -> Mark:
        tree = self._tree
        buses: Value = tree.data["buses"]
        owner = component if component is not None else key.split(".")[0]
        if component is None:
            for item in buses.data if isinstance(buses.data, list) else [buses]:
                if item.data == key or (isinstance(item.data, dict) and key in item.data):
                    return item.key(key)
            key = ""
        parts = tree if owner in (*HEADERS, "contracts") else tree.data["components"]
        inside = parts.get(owner)
        if inside is not None:
            return mark_of(inside, key.split(".")) or parts.key(owner)
        events = tree.get("events")
        for item in events.data if events is not None and events.data else []:
            if event_name(item) == owner:
                return mark_of(item, key.split(".")) or item.mark
        return Mark(tree.mark.file, 1, 1)


def shipped_folder() -> Path:
    """The folder of the parks that come with ParkTwin."""
    import parks

    return Path(next(iter(parks.__path__)))


def shipped() -> list[str]:
    """Names of the parks that come with ParkTwin."""
    return sorted(path.parent.name for path in shipped_folder().glob(f"*/{FILE}"))


def load(name_or_path: str | Path) -> Park:
    """A park by the name of a shipped one, or by the path of its folder or file.

    Raises
    ------
    ScenarioError
        With all that is wrong, in file order.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, str) and text in shipped():
        path = shipped_folder() / text / FILE
    else:
        path = Path(name_or_path)
        if os.path.isdir(path):  # unlike Path.is_dir, never raises
            if not (path / FILE).exists():
                message = f"the folder holds no {FILE}"
                raise ScenarioError([Problem(Mark(text), message, mend="name a park's folder")])
            path = path / FILE
        elif "/" not in text and "\\" not in text and "." not in text and not os.path.exists(path):
            known = shipped()
            expected = f"Shipped parks: {', '.join(known)}. {did_you_mean(text, known)}".rstrip()
            mend = "name one of these, or give the path of a file"
            raise ScenarioError([Problem(Mark(text), "there is no such park", expected, mend)])
    folder = path.resolve().parent
    name = folder.name if path.name == FILE else path.stem
    tree = included(read(path), (folder, shipped_folder()))
    return _park(tree, folder, re.sub(r"[^\w-]+", "-", name))


def _park(tree: Value, folder: Path, name: str, label: str = "") -> Park:
    document, reader = read_document(tree, (folder, shipped_folder()))
    park = document.park
    return Park(
        name=park.slug or name,
        label=label or park.label,
        title=park.name,
        title_zh=park.name_zh,
        folder=folder,
        site=document.site,
        weather=document.weather,
        country=park.country,
        currency=park.currency,
        context=MappingProxyType(document.context),
        conserve=document.conserve,
        carriers=MappingProxyType(document.carriers),
        buses=MappingProxyType(document.buses),
        components=MappingProxyType(document.components),
        events=MappingProxyType(document.events),
        variants=MappingProxyType(document.variants),
        accounting=MappingProxyType(document.accounting),
        contracts=MappingProxyType(document.contracts),
        _tree=tree,
        _reader=reader,
    )
