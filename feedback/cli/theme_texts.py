"""Themes and corrections as the commands write them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rich.cells import cell_len

from analysis.corrections.log import Correction
from analysis.results import Quote, Theme, ThemeEvent, Wording
from feedback.themes import CountedTheme, ThemeDetails, heaviest_first
from surveys.texts import pick


def facts(theme: Theme) -> dict[str, object]:
    """Return a theme for JSON. `group` is the key before the dot of a catalogue's id, empty for other themes."""
    return {
        "id": theme.id,
        "group": theme.id.rpartition(".")[0],
        "name": dict(theme.name),
        "group_name": dict(theme.group),
        "origin": theme.origin,
        "general": theme.general,
        "words": dict(heaviest_first(theme)),
    }


def counted_facts(counted: CountedTheme, weeks: Sequence[str]) -> dict[str, object]:
    """Return a theme of the database for JSON, with its counts over these weeks."""
    theme, totals = counted.theme, counted.totals
    return facts(theme) | {
        "since": theme.since,
        "hidden": theme.hidden,
        "merged_into": theme.merged_into,
        "weeks": [weeks[0], weeks[-1]] if weeks else [],
        "opinions": totals.opinions,
        "positive": totals.positive,
        "negative": totals.negative,
        "requests": totals.requests,
        "responses": totals.responses,
    }


def book(themes: Iterable[Theme]) -> str:
    """Write the themes of a catalogue under their groups."""
    lines: list[str] = []
    group: Wording | None = None
    for theme in themes:
        if theme.group != group:
            group = theme.group
            lines.append(f"{theme.id.rpartition('.')[0]}  {_names(group)}")
        lines.append(f"  {_padded(theme.id, 28)} {_padded(_names(theme.name), 44)} {len(theme.words):>4} words")
    return "\n".join(lines)


def counts(themes: Sequence[CountedTheme], weeks: Sequence[str]) -> str:
    """Write the themes of the database, one a line."""
    if not themes:
        return "No week has been analysed yet; run: koebako analyse"
    return "\n".join([f"Opinions of {_span(weeks)}", *(_counted(each) for each in themes)])


def _counted(counted: CountedTheme) -> str:
    theme = counted.theme
    notes: list[str] = [theme.origin]
    notes += [f"since {theme.since}"] if theme.since else []
    notes += [f"merged into {theme.merged_into}"] if theme.merged_into else []
    notes += ["hidden"] if theme.hidden else []
    return (
        f"{counted.totals.opinions:>7,}  {_padded(theme.id, 28)} {_padded(_names(theme.name), 44)} {', '.join(notes)}"
    )


def details(found: ThemeDetails, zone: ZoneInfo) -> str:
    """Write all about one theme."""
    return "\n".join(_detail_lines(found, zone))


def _detail_lines(found: ThemeDetails, zone: ZoneInfo) -> Iterator[str]:
    theme, totals = found.counted.theme, found.counted.totals
    yield f"{theme.id}  {_names(theme.name)}"
    yield f"Group: {_names(theme.group)}. Origin: {_origin(theme)}"
    if found.other_names:
        yield f"Other names: {', '.join(_names(name) for name in found.other_names)}"
    for part in found.parts:
        yield f"Holds: {part.id}  {_names(part.name)}"
    if found.weeks:
        yield (
            f"{_span(found.weeks)}: {totals.opinions:,} opinions ({totals.positive:,} positive, {totals.negative:,} "
            f"negative, {totals.requests:,} requests) in {totals.responses:,} answers"
        )
    yield f"Words: {', '.join(f'{word} {weight:g}' for word, weight in found.words)}"
    for event in found.corrections:
        yield f"Correction {log_line(event, zone)}"
    for past in found.lineage:
        yield f"Lineage {_past(past)}"
    for quote in found.quotes:
        yield f"「{quote.text}」 {_reference(quote)}"


def _origin(theme: Theme) -> str:
    return theme.origin + (f", since {theme.since}" if theme.since else "") + (", hidden" if theme.hidden else "")


def _past(event: ThemeEvent) -> str:
    other = f" {event.other_id}" if event.other_id else ""
    share = f" ({event.share:.0%})" if event.share is not None else ""
    return f"{event.week}  {event.theme_id} {event.kind}{other}{share}"


def _reference(quote: Quote) -> str:
    return f"{quote.comment_id}/{quote.position}"


def log_line(event: Correction, zone: ZoneInfo) -> str:
    """Write one correction: its number, when, who, what, and who took it back."""
    made = event.made_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    undone = f" (undone by {event.undone_by})" if event.is_undone else ""
    return f"{event.number}  {made}  {event.made_by}  {told(event)}{undone}"


def told(event: Correction) -> str:
    """Say in a few words what a correction changes."""
    return _TOLD[event.kind](event.content)


def _told_split(content: Mapping[str, Any]) -> str:
    words = ", ".join(content["words"])
    return f"{content['id']} {_names(content['name'])} split from {content['theme']} with {words}"


_TOLD: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "rename": lambda content: f"{content['theme']} is called {_names(content['name'])}",
    "merge": lambda content: f"{', '.join(content['themes'])} merged into {content['into']}",
    "split": _told_split,
    "move": lambda content: f"{content['comment']}/{content['position']} is about {_themes(content['themes'])}",
    "set": lambda content: f"{content['comment']} is about {_themes(content['themes'])}",
    "pin": lambda content: f"{content['word']} pinned to {content['theme']} with weight {content['weight']:g}",
    "ban": lambda content: f"{content['word']} banned from {content['theme']}",
    "hide": lambda content: f"{content['theme']} hidden",
}


def _themes(theme_ids: Sequence[str]) -> str:
    return ", ".join(theme_ids) or "no theme"


def _names(name: Wording) -> str:
    return " / ".join(dict.fromkeys(pick(name, language) for language in ("ja", "en")))


def _span(weeks: Sequence[str]) -> str:
    if not weeks:
        return "no week yet"
    return weeks[0] if len(weeks) == 1 else f"{weeks[0]} to {weeks[-1]}"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))
