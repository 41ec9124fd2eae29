"""Revoke sharing: a person, or everybody but the holder, may use a package no more."""

from dataclasses import dataclass, replace

from domain.catalog.terms import Sharing
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.packages import rules
from domain.packages.sold import Sold
from domain.sharing import store
from domain.sharing.concerned import locked, person, refuse_other_terms
from domain.sharing.errors import NotShared


@dataclass(frozen=True, slots=True)
class RevokeSharing:
    """With whom the package is shared no more; with nobody where no person is named."""

    package_id: str
    customer_id: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SharingRevoked:
    """Whose right has ended."""

    package_id: str
    customer_id: str | None


@act
async def revoke_sharing(work: Work, command: RevokeSharing) -> SharingRevoked:
    """End a right from now on; what was used stays used, and visits that are booked may take place.

    Refuses a package that is closed, terms that let nobody share, and what is not shared.
    """
    sold = await locked(work, command.package_id)
    command = _checked(command)
    refuse_other_terms(sold, Sharing.HOUSEHOLD, Sharing.NAMED)
    if command.customer_id is None:
        await _revoke_all(work, sold)
    else:
        await _revoke_one(work, sold, command.customer_id)
    revoked = SharingRevoked(sold.id, command.customer_id)
    recorded = Recorded(
        revoked,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=command.customer_id or sold.holder_id,
        reason=command.reason,
    )
    await record(work, recorded)
    return revoked


async def _revoke_all(work: Work, sold: Sold) -> None:
    """Persons who are named lose that; of a household's members what was said of each holds when it shares again."""
    if sold.sharing is Sharing.HOUSEHOLD:
        await store.set_sharing(sold.id, Sharing.NONE)
    elif sold.sharing is Sharing.NONE or not await store.revoke(work, sold.id):
        raise NotShared(sold.id, None)


async def _revoke_one(work: Work, sold: Sold, customer_id: str) -> None:
    """A member may use nothing of what the household shares, which is a limit of 0; a name is struck off."""
    sharer = await person(work, sold, customer_id)
    if sold.sharing is Sharing.HOUSEHOLD and rules.may_use(sold.sharing, sharer):
        await store.share(work, sold.id, customer_id, 0)
    elif sold.sharing is not Sharing.NAMED or not await store.revoke(work, sold.id, customer_id):
        raise NotShared(sold.id, customer_id)


def _checked(command: RevokeSharing) -> RevokeSharing:
    checks = Checks()
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)
