"""A system of one's own that takes documents: believes signatures only, and books what has the same id once."""

import json
from dataclasses import dataclass, field
from datetime import date

from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.fakes.behaviour import Behaviour, Misbehaving
from tests.fakes.books import Books, Entry

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


@dataclass(slots=True)
class FakeReceiver:
    """One address, with what was taken there."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    books: Books = field(default_factory=Books)
    answers: int = 200
    """The status of all answers; another than 200 books nothing."""
    deliveries: list[str] = field(default_factory=list)

    @property
    def app(self) -> ASGIApp:
        """What is served at /documents."""
        return Misbehaving(Starlette(routes=[Route("/documents", self._take, methods=["POST"])]), self.behaviour)

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        try:
            Webhook(SECRET).verify(body, dict(request.headers))
        except WebhookVerificationError as error:
            return PlainTextResponse(str(error), 401)
        document, number = json.loads(body), request.headers["webhook-id"]
        assert document["id"] == number
        self.deliveries.append(number)
        if self.answers != 200:
            return PlainTextResponse("The month is not what it seems.", self.answers)
        if number not in self.books.times():
            amounts = {line["account"]: line["amountMinor"] for line in document["lines"]}
            self.books.add(Entry(number, number, date.fromisoformat(document["day"]), amounts, document))
        return Response(status_code=204)
