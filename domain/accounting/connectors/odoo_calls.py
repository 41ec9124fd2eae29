"""Calls of Odoo's JSON-2 API: each names a model and a method, and is a transaction of its own."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import NotRead, Reading, asked, meaning, unanswered, unreached
from domain.accounting.connectors.http import LARGE, SMALL, Http, Request, Response
from domain.accounting.connectors.odoo_words import refusal, rejects, words_of
from domain.accounting.connectors.protocol import Answer

_PAGE = 500


class OdooCalls:
    """A database of Odoo, and what lets us in."""

    def __init__(self, http: Http, url: str, api_key: str, database: str) -> None:
        self._http, self._url = http, url
        self._headers = {
            "authorization": f"bearer {api_key}",
            "content-type": "application/json; charset=utf-8",
            "accept": "application/json",
            **({"x-odoo-database": database} if database else {}),
        }

    async def write(self, model: str, method: str, body: bytes) -> Response | Answer:
        """The response to a call that writes, or what it means that there is none."""
        return await asked(self._call(model, method, body))

    async def first(self, model: str, domain: Sequence[object], fields: Sequence[str]) -> Mapping[str, object]:
        """The first record that fits, or nothing; raises NotRead."""
        async for page in self.pages(model, domain, fields):
            return page[0]
        return {}

    async def pages(
        self, model: str, domain: Sequence[object], fields: Sequence[str]
    ) -> AsyncIterator[Sequence[Mapping[str, object]]]:
        """All records that fit, in the order of their ids; raises NotRead."""
        offset, reading = 0, Reading()
        while True:
            page = {"domain": domain, "fields": fields, "order": "id", "limit": _PAGE, "offset": offset}
            rows, size = await self._read(model, exact.dump(page))
            reading.page(len(rows), size)
            if rows:
                yield rows
            if len(rows) < _PAGE:
                return
            offset += len(rows)

    async def _read(self, model: str, body: bytes) -> tuple[Sequence[Mapping[str, object]], int]:
        response = await asked(self._call(model, "search_read", body, LARGE))
        if isinstance(response, Answer):
            raise NotRead(response)
        told = exact.told(response.body)
        if response.status == 200 and isinstance(told, list):
            return [exact.table(row) for row in told], len(response.body)
        raise NotRead(refusal(response) if rejects(response) else _not_told(response))

    async def _call(self, model: str, method: str, body: bytes, largest: int = SMALL) -> Response:
        url = f"{self._url}/json/2/{model}/{method}"
        return await self._http.call(Request("POST", url, self._headers, body, largest))


def _not_told(response: Response) -> Answer:
    """Also where accounting is not installed: then the model is not known."""
    words = words_of(response)
    if response.status in (200, 404):
        return replace(unreached(words or "this is not the address of an Odoo from 19 on"), status=response.status)
    return meaning(response, words) or unanswered(words or f"it answered {response.status}", response.status)
