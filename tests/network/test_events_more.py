"""Events of markets and accounts that name flows: a wrong one is refused at its line."""

from __future__ import annotations

import pytest

from tests.messages.conftest import Refused, refused
from tests.network.test_events import park

__all__ = ["refused"]

CASES = {
    "demand_charge": ("- {actor: demand_charge, flow: X, price: 1 CNY/MW}", "water.import"),
    "day_ahead": ("- {actor: day_ahead, flow: X}", "water.import"),
    "certificates": ("- {actor: certificates, generation: [field, X]}", "grid"),
    "use": ("- {actor: certificates, use: X}", "grid"),
    "allowances": ("- {actor: allowances, components: [stacks, X], price: 9 CNY/tCO2}", "gas"),
}


@pytest.mark.parametrize(("event", "name"), list(CASES.values()), ids=list(CASES))
def test_a_flow_that_is_not_there(refused: Refused, event: str, name: str) -> None:
    """Before, the run named neither file nor line, and the check passed."""
    column = event.index("X") + 1
    found = refused(park(event.replace("X", name)))
    assert found.startswith(f"park.yaml:19:{column}: event ")
    assert f"'{name}'" in found and "To mend: " in found
