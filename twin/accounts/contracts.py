"""What a scenario has contracted, as the choices of an account: one attribute a kWh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twin.accounts.activity import Activities
from twin.accounts.power import power

if TYPE_CHECKING:
    from twin.results import Run


def contracted(run: Run, given: Mapping[str, Any]) -> dict[str, Any]:
    """The choices with what the scenario's contracts say wherever nothing is given.

    Parameters
    ----------
    run : Run
    given : mapping
        Choices of a method. One that is there overrides the contract, be it empty or zero.

    Returns
    -------
    dict
        The given ones, and `direct_lines`, `green_power` and `certificates_MWh` of the contracts.
    """
    contracts = run.facts.get("contracts", {})
    named = {k: tuple(contracts[k]) for k in ("direct_lines", "green_power") if k in contracts}
    choices = named | dict(given)
    if "certificates" in contracts and "certificates_MWh" not in choices:
        choices["certificates_MWh"] = _retired(run, contracts["certificates"], choices)
    return choices


def _retired(
    run: Run, events: Mapping[str, Mapping[str, Any]], choices: Mapping[str, Any]
) -> float:
    """Certificates that events retired and that make imports green [MWh].

    They stand for the import the event names, up to its amount, unless that has an attribute by
    another contract. Those that were bought all count. One of own generation only moves an
    attribute that the park has, as long as it uses that power itself: it counts for power that was
    sold without its certificate, and for nothing else.
    """
    activities = Activities(run, choices.get("fuels"))
    settled = ("direct_lines", "green_power", "contracts")
    settled_by = {name for key in settled for name in choices.get(key, ())}
    imports = activities.crossing("import", "electricity")
    electricity = power(run, activities, tuple(choices.get("direct_lines", ())))
    spare = electricity.direct_exported_MWh - choices.get("certificates_sold_MWh", 0.0)
    open_ = {use.flow: 0.0 if use.component in settled_by else use.amount for use in imports}
    log = run.events[run.events["what"] == "retire"]
    total = 0.0
    for name, event in sorted(events.items()):
        use = next((u for u in imports if event["use"] in (u.flow, u.component)), None)
        if use is None:
            continue
        lines = log[log["actor"] == name]
        own = float((lines["before"] - lines["after"]).sum())
        moved = min(own, max(spare, 0.0))
        spare -= moved
        # An event retires for all that is used in its run; what the park lacked, it bought.
        bought = max(event["share"] * use.amount - own, 0.0)
        counts = min(bought + moved, open_[use.flow])
        open_[use.flow] -= counts
        total += counts
    return total
