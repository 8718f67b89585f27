"""The opinions behind a figure: quotes and lists."""

from datetime import timedelta

import pytest
from stored_rows import stored_comment, stored_opinion, stored_response, stored_store, stored_theme

from analysis.opinions import NONE, OTHER, OpinionFilter, opinions_page, quotes_by_theme
from analysis.records import themes

WEEK = "2025-W40"


def quotes(session, wanted, limit=3):
    """The closest opinions of one theme alone."""
    return quotes_by_theme(session, wanted, limit).get(wanted.theme, ())


@pytest.fixture
def session(database):
    with database.session() as session:
        yield session


def add(session, external_id, text, *tags, store, minute=0, **fields):
    """One comment that is one opinion. `tags`: theme id and weight."""
    response = stored_response(session, external_id, store, week=fields.get("week", WEEK), score=5)
    response.answered_at += timedelta(minutes=minute)
    comment = stored_comment(session, response, text)
    stored_opinion(session, comment, text, dict(tags), **{"polarity": "negative", **fields})


@pytest.fixture
def ginza(session):
    for theme_id, name in (("queue", "レジ待ち"), ("parking", "駐車場")):
        stored_theme(session, theme_id, name, theme_id)
    stored_theme(session, "d-balloon", "風船", "balloons", origin="discovered", first_week="2025-W41")
    return stored_store(session, "ginza", "銀座店")


def texts(found):
    return [quote.text for quote in found]


def test_the_closest_readable_opinion_comes_first_and_ties_go_by_external_id(session, ginza):
    add(session, "r-b", "レジの列がとても長い", ("queue", 0.9), store=ginza)
    add(session, "r-a", "レジで十分も待ちました", ("queue", 0.9), store=ginza)
    add(session, "r-c", "会計に時間がかかりすぎる", ("queue", 0.95), store=ginza)
    add(session, "r-d", "遅い", ("queue", 1.0), store=ginza)
    wanted = OpinionFilter([WEEK], theme="queue")
    assert texts(quotes(session, wanted, limit=4)) == [
        "会計に時間がかかりすぎる",
        "レジで十分も待ちました",
        "レジの列がとても長い",
        "遅い",
    ]


def test_the_same_words_are_quoted_once(session, ginza):
    for number in range(3):
        add(session, f"r-{number}", "レジの列がとても長い", ("queue", 0.9), store=ginza)
    add(session, "r-x", "レジを増やしてほしいです", ("queue", 0.5), store=ginza)
    assert texts(quotes(session, OpinionFilter([WEEK], theme="queue"))) == [
        "レジの列がとても長い",
        "レジを増やしてほしいです",
    ]


def test_words_that_hardly_differ_are_quoted_once(session, ginza):
    add(session, "r-1", "夕方のレジが混みすぎています。", ("queue", 0.9), store=ginza)
    add(session, "r-2", "夕方はレジが混みすぎています！", ("queue", 0.9), store=ginza)
    add(session, "r-3", "カードの会計だけ並び直しになる", ("queue", 0.5), store=ginza)
    add(session, "r-4", "セルフレジの使い方が分からない", ("queue", 0.4), store=ginza)
    assert texts(quotes(session, OpinionFilter([WEEK], theme="queue"))) == [
        "夕方のレジが混みすぎています。",
        "カードの会計だけ並び直しになる",
        "セルフレジの使い方が分からない",
    ]


def test_one_person_is_quoted_twice_only_where_nobody_else_speaks(session, ginza):
    response = stored_response(session, "r-1", ginza, score=5)
    for field, text, weight in (("reason", "レジの列がとても長い", 0.9), ("wish", "会計をもっと早く", 0.8)):
        stored_opinion(session, stored_comment(session, response, text, field), text, {"queue": weight})
    wanted = OpinionFilter([WEEK], theme="queue")
    assert texts(quotes(session, wanted)) == ["レジの列がとても長い", "会計をもっと早く"]
    add(session, "r-2", "袋詰めの台も足りない", ("queue", 0.5), store=ginza)
    assert texts(quotes(session, wanted, limit=2)) == ["レジの列がとても長い", "袋詰めの台も足りない"]
    assert texts(quotes(session, wanted)) == ["レジの列がとても長い", "会計をもっと早く", "袋詰めの台も足りない"]


