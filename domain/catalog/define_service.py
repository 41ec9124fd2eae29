"""Defines a service and what it costs, anew or again."""

from collections import Counter
from dataclasses import dataclass, replace

from domain.branches import store as branches
from domain.branches.errors import WrongCurrency
from domain.catalog import cost_store, store
from domain.catalog.store import BranchPrice
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.kernel.money import MAX_MINOR


@dataclass(frozen=True, slots=True)
class DefineService:
    """A service under its code, with the branches that offer it and their prices, written in these currencies."""

    code: str
    name: str
    duration_minutes: int
    prices: tuple[BranchPrice, ...]
    category: str = ""
    group_class: bool = False
    tax_code: str = ""
    currencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceDefined:
    """The service is as asked from now on."""

    service_id: str
    created: bool


@act
async def define_service(work: Work, command: DefineService) -> ServiceDefined:
    """A service is offered where it has a price. The code names it: a known one is changed as a whole.

    What a session costs to deliver counts from today by the branch's clock, of a new service from the beginning.
    Packages that were sold keep the prices they were sold with. Refuses InvalidInput, WrongCurrency, NotFound
    (branch).
    """
    work.authorise(None)
    service = _service(command)
    await _refuse_other_currencies(work, command)
    time_zones = await _time_zones(work, command)
    known = await store.lock_service(work, service.code)
    service = replace(service, id=known or service.id)
    await store.put_service(work, service)
    await store.put_prices(service.id, command.prices)
    costs = {price.branch_id: price.delivery_cost_minor for price in command.prices}
    await cost_store.put_costs(work, service.id, costs, time_zones, new=known is None)
    outcome = ServiceDefined(service.id, created=known is None)
    await record(work, Recorded(outcome))
    return outcome


def _service(command: DefineService) -> store.Service:
    checks = Checks()
    service = store.Service(
        id=new_id("srv"),
        code=checks.code(command.code, "code"),
        name=checks.required(command.name, 120, "name"),
        category=checks.text(command.category, 60, "category"),
        duration_minutes=command.duration_minutes,
        group_class=command.group_class,
        tax_code=checks.text(command.tax_code, 20, "taxCode"),
    )
    fits = 1 <= command.duration_minutes <= 1440
    checks.that(fits, "durationMinutes lies between 1 and 1440.", "durationMinutes")
    _check_prices(checks, command.prices)
    checks.passed()
    return service


def _check_prices(checks: Checks, prices: tuple[BranchPrice, ...]) -> None:
    named = Counter(price.branch_id for price in prices)
    for index, price in enumerate(prices):
        where = ("prices", str(index))
        checks.that(named[price.branch_id] == 1, "The branch has two prices.", *where, "branchId")
        amounts = {"listPrice": price.list_price_minor, "deliveryCost": price.delivery_cost_minor or 0}
        for name, minor in amounts.items():
            otherwise = f"{name} must not be negative, nor larger than Carnet keeps."
            checks.that(0 <= minor < MAX_MINOR, otherwise, *where, name)


async def _refuse_other_currencies(work: Work, command: DefineService) -> None:
    chain = await branches.chain(work.chain_id)
    for currency in command.currencies:
        if currency != chain.currency:
            raise WrongCurrency(currency, chain.currency, "prices")


async def _time_zones(work: Work, command: DefineService) -> dict[str, str]:
    """The clocks of the branches that offer the service; all of them must belong to the chain."""
    found = await branches.by_ids(work.actor, [price.branch_id for price in command.prices])
    known = {branch.id: branch.time_zone for branch in found}
    for index, price in enumerate(command.prices):
        if price.branch_id not in known:
            raise NotFound("branch", price.branch_id, "prices", str(index), "branchId")
    return known
