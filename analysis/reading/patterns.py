"""Many patterns looked for in many texts at once: each is tried only where a text has the letters it can begin with."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from analysis.reading.remembered import Remembered

_ANY = "\0"
"""Stands for a letter that can be any, and behind the end of a text: no comment holds this one."""
_OPEN = "\1"
"""Stands where nothing is known of the letters that follow."""
_LETTERS = 3
_ALL_LETTERS = 0x110000
_LARGEST_CLASS = 200
_ZERO_WIDTH = re.compile(r"\\[AZbB]|[\^$]")
_LOOK_AROUND = re.compile(r"\?(?:=|!|<=|<!)")
_QUANTIFIER = re.compile(r"([?*+])\??|\{(\d*)(,?)\d*\}\??")
_CLASS = re.compile(r"\[(\]?[^\]]*)\]")

Label = TypeVar("Label")
Found = tuple[int, int, float]
"""Start and end of what was found, and its value."""


class Patterns(Generic[Label]):
    """Patterns with labels, ready to be looked for together."""

    def __init__(self, patterns: Iterable[tuple[str, Label]]) -> None:
        self._anywhere: list[tuple[re.Pattern[str], Label]] = []
        self._by_start: dict[str, list[tuple[re.Pattern[str], Label]]] = {}
        for text, label in patterns:
            found = starts(text)
            if found is None:
                self._anywhere.append((re.compile(text), label))
            for start in sorted(found or ()):
                self._by_start.setdefault(start, []).append((re.compile(text), label))
        self._places = _Places(self._by_start)
        self._tried = Remembered(self._at)

    def matches(self, texts: Sequence[str]) -> list[list[tuple[int, int, Label]]]:
        """Start, end and label of every match in each text, in no order."""
        found: list[list[tuple[int, int, Label]]] = [
            [
                (match.start(), match.end(), label)
                for pattern, label in self._anywhere
                for match in pattern.finditer(text)
            ]
            for text in texts
        ]
        for number, at, letters in self._places.of(texts):
            text = texts[number]
            for pattern, label in self._tried[letters]:
                if match := pattern.match(text, at):
                    found[number].append((at, match.end(), label))
        return found

    def _at(self, letters: str) -> list[tuple[re.Pattern[str], Label]]:
        """What is to be tried where these letters stand: what begins with them or fewer, some of which may be any."""
        beginnings = {""}
        for letter in letters:
            beginnings |= {start + known for start in beginnings for known in (letter, _ANY)}
        return list(dict.fromkeys(tried for start in sorted(beginnings) for tried in self._by_start.get(start, ())))


class _Places:
    """Finds the places in texts where something may begin, by the first two letters of each start."""

    def __init__(self, starts: Iterable[str]) -> None:
        known = {start[:2] for start in starts}
        self._first = _numbers(start[0] for start in known if start[0] != _ANY)
        self._second = _numbers(start[1] for start in known if start[1:] not in {"", _ANY})
        self._begins = np.zeros((self._first.max() + 1, self._second.max() + 1), np.bool_)
        for start in known:
            row = self._first[ord(start[0])] if start[0] != _ANY else slice(None)
            self._begins[row, self._second[ord(start[1])] if start[1:] not in {"", _ANY} else slice(None)] = True

    def of(self, texts: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Number of the text, place in it, and the letters there."""
        joined = _ANY.join([*texts, ""])
        letters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        found = np.flatnonzero(self._begins[self._first[letters[:-1]], self._second[letters[1:]]])
        sizes = np.array([len(text) + 1 for text in texts], np.int64)
        ends = np.cumsum(sizes)
        numbers = np.searchsorted(ends, found, side="right")
        begins = (ends - sizes)[numbers]
        for place, number, begin in zip(found.tolist(), numbers.tolist(), begins.tolist(), strict=True):
            yield number, place - begin, joined[place : place + _LETTERS]


