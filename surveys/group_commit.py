"""Many small writes at once share one commit: SQLite has one writer, and each commit waits for the disk.

Whoever gets the turn writes all that waits and commits once, or each alone where one raises. Nobody hears that their
write is done before its commit is, so what is acknowledged is on disk.
"""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from surveys.database import Database
from surveys.errors import DatabaseBusyError

Result = TypeVar("Result")
_Write = tuple[Callable[[Session], Any], Future[Any]]


class GroupCommit:
    """The writes of one process to one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn, self._gate = Lock(), Lock()
        self._waiting: list[_Write] = []

    def write(self, work: Callable[[Session], Result]) -> Result:
        """Run `work` in a transaction and return its result once that is committed; what it raises is raised here.

        It may be run twice: the first time is rolled back when another write of its group raises.
        """
        if not self._database.has_one_writer:
            with self._database.session() as session:
                return work(session)
        outcome: Future[Result] = Future()
        with self._gate:
            self._waiting.append((work, outcome))
        with self._turn:
            if not outcome.done():
                with self._gate:
                    group, self._waiting = self._waiting, []
                self._commit(group)
        return outcome.result()

    def _commit(self, group: list[_Write]) -> None:
        try:
            with self._database.session() as session:
                results = [work(session) for work, _ in group]
        except BaseException as error:  # noqa: BLE001 - whatever it is, nobody may take it for done
            for work, outcome in group:
                if len(group) == 1 or isinstance(error, DatabaseBusyError):
                    outcome.set_exception(error)
                else:  # one customer's fault is not the others'
                    self._commit([(work, outcome)])
        else:
            for (_, outcome), result in zip(group, results, strict=True):
                outcome.set_result(result)
