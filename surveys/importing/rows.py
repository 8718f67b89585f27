"""One row of a file -> one submission, by the column map."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from surveys.errors import InputError
from surveys.importing.files import FileRow
from surveys.importing.maps import ColumnMap
from surveys.importing.moments import read_moment
from surveys.masking import mask_text
from surveys.submissions import Submission
from surveys.texts import tidy

_NUMBER = re.compile(r"([+-]?\d{1,9})(?:\.0+)?")
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Limits:
    """What a row is held against: the organisation's zone, the moment of import, the longest comment in characters.

    `staff_names` are not masked.
    """

    zone: ZoneInfo
    now: datetime
    max_text_length: int
    staff_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that was understood. Its submission still lacks the store's id, which `store` and `area` will find."""

    line: int
    store: str
    area: str | None
    operator: str | None
    submission: Submission


class RowReader:
    """Reads the rows of one file in order; knows which identities it has met, since a file may repeat itself."""

    def __init__(self, column_map: ColumnMap, header: tuple[str, ...], limits: Limits) -> None:
        self.map = column_map
        self.limits = limits
        self.width = len(header)
        self.position = {name: header.index(name) for name in column_map.named_columns().values()}
        self._occurrences: Counter[str] = Counter()
        self._first_met: dict[str, tuple[int, str]] = {}

    def read(self, row: FileRow) -> ReadRow:
        """Understand one row. Error: `InputError` says why the row cannot be taken."""
        if len(row.cells) != self.width:
            raise InputError(f"the row has {len(row.cells)} cells, the header {self.width}")
        store = " ".join((self.map.constants.store or self._cell(row, self.map.columns.store)).split())
        if not store:
            raise InputError(f"column {self.map.columns.store!r} names no store")
        area = " ".join((self.map.constants.area or self._cell(row, self.map.columns.area)).split())
        operator = " ".join((self.map.constants.operator or self._cell(row, self.map.columns.operator)).split())
        submission = self._submission(row)
        return ReadRow(row.line, store, area or None, operator or None, self._identified(row, store, submission))

    def _submission(self, row: FileRow) -> Submission:
        columns = self.map.columns
        submission = Submission(
            external_id="",
            store_id=0,
            channel=self._cell(row, columns.channel) or self.map.constants.channel,
            answered_at=self._moment(row),
            score=self._figure(row, "score", columns.score),
            satisfaction=self._figure(row, "satisfaction", columns.satisfaction),
            comments=self._comments(row),
            answers=self._words(row, self.map.answers),
            attributes=self._words(row, self.map.attributes),
            asks=self.map.asks,
        )
        figures = submission.score is not None or submission.satisfaction is not None
        if not (figures or submission.comments or submission.answers):
            raise InputError("the row holds no answer")
        return submission

    def _cell(self, row: FileRow, column: str | None) -> str:
        text = tidy(row.cells[self.position[column]]) if column else ""
        return "" if text in self.map.empty else text

    def _moment(self, row: FileRow) -> datetime:
        columns = self.map.columns
        text = f"{self._cell(row, columns.date)} {self._cell(row, columns.time)}".strip()
        try:
            moment = read_moment(text, self.limits.zone, self.map.date_format)
        except InputError as error:
            raise InputError(f"column {columns.date!r}: {_shown(text)} {error}") from error
        # a day's grace: noon stands for the whole day, and clocks differ
        if moment > self.limits.now + timedelta(days=1):
            raise InputError(f"column {columns.date!r}: {_shown(text)} lies in the future")
        return moment

    def _figure(self, row: FileRow, what: str, column: str | None) -> int | None:
        text = self._cell(row, column)
        if not text:
            return None
        if text in self.map.labels.get(what, {}):
            return self.map.labels[what][text]
        number = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text))
        if not number:
            raise InputError(f"column {column!r}: {_shown(text)} is not a whole number")
        return int(number[1])

    def _comments(self, row: FileRow) -> dict[str, str]:
        found = {key: text for key, column in self.map.comments.items() if (text := self._cell(row, column))}
        for key, text in found.items():
            if len(text) > self.limits.max_text_length:
                column, longest = self.map.comments[key], self.limits.max_text_length
                raise InputError(f"column {column!r}: the text has {len(text):,} characters, more than {longest:,}")
        return found

    def _words(self, row: FileRow, columns: Mapping[str, str]) -> dict[str, str]:
        """Read short answers; masked too, since a column of choices often has its 「その他」 in free words."""
        return {
            key: mask_text(text, self.limits.staff_names)
            for key, column in columns.items()
            if (text := self._cell(row, column))
        }

    def _identified(self, row: FileRow, store: str, submission: Submission) -> Submission:
        content = self._content_digest(store, submission)
        if self.map.columns.external_id is None:
            self._occurrences[content] += 1
            own = f"{content}-{self._occurrences[content]}"
        else:
            own = self._cell(row, self.map.columns.external_id)
            if not own:
                raise InputError(f"column {self.map.columns.external_id!r} is empty")
            self._refuse_reuse(row.line, own, content)
        return replace(submission, external_id=f"{self.map.source}:{own}")

    def _refuse_reuse(self, line: int, own: str, content: str) -> None:
        first_line, first_content = self._first_met.setdefault(own, (line, content))
        if first_content != content:
            raise InputError(f"id {_shown(own)} stands for another answer in line {first_line}")

    def _content_digest(self, store: str, submission: Submission) -> str:
        """Digest what the row says, masked first: a digest of a phone number is as good as the number."""
        content = [
            store,
            submission.channel,
            submission.answered_at.astimezone(UTC).isoformat(),
            submission.score,
            submission.satisfaction,
            {key: mask_text(text, self.limits.staff_names) for key, text in submission.comments.items()},
            submission.answers,
            submission.attributes,
        ]
        # surrogates cannot be stored, but such a row is refused later, with its reason
        written = json.dumps(content, ensure_ascii=True, sort_keys=True)
        return sha256(written.encode()).hexdigest()[:32]


def _shown(text: str) -> str:
    """Quote a cell in a message: short, and masked like everything that is written down."""
    masked = mask_text(text)
    return repr(masked if len(masked) <= _SHOWN else masked[:_SHOWN] + "…")
