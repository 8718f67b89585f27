"""How well comments are read: one JSON line a figure, nothing hard-coded.

python benchmarks/quality.py survey FILE.csv --columns MAP.yaml --catalogue sightseeing
python benchmarks/quality.py tags FILE.jsonl --catalogue hotel --map benchmarks/maps/hotel.yaml
           [--corrections N --seed S --learn FILE2.jsonl]
python benchmarks/quality.py ways FILE.jsonl --catalogue hotel --map benchmarks/maps/hotel.yaml [--most N]
python benchmarks/quality.py polarity FILE.jsonl
python benchmarks/quality.py discover FILE.jsonl
python benchmarks/quality.py stability FILE.csv --columns MAP.yaml --weeks 52 --catalogue sightseeing
           [--every 4] [--corrections 20 --seed 1]

Each figure has its own file here, `quality_NAME.py`.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

FIGURES = ("survey", "tags", "ways", "polarity", "stability", "discover")


def main(words: Sequence[str] | None = None) -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="FIGURE")
    for name in FIGURES:
        module = import_module(f"quality_{name}")
        command = commands.add_parser(name, help=module.__doc__)
        command.add_argument("file", type=Path)
        module.add_arguments(command)
        command.set_defaults(measure=module.measure)
    arguments = parser.parse_args(words)
    print(json.dumps(arguments.measure(arguments), ensure_ascii=False))


if __name__ == "__main__":
    main()
