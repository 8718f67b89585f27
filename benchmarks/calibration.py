"""Do the figures keep their promises? Simulated chains with planted truths; one JSON line a figure.

    python benchmarks/calibration.py [--worlds N] [--only NAME]

`low` and `high` are two standard errors of the simulation around `value` (the value itself where all that can happen is
counted out); `met` says whether the aim holds within them, and is null where a figure is only reported.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))  # the invented worlds are those of the tests

from calibration_alerts import alerts
from calibration_figure import Figure
from calibration_impacts import coverage_of_impacts, tagging_errors
from calibration_loyalty import members
from calibration_nps import coverage_of_change, coverage_of_nps, shrunken_stores
from calibration_pilots import pilots
from calibration_priorities import best_first, gains
from calibration_speed import speed
from threadpoolctl import threadpool_limits

PARTS: dict[str, Callable[[int], Iterator[Figure]]] = {
    "nps": coverage_of_nps,
    "change": coverage_of_change,
    "shrunken": shrunken_stores,
    "alerts": alerts,
    "pilots": pilots,
    "impacts": coverage_of_impacts,
    "tagging": tagging_errors,
    "priorities": best_first,
    "gains": gains,
    "loyalty": members,
    "speed": speed,
}


def main() -> None:
    """Print the figures of all parts, or of one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--worlds", type=int, default=1000, help="simulated worlds a figure (default: %(default)s)")
    parser.add_argument("--only", choices=PARTS, help="one part alone")
    asked = parser.parse_args()
    if asked.worlds < 1:
        parser.error("--worlds: at least one")
    with threadpool_limits(limits=1):  # small matrices: a second thread would only be in the way
        for name, figures in PARTS.items():
            if asked.only in {None, name}:
                for figure in figures(asked.worlds):
                    print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
