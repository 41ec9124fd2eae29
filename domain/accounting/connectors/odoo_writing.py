"""Books entries in Odoo by the two calls that it takes, and reads why it said no."""

from collections.abc import Sequence
from datetime import date

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import NotRead, meaning, unanswered
from domain.accounting.connectors.http import Response
from domain.accounting.connectors.odoo_calls import OdooCalls
from domain.accounting.connectors.odoo_entries import day_of, rewritten
from domain.accounting.connectors.odoo_words import LOCKS, latest, locked, refusal, rejects, words_of
from domain.accounting.connectors.protocol import Answer, Outcome

_MOVE = "account.move"


class OdooWriting:
    """What writes into one journal."""

    def __init__(self, calls: OdooCalls, journal_id: int) -> None:
        self._calls, self._journal_id = calls, journal_id

    async def made(self, body: bytes) -> Answer:
        """Make the entry and post it."""
        response = await self._calls.write(_MOVE, "create", body)
        if isinstance(response, Answer):
            return response
        made = exact.told(response.body)
        if response.status >= 300:
            return await self._refused(response, body)
        if not isinstance(made, list) or len(made) != 1 or not isinstance(made[0], int):
            return unanswered("its answer cannot be read", response.status)
        return await self._posted(str(made[0]), body)

    async def made_anew(self, remote_id: str, body: bytes) -> Answer:
        """The draft may be of another day, or of accounts that were mapped otherwise."""
        response = await self._calls.write(_MOVE, "write", rewritten(remote_id, body))
        if isinstance(response, Answer):
            return response
        if response.status >= 300:
            return await self._refused(response, body)
        return await self._posted(remote_id, body)

    async def _posted(self, remote_id: str, body: bytes) -> Answer:
        response = await self._calls.write(_MOVE, "action_post", exact.dump({"ids": [int(remote_id)]}))
        if isinstance(response, Answer):
            return response
        if response.status >= 300:
            return await self._refused(response, body)
        return Answer(Outcome.SUCCESS, remote_id=remote_id, status=response.status)

    async def _refused(self, response: Response, body: bytes) -> Answer:
        words = words_of(response)
        if not rejects(response):
            return meaning(response, words) or unanswered(words or "its answer cannot be read", response.status)
        return locked(response, await self._locked_until(), day_of(body)) or refusal(response)

    async def _locked_until(self) -> date | None:
        """Until when this user can book nothing, as far as it can be read."""
        try:
            journals = await self._calls.first("account.journal", _of_id(self._journal_id), ["company_id"])
            company = journals.get("company_id")
            if not isinstance(company, list):
                return None
            return latest(await self._calls.first("res.company", _of_id(company[0]), LOCKS))
        except NotRead:
            return None


def _of_id(remote_id: object) -> Sequence[object]:
    return [["id", "=", remote_id]]
