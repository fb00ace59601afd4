"""The house rules that a reader relies on: imports point one way, nothing heavy at the door."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LAYERS = (
    "scenario", "network", "engine", "accounts", "results", "simulate", "view", "study",
    "cli",
)  # fmt: skip
"""Inside twin, from the bottom to the top; each may import what stands before it."""


def imports(path: Path) -> set[str]:
    """Modules a file imports when it is loaded."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_models_never_import_twin() -> None:
    """A model that looks at the simulator could no longer be read or tested alone."""
    for path in (ROOT / "models").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "import twin" not in text, path
        assert "from twin" not in text, path


def test_imports_inside_twin_point_down() -> None:
    """A lower layer that imports a higher one makes a circle that no reader can follow."""
    for path in (ROOT / "twin").rglob("*.py"):
        parts = path.relative_to(ROOT / "twin").parts
        layer = parts[0].removesuffix(".py")
        if layer == "__init__":
            continue
        for module in imports(path):
            if module.startswith("twin."):
                used = module.split(".")[1]
                assert LAYERS.index(used) <= LAYERS.index(layer), f"{path} imports {module}"


def test_the_door_is_light() -> None:
    """`twin --help` must not load numerics: each of these costs more than the whole command."""
    code = (
        "import sys, twin, twin.cli\n"
        "heavy = {'numba', 'pandas', 'xarray', 'CoolProp', 'matplotlib', 'pvlib', 'scipy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_readme_and_ci_run_the_same_command() -> None:
    """The second sh block of the README is the test command; CI takes it from there."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = [part.split("```")[0].strip() for part in text.split("```sh\n")[1:]]
    assert "twin run kalundborg" in blocks[0]
    assert "pytest" in blocks[1]
    assert all("\n" not in block for block in blocks[:2])
    assert "README.md" in (ROOT / ".ci/run").read_text(encoding="utf-8")
