"""QuickBooks Online: a document is a journal entry, with our id at the end of its private note and in its number.

An account is named by its id there, and so are the dimensions `class`, `location` and `customer`. A number holds 21
characters, the last of our id, and is what can be searched for. The request id follows from our id and the bytes:
what is sent again unchanged is answered from memory, and what was rendered anew is not, nor what was surely booked or
refused since.
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
from domain.accounting.connectors.quickbooks_entries import KINDS, day_of, number_of, read_back, rendered
from domain.accounting.connectors.quickbooks_words import Fault, fault_of, number_taken, refusal
from domain.accounting.connectors.references import request_key

TOKEN_URL = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"  # noqa: S105
_API = "https://quickbooks.api.intuit.com"
_MINOR_VERSION = "75"
_PAGE = 1000
_ACTIVE = "Active = true"


@dataclass(frozen=True, slots=True)
class QuickBooksSettings:
    """The company, and its home currency."""

    realm_id: str
    currency: str
    api: str = _API


class QuickBooks:
    """A Connector to one company."""

    def __init__(self, http: Http, tokens: Tokens, settings: QuickBooksSettings) -> None:
        self._http, self._tokens, self._settings = http, tokens, settings

    def render(self, document: Document) -> bytes:
        """One entry."""
        return rendered(document, self._settings.currency)

    async def send(self, document_id: str, body: bytes, ended: int = 0) -> Answer:
        """Book it."""
        key = request_key(document_id, body, ended)
        response = await asked(self._call("POST", "journalentry", {"requestid": key}, body))
        if isinstance(response, Answer):
            return response
        fault = fault_of(response)
        if fault.number_taken:
            found = await self.probe(document_id, body)
            return number_taken(number_of(document_id), response.status) if found.outcome is Outcome.LATER else found
        return await self._taken(document_id, response, fault)

    async def probe(self, document_id: str, body: bytes) -> Answer:
        """Found by its number; where that was changed there, by the private note of an entry of its day."""
        places = (f"DocNumber = '{number_of(document_id)}'", f"TxnDate = '{day_of(body)}'")
        try:
            for place in places:
                async for entry in self._entries(place):
                    if id_in(exact.text(entry, "PrivateNote")) == document_id:
                        return Answer(Outcome.SUCCESS, remote_id=exact.text(entry, "Id"))
        except NotRead as error:
            return not_known(error.answer)
        return not_there()

    async def booked(self, first: date, last: date) -> AsyncIterator[Booked]:
        """The entries of these days that are ours."""
        async for entry in self._entries(f"TxnDate >= '{first}' AND TxnDate <= '{last}'"):
            if not id_in(exact.text(entry, "PrivateNote")):
                continue
            try:
                yield read_back(entry, self._settings.currency)
            except ValueError as error:
                raise NotRead(unanswered(f"an entry cannot be read, {error}")) from error

    async def accounts(self) -> Sequence[str]:
        """The ids of the accounts that are active."""
        return [exact.text(row, "Id") async for row in self._select("Account", _ACTIVE)]

    async def lacks(self, dimensions: Collection[Dimension]) -> Sequence[Dimension]:
        """Those that are no active class, location or customer; what has another name is none of these."""
        names = {name for name, _ in dimensions} & set(KINDS)
        known = {(name, exact.text(row, "Id")) for name in names async for row in self._select(KINDS[name], _ACTIVE)}
        return [each for each in dimensions if each not in known]

    async def close(self) -> None:
        """The calls are carried, and let go of, by whoever opened it."""

    async def _taken(self, document_id: str, response: Response, fault: Fault) -> Answer:
        answer = meaning(response, fault.words)
        if answer is not None:
            return answer
        entry = exact.table(exact.told(response.body)).get("JournalEntry")
        remote_id = exact.text(entry, "Id")
        if id_in(exact.text(entry, "PrivateNote")) == document_id and remote_id:
            return Answer(Outcome.SUCCESS, remote_id=remote_id, status=response.status)
        if response.status < 300 and not fault.words:
            return unanswered("its answer cannot be read", response.status)
        answer = refusal(fault, response.status)
        if answer.problem is Problem.LOCKED_DAY:
            return refusal(fault, response.status, await self._locked_until())
        return answer

    async def _locked_until(self) -> date | None:
        try:
            async for preferences in self._select("Preferences", ""):
                closed = exact.text(preferences.get("AccountingInfoPrefs"), "BookCloseDate")
                return date.fromisoformat(closed[:10]) if closed else None
        except (NotRead, ValueError):
            pass
        return None

    def _entries(self, where: str) -> AsyncIterator[Mapping[str, object]]:
        return self._select("JournalEntry", where)

    async def _select(self, kind: str, where: str) -> AsyncIterator[Mapping[str, object]]:
        start, seen, reading = 1, set[str](), Reading()
        condition = f" WHERE {where} ORDERBY Id" if where else ""
        while True:
            query = f"SELECT * FROM {kind}{condition} STARTPOSITION {start} MAXRESULTS {_PAGE}"
            found, size = await self._query(query, kind)
            reading.page(len(found), size)
            for row in found:
                if exact.text(row, "Id") not in seen:
                    yield row
                seen.add(exact.text(row, "Id"))
            if not found or not where:
                return
            start += len(found)

    async def _query(self, query: str, kind: str) -> tuple[Sequence[Mapping[str, object]], int]:
        response = await asked(self._call("GET", "query", {"query": query}))
        if isinstance(response, Answer):
            raise NotRead(response)
        told = exact.table(exact.told(response.body)).get("QueryResponse")
        if response.status != 200 or not isinstance(told, dict):
            words = fault_of(response).words or f"it answered {response.status}"
            raise NotRead(meaning(response, words) or unanswered(words, response.status))
        return exact.rows(told, kind), len(response.body)

    async def _call(self, method: str, path: str, asked_for: Mapping[str, str], body: bytes = b"") -> Response:
        query = urlencode({**asked_for, "minorversion": _MINOR_VERSION})
        url = f"{self._settings.api}/v3/company/{self._settings.realm_id}/{path}?{query}"
        headers = {"accept": "application/json"} | ({"content-type": "application/json"} if body else {})
        largest = SMALL if body else LARGE
        return await oauth.call(self._http, self._tokens, Request(method, url, headers, body, largest))


def _open(opening: Opening) -> QuickBooks:
    settings, secrets = opening.settings, opening.credentials
    client = Client(str(settings.get("tokenUrl") or TOKEN_URL), secrets["clientId"], secrets["clientSecret"])
    its = QuickBooksSettings(
        str(settings["realmId"]), str(settings["currency"]), str(settings.get("api") or _API).rstrip("/")
    )
    return QuickBooks(opening.http, opening.tokens(client), its)


KIND = Kind(
    open=_open,
    settings=("realmId", "currency"),
    credentials=("clientId", "clientSecret", "refreshToken"),
    optional=("api", "tokenUrl"),
    sound={"realmId": sound.DIGITS, "currency": sound.currency, "api": sound.BEGINNING},
)
