"""Freeze: for a time the package cannot be used, and does not grow older."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.expiry import store
from domain.expiry.errors import BookingsInTheWay
from domain.expiry.rules import LotDated, dated, freezing
from domain.expiry.rules.freezing import Period
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.ids import new_id
from domain.ledger import store as ledger
from domain.ledger.draft import Draft
from domain.ledger.post import Posting, post
from domain.packages import store as packages
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class FreezePackage:
    """Freeze from now, or from the start of a day on, until the start of a day, or as long as the terms allow."""

    package_id: str
    reason: str
    starts_on: date | None = None
    thaws_on: date | None = None


@dataclass(frozen=True, slots=True)
class FreezeSet:
    """The freeze, and the last days that it has moved."""

    package_id: str
    freeze_id: str
    starts_on: date
    thaws_on: date
    frozen_from: datetime
    thaws_at: datetime
    days: int
    lots: tuple[LotDated, ...]


@act
async def freeze_package(work: Work, command: FreezePackage) -> FreezeSet:
    """Write the freeze down and add its days at once to the last day of every lot that lives when it begins.

    A freeze always has an end, so nothing has to happen for the package to thaw. Refuses packages that are pending,
    disputed, frozen, used up or expired, a time beyond the terms or out of order, and bookings that start inside it.
    """
    sold = await packages.lock(work, command.package_id)
    work.authorise(sold.home_branch_id)
    command = _checked(command)
    lots = await ledger.lots_of([sold.id])
    freezing.refuse_unfreezable(sold, lots, work.now)
    used = await store.used(sold.id)
    frozen = freezing.period(sold, lots, command.starts_on, command.thaws_on, used, work.now)
    await _refuse_bookings(sold, frozen)
    before, after = freezing.lengthened(sold, lots, frozen)
    draft = Draft(lots)
    draft.redate(after)
    freeze_id = new_id("frz")
    outcome = FreezeSet(
        package_id=sold.id,
        freeze_id=freeze_id,
        starts_on=frozen.starts_on,
        thaws_on=frozen.thaws_on,
        frozen_from=frozen.frozen_from,
        thaws_at=frozen.thaws_at,
        days=frozen.days,
        lots=dated(before, after),
    )
    today = local_date(work.now, sold.home_time_zone)
    await post(work, Posting(sold.id, sold.version, sold.currency, today, draft), _recorded(command, sold, outcome))
    start_by = freezing.start_by(sold, timedelta(days=frozen.days))
    await store.begin(freeze_id, sold.id, frozen, [lot.id for lot in after], start_by, work.operation_id)
    return outcome


def _checked(command: FreezePackage) -> FreezePackage:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _refuse_bookings(sold: Sold, frozen: Period) -> None:
    inside = await store.bookings_between(sold.id, frozen.frozen_from, frozen.thaws_at)
    if inside:
        raise BookingsInTheWay(sold.id, inside)


def _recorded(command: FreezePackage, sold: Sold, outcome: FreezeSet) -> Recorded:
    return Recorded(
        outcome,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
    )
