"""YAML into plain values that remember their place, or the reasons why not."""

from __future__ import annotations

import codecs
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from twin.scenario.errors import Mark, Problem, ScenarioError

MAX_BYTES = 4_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 30
_TAG = "tag:yaml.org,2002:"
_TAGS = {_TAG + t for t in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp")}


@dataclass(frozen=True)
class Value:
    """A scalar, list or mapping with its place.

    Attributes
    ----------
    data : str, int, float, bool, None, list of Value, or dict of str to Value
    mark : Mark
    keys : dict of str to Mark
        Places of the keys of a mapping.
    """

    data: Any
    mark: Mark
    keys: Mapping[str, Mark] = field(default_factory=dict)

    def plain(self) -> Any:
        """The same without places."""
        if isinstance(self.data, dict):
            return {key: value.plain() for key, value in self.data.items()}
        if isinstance(self.data, list):
            return [value.plain() for value in self.data]
        return self.data

    def get(self, key: str) -> Value | None:
        """The value of a key, or nothing where this is no mapping or lacks it."""
        return self.data.get(key) if isinstance(self.data, dict) else None

    def key(self, key: str) -> Mark:
        """Place of a key, or of the whole."""
        return self.keys.get(key, self.mark)


def at(data: object, mark: Mark) -> Value:
    """A Python value as if it stood at `mark`."""
    if isinstance(data, Value):
        return data
    if isinstance(data, Mapping):
        items = {str(key): at(value, mark) for key, value in data.items()}
        return Value(items, mark, dict.fromkeys(items, mark))
    if isinstance(data, list | tuple):
        return Value([at(value, mark) for value in data], mark)
    if hasattr(data, "tolist"):  # of numpy
        return at(data.tolist(), mark)
    if data is None or isinstance(data, str | bool | int | float):
        if isinstance(data, int | float) and not _finite(data):
            raise ScenarioError([Problem(mark, f"'{str(data)[:40]}' is not a finite number")])
        return Value(data, mark)
    raise ScenarioError([Problem(mark, f"a scenario cannot hold a {type(data).__name__}")])


def _finite(number: int | float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # an integer beyond all floats
        return False


def read(path: Path) -> Value:
    """The content of a scenario file.

    Raises
    ------
    ScenarioError
        The file cannot be opened or is not plain YAML; all duplicate keys, tags and numbers that
        are not finite are reported at once.
    """
    name = shown(path)

    def stop(message: str, mend: str, mark: Mark | None = None) -> ScenarioError:
        return ScenarioError([Problem(mark or Mark(name), message, mend=mend)])

    try:
        raw = path.read_bytes()
    except IsADirectoryError:
        raise stop("this is a directory, not a file", "name the scenario file inside it") from None
    except FileNotFoundError:
        raise stop("there is no such file", "check the path, or write the file") from None
    except OSError as error:
        raise stop(f"cannot be read: {error.strerror}", "give a file that can be read") from None
    except ValueError:
        raise stop("this is no path", "name a file") from None
    if len(raw) > MAX_BYTES:
        raise stop(
            f"the file has {len(raw)} bytes; a scenario has at most {MAX_BYTES}",
            "move time series into CSV or Parquet files",
        )
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or raw[:4].count(0) > 1:
        raise stop("the file is UTF-16 or UTF-32, not UTF-8", "save the file as UTF-8")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        head = raw[: error.start]
        begin = head.rfind(b"\n") + 1
        line = raw[begin:].split(b"\n")[0].decode("utf-8", errors="replace").rstrip("\r")
        column = len(head[begin:].decode("utf-8")) + 1
        mark = Mark(name, head.count(b"\n") + 1, column, line)
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        raise stop(message, "save the file as UTF-8", mark) from None
    return parse(text, name)


def parse(text: str, name: str) -> Value:
    """YAML text as values; `name` stands for the file in messages."""
    lines = text.splitlines()

    def mark_at(line: int, column: int, width: int = 1) -> Mark:
        return Mark(name, line + 1, column + 1, lines[line] if line < len(lines) else "", width)

    def place_of(index: int) -> Mark:
        return mark_at(text.count("\n", 0, index), index - text.rfind("\n", 0, index) - 1)

    if "\0" in text:
        message = "the file holds a NUL character"
        raise ScenarioError([Problem(place_of(text.index("\0")), message, mend="delete it")])
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except RecursionError:
        raise ScenarioError([_too_deep(mark_at(0, 0))]) from None
    except ReaderError as error:
        problem = Problem(
            place_of(error.position),
            f"character U+{ord(text[error.position]):04X} does not belong in YAML",
            mend="delete it",
        )
        raise ScenarioError([problem]) from None
    except MarkedYAMLError as error:
        raise ScenarioError([_syntax(error, mark_at)]) from None
    except (YAMLError, ValueError) as error:
        problem = Problem(mark_at(0, 0), f"not YAML: {' '.join(str(error).split())}")
        raise ScenarioError([problem]) from None
    if node is None:
        message, mend = "the file is empty", "begin with 'park:' and 'site:'"
        raise ScenarioError([Problem(mark_at(0, 0), message, mend=mend)])
    walk = _Walk(mark_at)
    value = walk.value(node, 0)
    if walk.problems:
        raise ScenarioError(walk.problems)
    if not isinstance(value.data, dict):
        what = "a list" if isinstance(value.data, list) else "a single value"
        raise ScenarioError(
            [
                Problem(
                    value.mark,
                    f"the top of the file is {what}, not a mapping",
                    mend="begin with 'park:' and 'site:', without a dash",
                )
            ]
        )
    return value


def shown(path: Path) -> str:
    """A path as messages show it: relative where that is shorter."""
    absolute = os.path.abspath(path)
    relative = os.path.relpath(absolute)
    return absolute if relative.startswith("..") else relative


def _syntax(error: MarkedYAMLError, mark_at: Any) -> Problem:
    place = error.problem_mark or error.context_mark
    mark = mark_at(place.line, place.column) if place else mark_at(0, 0)
    reason = " ".join((error.problem or error.context or "cannot be read").split())
    if "'\\t'" in reason or mark.source[mark.column - 1 : mark.column] == "\t":
        return Problem(mark, "a tab stands where YAML wants spaces", mend="indent with spaces")
    if "undefined alias" in reason:
        reason = reason.removeprefix("found ")
        return Problem(mark, reason, mend="define it above with '&', or quote the text")
    if "another document" in reason or "expected a single document" in reason:
        return Problem(mark, "a second document begins here", mend="keep one document in a file")
    mend = "check indentation, colons, quotes and brackets here and in the line above"
    if "mapping values are not allowed" in reason:
        mend = "quote the text if it holds a colon, or check the indentation"
    return Problem(mark, f"not YAML: {reason}", mend=mend)


def _too_deep(mark: Mark) -> Problem:
    message = f"nested more than {MAX_DEPTH} levels deep"
    return Problem(mark, message, mend="a scenario needs five or six")


class _Walk:
    """Nodes to values, counting so that aliases cannot explode."""

    def __init__(self, mark_at: Any) -> None:
        self.mark_at = mark_at
        self.problems: list[Problem] = []
        self.count = 0
        self.open: set[int] = set()

    def value(self, node: Node, depth: int, mark: Mark | None = None) -> Value:
        mark = mark or self._mark(node)
        self.count += 1
        if depth > MAX_DEPTH:
            raise ScenarioError([_too_deep(mark)])
        if self.count > MAX_VALUES:
            message = f"aliases unfold to more than {MAX_VALUES} values"
            raise ScenarioError([Problem(mark, message, mend="write the values out")])
        tag = str(node.tag)
        if tag not in _TAGS:
            shown_tag = tag.replace(_TAG, "!!")
            message = f"the tag '{shown_tag}' is not allowed"
            self.problems.append(Problem(mark, message, mend="write plain values"))
            return Value(None, mark)
        if isinstance(node, SequenceNode | MappingNode):
            if id(node) in self.open:
                message = "an alias below stands for the whole that holds it"
                raise ScenarioError([Problem(mark, message, mend="write the values out")])
            self.open.add(id(node))
            if isinstance(node, MappingNode):
                value = self._mapping(node, depth, mark)
            else:
                value = Value([self.value(item, depth + 1) for item in node.value], mark)
            self.open.remove(id(node))
            return value
        return Value(self._scalar(str(node.value), tag, mark), mark)

    def _mapping(self, node: MappingNode, depth: int, mark: Mark) -> Value:
        data: dict[str, Value] = {}
        keys: dict[str, Mark] = {}
        for key_node, value_node in node.value:
            here = self._mark(key_node)
            if not isinstance(key_node, ScalarNode):
                self.problems.append(Problem(here, "a key must be a word", mend="write one word"))
                continue
            key = str(key_node.value)
            if key in data:
                self.problems.append(
                    Problem(
                        here,
                        f"the key '{key}' stands twice, first in line {keys[key].line}",
                        mend="keep one of the two",
                    )
                )
                continue
            empty = isinstance(value_node, ScalarNode) and value_node.value == ""
            keys[key] = here
            data[key] = self.value(value_node, depth + 1, here if empty else None)
        return Value(data, mark, keys)

    def _scalar(self, text: str, tag: str, mark: Mark) -> Any:
        if tag == _TAG + "null":
            return None
        if tag == _TAG + "bool":
            return text.lower() == "true"
        if tag not in (_TAG + "int", _TAG + "float"):
            return text
        number: int | float
        try:
            number = int(text) if tag == _TAG + "int" else float(text.replace("_", ""))
        except ValueError:  # also of more digits than int() takes
            number = math.nan
        if not _finite(number):
            short = text if len(text) <= 40 else text[:37] + "..."
            message = f"'{short}' is not a finite decimal number"
            self.problems.append(Problem(mark, message, mend="write a plain decimal number"))
            return None
        return number

    def _mark(self, node: Node) -> Mark:
        start, end = node.start_mark, node.end_mark
        mark: Mark = self.mark_at(start.line, start.column)
        stop = end.column if end.line == start.line else len(mark.source.rstrip())
        return Mark(mark.file, mark.line, mark.column, mark.source, max(stop - start.column, 1))
