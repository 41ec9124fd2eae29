"""Odoo from 19 on, by its JSON-2 API: a document is a posted journal entry, with our id as its reference.

Odoo knows no idempotency, and every call is a transaction of its own: an entry is made as a draft and posted by a
second call. So whatever is sent is looked for first, and a draft that was left behind is written anew and posted. An
account is named by its id there; so is a partner, and any other dimension is an analytic account of some plan.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.accounting.connectors import exact, sound
from domain.accounting.connectors.answers import NotRead, not_known, not_there, rejected, unanswered
from domain.accounting.connectors.http import Http
from domain.accounting.connectors.odoo_calls import OdooCalls
from domain.accounting.connectors.odoo_entries import amounts_of, is_id, model_of, number, rendered
from domain.accounting.connectors.odoo_writing import OdooWriting
from domain.accounting.connectors.opening import SETTLES_SLOWLY, Kind, Opening
from domain.accounting.connectors.protocol import Answer, Booked, Dimension, Document, Outcome, Problem
from domain.accounting.connectors.references import is_ours

_MOVE = "account.move"
_OF_ENTRIES = ["move_type", "=", "entry"]
_AT_WORK = "Post it there again, or delete it, and retry."


@dataclass(frozen=True, slots=True)
class OdooSettings:
    """The address, the journal and the currency of its company, and the database where there are several."""

    url: str
    journal_id: int
    currency: str
    database: str = ""


class Odoo:
    """A Connector to one journal."""

    def __init__(self, http: Http, api_key: str, settings: OdooSettings) -> None:
        self._calls = OdooCalls(http, settings.url, api_key, settings.database)
        self._writing = OdooWriting(self._calls, settings.journal_id)
        self._settings = settings

    def render(self, document: Document) -> bytes:
        """One entry, as it is made; raises ValueError for what Odoo has no place for."""
        return rendered(document, self._settings.journal_id, self._settings.currency)

    async def send(self, document_id: str, body: bytes, ended: int = 0) -> Answer:  # noqa: ARG002
        """Book it, unless it is there."""
        try:
            found = await self._found(document_id)
        except NotRead as error:
            return replace(error.answer, outcome=Outcome.LATER)
        if found is None:
            return await self._writing.made(body)
        if found.get("state") == "posted":
            return Answer(Outcome.SUCCESS, remote_id=number(found))
        if found.get("posted_before"):
            return rejected(Problem.INVALID, f"somebody set its entry {number(found)} back to draft", _AT_WORK)
        return await self._writing.made_anew(number(found), body)

    async def probe(self, document_id: str, body: bytes) -> Answer:  # noqa: ARG002
        """Found by our id; a draft is not booked, and sending it again posts it."""
        try:
            found = await self._found(document_id)
        except NotRead as error:
            return not_known(error.answer)
        if found is None or found.get("state") != "posted":
            return not_there()
        return Answer(Outcome.SUCCESS, remote_id=number(found))

    async def booked(self, first: date, last: date) -> AsyncIterator[Booked]:
        """The posted entries of these days that are ours."""
        days = [["date", ">=", str(first)], ["date", "<=", str(last)]]
        mine = [_OF_ENTRIES, *self._of_journal(), ["state", "=", "posted"], ["ref", "!=", False], *days]
        async for page in self._calls.pages(_MOVE, mine, ["ref", "date"]):
            entries = [entry for entry in page if is_ours(exact.text(entry, "ref"))]
            try:
                amounts = await self._amounts([entry["id"] for entry in entries])
                for entry in entries:
                    day = date.fromisoformat(exact.text(entry, "date"))
                    yield Booked(number(entry), exact.text(entry, "ref"), day, amounts.get(number(entry), {}))
            except ValueError as error:
                raise NotRead(unanswered(f"an entry cannot be read, {error}")) from error

    async def accounts(self) -> Sequence[str]:
        """The ids of the accounts that are active."""
        return [number(row) async for page in self._calls.pages("account.account", [], ["code"]) for row in page]

    async def lacks(self, dimensions: Collection[Dimension]) -> Sequence[Dimension]:
        """Those that are no id of an active partner or analytic account."""
        known = {model: await self._active(model, dimensions) for model in {model_of(name) for name, _ in dimensions}}
        return [each for each in dimensions if each[1] not in known[model_of(each[0])]]

    async def close(self) -> None:
        """The calls are carried, and let go of, by whoever opened it."""

    def _of_journal(self) -> Sequence[object]:
        return [["journal_id", "=", self._settings.journal_id]]

    async def _active(self, model: str, dimensions: Iterable[Dimension]) -> Collection[str]:
        ids = sorted({int(value) for name, value in dimensions if model_of(name) == model and is_id(value)})
        return {number(row) async for page in self._calls.pages(model, [["id", "in", ids]], ["name"]) for row in page}

    async def _amounts(self, ids: Sequence[object]) -> Mapping[str, Mapping[str, int]]:
        wanted = [["move_id", "in", ids], ["account_id", "!=", False]]
        fields = ["move_id", "account_id", "balance"]
        pages = self._calls.pages("account.move.line", wanted, fields) if ids else None
        lines = [row async for page in pages for row in page] if pages else []
        return amounts_of(lines, self._settings.currency)

    async def _found(self, document_id: str) -> Mapping[str, object] | None:
        """The entry with our id, rather one that is posted; what was cancelled is not booked."""
        wanted = [["ref", "=", document_id], _OF_ENTRIES, ["state", "!=", "cancel"]]
        fields = ["ref", "state", "posted_before"]
        found = [row async for page in self._calls.pages(_MOVE, wanted, fields) for row in page]
        mine = [row for row in found if exact.text(row, "ref") == document_id]
        return max(mine, key=lambda row: row.get("state") == "posted", default=None)


def _open(opening: Opening) -> Odoo:
    its = opening.settings
    settings = OdooSettings(
        str(its["url"]).rstrip("/"), int(str(its["journalId"])), str(its["currency"]), str(its.get("database") or "")
    )
    return Odoo(opening.http, opening.credentials["apiKey"], settings)


KIND = Kind(
    open=_open,
    settings=("url", "journalId", "currency"),
    credentials=("apiKey",),
    optional=("database",),
    settles=SETTLES_SLOWLY,
    sound={
        "url": sound.BEGINNING,
        "journalId": sound.NUMBER,
        "currency": sound.currency,
        "database": sound.IN_A_HEADER,
    },
)
