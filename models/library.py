"""All technologies: importing this registers every model of the folder and of installed plugins.

A package of one's own joins in by the entry point group ``parktwin.models``, naming a module.
"""

from __future__ import annotations

from importlib import import_module, metadata
from pkgutil import iter_modules

import models

_MODULES = tuple(
    info.name for info in iter_modules(models.__path__) if not info.ispkg and info.name != "library"
)

for _name in _MODULES:
    import_module(f"models.{_name}")
for _point in metadata.entry_points(group="parktwin.models"):
    _point.load()
