"""A comment into opinions: normalise, split into clauses, mark requests, 「特になし」 and other languages."""

import re
from collections.abc import Sequence
from unicodedata import category

from analysis.clauses import clauses, sentences
from analysis.languages import is_foreign
from analysis.results import Opinion, OpinionKind
from analysis.spellings import normalise
from analysis.terms import read_terms
from analysis.words import read_words
from surveys.tokens import Word

_NOTHING = re.compile(
    r"(今の?ところ|現在|現状|いま|今回|これと(い|言)って|とくに|特段|特別|別に|とりあえず|全く|まったく|全然|何も|なにも|特に|とくには|特には)*"
    r"((は|に|も|、|　)*)"
    r"((不満|問題|不便|要望|意見|希望|感想|改善|気になる|困る|困った|思い当たる|思いつく)(点|事|こと|ところ|所|もの)?(は|も|が|な点は)?)?"
    r"(なし|無し|ナシ|無(い|し)?|な(い|かった|いかな)|ないな[ぁあー]*|ありません(でした)?|御座いません|ございません(でした)?|思いつ[かき]\w*ない"
    r"|思い(つき|浮かび)ません|(感じ|困り|思い)ません(でした)?|感じな(い|かった)|浮かばない|わから(ない|ん|ず)|分から(ない|ん|ず)|(分か|わか)りません"
    r"|特に|とくに|別に|ノーコメント|none|nothing|n/?a)"
    r"(です|でした|と思う|と思います|かな|ね|よ|な|ぁ|ー|w|笑)*"
)
_NOT_WORDS = re.compile(r"[\W_]+")
_REQUEST = re.compile(
    r"[てで](ほし[いか]|欲し[いか]|(ください|下さい)(?!ま(し|す))|もらいたい|貰いたい|頂きたい|いただきたい|くれ(ると|れば|たら)|もらえ(ると|れば|たら)|もらえ?ませんか"
    r"|頂け(ると|れば|たら)|いただけ(ると|れば|たら|ません))"
    r"|(?<![もに])(ほしい|欲しい)(?!もの|物|商品|人)|ほしかった|欲しかった"
    r"|(たら|だら|れば|えば|けば|せば|てば|めば|ると|うと|くと|すと|むと|いと|なら)"
    r"(もっと|さらに|更に|より|なお|尚|一層|、|　)*(いい|良い|よい|うれし|嬉し|有難|有り難|ありがた|助か|最高|よかった|良かった|便利|完璧|楽し|満足|利用しやす|行きやす)"
    r"|(もう少し|もうすこし|もうちょっと|もう一?工夫|もっと)"
    r"(?![^。]*(いたかった|居たかった|来たい|行きたい|いたい|泊まりたい|滞在|遊びたい|見たかった|早く来))"
    r"|(良かった|よかった)かも|(良かった|よかった)かな|(希望|要望|熱望)(します|しま|です|する|致し|いたし|$)|お願い(し|致|いた|$)|願います|望(む|みます|ましい)"
    r"|べき|増や(して|す(こと)?$)|(改善|拡充|充実|検討|対応|整備|設置|工夫)(を|$|して(?!い|お|あ|く))|(が|は)?必要(だと|と|です|かと|$)"
)


def read_opinions(comment: str) -> tuple[Opinion, ...]:
    """The opinions of one comment in order; empty for an empty comment. Takes any text and never fails.

    A comment that only says 「特になし」 or the like is one opinion of kind "none"; one in another language is one of
    kind "foreign". `text` is the clause as written, but normalised (NFKC).
    """
    text = normalise(comment).strip("　\n")
    if not text:
        return ()
    if _is_nothing(text):
        return (_without_themes(text, "none"),)
    if is_foreign(text):
        return (_without_themes(text, "foreign"),)
    found = [
        words for sentence in sentences(text) if not _is_nothing(sentence) for words in clauses(read_words(sentence))
    ]
    found = [words for words in found if any(letter.isalnum() for word in words for letter in word.surface)] or found
    if not found:
        return (_without_themes(text, "none"),)
    return tuple(_opinion(words, position) for position, words in enumerate(found))


def is_request(text: str) -> bool:
    """Whether a clause asks for something (〜てほしい, もう少し, 〜たらいいのに ...)."""
    return _REQUEST.search(text) is not None


def _is_nothing(text: str) -> bool:
    bare = _NOT_WORDS.sub("", text).lower()
    if not bare:
        return not any(category(letter) == "So" for letter in text)  # an emoji alone says something
    return _NOTHING.fullmatch(bare) is not None


def _without_themes(text: str, kind: OpinionKind) -> Opinion:
    return Opinion(_shown(text), 0, kind, (), is_request=False)


def _opinion(words: Sequence[Word], position: int) -> Opinion:
    text = _shown("".join(word.surface for word in words))
    return Opinion(text, position, "opinion", read_terms(words), is_request=is_request(text))


def _shown(text: str) -> str:
    return text.replace("　", " ").strip(" 、")
