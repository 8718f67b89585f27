"""Puts phrases together into one comment, the way people type on a phone: short, long, mixed, with slips."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from feedback.demo.sentences import Clause, Topic, frames, topics

Side = Literal["good", "bad", "wish"]
Style = Literal["polite", "casual", "kansai"]
Daypart = Literal["morning", "noon", "afternoon", "evening", "night"]

_SLOT = re.compile(r"<(\w+)>")
_SENTENCE_END = tuple("。！!？?♪〜")
_SAID_WHOLE = tuple("うすたてるん")
"""No です follows these: ありがとう, また来ます, 待たずに買えた."""

_TURNS: Mapping[Style, Sequence[str]] = {
    "polite": (
        "{polite}が、",
        "{polite}けど、",
        "{polite}。ただ、",
        "{polite}。でも、",
        "{link}のですが、",
        "{polite}。",
    ),
    "casual": ("{plain}けど、", "{plain}けど", "{plain}。でも", "{plain}が、", "{plain}。ただ"),
    "kansai": ("{plain}けど、", "{plain}けどな、"),
}
_JOINS: Mapping[Style, Sequence[str]] = {
    "polite": (
        "{plain}し、",
        "{polite}。また、",
        "{polite}。それと、",
        "{polite}。",
        "{polite}。\n",
        "{polite}。あと、",
    ),
    "casual": ("{plain}し、", "{plain}し", "{plain}。あと", "{plain}！", "{plain}。", "{plain}\n"),
    "kansai": ("{plain}し、", "{plain}わ。あと"),
}
_TO_WISH: Mapping[Style, Sequence[str]] = {
    "polite": ("{polite}。", "{link}ので、", "{polite}。できれば"),
    "casual": ("{plain}。", "{plain}から", "{plain}から、"),
    "kansai": ("{plain}から、",),
}
_NOUN_ENDS: Mapping[Style, Sequence[str]] = {
    "polite": ("です。", "です。", "です", "です！", "ですね。"),
    "casual": ("！", "", "だった。", "です！", "だよー"),
    "kansai": ("やわ", "やね。", "や！"),
}
_ENDS: Mapping[Style, Sequence[str]] = {
    "polite": ("。", "。", "。", "", "！"),
    "casual": ("！", "。", "", "", "〜", "…"),
    "kansai": ("わ", "わ。", "で", "なぁ"),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """Something a customer wants to say: a topic and whether it was good, bad or is wished for."""

    topic: str
    side: Side


@dataclass(frozen=True, slots=True)
class Occasion:
    """When the visit was, for words such as 夕方 and 土日."""

    daypart: Daypart
    weekend: bool


class Writer:
    """One customer's hand: a style, an occasion, and the dice that choose among phrases."""

    def __init__(self, dice: Random, occasion: Occasion) -> None:
        self._dice = dice
        self._occasion = occasion
        self._said: list[Clause] = []
        self._style: Style = dice.choices(("polite", "casual", "kansai"), (52, 42, 6))[0]

    def comment(self, mentions: Sequence[Mention]) -> str:
        """Write one comment about these things; nothing in particular when there are none."""
        if not mentions:
            return self._dice.choice(frames().none_answers)
        return self._slip(self._fill(self._draft(mentions)))

    def english(self, side: Literal["good", "bad"]) -> str:
        """Write one comment in English."""
        return self._dice.choice(frames().english[side])

    def _draft(self, mentions: Sequence[Mention]) -> str:
        kind = self._dice.random()
        if kind < 0.02 and (story := self._story(mentions[0])):
            return story
        if kind < 0.27 and (short := self._short(mentions)):
            return short
        if self._style == "kansai" and len(mentions) == 1 and topics()[mentions[0].topic].kansai:
            return self._dice.choice(topics()[mentions[0].topic].kansai)
        if kind > 0.93:
            mentions = [each for mention in mentions for each in [mention] * (1 if mention.side == "wish" else 2)]
        return self._framed(mentions, self._sentences(mentions))

    def _story(self, mention: Mention) -> str:
        stories = topics()[mention.topic].stories["good" if mention.side == "good" else "bad"]
        return self._dice.choice(stories) if stories else ""

    def _short(self, mentions: Sequence[Mention]) -> str:
        sides = dict.fromkeys((each.topic, "good" if each.side == "good" else "bad") for each in mentions)
        banks = [topics()[topic].short[side] for topic, side in sides]
        if not all(banks):
            return ""
        parts = [self._dice.choice(bank) for bank in banks]
        between = self._dice.choice(("、", "。", " ", "\n", "　"))
        said = between.join(parts)
        ends = ("", "", "", "。", "！", "…", "笑") + (() if said.endswith(_SAID_WHOLE) else ("です。", "です"))
        return said + self._dice.choice(ends)

    def _framed(self, mentions: Sequence[Mention], body: str) -> str:
        mood = mentions[-1].side
        start = self._dice.choice(frames().openers[self._style]) if self._dice.random() < 0.22 else ""
        if self._dice.random() >= (0.22 if mood != "wish" else 0.06):
            return start + body + self._emoji("good" if mood == "good" else "bad")
        closer = self._dice.choice(frames().closers["good" if mood == "good" else "bad"][self._style])
        return start + body + ("" if body.endswith(_SENTENCE_END) else "。") + closer

    def _emoji(self, mood: Literal["good", "bad"]) -> str:
        chance = {"polite": 0.08, "casual": 0.25, "kansai": 0.2}[self._style]
        if self._dice.random() >= chance:
            return ""
        return self._dice.choice(frames().emoji[mood]) * self._dice.choice((1, 1, 1, 2))

    def _sentences(self, mentions: Sequence[Mention]) -> str:
        text = ""
        for mention, following in zip(mentions, [*mentions[1:], None], strict=True):
            if mention.side == "wish":
                text += self._wish(topics()[mention.topic])
                text += "" if following is None or text.endswith(_SENTENCE_END) else "。"
            elif following is None:
                text += self._ended(self._clause(mention))
            else:
                text += self._joined(self._clause(mention), mention, following)
        return text

    def _clause(self, mention: Mention) -> Clause:
        """Choose a phrase that this comment does not hold yet, while there is one."""
        topic = topics()[mention.topic]
        phrases = topic.good if mention.side == "good" else topic.bad
        fresh = [clause for clause in phrases if clause not in self._said]
        self._said.append(chosen := self._dice.choice(fresh or phrases))
        return chosen

    def _joined(self, clause: Clause, mention: Mention, following: Mention) -> str:
        form = self._dice.choice(_links(mention, following)[self._style])
        return form.format(polite=clause.polite, plain=clause.plain, link=clause.linking)

    def _ended(self, clause: Clause) -> str:
        if clause.kind == "noun":
            return clause.stem + self._dice.choice(_NOUN_ENDS[self._style])
        said = clause.polite if self._style == "polite" else clause.plain
        return said + self._dice.choice(_ENDS[self._style])

    def _wish(self, topic: Topic) -> str:
        if topic.hopes and (not topic.wishes or self._dice.random() < 0.3):
            return self._ended(self._dice.choice(topic.hopes))
        if not topic.wishes:
            return self._ended(self._dice.choice(topic.bad))
        return self._dice.choice(topic.wishes) + self._dice.choice(frames().wishes[self._style])

    def _fill(self, text: str) -> str:
        used: set[str] = set()

        def word(match: re.Match[str]) -> str:
            fresh = [each for each in self._words(match[1]) if each not in used]
            used.add(chosen := self._dice.choice(fresh or self._words(match[1])))
            return chosen

        return _SLOT.sub(word, text)

    def _words(self, slot: str) -> Sequence[str]:
        if slot == "いつ":
            return frames().times[self._occasion.daypart]
        if slot == "曜":
            return frames().days["weekend" if self._occasion.weekend else "weekday"]
        return frames().slots[slot]

    def _slip(self, text: str) -> str:
        """Spell one word another way now and then, or leave out the marks, as thumbs do."""
        for word, others in frames().spellings.items():
            if word in text and self._dice.random() < 0.12:
                text = text.replace(word, self._dice.choice(others), 1)
        if self._dice.random() < 0.04:
            text = text.replace("。", " ").strip()
        return text


def _links(mention: Mention, following: Mention) -> Mapping[Style, Sequence[str]]:
    """Choose how one thing leads to the next: on, against, or from a complaint to what is wished for."""
    if mention.side == "good":
        return _JOINS if following.side == "good" else _TURNS
    if following.side == "wish" and mention.topic == following.topic:
        return _TO_WISH
    return _TURNS if following.side == "good" else _JOINS
