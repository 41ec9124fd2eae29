"""What an upgrade depends on: the package, its lots and bookings, what waits for it, and what is on sale instead."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.bookings import store as bookings
from domain.bookings.carrying import Carrying
from domain.branches.errors import WrongCurrency
from domain.catalog import reading as catalog
from domain.customers.merging_errors import CustomerErased
from domain.kernel.calendar import local_date
from domain.kernel.commands import Work
from domain.kernel.errors import NotFound
from domain.ledger import store as ledger
from domain.ledger.rules import Lot
from domain.packages import rules as packages_rules
from domain.packages.errors import BranchClosed, LimitPerCustomerReached, NotOnSale, PackageExpired
from domain.packages.offered import Offered, offered
from domain.packages.quotable import condition
from domain.packages.rules import Status
from domain.packages.sold import Sold
from domain.refunds import reckoning_store
from domain.refunds.before import Before, before
from domain.refunds.deciding_errors import RefundPending
from domain.refunds.reckoning import own_lots
from domain.refunds.rules import Moment
from domain.transfers.errors import TransferPending
from domain.transfers.rules import refuse_blocked
from domain.upgrades import store
from domain.upgrades.asked import Asked
from domain.upgrades.errors import UpgradeNotAllowed
from domain.upgrades.store import Known
from domain.upgrades.worth import Worth, worth


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that decides, as it is now; locked where it was read for an act.

    `version` is the package's as whoever asks for a quote reads it; an act that locks gives it the next one.
    """

    asked: Asked
    now: datetime
    sold: Sold
    version: int
    lots: tuple[Lot, ...]
    own: tuple[Lot, ...]
    """The lots that were paid for here, as large as they were."""
    known: Known
    going: Carrying
    offer: Offered
    worth: Worth
    before: Before

    @property
    def moment(self) -> Moment:
        """When it is counted."""
        return Moment(self.now, self.sold.disputed_at)

    @property
    def today(self) -> date:
        """The day at the branch that sells the new package."""
        return local_date(self.now, self.known.time_zone)

    @property
    def start_by(self) -> date | None:
        """The last day to start the new package, where its validity starts with the first use."""
        return packages_rules.start_by(self.offer.terms.validity, self.today)


async def judged(work: Work, sold: Sold, asked: Asked, *, locked: bool) -> Situation:
    """The situation of a package, unless something keeps it from being changed; its bookings are locked with it.

    Not locked, what the actor may not see is not there.
    """
    facts = await reckoning_store.facts(sold.id, condition(work, locked=locked), None)
    known = await store.known(sold.id, asked.definition_id, asked.branch_id)
    _refuse_state(sold, asked, known, work.now)
    lots = await ledger.lots_of([sold.id])
    _refuse_expired(sold, lots, work.now)
    offer = await _offer(work, asked, local_date(work.now, known.time_zone))
    _refuse_offer(sold, offer, known)
    going = await reckoning_store.confirmed(sold.id)
    if locked and going.bookings:
        await bookings.lock(work.chain_id, [booked.id for booked in going.bookings])
    own, moment = own_lots(lots, sold.terms, facts.opened), Moment(work.now, sold.disputed_at)
    return Situation(
        asked=asked,
        now=work.now,
        sold=sold,
        version=sold.version - 1 if locked else sold.version,
        lots=tuple(lots),
        own=tuple(own),
        known=known,
        going=going,
        offer=offer,
        worth=worth(sold, own, facts.top_ups, facts.opened, moment),
        before=before(sold, own, facts, moment),
    )


def _refuse_state(sold: Sold, asked: Asked, known: Known, now: datetime) -> None:
    """Refuse a package that may not be used, that somebody decides about, or a branch that has closed."""
    refuse_blocked(sold, now)
    if known.erased_at is not None:
        raise CustomerErased(sold.holder_id, known.erased_at, "packageId")
    for branch_id, closed_at in ((asked.branch_id, known.closed_at), (sold.home_branch_id, known.home_closed_at)):
        if closed_at is not None and now >= closed_at:
            raise BranchClosed(branch_id, closed_at)
    if known.transfer_id is not None and known.transfer_requested_at is not None:
        raise TransferPending(sold.id, known.transfer_id, known.transfer_requested_at)
    if known.refund_id is not None and known.refund_requested_at is not None:
        raise RefundPending(sold.id, known.refund_id, known.refund_requested_at)


def _refuse_expired(sold: Sold, lots: list[Lot], now: datetime) -> None:
    if packages_rules.status(sold, lots, now) is Status.EXPIRED:
        latest = max((lot for lot in lots if lot.left or lot.expired), key=lambda lot: lot.lapses_at)
        raise PackageExpired(sold.id, latest.last_day, latest.lapses_at)


async def _offer(work: Work, asked: Asked, today: date) -> Offered:
    """What is on sale; of what never was, and only the staff sees, others are told that there is no such thing."""
    try:
        return await offered(work.chain_id, asked.definition_id, asked.branch_id, today)
    except NotOnSale:
        if not await catalog.definitions_by_ids(work.actor, [asked.definition_id]):
            raise NotFound("package definition", asked.definition_id, "definitionId") from None
        raise


def _refuse_offer(sold: Sold, offer: Offered, known: Known) -> None:
    """Refuse what the terms do not name, another currency, and a customer who has as many of the new one as may be."""
    allowed = tuple(each for each in sold.terms.change.upgrade_to if each != sold.definition_id)
    if offer.definition_id not in allowed:
        raise UpgradeNotAllowed(sold.id, offer.definition_id, allowed)
    currency = offer.terms.price.currency
    if currency != sold.currency:
        raise WrongCurrency(currency, sold.currency, "definitionId")
    limit = offer.terms.use.limit_per_customer
    if limit is not None and known.bought >= limit:
        raise LimitPerCustomerReached(offer.definition_id, limit)
