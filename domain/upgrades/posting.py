"""What an upgrade writes: the old side, which tells of the value that moves, the new one, and the record of both."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from domain.catalog.terms import TaxPoint
from domain.kernel.commands import Recorded, Work
from domain.kernel.ids import new_id
from domain.ledger import accounts
from domain.ledger.accounts import Received, Upgraded
from domain.ledger.post import Posted, Posting
from domain.packages import paying
from domain.packages.sold import Sold
from domain.upgrades.planned import Upgrading


@dataclass(frozen=True, slots=True)
class PackageUpgraded:
    """What was changed for what, and what that came to, amounts with tax."""

    upgrade_id: str
    package_id: str
    into_package_id: str
    method: str
    used: int
    unused_value_minor: int
    difference_minor: int
    outstanding_carried_minor: int
    due_minor: int
    credit_minor: int
    paid_minor: int
    sessions_after: int
    currency: str
    booking_ids: tuple[str, ...] = ()


def outcome_of(upgrading: Upgrading, payments: Sequence[Received]) -> PackageUpgraded:
    """What is told of it."""
    quote = upgrading.quote
    return PackageUpgraded(
        upgrade_id=new_id("upg"),
        package_id=quote.package_id,
        into_package_id=upgrading.new.id,
        method=quote.method.value,
        used=quote.used,
        unused_value_minor=quote.unused_value_minor,
        difference_minor=quote.difference_minor,
        outstanding_carried_minor=quote.outstanding_carried_minor,
        due_minor=quote.due_minor,
        credit_minor=quote.credit_minor,
        paid_minor=sum(received.amount_minor for received in payments),
        sessions_after=quote.sessions_after,
        currency=quote.currency,
        booking_ids=tuple(each.booking_id for each in quote.coming),
    )


def both_sides(
    work: Work,
    other: Work,
    upgrading: Upgrading,
    payments: Sequence[Received],
    outcome: PackageUpgraded,
    reason: str,
) -> list[Posted]:
    """An operation for each package, posted together."""
    return [
        Posted(work, _leaving(upgrading), _recorded(upgrading, outcome, upgrading.situation.sold, reason)),
        Posted(other, _arriving(upgrading, payments), _recorded(upgrading, outcome, upgrading.new, reason)),
    ]


def _leaving(upgrading: Upgrading) -> Posting:
    sold, draft = upgrading.situation.sold, upgrading.given_up.draft
    return Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=sold.currency,
        posted_on=sold.posted_on(upgrading.situation.now),
        draft=draft,
        entries=(
            accounts.reestimate(sold.home_branch_id, sold.id, draft.revalued_minor),
            accounts.upgrade(_upgraded(upgrading)),
        ),
        credited_minor=upgrading.reckoned.outstanding_carried_minor,
    )


def _upgraded(upgrading: Upgrading) -> Upgraded:
    sold, new, values, reckoned = upgrading.situation.sold, upgrading.new, upgrading.valuing, upgrading.reckoned
    granted = upgrading.given_up.granted_minor
    at_sale = sold.terms.price.tax_point is TaxPoint.AT_SALE
    return Upgraded(
        home_branch_id=sold.home_branch_id,
        package_id=sold.id,
        value_minor=upgrading.given_up.carried.value_minor + granted,
        tax_minor=values.taken_back_minor,
        outstanding_minor=reckoned.outstanding_carried_minor,
        new_home_branch_id=new.home_branch_id,
        new_package_id=new.id,
        new_value_minor=values.carried.value_minor + granted,
        new_tax_minor=values.tax_minor,
        due_minor=reckoned.due_minor,
        credit_minor=reckoned.credit_minor,
        concession_minor=values.concession_minor,
        customer_id=sold.holder_id,
        taxed_at_id=sold.selling_branch_id if at_sale else None,
    )


def _arriving(upgrading: Upgrading, payments: Sequence[Received]) -> Posting:
    new = upgrading.new
    return Posting(
        package_id=new.id,
        package_version=new.version,
        currency=new.currency,
        posted_on=upgrading.situation.today,
        draft=upgrading.arriving,
        entries=tuple(paying.settled(new.home_branch_id, new.id, payments)),
        owed_minor=new.price_minor,
        brought_minor=new.brought_minor,
        payments=tuple(payments),
        paid_at_branch_id=new.home_branch_id,
        customer_id=new.holder_id,
    )


def _recorded(upgrading: Upgrading, outcome: PackageUpgraded, side: Sold, reason: str) -> Recorded:
    return Recorded(
        outcome,
        branch_id=upgrading.situation.asked.branch_id,
        package_id=side.id,
        package_version=side.version,
        customer_id=side.holder_id,
        reason=reason,
    )


def record_of(work: Work, other: Work, upgrading: Upgrading, outcome: PackageUpgraded) -> dict[str, Any]:
    """What is written down of it; what was credited comes back no more."""
    before = upgrading.situation.before
    told = {
        name: value
        for name, value in asdict(outcome).items()
        if name not in ("upgrade_id", "paid_minor", "booking_ids")
    }
    return told | {
        "id": outcome.upgrade_id,
        "chain_id": work.chain_id,
        "branch_id": upgrading.situation.asked.branch_id,
        "operation_id": work.operation_id,
        "into_operation_id": other.operation_id,
        "refundable_minor": before.left_minor - outcome.credit_minor,
        "kept_minor": before.kept_minor,
        "approval_above_minor": before.approval_above_minor,
        "steps": [asdict(step) for step in upgrading.reckoned.steps],
        "upgraded_by": work.actor.id,
        "upgraded_at": work.now,
    }
