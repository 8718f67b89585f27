"""The rows of a JSON Lines file, checked; what a wrong one is told."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import yaml

from surveys.errors import InputError
from surveys.importing import read_map
from surveys.importing.files import open_sheet

SENTIMENTS = ("pos", "neu", "neg")
_SHOWN = 40


def read_rows(path: Path, gold: Literal["labels", "sentiment"] = "labels") -> list[dict[str, Any]]:
    """Read every row; each has `id` (its line where the file gives none), `text` and what `gold` names.

    `labels` is a list, empty where the row has none; `sentiment` one of `SENTIMENTS`. Left out, and counted on stderr,
    are rows without a text and, for `sentiment`, rows without one. Error: `InputError` names file and line.
    """
    kept, left_out = [], Counter[str]()
    for line, row in _objects(path):
        text, said = row.get("text"), row.get(gold)
        if not isinstance(text, str | None):
            raise InputError(f"{path}: line {line}: text must be a text, not {_shown(text)}")
        if gold == "labels":
            said = _labels(path, line, said)
        elif said is not None and said not in SENTIMENTS:
            raise InputError(f"{path}: line {line}: sentiment is {_shown(said)}, not one of {', '.join(SENTIMENTS)}")
        if not text or not text.strip():
            left_out["text"] += 1
        elif said is None:
            left_out[gold] += 1
        else:
            kept.append(row | {"id": _id(path, line, row), "text": text, gold: said})
    for what, count in sorted(left_out.items()):
        print(f"{path}: {count} rows without {what} are left out", file=sys.stderr)
    if not kept:
        raise InputError(f"{path}: holds no row with {' and '.join(dict.fromkeys(('text', *left_out)))}")
    return kept


def read_meanings(path: Path) -> dict[str, list[str]]:
    """Read a map of labels: the themes or groups that mean the same, none where nothing does. Error: `InputError`."""
    try:
        content = yaml.safe_load(path.read_text("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not valid YAML: {error}") from error
    if not isinstance(content, dict) or not content:
        raise InputError(f"{path}: must hold lines of the form label: [theme or group, ...]")
    for label, keys in content.items():
        if not isinstance(keys, list | None) or not all(isinstance(key, str) for key in keys or ()):
            raise InputError(f"{path}: {label}: must be a list of themes or groups, not {_shown(keys)}")
    return {str(label): keys or [] for label, keys in content.items()}


def read_comments(path: Path, columns: Path) -> list[str]:
    """Every comment of a survey file. Error: `InputError` names file and column."""
    mapping = read_map(columns)
    comments = [row[name] for row in survey_rows(path, columns) for name in mapping.comments.values()]
    found = [text for text in comments if text.strip()]
    if not found:
        raise InputError(f"{path}: holds no comment in the columns that {columns} names")
    return found


def survey_rows(path: Path, columns: Path) -> Iterator[Mapping[str, str]]:
    """Walk the rows of a survey file by column; a short row ends in empty cells. Error: `InputError`."""
    sheet = open_sheet(path, read_map(columns))
    for row in sheet.rows():
        cells: Sequence[str] = (*row.cells, *[""] * (len(sheet.header) - len(row.cells)))
        yield dict(zip(sheet.header, cells, strict=False))


def whole_number(least: int) -> Callable[[str], int]:
    """Return what reads an argument that is a whole number, `least` or more."""

    def read(written: str) -> int:
        number = int(written) if written.isdecimal() else least - 1
        if number < least:
            raise argparse.ArgumentTypeError(f"{_shown(written)} is not a whole number, {least} or more")
        return number

    return read


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is no UTF-8; save the file as UTF-8") from error
    for line, written in enumerate(lines, 1):
        if not written.strip():
            continue
        try:
            row = json.loads(written)
        except ValueError as error:
            raise InputError(f"{path}: line {line}: no JSON: {error}") from error
        if not isinstance(row, dict):
            raise InputError(f"{path}: line {line}: must be an object with keys, not {_shown(row)}")
        yield line, row


def _id(path: Path, line: int, row: Mapping[str, Any]) -> str:
    written = row.get("id")
    if not isinstance(written, str | int | None):
        raise InputError(f"{path}: line {line}: id must be a text or a number, not {_shown(written)}")
    return f"line {line}" if written is None else str(written)


def _labels(path: Path, line: int, labels: object) -> list[str]:
    if labels is None:
        return []
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise InputError(f"{path}: line {line}: labels must be a list of texts, not {_shown(labels)}")
    return labels


def _shown(value: object) -> str:
    written = json.dumps(value, ensure_ascii=False, default=str)
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}…"
