"""What a YAML parser's complaint means to the author of a scenario."""

from __future__ import annotations

from typing import Any

from twin.scenario.errors import Problem
from twin.scenario.nodes import Mark, Source

QUOTE = 'put text that holds ": " or begins with a special character in quotes'


def explain(error: Any, source: Source) -> Problem:
    """The problem behind a ruamel.yaml error, in words and with a mend."""
    problem = str(getattr(error, "problem", None) or "the text is not YAML")
    here, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    context = str(getattr(error, "context", None) or "")
    at, message, mend, expected = here or opened, f"this is not YAML: {problem}", QUOTE, ""
    if "'\\t'" in problem:
        message = "a tab stands where YAML allows only spaces"
        mend = "replace the tab by spaces"
    elif "quoted scalar" in context and "end of stream" in problem:
        at, message = opened, "the quote that opens here is never closed"
        mend = "close it, or write '' for a quote inside single quotes"
    elif "flow" in context and "but got ':'" in problem:
        message = "a second ':' in one value"
    elif "flow" in context and "but got" in problem:
        kind, bracket = ("mapping", "}") if "mapping" in context else ("list", "]")
        at, message = opened, f"the {kind} that opens here is not closed"
        mend = f"close it with '{bracket}', and separate its entries by commas"
    elif "mapping values are not allowed" in problem:
        message = "a ':' does not fit here"
        expected = (
            "A line holds one 'key: value', and stands deeper than the line above it only if "
            "that line ends in ':'."
        )
        mend = "mend the indentation, or " + QUOTE
    elif "could not find expected ':'" in problem:
        at, message = opened, "this line is neither 'key: value' nor a list entry"
        mend = "write 'key: value', or '- value' in a list"
    elif "cannot start any token" in problem:
        message = "a value cannot begin with this character"
    elif "<block end>" in problem:
        message = "this line does not fit the lines above it"
        mend = "indent it as its neighbours, and do not mix '- entries' with 'key: value'"
    elif "unknown escape" in problem:
        message = f"in double quotes a backslash is special: {problem}"
        mend = "use single quotes, or write the backslash twice"
    return _place(at, source).problem(message, expected, mend)


def _place(mark: Any, source: Source) -> Mark:
    """The parser may point one past the end."""
    line = min(mark.line, len(source.lines) - 1) if mark is not None else 0
    last = max(len(source.lines[line]), 1)
    column = min(mark.column, last - 1) if mark is not None else 0
    return Mark(source, line + 1, column + 1)
