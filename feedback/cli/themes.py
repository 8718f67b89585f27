"""`koebako theme`: look after themes, and correct what the analysis made of comments once and for all."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from feedback.cli.edge import by_option, opened
from feedback.cli.theme_trial import try_
from feedback.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from analysis.corrections.log import Correction


@click.group()
def theme() -> None:
    """Look after themes: what is corrected here stays corrected in every later analysis."""


theme.add_command(try_)


def _make(
    config: Config,
    correct: "Callable[[Session, datetime], Correction]",
    hint: "Callable[[Session, Correction], str]" = lambda _, __: "",
) -> None:
    """Make one correction and say what was done, how to undo it, when figures follow, and `hint`."""
    from feedback.cli.theme_texts import told

    with opened(config) as database, database.session() as session:
        made = correct(session, datetime.now(UTC))
        more = hint(session, made)
    when = "Shown at once" if made.is_shown_only else "Figures follow with the next koebako analyse"
    click.echo(f"Correction {made.number}: {told(made)}. {when}; koebako theme undo {made.number} takes it back.{more}")


@theme.command("list")
@click.option(
    "--catalogue",
    metavar="NAME",
    help="The themes of this catalogue, such as hotel, and of your own files; needs no database.",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def list_(config: Config, catalogue: str | None, format_: str) -> None:
    """List the themes with how often each is spoken of in the newest report's weeks."""
    from feedback.cli import theme_texts
    from feedback.themes import counted_themes, latest_window

    if catalogue is not None:
        from analysis.themes.catalogues import load_catalogue
        from analysis.themes.own_words import load_own_words

        settings = config.analysis
        found = load_catalogue(catalogue, settings.catalogue_files, load_own_words(settings.word_files)).themes
        click.echo(_json([theme_texts.facts(each) for each in found]) if format_ == "json" else theme_texts.book(found))
        return
    with opened(config) as database, database.reading() as session:
        weeks = latest_window(session, config.analysis.window_responses)
        counted = counted_themes(session, weeks)
    if format_ == "json":
        click.echo(_json([theme_texts.counted_facts(each, weeks) for each in counted]))
    else:
        click.echo(theme_texts.counts(counted, weeks))


@theme.command()
@click.argument("theme_id", metavar="THEME")
@click.pass_obj
def show(config: Config, theme_id: str) -> None:
    """Show a theme: its words with their weights, its corrections, where it comes from, what customers say."""
    from feedback.cli import theme_texts
    from feedback.themes import latest_window, theme_details

    with opened(config) as database, database.reading() as session:
        weeks = latest_window(session, config.analysis.window_responses)
        details = theme_details(session, theme_id, weeks)
    click.echo(theme_texts.details(details, config.organisation.zone))


@theme.command()
@click.argument("theme_id", metavar="THEME")
@click.argument("name")
@click.option("--en", metavar="NAME", help="The English name.")
@by_option
@click.pass_obj
def rename(config: Config, theme_id: str, name: str, en: str | None, by: str) -> None:
    """Give a theme another name, in Japanese and, with --en, in English."""
    from analysis.corrections import correcting

    _make(config, lambda session, now: correcting.rename(session, theme_id, _names(name, en), by, now))


@theme.command()
@click.argument("theme_ids", metavar="THEME...", nargs=-1, required=True)
@click.argument("into", metavar="INTO")
@by_option
@click.pass_obj
def merge(config: Config, theme_ids: tuple[str, ...], into: str, by: str) -> None:
    """Make themes a part of the last one named: their words and their history join it."""
    from analysis.corrections import correcting

    _make(config, lambda session, now: correcting.merge(session, theme_ids, into, by, now))


@theme.command()
@click.argument("theme_id", metavar="THEME")
@click.option("--name", metavar="NAME", required=True, help="The new theme's Japanese name.")
@click.option("--en", metavar="NAME", help="The new theme's English name.")
@click.option(
    "--word", "words", metavar="W", multiple=True, required=True, help="A word that it takes; may be repeated."
)
@by_option
@click.pass_obj
def split(config: Config, theme_id: str, name: str, en: str | None, words: tuple[str, ...], by: str) -> None:
    """Make a theme of its own of some words of another one."""
    from analysis.corrections import correcting

    _make(config, lambda session, now: correcting.split(session, theme_id, _names(name, en), words, by, now))


