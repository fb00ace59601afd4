"""Steam tables: IAPWS-IF97 through CoolProp."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from types import ModuleType


def if97(wanted: str, first: str, x: float, second: str, y: float) -> float:
    """A property of water and steam in SI from two others, named as CoolProp does (IAPWS-IF97)."""
    return float(_props_si()(wanted, first, x, second, y, "IF97::Water"))


@cache
def _props_si() -> Callable[..., float]:
    """CoolProp's ``PropsSI`` from its extension alone, which loads in milliseconds.

    The door of the package lists all fluids first, which takes two seconds in version 8 and which
    steam tables do not need.
    """
    name = "CoolProp"
    opened = name in sys.modules
    if not opened:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations:
            stand_in = ModuleType(name)
            stand_in.__path__ = list(spec.submodule_search_locations)
            sys.modules[name] = stand_in
    try:
        from CoolProp.CoolProp import PropsSI
    finally:
        if not opened:
            # Whoever imports CoolProp later gets the whole package.
            sys.modules.pop(name, None)
    return PropsSI
