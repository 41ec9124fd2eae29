"""How a fake misbehaves: what the next calls come to, told one by one or drawn at random."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from random import Random

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.fakes.serving import hang_up


class Mishap(StrEnum):
    """What can become of a call; those that end in AFTER have booked what was sent."""

    ERROR_BEFORE = "ERROR_BEFORE"
    ERROR_AFTER = "ERROR_AFTER"
    DROPPED_BEFORE = "DROPPED_BEFORE"
    DROPPED_AFTER = "DROPPED_AFTER"
    SILENT_BEFORE = "SILENT_BEFORE"
    SILENT_AFTER = "SILENT_AFTER"
    TOO_MANY = "TOO_MANY"


@dataclass(slots=True)
class Behaviour:
    """What a fake does wrong, and what it saw; only calls that write meet a mishap, unless `reads_too`."""

    mishaps: deque[Mishap] = field(default_factory=deque)
    draw: Callable[[], Mishap | None] = lambda: None
    reads_too: bool = False
    retry_after: str = "7"
    delay: float = 0
    """Seconds after which a call is looked at."""
    allowance: int | None = None
    """How many calls are still answered before they are too many; None for all."""
    locked_until: date | None = None
    """The last day of the period that takes nothing more."""
    spared: Sequence[str] = ("/token",)
    """What the paths end in that never meet a mishap."""
    calls: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    """Of the calls that write."""

    def then(self, *mishaps: Mishap) -> None:
        """The next calls come to this."""
        self.mishaps.extend(mishaps)

    def at_random(self, random: Random, share: float, of: Sequence[Mishap] = tuple(Mishap)) -> None:
        """From now on this share of the calls comes to one of these."""
        self.draw = lambda: random.choice(of) if random.random() < share else None

    def behave(self) -> None:
        """From now on everything goes well."""
        self.mishaps.clear()
        self.draw = lambda: None
        self.delay, self.locked_until = 0, None

    def mishap(self) -> Mishap | None:
        """What the call that has come now comes to."""
        return self.mishaps.popleft() if self.mishaps else self.draw()

    def refuses(self) -> bool:
        """Whether the call that has come now is one too many."""
        if self.allowance is None:
            return False
        self.allowance -= 1
        return self.allowance < 0


class Misbehaving:
    """A fake as it is reached."""

    def __init__(self, app: ASGIApp, behaviour: Behaviour) -> None:
        self._app, self._behaviour = app, behaviour

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        await asyncio.sleep(self._behaviour.delay)
        writes = request.method != "GET"
        self._behaviour.calls.append((request.method, request.url.path))
        if writes:
            self._behaviour.bodies.append(body)
        mishap = None
        if not request.url.path.endswith(tuple(self._behaviour.spared)):
            if self._behaviour.refuses():
                mishap = Mishap.TOO_MANY
            elif writes or self._behaviour.reads_too:
                mishap = self._behaviour.mishap()
        if mishap is None:
            await self._app(scope, _again(body), send)
            return
        if mishap.name.endswith("AFTER"):
            await self._app(scope, _again(body), _nowhere)
        await self._end(mishap, scope, receive, send)

    async def _end(self, mishap: Mishap, scope: Scope, receive: Receive, send: Send) -> None:
        if mishap is Mishap.TOO_MANY:
            headers = {"retry-after": self._behaviour.retry_after}
            await JSONResponse({}, 429, headers)(scope, receive, send)
        elif mishap in (Mishap.ERROR_BEFORE, Mishap.ERROR_AFTER):
            await JSONResponse({}, 500)(scope, receive, send)
        elif mishap in (Mishap.SILENT_BEFORE, Mishap.SILENT_AFTER):
            while (await receive())["type"] != "http.disconnect":
                pass  # until the caller loses patience
        else:
            hang_up(receive)


def _again(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _nowhere(_: Message) -> None:
    """The answer is lost."""
