"""How well comments are read: one JSON line a figure, nothing hard-coded.

python benchmarks/quality.py survey FILE.csv --columns MAP.yaml --catalogue sightseeing
python benchmarks/quality.py tags FILE.jsonl --catalogue hotel --map benchmarks/maps/hotel.yaml
           [--corrections N --seed S --learn FILE2.jsonl]
python benchmarks/quality.py ways FILE.jsonl --catalogue hotel --map benchmarks/maps/hotel.yaml [--most N]
python benchmarks/quality.py polarity FILE.jsonl
python benchmarks/quality.py discover FILE.jsonl
python benchmarks/quality.py stability FILE.csv --columns MAP.yaml --weeks 52 --catalogue sightseeing
           [--every 4] [--corrections 20 --seed 1]

Each figure has its own file here, `quality_NAME.py`. A fault of a file, a row, a map, a catalogue or an argument is
one line on stderr, and the exit code is 2.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

FIGURES = ("survey", "tags", "ways", "polarity", "stability", "discover")


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong, without the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}\n")


def main(words: Sequence[str] | None = None) -> None:
    """Parse the command line, measure, print."""
    parser = _Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="FIGURE")
    for name in FIGURES:
        module = import_module(f"quality_{name}")
        command = commands.add_parser(name, help=module.__doc__)
        command.add_argument("file", type=Path)
        module.add_arguments(command)
        command.set_defaults(measure=module.measure)
    arguments = parser.parse_args(words)
    faults: tuple[type[Exception], ...] = import_module("feedback.errors").KNOWN_ERRORS
    try:
        found = arguments.measure(arguments)
    except OSError as error:
        parser.error(f"{error.filename}: cannot be read: {error.strerror}" if error.filename else str(error))
    except faults as error:
        parser.error(str(error))
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
