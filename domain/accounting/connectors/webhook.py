"""A webhook: documents are handed to a system of one's own, signed as Standard Webhooks has it.

The `webhook-id` is the id of the document, the same over all attempts, and a receiver takes what has it once. So where
nobody knows whether a document arrived, it is found out by handing over the same bytes again. What a receiver has
booked it is not asked.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import date

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import (
    NotRead,
    asked,
    meaning,
    not_known,
    not_there,
    rejected,
    unanswered,
    unauthorised,
    unreached,
)
from domain.accounting.connectors.http import Http, Request, Response
from domain.accounting.connectors.opening import Kind, Opening
from domain.accounting.connectors.protocol import Answer, Booked, Dimension, Document, DocumentLine, Outcome, Problem
from domain.kernel.clock import now
from domain.webhooks.signing import key_of, signature, signed_headers

_TYPE = "accounting.document"
_NOBODY_THERE = frozenset({404, 405})
_GONE = 410
_WORDS = 300


class WebhookReceiver:
    """A Connector to one address; raises ValueError where the secret is none."""

    def __init__(self, http: Http, url: str, secret: str) -> None:
        _signs(secret)
        self._http, self._url, self._secret = http, url, secret

    def render(self, document: Document) -> bytes:
        """The document itself; a positive amount is a debit."""
        return exact.dump(
            {
                "type": _TYPE,
                "id": document.id,
                "day": document.day.isoformat(),
                "currency": document.currency,
                "memo": document.memo,
                "lines": [_line(line) for line in document.lines],
            }
        )

    async def send(self, document_id: str, body: bytes, ended: int = 0) -> Answer:  # noqa: ARG002
        """Hand it over."""
        headers = {"content-type": "application/json", **signed_headers([self._secret], document_id, now(), body)}
        response = await asked(self._http.call(Request("POST", self._url, headers, body)))
        return response if isinstance(response, Answer) else _taken(document_id, response)

    async def probe(self, document_id: str, body: bytes) -> Answer:
        """Hand it over again; who refuses it does not have it."""
        answer = await self.send(document_id, body)
        if answer.outcome is Outcome.REJECTED:
            return not_there()
        return answer if answer.outcome is Outcome.SUCCESS else not_known(answer)

    async def booked(self, first: date, last: date) -> AsyncIterator[Booked]:  # noqa: ARG002
        """A receiver is not asked."""
        raise NotRead(unanswered("a receiver of webhooks is not asked what it has booked"))
        yield

    async def accounts(self) -> Sequence[str]:
        """Any account can be named."""
        return ()

    async def lacks(self, dimensions: Collection[Dimension]) -> Sequence[Dimension]:  # noqa: ARG002
        """Any dimension can."""
        return ()

    async def close(self) -> None:
        """The calls are carried, and let go of, by whoever opened it."""


def _line(line: DocumentLine) -> dict[str, object]:
    return {
        "account": line.remote_account,
        "amountMinor": line.amount_minor,
        "description": line.description,
        "dimensions": dict(sorted(line.dimensions.items())),
        "taxCode": line.tax_code,
    }


def _taken(document_id: str, response: Response) -> Answer:
    status = response.status
    if 200 <= status < 300:
        return Answer(Outcome.SUCCESS, remote_id=document_id, status=status)
    if status in _NOBODY_THERE:
        return unreached(f"nobody takes documents at its address, it answered {status}")
    words = response.body[:_WORDS].decode(errors="replace")
    if status == _GONE:
        return unauthorised(words or "it is gone", status)
    answer = meaning(response, words)
    if answer is not None:
        return answer
    return rejected(
        Problem.INVALID, words or f"it answered {status}", "Change what it complains of, and retry.", status
    )


def _open(opening: Opening) -> WebhookReceiver:
    return WebhookReceiver(opening.http, str(opening.settings["url"]), opening.credentials["secret"])


def _signs(secret: str) -> None:
    signature(secret, "", 0, b"")


def _is_secret(secret: str) -> None:
    if not 24 <= len(key_of(secret)) <= 64:
        raise ValueError("too short or too long")


KIND = Kind(open=_open, settings=("url",), credentials=("secret",), reads_back=False, sound={"secret": _is_secret})
