"""Values of a scenario and where each of them stands."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

from twin.scenario.errors import Problem, ScenarioError


@dataclass(frozen=True)
class Source:
    """A text and the name it is known by: a path, or an option of the command line."""

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A place in a source; line and column count from 1, and line 0 is the source as a whole."""

    source: Source
    line: int = 0
    column: int = 0
    length: int = 1

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}" if self.line else self.source.name

    def problem(self, message: str, expected: str = "", mend: str = "") -> Problem:
        """A problem at this place."""
        lines = self.source.lines
        text = lines[self.line - 1] if 0 < self.line <= len(lines) else ""
        return Problem(
            self.source.name, self.line, self.column, text, self.length, message, expected, mend
        )


@dataclass(frozen=True)
class Node:
    """A value and where it stands.

    Attributes
    ----------
    value : None, bool, int, float, str, list of Node or dict of str to Node
    mark : Mark
        Place of the value.
    key : Mark or None
        Place of its key, if it is an entry of a mapping.
    text : str
        A scalar as it was written.
    """

    value: Any
    mark: Mark
    key: Mark | None = None
    text: str = ""
    size: int = field(default=1, compare=False)

    @property
    def at(self) -> Mark:
        """Place of the key, or of the value where there is no key."""
        return self.key or self.mark

    @property
    def plain(self) -> Any:
        """The value without positions."""
        if isinstance(self.value, dict):
            return {key: child.plain for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain for child in self.value]
        return self.value

    @property
    def shown(self) -> str:
        """The value as a message quotes it: "'10 MW'", "a list", "a mapping", "nothing"."""
        if isinstance(self.value, dict | list):
            return "a mapping" if isinstance(self.value, dict) else "a list"
        if self.value is None:
            return "nothing"
        text = self.text if len(self.text) <= 60 else self.text[:57] + "..."
        return f"'{text}'" if isinstance(self.value, str) else text


def node_of(value: Any, mark: Mark) -> Node:
    """A node made of Python values, all at one place."""
    if isinstance(value, Node):
        return value
    if isinstance(value, dict):
        children = {str(k): replace(node_of(v, mark), key=mark) for k, v in value.items()}
        return Node(children, mark)
    if isinstance(value, list | tuple):
        return Node([node_of(child, mark) for child in value], mark)
    if value is None or isinstance(value, bool | int | str):
        return Node(value, mark, text=str(value))
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ScenarioError(
            [
                mark.problem(
                    f"{value!r} is neither text, a finite number, a list nor a mapping",
                    mend='write a quantity as text with its unit, such as "40 MWh"',
                )
            ]
        )
    return Node(number, mark, text=repr(number))
