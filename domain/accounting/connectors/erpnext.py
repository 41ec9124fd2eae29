"""ERPNext: a document is a submitted journal entry, with our id in a field of its own.

The field is best a unique one made for it; where `idField` says `cheque_no` it is the reference number. ERPNext knows
no idempotency: whatever is sent is looked for first. An account is named by its name there, with the abbreviation of
the company; dimensions are fields of a line, such as `cost_center`. Amounts are in the currency of the company.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.accounting.connectors import exact, sound
from domain.accounting.connectors.answers import NotRead, meaning, not_known, not_there, rejected, unanswered
from domain.accounting.connectors.erpnext_dimensions import lacking
from domain.accounting.connectors.erpnext_entries import amounts_of, day_of, entry_name, rendered
from domain.accounting.connectors.erpnext_locks import locked_until
from domain.accounting.connectors.erpnext_site import Site
from domain.accounting.connectors.erpnext_words import locked, refusal, rejects, words_of
from domain.accounting.connectors.http import Http
from domain.accounting.connectors.opening import SETTLES_SLOWLY, Kind, Opening
from domain.accounting.connectors.protocol import Answer, Booked, Dimension, Document, Outcome, Problem
from domain.accounting.connectors.references import is_ours

_ENTRY = "Journal Entry"
_ID_FIELD = "custom_carnet_id"
_DRAFT, _SUBMITTED, _CANCELLED = 0, 1, 2
_TAKEN = frozenset({409, 417})
_AMEND = "Amend the cancelled entry there, or take our id out of it and retry."


@dataclass(frozen=True, slots=True)
class ErpNextSettings:
    """The site, the company and its currency, and the field of journal entries that holds our id."""

    url: str
    company: str
    currency: str
    id_field: str


class ErpNext:
    """A Connector to one company."""

    def __init__(self, http: Http, token: str, settings: ErpNextSettings) -> None:
        self._site, self._settings = Site(http, settings.url, token), settings

    def render(self, document: Document) -> bytes:
        """One entry; raises ValueError for what ERPNext has no place for."""
        its = self._settings
        return rendered(document, its.company, its.currency, its.id_field)

    async def send(self, document_id: str, body: bytes, ended: int = 0) -> Answer:  # noqa: ARG002
        """Book it, unless it is there; what is there as a draft is written anew and submitted."""
        try:
            found = await self._found(document_id)
            if found is None:
                return await self._created(document_id, body)
        except NotRead as error:
            return replace(error.answer, outcome=Outcome.LATER)
        if found.get("docstatus") == _DRAFT:
            return await self._written("PUT", [_ENTRY, entry_name(found)], body)
        return Answer(Outcome.SUCCESS, remote_id=entry_name(found))

    async def probe(self, document_id: str, body: bytes) -> Answer:  # noqa: ARG002
        """Found by our id; a draft is not booked, and sending it again submits it."""
        try:
            found = await self._found(document_id)
        except NotRead as error:
            return not_known(error.answer)
        if found is None or found.get("docstatus") != _SUBMITTED:
            return not_there()
        return Answer(Outcome.SUCCESS, remote_id=entry_name(found))

    async def booked(self, first: date, last: date) -> AsyncIterator[Booked]:
        """The submitted entries of these days that are ours, with what the ledger says of them."""
        its, between = self._settings, ["posting_date", "between", [str(first), str(last)]]
        mine = [between, ["company", "=", its.company], ["docstatus", "=", _SUBMITTED], [its.id_field, "is", "set"]]
        found = [row async for row in self._site.listed(_ENTRY, ["name", "posting_date", its.id_field], mine)]
        entries = [row for row in found if is_ours(exact.text(row, its.id_field))]
        if not entries:
            return
        of_journals = [between, ["company", "=", its.company], ["voucher_type", "=", _ENTRY], ["is_cancelled", "=", 0]]
        fields = ["name", "voucher_no", "account", "debit", "credit"]
        try:
            ledger, ours = self._site.listed("GL Entry", fields, of_journals), set(map(entry_name, entries))
            amounts = amounts_of([row async for row in ledger if exact.text(row, "voucher_no") in ours], its.currency)
            for entry in entries:
                name, day = entry_name(entry), date.fromisoformat(exact.text(entry, "posting_date")[:10])
                yield Booked(name, exact.text(entry, its.id_field), day, amounts.get(name, {}))
        except ValueError as error:
            raise NotRead(unanswered(f"an entry cannot be read, {error}")) from error

    async def accounts(self) -> Sequence[str]:
        """The names of the accounts that entries can name."""
        usable = [["company", "=", self._settings.company], ["is_group", "=", 0], ["disabled", "=", 0]]
        return [entry_name(row) async for row in self._site.listed("Account", ["name"], usable)]

    async def lacks(self, dimensions: Collection[Dimension]) -> Sequence[Dimension]:
        """Those that name nothing that can be booked under; fields that name no record are not asked for."""
        return await lacking(self._site, self._settings.company, dimensions)

    async def close(self) -> None:
        """The calls are carried, and let go of, by whoever opened it."""

    async def _found(self, document_id: str) -> Mapping[str, object] | None:
        """The entry with our id, rather one that is submitted; what was cancelled is not booked."""
        found = await self._with_id(document_id, ["docstatus", "<", _CANCELLED])
        return max(found, key=lambda row: row.get("docstatus") == _SUBMITTED, default=None)

    async def _with_id(self, document_id: str, stands: Sequence[object]) -> list[Mapping[str, object]]:
        field = self._settings.id_field
        found = self._site.listed(_ENTRY, ["name", "docstatus", field], [[field, "=", document_id], stands])
        return [row async for row in found if exact.text(row, field) == document_id]

    async def _created(self, document_id: str, body: bytes) -> Answer:
        """Booked, unless our id is taken: by what came in meanwhile, which is found, or by what was cancelled."""
        answer = await self._written("POST", [_ENTRY], body)
        if answer.outcome is not Outcome.UNCERTAIN or answer.status not in _TAKEN:
            return answer
        try:
            cancelled = await self._with_id(document_id, ["docstatus", "=", _CANCELLED])
            if not cancelled or await self._found(document_id):
                return answer
        except NotRead:
            return answer
        return rejected(Problem.INVALID, f"its entry {entry_name(cancelled[0])} was cancelled", _AMEND, answer.status)

    async def _written(self, method: str, path: Sequence[str], body: bytes) -> Answer:
        response = await self._site.write(method, path, body)
        if isinstance(response, Answer):
            return response
        data = exact.table(exact.table(exact.told(response.body)).get("data"))
        if response.status < 300 and entry_name(data) and data.get("docstatus") == _SUBMITTED:
            return Answer(Outcome.SUCCESS, remote_id=entry_name(data), status=response.status)
        words = words_of(response)
        if not rejects(response):
            return meaning(response, words) or unanswered(words or "its answer cannot be read", response.status)
        day = day_of(body)
        until = await locked_until(self._site, self._settings.company, day)
        return locked(response, until, day) or refusal(response)


def _open(opening: Opening) -> ErpNext:
    its = opening.settings
    settings = ErpNextSettings(
        str(its["url"]).rstrip("/"),
        str(its["company"]),
        str(its["currency"]),
        str(its.get("idField") or _ID_FIELD),
    )
    token = f"{opening.credentials['apiKey']}:{opening.credentials['apiSecret']}"
    return ErpNext(opening.http, token, settings)


KIND = Kind(
    open=_open,
    settings=("url", "company", "currency"),
    credentials=("apiKey", "apiSecret"),
    optional=("idField",),
    settles=SETTLES_SLOWLY,
    sound={"url": sound.BEGINNING, "currency": sound.currency, "idField": sound.NAME},
)
