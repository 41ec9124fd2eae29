"""Pay out a refund that was agreed: the money, or credit, that each of its parts is to be paid with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.errors import NotFound
from domain.ledger import accounts
from domain.ledger.accounts import Entry, PaymentMethod
from domain.ledger.post import Posting, post
from domain.packages import rules
from domain.packages import store as packages
from domain.packages.holder import lock_holder
from domain.packages.sold import Sold
from domain.refunds import store
from domain.refunds.asked import MOST_PARTS, State
from domain.refunds.deciding import refuse_state
from domain.refunds.deciding_errors import PartPaidOut
from domain.refunds.store import Part, Refund


@dataclass(frozen=True, slots=True)
class PayOutRefund:
    """Which parts are paid out at which branch, all that are still owed by default; as credit where that is agreed."""

    refund_id: str
    branch_id: str
    part_ids: tuple[str, ...] | None = None
    to_credit: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PartPaid:
    """A part, and how and at which branch it was paid."""

    part_id: str
    method: PaymentMethod
    branch_id: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RefundPaidOut:
    """What was paid out now, and what is still owed of the refund."""

    refund_id: str
    package_id: str
    state: str
    parts: tuple[PartPaid, ...]
    paid_minor: int
    owed_minor: int
    currency: str


@act
async def pay_out_refund(work: Work, command: PayOutRefund) -> RefundPaidOut:
    """Money goes back by the method it came in, over the counter at the branch named; the home branch owes it that.

    The provider gives back what it collected for the branch of the part, and credit stands where it was used, or at
    home. Refuses a refund that is not agreed, parts of another and those paid out before, and a closed branch.
    """
    work.authorise(command.branch_id)
    command = _checked(command)
    found = await store.refund(work.chain_id, command.refund_id)
    rules.refuse_closed(await packages.place(work, command.branch_id), work.now)
    await _lock_account(found, command)
    sold = await packages.lock(work, found.package_id)
    found = await store.refund(work.chain_id, command.refund_id)
    refuse_state(found, State.APPROVED)
    parts = await store.parts_of(found.id)
    paid = [_handed_out(part, found, command) for part in _chosen(parts, found, command)]
    outcome = _outcome(found, parts, paid)
    await post(work, _posting(work, sold, found, paid), _recorded(command, sold, found, outcome))
    await store.paid_out(paid, work.actor.id, work.now, work.operation_id)
    if outcome.state == State.COMPLETED:
        await store.change(found.id, {"state": outcome.state, "completed_at": work.now})
    return outcome


def _checked(command: PayOutRefund) -> PayOutRefund:
    checks = Checks()
    ids = command.part_ids
    known = ids is None or 0 < len(ids) == len(set(ids)) <= MOST_PARTS
    checks.that(known, f"partIds names 1 to {MOST_PARTS} parts, each once; leave it out for all.", "partIds")
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)


async def _lock_account(refund: Refund, command: PayOutRefund) -> None:
    """Where parts may become credit, their customer is locked, and before the package."""
    credit = PaymentMethod.CUSTOMER_CREDIT
    if command.to_credit or any(part.method is credit for part in await store.parts_of(refund.id)):
        await lock_holder(refund.customer_id)


def _chosen(parts: Sequence[Part], refund: Refund, command: PayOutRefund) -> list[Part]:
    if command.part_ids is None:
        return [part for part in parts if part.paid_out_at is None]
    by_id = {part.id: part for part in parts}
    for number, part_id in enumerate(command.part_ids):
        if part_id not in by_id:
            raise NotFound("part of the refund", part_id, "partIds", str(number))
    chosen = [by_id[part_id] for part_id in command.part_ids]
    before = [(part.id, part.paid_out_at) for part in chosen if part.paid_out_at is not None]
    if before:
        raise PartPaidOut(refund.id, [part_id for part_id, _ in before], max(at for _, at in before))
    return chosen


def _handed_out(part: Part, refund: Refund, command: PayOutRefund) -> Part:
    """How and where the part is paid: what goes over the counter may do so at any branch."""
    if command.to_credit and part.method is not PaymentMethod.CUSTOMER_CREDIT:
        return replace(part, method=PaymentMethod.CUSTOMER_CREDIT, branch_id=refund.home_branch_id)
    if part.method in (PaymentMethod.CUSTOMER_CREDIT, PaymentMethod.ONLINE_LINK):
        return part
    return replace(part, branch_id=command.branch_id)


def _outcome(refund: Refund, parts: Sequence[Part], paid: Sequence[Part]) -> RefundPaidOut:
    amount = sum(part.amount_minor for part in paid)
    owed = sum(part.amount_minor for part in parts if part.paid_out_at is None) - amount
    return RefundPaidOut(
        refund_id=refund.id,
        package_id=refund.package_id,
        state=(State.APPROVED if owed else State.COMPLETED).value,
        parts=tuple(PartPaid(part.id, part.method, part.branch_id, part.amount_minor) for part in paid),
        paid_minor=amount,
        owed_minor=owed,
        currency=refund.currency,
    )


def _posting(work: Work, sold: Sold, refund: Refund, paid: Sequence[Part]) -> Posting:
    return Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=refund.currency,
        posted_on=sold.posted_on(work.now),
        entries=tuple(_entry(refund, part) for part in paid),
    )


def _entry(refund: Refund, part: Part) -> Entry | None:
    customer_id = refund.customer_id if part.method is PaymentMethod.CUSTOMER_CREDIT else None
    return accounts.refund_paid(
        refund.home_branch_id, refund.package_id, part.branch_id, part.method, part.amount_minor, customer_id
    )


def _recorded(command: PayOutRefund, sold: Sold, refund: Refund, outcome: RefundPaidOut) -> Recorded:
    return Recorded(
        outcome,
        branch_id=command.branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=refund.customer_id,
        reason=command.reason,
    )
