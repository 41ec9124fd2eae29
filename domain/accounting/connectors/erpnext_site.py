"""The calls of an ERPNext site: what is written, and what is listed page by page."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote, urlencode

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import NotRead, Reading, asked, meaning, unanswered, unreached
from domain.accounting.connectors.erpnext_words import refusal, rejects, words_of
from domain.accounting.connectors.http import LARGE, SMALL, Http, Request, Response
from domain.accounting.connectors.protocol import Answer

_PAGE = 500


class Site:
    """A site, and what lets us in."""

    def __init__(self, http: Http, url: str, token: str) -> None:
        self._http, self._url, self._token = http, url, token

    async def write(self, method: str, path: Sequence[str], body: bytes) -> Response | Answer:
        """The response to a call that writes, or what it means that there is none."""
        return await asked(self._call(method, _path(*path), body))

    async def single(self, kind: str) -> Mapping[str, object]:
        """The document of which there is one only; raises NotRead."""
        told, _ = await self._read(_path(kind, kind))
        return exact.table(exact.table(told).get("data"))

    async def listed(
        self, kind: str, fields: Sequence[str], filters: Sequence[object]
    ) -> AsyncIterator[Mapping[str, object]]:
        """All documents of a kind that fit; raises NotRead."""
        start, reading = 0, Reading()
        while True:
            asked_for = {
                "fields": json.dumps(fields),
                "filters": json.dumps(filters),
                "order_by": "name asc",
                "limit_start": start,
                "limit_page_length": _PAGE,
            }
            told, size = await self._read(f"{_path(kind)}?{urlencode(asked_for)}")
            rows = exact.rows(told, "data")
            reading.page(len(rows), size)
            for row in rows:
                yield row
            if len(rows) < _PAGE:
                return
            start += len(rows)

    async def _read(self, path: str) -> tuple[object, int]:
        response = await asked(self._call("GET", path))
        if isinstance(response, Answer):
            raise NotRead(response)
        told = exact.told(response.body)
        if response.status != 200 or "data" not in exact.table(told):
            raise NotRead(refusal(response) if rejects(response) else _not_told(response))
        return told, len(response.body)

    async def _call(self, method: str, path: str, body: bytes = b"") -> Response:
        headers = {"authorization": f"token {self._token}", "accept": "application/json"}
        sent = {"content-type": "application/json"} if body else {}
        largest = SMALL if body else LARGE
        return await self._http.call(Request(method, self._url + path, {**headers, **sent}, body, largest))


def _not_told(response: Response) -> Answer:
    words = words_of(response)
    if response.status in (200, 404):
        return replace(unreached("this is not the address of ERPNext"), status=response.status)
    return meaning(response, words) or unanswered(words or f"it answered {response.status}", response.status)


def _path(*parts: str) -> str:
    return "/api/resource/" + "/".join(quote(part, safe="") for part in parts)
