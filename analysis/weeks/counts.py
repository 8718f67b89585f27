"""What was read, counted for each store and week: the aggregates that make pages quick."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from analysis.results import Polarity, ReadOpinion, StoreWeekCounts, ThemeWeekCounts
from surveys.queries import CommentInfo, ScoreInfo

_SCORES = 11


@dataclass(frozen=True, slots=True)
class ReadComment:
    """A comment with its opinions in order; none for a comment without words."""

    comment: CommentInfo
    opinions: tuple[ReadOpinion, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """One opinion about one theme, as it is counted."""

    theme_id: str
    store_id: int
    response_id: int
    polarity: Polarity
    is_request: bool


def count_stores(
    week: str, scores: Sequence[ScoreInfo], comments: Sequence[ReadComment], discovered: AbstractSet[str]
) -> tuple[StoreWeekCounts, ...]:
    """Count one week for each store with answers, ordered by store. `discovered`: ids of themes no catalogue knows."""
    kinds: dict[int, Counter[str]] = defaultdict(Counter)
    for comment in comments:
        for read in comment.opinions:
            kinds[comment.comment.store_id][read.opinion.kind] += 1
            if read.opinion.kind == "opinion":
                later = sum(tag.theme_id in discovered for tag in read.tags)
                kinds[comment.comment.store_id]["unexplained"] += later or not read.tags
    of_store: dict[int, list[ScoreInfo]] = defaultdict(list)
    for score in scores:
        of_store[score.store_id].append(score)
    return tuple(
        StoreWeekCounts(
            week=week,
            store_id=store_id,
            responses=len(of_store[store_id]),
            histogram=_histogram(of_store[store_id]),
            with_text=sum(score.has_text for score in of_store[store_id]),
            none_answers=kinds[store_id]["none"],
            foreign=kinds[store_id]["foreign"],
            opinions=kinds[store_id]["opinion"],
            unexplained=kinds[store_id]["unexplained"],
        )
        for store_id in sorted(of_store)
    )


def count_themes(week: str, mentions: Iterable[Mention]) -> tuple[ThemeWeekCounts, ...]:
    """Count one week for each store and theme with mentions, ordered by store and theme id."""
    groups: dict[tuple[int, str], list[Mention]] = defaultdict(list)
    for mention in mentions:
        groups[mention.store_id, mention.theme_id].append(mention)
    return tuple(_count_theme(week, *key, groups[key]) for key in sorted(groups))


def mentions(comments: Iterable[ReadComment]) -> Iterator[Mention]:
    """List what the comments say about which themes."""
    for comment in comments:
        for read in comment.opinions:
            for tag in read.tags:
                yield Mention(
                    tag.theme_id,
                    comment.comment.store_id,
                    comment.comment.response_id,
                    read.polarity,
                    read.opinion.is_request,
                )


def _count_theme(week: str, store_id: int, theme_id: str, group: Sequence[Mention]) -> ThemeWeekCounts:
    polarities = Counter(mention.polarity for mention in group)
    responses: dict[Polarity, set[int]] = {"positive": set(), "neutral": set(), "negative": set()}
    for mention in group:
        responses[mention.polarity].add(mention.response_id)
    return ThemeWeekCounts(
        week=week,
        store_id=store_id,
        theme_id=theme_id,
        opinions=len(group),
        positive=polarities["positive"],
        negative=polarities["negative"],
        requests=sum(mention.is_request for mention in group),
        responses=len({mention.response_id for mention in group}),
        responses_positive=len(responses["positive"]),
        responses_negative=len(responses["negative"]),
    )


def _histogram(scores: Iterable[ScoreInfo]) -> tuple[int, ...]:
    counted = Counter(score.score for score in scores)
    return tuple(counted[score] for score in range(_SCORES))
