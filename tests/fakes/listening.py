"""A system that hears of the demo's events and prints them, and a scheduler that tells the demo of a booking."""

import json
import sys
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

import httpx2
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tests.fakes.exactly import answer


class Listener:
    """Believes what is signed, and takes what has the same id once."""

    def __init__(self, secret: str) -> None:
        self._webhook = Webhook(secret)
        self._ids: set[str] = set()
        self.heard: deque[dict[str, object]] = deque(maxlen=20)

    async def hear(self, request: Request) -> Response:
        """Take an event."""
        body = await request.body()
        try:
            self._webhook.verify(body, dict(request.headers))
        except WebhookVerificationError as error:
            return PlainTextResponse(str(error), 401)
        event = json.loads(body)
        if event["id"] not in self._ids:
            self._ids.add(event["id"])
            self.heard.appendleft(event)
            sys.stdout.write(f"webhook: {event['type']} at position {event['data']['position']}\n")
            sys.stdout.flush()
        return Response(status_code=204)

    async def tell(self, _request: Request) -> Response:
        """Answer with the newest events."""
        return answer(list(self.heard))


class Scheduler:
    """Knows one booking, and tells of it again and again; the demo makes it once."""

    def __init__(self, url: str, secret: str, booking: Mapping[str, str]) -> None:
        self._url, self._webhook, self._booking = url, Webhook(secret), booking

    async def book(self, _request: Request) -> Response:
        """Send `booking.created` to the hook of the demo, and answer with what it said."""
        now, event_id = datetime.now(UTC), f"evt_{uuid4().hex}"
        data = {**self._booking, "reference": f"demo-{self._booking['startsAt'][:10]}"}
        event = {"type": "booking.created", "timestamp": now.isoformat(), "data": data}
        body = json.dumps(event)
        headers = {
            "webhook-id": event_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(event_id, now, body),
            "content-type": "application/json",
        }
        async with httpx2.AsyncClient(trust_env=False) as client:
            said = await client.post(self._url, content=body, headers=headers)
        return answer({"sent": event, "status": said.status_code, "answer": said.text})
