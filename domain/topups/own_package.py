"""What customers may by themselves: add sessions to what they hold, where their credit pays all of it."""

from collections.abc import Sequence

from domain.kernel.checks import Checks
from domain.kernel.commands import Work
from domain.kernel.errors import NotFound
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages import reading
from domain.packages.sold import Sold
from domain.topups.errors import TopUpNotPaid


async def refuse_unseen(work: Work, package_id: str) -> None:
    """To a customer who may not see it there is no such package, whatever else they name."""
    if not await reading.by_ids(work.actor, [package_id]):
        raise NotFound("package", package_id, "packageId")


def authorise(work: Work, sold: Sold, branch_id: str) -> None:
    """Let holders act, at its home: they do not choose the branch whose list price they like best."""
    work.authorise(branch_id, sold.holder_id)
    checks = Checks()
    checks.that(branch_id == sold.home_branch_id, "branchId must be the home branch of the package.", "branchId")
    checks.passed()


def refuse_unpaid(payments: Sequence[Received], amount: Money) -> None:
    """Refuse what is paid otherwise than from credit, or not all of it; what costs nothing the desk adds."""
    credit = sum(each.amount_minor for each in payments if each.method is PaymentMethod.CUSTOMER_CREDIT)
    if credit != amount.amount_minor or credit == 0:
        raise TopUpNotPaid(amount, Money(credit, amount.currency))
