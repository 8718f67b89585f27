"""The manual cannot go stale: settings, environment, commands, options, links and make targets are checked."""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest
import yaml
from pydantic import BaseModel

from feedback.cli import main
from feedback.config import Config, load_config

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
OPERATING = ROOT / "docs" / "operating.md"

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)


def settings_keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        if field.exclude:  # secrets and the demo's mark: never in the file
            continue
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings_keys(field.annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def file_keys(values: dict, prefix: str = "") -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from file_keys(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


def written_commands(page: Path) -> Iterator[str]:
    """Every `koebako ...` and `make ...` that a page tells its reader to type."""
    text = page.read_text(encoding="utf-8")
    blocks = [block for language, block in _FENCE.findall(text) if language in {"", "sh", "bash", "console", "ini"}]
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    for line in [*lines, *_INLINE.findall(_FENCE.sub("", text))]:
        for part in re.split(r"&&|;|\|(?!\w)", line.partition(" #")[0]):
            typed = re.sub(r"^(\$ |sudo |-u \S+ |[A-Z_]+=\S+ |\S*\.venv/bin/)*", "", part.strip())
            if typed.startswith(("koebako ", "make ")):
                yield typed


def split(typed: str) -> list[str]:
    """The words of a typed command; [optional] parts and ellipses of a synopsis are read as if they were typed."""
    return [word for word in shlex.split(re.sub(r"[\[\]…]", " ", typed)) if word != "..."]


def find_command(words: list[str]) -> tuple[click.Command, list[str]]:
    command: click.Command = main
    rest = [word for word in words if word != "--config"]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(click.Context(command), rest[0])
        if found is None:
            break
        command, rest = found, rest[1:]
    return command, rest


def unknown_part(typed: str) -> str | None:
    """Say what of a typed `koebako` command does not exist; None when all of it does."""
    command, rest = find_command(split(typed)[1:])
    if isinstance(command, click.Group):
        alternatives = rest[0].split("|") if rest and not rest[0].startswith("-") else []
        unknown = [name for name in alternatives if command.get_command(click.Context(command), name) is None]
        return f"command {unknown[0]!r}" if unknown else None
    known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
    options = [word.partition("=")[0] for word in rest if word.startswith("--")]
    return next((f"option {option}" for option in options if option not in known), None)


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = [re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip() for heading in _HEADING.findall(text)]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_config_yaml_names_every_setting_with_its_default(monkeypatch):
    monkeypatch.chdir(ROOT)
    values = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    assert sorted(file_keys(values)) == sorted(settings_keys(Config))
    assert load_config(ROOT / "config.yaml", environ={}) == Config()


def test_every_setting_in_config_yaml_has_a_comment_above_it():
    lines = (ROOT / "config.yaml").read_text(encoding="utf-8").splitlines()
    bare = [
        line.strip()
        for above, line in pairwise(lines)
        if re.match(r"  \w+:", line) and not above.strip().startswith("#")
    ]
    assert bare == []


def test_the_manual_explains_every_setting_with_its_default():
    written = dict(re.findall(r"^\| `([a-z_.]+)` \| (.+?) \|", OPERATING.read_text(encoding="utf-8"), re.MULTILINE))
    assert written == {key: shown(default) for key, default in defaults()}


def defaults() -> Iterator[tuple[str, object]]:
    values = Config().model_dump(mode="json")
    for key in settings_keys(Config):
        part, name = key.split(".")
        yield key, values[part][name]


def shown(default: object) -> str:
    if isinstance(default, list):
        return f"[{', '.join(default)}]"
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) or "empty"


def test_the_manual_explains_every_environment_variable():
    sources = [path for name in ("surveys", "analysis", "feedback", "tests", "Makefile", ".ci") for path in walk(name)]
    read = {name for path in sources for name in re.findall(r"KOEBAKO_[A-Z_]+", path.read_text(encoding="utf-8"))}
    assert sorted(name for name in read if f"`{name}`" not in OPERATING.read_text(encoding="utf-8")) == []


def walk(name: str) -> list[Path]:
    path = ROOT / name
    return (
        [path]
        if path.is_file()
        else [each for each in path.rglob("*") if each.suffix in {".py", ""} and each.is_file()]
    )


def test_the_manual_names_every_command():
    text = OPERATING.read_text(encoding="utf-8")
    assert [" ".join(path) for path in commands() if f"`koebako {' '.join(path)}" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_tells_to_type_exists(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    wrong = []
    for typed in written_commands(page):
        if typed.startswith("make "):
            named = [word for word in typed.split()[1:2] if re.fullmatch(r"[a-z-]+", word)]
            wrong += [f"{typed}: no such target" for target in named if target not in targets]
        elif unknown := unknown_part(typed):
            wrong.append(f"{typed}: no {unknown}")
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page):
    broken = []
    for link in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):  # other sites are not asked: tests need no network
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_the_check_itself_finds_what_is_wrong():
    assert unknown_part("koebako nonsense") == "command 'nonsense'"
    assert unknown_part("koebako staff nonsense NAME") == "command 'nonsense'"
    assert unknown_part("koebako staff add NAME --rank 3") == "option --rank"
    assert unknown_part("koebako staff add|reset") is None
    assert unknown_part("koebako staff add NAME [--role viewer]") is None
