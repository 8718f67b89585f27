"""What the question adds to the words: 「駐車場」 in answer to 「ご不便だったことは」 is a complaint."""

from collections.abc import Sequence
from dataclasses import replace

from analysis.results import ReadOpinion
from surveys.questions import Asks


def in_light_of(asks: Asks | None, opinions: Sequence[ReadOpinion]) -> tuple[ReadOpinion, ...]:
    """Read opinions as answers to what was asked. Clear words win: praise under a question for faults stays praise."""
    if asks is None:
        return tuple(opinions)
    return tuple(_answered(asks, read) if read.opinion.kind == "opinion" else read for read in opinions)


def _answered(asks: Asks, read: ReadOpinion) -> ReadOpinion:
    if read.polarity != "neutral":
        return read
    if asks is Asks.WISHES:
        return replace(read, opinion=replace(read.opinion, is_request=True))
    return replace(read, polarity="negative" if asks is Asks.FAULTS else "positive")
