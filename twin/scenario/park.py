"""A park: a scenario that has been found good, and its variations."""

from __future__ import annotations

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
from twin.scenario.document import Event, event_name, read_document
from twin.scenario.errors import Mark, Problem, ScenarioError, did_you_mean
from twin.scenario.fields import mark_of
from twin.scenario.parts import Source
from twin.scenario.read import Value, at, read
from twin.scenario.resolved import resolved

__all__ = ["Component", "Event", "Park", "Source", "load", "shipped"]

FILE = "park.yaml"


@dataclass(frozen=True, eq=False)
class Park:
    """A park, ready to be built; two parks are equal if they resolve to the same scenario.

    Attributes
    ----------
    name : str
        Short name: the folder's, `park.slug`, or that of an override.
    title, title_zh : str
    folder : Path
    site : Site
    weather : Path
    country : str
        ISO 3166 code of two letters.
    currency : str
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
    """

    name: str
    title: str
    title_zh: str
    folder: Path
    site: Site
    weather: Path
    country: str
    currency: str
    conserve: tuple[str, ...]
    carriers: Mapping[str, Carrier]
    buses: Mapping[str, Carrier]
    components: Mapping[str, Component]
    events: Mapping[str, Event]
    variants: Mapping[str, Mapping[str, Any]]
    accounting: Mapping[str, Any]
    _tree: Value = field(repr=False)

    def override(self, changes: Mapping[str, object], *, name: str | None = None) -> Park:
        """The park with some values changed, validated anew.

        Parameters
        ----------
        changes : mapping of str to object
            Path to value: `component.key`, `component.key.sub`, `site.key`, `park.key`,
            `events.NAME.key`. A text is read as YAML, so that "false" is no text.
        name : str, optional
            Name of the new park.

        Raises
        ------
        ScenarioError
            A path leads nowhere, or the park does not hold together with the new values.
        """
        tree, problems = self._tree, []
        for path, value in changes.items():
            try:
                tree = changed(tree, path, value)
            except ScenarioError as error:
                problems += error.problems
        if problems:
            raise ScenarioError(problems)
        return _park(tree, self.folder, name or self.name)

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
            raise ScenarioError([Problem(mark, message, f"{expected} {near}".rstrip())])
        changes = self._tree.data["variants"].data[name].data
        return self.override(changes, name=f"{self.name}-{name}")

    def resolved(self) -> str:
        """The whole scenario as YAML, with the defaults, their units and their sources.

        It loads again, from any folder, to an equal park.
        """
        return self._resolved

    @cached_property
    def _resolved(self) -> str:
        return resolved(self, self._tree, shipped_folder())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Park):
            return NotImplemented
        return self.name == other.name and self._resolved == other._resolved

    def __hash__(self) -> int:
        return hash((Park, self.name, self.title))  # constant within a process is enough here

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
            Component or event; None if `key` is a bus or a flow.
        key : str or None
            Its key, or the name of a bus or flow.
        """
        return Problem(self._mark(component, key or ""), message, expected, mend)

    def _mark(self, component: str | None, key: str) -> Mark:
        tree = self._tree
        parts, buses = tree.data["components"], tree.data["buses"]
        owner = component if component is not None else key.split(".")[0]
        if component is None:
            for item in buses.data if isinstance(buses.data, list) else [buses]:
                if item.data == key or (isinstance(item.data, dict) and key in item.data):
                    return item.key(key)
            key = ""
        if (inside := parts.get(owner)) is not None:
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
        if path.is_dir():
            if not (path / FILE).exists():
                message = f"the folder '{text}' holds no {FILE}"
                raise ScenarioError([Problem(Mark(text), message, mend="name a park's folder")])
            path = path / FILE
        elif "/" not in text and "\\" not in text and "." not in text and not path.exists():
            known = shipped()
            expected = f"Shipped parks: {', '.join(known)}. {did_you_mean(text, known)}".rstrip()
            mend = "name one of these, or give the path of a file"
            raise ScenarioError([Problem(Mark(text), "there is no such park", expected, mend)])
    folder = path.resolve().parent
    return _park(read(path), folder, folder.name)


def _park(tree: Value, folder: Path, name: str) -> Park:
    document = read_document(tree, folder, shipped_folder())
    park = document.park
    variants = tree.get("variants")
    return Park(
        name=park.slug or name,
        title=park.name,
        title_zh=park.name_zh,
        folder=folder,
        site=document.site,
        weather=document.weather,
        country=park.country,
        currency=park.currency,
        conserve=document.conserve,
        carriers=MappingProxyType(document.carriers),
        buses=MappingProxyType(document.buses),
        components=MappingProxyType(document.components),
        events=MappingProxyType(document.events),
        variants=MappingProxyType(variants.plain() or {} if variants is not None else {}),
        accounting=MappingProxyType(document.accounting),
        _tree=tree,
    )
