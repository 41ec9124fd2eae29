"""Share with the household: its members may use the package again after that was revoked."""

from dataclasses import dataclass, replace

from domain.catalog.terms import Sharing
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.sharing import store
from domain.sharing.concerned import locked, refuse_other_terms


@dataclass(frozen=True, slots=True)
class ShareWithHousehold:
    """The package that the members of the holder's household may use."""

    package_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SharedWithHousehold:
    """The package is shared with the household now, perhaps as before."""

    package_id: str


@act
async def share_with_household(work: Work, command: ShareWithHousehold) -> SharedWithHousehold:
    """Let the household use the package; what was said of single members still holds.

    Refuses a package that is closed, and terms that do not let a household share.
    """
    sold = await locked(work, command.package_id)
    command = _checked(command)
    refuse_other_terms(sold, Sharing.HOUSEHOLD)
    await store.set_sharing(sold.id, Sharing.HOUSEHOLD)
    shared = SharedWithHousehold(sold.id)
    recorded = Recorded(
        shared,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
    )
    await record(work, recorded)
    return shared


def _checked(command: ShareWithHousehold) -> ShareWithHousehold:
    checks = Checks()
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)
