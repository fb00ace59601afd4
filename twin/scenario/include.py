"""A scenario with the templates it includes written out: from here on they leave no trace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from twin.scenario.change import placed
from twin.scenario.errors import ScenarioError, did_you_mean, nearest
from twin.scenario.events import event_name
from twin.scenario.fields import Reader
from twin.scenario.hints import said
from twin.scenario.read import Value
from twin.scenario.template import (
    LISTS,
    NAME,
    RESERVED,
    Filling,
    Template,
    read_template,
)
from twin.scenario.units import Money

FOLDER = "templates"


def included(tree: Value, roots: tuple[Path, ...]) -> Value:
    """The scenario without `include`, with what its templates say among its own parts.

    Parameters
    ----------
    roots : tuple of Path
        Folders whose `templates/` are searched: the park's first, that of the shipped parks last.

    Raises
    ------
    ScenarioError
        With all that is wrong with the templates and with what is given to them.
    """
    entries = tree.get("include")
    if entries is None:
        return tree
    tree = replace(tree, data={key: part for key, part in tree.data.items() if key != "include"})
    reader = Reader(Money(), roots)
    templates: dict[str, Template | None] = {}
    if isinstance(entries.data, list):
        for entry in entries.data:
            template = _template(reader, entry, templates)
            if template is not None:
                parts = _instance(reader, entry, template)
                tree = _merged(reader, tree, parts, template.name)
    elif entries.data is not None:
        message = f"'include' needs a list, got {said(entries.data)}"
        reader.complain(tree.key("include"), message, "begin each entry with '- template: ...'")
    if reader.problems:
        raise ScenarioError(reader.problems)
    return tree


def templates_in(root: Path) -> dict[str, Path]:
    """Files of the templates in a folder of parks, by name."""
    return {path.stem: path for path in sorted((root / FOLDER).glob("*.yaml"))}


def _template(reader: Reader, entry: Value, known: dict[str, Template | None]) -> Template | None:
    """The template of an entry, read once; nothing where it is faulty."""
    named = entry.get("template")
    if named is None or not isinstance(named.data, str):
        mark = next(iter(entry.keys.values()), entry.mark) if named is None else named.mark
        message = "an entry of 'include' needs 'template:', the name of a template"
        reader.complain(mark, message, "write '- {template: NAME, ...}'")
        return None
    name = named.data
    if name in known:
        return known[name]
    known[name] = None
    try:
        known[name] = read_template(reader.find(f"{FOLDER}/{name}.yaml"), name)
    except FileNotFoundError:
        names = sorted({each for root in reader.roots for each in templates_in(root)})
        expected = f"Templates: {', '.join(names) or 'none'}. {did_you_mean(name, names)}".rstrip()
        mend = f"name one of these, or write {FOLDER}/NAME.yaml in the park's folder"
        reader.complain(named.mark, f"there is no template {said(name)}", mend, expected)
    except ScenarioError as error:
        for problem in error.problems:
            mark = replace(problem.mark, via=named.mark)
            reader.problems.append(replace(problem, mark=mark))
    return known[name]


def _instance(reader: Reader, entry: Value, template: Template) -> dict[str, Value]:
    """The parts of a template with what an entry gives; none where it gives too little."""
    via, label = entry.data["template"].mark, f"template '{template.name}'"
    known = sorted(template.parameters)
    given: dict[str, Value] = {NAME: Value(template.name, via)}
    meant = set()
    for key, value in entry.data.items():
        if key in template.parameters and value.data is not None:
            given[key] = value
        elif key not in (*template.parameters, *RESERVED):
            expected = f"Parameters: {', '.join(known)}. {did_you_mean(key, known)}".rstrip()
            message = f"unknown parameter '{key}' of {label}"
            reader.complain(entry.key(key), message, "correct or delete it", expected)
            meant.add(nearest(key, known))  # what was meant is not missed again
    lacking = [k for k, each in template.parameters.items() if each.required and k not in given]
    for key in lacking:
        if key not in meant:
            about = template.parameters[key].description
            reader.complain(via, f"{label} lacks '{key}'", f"add '{key}: ...'", f"{key}: {about}")
    if lacking:
        return {}
    filling = Filling(given, via)
    for key, parameter in template.parameters.items():
        if key not in given and parameter.default is not None:
            default = filling.value(parameter.default)
            if default is not None:
                given[key] = default
    filling.used = {NAME}
    parts = {key: filling.section(part) for key, part in template.parts.items()}
    if filling.problems:
        reader.problems += filling.problems
        return {}
    for key in entry.data:
        if key in given and key not in filling.used:
            message = f"'{key}' is given to {label}, but what it is for is left out"
            reader.complain(entry.key(key), message, "delete it, or give what goes with it")
    return _changed(reader, entry, parts, label)


def _changed(reader: Reader, entry: Value, parts: dict[str, Value], label: str) -> dict[str, Value]:
    """The parts with the `change` of an entry, whose paths are those of variants."""
    changes = entry.get("change")
    if changes is None or changes.data is None:
        return parts
    if not isinstance(changes.data, dict):
        message = f"'change' of {label} needs a mapping of paths to values, got "
        reader.complain(changes.mark, message + said(changes.data), "write 'component.key: value'")
        return parts
    for path, value in changes.data.items():
        mark, steps = changes.key(path), path.split(".")
        events = steps[0] == "events"
        section = parts.get("events" if events else "components", Value({}, mark))
        names = [event_name(e) for e in section.data] if events else list(section.data)
        steps = steps[1:] if events else steps
        what = "event" if events else "component"
        if len(steps) < 2 or not all(steps):
            mend = "write component.key, or events.NAME.key"
            reader.complain(mark, f"'{path}' is no path", mend)
        elif steps[0] not in names:
            near = did_you_mean(steps[0], names)
            expected = f"{what.capitalize()}s: {', '.join(names) or 'none'}. {near}".rstrip()
            message = f"{label} has no {what} '{steps[0]}'"
            reader.complain(mark, message, "name one of these", expected)
        else:
            first = str(names.index(steps[0])) if events else steps[0]
            try:
                made = placed(section, [first, *steps[1:]], value, mark)
            except ScenarioError as error:
                reader.problems += error.problems
            else:
                parts["events" if events else "components"] = made
    return parts


def _merged(reader: Reader, tree: Value, parts: dict[str, Value], template: str) -> Value:
    """The scenario with the parts of one instance added."""
    data, keys = dict(tree.data), dict(tree.keys)
    for key, part in parts.items():
        empty = Value([] if key in LISTS else {}, part.mark)
        there: Value = data.get(key, empty)
        there = empty if there.data is None else there
        keys.setdefault(key, part.mark)
        if key in LISTS:  # a mapping of buses is one item of their list
            old = there.data if isinstance(there.data, list) else [there]
            new = part.data if isinstance(part.data, list) else [part]
            data[key] = Value([*old, *new], there.mark)
        elif isinstance(there.data, dict):
            for name in set(part.data) & set(there.data):
                message = f"{key[:-1]} '{name}' of template '{template}' stands twice, first in "
                mend = "give one of the two another name"
                reader.complain(part.key(name), message + there.key(name).where, mend)
            both = {**there.data, **part.data}
            data[key] = Value(both, there.mark, {**there.keys, **part.keys})
    return replace(tree, data=data, keys=keys)
