"""Actors: what happens in a park besides the passing of time. Importing registers them.

Every module of this folder is imported, so a new actor is a new file and nothing else.
"""

from importlib import import_module
from pkgutil import iter_modules

for _info in iter_modules(__path__):
    import_module(f"{__name__}.{_info.name}")
