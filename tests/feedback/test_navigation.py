"""The way to every staff page: what stands there for whom, and that each entry leads somewhere."""

import re
from html import unescape

import pytest
from staff_site import fill_chain, signed_in

GROUPS = re.compile(r'<nav class="groups".*?</nav>', re.DOTALL)
ROOMS = re.compile(r'<nav class="rooms".*?</nav>', re.DOTALL)
ENTRY = re.compile(r'<a href="([^"]+)"([^>]*)>([^<]+)</a>')


@pytest.fixture
def chain(sqlite):
    fill_chain(sqlite)
    return sqlite


def entries(part, page):
    """Addresses with whether they are marked as the page that is shown."""
    found = part.search(page)
    return {unescape(path): "aria-current" in more for path, more, _ in ENTRY.findall(found[0])} if found else {}


def walked(browser):
    """Every entry of every group that this visitor is shown."""
    seen = set()
    for first in entries(GROUPS, browser.page("/staff/report")):
        seen |= {first, *entries(ROOMS, browser.page(first))}
    return seen


def test_each_entry_opens_and_marks_itself_and_its_group(config, chain):
    admin = signed_in(config, chain, "本部", "admin")
    for path in walked(admin):
        page = admin.page(path)
        assert sum(entries(GROUPS, page).values()) == 1, path
        rooms = entries(ROOMS, page)
        assert not rooms or [room for room, current in rooms.items() if current] == [path]


def test_a_page_that_is_reached_from_an_entry_marks_that_entry(config, chain):
    page = signed_in(config, chain, "本部", "analyst").page("/staff/theme?theme=queue")
    assert entries(ROOMS, page)["/staff/themes"]


def test_nobody_is_shown_an_entry_that_is_closed_to_them(config, chain):
    seen = {role: walked(signed_in(config, chain, role, role)) for role in ("viewer", "analyst")}
    assert "/staff/downloads" in seen["analyst"] - seen["viewer"]
    assert {"/staff/report", "/staff/comments", "/staff/themes"} <= seen["viewer"]


def test_who_must_choose_a_password_first_is_shown_no_way_elsewhere(config, chain):
    from staff_site import NOW, visitor

    from feedback.accounts import NewMember, add_member

    with chain.session() as session:
        password = add_member(session, NewMember("新人"), NOW)
    newcomer = visitor(config, chain)
    newcomer.sign_in("新人", password)
    assert entries(GROUPS, newcomer.page("/staff/password")) == {}
