"""Loading a park with everything a scenario may name: technologies and actors."""

from __future__ import annotations

from pathlib import Path

from twin.scenario import park
from twin.scenario.park import Park


def load(name: str | Path) -> Park:
    """Load a shipped park by name, or a scenario by the path of its file or folder.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the file, each at its line.
    """
    return park.load(name)
