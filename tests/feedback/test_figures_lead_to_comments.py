"""Every number of a report leads to the comments behind it, and the list says the same number."""

import re
from html import unescape

import pytest
from staff_site import Visitor, signed_in
from weekly_answers import LAST_WEEK, NOW, ORGANISATION, SETTINGS, dice, make_answer, make_answers, record_answers

from analysis.weeks.runs import analyse
from surveys.submissions import Submission

ENGLISH = "The staff were very kind and helpful to us"


@pytest.fixture
def member(config, sqlite) -> Visitor:
    spoken = make_answer(LAST_WEEK, 999, dice(1))
    foreign = Submission(
        external_id="english",
        store_id=1,
        channel="qr",
        answered_at=spoken.answered_at,
        score=9,
        comments={"reason": ENGLISH},
    )
    record_answers(sqlite, [*make_answers(weeks=5, a_week=60), foreign])
    analyse(sqlite, ORGANISATION, SETTINGS, now=NOW)
    return signed_in(config, sqlite, "本部", "admin")


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


def figures(page: str) -> list[tuple[str, int]]:
    """The address and the number of every link that stands on a number."""
    found = re.findall(r'<a class="behind" href="([^"]+)">(.*?)</a>', page, flags=re.DOTALL)
    return [
        (unescape(address), int(number[0].replace(",", "")))
        for address, shown in found
        if "%" not in shown and (number := re.findall(r"[\d,]+", text_of(shown)))
    ]


def counts(page: str) -> set[int]:
    """The numbers that the head of a list names."""
    head = page.partition('<form class="filters')[0].partition('<p class="facts">')[2].partition("・")[2]
    return {int(number.replace(",", "")) for number in re.findall(r"[\d,]+", text_of(head))}


@pytest.mark.parametrize("scope", ["", "store-umeda"])
def test_the_list_behind_a_number_names_that_number(member, scope):
    shown = figures(member.page(f"/staff/report?scope={scope}"))
    assert len(shown) > 30
    wrong = {address: number for address, number in shown if number not in counts(member.page(address))}
    assert wrong == {}


def test_a_list_of_answers_says_how_many_of_them_have_no_comment(member):
    page = text_of(member.page(f"/staff/comments?week={LAST_WEEK}&window=4&score=promoter"))
    found = re.search(
        r"意見 (\d+)件（回答 (\d+)件から） この条件の回答は (\d+)件です。 コメントのない回答 (\d+)件は", page
    )
    assert found
    _opinions, commented, answers, silent = map(int, found.groups())
    assert commented + silent == answers
    assert silent > 0


def test_comments_that_have_no_theme_to_find_are_in_the_list_of_all(member):
    page = member.page(f"/staff/comments?week={LAST_WEEK}&window=1&scope=store-umeda")
    about = dict(
        re.findall(
            r'<p class="words" id="words-\d+"([^>]*)><mark>(?:.*?)</mark></p>\s*<p class="about">(.*?)</span>', page
        )
    )
    assert about[""].endswith("日本語以外")
    assert re.search(rf'<p class="words" id="words-\d+"><mark>{ENGLISH}', page)
    assert re.search(
        r"<mark>特に(なし|ありません)</mark></p>\s*<p class=\"about\"><span class=\"tag\">特になし</span>", page
    )
