"""What a park has contracted for its electricity: whose attribute a kWh that is bought carries.

Prices are no part of it: tariffs and offtake stand with the components that buy and sell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from models.base import Carrier, Flow
from twin.scenario.errors import ScenarioError, did_you_mean
from twin.scenario.events import Event
from twin.scenario.fields import Reader
from twin.scenario.hints import said
from twin.scenario.parts import BAD, SOURCED
from twin.scenario.read import Value

if TYPE_CHECKING:
    from twin.scenario.park import Park

ACTOR = "certificates"
"""The actor whose events may be named."""

Contracts = dict[str, tuple[str, ...]]
"""Names by key of `ContractsSpec`, without the keys that name nothing."""


class ContractsSpec(BaseModel):
    """Contracts of a park; each name stands once, for one kWh has one attribute."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    direct_lines: tuple[str, ...] = Field(
        (), description="Components that import electricity by a line from non-fossil plant."
    )
    green_power: tuple[str, ...] = Field(
        (),
        description="Components that import electricity for which the supplier retires "
        "certificates: a green tariff, or traded green power.",
    )
    certificates: tuple[str, ...] = Field(
        (), description="Events of the actor certificates that retire for imports of the park."
    )


def read_contracts(
    reader: Reader, tree: Value, components: set[str] | None, events: Mapping[str, Event]
) -> Contracts:
    """The contracts by key; what is wrong is noted in the reader.

    Parameters
    ----------
    components : set of str or None
        Names of the park's components; None where their list is missing.
    events : mapping of str to Event
        Those of the park that were found good.
    """
    value = tree.get("contracts")
    if value is None or value.data is None:
        return {}
    if not isinstance(value.data, dict):
        message = f"'contracts' needs a mapping of kinds to lists of names, got {said(value.data)}"
        reader.complain(value.mark, message, "write 'contracts: {direct_lines: [NAME]}'")
        return {}
    spec = reader.spec(ContractsSpec, value, "the contracts", place=tree.key("contracts"))
    if spec is BAD:
        return {}
    first: dict[str, str] = {}
    for key in ContractsSpec.model_fields:
        for item in _items(value.get(key)):
            name = str(item.data)
            if name in first:
                message = f"'{name}' stands under {first[name]} of the contracts and again here"
                reader.complain(item.mark, message, "keep one: a kWh has one attribute")
            elif key == "certificates":
                _certificates(reader, item, events)
            elif components is not None and name not in components:
                message = f"unknown component '{name}' in {key} of the contracts"
                near = did_you_mean(name, components)
                mend = "name a component that imports electricity"
                reader.complain(item.mark, message, mend, near)
            first.setdefault(name, key)
    named = ((key, getattr(spec, key)) for key in ContractsSpec.model_fields)
    return {key: names for key, names in named if names}


def _certificates(reader: Reader, item: Value, events: Mapping[str, Event]) -> None:
    """Complain about an event that is not there, is of another actor or retires nothing."""
    name = str(item.data)
    known = sorted(e for e, event in events.items() if event.spec.kind == ACTOR)
    listed = f"Events of actor {ACTOR}: {', '.join(known) or 'none'}."
    mend = "name one of these" if known else f"add an event of actor {ACTOR}"
    if name not in events:
        message = f"unknown event '{name}' in certificates of the contracts"
        expected = f"{listed} {did_you_mean(name, known)}".rstrip()
        reader.complain(item.mark, message, mend, expected)
    elif name not in known:
        message = f"event '{name}' in certificates of the contracts is of another actor"
        reader.complain(item.mark, message, mend, listed)
    elif getattr(events[name].spec, "use", None) is None:
        message = f"event '{name}' in certificates of the contracts retires nothing"
        reader.complain(item.mark, message, "give it 'use:', the import it covers, or delete it")


def check_contracts(park: Park, flows: Iterable[Flow], carriers: Mapping[str, Carrier]) -> None:
    """Refuse contracts for what is no import of electricity, which only its flows can tell.

    Parameters
    ----------
    park : Park
    flows : iterable of Flow
        Those the park was built to.
    carriers : mapping of str to Carrier
        What crosses the fence, by name.

    Raises
    ------
    ScenarioError
        With each name of the contracts that imports no electricity.
    """
    buying = [
        flow
        for flow in flows
        if flow.side == "import"
        and any("electricity" in carriers[name].kind.split("|") for name in flow.exchange)
    ]
    importers = sorted({flow.component for flow in buying})
    covered = {*importers, *(flow.name for flow in buying)}
    problems = []
    for key, names in park.contracts.items():
        for name in names:
            use = park.events[name].spec.use if key == "certificates" else name  # type: ignore[attr-defined]
            if use in covered:
                continue
            what = f"'{name}' in {key} of the contracts imports no electricity"
            if key == "certificates":
                what = f"event '{name}' retires for '{use}', which imports no electricity"
            listed = f"Imports of electricity: {', '.join(importers) or 'none'}."
            at = f"{key}.{names.index(name)}"
            mend = "name one of these" if importers else "delete this line"
            problems.append(park.problem("contracts", at, what, expected=listed, mend=mend))
    if problems:
        raise ScenarioError(problems)


def in_one_order(given: Mapping[str, Any]) -> dict[str, Any]:
    """Contracts as they were written, in the one order that a resolved scenario has."""
    out: dict[str, Any] = {}
    for key in ContractsSpec.model_fields:
        names = given.get(key)
        if isinstance(names, dict):
            plain = names | {"value": sorted(names["value"])}
            out[key] = {part: plain[part] for part in SOURCED if part in plain}
        elif names:
            out[key] = sorted(names)
    return out


def _items(value: Value | None) -> list[Value]:
    inner = None if value is None else value.get("value") or value
    return [] if inner is None else list(inner.data)
