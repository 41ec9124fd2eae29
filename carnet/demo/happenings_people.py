"""What customers of the demo do with each other: families, packages shared and handed on, one person kept twice."""

from datetime import time
from typing import Any

from carnet.demo.happenings import Desk, Happening
from carnet.demo.stage import Moment
from domain.customers.form_household import FormHousehold
from domain.customers.merge_customers import MergeCustomers
from domain.kernel.commands import Done
from domain.sharing.share_package import SharePackage
from domain.transfers.asked import Asked, FeePayer
from domain.transfers.transfer_package import TransferPackage


def family(name: str, at: Desk, days_ago: int, guardians: tuple[str, ...], others: tuple[str, ...]) -> Happening:
    """Customers become a household in which some may act for the others."""
    return Happening(
        f"household {name}",
        Moment(days_ago, time(9, 30)),
        at.by,
        lambda stage: FormHousehold(
            name,
            tuple(stage.id(customer) for customer in (*guardians, *others)),
            tuple(stage.id(guardian) for guardian in guardians),
        ),
        lambda done: str(done.outcome.household_id),
    )


def shared(package: str, customer: str, at: Desk, days_ago: int, most_sessions: int | None = None) -> Happening:
    """Somebody may use the package, or so much of it."""
    return Happening(
        f"{package}, shared with {customer}",
        Moment(days_ago, time(10, 15)),
        at.by,
        lambda stage: SharePackage(stage.id(package), stage.id(customer), most_sessions),
        lambda done: done.operation_id,
    )


def handed_on(
    key: str, package: str, recipient: str, at: Desk, moment: Moment, sessions: int | None, reason: str
) -> Happening:
    """Sessions go to another customer, all of them without a number; the key is what the recipient has then."""
    return Happening(key, moment, at.by, _asked(package, recipient, at, sessions, reason), _into_id)


def to_be_handed_on(
    key: str, package: str, recipient: str, at: Desk, moment: Moment, sessions: int | None, reason: str
) -> Happening:
    """The same where the key stands for the transfer, for somebody to approve it or to undo it."""
    return Happening(key, moment, at.by, _asked(package, recipient, at, sessions, reason), _transfer_id)


def merged(kept: str, other: str, by: str, days_ago: int, reason: str) -> Happening:
    """Two customers turn out to be one person."""
    return Happening(
        f"{other} is {kept}",
        Moment(days_ago, time(12, 30)),
        by,
        lambda stage: MergeCustomers(stage.id(kept), stage.id(other), reason),
        lambda done: str(done.outcome.merge_id),
    )


def _asked(package: str, recipient: str, at: Desk, sessions: int | None, reason: str) -> Any:
    return lambda stage: TransferPackage(
        Asked(stage.id(package), stage.id(recipient), sessions, branch_id=stage.id(at.branch)),
        FeePayer.SENDER,
        reason=reason,
    )


def _into_id(done: Done[Any]) -> str:
    return str(done.outcome.into_package_id)


def _transfer_id(done: Done[Any]) -> str:
    return str(done.outcome.transfer_id)
