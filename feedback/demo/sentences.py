"""The phrases that invented customers use: reads the banks under data/ and bends a phrase to plain or polite."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

DATA = Path(__file__).resolve().parent / "data"
BANKS = ("service.yaml", "goods.yaml", "place.yaml")

_PAIR = re.compile(r"(?P<stem>.*)\{(?P<plain>[^|}]*)\|(?P<polite>[^|}]*)\}")
_NOUN_MARK = "/な"
_PAST = {"だった": "でした", "なった": "なりました"}


@dataclass(frozen=True, slots=True)
class Clause:
    """One phrase that can stand plain, polite or before のですが. `kind` says what its plain form ends in."""

    stem: str
    plain_end: str
    polite_end: str
    kind: Literal["noun", "adjective", "verb"]

    @property
    def plain(self) -> str:
        """As one says it to a friend: 店員さんが親切だ, レジが遅い, 10分待った."""
        return self.stem + self.plain_end

    @property
    def polite(self) -> str:
        """As one writes it to a shop: 店員さんが親切です, レジが遅いです, 10分待ちました."""
        return self.stem + self.polite_end

    @property
    def linking(self) -> str:
        """The form that のですが follows: 親切な, 遅い, 待った."""
        return self.stem + ("な" if self.kind == "noun" else self.plain_end)


@dataclass(frozen=True, slots=True)
class Topic:
    """Everything that customers say about one thing. `wishes` are て-forms; `stories` are whole long comments."""

    key: str
    good: tuple[Clause, ...]
    bad: tuple[Clause, ...]
    hopes: tuple[Clause, ...]
    wishes: tuple[str, ...]
    short: Mapping[str, tuple[str, ...]]
    stories: Mapping[str, tuple[str, ...]]
    kansai: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frames:
    """What stands around the phrases (see data/frames.yaml)."""

    slots: Mapping[str, tuple[str, ...]]
    times: Mapping[str, tuple[str, ...]]
    days: Mapping[str, tuple[str, ...]]
    openers: Mapping[str, tuple[str, ...]]
    closers: Mapping[str, Mapping[str, tuple[str, ...]]]
    wishes: Mapping[str, tuple[str, ...]]
    emoji: Mapping[str, tuple[str, ...]]
    none_answers: tuple[str, ...]
    english: Mapping[str, tuple[str, ...]]
    spellings: Mapping[str, tuple[str, ...]]


def read_clause(text: str) -> Clause:
    """Read one phrase in the notation explained at the top of data/service.yaml."""
    pair = _PAIR.fullmatch(text)
    if pair:
        return Clause(pair["stem"], pair["plain"], pair["polite"], "verb")
    if text.endswith(_NOUN_MARK):
        return Clause(text.removesuffix(_NOUN_MARK), "だ", "です", "noun")
    for plain, polite in _PAST.items():
        if text.endswith(plain):
            return Clause(text.removesuffix(plain), plain, polite, "verb")
    return Clause(text, "", "です", "adjective")


@cache
def topics() -> Mapping[str, Topic]:
    """Every topic by its key."""
    banks = [yaml.safe_load((DATA / name).read_text(encoding="utf-8")) for name in BANKS]
    return {key: _topic(key, bank[key]) for bank in banks for key in bank}


@cache
def frames() -> Frames:
    """What stands around the phrases."""
    return Frames(**_frozen(yaml.safe_load((DATA / "frames.yaml").read_text(encoding="utf-8"))))


def _topic(key: str, bank: Mapping[str, list[str]]) -> Topic:
    clauses = {name: tuple(read_clause(text) for text in bank.get(name, [])) for name in ("good", "bad", "hope")}
    return Topic(
        key,
        clauses["good"],
        clauses["bad"],
        clauses["hope"],
        tuple(bank.get("wish", [])),
        {side: tuple(bank.get(f"short_{side}", [])) for side in ("good", "bad")},
        {side: tuple(bank.get(f"stories_{side}", [])) for side in ("good", "bad")},
        tuple(bank.get("kansai", [])),
    )


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(value) if isinstance(value, list) else value
