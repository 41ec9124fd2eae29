"""Plain text for beancount or hledger: a document is a transaction in the file of its day, with our id.

The files are in a folder of the connection, below the one that the operator has set. After the documents of each day
every balance is asserted, so that `bean-check` and `hledger check` find what was lost or changed by hand.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import date

from domain.accounting.connectors import plain_text_beancount, plain_text_hledger
from domain.accounting.connectors.answers import NotRead, not_known, not_there, unanswered, unreached
from domain.accounting.connectors.opening import Kind, Opening
from domain.accounting.connectors.plain_text_beancount import BeancountFiles
from domain.accounting.connectors.plain_text_dialects import Dialect
from domain.accounting.connectors.plain_text_folder import Folder
from domain.accounting.connectors.plain_text_hledger import HledgerFiles
from domain.accounting.connectors.plain_text_pages import by_account
from domain.accounting.connectors.plain_text_places import folder_of
from domain.accounting.connectors.protocol import Answer, Booked, Dimension, Document, Outcome

_DIALECTS: dict[str, Callable[[], Dialect]] = {"beancount": BeancountFiles, "hledger": HledgerFiles}
_CHECKS = {"beancount": plain_text_beancount.check_account, "hledger": plain_text_hledger.check_account}
_NO_FOLDER = "no folder for such files is set where Carnet runs, see CARNET_PLAIN_TEXT_FOLDER"


class PlainText:
    """A Connector to a folder."""

    def __init__(self, folder: Folder | None, dialect: Dialect) -> None:
        self._folder, self._dialect = folder, dialect

    def render(self, document: Document) -> bytes:
        """One transaction; raises ValueError for what the dialect cannot say."""
        return self._dialect.transaction(document).encode()

    async def send(self, document_id: str, body: bytes, ended: int = 0) -> Answer:  # noqa: ARG002
        """Put it behind the others of its day, unless it is there."""
        return await asyncio.to_thread(self._send, document_id, body.decode())

    async def probe(self, document_id: str, body: bytes) -> Answer:
        """Found by our id in the file of its day."""
        return await asyncio.to_thread(self._probe, document_id, body.decode())

    async def booked(self, first: date, last: date) -> AsyncIterator[Booked]:
        """The transactions of these days that are ours."""
        for each in await asyncio.to_thread(self._booked, first, last):
            yield each

    async def accounts(self) -> Sequence[str]:
        """Any account can be named."""
        return ()

    async def lacks(self, dimensions: Collection[Dimension]) -> Sequence[Dimension]:  # noqa: ARG002
        """Any dimension can."""
        return ()

    async def close(self) -> None:
        """Nothing stays open."""

    def _send(self, document_id: str, body: str) -> Answer:
        if self._folder is None:
            return unreached(_NO_FOLDER)
        day, reached = _day_of(body), False
        try:
            with self._folder.held():
                if not self._folder.has(day, document_id):
                    reached = True
                    self._folder.book(day, body)
        except (OSError, ValueError) as error:
            words = f"the files cannot be written, {error}"
            return unanswered(words) if reached else unreached(words)
        return Answer(Outcome.SUCCESS, remote_id=self._folder.name(day))

    def _probe(self, document_id: str, body: str) -> Answer:
        if self._folder is None:
            return not_known(unreached(_NO_FOLDER))
        day = _day_of(body)
        try:
            with self._folder.held():
                found = self._folder.has(day, document_id)
        except (OSError, ValueError) as error:
            return unanswered(f"the files cannot be read, {error}")
        return Answer(Outcome.SUCCESS, remote_id=self._folder.name(day)) if found else not_there()

    def _booked(self, first: date, last: date) -> Sequence[Booked]:
        if self._folder is None:
            raise NotRead(unreached(_NO_FOLDER))
        try:
            with self._folder.held():
                found = self._folder.between(first, last)
        except (OSError, ValueError) as error:
            raise NotRead(unanswered(f"the files cannot be read, {error}")) from error
        return [
            Booked(name, each.document_id, each.day, by_account(each.amounts))
            for name, each in found
            if each.document_id
        ]


def _day_of(body: str) -> date:
    return date.fromisoformat(body.lstrip()[:10])


def _open(opening: Opening) -> PlainText:
    name = str(opening.settings["format"])
    if name not in _DIALECTS:
        raise ValueError(f"there is no format {name}, only {' and '.join(_DIALECTS)}")
    dialect = _DIALECTS[name]()
    path = folder_of(opening.connection_id)
    return PlainText(Folder(path, dialect) if path else None, dialect)


def _check_account(settings: Mapping[str, object], name: str) -> None:
    _CHECKS[str(settings["format"])](name)


KIND = Kind(open=_open, settings=("format",), at_once=1, choices={"format": tuple(_DIALECTS)}, account=_check_account)
