"""Registers a customer of the chain."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.branches import store as branches
from domain.customers import store
from domain.customers.errors import CustomerExists, CustomerReferenceTaken
from domain.customers.rules import fold_name, is_country, normalise_phone
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id

_EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class RegisterCustomer:
    """A person as the desk writes them down; the country (ISO 3166) is the phone's, consent is never assumed."""

    first_name: str
    home_branch_id: str
    last_name: str = ""
    phone: str | None = None
    email: str | None = None
    country: str | None = None
    birthday: date | None = None
    tags: tuple[str, ...] = ()
    whatsapp_consent: bool | None = None
    household_id: str | None = None
    references: tuple[str, ...] = ()
    notes: str = ""
    even_if_exists: bool = False


@dataclass(frozen=True, slots=True)
class CustomerRegistered:
    """The person is a customer from now on."""

    customer_id: str


@act
async def register_customer(work: Work, command: RegisterCustomer) -> CustomerRegistered:
    """A person becomes a customer once: the same phone and the same name are the same person unless said otherwise.

    Refuses InvalidInput, NotFound (branch, household), CustomerExists, CustomerReferenceTaken.
    """
    work.authorise(command.home_branch_id)
    customer, references = _written(work, command)
    await branches.branch(work.actor, command.home_branch_id, "homeBranchId")
    await _refuse_strange_household(work, customer)
    if not command.even_if_exists:
        await _refuse_known_person(work, customer)
    await _refuse_taken_references(work, references)
    await store.insert_customers(work, [customer])
    await store.insert_references(work, [(reference, customer.id) for reference in references])
    outcome = CustomerRegistered(customer.id)
    await record(work, Recorded(outcome, branch_id=customer.home_branch_id, customer_id=customer.id))
    return outcome


def _written(work: Work, command: RegisterCustomer) -> tuple[store.Customer, list[str]]:
    checks = Checks()
    references = _distinct(checks.required(text, 64, "references") for text in command.references)
    customer = store.Customer(
        id=new_id("cus"),
        first_name=checks.required(command.first_name, 120, "firstName"),
        last_name=checks.text(command.last_name, 120, "lastName"),
        phone=_phone(checks, command),
        email=checks.email(command.email, "email"),
        country=command.country or None,
        birthday=command.birthday,
        tags=tuple(_distinct(checks.required(tag, 60, "tags") for tag in command.tags)),
        whatsapp_consent=command.whatsapp_consent,
        notes=checks.text(command.notes, 10_000, "notes", lines=True),
        home_branch_id=command.home_branch_id,
        household_id=command.household_id,
        registered_at=work.now,
    )
    born = command.birthday or _EARLIEST
    checks.that(_EARLIEST <= born <= work.now.date(), "birthday lies between 1900 and today.", "birthday")
    checks.that(len(customer.tags) <= 50, "A customer has at most 50 tags.", "tags")
    checks.that(len(references) <= 50, "A customer has at most 50 references.", "references")
    checks.passed()
    return customer, references


def _phone(checks: Checks, command: RegisterCustomer) -> str | None:
    known = not command.country or is_country(command.country)
    checks.that(known, "country is an ISO 3166 code such as PT.", "country")
    if not command.phone or not command.phone.strip():
        return None
    phone = normalise_phone(command.phone, command.country)
    checks.that(phone is not None, "phone is no number; begin with + and the country's code.", "phone")
    return phone


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


async def _refuse_strange_household(work: Work, customer: store.Customer) -> None:
    if customer.household_id and not await store.households_by_ids(work.actor, [customer.household_id]):
        raise NotFound("household", customer.household_id, "householdId")


async def _refuse_known_person(work: Work, customer: store.Customer) -> None:
    if customer.phone is None:
        return
    await store.lock_registrations(work)
    name = fold_name(customer.first_name, customer.last_name)
    for known in await store.with_phone(work.chain_id, customer.phone):
        if fold_name(known.first_name, known.last_name) == name:
            raise CustomerExists(await _if_visible(work, known.id))


async def _refuse_taken_references(work: Work, references: list[str]) -> None:
    taken = await store.with_references(work.chain_id, references) if references else []
    for reference, customer_id in taken:
        raise CustomerReferenceTaken(reference, await _if_visible(work, customer_id))


async def _if_visible(work: Work, customer_id: str) -> str | None:
    return customer_id if await store.by_ids(work.actor, [customer_id]) else None
