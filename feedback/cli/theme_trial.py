"""`koebako theme try`: what a catalogue and an organisation's own files make of a sentence."""

from typing import TYPE_CHECKING

import click

from feedback.config import Config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.results import Opinion, Tag, Theme


@click.command("try")
@click.argument("comments", metavar="COMMENT...", nargs=-1, required=True)
@click.option("--catalogue", metavar="NAME", help="Try this catalogue. Default: the one of the settings.")
@click.pass_obj
def try_(config: Config, comments: tuple[str, ...], catalogue: str | None) -> None:
    """Show how comments are read: opinions, themes, praise or blame, words. Needs no database and stores nothing.

    Your own catalogue and word files count; corrections of staff do not.
    """
    from analysis.reading.text import read_opinions
    from analysis.themes.catalogues import load_catalogue
    from analysis.themes.model import ThemeModel
    from analysis.themes.own_words import load_own_words

    if not all(comment.strip() for comment in comments):
        raise click.UsageError("a comment is empty; write what a customer would")
    settings = config.analysis
    own = load_own_words(settings.word_files)
    themes = load_catalogue(catalogue or _named(settings.catalogue), settings.catalogue_files, own).themes
    by_id, model = {theme.id: theme for theme in themes}, ThemeModel(themes)
    for comment in comments:
        opinions = read_opinions(comment, own)
        for opinion, tags in zip(opinions, model.tag(opinions), strict=True):
            click.echo("\n".join(_lines(opinion, tags, by_id)))


def _named(catalogue: str) -> str:
    from analysis.settings import AUTOMATIC

    if catalogue == AUTOMATIC:
        raise click.UsageError("say which catalogue: --catalogue NAME (the settings leave the choice to the comments)")
    return catalogue


def _lines(opinion: "Opinion", tags: "tuple[Tag, ...]", themes: "Mapping[str, Theme]") -> list[str]:
    from analysis.polarity.rules import read_polarity

    if opinion.kind != "opinion":
        return [f"「{opinion.text}」", f"  {'nothing to say' if opinion.kind == 'none' else 'another language'}"]
    said = read_polarity(opinion) + (", a request" if opinion.is_request else "")
    return [
        f"「{opinion.text}」 {said}",
        *(f"  {tag.theme_id}  {themes[tag.theme_id].name['ja']}  {tag.weight:.2f}" for tag in tags),
        *(() if tags else ("  その他: no theme fits clearly",)),
        f"  words: {' / '.join(token.key for token in opinion.tokens)}",
    ]
