"""Each row: what a customer typed, what is stored. Every number and address here is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.masking import mask_text

MASKED = [
    ("連絡は taro.yamada@example.jp まで", "連絡は ［メールアドレス］ まで"),
    ("taro+koe@mail.example.co.jpへ返信してください", "［メールアドレス］へ返信してください"),
    ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ です", "［メールアドレス］ です"),
    ("taro[at]example.jp", "［メールアドレス］"),
    ("taro（at）example（dot）jp", "［メールアドレス］"),
    ("taroアットマークexampleドットjp", "［メールアドレス］"),
    ("taro @ example.jp", "［メールアドレス］"),
    ("info@みなと商店.jp に書きました", "［メールアドレス］ に書きました"),
    ("電話は03-1234-5678です", "電話は［電話番号］です"),
    ("０９０－１２３４－５６７８にお願いします", "［電話番号］にお願いします"),
    ("090ー1234ー5678", "［電話番号］"),
    ("09012345678まで", "［電話番号］まで"),
    ("0312345678まで", "［電話番号］まで"),
    ("03（1234）5678", "［電話番号］"),
    ("(03) 1234-5678", "［電話番号］"),
    ("080 1234 5678", "［電話番号］"),
    ("090-12345678", "［電話番号］"),
    ("050.1234.5678", "［電話番号］"),
    ("090の1234の5678", "［電話番号］"),
    ("〇九〇‐一二三四‐五六七八", "［電話番号］"),
    ("〇03-1234-5678", "〇［電話番号］"),
    ("①03-1234-5678", "①［電話番号］"),
    ("0120-123-456に電話した", "［電話番号］に電話した"),
    ("0800-123-4567", "［電話番号］"),
    ("0776-12-3456", "［電話番号］"),
    ("09969-1-2345", "［電話番号］"),
    ("+81 90-1234-5678", "［電話番号］"),
    ("+81(0)3-1234-5678", "［電話番号］"),
    ("+819012345678", "［電話番号］"),
    ("+1 415 555 2671", "［電話番号］"),
    ("+442079460958", "［電話番号］"),
    ("90-1234-5678", "［電話番号］"),
    ("TEL 23-4567 佐々木", "TEL ［電話番号］ 佐々木"),
    ("TEL:03-1234-5678", "TEL:［電話番号］"),
    ("電話：０３－１２３４－５６７８：山田", "電話：［電話番号］：山田"),
    ("03-1234-5678（内線12）/FAX.03-1234-5679", "［電話番号］（内線12）/FAX.［電話番号］"),
    ("080‑1234‑5678、090-1234-5678", "［電話番号］、［電話番号］"),
    ("電話番号：1234-5678", "電話番号：［電話番号］"),
    ("カードは4111 1111 1111 1111", "カードは［カード番号］"),
    ("4111111111111111", "［カード番号］"),
    ("４１１１－１１１１－１１１１－１１１１", "［カード番号］"),
    ("3782-822463-10005", "［カード番号］"),
    ("会員番号は 12345678901", "会員番号は ［番号］"),
    ("@minato_shop のフォロワーです", "［SNSアカウント］ のフォロワーです"),
    ("a@example.jp と 03-1234-5678 と b@example.jp", "［メールアドレス］ と ［電話番号］ と ［メールアドレス］"),
]

UNTOUCHED = [
    "03分待った",
    "予算は1000-1500円くらい",
    "電話で予約して1000-1500円でした",
    "営業時間が10:00-18:00なのは不便",
    "09:00-18:00にしてほしい",
    "2025-11-03に行きました",
    "2025/01/02 03:04",
    "20251103 のレシート",
    "３階のトイレ、2-3回使いました",
    "注文 4111 1111 1111 1112",
    "0000-0000-0000-0000",
    "4901234567894 の商品",
    "2025100112345678",
    "+10点、+100円、+1000-2000円",
    "0.0123456789 という数字",
    "5@100円のりんご",
    "みかんとりんごの3-4-5番売場",
    "一二三四五六七八九十",
    "九時〇〇分のバス",
    "百円〜三百円の品",
    "",
]


@pytest.mark.parametrize(("typed", "stored"), MASKED)
def test_personal_data_is_replaced_by_what_it_was(typed: str, stored: str) -> None:
    assert mask_text(typed) == stored


@pytest.mark.parametrize("typed", UNTOUCHED)
def test_prices_times_dates_and_handles_are_left_alone(typed: str) -> None:
    assert mask_text(typed) == typed


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=200))
def test_any_text_can_be_masked_and_masking_twice_changes_nothing_more(typed: str) -> None:
    assert mask_text(mask_text(typed)) == mask_text(typed)


@given(st.text(alphabet="あいうえお、。 ", max_size=30), st.text(alphabet="かきくけこ！？ ", max_size=30))
def test_a_number_is_found_between_any_words(before: str, after: str) -> None:
    assert mask_text(f"{before}090-1234-5678{after}") == f"{before}［電話番号］{after}"


def test_a_long_text_without_personal_data_is_read_quickly_even_when_it_nearly_has_some() -> None:
    typed = "0-1-2-3-4-5-6-7-8-9 a.b@c.d@" * 700
    assert mask_text(typed) == typed


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("レジの林さんが親切", "レジの林さんが親切"),
        ("担当の林花子さんに感謝", "担当の林花子さんに感謝"),
        ("レジの小林さんが親切", "レジの［お名前］さんが親切"),
        ("髙橋さんと高橋さん", "髙橋さんと高橋さん"),
        ("佐藤さんに聞いた", "［お名前］さんに聞いた"),
    ],
)
def test_only_family_names_of_staff_stay_readable(typed: str, stored: str) -> None:
    assert mask_text(typed, ["林", "高橋"]) == stored
