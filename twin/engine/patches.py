"""What actors hold on the flows, kept as differences: one event changes a few numbers of many."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

EVERY = 256
"""A whole copy is kept after so many differences, so that any one is found by few steps."""


class Patches:
    """Arrays of one shape, one after the other; each is remembered by what differs from the last.

    `patches[k]` is a copy of the k-th. In memory each costs its differences and a share of a copy.
    """

    def __init__(self) -> None:
        self._whole: list[np.ndarray] = []
        self._parts: list[tuple[np.ndarray, np.ndarray]] = []
        self._last: np.ndarray | None = None
        self._shape: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self._parts)

    def __getitem__(self, k: int) -> np.ndarray:
        k = range(len(self))[k]
        found = self._whole[k // EVERY].copy()
        for place, value in self._parts[k // EVERY * EVERY + 1 : k + 1]:
            found[place] = value
        return found.reshape(self._shape)

    def __iter__(self) -> Iterator[np.ndarray]:
        """All, one after the other; each is the same array, good until the next."""
        if self._whole:
            found = self._whole[0].copy()
            for place, value in self._parts:
                found[place] = value
                yield found.reshape(self._shape)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        parts = sum(place.nbytes + value.nbytes for place, value in self._parts)
        return parts + sum(whole.nbytes for whole in self._whole)

    def note(self, array: np.ndarray) -> int:
        """Remember an array, unless it is as the last one; return its number."""
        flat = array.reshape(-1)
        if self._last is None:
            self._last, self._shape = flat.copy(), array.shape
            place = np.zeros(0, np.int64)
        else:
            place = (flat != self._last).nonzero()[0]
            if not place.size:
                return len(self._parts) - 1
        value = flat[place]
        self._last[place] = value
        if len(self._parts) % EVERY == 0:
            self._whole.append(flat.copy())
        self._parts.append((place.astype(np.int32), value))
        return len(self._parts) - 1
