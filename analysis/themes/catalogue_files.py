"""A catalogue file as people write it: read, checked, and every fault named in plain words with its place."""

import re
from collections.abc import Hashable, Iterator, Sequence
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from analysis.errors import CatalogueError

_Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_LISTING_MARK = re.compile("[、，,]")
_FAULTS = {
    "missing": "is missing",
    "string_type": 'must be text; put it in quotation marks ("24")',
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "must be small letters, digits and _, and begin with a letter, such as waiting_time",
    "too_short": "needs at least one entry",
    "list_type": "must be a list, such as [レジ, 会計]",
    "model_type": "must hold keys and values",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Names(_Part):
    """A name or advice in both languages of the pages."""

    ja: _Text
    en: _Text


class ThemePart(_Part):
    """A theme as it stands in a file."""

    id: _Id
    name: Names
    advice: Names
    words: list[_Text] = Field(min_length=1)
    broad: list[_Text] = []
    hints: list[_Text] = []
    general: bool = False


class GroupPart(_Part):
    """A group of themes as it stands in a file."""

    id: _Id
    name: Names
    themes: list[ThemePart] = Field(min_length=1)


class CatalogueFile(_Part):
    """A whole file."""

    name: Names
    groups: list[GroupPart] = Field(min_length=1)


def read_file(source: str, text: str) -> CatalogueFile:
    """Read the text of a file. Error: `CatalogueError` names `source`, the place and what to do, fault by fault."""
    content = _parsed(source, text)
    try:
        file = CatalogueFile.model_validate(content)
    except ValidationError as error:
        faults = [f"{_place(content, fault['loc'])}: {_plain(fault)}" for fault in error.errors()]
    else:
        faults = [*_named_twice(file), *_run_together(file)]
        if not faults:
            return file
    raise CatalogueError("; ".join(f"{source}: {fault}" for fault in faults))


class StrictLoader(yaml.SafeLoader):
    """A key that stands twice would silently win over the first one, and its words would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                line = key_node.start_mark.line + 1
                raise yaml.YAMLError(f"{key!r} stands twice in the same place, the second time in line {line}")
            seen.add(key)
        return super().construct_mapping(node, deep)


def _parsed(source: str, text: str) -> Any:
    try:
        return yaml.load(text, StrictLoader)  # noqa: S506  (a SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a day such as 2025-02-30
        raise CatalogueError(f"{source}: not valid YAML: {' '.join(str(error).split())}") from error


def _place(content: Any, steps: Sequence[int | str]) -> str:
    """Where a fault is, by the ids that its writer gave: `service.manner: words, entry 3`."""
    ids: list[str] = []
    keys: list[str] = []
    for step in steps:
        content = _within(content, step)
        if isinstance(step, str):
            keys.append(step)
        elif isinstance(content, dict):
            ids.append(str(content.get("id", f"number {step + 1}")))
            keys = []
        else:
            keys.append(f"entry {step + 1}")
    return ": ".join(part for part in (".".join(ids), ", ".join(keys)) if part) or "the file"


def _within(content: Any, step: int | str) -> Any:
    if isinstance(content, dict):
        return content.get(step)
    return content[step] if isinstance(content, list) and isinstance(step, int) and step < len(content) else None


def _plain(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return 'unknown key (a text with a comma or a colon in it needs quotation marks: en: "Size, fit")'
    return _FAULTS.get(fault["type"], str(fault["msg"]))


def _named_twice(file: CatalogueFile) -> Iterator[str]:
    groups = [group.id for group in file.groups]
    for group in file.groups:
        themes = [theme.id for theme in group.themes]
        yield from (f"{group.id}.{theme}: stands twice; join the two" for theme in sorted(_repeated(themes)))
    yield from (f"{group}: the group stands twice; put its themes into one" for group in sorted(_repeated(groups)))


def _repeated(ids: Sequence[str]) -> set[str]:
    return {one for one in ids if ids.count(one) > 1}


def _run_together(file: CatalogueFile) -> Iterator[str]:
    for group in file.groups:
        for theme in group.themes:
            for entry in (*theme.words, *theme.broad, *theme.hints):
                if _LISTING_MARK.search(entry):
                    yield f"{group.id}.{theme.id}: {entry!r} holds several words; part them with a half-width comma (,)"
