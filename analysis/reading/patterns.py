"""Many patterns looked for in one pass: at each place only those are tried that can begin with the letters there."""

import re
from collections.abc import Iterable, Iterator
from itertools import compress, count
from operator import add
from typing import Generic, TypeVar

_ANY = "\0"
"""Stands for a letter that can be any: no comment holds this one."""
_LETTERS = 2
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
        self._by_letter: dict[str, list[tuple[re.Pattern[str], Label]]] = {}
        self._by_pair: dict[str, list[tuple[re.Pattern[str], Label]]] = {}
        for text, label in patterns:
            found = starts(text)
            if found is None:
                self._anywhere.append((re.compile(text), label))
            for start in sorted(found or ()):
                tried = self._by_letter if len(start) == 1 else self._by_pair
                tried.setdefault(start, []).append((re.compile(text), label))

    def matches(self, text: str) -> list[tuple[int, int, Label]]:
        """Start, end and label of every match, in no order."""
        found = [
            (match.start(), match.end(), label) for pattern, label in self._anywhere for match in pattern.finditer(text)
        ]
        found += [
            (at, match.end(), label)
            for at, tried in self._places(text)
            for pattern, label in tried
            if (match := pattern.match(text, at))
        ]
        return found

    def occur_in(self, text: str) -> bool:
        """Whether any of the patterns matches somewhere."""
        return bool(self.matches(text))

    def _places(self, text: str) -> Iterator[tuple[int, list[tuple[re.Pattern[str], Label]]]]:
        """Where a match may begin, and what is to be tried there."""
        by_pair, by_letter = self._by_pair, self._by_letter
        # most places begin nothing: they must cost next to nothing
        for at in compress(count(), map(by_pair.__contains__, map(add, text, text[1:]))):
            yield at, by_pair[text[at : at + _LETTERS]]
        if not by_letter.keys().isdisjoint(text):
            for at, letter in enumerate(text):
                if letter in by_letter:
                    yield at, by_letter[letter]


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
    """Return what a match of the pattern can begin with: two letters, or one where the next can be any; None: anything.

    Knows what rule files use: groups, classes, quantifiers and look-arounds. Whatever else it meets may be any letter.
    """
    found = {start.partition(_ANY)[0] for start in _of_alternatives(pattern)}
    return None if "" in found else frozenset(start for start in found if len(start) == 1 or start[0] not in found)


def _of_alternatives(pattern: str) -> set[str]:
    return set().union(*(_of_sequence(alternative) for alternative in _split(pattern)))


def _of_sequence(sequence: str) -> set[str]:
    found = {""}
    for item in _items(sequence):
        unfinished = {start for start in found if len(start) < _LETTERS and not start.endswith(_ANY)}
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
            if (sign or more) and sign != "?":
                item = {start + _ANY for start in item}
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
        return {_ANY}
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
