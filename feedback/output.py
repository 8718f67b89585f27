"""Where a command's result goes: a file that is written whole or not at all, or the terminal."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
        yield sys.stdout.buffer
        return
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
