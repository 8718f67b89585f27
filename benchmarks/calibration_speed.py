"""How long drivers and priorities take for many responses, and how much memory; each size in a process of its own."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from calibration_figure import Figure, exact
from numpy.typing import NDArray
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from analysis.figures.drivers import Answers, impacts
from analysis.figures.priorities import NO_COMPLAINTS, PriorityInput, rank
from analysis.results import Estimate

SIZES = (250_000, 1_000_000)
THEMES, STORES = 60, 200
SECONDS, GIGABYTES, STEEPNESS = (0.0, 30.0), (0.0, 2.0), (0.0, 1.25)


def speed(worlds: int) -> Iterator[Figure]:
    """Time 1,000,000 responses x 60 themes (fewer worlds: as many times fewer), and compare with a quarter of them."""
    sizes = [size * min(worlds, 1000) // 1000 for size in SIZES]
    measured = [_measured(size) for size in sizes]
    (small, _), (seconds, gigabytes) = measured
    told = f"{sizes[1]} responses x {THEMES} themes x {STORES} stores"
    yield exact(f"seconds for {told}", seconds, SECONDS)
    yield exact(f"GB for {told}", gigabytes, GIGABYTES)
    yield exact(
        f"time a response at {sizes[1]}, of that at {sizes[0]}", seconds / sizes[1] * sizes[0] / small, STEEPNESS
    )


def _measured(size: int) -> tuple[float, float]:
    # a peak of memory never falls again: each size needs a process that did nothing else
    found = subprocess.run([sys.executable, __file__, str(size)], capture_output=True, text=True, check=True)
    seconds, gigabytes = json.loads(found.stdout)
    return seconds, gigabytes


def _measure(size: int) -> tuple[float, float]:
    """Seconds and peak gigabytes of one analysis, on one thread as a run does it."""
    answers, sides = _invented(size)
    started = time.perf_counter()
    with threadpool_limits(limits=1):
        found = impacts(answers, *sides, [f"theme-{theme:02d}" for theme in range(THEMES)])
        rank(
            [
                PriorityInput(
                    each.theme_id,
                    {"ja": each.theme_id},
                    each,
                    each.mentions_negative,
                    size,
                    NO_COMPLAINTS,
                    0,
                    Estimate(None),
                )
                for each in found
            ],
            1,
        )
    return time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _invented(size: int) -> tuple[Answers, tuple[csr_array, csr_array]]:
    """Responses over 26 weeks with about two mentions each."""
    rng = np.random.default_rng(1)
    circumstances = np.column_stack([rng.integers(0, levels, size) for levels in (26, 3, 5)])
    answers = Answers(rng.integers(0, 11, size), rng.integers(0, STORES, size), rng.random(size) < 0.5, circumstances)
    return answers, (_mentions(rng, size), _mentions(rng, size))


def _mentions(rng: np.random.Generator, size: int) -> csr_array:
    places: tuple[NDArray[np.int64], NDArray[np.int64]] = rng.integers(0, size, size), rng.integers(0, THEMES, size)
    return csr_array((np.ones(size, dtype=np.bool_), places), shape=(size, THEMES))


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