def _numbers(letters: Iterable[str]) -> NDArray[np.uint16]:
    """Number these letters from 1; every other letter is 0."""
    table = np.zeros(_ALL_LETTERS, np.uint16)
    for number, letter in enumerate(sorted(set(letters)), 1):
        table[ord(letter)] = number
    return table


def longest(found: Iterable[Found]) -> list[Found]:
    """What was found, in order, none inside another: the first, of two at one place the longer.

    Of two equally long ones the smaller value counts.
    """
    kept: list[Found] = []
    for start, end, value in sorted(found, key=lambda one: (one[0], -one[1], one[2])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, value))
    return kept


def starts(pattern: str) -> frozenset[str] | None:
    """Return what a match of the pattern can begin with: three letters, or fewer where the next can be any.

    None: with anything. A letter before the last is NUL where it can be any. Knows what rule files use: groups,
    classes, quantifiers and look-arounds. Whatever else it meets may be any letter.
    """
    found = {start.partition(_OPEN)[0].rstrip(_ANY) for start in _of_alternatives(pattern)}
    if "" in found:
        return None
    return frozenset(start for start in found if found.isdisjoint(start[:end] for end in range(1, len(start))))


def _of_alternatives(pattern: str) -> set[str]:
    return set().union(*(_of_sequence(alternative) for alternative in _split(pattern)))


def _of_sequence(sequence: str) -> set[str]:
    found = {""}
    for item in _items(sequence):
        unfinished = {start for start in found if len(start) < _LETTERS and not start.endswith(_OPEN)}
        if not unfinished:
            break
        found -= unfinished
        found |= {(start + more)[:_LETTERS] for start in unfinished for more in item}
    return found


def _items(sequence: str) -> Iterator[set[str]]:
    """What each item of a sequence can begin with."""
    at = 0
    while at < len(sequence):
        after = _after(sequence, at)
        item = _of_item(sequence[at:after])
        at = after
        if quantifier := _QUANTIFIER.match(sequence, at):
            at = quantifier.end()
            sign, least, more = quantifier.groups()
            if sign in {"*", "+"} or more or (least or "1") != "1":
                item = {start + _OPEN for start in item}
            if sign in {"?", "*"} or least in {"", "0"}:
                item = item | {""}
        yield item


def _of_item(item: str) -> set[str]:
    if _ZERO_WIDTH.fullmatch(item):
        return {""}
    if item[0] == "(":
        return _of_group(item[1:-1])
    if letters := _CLASS.fullmatch(item):
        return _of_class(letters[1])
    if item[0] == "\\":
        return {_ANY if item[1].isalnum() else item[1]}  # a class such as \d, or the sign itself
    return {_ANY if item == "." else item}


def _of_group(content: str) -> set[str]:
    if _LOOK_AROUND.match(content):
        return {""}
    if content.startswith("?") and not content.startswith("?:"):
        return {_OPEN}
    return _of_alternatives(content.removeprefix("?:"))


def _of_class(content: str) -> set[str]:
    if content.startswith("^") or "\\" in content:
        return {_ANY}
    letters = re.sub(r"(.)-(.)", lambda found: "".join(map(chr, range(ord(found[1]), ord(found[2]) + 1))), content)
    return set(letters) if len(letters) <= _LARGEST_CLASS else {_ANY}


def _split(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern."""
    start = at = 0
    while at < len(pattern):
        if pattern[at] == "|":
            yield pattern[start:at]
            start = at = at + 1
        else:
            at = _after(pattern, at)
    yield pattern[start:]


def _after(pattern: str, at: int) -> int:
    """The place after a letter, an escaped letter, a class or a whole group."""
    if pattern[at] == "(":
        at += 1
        while pattern[at] != ")":
            at = _after(pattern, at)
        return at + 1
    if letters := _CLASS.match(pattern, at):
        return letters.end()
    return at + (2 if pattern[at] == "\\" else 1)