@theme.command()
@click.argument("opinion", metavar="COMMENT/POSITION")
@click.argument("theme_ids", metavar="THEME...", nargs=-1)
@click.option("--none", "nothing", is_flag=True, help="The opinion is about no theme.")
@by_option
@click.pass_obj
def move(config: Config, opinion: str, theme_ids: tuple[str, ...], nothing: bool, by: str) -> None:
    """Say that one opinion is about exactly these themes; opinions near to it will follow."""
    from analysis.corrections import correcting

    _check_themes(theme_ids, nothing=nothing)
    place = correcting.opinion_reference(opinion)
    _make(config, lambda session, now: correcting.move(session, place, theme_ids, by, now))


@theme.command("set")
@click.argument("comment")
@click.argument("theme_ids", metavar="THEME...", nargs=-1)
@click.option("--none", "nothing", is_flag=True, help="The comment is about no theme.")
@by_option
@click.pass_obj
def set_(config: Config, comment: str, theme_ids: tuple[str, ...], nothing: bool, by: str) -> None:
    """Say that a comment is about exactly these themes."""
    from analysis.corrections import correcting

    _check_themes(theme_ids, nothing=nothing)
    _make(config, lambda session, now: correcting.set_themes(session, comment, theme_ids, by, now))


@theme.command()
@click.argument("theme_id", metavar="THEME")
@click.argument("word")
@click.option("--weight", type=float, help="How much it counts. Default: as much as a catalogue's word, 1.")
@by_option
@click.pass_obj
def pin(config: Config, theme_id: str, word: str, weight: float | None, by: str) -> None:
    """Make a word speak for a theme; two words with a space between them must occur together."""
    from analysis.corrections import correcting

    _make(config, lambda session, now: correcting.pin(session, theme_id, word, weight, by, now), _also_said)


def _also_said(session: "Session", made: "Correction") -> str:
    """Name the other themes that a pinned word speaks for."""
    from analysis.records import amended

    content = made.content
    others = [
        each.id
        for each in amended(session).themes.values()
        if content["word"] in each.words and each.id != content["theme"]
    ]
    return f" It speaks for {', '.join(others)} as well; koebako theme ban takes it away there." if others else ""


@theme.command()
@click.argument("theme_id", metavar="THEME")
@click.argument("word")
@by_option
@click.pass_obj
def ban(config: Config, theme_id: str, word: str, by: str) -> None:
    """Let a word no longer speak for a theme."""
    from analysis.corrections import correcting

    _make(config, lambda session, now: correcting.ban(session, theme_id, word, by, now))


@theme.command()
@click.argument("theme_id", metavar="THEME")
@by_option
@click.pass_obj
def hide(config: Config, theme_id: str, by: str) -> None:
    """Leave a theme out of lists and improvements; undo shows it again."""
    from analysis.corrections import correcting

    _make(config, lambda session, now: correcting.hide(session, theme_id, by, now))


@theme.command()
@click.argument("number", type=int)
@by_option
@click.pass_obj
def undo(config: Config, number: int, by: str) -> None:
    """Take a correction back, as if it had never been made."""
    from analysis.corrections.log import undo as take_back
    from feedback.cli.theme_texts import told

    with opened(config) as database, database.session() as session:
        undone = take_back(session, number, by, datetime.now(UTC))
    when = "Shown at once." if undone.is_shown_only else "Figures follow with the next koebako analyse."
    click.echo(f"Correction {undone.number} is undone: {told(undone)}. {when}")


@theme.command()
@click.pass_obj
def log(config: Config) -> None:
    """List every correction, newest first: its number, when, who, what."""
    from analysis.corrections.log import events
    from feedback.cli.theme_texts import log_line

    with opened(config) as database, database.reading() as session:
        found = events(session)
    for event in found:
        click.echo(log_line(event, config.organisation.zone))
    if not found:
        click.echo("Nothing was corrected yet.")


def _names(ja: str, en: str | None) -> dict[str, str]:
    return {"ja": ja} if en is None else {"ja": ja, "en": en}


def _check_themes(theme_ids: tuple[str, ...], *, nothing: bool) -> None:
    if nothing == bool(theme_ids):
        raise click.UsageError("name the themes, or give --none where it is about no theme")


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)
