"""A file of purchases into the database: only those of members who agreed, each once, bad rows refused one by one."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.database import Database
from surveys.errors import InputError
from surveys.importing.files import FileRow, Sheet, open_sheet
from surveys.importing.importer import RowNote, batches
from surveys.importing.moments import read_moment
from surveys.members import LONGEST_MEMBER_CODE, MemberKeeping, plain_code
from surveys.purchases import Bought, add_purchases, held_members
from surveys.settings import Settings
from surveys.tables import Store
from surveys.texts import is_storable

HEADERS: Mapping[str, tuple[str, ...]] = {
    "member": ("member", "member_code", "会員コード", "会員番号", "会員ID", "顧客コード", "顧客番号"),
    "date": ("date", "日付", "購入日", "利用日", "取引日", "売上日"),
    "amount": ("amount", "金額", "購入金額", "利用金額", "売上金額", "税込金額"),
    "store": ("store", "店舗", "店舗名", "店舗コード", "店番", "店名"),
}
"""What the four columns are called where nobody says otherwise, in the order in which they are looked for."""
_LARGEST = Decimal(10) ** 10
_EARLIEST = date(1990, 1, 1)
_SIGNS = str.maketrans({"▲": "-", "△": "-", "−": "-", "¥": None, "\\": None, "円": None, ",": None, " ": None})
"""In CP932 the sign of the yen is the byte that is a backslash elsewhere."""


class PurchaseColumns(Settings):
    """What the columns of a file are called; None: by one of the usual names."""

    naming: ClassVar[str] = "--"
    member: str | None = None
    date: str | None = None
    amount: str | None = None
    store: str | None = None
    delimiter: str = ","
    sheet: str | None = None

    def named_columns(self) -> dict[str, str]:
        """Return every column that must be in the file, by the key that names it."""
        return {key: column for key in HEADERS if (column := getattr(self, key))}


@dataclass(frozen=True, slots=True)
class PurchaseLimits:
    """What a row is held against: the organisation's zone, today there, and how member codes are kept."""

    zone: ZoneInfo
    today: date
    keeping: MemberKeeping


