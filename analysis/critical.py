"""Words that must not wait for the weekly report: mould, foreign matter, food poisoning, injuries, or a house's own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from analysis.errors import WordFileError
from analysis.reading.spellings import normalise
from analysis.results import Wording
from analysis.themes.catalogue_files import StrictLoader

_GAP, _FILLING = "…", "[^。！？!?\n]{0,8}?"
_WHOLE = ("[ァ-ヶー]", "[a-z]", "[가-힣]")
"""Letters of one kind that stand around a word make it a part of another; hangul has endings, so only before it."""
_STEM = r"(?:い|おり|おら|られ|され|見られ|見当た[らり]|見え|なら|出|入ら|せ|[らかさたなまわば])"
_DENIED_AFTER = re.compile(
    r"(?:(?:が|は|も)(?:生え|発生し|入っ|付い|つい|出))?(?:て(?:こ|は)?|で)?"
    r"(?:など|とか|等|人|らしき?もの|臭さ?|っぽさ|た?り|の?(?:臭い|匂い|におい|ニオイ))?"
    r"(?:の(?:心配|混入|発生|不安)|に(?:なら|なる(?:こと|心配|人)?|なっ(?:て|たり)))?"
    r"(?:は|が|も|を)?(?:し(?:て|たり)?|する(?:こと|心配)?|さ)?(?:は|が|も)?"
    r"(?:まったく|全く|全然|一切|特に|とくに|[一1](?:つ|本|匹|個|切れ|件)(?:も|たりとも)?|ひとつ(?:も)?)?"
    rf"(?:{_STEM}?(?:(?:な|無)(?:い(?!か)|かっ|く(?!し|せ|なら))|(?:な|無)し|ま?せんでし|ありません|ございません|ゼロ)"
    rf"|{_STEM}ず(?!っ|い)"
    r"|(?:가|이|도|는|은)?　?(?:전혀　?|하나도　?)?없(?!애|어졌으면))"
)
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:no|not　any|not　a　single|never　(?:saw|seen|had|found)(?:　an?|　any)?|without(?:　any|　an?)?)"
    r"|n[\'’]t　(?:see|find|have|notice|spot)(?:　any|　an?|　a　single)?|没有|没|无)　?$"
)
"""Within one clause and right beside the word alone: what stands further off may deny something else."""

_Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=50)]
_Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]
_Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Names(_Part):
    ja: _Short
    en: _Short


class _Kind(_Part):
    id: _Id
    name: _Names
    words: list[_Word | Annotated[str, StringConstraints(pattern=r"^[一-龥々]$")]] = Field(min_length=1)
    exceptions: list[_Word] = Field(default=[], alias="except")


class _File(_Part):
    extends: bool = False
    kinds: list[_Kind] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class CriticalKind:
    """What an alarm is about: `found` matches its words in a normalised text in small letters, `other` exceptions."""

    id: str
    name: Wording
    found: re.Pattern[str]
    other: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class CriticalWords:
    """A whole list. `digest` changes with any word."""

    kinds: tuple[CriticalKind, ...]
    digest: str

    def kinds_in(self, comment: str) -> tuple[str, ...]:
        """Return the ids of what a comment speaks of without denying it, in the order of the list."""
        text = normalise(comment).lower()
        return tuple(kind.id for kind in self.kinds if _speaks_of(kind, text))

    def name(self, kind_id: str) -> Wording:
        """Return the name of a kind; of one that the list no longer has, its id."""
        known = {kind.id: kind.name for kind in self.kinds}
        return known.get(kind_id, {"ja": kind_id, "en": kind_id})


@cache
def critical_words(path: str = "") -> CriticalWords:
    """Read the list that comes with Koebako, or the one of a file, which may say that it extends the former.

    Error: `WordFileError` names file, place and what to do.
    """
    own = files("analysis").joinpath("data/critical.yaml").read_text("utf-8")
    texts = [own] if not path else [_text(path)]
    file = _checked(path or "critical.yaml", texts[0])
    kinds = file.kinds
    if path and file.extends:
        texts.append(own)
        named = {kind.id for kind in kinds}
        kinds = [*kinds, *(kind for kind in _checked("critical.yaml", own).kinds if kind.id not in named)]
    return CriticalWords(tuple(map(_compiled, kinds)), sha256("\n".join(texts).encode()).hexdigest()[:16])


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WordFileError(f"{path}: cannot be read: {error}") from error


def _checked(source: str, text: str) -> _File:
    try:
        file = _File.model_validate(yaml.load(text, StrictLoader))  # noqa: S506  (a SafeLoader)
    except ValidationError as error:
        faults = (f"{source}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise WordFileError("; ".join(faults)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise WordFileError(f"{source}: not valid YAML: {' '.join(str(error).split())}") from error
    ids = [kind.id for kind in file.kinds]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    if twice:
        raise WordFileError(f"{source}: kinds: {', '.join(twice)}: named twice")
    return file


def _compiled(kind: _Kind) -> CriticalKind:
    return CriticalKind(kind.id, kind.name.model_dump(), _any(kind.words), _any(kind.exceptions))


def _any(words: Sequence[str]) -> re.Pattern[str]:
    """Match any of these words, the longest first; nothing where there are none."""
    longest = sorted((normalise(word).lower() for word in words), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_pattern, longest)) or r"(?!)")


def _pattern(word: str) -> str:
    parts = [re.escape(part) for part in word.split(_GAP)]
    before = next((f"(?<!{letters})" for letters in _WHOLE if re.match(letters, word)), "")
    after = next((f"(?!{letters})" for letters in _WHOLE[:2] if re.search(f"{letters}$", word)), "")
    return f"{before}{_FILLING.join(parts)}{after}"


def _speaks_of(kind: CriticalKind, text: str) -> bool:
    text = kind.other.sub("　", text)
    return any(
        not _DENIED_AFTER.match(text, found.end()) and not _DENIED_BEFORE.search(text, 0, found.start())
        for found in kind.found.finditer(text)
    )
