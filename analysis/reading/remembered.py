"""What was worked out for a word of the dictionary, ready to be asked very often."""

from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")
_MOST = 50_000


class Remembered(dict[Key, Value], Generic[Key, Value]):
    """What `make` says of each key; asked like a dictionary, which is quicker than calling a function with a cache.

    Forgets everything when it is full: words have no end, memory has.
    """

    def __init__(self, make: Callable[[Key], Value]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Key) -> Value:
        if len(self) >= _MOST:
            self.clear()
        made = self[key] = self._make(key)
        return made
