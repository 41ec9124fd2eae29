"""Unfreeze: a freeze ends now, or is taken back before it began."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.expiry import store
from domain.expiry.errors import NotFrozen
from domain.expiry.rules import LotDated, dated, freezing
from domain.expiry.store import Freeze
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.ledger import store as ledger
from domain.ledger.draft import Draft
from domain.ledger.post import Posting, post
from domain.packages import store as packages
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class UnfreezePackage:
    """End the freeze that holds, or take back the one that is planned."""

    package_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class FreezeEnded:
    """The day on which the freeze was ended, how many days it lasted, and the last days that moved back."""

    package_id: str
    freeze_id: str
    thawed_on: date
    days: int
    lots: tuple[LotDated, ...]


@act
async def unfreeze_package(work: Work, command: UnfreezePackage) -> FreezeEnded:
    """Take back the days that were not frozen, of exactly the lots that got them.

    Bookings that start after the lapse that this brings forward stay as they are: they were promised. Refuses a
    package for which no freeze holds or is planned.
    """
    sold = await packages.lock(work, command.package_id)
    work.authorise(sold.home_branch_id)
    command = _checked(command)
    freeze = await _freeze(sold, work.now)
    today = local_date(work.now, sold.home_time_zone)
    thaws_at = max(work.now, freeze.frozen_from)
    thaws_on = max(today, freeze.starts_on)
    unused = freeze.thaws_on - thaws_on
    lots = await ledger.lots_of([sold.id])
    before, after = freezing.shortened(sold, lots, freeze.lots, freeze.frozen_from, unused)
    draft = Draft(lots)
    draft.redate(after)
    outcome = FreezeEnded(sold.id, freeze.id, today, freeze.days_added - unused.days, dated(before, after))
    await post(work, Posting(sold.id, sold.version, sold.currency, today, draft), _recorded(command, sold, outcome))
    start_by = freezing.start_by(sold, -unused)
    await store.thaw(freeze, sold.id, thaws_on, thaws_at, start_by, work.operation_id)
    return outcome


def _checked(command: UnfreezePackage) -> UnfreezePackage:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _freeze(sold: Sold, now: datetime) -> Freeze:
    if sold.frozen_from is None or sold.thaws_at is None or now >= sold.thaws_at:
        raise NotFrozen(sold.id)
    return await store.newest(sold.id, sold.frozen_from)


def _recorded(command: UnfreezePackage, sold: Sold, outcome: FreezeEnded) -> Recorded:
    return Recorded(
        outcome,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
    )
