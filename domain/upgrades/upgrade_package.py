"""Change a package for another one: the old one is closed, and what it counts for goes towards the new one."""

from dataclasses import dataclass, replace

from domain.bookings import carrying
from domain.kernel.checks import Checks
from domain.kernel.commands import Work, act
from domain.kernel.money import Money
from domain.ledger.accounts import Received
from domain.ledger.post import post_together
from domain.packages import closing_store, instalments_store, paying
from domain.packages import rules as packages_rules
from domain.packages import store as packages
from domain.packages.holder import lock_with_holder
from domain.packages.offered import opened
from domain.packages.rules import Planned
from domain.packages.sell_package import MOST_PAYMENTS
from domain.packages.sold import Closing, Place
from domain.upgrades import store
from domain.upgrades.asked import Asked
from domain.upgrades.planned import Upgrading, planned
from domain.upgrades.posting import PackageUpgraded, both_sides, outcome_of, record_of
from domain.upgrades.situation import judged


@dataclass(frozen=True, slots=True)
class UpgradePackage:
    """Change a package, with what is paid at once and when the rest is due; bound to what was quoted by its hash."""

    asked: Asked
    payments: tuple[Received, ...] = ()
    currencies: tuple[str, ...] = ()
    instalments: tuple[Planned, ...] = ()
    quote_hash: str | None = None
    reason: str = ""


@act
async def upgrade_package(work: Work, command: UpgradePackage) -> PackageUpgraded:
    """Close the package, open the new one on today's terms at the branch, and post what is due, or what is credited.

    Refuses a package that is blocked, expired or waits for a decision, a definition that its terms do not name or that
    is not on sale, a customer at its limit, more used than it holds, bookings that do not fit it, another outcome than
    was quoted, and payments and instalments as a sale does.
    """
    work.authorise(command.asked.branch_id)
    command = _checked(command)
    place = await packages.place(work, command.asked.branch_id)
    sold = await lock_with_holder(work, command.asked.package_id)
    upgrading = planned(await judged(work, sold, command.asked, locked=True))
    upgrading.refuse(command.quote_hash)
    _refuse_money(command, upgrading, place)
    payments = await paying.taken(command.payments, sold.holder_id, place.branch_id, sold.currency)
    outcome, other = outcome_of(upgrading, payments), work.another()
    await packages.insert_packages([_opened(work, upgrading, outcome.paid_minor)])
    await post_together(both_sides(work, other, upgrading, payments, outcome, command.reason))
    await carrying.write_down(upgrading.situation.going, upgrading.new.id, other.operation_id, command.reason)
    plan = packages_rules.agreed(command.instalments, place.time_zone)
    await instalments_store.insert_plan(upgrading.new.id, other.operation_id, 1, plan)
    await closing_store.close(sold.id, Closing.UPGRADED, work.now)
    await store.insert_upgrade(record_of(work, other, upgrading, outcome))
    return outcome


def _checked(command: UpgradePackage) -> UpgradePackage:
    checks = Checks()
    for index, received in enumerate(command.payments):
        checks.amount(received.amount_minor, "payments", str(index), "amount")
    checks.that(len(command.payments) <= MOST_PAYMENTS, f"At most {MOST_PAYMENTS} payments.", "payments")
    packages_rules.check_plan(checks, command.instalments)
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)


def _refuse_money(command: UpgradePackage, upgrading: Upgrading, place: Place) -> None:
    due = Money(upgrading.reckoned.due_minor, upgrading.new.currency)
    paying.refuse_money(command.payments, command.currencies, due, place)
    if command.instalments:
        paid = sum(received.amount_minor for received in command.payments)
        owed = Money(due.amount_minor - paid, due.currency)
        packages_rules.refuse_plan(command.instalments, owed, upgrading.situation.today)


def _opened(work: Work, upgrading: Upgrading, paid_minor: int) -> dict[str, object]:
    """The new package as it is written down; what the old one counts for may activate it, too."""
    new, situation = upgrading.new, upgrading.situation
    settled = new.brought_minor + paid_minor
    row = opened(situation.offer, new.id, new.holder_id, new.home_branch_id, work.now, situation.today, settled)
    return row | {"chain_id": work.chain_id, "brought_minor": new.brought_minor}
