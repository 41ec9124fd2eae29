"""Forms a household of customers."""

from dataclasses import dataclass

from domain.customers import store
from domain.customers.errors import AlreadyInHousehold
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class FormHousehold:
    """Two or more customers who may share packages from now on."""

    name: str
    customer_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HouseholdFormed:
    """The household with its members."""

    household_id: str
    customer_ids: tuple[str, ...]


@act
async def form_household(work: Work, command: FormHousehold) -> HouseholdFormed:
    """Customers who belong to no household yet form one; it takes the role at the home branch of each of them.

    Refuses InvalidInput, NotFound (customer), AlreadyInHousehold.
    """
    customer_ids = tuple(dict.fromkeys(command.customer_ids))
    household = store.Household(new_id("hsh"), _name(command, customer_ids), reference=None)
    for customer in await _members(work, customer_ids):
        work.authorise(customer.home_branch_id)
        if customer.household_id is not None:
            raise AlreadyInHousehold(customer.id, customer.household_id)
    await store.insert_household(work, household)
    await store.join_household(household.id, customer_ids)
    outcome = HouseholdFormed(household.id, customer_ids)
    await record(work, Recorded(outcome, customer_id=customer_ids[0]))
    return outcome


def _name(command: FormHousehold, customer_ids: tuple[str, ...]) -> str:
    checks = Checks()
    name = checks.required(command.name, 120, "name")
    checks.that(2 <= len(customer_ids) <= 50, "A household has from 2 to 50 members.", "customerIds")
    checks.passed()
    return name


async def _members(work: Work, customer_ids: tuple[str, ...]) -> list[store.Customer]:
    members = {customer.id: customer for customer in await store.lock_visible(work, customer_ids)}
    for customer_id in customer_ids:
        if customer_id not in members:
            raise NotFound("customer", customer_id, "customerIds")
    return list(members.values())
