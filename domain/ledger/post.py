"""The one door: the only code that writes movements and journal lines and changes a lot's cached counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.kernel.commands import Recorded, Work, record_together
from domain.kernel.ids import new_id
from domain.ledger import store
from domain.ledger.accounts import Account, Charged, Entry, Line, Received, check_balanced
from domain.ledger.draft import Draft


@dataclass(frozen=True, slots=True)
class Reversed:
    """A payment for the package or for the account that is taken back, with what of it was kept as credit."""

    payment_id: str
    amount_minor: int
    kept_minor: int = 0

    @property
    def settled_minor(self) -> int:
        """How much more is owed after it."""
        return self.amount_minor - self.kept_minor


@dataclass(frozen=True, slots=True)
class Posting:
    """What one act changes in the books of one package, or only on the account of a customer.

    `owed_minor` is what is owed for the package from now on, `credited_minor` what of that is owed no more,
    `brought_minor` what of it the package pays that is closed for this one, `refunded_minor` what of the payments went
    back, and `payments` are made by `customer_id`.
    """

    package_id: str | None
    package_version: int | None
    currency: str
    posted_on: date
    draft: Draft = field(default_factory=Draft)
    entries: tuple[Entry | None, ...] = ()
    owed_minor: int = 0
    payments: tuple[Received, ...] = ()
    paid_at_branch_id: str | None = None
    received_at: datetime | None = None
    reversed: tuple[Reversed, ...] = ()
    credited_minor: int = 0
    brought_minor: int = 0
    refunded_minor: int = 0
    charges: tuple[Charged, ...] = ()
    customer_id: str | None = None

    @property
    def paid_minor(self) -> int:
        """By how much more is paid after it."""
        return sum(each.settled_minor for each in self.payments) - sum(each.settled_minor for each in self.reversed)


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
    """The same for several operations, each on a package of its own, in as many statements as for one.

    An entry of one may tell of value that moves between their packages.
    """
    _check_receivable([each.posting for each in posted])
    _check_deferred([each.posting for each in posted])
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
    await store.insert_revaluations(
        [(each.work.operation_id, change) for each in posted for change in each.posting.draft.revaluations]
    )
    await store.insert_charges([_charge_record(each, charged) for each in posted for charged in each.posting.charges])


def _check_receivable(postings: Sequence[Posting]) -> None:
    """Invariant 12 for these postings: what is receivable follows the price, charges and payments to the unit."""
    receivable = owed = 0
    for posting in postings:
        check_balanced(_lines(posting))
        receivable += sum(line.amount_minor for line in _lines(posting) if line.account is Account.RECEIVABLE)
        charged = sum(each.amount_minor + each.credited_minor for each in posting.charges)
        owed += posting.owed_minor - posting.credited_minor - posting.brought_minor + charged - posting.paid_minor
    assert receivable == owed, f"receivable changes by {receivable}, what is owed by {owed}"


def _check_deferred(postings: Sequence[Posting]) -> None:
    """Invariant 16 for every package in these postings: the journal follows the sessions to the unit."""
    deferred: Counter[str | None] = Counter()
    for posting in postings:
        for line in _lines(posting):
            if line.account is Account.DEFERRED_REVENUE:
                deferred[line.package_id] -= line.amount_minor
        for movement in posting.draft.movements:
            deferred[movement.package_id] -= movement.deferred_change
        for change in posting.draft.revaluations:
            deferred[change.package_id] -= change.value_change_minor
    assert not any(deferred.values()), f"deferred revenue changes by more than the lots' value: {dict(deferred)}"


def _lines(posting: Posting) -> list[Line]:
    return [line for entry in posting.entries if entry for line in entry.lines]


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
        "customer_id": line.customer_id,
    }


async def _take_payments(work: Work, posting: Posting, recorded: Recorded) -> None:
    await store.insert_payments([_payment_record(work, posting, recorded, each) for each in posting.payments])
    await store.insert_payment_reversals([_reversal_record(work, each) for each in posting.reversed])
    paid, credited, refunded = posting.paid_minor, posting.credited_minor, posting.refunded_minor
    if posting.package_id is not None and (paid or credited or refunded):
        await store.note_paid(posting.package_id, paid, credited, refunded)


def _payment_record(work: Work, posting: Posting, recorded: Recorded, received: Received) -> dict[str, object]:
    return {
        "id": new_id("pay"),
        "chain_id": work.chain_id,
        "operation_id": work.operation_id,
        "package_id": posting.package_id,
        "customer_id": received.customer_id or posting.customer_id,
        "branch_id": received.branch_id or posting.paid_at_branch_id,
        "method": received.method.value,
        "amount_minor": received.amount_minor,
        "kept_minor": received.kept_minor,
        "currency": posting.currency,
        "received_at": posting.received_at or recorded.effective_at or work.now,
    }


def _reversal_record(work: Work, reversed_: Reversed) -> dict[str, object]:
    return {
        "id": new_id("rev"),
        "payment_id": reversed_.payment_id,
        "operation_id": work.operation_id,
        "reversed_at": work.now,
    }


def _charge_record(posted: Posted, charged: Charged) -> dict[str, object]:
    return {
        "id": new_id("chg"),
        "chain_id": posted.work.chain_id,
        "operation_id": posted.work.operation_id,
        "customer_id": charged.customer_id,
        "branch_id": charged.branch_id,
        "purpose": charged.purpose.value,
        "service_id": charged.service_id,
        "booking_id": charged.booking_id,
        "sessions": charged.sessions,
        "amount_minor": charged.amount_minor,
        "tax_minor": charged.tax_minor,
        "credited_minor": charged.credited_minor,
        "currency": posted.posting.currency,
        "charged_at": posted.recorded.effective_at or posted.work.now,
    }
