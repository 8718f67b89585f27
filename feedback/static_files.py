"""Addresses of static files that change with their content, so that browsers may keep them for long."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from flask import Flask, url_for


def versioned(app: Flask) -> Callable[[str], str]:
    """Return a function from a file name in the static folder to its address with a digest of its content."""
    folder = Path(str(app.static_folder))
    digests = {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()[:10]
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

    def address(name: str) -> str:
        return url_for("static", filename=name, v=digests[name])

    return address
