"""Forms a household of customers."""

from dataclasses import dataclass

from domain.customers import households_store, store
from domain.customers.errors import AlreadyInHousehold, NotInHousehold
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.ids import new_id

MOST_MEMBERS = 50


@dataclass(frozen=True, slots=True)
class FormHousehold:
    """Two or more customers who may share packages from now on, and who of them may act for the others.

    Where no guardian is named it is the member who was registered first.
    """

    name: str
    customer_ids: tuple[str, ...]
    guardian_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HouseholdFormed:
    """The household with its members and its guardians."""

    household_id: str
    customer_ids: tuple[str, ...]
    guardian_ids: tuple[str, ...] = ()


@act
async def form_household(work: Work, command: FormHousehold) -> HouseholdFormed:
    """Customers who belong to no household yet form one; it takes the role at the home branch of each of them.

    Refuses InvalidInput, NotFound or CustomerMerged (customer), AlreadyInHousehold, NotInHousehold (a guardian).
    """
    customer_ids = tuple(dict.fromkeys(command.customer_ids))
    household = store.Household(new_id("hsh"), _name(command, customer_ids), reference=None)
    members = await _members(work, customer_ids)
    for customer in members:
        work.authorise(customer.home_branch_id)
        if customer.household_id is not None:
            raise AlreadyInHousehold(customer.id, customer.household_id)
    guardian_ids = _guardians(command, members)
    await store.insert_household(work, household)
    await households_store.join(household.id, customer_ids)
    await households_store.appoint(household.id, guardian_ids)
    outcome = HouseholdFormed(household.id, customer_ids, guardian_ids)
    await record(work, Recorded(outcome, customer_id=customer_ids[0]))
    return outcome


def _name(command: FormHousehold, customer_ids: tuple[str, ...]) -> str:
    checks = Checks()
    name = checks.required(command.name, 120, "name")
    few = 2 <= len(customer_ids) <= MOST_MEMBERS
    checks.that(few, f"A household has from 2 to {MOST_MEMBERS} members.", "customerIds")
    checks.passed()
    return name


async def _members(work: Work, customer_ids: tuple[str, ...]) -> list[store.Customer]:
    members = {customer.id: customer for customer in await store.lock_visible(work, customer_ids)}
    for customer_id in customer_ids:
        if customer_id not in members:
            raise await store.not_locked(work, customer_id, "customerIds")
    return list(members.values())


def _guardians(command: FormHousehold, members: list[store.Customer]) -> tuple[str, ...]:
    known = {member.id for member in members}
    for guardian_id in command.guardian_ids:
        if guardian_id not in known:
            raise NotInHousehold(guardian_id, "guardianIds")
    first = min(members, key=lambda member: (member.registered_at, member.id))
    return tuple(dict.fromkeys(command.guardian_ids)) or (first.id,)
