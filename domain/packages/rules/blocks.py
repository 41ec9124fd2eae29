"""What a package is at an instant, and what keeps it from being used then."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NoReturn, Protocol

from domain.kernel.calendar import local_date
from domain.ledger.rules import Lot
from domain.packages.errors import PackageClosed, PackageDisputed, PackageFrozen, PackagePending
from domain.packages.sold import Closing, Sold


class Status(StrEnum):
    """What a package is at an instant; derived from its lots and the clock."""

    PENDING = "PENDING"
    DISPUTED = "DISPUTED"
    FROZEN = "FROZEN"
    ACTIVE = "ACTIVE"
    IN_GRACE = "IN_GRACE"
    EXPIRED = "EXPIRED"
    USED_UP = "USED_UP"
    VOIDED = "VOIDED"
    CHARGED_BACK = "CHARGED_BACK"
    UPGRADED = "UPGRADED"
    REFUNDED = "REFUNDED"


class Blockable(Protocol):
    """A package with the instants that decide whether something keeps it from being used."""

    @property
    def activated_at(self) -> datetime | None:
        """From when it may be used."""
        ...

    @property
    def frozen_from(self) -> datetime | None:
        """When its newest freeze begins."""
        ...

    @property
    def thaws_at(self) -> datetime | None:
        """When that freeze ends."""
        ...

    @property
    def disputed_at(self) -> datetime | None:
        """Since when a payment is disputed."""
        ...

    @property
    def closed_as(self) -> Closing | None:
        """What ended it before its sessions were used up or had lapsed."""
        ...


def frozen(package: Blockable, at: datetime) -> bool:
    """Whether a freeze holds at the instant."""
    return (
        package.frozen_from is not None
        and package.thaws_at is not None
        and package.frozen_from <= at < package.thaws_at
    )


def disputed(package: Blockable, at: datetime) -> bool:
    """Whether a dispute holds at the instant."""
    return package.disputed_at is not None and package.disputed_at <= at


def status(package: Blockable, lots: Sequence[Lot], at: datetime) -> Status:
    """The status at an instant: what blocks the package first, then what is left and for how long."""
    left = [lot for lot in lots if lot.left > 0]
    live = [lot for lot in left if at < lot.lapses_at]
    if package.closed_as is not None:
        return Status(package.closed_as.value)
    if package.activated_at is None:
        return Status.PENDING
    if not left:
        return Status.EXPIRED if any(lot.expired for lot in lots) else Status.USED_UP
    if package.disputed_at is not None and disputed(package, at):
        # What had lapsed before is not kept by the dispute, whether the sweep has posted that or not.
        return Status.DISPUTED if any(package.disputed_at < lot.lapses_at for lot in left) else Status.EXPIRED
    if not live:
        return Status.EXPIRED
    if frozen(package, at):
        return Status.FROZEN
    return Status.ACTIVE if any(at < lot.expires_at for lot in live) else Status.IN_GRACE


def refuse_blocked(sold: Sold, at: datetime) -> None:
    """Refuse a package that is closed, not active, disputed or frozen at the instant; every block must clear."""
    refuse_ended(sold, for_use=True)
    if sold.activated_at is None:
        raise PackagePending(sold.id, sold.outstanding)
    if sold.disputed_at is not None and disputed(sold, at):
        raise PackageDisputed(sold.id, sold.disputed_at, for_use=True)
    if sold.frozen_from is not None and sold.thaws_at is not None and frozen(sold, at):
        refuse_frozen(sold, sold.frozen_from, sold.thaws_at)


def refuse_ended(sold: Sold, *, for_use: bool = False) -> None:
    """Refuse a package that is closed for good."""
    if sold.closed_as is not None and sold.closed_at is not None:
        closed_as, upgraded_to_id = sold.closed_as.value, sold.upgraded_to_id
        raise PackageClosed(sold.id, closed_as, sold.closed_at, upgraded_to_id, for_use=for_use)


def refuse_frozen(sold: Sold, frozen_from: datetime, thaws_at: datetime) -> NoReturn:
    """Refuse for a freeze, with the day on which the package thaws by its home branch's clock."""
    raise PackageFrozen(sold.id, frozen_from, thaws_at, local_date(thaws_at, sold.home_time_zone))
