"""Many small writes at once share one commit: SQLite has one writer, and each commit waits for the disk.

Whoever gets the turn writes all that waits and commits once; where one of them raises, each is written alone. Nobody
hears that their write is done before its commit is, so what is acknowledged is on disk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from surveys.database import Database
from surveys.errors import DatabaseBusyError

Result = TypeVar("Result")


@dataclass(slots=True)
class _Write:
    work: Callable[[Session], Any]
    done: bool = False
    result: Any = None
    error: BaseException | None = None


class GroupCommit:
    """The writes of one process to one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = Lock()
        self._gate = Lock()
        self._waiting: list[_Write] = []

    def write(self, work: Callable[[Session], Result]) -> Result:
        """Run `work` in a transaction and return its result once that is committed; what it raises is raised here.

        It may be run twice: the first time is rolled back when another write of its group raises.
        """
        if not self._database.has_one_writer:
            with self._database.session() as session:
                return work(session)
        own = _Write(work)
        with self._gate:
            self._waiting.append(own)
        with self._turn:
            if not own.done:
                with self._gate:
                    group, self._waiting = self._waiting, []
                self._commit(group)
        if own.error:
            raise own.error
        result: Result = own.result
        return result

    def _commit(self, group: list[_Write]) -> None:
        try:
            with self._database.session() as session:
                results = [write.work(session) for write in group]
        except BaseException as error:  # noqa: BLE001 - whatever it is, nobody may take it for done
            if len(group) > 1 and not isinstance(error, DatabaseBusyError):
                for write in group:  # one customer's fault is not the others'
                    self._commit([write])
                return
            results = [None] * len(group)
            for write in group:
                write.error = error
        for write, result in zip(group, results, strict=True):
            write.result, write.done = result, True