@dataclass(slots=True)
class PurchaseReport:
    """What became of a file's rows.

    `not_members`: of people who gave no member code with an answer; `too_old`: of days that are kept no longer.
    """

    rows: int = 0
    added: int = 0
    known: int = 0
    not_members: int = 0
    too_old: int = 0
    refused: list[RowNote] = field(default_factory=list)
    changed: tuple[RowNote, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A row that was understood."""

    digest: str
    bought_on: date
    hundredths: int
    store: str


def import_purchases(
    database: Database, path: Path, columns: PurchaseColumns, limits: PurchaseLimits
) -> PurchaseReport:
    """Store the purchases of a CSV or XLSX file in short transactions; the same file twice adds nothing.

    Kept are those of members who gave their code with an answer; the others leave no trace, and may be imported again
    when more have answered. Errors: `InputError` when the file is damaged or lacks a column (then nothing is stored);
    `DatabaseBusyError`.
    """
    sheet = open_sheet(path, columns)
    places = _places(sheet, columns)
    report, told = PurchaseReport(rows=sheet.row_count), Counter[bytes]()
    for rows in batches(sheet.rows()):
        lines = list(_understood(rows, places, limits, report))
        with database.session() as session:
            _store(session, lines, told, report, limits)
    report.refused.sort(key=lambda note: note.line)
    return report


def _places(sheet: Sheet, columns: PurchaseColumns) -> dict[str, int]:
    """Find the four columns. Error: `InputError` names the one that is missing, or there twice."""
    found: dict[str, int] = {}
    for key, usual in HEADERS.items():
        named = getattr(columns, key)
        fitting = [named] if named else [name for name in usual if name in sheet.header]
        if not fitting:
            there = ", ".join(name[:40] for name in sheet.header[:50])
            named = f"name it with --{key}, or what parts columns with --delimiter"
            raise InputError(f"{sheet.path}: no column for the {key}; {named} (there are: {there})")
        if sheet.header.count(fitting[0]) > 1:
            raise InputError(f"{sheet.path}: the column {fitting[0]!r} is there twice")
        found[key] = sheet.header.index(fitting[0])
    return found


def _understood(
    rows: Sequence[FileRow], places: Mapping[str, int], limits: PurchaseLimits, report: PurchaseReport
) -> Iterator[tuple[int, _Line]]:
    for row in rows:
        try:
            cells = {key: _filled(key, row.cells[place]) for key, place in places.items()}
            line = _Line(
                limits.keeping.digest(_member(cells["member"])),
                _day(cells["date"], limits),
                _hundredths(cells["amount"]),
                " ".join(cells["store"].split()),
            )
        except IndexError:
            report.refused.append(RowNote(row.line, "", "the row has fewer cells than the header"))
        except InputError as error:
            report.refused.append(RowNote(row.line, "", str(error)))
        else:
            yield row.line, line


def _filled(key: str, cell: str) -> str:
    if text := cell.strip():
        return text
    raise InputError(f"the {key} is empty")


def _member(text: str) -> str:
    """Read a member code. It is never repeated in a message."""
    code = plain_code(text)
    if not code:
        raise InputError("the member code has no letter or digit")
    if len(text) > LONGEST_MEMBER_CODE or not is_storable(text):
        raise InputError(f"the member code is longer than {LONGEST_MEMBER_CODE} characters or holds control characters")
    return code


def _day(text: str, limits: PurchaseLimits) -> date:
    try:
        day = read_moment(text, limits.zone).astimezone(limits.zone).date()
    except InputError as error:
        raise InputError(f"the date {text[:30]!r} {error}") from error
    if day > limits.today:
        raise InputError(f"the date {text[:30]!r} lies in the future")
    if day < _EARLIEST:
        raise InputError(f"the date {text[:30]!r} is impossible")
    return day


def _hundredths(text: str) -> int:
    plain = re.sub(r"^\((.+)\)$", r"-\1", unicodedata.normalize("NFKC", text).translate(_SIGNS))
    try:
        amount = Decimal(plain) if re.fullmatch(r"[+-]?\d+(\.\d+)?", plain) else Decimal("NaN")
    except InvalidOperation:  # more digits than a decimal number holds
        amount = Decimal("NaN")
    if amount.is_nan():
        raise InputError(f"the amount {text[:30]!r} is not a number")
    if amount < 0:
        raise InputError(f"the amount {text[:30]!r} is negative; returns are not taken, leave them out of the file")
    if amount >= _LARGEST or amount * 100 % 1:
        raise InputError(f"the amount {text[:30]!r} is too large, or finer than a hundredth")
    return int(amount * 100)


def _store(
    session: Session,
    lines: Sequence[tuple[int, _Line]],
    told: Counter[bytes],
    report: PurchaseReport,
    limits: PurchaseLimits,
) -> None:
    stores = _stores(session)
    members = held_members(session, {line.digest for _, line in lines})
    bought: list[Bought] = []
    for number, line in lines:
        if line.store not in stores:
            reason = f"there is no store {line.store[:50]!r}; see: koebako store list"
            report.refused.append(RowNote(number, "", reason))
        elif line.digest not in members:
            report.not_members += 1
        elif line.bought_on < limits.keeping.first_day(limits.today):
            report.too_old += 1
        else:
            bought.append(_bought(line, stores[line.store], told))
    added = add_purchases(session, bought)
    report.added += added
    report.known += len(bought) - added


def _bought(line: _Line, store: tuple[str, int], told: Counter[bytes]) -> Bought:
    """Tell two alike lines apart by how often the file has said so: two coffees on one day are two."""
    said = json.dumps([line.digest, line.bought_on.isoformat(), line.hundredths, store[0]])
    short = sha256(said.encode()).digest()  # a million lines are remembered
    told[short] += 1
    identity = sha256(f"{said} {told[short]}".encode()).hexdigest()
    return Bought(identity, line.digest, store[1], line.bought_on, line.hundredths)


def _stores(session: Session) -> dict[str, tuple[str, int]]:
    """Key and id of every store of ours, by its key and by its name; where both clash, the key counts."""
    rows = session.execute(
        select(Store.id, Store.key, Store.name).where(Store.operator.is_(None)).order_by(Store.key.desc())
    ).all()
    return {row.name: (row.key, row.id) for row in rows} | {row.key: (row.key, row.id) for row in rows}
