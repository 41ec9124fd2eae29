"""Xero: a document is a posted manual journal, with our id at the end of its narration.

Journals are in the currency of the organisation. An account is named by its code; a dimension is a tracking category
and its option, two at most. Tax has lines of its own, so that Xero computes none. The idempotency key follows from
our id and the bytes: what is sent again unchanged is answered from memory, and what was rendered anew is not, nor
what was surely booked or refused since.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from domain.accounting.connectors import exact, oauth, sound
from domain.accounting.connectors.answers import NotRead, Reading, asked, meaning, not_known, not_there, unanswered
from domain.accounting.connectors.http import LARGE, SMALL, Http, Request, Response
from domain.accounting.connectors.naming import id_in
from domain.accounting.connectors.oauth import Client, Tokens
from domain.accounting.connectors.opening import Kind, Opening
from domain.accounting.connectors.protocol import Answer, Booked, Dimension, Document, Outcome, Problem
from domain.accounting.connectors.references import request_key
from domain.accounting.connectors.xero_journals import read_back, rendered
from domain.accounting.connectors.xero_words import locked_until, options, refusal, words_of

TOKEN_URL = "https://identity.xero.com/connect/token"  # noqa: S105
_API = "https://api.xero.com/api.xro/2.0"
_GONE = frozenset({"DELETED", "VOIDED"})
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class XeroSettings:
    """The organisation, and the currency that it keeps its books in."""

    tenant_id: str
    currency: str
    api: str = _API


class Xero:
    """A Connector to one organisation."""

    def __init__(self, http: Http, tokens: Tokens, settings: XeroSettings) -> None:
        self._http, self._tokens, self._settings = http, tokens, settings

    def render(self, document: Document) -> bytes:
        """One journal; raises ValueError where Xero cannot take it."""
        return rendered(document, self._settings.currency)

    async def send(self, document_id: str, body: bytes, ended: int = 0) -> Answer:
        """Book it."""
        response = await asked(
            self._call("PUT", "/ManualJournals", {"idempotency-key": request_key(document_id, body, ended)}, body)
        )
        if isinstance(response, Answer):
            return response
        return await self._taken(document_id, response)

    async def probe(self, document_id: str, body: bytes) -> Answer:  # noqa: ARG002
        """Found by its narration; a journal that was voided there is not booked."""
        try:
            async for journal in self._journals(f'Narration.Contains("(Carnet {document_id})")'):
                if id_in(exact.text(journal, "Narration")) == document_id:
                    return Answer(Outcome.SUCCESS, remote_id=exact.text(journal, "ManualJournalID"))
        except NotRead as error:
            return not_known(error.answer)
        return not_there()

    async def booked(self, first: date, last: date) -> AsyncIterator[Booked]:
        """The journals of these days that are ours and not voided."""
        async for journal in self._journals(f"Date >= {_day(first)} AND Date <= {_day(last)}"):
            if not id_in(exact.text(journal, "Narration")):
                continue
            try:
                yield read_back(journal, self._settings.currency)
            except ValueError as error:
                raise NotRead(unanswered(f"a journal cannot be read, {error}")) from error

    async def accounts(self) -> Sequence[str]:
        """The codes of the accounts that are active."""
        told = await self._read("/Accounts?" + urlencode({"where": 'Status=="ACTIVE"'}), "Accounts")
        return [code for row in exact.rows(told, "Accounts") if (code := exact.text(row, "Code"))]

    async def lacks(self, dimensions: Collection[Dimension]) -> Sequence[Dimension]:
        """Those that are no active option of an active tracking category."""
        known = options(await self._read("/TrackingCategories", "TrackingCategories"))
        return [each for each in dimensions if each not in known]

    async def close(self) -> None:
        """The calls are carried, and let go of, by whoever opened it."""

    async def _taken(self, document_id: str, response: Response) -> Answer:
        words = words_of(response)
        answer = meaning(response, words)
        if answer is not None:
            return answer
        for journal in exact.rows(exact.told(response.body), "ManualJournals"):
            remote_id = exact.text(journal, "ManualJournalID")
            if id_in(exact.text(journal, "Narration")) == document_id and remote_id and not words:
                return Answer(Outcome.SUCCESS, remote_id=remote_id, status=response.status)
        if response.status < 300 and not words:
            return unanswered("its answer cannot be read", response.status)
        answer = refusal(words, response.status)
        if answer.problem is Problem.LOCKED_DAY and answer.locked_until is None:
            return refusal(words, response.status, await self._locked_until())
        return answer

    async def _locked_until(self) -> date | None:
        try:
            return locked_until(await self._read("/Organisation", "Organisations"))
        except (NotRead, ValueError):
            return None

    async def _journals(self, where: str) -> AsyncIterator[Mapping[str, object]]:
        """By their ids: of those of one day no page would know which the one before it had."""
        page, count, seen, reading = 1, 0, set[str](), Reading()
        while True:
            asked_for = {"where": where, "order": "ManualJournalID ASC", "page": page, "pageSize": _PAGE}
            told, size = await self._sized("/ManualJournals?" + urlencode(asked_for), "ManualJournals")
            journals = exact.rows(told, "ManualJournals")
            reading.page(len(journals), size)
            for journal in journals:
                name = exact.text(journal, "ManualJournalID")
                if name not in seen and exact.text(journal, "Status") not in _GONE:
                    yield journal
                seen.add(name)
            told_of = exact.table(exact.table(told).get("pagination"))
            pages, items = told_of.get("pageCount"), told_of.get("itemCount")
            count = items if page == 1 and isinstance(items, int) else count
            if not journals or (isinstance(pages, int) and page >= pages):
                break
            page += 1
        if len(seen) < count:
            raise NotRead(unanswered(f"its pages have {len(seen)} of {count} journals"))

    async def _read(self, path: str, name: str) -> object:
        told, _ = await self._sized(path, name)
        return told

    async def _sized(self, path: str, name: str) -> tuple[object, int]:
        response = await asked(self._call("GET", path))
        if isinstance(response, Answer):
            raise NotRead(response)
        told = exact.told(response.body)
        if response.status != 200 or not isinstance(exact.table(told).get(name), list):
            words = words_of(response) or f"it answered {response.status}"
            raise NotRead(meaning(response, words) or unanswered(words, response.status))
        return told, len(response.body)

    async def _call(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Response:
        every = {"xero-tenant-id": self._settings.tenant_id, "accept": "application/json"}
        sent = {"content-type": "application/json"} if body else {}
        largest = SMALL if body else LARGE
        request = Request(method, self._settings.api + path, {**every, **sent, **(headers or {})}, body, largest)
        return await oauth.call(self._http, self._tokens, request)


def _day(day: date) -> str:
    return f"DateTime({day.year}, {day.month:02}, {day.day:02})"


def _open(opening: Opening) -> Xero:
    settings, secrets = opening.settings, opening.credentials
    client = Client(str(settings.get("tokenUrl") or TOKEN_URL), secrets["clientId"], secrets["clientSecret"])
    its = XeroSettings(
        str(settings["tenantId"]), str(settings["currency"]), str(settings.get("api") or _API).rstrip("/")
    )
    return Xero(opening.http, opening.tokens(client), its)


KIND = Kind(
    open=_open,
    settings=("tenantId", "currency"),
    credentials=("clientId", "clientSecret", "refreshToken"),
    optional=("api", "tokenUrl"),
    sound={"tenantId": sound.UUID, "currency": sound.currency, "api": sound.BEGINNING},
)
