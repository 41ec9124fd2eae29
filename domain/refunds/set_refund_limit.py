"""Set how much of refunds a role may agree to, at one branch or wherever it is held."""

from dataclasses import dataclass

from domain.branches import store as branches
from domain.branches.errors import WrongCurrency
from domain.kernel.access import POLICIES
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.money import MAX_MINOR
from domain.kernel.principals import Role
from domain.refunds import limits_store
from domain.refunds.rules.limits import Limit

AGREEING = POLICIES["request_refund"].roles | POLICIES["approve_refund"].roles
"""The roles that agree to refunds at all."""


@dataclass(frozen=True, slots=True)
class SetRefundLimit:
    """The most that counts for the role from now on; None for any amount. The currencies are of those given."""

    role: Role
    branch_id: str | None = None
    at_once_minor: int | None = None
    per_day_minor: int | None = None
    currencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefundLimitSet:
    """The limit counts; what was agreed to before stays."""

    limit_id: str
    role: str
    branch_id: str | None
    at_once_minor: int | None
    per_day_minor: int | None
    currency: str


@act
async def set_refund_limit(work: Work, command: SetRefundLimit) -> RefundLimitSet:
    """From now on the role agrees to so much of one package on a day, and each person with it to so much a day.

    What is set for a branch counts there instead of what is set for the chain. Refuses roles that agree to no refunds,
    branches that there are not, and another currency than the chain's.
    """
    work.authorise(None)
    _check(command)
    currency = (await branches.chain(work.chain_id)).currency
    for given, path in zip(command.currencies, _given(command), strict=False):
        if given != currency:
            raise WrongCurrency(given, currency, path, "currency")
    if command.branch_id is not None and not await branches.by_ids(work.actor, [command.branch_id]):
        raise NotFound("branch", command.branch_id, "branchId")
    limit = Limit(command.role, command.branch_id, command.at_once_minor, command.per_day_minor)
    limit_id = await limits_store.insert_limit(work, limit, currency)
    outcome = RefundLimitSet(
        limit_id, limit.role.value, limit.branch_id, limit.at_once_minor, limit.per_day_minor, currency
    )
    await record(work, Recorded(outcome, branch_id=command.branch_id))
    return outcome


def _check(command: SetRefundLimit) -> None:
    checks = Checks()
    checks.that(command.role in AGREEING, "The role agrees to no refunds. Name one that does.", "role")
    for amount, path in ((command.at_once_minor, "atOnce"), (command.per_day_minor, "perDay")):
        known = amount is None or 0 <= amount < MAX_MINOR
        checks.that(known, f"{path} is an amount of money, none or more.", path)
    checks.passed()


def _given(command: SetRefundLimit) -> list[str]:
    amounts = {"atOnce": command.at_once_minor, "perDay": command.per_day_minor}
    return [path for path, amount in amounts.items() if amount is not None]
