"""Reverse a charge: a visit without a package was put to a customer's account by mistake."""

from dataclasses import dataclass, replace
from datetime import timedelta

from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Charged, Event
from domain.ledger.charges import owed_by, taken_back
from domain.ledger.post import Posting, post
from domain.packages import store as packages
from domain.packages.errors import AlreadyReversed, ReversalTooLate
from domain.payments import payments_store as store
from domain.payments.payments_store import Visit


@dataclass(frozen=True, slots=True)
class ReverseCharge:
    """Take back what the operation charged for a visit without a package."""

    operation_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChargeReversed:
    """What is owed no more, and what of it had been paid and is the customer's credit."""

    operation_id: str
    customer_id: str
    sessions: int
    amount_minor: int
    credited_minor: int
    currency: str


@act
async def reverse_charge(work: Work, command: ReverseCharge) -> ChargeReversed:
    """Mirror the charge; what of it had been paid becomes the customer's credit. The booking stays as it ended.

    By the branch of the visit, within the chain's reversal hours; later only by a manager. Refuses a second reversal.
    """
    visit = await store.visit(work.chain_id, command.operation_id)
    work.authorise(visit.branch_id)
    command = _checked(command)
    await packages.lock_customer(visit.customer_id)
    await _refuse_second(work, command)
    await _refuse_late(work, visit)
    charges = await ledger.charges_of(visit.id)
    mirrors = taken_back(charges, await owed_by(visit.customer_id))
    outcome = _outcome(visit, mirrors)
    await post(work, await _posting(work, visit, mirrors), _recorded(command, visit, outcome))
    return outcome


def _checked(command: ReverseCharge) -> ReverseCharge:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _refuse_second(work: Work, command: ReverseCharge) -> None:
    """Asked under the lock of the customer: a reversal that came first is visible only now."""
    found = await store.visit(work.chain_id, command.operation_id)
    if found.reversal_id is not None and found.reversed_at is not None:
        raise AlreadyReversed(found.id, found.reversal_id, found.reversed_at, "charge")


async def _refuse_late(work: Work, visit: Visit) -> None:
    place = await packages.place(work, visit.branch_id)
    until = visit.recorded_at + timedelta(hours=place.reversal_hours)
    if work.now > until and not work.actor.manages(visit.branch_id):
        raise ReversalTooLate(visit.id, until)


def _outcome(visit: Visit, mirrors: tuple[Charged, ...]) -> ChargeReversed:
    return ChargeReversed(
        visit.id,
        visit.customer_id,
        sessions=-sum(each.sessions for each in mirrors),
        amount_minor=-sum(each.amount_minor for each in mirrors),
        credited_minor=sum(each.credited_minor for each in mirrors),
        currency=visit.currency,
    )


async def _posting(work: Work, visit: Visit, mirrors: tuple[Charged, ...]) -> Posting:
    lines = await ledger.lines_of(visit.id, (Event.CHARGE,))
    return Posting(
        package_id=None,
        package_version=None,
        currency=visit.currency,
        posted_on=local_date(work.now, visit.time_zone),
        entries=(accounts.mirror(Event.REVERSAL, lines), *map(accounts.credited, mirrors)),
        charges=mirrors,
        customer_id=visit.customer_id,
    )


def _recorded(command: ReverseCharge, visit: Visit, outcome: ChargeReversed) -> Recorded:
    return Recorded(
        outcome,
        branch_id=visit.branch_id,
        customer_id=visit.customer_id,
        reason=command.reason,
        reverses=visit.id,
    )
