"""Declare a sale void that was a mistake: everything is mirrored, what was paid goes back, and both stay on record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Entry, PaymentMethod, Settled
from domain.ledger.draft import Draft, Occasion
from domain.ledger.post import Posting, Reversed, post
from domain.ledger.rules import Bucket
from domain.packages import closing_store, rules
from domain.packages import store as packages
from domain.packages.sold import Closing, Sold
from domain.payments.standing_store import Standing, standing
from domain.payments.voidable import refuse_spent, refuse_state, refuse_used


@dataclass(frozen=True, slots=True)
class VoidSale:
    """A package that should never have been sold, and why."""

    package_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class PaidBack:
    """A payment that is taken back; of what was kept of it as credit nothing is left."""

    payment_id: str
    method: PaymentMethod
    branch_id: str
    amount_minor: int
    kept_minor: int


@dataclass(frozen=True, slots=True)
class SaleVoided:
    """What is owed no more, what is to be handed back how, and how many sessions are gone."""

    package_id: str
    price_minor: int
    paid_minor: int
    currency: str
    sessions: int
    payments: tuple[PaidBack, ...]


@act
async def void_sale(work: Work, command: VoidSale) -> SaleVoided:
    """Mirror the sale and every payment for it that stands, move its sessions away, and close the package.

    What was paid with credit is credit again. By the front desk within the chain's reversal hours, later only by a
    manager. Refuses a package that was not sold here, is closed or disputed, of which anything was used, has lapsed or
    moved, that confirmed bookings count on or that renewed another, and payments of which kept credit is spent.
    """
    sold = await packages.lock(work, command.package_id)
    work.authorise(sold.home_branch_id)
    command = _checked(command)
    sale_id = await refuse_state(work, sold)
    lots = await ledger.lots_of([sold.id])
    refuse_used(sold, rules.by_the_clock(lots, None, work.now))
    paid = await standing(sold.id)
    await refuse_spent(sold, paid)
    draft = Draft(lots)
    mirror = _taken_away(draft, sold, Occasion(work.now, branch_id=sold.home_branch_id))
    voided = _outcome(sold, draft, paid)
    posting = Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=sold.currency,
        posted_on=local_date(work.now, sold.home_time_zone),
        draft=draft,
        entries=(
            mirror,
            *accounts.followed_home(sold.id, sold.home_branch_id, [mirror]),
            *(_mirrored(sold, each) for each in paid),
        ),
        reversed=tuple(Reversed(each.id, each.received.amount_minor, each.received.kept_minor) for each in paid),
        credited_minor=sold.price_minor,
    )
    await post(work, posting, _recorded(command, sold, voided, sale_id))
    await closing_store.close(sold.id, Closing.VOIDED, work.now)
    return voided


def _checked(command: VoidSale) -> VoidSale:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


def _taken_away(draft: Draft, sold: Sold, occasion: Occasion) -> Entry | None:
    """Move all sessions out; since none is used they carry all that they were issued with.

    The sale is mirrored where it was posted, so that its tax is owed no more there.
    """
    for lot in draft.after:
        draft.move(lot.id, Bucket.AVAILABLE, Bucket.MOVED, lot.available, occasion)
        assert draft.lots[lot.id].value_left_minor == 0 and draft.lots[lot.id].recognised_minor == 0
    value = sum(movement.carried.value_minor for movement in draft.movements)
    return accounts.void(sold.selling_branch_id, sold.id, value, sold.price_minor - value)


def _mirrored(sold: Sold, each: Standing) -> Entry | None:
    settled = Settled(sold.home_branch_id, each.received.settled_minor, sold.id)
    return accounts.payment_reversal(each.branch_id, each.received, [settled])


def _outcome(sold: Sold, draft: Draft, paid: Sequence[Standing]) -> SaleVoided:
    back = tuple(
        PaidBack(each.id, each.received.method, each.branch_id, each.received.amount_minor, each.received.kept_minor)
        for each in paid
    )
    sessions = sum(movement.sessions for movement in draft.movements)
    return SaleVoided(sold.id, sold.price_minor, sold.paid_minor, sold.currency, sessions, back)


def _recorded(command: VoidSale, sold: Sold, voided: SaleVoided, sale_id: str) -> Recorded:
    return Recorded(
        voided,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
        reverses=sale_id,
    )
