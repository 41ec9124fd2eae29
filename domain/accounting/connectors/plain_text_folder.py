"""The folder of a connection: `days/2026-03-05.beancount` for each day, and `carnet.beancount`, which holds them all.

Each file is put in its place whole. A document of an earlier day changes the balances of the later ones, so several
files are written; which day they begin with is noted first, and who finds such a note writes the balances anew. They
are always worked out from what stands in the files: what was removed by hand and is booked again was in them before.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from domain.accounting.connectors.plain_text_dialects import Balances, Dialect
from domain.accounting.connectors.plain_text_pages import Page, Transaction, added, read, total, transactions, written

_DRAFT = ".draft"


class Folder:
    """Files in one dialect; raises OSError or ValueError where they cannot be read or written."""

    def __init__(self, path: Path, dialect: Dialect) -> None:
        self._path, self._dialect = path, dialect
        self._days, self._unfinished = path / "days", path / ".unfinished"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else writes meanwhile, and what somebody left unfinished is finished."""
        self._days.mkdir(parents=True, exist_ok=True)
        with (self._path / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._unfinished.exists():
                self._finish()
            yield

    def name(self, day: date) -> str:
        """The file of a day."""
        return f"days/{day}.{self._dialect.suffix}"

    def has(self, day: date, document_id: str) -> bool:
        """Whether a document is booked on a day."""
        return self._page(day).has(document_id)

    def book(self, day: date, body: str) -> None:
        """Put a document behind the others of its day, and write the balances from that day on."""
        page = self._page(day)
        later = [self._page(each) for each in self._known() if each > day]
        pages = self._reckoned([Page(day, page.text + body), *later])
        self._write_head(pages)
        if later:
            _put(self._unfinished, str(day))
        for each in pages:
            self._write(each)
        self._unfinished.unlink(missing_ok=True)

    def between(self, first: date, last: date) -> Sequence[tuple[str, Transaction]]:
        """What is booked on these days, with the file that it is in."""
        days = [day for day in self._known() if first <= day <= last]
        return [(self.name(day), each) for day in days for each in transactions(self._page(day).text)]

    def _finish(self) -> None:
        """Every balance from the day on, by what is booked; the note may be torn, and then from the first day on."""
        try:
            since = date.fromisoformat(self._unfinished.read_text())
        except ValueError:
            since = date.min
        pages = self._reckoned([self._page(day) for day in self._known() if day >= since])
        for each in pages:
            self._write(each)
        self._write_head(pages)
        self._unfinished.unlink()

    def _reckoned(self, pages: Sequence[Page]) -> Sequence[Page]:
        """These pages, which are all from a day on, with the balances that what is booked comes to."""
        balances = self._before(pages[0].day) if pages else {}
        reckoned = []
        for page in pages:
            balances = added(balances, total(page.text))
            reckoned.append(replace(page, balances=balances))
        return reckoned

    def _before(self, day: date) -> Balances:
        """The balances at the end of the last day before, also where somebody took them out of its file."""
        unread: Balances = {}
        for each in sorted((each for each in self._known() if each < day), reverse=True):
            page = self._page(each)
            if page.balances is not None:
                return added(page.balances, unread)
            unread = added(total(page.text), unread)
        return unread

    def _known(self) -> list[date]:
        return sorted(date.fromisoformat(file.stem) for file in self._days.glob(f"????-??-??.{self._dialect.suffix}"))

    def _page(self, day: date) -> Page:
        file = self._path / self.name(day)
        return read(day, file.read_text("utf-8"), self._dialect) if file.exists() else Page(day, self._dialect.preface)

    def _write(self, page: Page) -> None:
        _put(self._path / self.name(page.day), written(page, self._dialect))

    def _write_head(self, pages: Sequence[Page]) -> None:
        balances = (pages[-1].balances if pages else None) or {}
        file, text = self._path / f"carnet.{self._dialect.suffix}", self._dialect.head(balances)
        if not file.exists() or file.read_text("utf-8") != text:
            _put(file, text)


def _put(file: Path, text: str) -> None:
    """The whole file or nothing, also where the machine fails; the draft of one who was killed is written over."""
    draft = file.with_name(_DRAFT)
    with draft.open("w", encoding="utf-8") as open_file:
        draft.chmod(0o640)
        open_file.write(text)
        open_file.flush()
        os.fsync(open_file.fileno())
    draft.replace(file)
    directory = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
