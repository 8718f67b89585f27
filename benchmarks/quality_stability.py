"""How stable themes are from one weekly fit to the next, and whether corrections outlive them: the product's own runs.

The first N weeks of the file are analysed one after the other on a temporary SQLite database, as in a shop that
analyses every Monday. Compared are neighbouring fits: the runs that look for new themes, which here is every run; the
product itself looks every fourth week (`--every 4`).
"""

import argparse
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

from quality_rows import whole_number
from random_corrections import corrections_kept, make_corrections
from sqlalchemy import select

from analysis import records
from analysis.corrections.log import active
from analysis.results import ThemeEvent
from analysis.tables import OpinionRow, TagRow
from analysis.weeks import weekly
from analysis.weeks.runs import analyse
from feedback.config import Config, load_config
from feedback.schema import upgrade_schema
from surveys.database import Database
from surveys.errors import InputError
from surveys.importing import Limits, import_file, read_map
from surveys.queries import week_fingerprints
from surveys.tables import Comment
from surveys.weeks import first_day, shift

Tags = Mapping[tuple[str, int], frozenset[str]]
"""The themes of every opinion that has any, by comment and position."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what this figure needs."""
    command.add_argument("--columns", type=Path, required=True, help="the map of the file's columns")
    command.add_argument(
        "--weeks", type=whole_number(2), default=52, help="how many of the file's first weeks are analysed, 2 or more"
    )
    command.add_argument("--catalogue", default="auto")
    command.add_argument(
        "--corrections", type=whole_number(0), default=20, help="made before the last two fits of a second run"
    )
    command.add_argument("--seed", type=int, default=1)
    command.add_argument(
        "--every", type=whole_number(1), default=1, help="weeks from one fit to the next; the product's are 4"
    )


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Analyse week by week and compare each fit with the one before."""
    config = load_config()
    settings = config.analysis.model_copy(update={"catalogue": arguments.catalogue})
    config = config.model_copy(update={"analysis": settings})
    with tempfile.TemporaryDirectory() as folder, patch.object(weekly, "DISCOVERY_EVERY_WEEKS", arguments.every):
        database = Database(f"sqlite:///{folder}/benchmark.db")
        upgrade_schema(database)
        limits = Limits(config.organisation.zone, datetime.now(UTC), config.surveys.max_text_length)
        import_file(database, arguments.file, read_map(arguments.columns), limits)
        weeks, start = _weeks(database, arguments)
        fits = _analysed(database, config, weeks[:start])
        database.close()  # all that it holds is in its file then; it opens again by itself
        shutil.copy(f"{folder}/benchmark.db", f"{folder}/corrected.db")
        fits |= _analysed(database, config, weeks[start:])
        found = _figures(database, fits, weeks)
        database.close()
        corrected = Database(f"sqlite:///{folder}/corrected.db")
        with corrected.session() as session:
            make_corrections(session, arguments.corrections, arguments.seed)
        _analysed(corrected, config, weeks[start:])
        with corrected.reading() as session:
            found |= {"corrections": len(active(session)), "corrections_kept": corrections_kept(session)}
        corrected.close()
    return {"weeks": len(weeks), "every": arguments.every} | found


def _weeks(database: Database, arguments: argparse.Namespace) -> tuple[list[str], int]:
    """The weeks to analyse, and which of them is the last but one that fits: corrections are made before it.

    They are made after the first week at the soonest, since before it there is nothing to correct. Error: `InputError`
    where there are less than two fits to compare.
    """
    with database.reading() as session:
        answered = sorted(week_fingerprints(session))
    if not answered:
        raise InputError(f"{arguments.file}: no row could be read as an answer")
    weeks = [week for later in range(arguments.weeks) if (week := shift(answered[0], later)) <= answered[-1]]
    fitting = [place for place, week in enumerate(weeks) if weekly.is_discovery_week(week)]
    if len(fitting) < 2:
        raise InputError(
            f"{arguments.file}: {len(weeks)} weeks with --every {arguments.every} hold {len(fitting)} fits, "
            "and two or more are compared; give more weeks or --every 1"
        )
    return weeks, max(fitting[-2], 1)


def _analysed(database: Database, config: Config, weeks: Sequence[str]) -> dict[str, Tags]:
    """Analyse these weeks one after the other; the tags after each fit."""
    fits: dict[str, Tags] = {}
    for week in weeks:
        _analyse_until(database, config, week)
        if weekly.is_discovery_week(week):
            fits[week] = _tags(database)
    return fits


def _figures(database: Database, fits: Mapping[str, Tags], weeks: Sequence[str]) -> dict[str, object]:
    with database.reading() as session:
        themes, events = records.themes(session), records.lineage(session)
        opinions = sum(row.opinions for row in records.store_weeks(session, weeks))
    return {
        **_kept_between(fits, events, {key for key, theme in themes.items() if theme.origin == "discovered"}),
        "discovered": sum(theme.origin == "discovered" for theme in themes.values()),
        "other_share": round(1 - len(_tags(database)) / opinions, 4),
        "events": Counter(event.kind for event in events),
    }


def _kept_between(
    fits: Mapping[str, Tags], events: Sequence[ThemeEvent], discovered: AbstractSet[str]
) -> dict[str, object]:
    """Count, over all neighbouring fits, the opinions tagged in both and those that kept their themes."""
    kept: Counter[str] = Counter()
    for (_, before), (week, after) in pairwise(fits.items()):
        became = successors([event for event in events if event.week == week])
        for opinion in before.keys() & after.keys():
            kind = "discovered" if before[opinion] & discovered else "catalogue"
            kept[kind] += keeps(before[opinion], after[opinion], became)
            kept[f"all {kind}"] += 1
    every = kept["all discovered"] + kept["all catalogue"]
    return {
        "fits": len(fits),
        "compared": every,
        "kept_ids": _share(kept["discovered"] + kept["catalogue"], every),
        "kept_ids_discovered": _share(kept["discovered"], kept["all discovered"]),
    }


def successors(events: Sequence[ThemeEvent]) -> dict[str, set[str]]:
    """Which ids an opinion of a theme may have after a fit: its successor's when merged, also its parts' when split."""
    became: dict[str, set[str]] = {}
    for event in events:
        if event.kind == "merged" and event.other_id:
            became[event.theme_id] = {event.other_id}
        elif event.kind == "split" and event.other_id:
            became.setdefault(event.other_id, {event.other_id}).add(event.theme_id)
    return became


def keeps(before: AbstractSet[str], after: AbstractSet[str], became: Mapping[str, AbstractSet[str]]) -> bool:
    """Whether every theme that an opinion had is still there, or what became of it."""
    return all(after & became.get(theme_id, {theme_id}) for theme_id in before)


def _tags(database: Database) -> Tags:
    query = (
        select(Comment.external_id, OpinionRow.position, TagRow.theme_id)
        .join(OpinionRow, OpinionRow.comment_id == Comment.id)
        .join(TagRow, TagRow.opinion_id == OpinionRow.id)
    )
    found: dict[tuple[str, int], set[str]] = {}
    with database.reading() as session:
        for comment, position, theme_id in session.execute(query):
            found.setdefault((comment, position), set()).add(theme_id)
    return {key: frozenset(ids) for key, ids in found.items()}


def _analyse_until(database: Database, config: Config, week: str) -> None:
    monday = first_day(shift(week, 1))
    now = datetime(monday.year, monday.month, monday.day, 12, tzinfo=UTC)
    analyse(database, config.organisation, config.analysis, now=now)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
