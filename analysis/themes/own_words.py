"""The words of an organisation: its stores, products and brands, which the dictionary would break."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from analysis.errors import WordFileError
from analysis.reading.features import entry_key
from analysis.reading.spellings import OwnWords, normalise
from analysis.themes.catalogue_files import StrictLoader

_Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]


_FAULTS = {
    "missing": "is missing",
    "model_type": "must hold the key words",
    "extra_forbidden": "unknown key; there is only words",
    "dict_type": "must hold words, each with a list of its other spellings: {ふくまる便: [フクマル便]}",
    "list_type": "its other spellings must be a list, such as [フクマル便]",
    "string_type": 'must be text; put it in quotation marks ("24")',
    "string_too_short": "needs two letters or more",
    "too_short": "needs at least one word",
}


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
        return _File.model_validate(yaml.load(path.read_text("utf-8"), StrictLoader))  # noqa: S506  (a SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise WordFileError(f"{path}: cannot be read: {error}") from error
    except ValidationError as error:
        faults = (
            f"{path}: {_place(fault['loc'])}: {_FAULTS.get(fault['type'], fault['msg'])}" for fault in error.errors()
        )
        raise WordFileError("; ".join(faults)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise WordFileError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error


def _place(steps: Sequence[int | str]) -> str:
    named = [f"entry {step + 1}" if isinstance(step, int) else step for step in steps if step != "[key]"]
    return ": ".join(named) or "the file"


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
