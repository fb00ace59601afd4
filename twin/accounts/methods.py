"""Accounts by the name a user writes: `run.carbon("ndrc-2025-910")`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.accounts.account import CarbonAccount, settings
from twin.accounts.contracts import contracted

if TYPE_CHECKING:
    from twin.accounts.inventory import Inventory
    from twin.accounts.ratings import Rating
    from twin.results import Run

METHODS = ("ndrc-2025-910", "ghg")


def carbon(run: Run, method: str | None = None, **choices: Any) -> CarbonAccount | Inventory:
    """Carbon account of a run by a method.

    Parameters
    ----------
    run : Run
    method : {"ndrc-2025-910", "ghg"}, optional
        By default the one the scenario names under `accounting`.
    **choices
        As in `twin.accounts.ndrc.Choices` and `twin.accounts.ghg.Choices`; the edition of the
        factors and the contracts are the scenario's unless they are given.

    Raises
    ------
    ValueError
        No such method, or a choice it does not have.
    """
    declared = run.facts.get("accounting", {})
    method = method or declared.get("method")
    choices = _edition(run) | contracted(run, choices)
    if method == "ndrc-2025-910":
        from twin.accounts import ndrc

        return ndrc.ndrc(run, settings(choices, ndrc.Choices, method))
    if method == "ghg":
        from twin.accounts import ghg

        return ghg.ghg(run, settings(choices, ghg.Choices, method))
    raise ValueError(f"no method '{method}'; there is {', '.join(METHODS)}")


def rating(run: Run, scheme: str, **choices: Any) -> Rating:
    """Rating of a run: keywords of `rate` as they are, all others choose the account behind it.

    Raises
    ------
    ValueError
        No such scheme or choice.
    """
    from twin.accounts.ndrc import Choices
    from twin.accounts.ratings import rate

    own = {key: choices.pop(key) for key in ("year", "spot_market", "data") if key in choices}
    given = _edition(run) | contracted(run, choices)
    return rate(run, scheme, choices=settings(given, Choices, scheme), **own)


def _edition(run: Run) -> dict[str, Any]:
    """Edition of the factors that the scenario declares."""
    year = run.facts.get("accounting", {}).get("factors")
    return {} if year is None else {"factors": int(year)}
