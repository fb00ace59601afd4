"""What a run took from its surroundings, held against what its technologies planned for."""

from __future__ import annotations

from twin.accounts.ledger import Ledger
from twin.network.build import Plans

TOLERANCE = 0.1


class PlanWarning(UserWarning):
    """A run took more than was planned, so that what follows from the plan does not hold."""


def overruns(ledger: Ledger, plans: Plans) -> list[str]:
    """One line for each plan that a run exceeded.

    More than a tenth of the plan over the run counts, or of a year's plan where that is more: a
    cold week is no breach of a plan for a year.
    """
    found = []
    outside = ledger.entries[ledger.entries["role"] == "outside"]
    for component, fields in sorted(plans.items()):
        mine = outside[outside["component"] == component]
        for field, (carrier, planned, annual) in sorted(fields.items()):
            rows = mine[mine["place"] == carrier]
            taken = -float(rows["amount"].sum())
            if taken - planned <= TOLERANCE * max(planned, annual):
                continue
            unit = rows["unit"].iloc[0]
            found.append(
                f"'{component}' took {taken:.6g} {unit} of {carrier}, and {planned:.6g} {unit} "
                f"were planned for this time ({annual:.6g} {unit} a year): what was reckoned from "
                "the plan, such as temperature and COP, is too good. "
                f"To mend: plan what it takes, in {component}.{field}"
            )
    return found
