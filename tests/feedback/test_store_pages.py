"""The pages of stores, spots and posters: who sees and changes what, and what stays."""

import io

import pypdf
import pytest
from factories import make_survey
from staff_site import fill_chain, signed_in

from feedback.tables import AuditEntry
from surveys.entries import find_entry
from surveys.places import areas, create_spot, entry_code, spots
from surveys.queries import stores

GINZA = "/staff/store?store=ginza"


@pytest.fixture
def chain(sqlite):
    fill_chain(sqlite)
    make_survey(sqlite)
    with sqlite.session() as session:
        create_spot(session, "ginza", "register", "レジ横")
        create_spot(session, "ginza", "toilet", "お手洗い")
        create_spot(session, "ueno", "register", "サービスカウンター")
    return sqlite


@pytest.fixture
def admin(config, chain):
    return signed_in(config, chain, "本部", "admin")


@pytest.fixture
def ginza(config, chain):
    return signed_in(config, chain, "銀座", "manager", store="ginza")


def change(member, action, **fields):
    return member.post("/staff/store", form_from=GINZA, store="ginza", action=action, **fields)


def shown(database):
    with database.reading() as session:
        return [(spot.store.name, spot.key, spot.name, spot.retired_at is not None) for spot in spots(session)]


def trail(database):
    with database.reading() as session:
        found = session.query(AuditEntry).filter(~AuditEntry.action.in_(("account made", "signed in")))
        return [(row.who, row.action, row.subject) for row in found.order_by(AuditEntry.id)]


def test_a_manager_sees_the_own_store_alone_and_changes_nothing(ginza, chain):
    page = ginza.page("/staff/stores")
    assert "銀座店" in page
    assert "上野店" not in page
    assert "レジ横" in ginza.page(GINZA)
    assert 'name="action"' not in page + ginza.page(GINZA)
    assert ginza.get("/staff/store?store=ueno").status_code == 404
    for path in ("/staff/store", "/staff/stores"):
        answer = ginza.post(path, form_from="/staff/password", store="ginza", action="store renamed", name="うちの店")
        assert answer.status_code == 403
    assert trail(chain) == []


def test_head_office_adds_stores_and_areas(admin, chain):
    for fields in (
        {"action": "area added", "name": "南エリア", "key": "south"},
        {"action": "area renamed", "area": "south", "name": "南日本"},
        {"action": "store added", "name": "博多店", "key": "", "area": "south"},
    ):
        assert admin.post("/staff/stores", form_from="/staff/stores", **fields).status_code == 303
    with chain.reading() as session:
        assert [area.name for area in areas(session)] == ["東エリア", "南日本", "西エリア"]
        assert [(store.key, store.name, store.area_name) for store in stores(session)][1:2] == [
            ("s1", "博多店", "南日本")
        ]
    assert trail(chain) == [
        ("本部", "area added", "south"),
        ("本部", "area renamed", "south: 南日本"),
        ("本部", "store added", "s1"),
    ]


def test_a_spot_is_added_renamed_retired_and_reopened(admin, chain):
    change(admin, "spot added", name="1番テーブル", key="")
    change(admin, "spot renamed", spot="register", name="南口レジ")
    answer = change(admin, "spot retired", spot="toilet")
    assert "これまでの回答は残っています" in admin.page(answer.headers["Location"])
    assert shown(chain)[:3] == [
        ("銀座店", "p1", "1番テーブル", False),
        ("銀座店", "register", "南口レジ", False),
        ("銀座店", "toilet", "お手洗い", True),
    ]
    change(admin, "spot reopened", spot="toilet")
    change(admin, "store renamed", name="銀座本店", area="west")
    assert shown(chain)[2] == ("銀座本店", "toilet", "お手洗い", False)
    assert [action for _, action, _ in trail(chain)] == [
        "spot added",
        "spot renamed",
        "spot retired",
        "spot reopened",
        "store renamed",
    ]


def test_a_code_is_renewed(admin, chain):
    with chain.session() as session:
        old = entry_code(session, "store", "ginza", "register")
    change(admin, "code renewed", spot="register", survey="store", spread="on")
    with chain.session() as session:
        new = entry_code(session, "store", "ginza", "register")
        assert new != old
        assert find_entry(session, old).leads_on is False
    assert f"/s/{new}" in admin.page(GINZA)


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        ("spot added", {"name": "入口", "key": "register"}, "すでに使われています"),
        ("spot added", {"name": "入口", "key": "a/b"}, "「/」は使えません"),
        ("spot renamed", {"name": "", "spot": "register"}, "名前は1〜200文字"),
        ("spot retired", {"spot": "nowhere"}, "見つかりません"),
    ],
)
def test_what_cannot_be_changed_says_why_and_keeps_what_was_typed(admin, chain, action, fields, words):
    before = shown(chain)
    answer = change(admin, action, **fields)
    assert (answer.status_code, shown(chain), trail(chain)) == (400, before, [])
    assert words in answer.text
    assert f'value="{fields.get("key", "ginza")}"' in answer.text


def test_an_action_that_is_not_offered_is_400(admin):
    assert change(admin, "store dropped").status_code == 400
    assert admin.post("/staff/stores", form_from="/staff/stores", action="x").status_code == 400


def posters(member, **fields):
    answer = member.post("/staff/posters", form_from="/staff/posters", **fields)
    if answer.mimetype != "application/pdf":
        return answer.status_code, answer.text
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    return len(pages), "".join(page.extract_text() for page in pages)


def test_posters_of_all_stores_one_store_or_one_spot_are_one_pdf(admin):
    assert [
        posters(admin, what=what, size=size)[0]
        for what, size in (("", "A5"), ("", "A6x4"), ("store:ginza", "A6"), ("spot:ueno/register", "A4"))
    ] == [3, 1, 2, 1]


def test_a_manager_prints_posters_of_the_own_store_alone(ginza):
    pages, text = posters(ginza, what="", size="A6", line_ja="ひとことどうぞ")
    assert (pages, "サービスカウンター" in text, "ひとことどうぞ" in text) == (2, False, True)
    assert posters(ginza, what="spot:ueno/register", size="A6")[0] == 404
    assert posters(ginza, what="store:ueno", size="A6")[0] == 404


def test_what_cannot_be_printed_says_why(config, chain, admin):
    assert posters(admin, what="", size="A3")[0] == 400
    status, page = posters(admin, what="spot:ginza/nowhere", size="A6")
    assert (status, "印刷できませんでした" in page) == (400, True)
    homeless = config.model_copy(update={"site": config.site.model_copy(update={"public_url": ""})})
    assert "site.public_url" in signed_in(homeless, chain, "新人", "admin").page("/staff/posters")
