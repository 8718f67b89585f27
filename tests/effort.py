"""How hard the random tests try: as they stand in `make test`, twenty times as hard in `make prove`."""

import os


def examples(usual: int) -> int:
    """The number of examples of a property test in this run."""
    return usual * int(os.environ.get("KOEBAKO_EFFORT", "1"))
