"""Sets what a branch earns for the sessions of another branch's packages, from a day on."""

from dataclasses import dataclass
from datetime import date

from domain.branches import store as branches
from domain.branches.rules import refuse_closed_books
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.settlements import rates_store
from domain.settlements.rates import WHOLE_BP, Basis, Rate

_FIRST, _LAST = date(1970, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class SetSettlementRate:
    """What counts between two branches from this day on; a branch left out stands for any."""

    basis: Basis
    starts_on: date
    home_branch_id: str | None = None
    performing_branch_id: str | None = None
    percent_bp: int | None = None


@dataclass(frozen=True, slots=True)
class SettlementRateSet:
    """The rate counts from its day on, until a later day or a narrower rate says otherwise."""

    rate_id: str


@act
async def set_settlement_rate(work: Work, command: SetSettlementRate) -> SettlementRateSet:
    """Visits from the day on earn that much, by the clock of the branch that performs them.

    What is posted stays as it was posted; of past days only visits that are told from now on earn by it. Refuses
    InvalidInput, NotFound (branches), and a day in closed books, in which nothing is told any more.
    """
    work.authorise(None)
    _check(command)
    await _refuse_unknown(work, command)
    refuse_closed_books(command.starts_on, await branches.lock_open_from(work.chain_id), "startsOn")
    rate = Rate(
        new_id("rte"),
        command.home_branch_id,
        command.performing_branch_id,
        command.basis,
        command.percent_bp,
        command.starts_on,
    )
    outcome = SettlementRateSet(rate.id)
    await record(work, Recorded(outcome))
    await rates_store.insert_rate(work, rate)
    return outcome


def _check(command: SetSettlementRate) -> None:
    checks = Checks()
    by_list = command.basis is Basis.LIST_PERCENT
    given = command.percent_bp is not None
    checks.that(given or not by_list, "Say how many per cent of the list price.", "percent")
    checks.that(by_list or not given, "The value of a session is not taken in per cent. Leave it out.", "percent")
    within = command.percent_bp is None or 0 <= command.percent_bp <= WHOLE_BP
    checks.that(within, "percent goes from 0 to 100.00, such as 23.00.", "percent")
    home, performing = command.home_branch_id, command.performing_branch_id
    other = home is None or home != performing
    checks.that(other, "A branch owes itself nothing. Name another one.", "performingBranchId")
    checks.that(_FIRST <= command.starts_on <= _LAST, f"startsOn lies between {_FIRST} and {_LAST}.", "startsOn")
    checks.passed()


async def _refuse_unknown(work: Work, command: SetSettlementRate) -> None:
    asked = {"homeBranchId": command.home_branch_id, "performingBranchId": command.performing_branch_id}
    known = {each.id for each in await branches.by_ids(work.actor, [each for each in asked.values() if each])}
    for path, branch_id in asked.items():
        if branch_id is not None and branch_id not in known:
            raise NotFound("branch", branch_id, path)
