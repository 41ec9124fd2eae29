"""Share with a person: somebody named may use the package, or a member of the household only so much of it."""

from dataclasses import dataclass, replace

from domain.catalog.terms import Sharing
from domain.customers.errors import NotInHousehold
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.packages.redeem_session import MOST_SESSIONS
from domain.sharing import store
from domain.sharing.concerned import locked, person, refuse_other_terms
from domain.sharing.errors import NotShared


@dataclass(frozen=True, slots=True)
class SharePackage:
    """Who may use the package, and how many sessions at most in all; without a number as many as there are."""

    package_id: str
    customer_id: str
    most_sessions: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PackageShared:
    """What the person may use from now on, counted with what they have used or booked before."""

    package_id: str
    customer_id: str
    most_sessions: int | None


@act
async def share_package(work: Work, command: SharePackage) -> PackageShared:
    """Name a person, or say how much a member of the household may use; 0 is nothing, and the newest word counts.

    Refuses a package that is closed or not shared now, terms that let nobody share, the holder, and where the
    household shares whoever is not of it.
    """
    sold = await locked(work, command.package_id)
    command = _checked(command)
    refuse_other_terms(sold, Sharing.HOUSEHOLD, Sharing.NAMED)
    sharer = await person(work, sold, command.customer_id)
    if sold.sharing is Sharing.NONE:
        raise NotShared(sold.id, None)
    if sold.sharing is Sharing.HOUSEHOLD and not sharer.member:
        raise NotInHousehold(command.customer_id, "customerId")
    await store.share(work, sold.id, command.customer_id, command.most_sessions)
    shared = PackageShared(sold.id, command.customer_id, command.most_sessions)
    recorded = Recorded(
        shared,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=command.customer_id,
        reason=command.reason,
    )
    await record(work, recorded)
    return shared


def _checked(command: SharePackage) -> SharePackage:
    checks = Checks()
    if command.most_sessions is not None:
        checks.between(command.most_sessions, 0, MOST_SESSIONS, "mostSessions")
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)
