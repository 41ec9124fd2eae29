"""Sets what it costs a branch to deliver a session of a service, from a day on."""

from dataclasses import dataclass
from datetime import date

from domain.branches import store as branches
from domain.branches.errors import WrongCurrency
from domain.branches.rules import refuse_closed_books
from domain.catalog import cost_store, store
from domain.catalog.cost_store import FROM_THE_BEGINNING, DeliveryCost
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.money import MAX_MINOR

_LAST = date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class SetDeliveryCost:
    """What one session costs the branch from this day on, by the branch's own clock."""

    service_id: str
    branch_id: str
    cost_minor: int
    currency: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class DeliveryCostSet:
    """The cost counts from its day until a later day says otherwise."""

    service_id: str
    branch_id: str
    cost_minor: int
    currency: str
    starts_on: date


@act
async def set_delivery_cost(work: Work, command: SetDeliveryCost) -> DeliveryCostSet:
    """Visits from the day on cost that much, those of past days too: it is what reports reckon with, and no entry.

    Refuses InvalidInput, WrongCurrency, NotFound (service, branch), and a day in closed books, whose profit stays.
    """
    work.authorise(command.branch_id)
    _check(command)
    branch = await branches.branch(work.actor, command.branch_id, "branchId")
    if command.currency != branch.currency:
        raise WrongCurrency(command.currency, branch.currency, "cost", "currency")
    if not await store.services(work.chain_id, [command.service_id]):
        raise NotFound("service", command.service_id, "serviceId")
    refuse_closed_books(command.starts_on, await branches.lock_open_from(work.chain_id), "startsOn")
    cost = DeliveryCost(branch.id, command.starts_on, command.cost_minor)
    await cost_store.add_costs(work, command.service_id, [(cost, branch.time_zone)])
    outcome = DeliveryCostSet(command.service_id, branch.id, command.cost_minor, branch.currency, command.starts_on)
    await record(work, Recorded(outcome, branch_id=branch.id))
    return outcome


def _check(command: SetDeliveryCost) -> None:
    checks = Checks()
    checks.that(0 <= command.cost_minor < MAX_MINOR, "cost must not be negative, nor larger than Carnet keeps.", "cost")
    within = FROM_THE_BEGINNING <= command.starts_on <= _LAST
    checks.that(within, f"startsOn lies between {FROM_THE_BEGINNING} and {_LAST}.", "startsOn")
    checks.passed()
