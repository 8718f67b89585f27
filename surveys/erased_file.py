"""Which codes were erased, kept beside the database: a copy of the database that is older knows nothing of it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from surveys.errors import ErasedFileError

_DIGEST = re.compile(r"[0-9a-f]{64}")
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class ErasedCodes:
    """What the file holds: digests of deletion codes, and how many lines are none."""

    digests: frozenset[str]
    unreadable: int


@dataclass(frozen=True, slots=True)
class ErasedFile:
    """An append-only file of digests, one a line. It opens nothing: no code can be read out of a digest.

    Errors: `ErasedFileError` when it cannot be read or written.
    """

    path: Path

    def add(self, digest: str) -> None:
        """Write one digest; it is on the disk when this returns."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            is_new = not self.path.exists()
            # a line that was cut off when the power failed must not swallow this one: it gets a line of its own
            line = f"{'' if is_new or self._ends_a_line() else chr(10)}{digest}\n".encode()
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)
            try:
                os.write(handle, line)
                os.fsync(handle)
            finally:
                os.close(handle)
            if is_new:
                self._sync_folder()
        except OSError as error:
            raise ErasedFileError(f"{self.path}: cannot be written: {error.strerror or error}") from error

    def read(self) -> ErasedCodes:
        """Read every digest; a file that is not there holds none."""
        try:
            lines = self.path.read_bytes().decode("ascii", "replace").split("\n") if self.path.exists() else []
        except OSError as error:
            raise ErasedFileError(f"{self.path}: cannot be read: {error.strerror or error}") from error
        written = [line.strip() for line in lines if line.strip()]
        digests = frozenset(line for line in written if _DIGEST.fullmatch(line))
        return ErasedCodes(digests, sum(line not in digests for line in written))

    def _ends_a_line(self) -> bool:
        with self.path.open("rb") as stream:
            stream.seek(0, os.SEEK_END)
            if stream.tell() == 0:
                return True
            stream.seek(-1, os.SEEK_END)
            return stream.read(1) == b"\n"

    def _sync_folder(self) -> None:
        """Make the name of a new file as lasting as its content."""
        handle = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
