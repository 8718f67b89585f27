"""The rooms in which surveys are written, opened and closed."""

import io
import json
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from factories import make_place, make_survey
from pydantic import SecretStr
from staff_site import signed_in

from feedback.tables import AuditEntry
from surveys.contact_box import new_key
from surveys.definitions import find_survey, save_survey
from surveys.offers import ContactRequest, MemberRequest
from surveys.places import entry_code
from surveys.settings import PrivacySettings

EDITOR = "/staff/survey?survey=store"


@pytest.fixture
def house(sqlite):
    make_place(sqlite)
    make_survey(sqlite, coupon={"text": {"ja": "100円引き"}, "days": 30, "limit": 5})
    return sqlite


@pytest.fixture
def admin(config, house):
    return signed_in(config, house, "本部", "admin")


def stored(database, key="store"):
    with database.reading() as session:
        found = find_survey(session, key)
    return found.revision, found.definition


def draft_in(page):
    return json.loads(unescape(re.search(r'name="draft" value="([^"]*)"', page)[1]))


def seen_in(page):
    return re.search(r'name="seen" value="(\d+)"', page)[1]


def press(member, page, do, /, **typed):
    """Press a button of the editor: what the page carries goes along, and what was typed."""
    hidden = {"draft": json.dumps(draft_in(page)), "seen": seen_in(page), "do": do}
    fields = {name.replace("__", "."): value for name, value in typed.items()}
    return member.post("/staff/survey", form_from=EDITOR, **hidden, **fields)


def test_only_head_office_may_edit(config, house):
    manager = signed_in(config, house, "店長", "manager")
    assert "直す" not in manager.page("/staff/surveys")
    for path in (EDITOR, "/staff/survey/preview?survey=store", "/staff/survey/file?survey=store"):
        assert manager.get(path).status_code == 403
    for path in ("/staff/survey", "/staff/surveys", "/staff/survey/preview", "/staff/survey/file"):
        assert manager.post(path, form_from="/staff/password").status_code == 403


def test_a_wording_is_changed_and_all_else_stays(admin, house):
    _, before = stored(house)
    page = admin.page(EDITOR)
    answer = press(admin, page, "save", title__ja="ご意見箱", questions__1__text__en="")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/survey?survey=store&done=2")
    assert "保存しました" in admin.page(answer.headers["Location"])
    revision, after = stored(house)
    expected = before.model_dump()
    expected["title"]["ja"] = "ご意見箱"
    del expected["questions"][1]["text"]["en"]
    assert (revision, after.model_dump()) == (2, expected)
    with house.reading() as session:
        last = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert (last.who, last.action, last.subject) == ("本部", "survey saved", "store 2")


def test_a_contact_is_asked_for_by_a_tick_that_keeps_a_wording_of_its_own(config, house):
    keyed = config.model_copy(update={"contact_keys": (SecretStr(new_key()),)})
    admin = signed_in(keyed, house, "本部", "admin")
    assert stored(house)[1].contact is None
    press(admin, admin.page(EDITOR), "save", contact="on")
    assert stored(house)[1].contact == ContactRequest()
    assert 'name="contact" value="on" checked' in admin.page(EDITOR)
    own = ContactRequest(text={"ja": "お電話します"})
    with house.session() as session:
        save_survey(session, stored(house)[1].model_copy(update={"contact": own}))
    press(admin, admin.page(EDITOR), "save", contact="on", title__ja="ご意見箱")
    assert stored(house)[1].contact == own
    press(admin, admin.page(EDITOR), "save", contact="")
    assert stored(house)[1].contact is None


