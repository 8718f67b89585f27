"""Dates and times as people and survey tools write them in Japan."""

import re
import unicodedata
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from surveys.errors import InputError

NOON = time(12)
"""A day without a time counts as noon: safely within its day and week in every zone."""

_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
"""The year before the first one of each era; an old till may go on counting in an era that is over."""
_ERA = re.compile(r"(令和|平成|昭和|[RHS]\.?)\s*(\d{1,2}|元)(?=\s*[-/.年])", re.IGNORECASE)
_MOMENT = re.compile(
    r"(?P<year>\d{4})(?:\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})|(?P<packed>\d{4}))\s*日?"
    r"\s*(?:\([月火水木金土日](?:曜日?)?\))?"
    r"(?:(?:\s*T\s*|\s*)(?P<clock>\S.*))?"
)
_CLOCK = re.compile(
    r"(?P<before>午前|午後)?\s*(?P<hour>\d{1,2})\s*[:時]\s*(?:(?P<minute>\d{1,2})\s*分?)?"
    r"(?:\s*:?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?"
    r"\s*(?P<after>午前|午後|AM|PM)?\s*(?P<zone>Z|(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?")
_HALF_DAY = 12


def read_moment(text: str, zone: ZoneInfo, date_format: str | None = None) -> datetime:
    """Read a moment; without an offset it is local time in `zone`, without a time of day it is noon.

    Understood: 2025-10-01, 2025/10/1 9:05, 20251001, 2025年10月1日（水）9時5分, 令和7年10月1日, R7.10.1, ISO 8601 with
    or without offset, and what Google Forms writes (2025/10/01 9:15:23 午後 GMT+9). Another order needs `date_format`,
    written as for `datetime.strptime`. Error: `InputError`.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        moment = datetime.strptime(plain, date_format) if date_format else _read(plain)  # noqa: DTZ007 - zone below
        if date_format and not re.search(r"%[HIcXT]", date_format):
            moment = datetime.combine(moment, NOON)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError) as error:
        raise InputError("is not a date" if not date_format else f"is not a date like {date_format}") from error


def _read(text: str) -> datetime:
    found = _MOMENT.fullmatch(_ERA.sub(_year_of_era, text) if _ERA.match(text) else text)
    if not found:
        raise ValueError(text)
    packed = found["packed"]
    month, day = (packed[:2], packed[2:]) if packed else (found["month"], found["day"])
    midnight = datetime(int(found["year"]), int(month), int(day))  # noqa: DTZ001 - the caller adds the zone
    if found["clock"] is None:
        return datetime.combine(midnight, NOON)
    return _at(midnight, found["clock"])


def _year_of_era(found: re.Match[str]) -> str:
    return str(_ERAS[found[1].upper().rstrip(".")] + (1 if found[2] == "元" else int(found[2])))


def _at(midnight: datetime, text: str) -> datetime:
    found = _CLOCK.fullmatch(text)
    if not found:
        raise ValueError(text)
    hour = _hour(int(found["hour"]), (found["before"] or found["after"] or "").upper())
    moment = midnight.replace(hour=hour, minute=int(found["minute"] or 0), second=int(found["second"] or 0))
    return moment.replace(tzinfo=_offset(found["zone"])) if found["zone"] else moment


def _hour(hour: int, half: str) -> int:
    """Turn a hour of a half day into one of 24; noon is 午後12 as well as 午後0."""
    if not half:
        return hour
    if hour > _HALF_DAY:
        raise ValueError(f"{half}{hour}")
    return hour % _HALF_DAY + (_HALF_DAY if half in {"午後", "PM"} else 0)


def _offset(text: str) -> timezone:
    found = _OFFSET.search(text)
    if not found:
        return timezone(timedelta(0))
    distance = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(distance if found[1] == "+" else -distance)
