"""How much personal data masking finds, and how often it is wrong, on the invented comments of the tests.

    python benchmarks/masking.py [FILE] [--part seen|held_out] [--misses]

One JSON line a kind, then one for all. A find counts when all of what is marked is replaced by the word of its kind;
one that eats words around it is wrong.
"""

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from surveys.masking import MARK, MARKS, mask_text

SET = Path(__file__).resolve().parents[1] / "tests" / "surveys" / "masking_set.txt"
EACH_HELD_OUT = 3
_MARKED = re.compile(r"\{(?P<kind>[a-z]+):(?P<value>[^{}]*)\}")
_KINDS = {mark: kind for kind, mark in MARKS.items()}


@dataclass(frozen=True, slots=True)
class Span:
    """A place of a comment. `outer_start`, `outer_end`: how far a find may reach, with a 〒 or the name of a bank."""

    kind: str
    start: int
    end: int
    outer_start: int
    outer_end: int


@dataclass(frozen=True, slots=True)
class Comment:
    """What a customer typed, and where it holds what must not be stored."""

    typed: str
    spans: Sequence[Span]


def comments(path: Path = SET, part: str = "all") -> Iterator[Comment]:
    """The comments of a marked file; every third one is held out."""
    lines = (line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("# "))
    for number, line in enumerate(lines, 1):
        if part == "all" or (part == "held_out") == (number % EACH_HELD_OUT == 0):
            yield _read(line)


def _read(line: str) -> Comment:
    typed, spans, read_to = "", [], 0
    for found in _MARKED.finditer(line):
        typed += line[read_to : found.start()]
        before, value, after = _edges(found["value"])
        start = len(typed) + len(before)
        spans.append(
            Span(found["kind"], start, start + len(value), len(typed), len(typed) + len(before + value + after))
        )
        typed += before + value + after
        read_to = found.end()
    return Comment(typed + line[read_to:], tuple(spans))


def _edges(value: str) -> tuple[str, str, str]:
    """What may go with it before, what must go, what may go behind: `<〒>100-0000`."""
    before = re.match("<([^<>]*)>", value)
    value = value[before.end() :] if before else value
    after = re.search("<([^<>]*)>$", value)
    value = value[: after.start()] if after else value
    return before[1] if before else "", value.replace("<", "").replace(">", ""), after[1] if after else ""


def finds(typed: str, masked: str) -> Sequence[tuple[str, int, int]]:
    """Kind, start and end of what was replaced, by what the masked text has left of the typed one."""
    kinds = [
        [_KINDS[mark[0]] for mark in MARK.finditer(marks[0])] for marks in re.finditer(f"(?:{MARK.pattern})+", masked)
    ]
    kept = re.split(f"(?:{MARK.pattern})+", masked)
    found = re.fullmatch("(.+?)".join(map(re.escape, kept)), typed, re.DOTALL)
    if found is None:
        message = f"not a masked form of it: {masked!r}"
        raise ValueError(message)
    # of marks that stand side by side nobody can tell which replaced what: each gets all of the place
    return [(kind, *found.span(number)) for number, beside in enumerate(kinds, 1) for kind in beside]


def measure(rows: Iterable[Comment]) -> list[dict[str, object]]:
    """The figures of each kind and, last, of all."""
    marked, hit, made, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        found = finds(row.typed, mask_text(row.typed))
        marked.update(span.kind for span in row.spans)
        hit.update(span.kind for span in row.spans if _is_found(row.typed, span, found))
        made.update(kind for kind, *_ in found)
        right.update(kind for kind, start, end in found if _is_right(row, start, end))
    lines = [_line(kind, marked[kind], hit[kind], made[kind], right[kind]) for kind in MARKS]
    return [*lines, _line("all", marked.total(), hit.total(), made.total(), right.total())]


def _line(kind: str, marked: int, hit: int, made: int, right: int) -> dict[str, object]:
    return {
        "kind": kind,
        "n": marked,
        "found": hit,
        "recall": round(hit / marked, 3) if marked else None,
        "wrong": made - right,
        "precision": round(right / made, 3) if made else None,
    }


def _is_found(typed: str, span: Span, found: Sequence[tuple[str, int, int]]) -> bool:
    gone = {place for kind, start, end in found if kind == span.kind for place in range(start, end)}
    return all(place in gone for place in range(span.start, span.end) if typed[place].isalnum())


def _is_right(row: Comment, start: int, end: int) -> bool:
    allowed = {place for span in row.spans for place in range(span.outer_start, span.outer_end)}
    return all(place in allowed or row.typed[place].isspace() for place in range(start, end))


def _misses(rows: Iterable[Comment]) -> Iterator[str]:
    for row in rows:
        masked = mask_text(row.typed)
        found = finds(row.typed, masked)
        missed = [row.typed[span.start : span.end] for span in row.spans if not _is_found(row.typed, span, found)]
        wrong = [row.typed[start:end] for _, start, end in found if not _is_right(row, start, end)]
        if missed or wrong:
            yield json.dumps({"missed": missed, "wrong": wrong, "masked": masked}, ensure_ascii=False)


def _speed(rows: Sequence[Comment], rounds: int = 5) -> dict[str, object]:
    """Comments a second, those with personal data and those without."""
    clean, personal = [row for row in rows if not row.spans], [row for row in rows if row.spans]
    return {
        f"{name}_per_s": round(len(some) * rounds / _seconds(some, rounds))
        for name, some in (("clean", clean), ("personal", personal))
        if some
    }


def _seconds(rows: Sequence[Comment], rounds: int) -> float:
    start = time.process_time()
    for _ in range(rounds):
        for row in rows:
            mask_text(row.typed)
    return time.process_time() - start


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures, or with `--misses` what was missed or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=SET)
    parser.add_argument("--part", choices=("all", "seen", "held_out"), default="all")
    parser.add_argument("--misses", action="store_true")
    chosen = parser.parse_args(arguments)
    rows = list(comments(chosen.file, chosen.part))
    if chosen.misses:
        print(*_misses(rows), sep="\n")
        return
    for line in (*measure(rows), {"comments": len(rows), **_speed(rows)}):
        print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
