"""What the question adds to the words: 「駐車場」 in answer to 「ご不便だったことは」 is a complaint."""

import re
from collections.abc import Sequence
from dataclasses import replace

from analysis.polarity.rules import is_description
from analysis.results import Opinion, ReadOpinion
from surveys.questions import Asks

_FEW_WORDS = 4
"""A longer list of nouns under a question for wishes tells what there is: five dishes of the region are no wish."""
_TRAILING = re.compile(r"(など|等|とか)?[\W_]*$")


def in_light_of(asks: Asks | None, opinions: Sequence[ReadOpinion]) -> tuple[ReadOpinion, ...]:
    """Read opinions as answers to what was asked. Clear words win: praise under a question for faults stays praise.

    A whole sentence under a question for wishes is a wish only by its own words: many tell there why they came. What a
    customer merely did (「家族で来ました」) is no complaint under a question for faults.
    """
    if asks is None:
        return tuple(opinions)
    return tuple(_answered(asks, read) if read.opinion.kind == "opinion" else read for read in opinions)


def _answered(asks: Asks, read: ReadOpinion) -> ReadOpinion:
    if read.polarity != "neutral":
        return read
    if asks is Asks.WISHES:
        wished = read.opinion.is_request or _names_a_thing(read.opinion)
        return replace(read, opinion=replace(read.opinion, is_request=wished))
    if is_description(read.opinion):
        return read
    return replace(read, polarity="negative" if asks is Asks.FAULTS else "positive")


def _names_a_thing(opinion: Opinion) -> bool:
    """Whether a few words end with a noun: 「大きな駐車場」, but not 「駐車場が目的でしたが」."""
    if not 0 < len(opinion.tokens) <= _FEW_WORDS or opinion.tokens[-1].pos != "noun":
        return False
    return _TRAILING.sub("", opinion.text).endswith(opinion.tokens[-1].surface)
