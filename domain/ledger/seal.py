"""The sealer: gives committed operations gapless positions and chains their hashes, one chain at a time.

The write path takes no global lock, and the sealer waits for no transaction horizon. It needs none:

- `seq` is drawn while the operation's package is locked, after everything the act decides by was read. So when B
  depends on A, A was committed before B drew its number: A.seq < B.seq, and whoever sees B sees A.
- Positions are handed out here only, under one lock per chain, to operations that are visible, by `seq`. An
  operation that commits late simply gets a later position than independent ones with a higher `seq`.
- Position n + 1 is committed after position n or with it. A reader that has seen n has been shown all before it.

An operation and its row in the queue are committed together (a trigger writes it), so none can be forgotten.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from domain.kernel.db import retrying, transaction
from domain.ledger import redaction_store
from domain.ledger import sealing_store as store
from domain.ledger.redaction_store import Redacted
from domain.ledger.sealing_store import Content, Sealed

BEGINNING = Sealed(0, "", "0" * 64)
"""What the first operation of a chain is chained to."""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """A position where the sealed order cannot be proved."""

    position: int
    operation_id: str
    expected: str
    found: str


async def seal_operations(chain_id: str | None = None, at_most: int = 1000) -> int:
    """Seal what waits, of one chain or of all, at most so many of each; returns how many were sealed."""
    sealed, failures = 0, []
    for chain in [chain_id] if chain_id else await store.waiting_chains():
        try:
            sealed += await retrying(partial(_seal, chain, at_most))
        except Exception as failure:
            failures.append(failure)  # one chain's trouble must not keep the others waiting
    if failures:
        raise ExceptionGroup("not every chain could be sealed", failures)
    return sealed


async def _seal(chain_id: str, at_most: int) -> int:
    async with transaction():
        if not await store.lock_order(chain_id):
            return 0
        waiting = await store.waiting(chain_id, at_most)
        if not waiting:
            return 0
        previous = await store.last(chain_id) or BEGINNING
        sealed: list[Sealed] = []
        for content in await store.contents(waiting):
            previous = seal(previous, content)
            sealed.append(previous)
        await store.insert_sealed(chain_id, sealed)
        return len(sealed)


def seal(previous: Sealed, content: Content) -> Sealed:
    """The place after the previous one; its hash covers that one's hash, the position and the content."""
    position = previous.position + 1
    covered = b"%s\n%d\n%s" % (previous.hash.encode(), position, content.json)
    return Sealed(position, content.operation_id, hashlib.sha256(covered).hexdigest())


async def newest_position(chain_id: str) -> int:
    """The last position of the chain's sealed order."""
    newest = await store.last(chain_id)
    return newest.position if newest else 0


async def verify_chain(chain_id: str, after: int = 0) -> list[BrokenSeal]:
    """Prove the order after a position: no gap, and every hash follows from the one before and the rows of today.

    Of operations whose words were erased, what is left must be what was left then; the seal of the erasing covers that.
    """
    broken: list[BrokenSeal] = []
    previous = await store.at(chain_id, after) or BEGINNING
    while batch := await store.after(chain_id, previous.position, _BATCH):
        contents = await store.contents([sealed.operation_id for sealed in batch])
        for sealed, content in zip(batch, contents, strict=True):
            expected = seal(previous, content)
            if sealed != expected and not await _erased(expected, sealed, content):
                broken.append(BrokenSeal(expected.position, sealed.operation_id, expected.hash, sealed.hash))
            previous = sealed
    return broken


async def _erased(expected: Sealed, sealed: Sealed, content: Content) -> bool:
    """Whether an operation in its place differs from what was sealed only by words that were erased."""
    if (sealed.position, sealed.operation_id) != (expected.position, expected.operation_id):
        return False
    redacted = (await redaction_store.redactions([content.operation_id])).get(content.operation_id)
    return redacted is not None and redacted.intact and redacted.remainder == remainder(content)


def remainder(content: Content) -> str:
    """The hash of what there is of an operation, by itself."""
    return hashlib.sha256(content.json).hexdigest()


async def intact(chain_id: str, operation_ids: Sequence[str]) -> dict[str, bool]:
    """Of the operations that are sealed, whether their seals hold; the chain's order is locked."""
    places = await store.places(operation_ids)
    contents = {
        content.operation_id: content for content in await store.contents([each.operation_id for each in places])
    }
    proved = {}
    for sealed in places:
        content = contents[sealed.operation_id]
        previous = await store.at(chain_id, sealed.position - 1) or BEGINNING
        expected = seal(previous, content)
        proved[sealed.operation_id] = sealed == expected or await _erased(expected, sealed, content)
    return proved


async def note_erased(erased_by_id: str, held: Mapping[str, bool]) -> None:
    """Write down what is left of operations whose words are gone; `held` says whose seals had held until then."""
    redacted = {
        content.operation_id: Redacted(remainder(content), held[content.operation_id])
        for content in await store.contents(list(held))
    }
    await redaction_store.insert_redactions(erased_by_id, redacted)
