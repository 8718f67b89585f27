"""The words of an organisation: its stores, products and brands, which the dictionary would break."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from analysis.errors import WordFileError
from analysis.features import entry_key
from analysis.spellings import OwnWords, normalise

_Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    words: dict[_Word, list[_Word] | None] = Field(min_length=1, max_length=5000)


def load_own_words(paths: Sequence[str | Path]) -> OwnWords:
    """The words of these files together. A word and its other spellings count as one.

    Error: `WordFileError` names file and word.
    """
    keys: dict[str, str] = {}
    for path in paths:
        for spelling, key in _spellings(str(path), _content(Path(path))):
            if keys.setdefault(spelling, key) != key:
                raise WordFileError(f"{path}: words: {spelling!r} stands for two words; leave it at one of them")
    return OwnWords(tuple(sorted(keys.items())))


def _content(path: Path) -> _File:
    try:
        return _File.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise WordFileError(f"{path}: cannot be read: {error}") from error
    except ValidationError as error:
        faults = (f"{path}: {'.'.join(map(str, fault['loc'])) or 'words'}: {fault['msg']}" for fault in error.errors())
        raise WordFileError("; ".join(faults)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise WordFileError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error


def _spellings(source: str, content: _File) -> Iterable[tuple[str, str]]:
    for word, others in content.words.items():
        key = _key(_plain(source, word))
        for spelling in (word, *(others or ())):
            yield _plain(source, spelling), key


def _plain(source: str, spelling: str) -> str:
    """As it stands in a comment once that is normalised."""
    plain = normalise(spelling).lower()
    if not any(letter.isalpha() for letter in plain) or "\n" in plain:
        raise WordFileError(f"{source}: words: {spelling!r} is no word; write letters, on one line")
    return plain


def _key(word: str) -> str:
    """Count it as the theme books do where they know it as one word, else by its letters."""
    known = entry_key(word)
    return word if " " in known or not known else known
