"""What is wrong with a scenario: where, why, and how to put it right."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

WIDTH = 120
"""Characters of a line that a message shows."""


@dataclass(frozen=True)
class Mark:
    """A place in a file, or a command-line setting where `line` is 0.

    Attributes
    ----------
    file : str
        Path as the user knows it, or ``--set path=value``.
    line, column : int
        From 1; column counts characters.
    source : str
        The whole line.
    width : int
        Number of characters marked.
    via : Mark, optional
        Where the file is a template: the place that included it.
    """

    file: str
    line: int = 0
    column: int = 0
    source: str = ""
    width: int = 1
    via: Mark | None = None

    @property
    def where(self) -> str:
        """The line, as messages about another place name it; of a template that which includes."""
        return f"line {self.via.line}, by its template" if self.via else f"line {self.line}"


@dataclass(frozen=True)
class Problem:
    """One fault of a scenario.

    Attributes
    ----------
    mark : Mark
    message : str
        What is wrong, with numbers.
    expected : str
        What would be right; may be empty.
    mend : str
        What to do; may be empty.
    """

    mark: Mark
    message: str
    expected: str = ""
    mend: str = ""

    @property
    def file(self) -> str:
        """File of the fault."""
        return self.mark.file

    @property
    def line(self) -> int:
        """Line of the fault, from 1."""
        return self.mark.line

    @property
    def column(self) -> int:
        """Column of the fault, from 1."""
        return self.mark.column

    @property
    def text(self) -> str:
        """The characters at fault."""
        start = self.mark.column - 1
        return self.mark.source[start : start + self.mark.width]

    def __str__(self) -> str:
        mark = self.mark
        if not mark.line:
            lines = [f"{mark.file}: {self.message}"]
        else:
            lines = [f"{mark.file}:{mark.line}:{mark.column}: {self.message}"]
            if mark.source.strip():
                lines += _excerpt(mark)
        lines += [f"       {self.expected}"] if self.expected else []
        lines += [f"       To mend: {self.mend}"] if self.mend else []
        if via := mark.via:
            lines.append(f"       Included in {via.file}:{via.line}:{via.column}.")
        return "\n".join(lines)


class ScenarioError(Exception):
    """A scenario that cannot be used.

    Attributes
    ----------
    problems : tuple of Problem
        All that was found, in file order, each once.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        unique = dict.fromkeys(problems)
        self.problems = tuple(sorted(unique, key=lambda p: (p.file, p.line, p.column, p.message)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        n = len(self.problems)
        end = f"{n} problem{'' if n == 1 else 's'}; nothing was run."
        return "\n".join([*map(str, self.problems), end])


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, or nothing."""
    near = get_close_matches(name, sorted(known), n=1)
    return near[0] if near else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question with the nearest known name, or nothing."""
    near = nearest(name, known)
    return f"Did you mean {near}?" if near else ""


def _excerpt(mark: Mark) -> list[str]:
    """The line and the caret below; of a long line the part around it."""
    first = max(0, mark.column - 1 - WIDTH // 2) if len(mark.source) > WIDTH else 0
    shown = mark.source[first : first + WIDTH]
    shown = "".join(c if c.isprintable() else " " for c in shown)
    before = shown[: mark.column - 1 - first]
    marked = shown[len(before) : len(before) + mark.width]
    left = "..." if first else ""
    right = "..." if len(mark.source) > first + WIDTH else ""
    caret = " " * (len(left) + _cells(before)) + "^" * max(_cells(marked), 1)
    return [f"  {mark.line:>4} | {left}{shown}{right}".rstrip(), f"       | {caret}"]


def _cells(text: str) -> int:
    """Columns of a terminal that a text fills: wide for Chinese characters."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
