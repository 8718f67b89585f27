"""What a choice brings up, by script; and that without script nothing is out of reach."""

from collections.abc import Iterator

import pytest
from phone import open_page, served
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from surveys.tables import Comment, Response

pytestmark = pytest.mark.browser
ALL = ["text-liked", "text-reason", "text-improve"]


@pytest.fixture
def address(sqlite) -> Iterator[str]:
    """The address of the restaurant's survey, with its follow-ups, on a running server."""
    with served(sqlite, "restaurant") as address:
        yield address


def shown(page: Page) -> list[str]:
    return [name for name in ALL if page.locator(f"#{name}").is_visible()]


def score(page: Page, value: int) -> None:
    page.locator(f".nps input[value='{value}']").check()


def test_only_the_follow_up_of_the_score_is_shown_and_sent_and_nothing_typed_is_lost(browser: Browser, address, sqlite):
    page = open_page(browser, address)
    assert shown(page) == []
    score(page, 9)
    assert shown(page) == ["text-liked"]
    page.locator("#text-liked").fill("ピザがおいしかったです。")
    score(page, 8)
    assert shown(page) == ["text-reason"]
    score(page, 6)
    assert shown(page) == ["text-improve"]
    page.locator("#text-improve").fill("席がせまいです。")
    score(page, 9)
    assert page.locator("#text-liked").input_value() == "ピザがおいしかったです。"
    page.get_by_role("button", name="送信する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ご回答ありがとうございました")
    with sqlite.reading() as session:
        assert session.execute(select(Comment.field, Comment.text)).all() == [("liked", "ピザがおいしかったです。")]


def test_the_field_of_an_other_option_opens_with_it(browser, address, sqlite):
    page = open_page(browser, address)
    own_words = page.get_by_label("「その他」の内容（任意）")
    expect(own_words).to_be_hidden()
    page.get_by_role("radio", name="その他").check()
    own_words.fill("結婚記念日")
    page.get_by_role("radio", name="旅行").check()
    expect(own_words).to_be_hidden()
    page.get_by_role("radio", name="その他").check()
    score(page, 10)
    page.get_by_role("button", name="送信する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ご回答ありがとうございました")
    with sqlite.reading() as session:
        assert session.scalars(select(Response.answers)).one() == {"occasion": "other"}
        assert session.execute(select(Comment.field, Comment.text)).all() == [("occasion.other", "結婚記念日")]


def test_another_language_takes_along_a_follow_up_that_is_hidden_now(browser, address):
    page = open_page(browser, address)
    score(page, 9)
    page.locator("#text-liked").fill("ピザ")
    score(page, 2)
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    assert shown(page) == ["text-improve"]
    score(page, 10)
    assert page.locator("#text-liked").input_value() == "ピザ"


def test_without_javascript_every_follow_up_and_every_field_is_in_reach(browser, address, sqlite):
    page = open_page(browser, address, java_script_enabled=False)
    assert shown(page) == ALL
    page.locator("#text-improve").fill("席がせまいです。")
    page.get_by_label("「その他」の内容（任意）").fill("結婚記念日")
    score(page, 4)
    page.get_by_role("button", name="送信する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ご回答ありがとうございました")
    with sqlite.reading() as session:
        assert session.scalars(select(Response.answers)).one() == {"occasion": "other"}
        assert session.execute(select(Comment.field, Comment.text).order_by(Comment.position)).all() == [
            ("improve", "席がせまいです。"),
            ("occasion.other", "結婚記念日"),
        ]


def test_a_form_is_begun_once_at_the_first_thing_entered(browser, address):
    page = open_page(browser, address)
    told = []
    page.on("request", lambda request: told.append(request.url) if request.method == "POST" else None)
    with page.expect_response("**/started") as answer:
        score(page, 9)
    score(page, 8)
    page.locator("#text-reason").press_sequentially("近い")
    assert answer.value.status == 204
    assert told == [f"{address}/started"]
