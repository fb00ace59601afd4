"""Random streams keyed by name, so that adding an actor never changes another's draws."""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """Generator for `name` under `seed`.

    The spawn key is the SHA-256 of the name: positional spawning would give every later stream
    other numbers as soon as one is added before it.
    """
    digest = hashlib.sha256(name.encode()).digest()
    key = tuple(int.from_bytes(digest[i : i + 4], "big") for i in range(0, 16, 4))
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
