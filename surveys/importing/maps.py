"""The column map of an import: which column of a file is what."""

from pathlib import Path
from typing import Annotated, ClassVar, Self

import yaml
from pydantic import Field, StringConstraints, ValidationError, model_validator

from surveys.errors import InputError
from surveys.questions import Asks
from surveys.settings import Settings

ColumnName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
FieldKey = Annotated[str, StringConstraints(pattern=r"^[^\s:/\x00-\x1f\x7f]{1,99}$")]


class Columns(Settings):
    """The column that holds each single thing; only the date must have one."""

    date: ColumnName
    time: ColumnName | None = None
    store: ColumnName | None = None
    area: ColumnName | None = None
    operator: ColumnName | None = None
    score: ColumnName | None = None
    satisfaction: ColumnName | None = None
    external_id: ColumnName | None = None
    channel: ColumnName | None = None


class Constants(Settings):
    """What is the same in every row, where the file has no column for it."""

    store: ColumnName | None = None
    area: ColumnName | None = None
    operator: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] | None = None
    channel: Annotated[str, StringConstraints(min_length=1, max_length=50)] = "import"


class ColumnMap(Settings):
    """Which column is what. `comments`, `answers` and `attributes` map our own key to the file's column.

    `source` names where the file comes from; it begins the identity of every answer, so two sources never clash.
    `labels` translates words into figures (satisfaction: {満足: 4}), `empty` lists cells that mean "no answer".
    `asks` says of a comment what its question asks for (faults: a bare 「駐車場」 is then a complaint).
    """

    naming: ClassVar[str] = "the map's "

    source: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,49}$")]
    columns: Columns
    constants: Constants = Constants()
    comments: dict[FieldKey, ColumnName] = Field(default_factory=dict)
    asks: dict[FieldKey, Asks] = Field(default_factory=dict)
    answers: dict[FieldKey, ColumnName] = Field(default_factory=dict)
    attributes: dict[FieldKey, ColumnName] = Field(default_factory=dict)
    labels: dict[Annotated[str, Field(pattern="^(score|satisfaction)$")], dict[str, int]] = Field(default_factory=dict)
    empty: tuple[str, ...] = ()
    survey: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,100}$")] | None = None
    date_format: str | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    sheet: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.columns.store is None) == (self.constants.store is None):
            raise ValueError("name the store once: columns.store or constants.store")
        if self.columns.area and self.constants.area:
            raise ValueError("name the area once: columns.area or constants.area")
        if self.columns.operator and self.constants.operator:
            raise ValueError("name the operator once: columns.operator or constants.operator")
        if not (self.columns.score or self.columns.satisfaction or self.comments or self.answers):
            raise ValueError("nothing to import: name a score, a satisfaction, comments or answers")
        if unknown := sorted(self.asks.keys() - self.comments.keys()):
            raise ValueError(f"asks.{unknown[0]}: no comment of this name stands under comments")
        return self

    def named_columns(self) -> dict[str, str]:
        """Return every column that must be in the file, by the key that names it ('columns.date' -> '回答日')."""
        single = self.columns.model_dump(exclude_none=True)
        named = {f"columns.{key}": column for key, column in single.items()}
        for group in ("comments", "answers", "attributes"):
            named |= {f"{group}.{key}": column for key, column in getattr(self, group).items()}
        return named


def read_map(path: Path) -> ColumnMap:
    """Read a column map from a YAML file. Error: `InputError` names the file and every wrong key."""
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a day such as 2025-02-30
        raise InputError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(values, dict):
        raise InputError(f"{path}: must hold keys and values (see docs/importing.md)")
    try:
        return ColumnMap.model_validate(values)
    except ValidationError as error:
        raise InputError("; ".join(f"{path}: {fault}" for fault in _faults(error))) from error


def _faults(error: ValidationError) -> list[str]:
    return [
        ": ".join(
            part
            for part in (
                ".".join(str(part) for part in fault["loc"]),
                "unknown key" if fault["type"] == "extra_forbidden" else fault["msg"].removeprefix("Value error, "),
            )
            if part
        )
        for fault in error.errors()
    ]
