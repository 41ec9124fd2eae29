"""Extend: what is left of a package gets a later last day, and what has lapsed comes back with its value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.branches import store as branches
from domain.expiry import lapsing_store, store
from domain.expiry.errors import BadLastDay
from domain.expiry.rules import LotDated, dated, extending
from domain.expiry.rules.extending import Asked, Desk
from domain.expiry.rules.lapsing import Home, let_lapse
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.ledger import store as ledger
from domain.ledger.accounts import Entry
from domain.ledger.draft import Draft
from domain.ledger.post import Posting, post
from domain.ledger.rules import Bucket, Lot
from domain.packages import rules as packages_rules
from domain.packages import store as packages
from domain.packages.lapsed import bring_back, reinstated
from domain.packages.sold import Sold

MOST_DAYS = 3_660


@dataclass(frozen=True, slots=True)
class ExtendPackage:
    """Give all lots with something left, or those named, this last day or so many days more; never fewer.

    With `as_of` only the lots that were there then and had not lapsed: an extension of many packages comes to each a
    little later.
    """

    package_id: str
    reason: str
    last_day: date | None = None
    days: int | None = None
    lot_ids: tuple[str, ...] = ()
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class PackageExtended:
    """Until when the package can be used now, lot by lot, how many sessions came back, and what is usable."""

    package_id: str
    last_day: date
    lots: tuple[LotDated, ...]
    reinstated: int
    remaining: int


@act
async def extend_package(work: Work, command: ExtendPackage) -> PackageExtended:
    """Move last days; live sessions do not move, lapsed ones come back exactly as they went, dated today.

    A lapse that is not posted yet is posted first, on its own day, so that the books are the same whether the sweep
    ran or not. Refuses a day of the past, what is used up, what would not live longer, what lapsed too long ago, and
    to the front desk more days than the chain allows and every reinstatement.
    """
    sold = await packages.lock(work, command.package_id)
    work.authorise(sold.home_branch_id)
    packages_rules.refuse_ended(sold)
    today = local_date(work.now, sold.home_time_zone)
    command = _checked(command, today)
    lots = await ledger.lots_of([sold.id])
    desk = await _desk(work, sold)
    extension = extending.extended(sold, lots, _asked(command), desk)
    draft = Draft(lots)
    gone = [lot for lot in extension.before if extending.lapsed_by(lot, sold, work.now)]
    entries = await _reinstate(draft, gone, sold, work.now)
    draft.redate(extension.after)
    extended = PackageExtended(
        package_id=sold.id,
        last_day=max(lot.last_day for lot in extension.after),
        lots=dated(extension.before, extension.after),
        reinstated=sum(movement.sessions for movement in draft.movements if movement.source is Bucket.EXPIRED),
        remaining=packages_rules.remaining(draft.after, work.now),
    )
    posting = Posting(sold.id, sold.version, sold.currency, today, draft, entries)
    await post(work, posting, _recorded(command, sold, extended))
    await store.note_extension(sold.id, extending.days_of_desk(extension, desk), extending.start_by(sold, extension))
    return extended


def _checked(command: ExtendPackage, today: date) -> ExtendPackage:
    checks = Checks()
    one = (command.last_day is None) != (command.days is None)
    checks.that(one, "Give either the last day or the number of days.", "lastDay")
    if command.days is not None:
        checks.between(command.days, 1, MOST_DAYS, "days")
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    if command.last_day is not None and not today <= command.last_day <= extending.LATEST:
        raise BadLastDay(command.last_day, today, extending.LATEST)
    return replace(command, reason=reason)


def _asked(command: ExtendPackage) -> Asked:
    return Asked(command.last_day, command.days, command.lot_ids, command.as_of)


async def _desk(work: Work, sold: Sold) -> Desk:
    chain = await branches.chain(work.chain_id)
    return Desk(work.now, chain.settings, work.actor.manages(sold.home_branch_id))


async def _reinstate(draft: Draft, gone: Sequence[Lot], sold: Sold, now: datetime) -> tuple[Entry, ...]:
    """Bring lapsed sessions back with what their lapse took, once that is posted where it was not."""
    lapsed = await ledger.expired_of([lot.id for lot in gone if lot.expired])
    entries = await _let_lapse(draft, [lot for lot in gone if packages_rules.is_due(lot, sold.disputed_at, now)], sold)
    for movement in draft.movements:
        lapsed.setdefault(movement.lot_id, []).append(movement)
    bring_back(draft, sold, lapsed, lapsed, now)
    return (*entries, *reinstated(sold, draft, now))


async def _let_lapse(draft: Draft, due: Sequence[Lot], sold: Sold) -> list[Entry]:
    if not due:
        return []
    came = await lapsing_store.came_late(due)
    home = Home(sold.id, sold.home_branch_id, sold.home_time_zone, sold.lapse_tax, sold.homed_at)
    return let_lapse(draft, due, home, came)


def _recorded(command: ExtendPackage, sold: Sold, extended: PackageExtended) -> Recorded:
    return Recorded(
        extended,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
    )
