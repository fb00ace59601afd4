"""Names that a scenario may give."""

from __future__ import annotations

import re

from twin.scenario.errors import Mark
from twin.scenario.fields import Reader

RESERVED = ("park", "site", "events", "contracts")
_NAME = re.compile(r"[^\W\d][\w-]*\Z")


def read_name(reader: Reader, name: str, mark: Mark, what: str) -> bool:
    """Whether a name may be used; complains if not."""
    if not _NAME.match(name):
        mend = "use letters, digits, '_' and '-', beginning with a letter"
        reader.complain(mark, f"{what} '{name[:60]}' is no name", mend)
        return False
    if name in RESERVED:
        mend = "choose another name; overrides use this one"
        reader.complain(mark, f"{what} '{name}' has a reserved name", mend)
        return False
    return True
