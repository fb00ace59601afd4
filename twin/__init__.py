"""ParkTwin: the discrete-event digital twin of a zero-carbon industrial park."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twin.results import Run
    from twin.results import open_run as open
    from twin.scenario.errors import ScenarioError
    from twin.scenario.park import Park, load
    from twin.study.audit import audit
    from twin.study.claims import claims
    from twin.study.compare import compare
    from twin.view.progress import run

__all__ = ["Park", "Run", "ScenarioError", "audit", "claims", "compare", "load", "open", "run"]

_WHERE = {
    "Park": ("twin.scenario.park", "Park"),
    "Run": ("twin.results", "Run"),
    "ScenarioError": ("twin.scenario.errors", "ScenarioError"),
    "audit": ("twin.study.audit", "audit"),
    "claims": ("twin.study.claims", "claims"),
    "compare": ("twin.study.compare", "compare"),
    "load": ("twin.scenario.park", "load"),
    "open": ("twin.results", "open_run"),
    "run": ("twin.view.progress", "run"),
}


def __dir__() -> list[str]:
    """The public names, loaded or not."""
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    """Import what is asked for, so that `import twin` costs nothing."""
    if name not in _WHERE:
        raise AttributeError(f"module 'twin' has no attribute '{name}'")
    from importlib import import_module

    module, attribute = _WHERE[name]
    return getattr(import_module(module), attribute)
