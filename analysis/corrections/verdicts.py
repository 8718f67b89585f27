"""What staff said of single comments: their word stands in place of the model's tags, whatever the model says later.

A comment is named by its external id and a digest of its text: a customer who writes another text is read anew. An
opinion is named by its position, a digest of its clause and where that clause begins, so that it is found again when
other rules cut the comment elsewhere.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from analysis.corrections.amendments import Amended
from analysis.corrections.log import Correction
from analysis.reading.features import Vocabulary
from analysis.reading.spellings import normalise
from analysis.results import Lesson, Opinion, Quote, ReadOpinion, Tag, Theme


@dataclass(frozen=True, slots=True)
class Move:
    """One opinion is about exactly these themes. `clause`: digest of its words; `start`: where they begin."""

    position: int
    clause: str
    start: int
    themes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What staff said of one comment. `text`: digest of its text; `themes`: None where only single opinions moved."""

    text: str
    themes: frozenset[str] | None
    moves: tuple[Move, ...] = ()


def verdicts_of(corrections: Iterable[Correction], amended: Amended) -> dict[str, Verdict]:
    """Find what counts for each comment, by its external id: the last word, its themes as they are called by now."""
    found: dict[str, Verdict] = {}
    for event in corrections:
        if event.kind not in {"set", "move"}:
            continue
        named, themes = event.content["themes"], amended.resolve_all(event.content["themes"])
        if named and not themes:
            continue  # every theme that it named is gone: the model may speak again
        comment = event.content["comment"]
        found[comment] = _after(found.get(comment), event, themes)
    return found


def last_word(corrections: Sequence[Correction], amended: Amended, said: Quote) -> Correction | None:
    """Find the newest of these corrections that speaks of an opinion: of just this one, or of its whole comment."""
    for event in reversed(corrections):
        if _speaks_of(event, said) and (not event.content["themes"] or amended.resolve_all(event.content["themes"])):
            return event
    return None


def _speaks_of(event: Correction, said: Quote) -> bool:
    content = event.content
    if content.get("comment") != said.comment_id or content["text"] != text_digest(said.comment):
        return False
    return event.kind == "set" or (content["position"], content["clause"]) == (said.position, text_digest(said.text))


def text_digest(text: str) -> str:
    """Return the short digest that names a text without holding a word of it."""
    return sha256(text.encode()).hexdigest()[:12]


def starts(comment: str, clauses: Iterable[str]) -> list[int]:
    """Return where each clause begins in the normalised comment; one that is not found begins where the last ended."""
    text, end, found = normalise(comment).replace("　", " "), 0, []
    for clause in clauses:
        at = max(text.find(clause, end), end)
        found.append(at)
        end = at + 1
    return found


def locate(move: Move, comment: str, opinions: Sequence[Opinion]) -> int:
    """Return the place of the moved opinion: the same clause, else the opinion that now holds its beginning."""
    same = [place for place, opinion in enumerate(opinions) if text_digest(opinion.text) == move.clause]
    if same:
        return min(same, key=lambda place: (abs(opinions[place].position - move.position), place))
    places = starts(comment, (opinion.text for opinion in opinions))
    begun = [place for place, start in enumerate(places) if start <= move.start]
    return begun[-1] if begun else 0


class Verdicts:
    """Puts staff's word in the place of the model's tags. `verdicts` by external id; `themes`: those that live."""

    def __init__(self, verdicts: Mapping[str, Verdict], themes: Mapping[str, Theme]) -> None:
        self._verdicts = verdicts
        self._words = {theme_id: theme.words for theme_id, theme in themes.items()}

    def apply(self, comment_id: str, text: str, opinions: Sequence[ReadOpinion]) -> tuple[ReadOpinion, ...]:
        """Return the opinions of one comment, exactly with the themes that staff gave them where they did."""
        given = self._given(comment_id, text, opinions)
        return tuple(
            replace(read, tags=_staff_tags(given[place])) if place in given else read
            for place, read in enumerate(opinions)
        )

    def places(self, comment_id: str, text: str, opinions: Sequence[ReadOpinion]) -> Collection[int]:
        """Return which opinions of a comment staff spoke of, also those that they said are about nothing."""
        return self._given(comment_id, text, opinions).keys()

    def _given(self, comment_id: str, text: str, opinions: Sequence[ReadOpinion]) -> dict[int, frozenset[str]]:
        verdict = self._standing(comment_id, text)
        places = [place for place, read in enumerate(opinions) if read.opinion.kind == "opinion"]
        if verdict is None or not places:
            return {}
        said = [opinions[place] for place in places]
        given: dict[int, frozenset[str]] = {}
        if verdict.themes is not None:
            given = dict(enumerate(self._shared_out(verdict.themes, said)))
        for move in verdict.moves:
            given[locate(move, text, [read.opinion for read in said])] = move.themes
        return {places[at]: themes for at, themes in given.items()}

    def _standing(self, comment_id: str, text: str) -> Verdict | None:
        verdict = self._verdicts.get(comment_id)
        return verdict if verdict is not None and verdict.text == text_digest(text) else None

    def _shared_out(self, themes: frozenset[str], said: Sequence[ReadOpinion]) -> list[frozenset[str]]:
        """Give each theme to the opinions that the model found it in, else to the one whose words speak most for it.

        A theme that no word speaks for goes to the longest opinion that is left without one, else to the longest.
        """
        found = [{tag.theme_id for tag in read.tags} & themes for read in said]
        silent = []
        for theme_id in sorted(themes - set().union(*found)):
            best, place = max((self._speaks(theme_id, read.opinion), -place) for place, read in enumerate(said))
            if best > 0:
                found[-place].add(theme_id)
            else:
                silent.append(theme_id)
        if silent:
            empty = [place for place, given in enumerate(found) if not given] or range(len(said))
            found[max(empty, key=lambda place: (len(said[place].opinion.text), -place))].update(silent)
        return [frozenset(given) for given in found]

    def _speaks(self, theme_id: str, opinion: Opinion) -> float:
        words = self._words.get(theme_id, {})
        return sum(sorted(words[word] for word in Vocabulary(words).find(opinion.tokens)))


NO_VERDICTS = Verdicts({}, {})


def lessons_of(verdict: Verdict, text: str, opinions: Sequence[Opinion]) -> tuple[Lesson, ...]:
    """Return what a verdict teaches: a lesson for each moved opinion, one for the others of a comment that was set."""
    said = [opinion for opinion in opinions if opinion.kind == "opinion"]
    if not said or verdict.text != text_digest(text):
        return ()
    moved = {locate(move, text, said): move.themes for move in verdict.moves}
    lessons = [Lesson((said[place],), themes) for place, themes in sorted(moved.items())]
    rest = tuple(opinion for place, opinion in enumerate(said) if place not in moved)
    if verdict.themes is not None and rest:
        lessons.append(Lesson(rest, verdict.themes))
    return tuple(lessons)


def _after(before: Verdict | None, event: Correction, themes: frozenset[str]) -> Verdict:
    content: Mapping[str, Any] = event.content
    if event.kind == "set":
        return Verdict(content["text"], themes)
    move = Move(content["position"], content["clause"], content["start"], themes)
    if before is None or before.text != content["text"]:
        return Verdict(content["text"], None, (move,))
    kept = (old for old in before.moves if (old.position, old.clause) != (move.position, move.clause))
    return replace(before, moves=(*kept, move))


def _staff_tags(themes: frozenset[str]) -> tuple[Tag, ...]:
    return tuple(Tag(theme_id, 1.0, "staff") for theme_id in sorted(themes))
