"""Imports a person whom the old system knew, under one or several references."""

from dataclasses import dataclass
from datetime import date

from domain.branches import store as branches
from domain.customers import store as customers
from domain.customers.rules import fold_name
from domain.customers.store import Customer, Household
from domain.imports import store
from domain.kernel.calendar import start_of_day
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class ImportCustomer:
    """A person as the old system knew them; phone and e-mail are in the form in which they are looked up."""

    references: tuple[str, ...]
    first_name: str
    last_name: str
    phone: str | None
    email: str | None
    country: str | None
    birthday: date | None
    tags: tuple[str, ...]
    whatsapp_consent: bool | None
    home_branch_id: str
    household_reference: str | None
    registered_on: date


@dataclass(frozen=True, slots=True)
class CustomerImported:
    """The person is a customer, under all of the references; perhaps they were before."""

    customer_id: str
    created: bool


@act
async def import_customer(work: Work, command: ImportCustomer) -> CustomerImported:
    """A person is a customer once: known by a reference, or by phone and name, they only get the other references.

    Refuses NotFound (branch).
    """
    work.authorise(command.home_branch_id)
    branch = await branches.branch(work.actor, command.home_branch_id, "homeBranchId")
    await customers.lock_registrations(work)
    owners = dict(await customers.with_references(work.chain_id, command.references))
    known = next(iter(owners.values()), None) or await _same_person(work, command)
    customer_id = known or await _register(work, command, branch.time_zone)
    missing = [(reference, customer_id) for reference in command.references if reference not in owners]
    await customers.insert_references(work, missing)
    outcome = CustomerImported(customer_id, created=known is None)
    await record(work, Recorded(outcome, branch_id=branch.id, customer_id=customer_id))
    return outcome


async def _same_person(work: Work, command: ImportCustomer) -> str | None:
    if command.phone is None:
        return None
    name = fold_name(command.first_name, command.last_name)
    namesakes = await customers.with_phone(work.chain_id, command.phone)
    return next((other.id for other in namesakes if fold_name(other.first_name, other.last_name) == name), None)


async def _register(work: Work, command: ImportCustomer, time_zone: str) -> str:
    household_id, founded = await _household(work, command)
    customer = Customer(
        id=new_id("cus"),
        first_name=command.first_name,
        last_name=command.last_name,
        phone=command.phone,
        email=command.email,
        country=command.country,
        birthday=command.birthday,
        tags=command.tags,
        whatsapp_consent=command.whatsapp_consent,
        notes="",
        home_branch_id=command.home_branch_id,
        household_id=household_id,
        guardian=founded,
        registered_at=start_of_day(command.registered_on, time_zone),
    )
    await customers.insert_customers(work, [customer])
    return customer.id


async def _household(work: Work, command: ImportCustomer) -> tuple[str | None, bool]:
    """The household of the reference, and whether this member founds and names it, and so is its guardian."""
    reference = command.household_reference
    if reference is None:
        return None, False
    known = await store.household(work.chain_id, reference)
    if known is None:
        household = Household(new_id("hsh"), command.last_name or command.first_name, reference)
        await customers.insert_household(work, household)
        return household.id, True
    return known, False
