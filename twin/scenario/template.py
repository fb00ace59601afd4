"""Templates: structure that several parks share, with parameters that each park gives.

A text `<parameter>` stands for the parameter's value; inside a longer text, for its word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from twin.scenario.errors import Mark, Problem, ScenarioError, did_you_mean
from twin.scenario.fields import Reader
from twin.scenario.hints import said
from twin.scenario.read import Value, read
from twin.scenario.units import Money

MAPPINGS = ("carriers", "components")
LISTS = ("buses", "events")
KEYS = ("description", "parameters", *MAPPINGS, *LISTS)
PARAMETER = ("description", "default", "optional")
RESERVED = ("template", "change")
NAME = "name"
"""The parameter that every template has: it names the instance, the template by default."""

_PLACE = re.compile(r"<([^\W\d][\w-]*)>")


@dataclass(frozen=True)
class Parameter:
    """What a park gives to a template.

    Attributes
    ----------
    default : Value or None
        May name parameters that stand above.
    optional : bool
        Where it is not given, the keys that name it are left out.
    mark : Mark
    """

    description: str
    default: Value | None = None
    optional: bool = False
    mark: Mark = field(default=Mark(""), repr=False)

    @property
    def required(self) -> bool:
        """Whether a park must give it."""
        return self.default is None and not self.optional


@dataclass(frozen=True)
class Template:
    """A template, found to be sound in itself.

    Attributes
    ----------
    parameters : mapping of str to Parameter
    parts : mapping of str to Value
        Carriers, buses, components and events, with their placeholders.
    """

    name: str
    description: str
    parameters: Mapping[str, Parameter]
    parts: Mapping[str, Value]


def read_template(path: Path, name: str) -> Template:
    """A template from its file.

    Raises
    ------
    ScenarioError
        With all that is wrong with the template itself; what its parts say is judged in a park.
    """
    tree = read(path)
    reader = Reader(Money(), ())
    for key in tree.data:
        if key not in KEYS:
            reader.unknown(tree, key, f"'{key}' of template '{name}'", KEYS)
    description = tree.plain().get("description")
    if not isinstance(description, str):
        message = f"template '{name}' needs 'description', a text"
        reader.complain(tree.key("description"), message, "say in a sentence what it stands for")
    parameters = _parameters(reader, tree.get("parameters"))
    parts = {key: tree.data[key] for key in (*MAPPINGS, *LISTS) if key in tree.data}
    for key, part in parts.items():
        kinds = {"buses": list | dict, "events": list}.get(key, dict)
        if not isinstance(part.data, kinds):
            wanted = "a list" if key in LISTS else "a mapping"
            reader.complain(part.mark, f"'{key}' needs {wanted}, got {said(part.data)}")
            parts = {}
            break
    if not reader.problems:
        _check_uses(reader, name, parameters, parts)
    if reader.problems:
        raise ScenarioError(reader.problems)
    return Template(name, " ".join(str(description).split()), parameters, parts)


def _parameters(reader: Reader, value: Value | None) -> dict[str, Parameter]:
    found = {NAME: Parameter("Name of this instance; the template's by default.", optional=True)}
    if value is None or value.data is None:
        return found
    if not isinstance(value.data, dict):
        message = f"'parameters' needs a mapping of names, got {said(value.data)}"
        reader.complain(value.mark, message, "write 'parameters: {NAME: {description: ...}}'")
        return found
    for name, item in value.data.items():
        mark = value.key(name)
        if name in (NAME, *RESERVED) or not _PLACE.fullmatch(f"<{name}>"):
            reader.complain(mark, f"a parameter cannot be named '{name}'", "give it another name")
        else:
            found[name] = _parameter(reader, name, item, mark, found)
    return found


def _parameter(
    reader: Reader, name: str, item: Value, mark: Mark, above: Mapping[str, Parameter]
) -> Parameter:
    plain = item.plain() if isinstance(item.data, dict) else {}
    description, optional = plain.get("description"), plain.get("optional", False)
    if not isinstance(description, str):
        mend = f"write '{name}: {{description: ...}}'"
        reader.complain(mark, f"parameter '{name}' needs a description", mend)
        return Parameter("")
    for key in item.data:
        if key not in PARAMETER:
            reader.unknown(item, key, f"'{key}' of parameter '{name}'", PARAMETER)
    if not isinstance(optional, bool):
        message = f"optional of parameter '{name}' needs true or false"
        reader.complain(item.data["optional"].mark, message)
    default = item.get("default")
    if default is not None and optional:
        message = f"parameter '{name}' is optional and has a default"
        reader.complain(item.key("optional"), message, "keep one of the two")
    elif default is not None and default.data is None:
        message = f"the default of '{name}' is nothing"
        reader.complain(default.mark, message, "write 'optional: true' instead")
    for word, place in _names(default) if default is not None else ():
        if word not in above:
            message = f"the default of '{name}' names '{word}', which is no parameter above"
            reader.complain(place, message, "", did_you_mean(word, above))
    return Parameter(description, default, bool(optional), mark)


def _check_uses(
    reader: Reader, name: str, parameters: Mapping[str, Parameter], parts: Mapping[str, Value]
) -> None:
    """Every placeholder is a parameter, and every parameter is used."""
    used = {NAME}
    for parameter in parameters.values():
        used |= {word for word, _ in _names(parameter.default)} if parameter.default else set()
    for part in parts.values():
        inside = part.data.values() if isinstance(part.data, dict) else part.data
        for item in inside:
            for word, mark in _needed(item):
                used.add(word)
                if not (word in parameters and parameters[word].optional):
                    message = f"'needs' names '{word}', which is no optional parameter"
                    optional = [key for key, each in parameters.items() if each.optional]
                    reader.complain(mark, message, "", did_you_mean(word, optional))
        for word, mark in _names(part):
            used.add(word)
            if word not in parameters:
                message = f"<{word}> is no parameter of template '{name}'"
                mend = f"declare {word} under 'parameters:', or name one of these"
                expected = f"Parameters: {', '.join(parameters)}. {did_you_mean(word, parameters)}"
                reader.complain(mark, message, mend, expected.rstrip())
    for word, parameter in parameters.items():
        if word not in used and not reader.problems:
            message = f"parameter '{word}' is named nowhere"
            reader.complain(parameter.mark, message, f"write <{word}> where it belongs")


def _names(value: Value) -> Iterator[tuple[str, Mark]]:
    """The parameters that a value names, with the place of each."""
    if isinstance(value.data, str):
        yield from ((word, value.mark) for word in _PLACE.findall(value.data))
    elif isinstance(value.data, list):
        for item in value.data:
            yield from _names(item)
    elif isinstance(value.data, dict):
        for key, item in value.data.items():
            yield from ((word, value.key(key)) for word in _PLACE.findall(key))
            yield from _names(item)


def _needed(item: Value) -> list[tuple[str, Mark]]:
    """The parameters without which a component or an event is left out."""
    needs = item.get("needs")
    if needs is None:
        return []
    words = needs.data if isinstance(needs.data, list) else [needs]
    return [(str(word.data), word.mark) for word in words]


@dataclass
class Filling:
    """Puts the values of one instance into a template.

    Attributes
    ----------
    given : dict of str to Value
        Parameters that have a value: those of the park keep their place there.
    via : Mark
        The line of the park; what the template says itself carries it along.
    used : set of str
        Parameters that were named by what is there.
    """

    given: dict[str, Value]
    via: Mark
    used: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def section(self, value: Value) -> Value:
        """All components, events, carriers or buses."""
        if isinstance(value.data, dict):
            return self._mapping(value, self._part)
        items = [self._part(item) for item in value.data]
        return Value([item for item in items if item is not None], self.mark(value.mark))

    def _part(self, item: Value) -> Value | None:
        """One of them, or nothing where what it needs is not given."""
        needed = {word for word, _ in _needed(item)}
        if not needed <= self.given.keys():
            return None
        self.used |= needed
        if needed:
            item = replace(item, data={k: v for k, v in item.data.items() if k != "needs"})
        return self.value(item)

    def value(self, value: Value) -> Value | None:
        """The value with its placeholders filled; nothing where a parameter is not given."""
        mark, data = self.mark(value.mark), value.data
        if isinstance(data, str):
            whole = _PLACE.fullmatch(data)
            if whole:
                self.used.add(whole[1])
                return self.given.get(whole[1])
            text = self.text(data, mark)
            return None if text is None else Value(text, mark)
        if isinstance(data, list):
            items = [self.value(item) for item in data]
            return Value([item for item in items if item is not None], mark)
        return self._mapping(value, self.value) if isinstance(data, dict) else Value(data, mark)

    def _mapping(self, value: Value, fill: Callable[[Value], Value | None]) -> Value:
        inside: dict[str, Value] = {}
        keys: dict[str, Mark] = {}
        for key, item in value.data.items():
            place = self.mark(value.key(key))
            name = self.text(key, place)
            made = None if name is None else fill(item)
            if name is not None and made is not None:
                if name in inside:
                    self.complain(place, f"the key '{name}' stands twice", "give two names")
                inside[name], keys[name] = made, place
        return Value(inside, self.mark(value.mark), keys)

    def text(self, text: str, mark: Mark) -> str | None:
        """A text with its placeholders filled; nothing where a parameter is not given."""
        for word in dict.fromkeys(_PLACE.findall(text)):
            self.used.add(word)
            if word not in self.given:
                return None
            value = self.given[word]
            if not isinstance(value.data, str | int | float):
                message = f"'{word}' needs one word, since it becomes part of a text, "
                self.complain(value.mark, f"{message}got {said(value.data)}")
                return None
            text = text.replace(f"<{word}>", str(value.data))
        return text

    def mark(self, mark: Mark) -> Mark:
        """A place in the template, with the line that included it."""
        return replace(mark, via=self.via)

    def complain(self, mark: Mark, message: str, mend: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(mark, message, mend=mend))
