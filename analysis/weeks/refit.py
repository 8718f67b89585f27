"""The fit of a week: new themes where none explains, and what became of those that were found before. Pure.

What no lasting theme explains is grouped twice: all of it, as if nothing had been found before, to see what became of
the discovered themes (`lineage`); and what they don't explain either, to find new ones.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from analysis.corrections.amendments import Amended
from analysis.discovery.lineage import Fate, Ground, compare, settled, split_off
from analysis.results import Lesson, Tag, Theme, ThemeEvent, Wording
from analysis.settings import AnalysisSettings
from analysis.themes.model import ThemeModel
from analysis.weeks.pipeline import Discoveries, Unexplained, by_week

_MOST_NEW = 10
_MOST_FOUND = 40
"""So many discovered themes may be spoken of at a time: nobody reads a longer list."""
_FEWEST_GROUPS = 40
"""At least so many groups may be looked for when themes are judged, more where more themes stand."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What a fit found: `new` themes, `parts` that were split off, and what became of every discovered theme."""

    new: tuple[Theme, ...]
    parts: tuple[Theme, ...]
    events: tuple[ThemeEvent, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a fit of `week` starts from: the themes that stood before it, as staff amended them."""

    week: str
    stood: Amended
    ground: Ground
    touched: Collection[str]
    settings: AnalysisSettings
    lessons: Sequence[Lesson] = ()

    @property
    def themes(self) -> tuple[Theme, ...]:
        """The themes that live."""
        return tuple(self.stood.themes.values())


def is_found(theme: Theme) -> bool:
    """Whether a fit found this theme and later fits judge it: not one that staff made a part of a lasting theme."""
    return theme.origin == "discovered" and theme.since is not None


def refit(start: Standing, pool: Sequence[Unexplained]) -> Fit:
    """Do the fit. `pool`: opinions that discovered themes alone may explain, in an order that chance alone made.

    Themes are judged by its first `discovery_sample`; new ones are found in the first so many that none explains.
    """
    tags = Discoveries(by_week(start.stood.members), start.lessons).tags(start.week, [item.opinion for item in pool])
    size = start.settings.discovery_sample
    events, parts = _judged(start, pool[:size], _holders(pool[:size], tags))
    unexplained = [item for item, of_opinion in zip(pool, tags, strict=True) if not of_opinion]
    stood = {theme.id for theme in (*start.themes, *start.ground.themes)}  # merged ones too
    gone = {event.theme_id for event in events if event.kind == "gone"}
    lively = [theme for theme in (*start.themes, *parts) if is_found(theme) and theme.id not in gone]
    most = max(0, min(_MOST_NEW, _MOST_FOUND - len(lively)))
    found = _discovered(start, unexplained[:size], [*start.themes, *parts], most)
    new = tuple(theme for theme in found if theme.id not in stood)
    events += [ThemeEvent(start.week, theme.id, "new") for theme in new]
    return Fit(new, parts, tuple(sorted(events, key=lambda event: event.theme_id)))


def _judged(
    start: Standing, sample: Sequence[Unexplained], holders: Mapping[str, AbstractSet[str]]
) -> tuple[list[ThemeEvent], tuple[Theme, ...]]:
    """Tell what became of every discovered theme, and which parts were split off."""
    decided = {event.theme_id for event in start.ground.kept}
    old = {theme.id: theme for theme in start.themes if is_found(theme) and theme.id not in decided}
    if not old:
        return [*start.ground.kept], ()
    lasting = [theme for theme in start.themes if not is_found(theme)]
    groups = _discovered(start, sample, lasting, max(_FEWEST_GROUPS, len(old) + _MOST_NEW))
    grouped = _holders(sample, ThemeModel((), groups).tag([item.opinion for item in sample]))
    fates = compare(
        {theme_id: holders.get(theme_id, frozenset()) for theme_id in old},
        [grouped.get(group.id, frozenset()) for group in groups],
        start.settings.discovery_min_opinions,
    )
    events, parts = [*start.ground.kept], list[Theme]()
    for fate in settled(fates, start.ground.last, start.touched):
        found = _parts(start, old[fate.theme_id], [groups[place] for place in fate.groups])
        if fate.kind == "split":
            parts += found
            events += [ThemeEvent(start.week, part.id, "split", fate.theme_id) for part in found]
        events.append(_event(start.week, fate, groups[fate.groups[0]].name if fate.kind == "split" and found else None))
    return events, tuple(parts)


def _parts(start: Standing, theme: Theme, groups: Sequence[Theme]) -> tuple[Theme, ...]:
    taken = {word for other in start.themes if is_found(other) and other.id != theme.id for word in other.words}
    return split_off(theme, groups, taken, start.week) if len(groups) > 1 else ()


def _event(week: str, fate: Fate, name: Wording | None) -> ThemeEvent:
    kind = "same" if fate.kind == "split" else fate.kind  # the biggest part is the theme itself
    return ThemeEvent(week, fate.theme_id, kind, fate.other_id, round(fate.share, 4), name)


def _discovered(start: Standing, sample: Sequence[Unexplained], known: Sequence[Theme], most: int) -> tuple[Theme, ...]:
    """Find what these opinions share beyond the known themes."""
    settings = start.settings
    if len(sample) < settings.discovery_min_opinions:
        return ()
    model = ThemeModel(
        [theme for theme in known if not is_found(theme)],
        [theme for theme in known if is_found(theme)],
        min_opinions=settings.discovery_min_opinions,
        max_new=most,
    )
    model.fit([item.opinion for item in sample], [item.id.rpartition("#")[0] for item in sample])
    return model.discovered_


def _holders(sample: Iterable[Unexplained], tags: Iterable[Sequence[Tag]]) -> dict[str, set[str]]:
    """Find the opinions that each theme holds."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for item, of_opinion in zip(sample, tags, strict=False):
        if of_opinion:
            found[of_opinion[0].theme_id].add(item.id)
    return dict(found)
