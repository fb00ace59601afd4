"""From YAML events to nodes, so that no tag ever constructs anything."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from twin.scenario.errors import Problem, ScenarioError
from twin.scenario.nodes import Mark, Node, Source
from twin.scenario.syntax import explain

MAX_DEPTH = 32
MAX_NODES = 100_000
MAX_DIGITS = 40

NULL = re.compile(r"(?:null|Null|NULL|~|)\Z")
BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
INT = re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
NOT_FINITE = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
CORE_TAGS = {
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq")
}


class Composer:
    """Composes one text."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node | None] = {}
        self.count = 0

    def compose(self, text: str) -> Node:
        """The root of the text; raises ScenarioError with every fault it can name."""
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        bad = UNPRINTABLE.search(text)
        if bad:
            before = re.split(r"\r\n|\n|\r", text[: bad.start()])
            mark = self._mark(len(before) - 1, len(before[-1]), 1)
            name = f"character U+{ord(bad.group()):04X} does not belong in a scenario"
            raise ScenarioError([mark.problem(name, mend="remove it")])
        events = iter(YAML(typ="safe", pure=True).parse(text))
        root: Node | None = None
        try:
            for event in events:
                name = type(event).__name__
                if name == "DocumentStartEvent" and root is not None:
                    self._refuse(event, "a second document begins here", "keep one park a file")
                elif not name.startswith(("Stream", "Document")):
                    root = self._node(event, events, 0)
        except YAMLError as error:
            self.problems.append(explain(error, self.source))
        except RecursionError:  # pragma: no cover - the depth limit comes first
            self._stop(Mark(self.source), "the file is nested too deeply", "flatten it")
        if self.problems:
            raise ScenarioError(self.problems)
        return root or Node(None, Mark(self.source))

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        name = type(event).__name__
        if depth > MAX_DEPTH:
            self._stop(
                self._at(event),
                f"values are nested more than {MAX_DEPTH} deep here",
                "a scenario needs few levels; flatten this",
            )
        if name == "AliasEvent":
            return self._alias(event)
        anchor = event.anchor
        if anchor is not None:
            self.anchors[anchor] = None
        tag = None if event.tag is None else str(event.tag)
        if tag not in (None, "!") and tag not in CORE_TAGS:
            self._refuse(event, f"the tag {tag} is not allowed in a scenario", "remove the tag")
        self._counted(1, event)
        if name == "ScalarEvent":
            node = self._scalar(event, tag)
        elif name == "MappingStartEvent":
            node = self._mapping(event, events, depth)
        else:
            items = []
            while type(event_ := next(events)).__name__ != "SequenceEndEvent":
                items.append(self._node(event_, events, depth + 1))
            node = Node(items, self._at(event), size=1 + sum(item.size for item in items))
        if anchor is not None:
            self.anchors[anchor] = node
        return node

    def _alias(self, event: Any) -> Node:
        node = self.anchors.get(event.anchor)
        if node is None:
            inside = event.anchor in self.anchors
            message = f"alias *{event.anchor} " + (
                "refers to the value it stands in" if inside else "has no anchor above it"
            )
            self._refuse(event, message, f"write the value out, or put &{event.anchor} before it")
            return Node(None, self._at(event))
        self._counted(node.size, event)
        return replace(node, mark=self._at(event))

    def _mapping(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        entries: dict[str, Node] = {}
        while type(key := next(events)).__name__ != "MappingEndEvent":
            name = self._node(key, events, depth + 1)
            child = self._node(next(events), events, depth + 1)
            if isinstance(name.value, dict | list) or name.value is None:
                what = name.shown if name.value is not None else "missing"
                self._refuse(key, f"a key must be a word, this one is {what}", "write 'key: value'")
            elif name.text == "<<":
                self._refuse(key, "'<<' merges are not part of YAML 1.2", "write the keys out")
            elif name.text in entries:
                first = entries[name.text].at.line
                self._refuse(
                    key,
                    f"key '{name.text}' is given twice; the first is in line {first}",
                    "remove one of them, or rename it",
                )
            else:
                entries[name.text] = replace(child, key=name.mark)
        size = 1 + sum(child.size for child in entries.values())
        return Node(entries, self._at(event), size=size)

    def _scalar(self, event: Any, tag: str | None) -> Node:
        text, mark = event.value, self._at(event)
        if event.style is not None or tag in ("!", "tag:yaml.org,2002:str"):
            return Node(text, mark, text=text)
        value: Any = text
        if NULL.match(text):
            value = None
        elif BOOL.match(text):
            value = text.lower() == "true"
        elif NOT_FINITE.match(text):
            self._refuse(event, f"{text} is not a number a park can use", "give a finite number")
        elif INT.match(text) or FLOAT.match(text):
            number = float(text) if text[:2] not in ("0x", "0o") else 0.0
            if len(text) > MAX_DIGITS or math.isinf(number):
                self._refuse(event, f"{text[:20]} is too large or too long a number", "round it")
            else:
                value = number
                if INT.match(text):
                    value = int(text, 0 if text[:2] in ("0x", "0o") else 10)
        return Node(value, mark, text=text)

    def _counted(self, size: int, event: Any) -> None:
        self.count += size
        if self.count > MAX_NODES:
            self._stop(
                self._at(event),
                f"the file grows to more than {MAX_NODES} values here, aliases written out",
                "remove nested aliases, and move time series to CSV files",
            )

    def _at(self, event: Any) -> Mark:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 0
        if length <= 0 or type(event).__name__.endswith("StartEvent"):
            line = self.source.lines[start.line] if start.line < len(self.source.lines) else ""
            length = len(line.rstrip()) - start.column
        return self._mark(start.line, start.column, length)

    def _mark(self, line: int, column: int, length: int) -> Mark:
        return Mark(self.source, line + 1, column + 1, max(length, 1))

    def _refuse(self, event: Any, message: str, mend: str) -> None:
        self.problems.append(self._at(event).problem(message, mend=mend))

    def _stop(self, mark: Mark, message: str, mend: str) -> None:
        raise ScenarioError([*self.problems, mark.problem(message, mend=mend)])
