"""All technologies: importing this registers every model of the folders and of installed plugins.

A package of one's own joins in by the entry point group ``parktwin.models``, naming a module.
"""

from __future__ import annotations

from importlib import import_module, metadata
from pkgutil import walk_packages

import models

_MODULES = tuple(
    info.name
    for info in walk_packages(models.__path__, "models.")
    if not info.name.startswith(("models.library", "models.weather"))
)

for _name in _MODULES:
    import_module(_name)
for _point in metadata.entry_points(group="parktwin.models"):
    _point.load()
