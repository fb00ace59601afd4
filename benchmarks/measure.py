"""Timing on a noisy machine: contestants take turns, and ratios are taken turn by turn."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from importlib import metadata
from typing import Any

Timed = Callable[[], object]


def take_turns(contestants: Mapping[str, Timed], repeats: int) -> dict[str, list[float]]:
    """Seconds of every contestant in every turn, after one turn that does not count."""
    for work in contestants.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(repeats):
        for name, work in contestants.items():
            began = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - began)
    return times


def summary(times: Mapping[str, list[float]], per: float = 1.0) -> dict[str, Any]:
    """Minimum and median of each list, divided by `per` (say, steps)."""
    return {
        name: {
            "min_s": min(all_times) / per,
            "median_s": statistics.median(all_times) / per,
            "repeats": len(all_times),
        }
        for name, all_times in times.items()
    }


def ratio(slow: list[float], fast: list[float]) -> float:
    """Median of the turn-by-turn ratios."""
    return statistics.median(a / b for a, b in zip(slow, fast, strict=True))


def machine() -> dict[str, Any]:
    """Where this was measured, as far as it matters."""
    model = platform.processor()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            named = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
            model = named[0] if named else model
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in ("numpy", "numba", "highspy")},
    }
