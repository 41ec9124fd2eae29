"""Erase who a customer was: names, phones, e-mail addresses and words go, sessions and money stay as they are."""

from dataclasses import dataclass, replace

from domain.branches import store as branches
from domain.customers import erasing_store as erasing
from domain.customers import merging_store as merging
from domain.customers import store
from domain.customers.erasing_told_store import forget_told
from domain.customers.holding_store import Holding, holding
from domain.customers.merging_errors import CustomerStillHolds, refuse_gone
from domain.customers.store import Customer
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.money import Money
from domain.ledger import seal


@dataclass(frozen=True, slots=True)
class EraseCustomer:
    """Who asked to be forgotten, and why; `confirm` where they still hold, owe or are expected for something.

    The reason stays in the audit log: it should not name the person.
    """

    customer_id: str
    reason: str
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class WasErased:
    """How many customers were this person, and how many operations lost their words; what they still held."""

    customer_id: str
    customers: int
    operations: int
    sessions: int
    credit_minor: int
    owed_minor: int
    bookings: int
    currency: str


@act
async def erase_customer(work: Work, command: EraseCustomer) -> WasErased:
    """Nothing tells any more who they were, nor who was merged into them; what they bought, used and paid stays.

    Words go from their record, references, merges, visits, transfers, refunds, from what other systems told and from
    the operations about them; each of these that was sealed is written down, so that its seal can still be proved.
    What they still hold can only be wound up by its package, visit or account. Refuses NotFound, CustomerMerged,
    CustomerErased, CustomerStillHolds.
    """
    work.authorise(None)
    work.erases = True
    command = _checked(command)
    await store.lock_registrations(work)  # the sealer waits too
    customer = await _locked(work, command)
    persons = await erasing.persons(command.customer_id)
    held = await holding(persons, work.now)
    currency = (await branches.chain(work.chain_id)).currency
    if held.anything and not command.confirm:
        raise _still_holds(command.customer_id, held, currency)
    names = await erasing.names(persons)
    said = [each for each in await erasing.said(persons) if each.without(names) != each]
    intact = await seal.intact(work.chain_id, [each.id for each in said])
    for each in said:
        await erasing.forget_said(each.without(names))
    await forget_told(work, persons)
    await erasing.forget_visits(persons)
    await erasing.forget_changes(persons)
    await erasing.forget_person(work, persons)
    await merging.keep_guarded([customer.household_id] if customer.household_id else [])
    outcome = _outcome(command, len(persons), len(said), held, currency)
    await record(work, Recorded(outcome, customer_id=command.customer_id, reason=command.reason))
    await seal.note_erased(work.operation_id, intact)
    return outcome


def _checked(command: EraseCustomer) -> EraseCustomer:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _locked(work: Work, command: EraseCustomer) -> Customer:
    seen = await store.by_ids(work.actor, [command.customer_id])
    if not seen:
        raise NotFound("customer", command.customer_id, "customerId")
    refuse_gone(seen[0], "customerId")
    (customer,) = await store.lock_visible(work, [command.customer_id])
    return customer


def _still_holds(customer_id: str, held: Holding, currency: str) -> CustomerStillHolds:
    credit, owed = Money(held.credit_minor, currency), Money(held.owed_minor, currency)
    return CustomerStillHolds(customer_id, held.sessions, credit, owed, held.bookings)


def _outcome(command: EraseCustomer, customers: int, operations: int, held: Holding, currency: str) -> WasErased:
    return WasErased(
        customer_id=command.customer_id,
        customers=customers,
        operations=operations,
        sessions=held.sessions,
        credit_minor=held.credit_minor,
        owed_minor=held.owed_minor,
        bookings=held.bookings,
        currency=currency,
    )
