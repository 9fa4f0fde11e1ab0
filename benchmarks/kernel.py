"""How fast `plotthedots.evaluate` is, against the plain way, in one run: python benchmarks/kernel.py [SERIES]."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np

import plotthedots as ptd

sys.path.insert(0, str(Path(__file__).parent))
import kernel_twin

POINTS = 36
TARGET = 95.0
TWIN_SERIES = 3000
REPEATS = 3


def steady_and_changed(series, points, seed=1):
    """Return normal series, every fourth with a lasting shift, so that rules do find something."""
    rng = np.random.default_rng(seed)
    values = rng.normal(100, 10, (series, points))
    values[::4, points // 2 :] += 12
    return values


def seconds(work):
    """Return the least processor time of a few tries, and the answer."""
    best, answer = float("inf"), None
    for _ in range(REPEATS):
        answer = None  # let the last answer go first: two at once would measure memory, not work
        begin = time.process_time()
        answer = work()
        best = min(best, time.process_time() - begin)
    return best, answer


def run(series=1_000_000):
    """Print and return series a second of kernel and twin (36 points, XmR, all mdc rules, both icons)."""
    values = steady_and_changed(series, POINTS)
    batch = ptd.Batch(values.ravel(), np.arange(0, values.size + 1, POINTS))
    plan = ptd.Plan(improvement="up", target=TARGET)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kernel, result = seconds(lambda: ptd.evaluate(batch, plan))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / values.nbytes
    lines, _ = seconds(lambda: (ptd.evaluate(batch, plan).upper, None))
    some = values[: min(TWIN_SERIES, series)]
    twin, answers = seconds(lambda: [kernel_twin.judge(one, 1, TARGET) for one in some])
    flags, variation, assurance = (np.array(each) for each in zip(*answers, strict=True))
    equal = (
        np.array_equal(flags.ravel(), result.flags[: flags.size])
        and np.array_equal(variation, result.variation[: len(some)])
        and np.array_equal(assurance, result.assurance[: len(some)])
    )
    if not equal:
        raise RuntimeError("kernel and twin disagree: a fast wrong answer is worth nothing")
    out = {
        "kernel_series_per_second": round(series / kernel),
        "kernel_with_lines_series_per_second": round(series / lines),
        "twin_series_per_second": round(len(some) / twin),
        "ratio": round(series / kernel / (len(some) / twin), 1),
        "memory_of_input": round(1 + grown, 2),
    }
    for name, number in out.items():
        print(f"{name.replace('_', ' '):40} {number:>12,}")
    return out


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
