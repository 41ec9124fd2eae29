"""Opens a branch of a chain."""

from dataclasses import dataclass

from domain.branches import store
from domain.branches.errors import BranchCodeTaken, WrongCurrency
from domain.branches.rules import is_time_zone
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class OpenBranch:
    """A new location; the currency and the legal entity are the chain's unless given."""

    code: str
    name: str
    time_zone: str
    currency: str | None = None
    legal_entity: str | None = None


@dataclass(frozen=True, slots=True)
class BranchOpened:
    """The branch can sell and perform from now on."""

    branch_id: str


@act
async def open_branch(work: Work, command: OpenBranch) -> BranchOpened:
    """A branch opens under a code of its own, by its own clock, in the currency of its chain.

    Refuses InvalidInput, WrongCurrency, BranchCodeTaken.
    """
    work.authorise(None)
    chain = await store.chain(work.chain_id)
    branch = _branch(work, command, chain)
    if branch.currency != chain.currency:
        raise WrongCurrency(branch.currency, chain.currency, "currency")
    if taken := await store.with_code(work.chain_id, branch.code):
        raise BranchCodeTaken(branch.code, taken.id)
    await store.insert_branch(work, branch)
    outcome = BranchOpened(branch.id)
    await record(work, Recorded(outcome, branch_id=branch.id))
    return outcome


def _branch(work: Work, command: OpenBranch, chain: store.Chain) -> store.Branch:
    checks = Checks()
    checks.that(is_time_zone(command.time_zone), "timeZone is a name such as Europe/Lisbon.", "timeZone")
    branch = store.Branch(
        id=new_id("brn"),
        code=checks.code(command.code, "code"),
        name=checks.required(command.name, 120, "name"),
        time_zone=command.time_zone,
        currency=command.currency or chain.currency,
        legal_entity=checks.text(command.legal_entity or "", 120, "legalEntity") or chain.name,
        opened_at=work.now,
        closed_at=None,
    )
    checks.passed()
    return branch
