"""Acknowledges what a reader of the feed has taken over."""

from dataclasses import dataclass

from domain.feed import store
from domain.feed.errors import AcknowledgedFurther, PositionNotSealed
from domain.kernel.checks import Checks
from domain.kernel.commands import Work, act
from domain.kernel.errors import FieldProblem, InvalidInput
from domain.ledger.seal import newest_position

MOST_FEEDS = 20


@dataclass(frozen=True, slots=True)
class AcknowledgeEntries:
    """Everything up to the position was taken over; whoever reads several feeds names them."""

    position: int
    feed: str = "journal"


@dataclass(frozen=True, slots=True)
class EntriesAcknowledged:
    """How far the feed has come."""

    reader_id: str
    feed: str
    position: int


@act
async def acknowledge_entries(work: Work, command: AcknowledgeEntries) -> EntriesAcknowledged:
    """Moves the actor's own feed on; it begins with its first acknowledgement, and 0 stands before everything.

    No operation is left: one for each acknowledgement would be the next thing to read and to acknowledge, for ever.
    Refuses InvalidInput, a position that nothing has yet, and one behind what was acknowledged before; the same
    again changes nothing.
    """
    work.authorise(None)
    feed = _checked(command)
    reader = await store.lock(work, feed)
    newest = await newest_position(work.chain_id)
    if command.position > newest:
        raise PositionNotSealed(command.position, newest)
    work.leave_no_operation()
    if reader is None:
        await _refuse_too_many(work)
        reader = await store.begin(work, feed, command.position)
    if command.position < reader.position:
        raise AcknowledgedFurther(reader.id, feed, command.position, reader.position)
    if command.position > reader.position:
        await store.move(work, reader, command.position)
    return EntriesAcknowledged(reader.id, feed, command.position)


def _checked(command: AcknowledgeEntries) -> str:
    checks = Checks()
    feed = checks.required(command.feed, 60, "feed")
    checks.that(command.position >= 0, "Positions begin at 1; 0 stands before all of them.", "position")
    checks.passed()
    return feed


async def _refuse_too_many(work: Work) -> None:
    if await store.feeds(work) >= MOST_FEEDS:
        told = f"One reader has at most {MOST_FEEDS} feeds. Go on with one that is there."
        raise InvalidInput(FieldProblem(("feed",), told))
