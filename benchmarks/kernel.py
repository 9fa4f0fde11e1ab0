"""How fast `plotthedots.evaluate` is, as ratios in one run, and whether each promise is kept: python benchmarks/kernel.py [SERIES].

Only ratios are judged: the machine may be slow or shared. What is compared takes turns, and the best of several tries counts.
"""

from __future__ import annotations

import gc
import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

import plotthedots as ptd

sys.path.insert(0, str(Path(__file__).parent))
import kernel_minimal
import kernel_twin

POINTS = 36
TARGET = 95.0
TWIN_SERIES = 3000
REPEATS = 5
PLAN = ptd.Plan(improvement="up", target=TARGET)
MEDIAN = ptd.Plan(improvement="up", target=TARGET, centre="median")
THREADS = "two threads: times as fast as one"
ENOUGH = 1.8  # gained by threads that share nothing: less, and a second core is not free
# Name: limit, and whether the number must stay below it (True) or above.
PROMISES = {
    "time of the kernel / time of the minimal loop": (1.5, True),
    THREADS: (1.7, False),
    "memory / input": (3.0, True),
    "median chart: speed / speed of the mean": (0.4, False),
}


def steady_and_changed(series, points, seed=1):
    """Return normal series, every fourth with a lasting shift, so that rules do find something."""
    rng = np.random.default_rng(seed)
    values = rng.normal(100, 10, (series, points))
    values[::4, points // 2 :] += 12
    return values


def batch_of(values):
    """Return the values as a batch, without a copy."""
    return ptd.Batch(values.ravel(), np.arange(0, values.size + 1, values.shape[1]))


def in_turns(clock, *works, repeats=REPEATS):
    """Return the least time of each piece of work; they take turns, so that a busy minute hits all of them."""
    best = [float("inf")] * len(works)
    for _ in range(repeats):
        for i, work in enumerate(works):
            gc.collect()
            begin = clock()
            work()
            best[i] = min(best[i], clock() - begin)
    return best


def scaling(batch):
    """Return how much two threads gain here, and how much they gain on work that shares nothing (at best 2).

    A shared machine often gives one process little more than one core, whatever it counts. Sorting is one long call that
    holds no lock, so what it does not gain nobody could.
    """
    numbers = np.random.default_rng(2).random(1_500_000)
    halves = np.array_split(numbers, 2)

    def sort_both():
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(np.sort, halves))

    one, two, alone, both = in_turns(
        time.perf_counter,
        lambda: ptd.evaluate(batch, PLAN),
        lambda: ptd.evaluate(batch, PLAN, threads=2),
        lambda: [np.sort(half) for half in halves],
        sort_both,
        repeats=6 * REPEATS,
    )
    return one / two, alone / both


def check(values):
    """Refuse to time anything that disagrees with the plain twin: a fast wrong answer is worth nothing."""
    some = values[:TWIN_SERIES]
    flags, variation, assurance = (
        np.array(each) for each in zip(*(kernel_twin.judge(one, 1, TARGET) for one in some), strict=True)
    )
    result = ptd.evaluate(batch_of(some), PLAN)
    *_, packed = kernel_minimal.judge(some)
    answers = {
        "kernel": np.array_equal(flags.ravel(), result.flags)
        and np.array_equal(variation, result.variation)
        and np.array_equal(assurance, result.assurance),
        "minimal loop": np.array_equal(flags, kernel_minimal.unpacked(packed, len(some))),
    }
    for name, equal in answers.items():
        if not equal:
            raise RuntimeError(f"{name} and twin disagree")


def memory(series):
    """Return peak memory over input of one evaluation, in a process of its own so that nothing else counts."""
    done = subprocess.run([sys.executable, __file__, "--memory", str(series)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _memory(series):
    rng = np.random.default_rng(1)
    values = np.empty((series, POINTS))
    for first in range(0, series, 1000):  # in small portions: what filling it needs must not hide what judging needs
        values[first : first + 1000] = rng.normal(100, 10, values[first : first + 1000].shape)
    batch = batch_of(values)
    ptd.evaluate(batch_of(values[:100]), PLAN)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ptd.evaluate(batch, PLAN)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(1 + (after - before) * 1024 / values.nbytes)


def run(series=1_000_000):
    """Print and return the ratios, and what two threads could gain (36 points, XmR, mdc, both icons, one core unless said)."""
    held = memory(series)  # first: a child's peak starts from what its parent held
    values = steady_and_changed(series, POINTS)
    check(values)
    batch = batch_of(values)
    minimal, kernel, median = in_turns(
        time.process_time,
        lambda: kernel_minimal.judge(values),
        lambda: ptd.evaluate(batch, PLAN),
        lambda: ptd.evaluate(batch, MEDIAN),
    )
    threads, ceiling = scaling(batch_of(values[: series // 3]))
    some = values[:TWIN_SERIES]
    (plain,) = in_turns(time.process_time, lambda: [kernel_twin.judge(each, 1, TARGET) for each in some])
    ratios = dict(zip(PROMISES, (kernel / minimal, threads, held, kernel / median), strict=True))
    print(f"{series:,} series of {POINTS} points; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"  two threads are {threads:.2f} times as fast as one; work that shares nothing gains {ceiling:.2f} on this machine now")
    print(f"  {series / kernel:>12,.0f} series a second; {series / minimal:,.0f} in the minimal loop")
    slower = series / kernel / (len(some) / plain)
    print(f"  {len(some) / plain:>12,.0f} series a second in the plain way, one at a time: {slower:.0f} times slower")
    return ratios, ceiling


def main(series=1_000_000):
    """Print each ratio with its promise; return whether all are kept."""
    ratios, ceiling = run(series)
    kept = {}
    for name, (limit, below) in PROMISES.items():
        if name == THREADS and ceiling < ENOUGH:
            print(f"  {name:<48} {ratios[name]:6.2f}  not measurable: there are not two cores to be had now")
            continue
        kept[name] = ratios[name] <= limit if below else ratios[name] >= limit
        said = f"at {'most' if below else 'least'} {limit}"
        print(f"  {name:<48} {ratios[name]:6.2f}  {said:<12} {'kept' if kept[name] else 'NOT KEPT'}")
    return all(kept.values())


if __name__ == "__main__":
    if "--memory" in sys.argv:
        _memory(int(sys.argv[-1]))
    else:
        sys.exit(0 if main(*map(int, sys.argv[1:2])) else 1)
