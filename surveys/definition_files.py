"""A survey as a YAML file: read with every fault named, written back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from pydantic import ValidationError

from surveys.errors import InputError
from surveys.questions import SurveyDefinition


def load_definition(path: Path, zone: ZoneInfo = ZoneInfo("Asia/Tokyo")) -> SurveyDefinition:  # noqa: B008 - frozen
    """Read a survey from a YAML file.

    `opens` and `closes` may be a day (open from its start, until its end) or a moment, in `zone` unless they name one.
    Error: `InputError` names the file and every wrong key.
    """
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    return read_definition(content, str(path), zone)


def read_definition(content: str, source: str, zone: ZoneInfo) -> SurveyDefinition:
    """Read a survey from the text of such a file. Error: `InputError` names the source and every wrong key."""
    values = _read(content, source)
    for name, days in (("opens", 0), ("closes", 1)):
        if name in values:
            values[name] = _moment(values[name], zone, days)
    try:
        return SurveyDefinition.model_validate(values)
    except ValidationError as error:
        raise InputError("; ".join(f"{source}: {fault}" for fault in _faults(error, values))) from error


def definition_text(definition: SurveyDefinition, zone: ZoneInfo) -> str:
    """Write a survey as the YAML that `read_definition` reads; moments in the zone given."""
    values = definition.model_dump(mode="json", exclude_defaults=True)
    for name in ("opens", "closes"):
        if moment := getattr(definition, name):
            values[name] = moment.astimezone(zone).isoformat()
    return str(yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=120))


def _read(content: str, source: str) -> dict[str, Any]:
    try:
        values = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"{source}: not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(values, dict):
        raise InputError(f"{source}: must hold keys and values (key, title, purpose, questions …)")
    return values


def _moment(value: object, zone: ZoneInfo, days: int) -> object:
    """Give a day or a moment without a zone its zone; anything else is left for the model to refuse."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime.combine(value + timedelta(days=days), time(), zone)
    return value


def _faults(error: ValidationError, values: Mapping[str, Any]) -> Sequence[str]:
    return [
        f"{_where(fault['loc'], values)}: "
        + ("unknown key" if fault["type"] == "extra_forbidden" else fault["msg"].removeprefix("Value error, "))
        for fault in error.errors()
    ]


def _where(location: tuple[int | str, ...], values: object) -> str:
    """Write a place in the file, list items by their own key: questions[reason].text."""
    written = ""
    for part in location:
        inside: Any = None
        if isinstance(values, dict):
            inside = values.get(part)
        elif isinstance(values, list) and isinstance(part, int):
            inside = values[part] if part < len(values) else None
        if isinstance(part, int):
            written += f"[{inside.get('key', part + 1) if isinstance(inside, dict) else part + 1}]"
        else:
            written += f".{part}" if written else part
        values = inside
    return written or "survey"
