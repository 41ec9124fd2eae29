"""Calls for who reads page by page: what was one call too many is called again when the other system has rested."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from domain.accounting.connectors.answers import retry_after
from domain.accounting.connectors.http import Http, Request, Response

Pause = Callable[[timedelta], Awaitable[bool]]
"""Waits so long and says True, or says at once that there is no time for it."""

_TOO_MANY = 429
_A_WHILE = timedelta(minutes=1)
"""Where it is not said how long."""
_LONGEST = timedelta(seconds=90)
"""Calls are counted by the minute; who asks for more has had enough for the day."""
_TIMES = 3
"""So often at most for one call."""


async def never(_: timedelta) -> bool:
    """There is no time."""
    return False


@dataclass(frozen=True, slots=True)
class Patient:
    """Http of a connector that reads and writes nothing."""

    http: Http
    pause: Pause

    async def call(self, request: Request) -> Response:
        """The response; raises Unreached or Unanswered."""
        response = await self.http.call(request)
        for _ in range(_TIMES):
            if response.status != _TOO_MANY or not await self._rested(response):
                break
            response = await self.http.call(request)
        return response

    async def _rested(self, response: Response) -> bool:
        asked_for = retry_after(response)
        rest = _A_WHILE if asked_for is None else asked_for
        return rest <= _LONGEST and await self.pause(rest)
