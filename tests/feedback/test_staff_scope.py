"""What a member may not see is on no page: first that it could be seen, then that it is not."""

import csv
import io

import pytest
from staff_site import WEEK, Visitor, fill_chain, signed_in

OF_GINZA = ("銀座店", "東エリア", "レジが長蛇の列でした", "レジの待ち時間")
OF_UENO = ("上野店", "西エリア", "駐車場が満車でした", "駐車場")
PATHS = [
    "/staff/report",
    f"/staff/report?week={WEEK}&scope=",
    "/staff/comments",
    "/staff/comments?window=26",
    "/staff/comments?theme=queue",
    "/staff/comments?score=detractor&polarity=negative",
    "/staff/runs",
    "/staff/downloads",
    "/staff/downloads/file?kind=tags&format=csv",
    "/staff/downloads/file?kind=responses&format=jsonl",
]
FOREIGN = [
    "/staff/report?scope=store-ueno",
    "/staff/report?scope=area-2",
    "/staff/comments?scope=store-ueno",
    "/staff/comments?scope=area-2&theme=parking",
    "/staff/downloads/file?kind=tags&format=csv&scope=store-ueno",
    "/staff/downloads/file?kind=responses&format=xlsx&scope=area-2",
]


def everything(member: Visitor) -> str:
    return "\n".join(member.page(path) for path in PATHS)


def shown(member: Visitor, words: tuple[str, ...]) -> list[str]:
    text = everything(member)
    return [word for word in words if word in text]


def test_a_member_of_the_whole_chain_sees_both_stores(config, database):
    fill_chain(database)
    member = signed_in(config, database, "本部", "admin")
    assert shown(member, OF_GINZA + OF_UENO) == [*OF_GINZA, *OF_UENO]
    assert [member.get(path).status_code for path in FOREIGN] == [200] * len(FOREIGN)
    assert ">78</a>件" in member.page("/staff/report")
    assert "この条件の回答は 2件です。" in member.page("/staff/comments")


@pytest.mark.parametrize("scope", [{"store": "ginza"}, {"area": "east"}])
def test_a_narrowed_member_sees_own_stores_only(config, database, scope):
    fill_chain(database)
    member = signed_in(config, database, "店長", "admin", **scope)
    own = [word for word in OF_GINZA if word != "東エリア" or "area" in scope]
    assert shown(member, OF_GINZA) == own
    # the theme's own name is in the list that filters comments: a word of the trade's catalogue, not a figure
    assert shown(member, OF_UENO) == ["駐車場"]
    assert "駐車場" not in member.page("/staff/report")
    assert ">31</a>件" in member.page("/staff/report")
    assert "この条件の回答は 1件です。" in member.page("/staff/comments")


@pytest.mark.parametrize("scope", [{"store": "ginza"}, {"area": "east"}])
def test_asking_for_another_store_is_like_asking_for_none(config, sqlite, scope):
    fill_chain(sqlite)
    member = signed_in(config, sqlite, "店長", "admin", **scope)
    assert [member.get(path).status_code for path in FOREIGN] == [404] * len(FOREIGN)
    assert (
        member.get(FOREIGN[0]).text.replace("ueno", "nowhere") == member.get("/staff/report?scope=store-nowhere").text
    )


def test_figures_of_other_stores_change_nothing_on_a_narrowed_report(config, sqlite):
    """The pages of one store are the same bytes whatever the counts and words of the others are."""
    fill_chain(sqlite)
    member = signed_in(config, sqlite, "店長", "viewer", store="ginza")
    chain = signed_in(config, sqlite, "本部", "viewer")
    paths = ["/staff/report", "/staff/comments?window=26"]
    before, before_chain = [member.page(path) for path in paths], [chain.page(path) for path in paths]
    with sqlite.session() as session:
        from sqlalchemy import text

        for statement in (
            "UPDATE store_weeks SET responses = 900, histogram = '[0,0,0,900,0,0,0,0,0,0,0]' WHERE store_id = 2",
            "UPDATE opinions SET text = 'すべて別の言葉' WHERE store_id = 2",
            "UPDATE stores SET name = '別の名前' WHERE id = 2",
        ):
            session.execute(text(statement))
    assert [chain.page(path) != page for path, page in zip(paths, before_chain, strict=True)] == [True, True]
    assert [member.page(path) for path in paths] == before


def test_an_export_holds_the_members_stores_only(config, database):
    fill_chain(database)
    chain, ginza = (
        signed_in(config, database, "本部", "analyst"),
        signed_in(config, database, "店長", "analyst", store="ginza"),
    )

    def stores(member: Visitor, kind: str) -> list[str]:
        answer = member.get(f"/staff/downloads/file?kind={kind}&format=csv")
        rows = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
        return sorted(row["store"] for row in rows)

    assert [len(stores(chain, kind)) for kind in ("tags", "responses")] == [2, 2]
    assert [stores(ginza, kind) for kind in ("tags", "responses")] == [[stores(ginza, "tags")[0]]] * 2
    assert set(stores(ginza, "tags")) < set(stores(chain, "tags"))
