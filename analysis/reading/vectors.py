"""What words mean, as pretrained vectors: those inside the `ja-ginza` wheel, read directly and without spaCy.

The wheel (MIT; its chiVe vectors: Apache-2.0) is installed without its dependencies. Where it is missing, everything
works on words alone.
"""

from collections.abc import Sequence
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path

import msgpack
import numpy as np
from numpy.typing import NDArray

from analysis.results import Token

DISTRIBUTION = "ja-ginza"
_PACKAGE = "ja_ginza"
_SEED = 1
_MULTIPLIER = 0xC6A4A7935BD1E995
_SHIFT = 47
_BITS = (1 << 64) - 1
_REMEMBERED = 50_000


class WordVectors:
    """A table of vectors, read from its file as it is needed. Words that mean nearly the same may share a row.

    `keys` are the sorted hashes of the known words, `rows` the row of `table` for each of them.
    """

    def __init__(self, keys: NDArray[np.uint64], rows: NDArray[np.int32], table: NDArray[np.float32]) -> None:
        self._keys = keys
        self._rows = rows
        self._table = table
        self._looked_up: dict[Token, NDArray[np.float32]] = {}

    @cached_property
    def middle(self) -> NDArray[np.float64]:
        """The mean direction of all words: what every one of them has and none is about."""
        lengths = np.maximum(np.linalg.norm(self._table, axis=1, keepdims=True), 1e-9)
        return np.asarray((self._table / lengths).mean(axis=0), np.float64)

    @property
    def dimensions(self) -> int:
        """The length of one vector."""
        return int(self._table.shape[1])

    def of(self, words: Sequence[str]) -> NDArray[np.float32]:
        """One row a word, as the table has it (not normalised); a row of zeros for an unknown word."""
        hashes = np.fromiter((word_hash(word) for word in words), np.uint64, len(words))
        places = np.searchsorted(self._keys, hashes)
        places[places == len(self._keys)] = 0
        known = self._keys[places] == hashes
        found = np.zeros((len(words), self.dimensions), np.float32)
        found[known] = self._table[self._rows[places[known]]]
        return found

    def remembered(self, tokens: Sequence[Token]) -> NDArray[np.float64]:
        """One row a token, as `of_tokens`; each is looked up once, and the models of a run share it."""
        if len(self._looked_up) > _REMEMBERED:
            self._looked_up.clear()
        new = [token for token in dict.fromkeys(tokens) if token not in self._looked_up]
        self._looked_up.update(zip(new, self.of_tokens(new), strict=True))
        return np.array([self._looked_up[token] for token in tokens], np.float64).reshape(-1, self.dimensions)

    def of_tokens(self, tokens: Sequence[Token]) -> NDArray[np.float32]:
        """One row a token: as it is written, else by its key, else the mean of the known parts of a compound."""
        found = self.of([token.surface for token in tokens])
        missing = np.flatnonzero(~found.any(axis=1))
        found[missing] = self.of([tokens[row].key for row in missing.tolist()])
        for row in missing[~found[missing].any(axis=1)].tolist():
            parts = self.of(tokens[row].parts)
            parts = parts[parts.any(axis=1)]
            if len(parts):
                found[row] = parts.mean(axis=0)
        return found


@cache
def load_vectors() -> WordVectors | None:
    """The vectors of this installation, None where `ja-ginza` is not installed. Takes a fifth of a second, once."""
    vocabulary = vocabulary_folder()
    if vocabulary is None:
        return None
    row_of = msgpack.unpackb((vocabulary / "key2row").read_bytes(), strict_map_key=False)
    keys = np.fromiter(row_of.keys(), np.uint64, len(row_of))
    rows = np.fromiter(row_of.values(), np.int32, len(row_of))
    order = np.argsort(keys)
    return WordVectors(keys[order], rows[order], np.load(vocabulary / "vectors", mmap_mode="r"))


def unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every row at length 1; rows of zeros stay."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


def word_hash(word: str) -> int:
    """Hash a word as spaCy keys its vectors: MurmurHash64A (Austin Appleby, public domain) of its UTF-8, seed 1."""
    content = word.encode()
    found = _SEED ^ (len(content) * _MULTIPLIER & _BITS)
    whole = len(content) // 8 * 8
    for at in range(0, whole, 8):
        block = int.from_bytes(content[at : at + 8], "little") * _MULTIPLIER & _BITS
        block = (block ^ (block >> _SHIFT)) * _MULTIPLIER & _BITS
        found = (found ^ block) * _MULTIPLIER & _BITS
    if whole < len(content):
        found = (found ^ int.from_bytes(content[whole:], "little")) * _MULTIPLIER & _BITS
    found = (found ^ (found >> _SHIFT)) * _MULTIPLIER & _BITS
    return found ^ (found >> _SHIFT)


def vocabulary_folder(package: str = _PACKAGE) -> Path | None:
    """Find the folder of the vectors. The package itself is not imported: it would look for spaCy."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    found = sorted(Path(folder) for base in folders or () for folder in Path(base).glob("*/vocab"))
    return found[-1] if found else None
