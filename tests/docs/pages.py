"""The script that writes the reference pages, for the tests of what it writes."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs/reference"


def script() -> ModuleType:
    """`docs/reference/build.py`, which stands in no package."""
    spec = importlib.util.spec_from_file_location("reference", REFERENCE / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