def test_a_member_code_is_asked_for_with_a_consent_of_its_own(config, house):
    allowed = config.model_copy(update={"privacy": PrivacySettings(member_codes=True)})
    admin = signed_in(allowed, house, "本部", "admin")
    press(admin, admin.page(EDITOR), "save", member=["", "on"], member__consent__ja="")
    assert stored(house)[1].member == MemberRequest()
    page = admin.page(EDITOR)
    assert 'name="member" value="on" checked' in page
    press(admin, page, "save", member=["", "on"], member__consent__ja="会員カードの購入と結びつけます")
    own = MemberRequest(consent={"ja": "会員カードの購入と結びつけます"})
    assert stored(house)[1].member == own
    press(admin, admin.page(EDITOR), "save", title__ja="ご意見箱")
    assert stored(house)[1].member == own
    press(admin, admin.page(EDITOR), "save", member=["", "on"], member__consent__ja="")
    assert stored(house)[1].member == MemberRequest()
    press(admin, admin.page(EDITOR), "save", member="", member__consent__ja="消えます")
    assert stored(house)[1].member is None


def test_a_server_that_may_not_keep_it_does_not_let_a_survey_ask_for_it(admin, house):
    page = admin.page(EDITOR)
    assert 'name="member"' not in page
    for field, words in (("contact", "連絡先を暗号にする鍵が"), ("member", "会員番号をたずねない設定に")):
        answer = press(admin, page, "save", **{field: "on"})
        assert (answer.status_code, words in answer.text) == (400, True)
    assert stored(house)[0] == 1
    draft = admin.post(
        "/staff/survey", form_from=EDITOR, draft='{"key": "x", "questions": [], "member": []}', do="keep"
    )
    assert draft.status_code == 200


def test_buttons_keep_what_was_typed_and_store_nothing(admin, house):
    page = press(admin, admin.page(EDITOR), "add", kind="single", title__ja="書きかけ").text
    page = press(admin, page, "option.5").text
    page = press(
        admin, page, "up.5", questions__5__text__ja="どちらですか。", questions__5__options__1__text__ja="右"
    ).text
    page = press(admin, page, "option-up.4.1").text
    page = press(admin, page, "drop.3").text
    draft = draft_in(page)
    assert draft["title"]["ja"] == "書きかけ"
    assert [question["key"] for question in draft["questions"]] == [
        "recommend",
        "reason",
        "satisfaction",
        "single",
        "bought",
    ]
    assert draft["questions"][3] == {
        "key": "single",
        "kind": "single",
        "text": {"ja": "どちらですか。"},
        "options": [{"key": "option2", "text": {"ja": "右"}}, {"key": "option1"}],
    }
    assert "まだ保存していません" in page
    assert stored(house)[0] == 1


def test_what_is_wrong_stands_beside_its_field(admin, house):
    page = press(
        admin,
        admin.page(EDITOR),
        "save",
        title__ja="",
        title__en="",
        coupon__days="たくさん",
        questions__1__text__ja="",
    ).text
    told = dict(re.findall(r'<p class="fault" id="f-([^"]+)-fault">([^<]+)</p>', page))
    assert told == {"title": "ここを書いてください。", "coupon-days": "範囲の中の整数を書いてください。"}
    assert 'value="たくさん"' in page
    assert re.search(r'id="f-title-ja"[^>]*aria-describedby="f-title-fault[^>]*aria-invalid="true"', page)
    assert stored(house)[0] == 1
    rule = press(
        admin, press(admin, admin.page(EDITOR), "add", kind="nps").text, "save", questions__5__text__ja="もう一度？"
    )
    assert (rule.status_code, "おすすめ度の設問は1つだけ" in rule.text) == (400, True)


def test_the_second_of_two_editors_is_told_and_loses_nothing(config, house, admin):
    second = signed_in(config, house, "二人目", "admin")
    mine, theirs = admin.page(EDITOR), second.page(EDITOR)
    assert press(admin, mine, "save", title__ja="一人目の題").status_code == 303
    answer = press(second, theirs, "save", thanks__ja="二人目のお礼")
    assert answer.status_code == 409
    assert "ほかの人が先に保存しました" in answer.text
    assert "違っているところ：題名、お礼の言葉" in answer.text
    assert (draft_in(answer.text)["thanks"]["ja"], stored(house)[1].title["ja"]) == ("二人目のお礼", "一人目の題")
    assert press(second, answer.text, "save").status_code == 303
    assert (stored(house)[1].thanks["ja"], stored(house)[1].title["ja"]) == ("二人目のお礼", "お客様アンケート")


