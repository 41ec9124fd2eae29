"""The one door: the only code that writes movements and journal lines and changes a lot's cached counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.kernel.commands import Recorded, Work, record_together
from domain.kernel.ids import new_id
from domain.ledger import store
from domain.ledger.accounts import Account, Entry, Line, Received, check_balanced
from domain.ledger.draft import Draft


@dataclass(frozen=True, slots=True)
class Posting:
    """What one act changes in the books of one package, or only on the account of a customer."""

    package_id: str | None
    package_version: int | None
    currency: str
    posted_on: date
    draft: Draft = field(default_factory=Draft)
    entries: tuple[Entry | None, ...] = ()
    owed_minor: int = 0
    payments: tuple[Received, ...] = ()
    paid_at_branch_id: str | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """An operation with what it changes in the books of its package."""

    work: Work
    posting: Posting
    recorded: Recorded


async def post(work: Work, posting: Posting, recorded: Recorded) -> None:
    """Write the act's operation with its movements, journal entries and payments, all or nothing.

    The package must be locked by this transaction (or new in it), and the draft made from the lots as locked.
    """
    await post_together([Posted(work, posting, recorded)])


async def post_together(posted: Sequence[Posted]) -> None:
    """The same for several operations, each on a package of its own, in as many statements as for one."""
    for each in posted:
        _check(each.posting)
    await record_together([(each.work, each.recorded) for each in posted])
    await store.insert_lots([lot for each in posted for lot in each.posting.draft.issued])
    await store.update_counts([lot for each in posted for lot in each.posting.draft.touched])
    await store.redate_lots([lot for each in posted for lot in each.posting.draft.redated])
    await store.insert_movements(
        [
            (each.work.operation_id, each.posting.package_version or 0, movement)
            for each in posted
            for movement in each.posting.draft.movements
        ]
    )
    entries = [(each, new_id("jrn"), entry) for each in posted for entry in each.posting.entries if entry]
    await store.insert_entries(
        [_entry_record(each, entry_id, entry) for each, entry_id, entry in entries],
        [_line_record(entry_id, line) for _, entry_id, entry in entries for line in entry.lines],
    )
    for each in posted:
        await _take_payments(each.work, each.posting, each.recorded)


def _check(posting: Posting) -> None:
    """Invariants 12 and 16 for this posting: the journal follows the sessions and the payments to the unit."""
    lines = [line for entry in posting.entries if entry for line in entry.lines]
    check_balanced(lines)
    deferred = -sum(line.amount_minor for line in lines if line.account is Account.DEFERRED_REVENUE)
    moved = sum(movement.deferred_change for movement in posting.draft.movements)
    assert deferred == moved, f"deferred revenue changes by {deferred}, the lots' value by {moved}"
    receivable = sum(line.amount_minor for line in lines if line.account is Account.RECEIVABLE)
    paid = sum(received.amount_minor for received in posting.payments)
    assert receivable == posting.owed_minor - paid, f"receivable {receivable} of {posting.owed_minor} less {paid}"


def _entry_record(posted: Posted, entry_id: str, entry: Entry) -> dict[str, object]:
    return {
        "id": entry_id,
        "chain_id": posted.work.chain_id,
        "operation_id": posted.work.operation_id,
        "event": entry.event.value,
        "posted_on": entry.posted_on or posted.posting.posted_on,
        "effective_at": entry.effective_at or posted.recorded.effective_at or posted.work.now,
        "currency": posted.posting.currency,
    }


def _line_record(entry_id: str, line: Line) -> dict[str, object]:
    return {
        "entry_id": entry_id,
        "account": line.account.value,
        "branch_id": line.branch_id,
        "debit_minor": max(line.amount_minor, 0),
        "credit_minor": max(-line.amount_minor, 0),
        "counterparty_id": line.counterparty_id,
        "package_id": line.package_id,
        "service_id": line.service_id,
        "payment_method": line.payment_method.value if line.payment_method else None,
    }


async def _take_payments(work: Work, posting: Posting, recorded: Recorded) -> None:
    if not posting.payments:
        return
    assert posting.package_id is not None
    records = [_payment_record(work, posting, recorded, received) for received in posting.payments]
    paid = sum(received.amount_minor for received in posting.payments)
    await store.insert_payments(posting.package_id, paid, records)


def _payment_record(work: Work, posting: Posting, recorded: Recorded, received: Received) -> dict[str, object]:
    return {
        "id": new_id("pay"),
        "chain_id": work.chain_id,
        "operation_id": work.operation_id,
        "package_id": posting.package_id,
        "branch_id": posting.paid_at_branch_id,
        "method": received.method.value,
        "amount_minor": received.amount_minor,
        "currency": posting.currency,
        "received_at": recorded.effective_at or work.now,
    }
