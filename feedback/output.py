"""Where a command's result goes: a file that is written whole or not at all, or the terminal."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from feedback.errors import OutputError

TERMINAL = Path("-")


@contextmanager
def opened_output(path: Path) -> Iterator[BinaryIO]:
    """Open the place of a result for writing bytes; `-` is the terminal.

    A file is written under another name first and takes its own at the end: nobody reads half a file, and a failed
    command leaves the earlier one in place. Error: `OutputError` names the file.
    """
    if path == TERMINAL:
        with _told(path):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    if not path.name:
        raise OutputError(f"{str(path)!r} is no name of a file to write")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with _told(path):
            with part.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read the terminal's end has read enough
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
