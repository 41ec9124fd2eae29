"""Calls of other systems about documents, as the graph shows them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import strawberry

from domain.accounting.connectors.protocol import Outcome
from domain.accounting.sync import reading
from domain.accounting.sync.rules import Call
from domain.accounting.sync.view import Attempt
from domain.kernel.access import Actor
from schema.accounting import sync_enums  # noqa: F401 - the calls and outcomes that are told
from schema.context import Info, Loader


async def _attempts(_actor: Actor, ids: list[str]) -> Mapping[str, Sequence[Attempt]]:
    """Of documents that the actor was already shown."""
    return await reading.attempts_of_documents(ids)


ATTEMPTS = Loader(_attempts)


@strawberry.type(description="One call of the other system about a document, and how it ended.")
class SyncAttempt:
    """An attempt."""

    call: Call = strawberry.field(description="Why it was called.")
    outcome: Outcome = strawberry.field(description="How the call ended.")
    status: int | None = strawberry.field(description="The HTTP status of the answer; null without one.")
    detail: str = strawberry.field(description="What it said, or why there is no answer; empty after a success.")
    attempted_at: datetime = strawberry.field(description="When.")
    milliseconds: int = strawberry.field(description="How long it took.")


def _attempt_of(view: Attempt) -> SyncAttempt:
    return SyncAttempt(
        call=view.call,
        outcome=view.outcome,
        status=view.status,
        detail=view.detail,
        attempted_at=view.attempted_at,
        milliseconds=view.milliseconds,
    )


async def attempts_shown(info: Info, document_id: str) -> list[SyncAttempt]:
    """The newest calls about a document that the viewer was shown, in their order."""
    return [_attempt_of(view) for view in await info.context.load(ATTEMPTS, document_id) or ()]
