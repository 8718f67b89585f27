"""Each row: what stands in a file, the moment it means in Tokyo."""

from datetime import datetime

import pytest
from factories import TOKYO
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import InputError
from surveys.importing.moments import read_moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-10-01", "2025-10-01T12:00:00+09:00"),
        ("2025/10/1", "2025-10-01T12:00:00+09:00"),
        ("２０２５／１０／０１", "2025-10-01T12:00:00+09:00"),
        ("20251001", "2025-10-01T12:00:00+09:00"),
        ("2025年10月1日", "2025-10-01T12:00:00+09:00"),
        ("2025年10月1日（水）", "2025-10-01T12:00:00+09:00"),
        ("2025.10.01", "2025-10-01T12:00:00+09:00"),
        ("2025-10-01 09:05", "2025-10-01T09:05:00+09:00"),
        ("2025/10/1(水) 9:05:07", "2025-10-01T09:05:07+09:00"),
        ("2025年10月1日9時5分", "2025-10-01T09:05:00+09:00"),
        ("2025年10月1日 9時", "2025-10-01T09:00:00+09:00"),
        ("2025-10-01T23:30:00Z", "2025-10-01T23:30:00+00:00"),
        ("2025-10-01T23:30:00.123+09:00", "2025-10-01T23:30:00+09:00"),
        ("2025-10-01 23:30:00+0900", "2025-10-01T23:30:00+09:00"),
        ("2025/10/01 9:15:23 午後 GMT+9", "2025-10-01T21:15:23+09:00"),
        ("2025/10/01 午後0:15", "2025-10-01T12:15:00+09:00"),
        ("2025/10/01 12:15 AM", "2025-10-01T00:15:00+09:00"),
        ("2025-10-01 00:00", "2025-10-01T00:00:00+09:00"),
        ("令和7年10月1日", "2025-10-01T12:00:00+09:00"),
        ("㋿元年５月１日 9時", "2019-05-01T09:00:00+09:00"),
        ("R7.10.1 9:05", "2025-10-01T09:05:00+09:00"),
        ("h31/04/30", "2019-04-30T12:00:00+09:00"),
        ("昭和 64年1月7日", "1989-01-07T12:00:00+09:00"),
    ],
)
def test_dates_are_read_as_they_are_written_in_japan(text: str, moment: str) -> None:
    assert read_moment(text, TOKYO) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("text", "date_format", "moment"),
    [
        ("01.10.2025", "%d.%m.%Y", "2025-10-01T12:00:00+09:00"),
        ("10/01/25 08:30", "%m/%d/%y %H:%M", "2025-10-01T08:30:00+09:00"),
        ("2025-10-01 08:30 +0000", "%Y-%m-%d %H:%M %z", "2025-10-01T08:30:00+00:00"),
    ],
)
def test_another_order_is_read_by_its_format(text: str, date_format: str, moment: str) -> None:
    assert read_moment(text, TOKYO, date_format) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "きのう",
        "2025-13-01",
        "2025-02-30",
        "25-10-01",
        "2025-10-01 24:00",
        "2025-10-01 午後13:00",
        "45931",
        "R7",
        "令和7年13月1日",
        "X7.10.1",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"^is not a date$"):
        read_moment(text, TOKYO)


def test_what_does_not_fit_the_format_names_the_format() -> None:
    with pytest.raises(InputError, match=r"^is not a date like %d\.%m\.%Y$"):
        read_moment("2025-10-01", TOKYO, "%d.%m.%Y")


@given(st.text(alphabet="0123456789-/:年月日時分 TZ+午後０。（水）", max_size=30))
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    try:
        moment = read_moment(text, TOKYO)
    except InputError:
        return
    assert moment.tzinfo is not None
