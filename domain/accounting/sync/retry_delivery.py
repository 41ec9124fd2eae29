"""Tries a document again: one that was rejected is written anew, one in doubt is looked for soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.accounting.connectors.opening import kind
from domain.accounting.sync import connections_store as connections
from domain.accounting.sync import documents_store as documents
from domain.accounting.sync import lease_store
from domain.accounting.sync import sending_store as store
from domain.accounting.sync.errors import DeliveryUnderWay
from domain.accounting.sync.rules import DocumentState
from domain.accounting.sync.view import SyncDocument
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound

_AT_WORK = frozenset({DocumentState.SENDING, DocumentState.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class RetryDelivery:
    """Which document."""

    document_id: str


@dataclass(frozen=True, slots=True)
class DeliveryRetried:
    """How the document stands: it is sent in a moment, or looked for first."""

    document_id: str
    connection_id: str
    state: DocumentState


@act
async def retry_delivery(work: Work, command: RetryDelivery) -> DeliveryRetried:
    """A rejected document is written by the present mapping and sent; one that waits is tried now.

    One that was sent is looked for, and sent again only when it is not there any more; so is one that its worker left
    behind. Refuses NotFound, and a document that is being sent at this moment.
    """
    work.authorise(None)
    document = await documents.lock(work.chain_id, command.document_id)
    if document is None:
        raise NotFound("sync document", command.document_id, "documentId")
    if document.state is DocumentState.SENDING and await lease_store.living(document.connection_id, work.now):
        raise DeliveryUnderWay(document.state)
    state = _retried(document.state)
    system = (await connections.connection(document.connection_id)).system
    due_at = _due(document, work.now, kind(system).settles)
    await store.retry(document.id, state, due_at, anew=document.state is DocumentState.REJECTED)
    retried = DeliveryRetried(document.id, document.connection_id, state)
    await record(work, Recorded(retried))
    return retried


def _due(document: SyncDocument, now: datetime, settles: timedelta) -> datetime:
    """Now, in the place that it has; but what has got no answer may be at work there still, and would not be found."""
    soon = now + settles if document.state in _AT_WORK else now
    return soon if document.due_at is None else min(document.due_at, soon)


def _retried(state: DocumentState) -> DocumentState:
    """What may be booked is looked for before anything is sent."""
    if state in (DocumentState.REJECTED, DocumentState.PENDING):
        return DocumentState.PENDING
    return DocumentState.UNCERTAIN
