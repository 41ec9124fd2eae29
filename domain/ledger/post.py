"""The one door: the only code that writes movements and journal lines and changes a lot's cached counts."""

from dataclasses import dataclass, field
from datetime import date

from domain.kernel.commands import Recorded, Work, record
from domain.kernel.ids import new_id
from domain.ledger import store
from domain.ledger.accounts import Account, Entry, Line, Received, check_balanced
from domain.ledger.draft import Draft


@dataclass(frozen=True, slots=True)
class Posting:
    """What one act changes in the books of one package."""

    package_id: str
    package_version: int
    currency: str
    posted_on: date
    draft: Draft = field(default_factory=Draft)
    entries: tuple[Entry | None, ...] = ()
    owed_minor: int = 0
    payments: tuple[Received, ...] = ()
    paid_at_branch_id: str | None = None


async def post(work: Work, posting: Posting, recorded: Recorded) -> None:
    """Write the act's operation with its movements, journal entries and payments, all or nothing.

    The package must be locked by this transaction (or new in it), and the draft made from the lots as locked.
    """
    _check(posting)
    await record(work, recorded)
    if posting.draft.new:
        await store.insert_lots(posting.draft.issued)
    if posting.draft.touched:
        await store.update_counts(posting.draft.touched)
    await store.insert_movements(work.operation_id, posting.package_version, posting.draft.movements)
    await _post_entries(work, posting, recorded)
    await _take_payments(work, posting, recorded)


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


async def _post_entries(work: Work, posting: Posting, recorded: Recorded) -> None:
    entries = [(new_id("jrn"), entry) for entry in posting.entries if entry]
    await store.insert_entries(
        [_entry_record(work, posting, recorded, entry_id, entry) for entry_id, entry in entries],
        [_line_record(entry_id, line) for entry_id, entry in entries for line in entry.lines],
    )


def _entry_record(work: Work, posting: Posting, recorded: Recorded, entry_id: str, entry: Entry) -> dict[str, object]:
    return {
        "id": entry_id,
        "chain_id": work.chain_id,
        "operation_id": work.operation_id,
        "event": entry.event.value,
        "posted_on": posting.posted_on,
        "effective_at": recorded.effective_at or work.now,
        "currency": posting.currency,
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
