"""The rows of a JSON Lines file."""

import json
from pathlib import Path
from typing import Any


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read every row; empty lines are left out."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
