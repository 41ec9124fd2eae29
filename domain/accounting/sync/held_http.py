"""Calls for who holds a connection: none is begun, and none lasts, when somebody else may hold it by then."""

import asyncio
from dataclasses import dataclass

from domain.accounting.connectors.http import Http, Request, Response, Unanswered, Unreached
from domain.accounting.sync.lease import Held
from domain.accounting.sync.rules import LONGEST_CALL


@dataclass(frozen=True, slots=True)
class WhileHeld:
    """Http of a connector that looks for a document by one call and books it by the next.

    The lease is asked right before each: who was asleep in between may find it booked by another.
    """

    http: Http
    held: Held

    async def call(self, request: Request) -> Response:
        """The response; raises Unreached or Unanswered."""
        if self.held.ends_soon:
            raise Unreached("another worker may be at work with the connection by now")
        try:
            async with asyncio.timeout(LONGEST_CALL.total_seconds()):
                return await self.http.call(request)
        except TimeoutError as error:
            raise Unanswered("no answer came in time") from error
