"""Many patterns looked for in one pass: at each letter only those that can begin with it are tried."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

_LARGEST_CLASS = 200
_ZERO_WIDTH = re.compile(r"\\[AZbB]|[\^$]")
_LOOK_AROUND = re.compile(r"\?(?:=|!|<=|<!)")
_QUANTIFIER = re.compile(r"[?*+]\??|\{(\d*),?\d*\}\??")
_CLASS = re.compile(r"\[(\]?[^\]]*)\]")

Found = tuple[int, int, float]
"""Start and end of what was found, and its value."""
_First = tuple[frozenset[str] | None, bool]
"""The letters that a piece of a pattern can begin with (None: any), and whether it can be empty."""


class Patterns:
    """Patterns with values, ready to be looked for together."""

    def __init__(self, patterns: Iterable[tuple[str, float]]) -> None:
        self._anywhere: list[tuple[re.Pattern[str], float]] = []
        self._by_letter: dict[str, list[tuple[re.Pattern[str], float]]] = {}
        for text, value in patterns:
            pattern = re.compile(text)
            letters = first_letters(text)
            if letters is None:
                self._anywhere.append((pattern, value))
            for letter in letters or ():
                self._by_letter.setdefault(letter, []).append((pattern, value))

    def found_in(self, text: str) -> list[Found]:
        """Where any of the patterns matches, in order; none inside another: the first, of two at one place the longer.

        Of two equally long ones the smaller value counts.
        """
        found = [
            (match.start(), -match.end(), value)
            for pattern, value in self._anywhere
            for match in pattern.finditer(text)
        ]
        for at, letter in enumerate(text):
            for pattern, value in self._by_letter.get(letter, ()):
                if match := pattern.match(text, at):
                    found.append((at, -match.end(), value))
        kept: list[Found] = []
        for start, end, value in sorted(found):
            if not kept or start >= kept[-1][1]:
                kept.append((start, -end, value))
        return kept


def first_letters(pattern: str) -> frozenset[str] | None:
    """Return the letters that a match of the pattern can begin with; None where any letter could.

    Knows what rule files use: groups, classes, quantifiers and look-arounds. Whatever else it meets may be any letter.
    """
    letters, may_be_empty = _of_alternatives(pattern)
    return None if may_be_empty else letters


def _of_alternatives(pattern: str) -> _First:
    firsts = [_of_sequence(alternative) for alternative in _split(pattern)]
    return _union(letters for letters, _ in firsts), any(may_be_empty for _, may_be_empty in firsts)


def _of_sequence(sequence: str) -> _First:
    found: list[frozenset[str] | None] = []
    at = 0
    while at < len(sequence):
        (letters, may_be_empty), at = _of_item(sequence, at)
        found.append(letters)
        quantifier = _QUANTIFIER.match(sequence, at)
        if quantifier:
            at = quantifier.end()
            may_be_empty = may_be_empty or quantifier[0][0] in "?*" or quantifier[1] in {"", "0"}
        if not may_be_empty:
            return _union(found), False
    return _union(found), True


def _of_item(sequence: str, at: int) -> tuple[_First, int]:
    """What the item at this place can begin with, and where the next one stands."""
    if zero := _ZERO_WIDTH.match(sequence, at):
        return (frozenset(), True), zero.end()
    if sequence[at] == "(":
        end = _end_of_group(sequence, at)
        return _of_group(sequence[at + 1 : end - 1]), end
    if letters := _CLASS.match(sequence, at):
        return (_of_class(letters[1]), False), letters.end()
    if sequence[at] == "\\":
        return (None, False), at + 2
    return (None if sequence[at] == "." else frozenset(sequence[at]), False), at + 1


def _of_group(content: str) -> _First:
    if _LOOK_AROUND.match(content):
        return frozenset(), True
    if content.startswith("?") and not content.startswith("?:"):
        return None, True
    return _of_alternatives(content.removeprefix("?:"))


def _of_class(content: str) -> frozenset[str] | None:
    if content.startswith("^") or "\\" in content:
        return None
    ranges = re.sub(r"(.)-(.)", lambda found: "".join(map(chr, range(ord(found[1]), ord(found[2]) + 1))), content)
    return frozenset(ranges) if len(ranges) <= _LARGEST_CLASS else None


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


def _end_of_group(pattern: str, at: int) -> int:
    at += 1
    while pattern[at] != ")":
        at = _after(pattern, at)
    return at + 1


def _after(pattern: str, at: int) -> int:
    """The place after a letter, an escaped letter, a class or a whole group."""
    if pattern[at] == "(":
        return _end_of_group(pattern, at)
    if letters := _CLASS.match(pattern, at):
        return letters.end()
    return at + (2 if pattern[at] == "\\" else 1)


def _union(letters: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    every = list(letters)
    return None if None in every else frozenset(chain.from_iterable(found for found in every if found))