def test_every_theme_gets_its_quotes_in_one_call(session, ginza):
    add(session, "r-1", "レジも駐車場も混んでいた", ("queue", 0.8), ("parking", 0.7), store=ginza)
    add(session, "r-2", "駐車場が狭くて停めにくい", ("parking", 0.9), store=ginza)
    found = quotes_by_theme(session, OpinionFilter([WEEK]))
    assert {theme: texts(of_theme) for theme, of_theme in found.items()} == {
        "parking": ["駐車場が狭くて停めにくい", "レジも駐車場も混んでいた"],
        "queue": ["レジも駐車場も混んでいた"],
    }


def test_a_list_is_narrowed_by_week_store_polarity_and_request(session, ginza):
    umeda = stored_store(session, "umeda", "梅田店")
    add(session, "r-1", "レジが長い一", ("queue", 0.8), store=ginza)
    add(session, "r-2", "レジが長い二", ("queue", 0.8), store=umeda)
    add(session, "r-3", "レジが早い三", ("queue", 0.8), store=ginza, polarity="positive")
    add(session, "r-4", "レジを増やして四", ("queue", 0.8), store=ginza, is_request=True, polarity="neutral")
    add(session, "r-5", "レジが長い五", ("queue", 0.8), store=ginza, week="2025-W39")

    def listed(weeks=(WEEK,), **narrowing):
        return sorted(texts(opinions_page(session, OpinionFilter(weeks, theme="queue", **narrowing)).quotes))

    assert listed(store_ids=[umeda.id]) == ["レジが長い二"]
    assert listed(polarity="positive") == ["レジが早い三"]
    assert listed(requests_only=True) == ["レジを増やして四"]
    assert listed(weeks=["2025-W39"]) == ["レジが長い五"]
    assert listed(store_ids=[]) == []


def test_what_no_theme_explains_and_what_says_nothing_have_lists_of_their_own(session, ginza):
    add(session, "r-1", "レジが長い", ("queue", 0.8), store=ginza)
    add(session, "r-2", "なんとなく好きな店です", store=ginza)
    add(session, "r-3", "特になし", store=ginza, kind="none")
    add(session, "r-4", "風船がうれしい", ("d-balloon", 0.9), store=ginza)
    assert texts(opinions_page(session, OpinionFilter([WEEK], theme=NONE)).quotes) == ["特になし"]
    assert texts(opinions_page(session, OpinionFilter([WEEK], theme=OTHER)).quotes) == ["なんとなく好きな店です"]
    before_the_discovery = OpinionFilter([WEEK], theme=OTHER, known_at=WEEK)
    assert sorted(texts(opinions_page(session, before_the_discovery).quotes)) == [
        "なんとなく好きな店です",
        "風船がうれしい",
    ]
    assert sorted(themes(session, known_at=WEEK)) == ["parking", "queue"]


def test_pages_follow_each_other_newest_first(session, ginza):
    for number in range(5):
        add(session, f"r-{number}", f"レジが長い{number}", ("queue", 0.8), store=ginza, minute=number)
    wanted = OpinionFilter([WEEK], theme="queue")
    pages = [opinions_page(session, wanted, offset, limit=2) for offset in (0, 2, 4)]
    assert [page.total for page in pages] == [5, 5, 5]
    assert [text for page in pages for text in texts(page.quotes)] == [f"レジが長い{n}" for n in (4, 3, 2, 1, 0)]


def test_a_quote_carries_its_comment_and_its_place(session, ginza):
    add(session, "r-1", "レジが長い", ("queue", 0.8), store=ginza)
    (quote,) = quotes(session, OpinionFilter([WEEK], theme="queue"))
    assert (quote.comment_id, quote.comment, quote.polarity, quote.is_request, quote.store_id, quote.week) == (
        "r-1/reason",
        "レジが長い",
        "negative",
        False,
        ginza.id,
        WEEK,
    )
