"""Whoever asks for something does not approve it too, nor with the help of a key of their own."""

from domain.kernel.commands import Work
from domain.kernel.db import rows
from domain.kernel.errors import ApproverIsRequester
from domain.kernel.ids import prefix_of


async def refuse_requester(work: Work, requested_by: str) -> None:
    """Refuse who asked, and who made the API key that asked: its secret was theirs to see."""
    if requested_by == work.actor.id:
        raise ApproverIsRequester(requested_by)
    if prefix_of(requested_by) == "key" and requested_by in await _keys_of(work):
        raise ApproverIsRequester(requested_by, by_key=True)


async def _keys_of(work: Work) -> set[str]:
    """The keys that were made by who acts now; the log of operations knows."""
    found = await rows(
        "SELECT outcome FROM operation WHERE chain_id = $1 AND principal_id = $2 AND act = 'create_api_key'",
        work.chain_id,
        work.actor.id,
    )
    return {row["outcome"]["api_key_id"] for row in found}