def test_a_new_survey_is_written_from_nothing(admin, house):
    page = admin.page("/staff/survey")
    answer = press(
        admin,
        page,
        "save",
        title__ja="夏のアンケート",
        purpose__ja="改善のために使います。",
        questions__0__text__ja="すすめたいですか。",
        questions__1__text__ja="なぜですか。",
    )
    key = re.search(r"survey=(\w+)", answer.headers["Location"])[1]
    revision, definition = stored(house, key)
    assert (revision, [question.required for question in definition.questions]) == (1, [True, False])


def test_a_forged_draft_is_400(admin):
    page = admin.page(EDITOR)
    for do in ("drop.99", "up.x", "fly", "option-up.0.0", "add"):
        assert press(admin, page, do).status_code == 400
    for draft in ("", "[]", '{"questions": 3}', '{"key": "store"}'):
        answer = admin.post("/staff/survey", form_from=EDITOR, draft=draft, seen="1", do="save")
        assert answer.status_code == 400


def test_the_preview_shows_what_is_typed_in_each_language_and_can_send_nothing(admin):
    page = admin.page(EDITOR)
    fields = {"draft": json.dumps(draft_in(page)), "title.ja": "見本の題名"}
    shown = admin.post("/staff/survey/preview", form_from=EDITOR, **fields)
    assert "見本の題名" in shown.text
    assert "<script" not in shown.text
    policy = shown.headers["Content-Security-Policy"]
    assert "sandbox allow-same-origin" in policy
    assert "frame-ancestors 'self'" in policy
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    english = admin.post("/staff/survey/preview", form_from=EDITOR, show="en", **fields)
    assert "Would you recommend this store?" in english.text
    assert "見本の題名" not in admin.page("/staff/survey/preview?survey=store")
    broken = admin.post("/staff/survey/preview", form_from=EDITOR, **fields | {"title.ja": "", "title.en": ""})
    assert (broken.status_code, "ここを書いてください。" in broken.text) == (400, True)


def test_only_the_editor_may_frame_and_only_the_preview_be_framed(admin):
    editor = admin.get(EDITOR).headers["Content-Security-Policy"]
    assert "frame-src 'self'" in editor
    assert "frame-ancestors 'none'" in editor
    assert "frame-src" not in admin.get("/staff/surveys").headers["Content-Security-Policy"]


def test_a_survey_is_closed_and_opened(admin, house):
    with house.session() as session:
        code = entry_code(session, "store", "ginza", "register")

    def act(action, at=""):
        return admin.post("/staff/surveys", form_from="/staff/surveys", survey="store", action=action, at=at)

    assert act("survey closed").status_code == 303
    assert "終了" in admin.page("/staff/surveys")
    assert admin.get(f"/s/{code}").status_code == 410
    act("survey opened", "2099-04-01T09:00")
    assert stored(house)[1].opens == datetime(2099, 4, 1, 0, 0, tzinfo=UTC)
    act("survey opened")
    assert admin.get(f"/s/{code}").status_code == 200
    assert act("survey closed", "いつか").status_code == 400
    assert act("survey burnt").status_code == 400


def test_a_survey_goes_out_as_a_file_and_comes_in_again(admin, house):
    text = admin.get("/staff/survey/file?survey=store").data

    def load(content):
        return admin.post("/staff/survey/file", form_from="/staff/surveys", file=(io.BytesIO(content), "s.yaml"))

    assert load(text.replace("お客様アンケート".encode(), "読み込んだ題".encode())).status_code == 303
    assert stored(house)[1].title["ja"] == "読み込んだ題"
    refused = load(b"key: store\ntitel: x")
    assert (refused.status_code, "titel: unknown key" in refused.text, stored(house)[0]) == (400, True, 2)
    assert load(b"\xff\xfe").status_code == 400
