"""Every statement by which the graph looks customers up, each limited to what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.customers import store
from domain.customers.rules import phones_meant
from domain.customers.store import COLUMNS, LIVING, Household, customer_of, visible_to
from domain.customers.view import CustomerView, seen_by
from domain.kernel.access import Actor, Principal, Role
from domain.kernel.db import Where, rows

_CREDIT = """(SELECT COALESCE(SUM(l.credit_minor - l.debit_minor), 0) FROM journal_line l
    WHERE l.customer_id = c.id AND l.account = 'CUSTOMER_CREDIT')"""
# Also by the phone or e-mail address of those merged into them.
_KNOWN_BY = """c.id IN (SELECT COALESCE(w.merged_into_id, w.id) FROM customer w
    WHERE w.chain_id = c.chain_id AND w.{} = {})"""
_SERVE = (Role.OWNER, Role.MANAGER, Role.FRONT_DESK)


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers; what is left out does not limit. The phone in any spelling, of one country or of any."""

    phone: str | None = None
    country: str | None = None
    email: str | None = None
    reference: str | None = None
    home_branch_id: str | None = None
    household_id: str | None = None
    with_credit: bool | None = None

    @property
    def exact(self) -> bool:
        """Whether somebody is looked up who gave a phone, an e-mail address or a reference."""
        return not (self.phone is self.email is self.reference is None)

    @property
    def tells(self) -> bool:
        """Whether who is found tells more of them than their name."""
        return self.exact or self.home_branch_id is not None or self.with_credit is not None


async def by_ids(actor: Actor, customer_ids: Sequence[str]) -> list[CustomerView]:
    """Those of the customers that the actor may see, as far as the actor may see them."""
    return [seen_by(actor, customer) for customer in await store.by_ids(actor, customer_ids)]


async def page(
    actor: Actor, which: CustomerFilter, after: str | None, limit: int, newest_first: bool = False
) -> list[CustomerView]:
    """Customers in the order of their registration, from the one after this id."""
    where = _found_by(actor, which)
    where.add_given("c.id < {value}" if newest_first else "c.id > {value}", after)
    found = await rows(
        f"SELECT {COLUMNS} FROM customer c WHERE {where}"
        f" ORDER BY c.id {'DESC' if newest_first else 'ASC'} LIMIT {where.value(limit)}",
        *where.args,
    )
    return [seen_by(actor, customer_of(row)) for row in found]


async def count(actor: Actor, which: CustomerFilter) -> int:
    """How many customers a filter finds for the actor."""
    where = _found_by(actor, which)
    number: int = (await rows(f"SELECT COUNT(*) AS found FROM customer c WHERE {where}", *where.args))[0]["found"]
    return number


def _found_by(actor: Actor, which: CustomerFilter) -> Where:
    where = _within(actor, which)
    where.add(LIVING)
    if which.phone is not None:
        where.add(_KNOWN_BY.format("phone", "ANY({phones})"), phones=phones_meant(which.phone, which.country))
    where.add_given(_KNOWN_BY.format("email", "{value}"), which.email and which.email.strip().lower())
    where.add_given(
        "c.id IN (SELECT r.customer_id FROM customer_reference r WHERE r.chain_id = c.chain_id"
        " AND r.reference = {value})",
        which.reference,
    )
    where.add_given("c.home_branch_id = {value}", which.home_branch_id)
    where.add_given("c.household_id = {value}", which.household_id)
    if which.with_credit is not None:
        where.add(f"{_CREDIT} > 0" if which.with_credit else f"{_CREDIT} = 0")
    return where


def _within(actor: Actor, which: CustomerFilter) -> Where:
    """Who may be found: a walk-in of another branch must be served, so who gives a phone is found in all the chain."""
    where = Where()
    if which.exact and actor.kind is Principal.STAFF and actor.branches(_SERVE) != frozenset():
        where.add("c.chain_id = {chain}", chain=actor.chain_id)
    elif actor.kind is Principal.CUSTOMER and which.tells:
        # What is hidden of others must not be guessed by asking for it.
        where.add("c.chain_id = {chain} AND c.id = {own}", chain=actor.chain_id, own=actor.id)
    else:
        condition, args = visible_to(actor)
        where.args += args
        where.add(condition)
    return where


async def references_of(actor: Actor, customer_ids: Sequence[str]) -> list[tuple[str, str]]:
    """(customer, reference) pairs by which other systems know these customers, for the staff who may see them."""
    if actor.kind is Principal.CUSTOMER:
        return []
    visible, args = visible_to(actor)
    found = await rows(
        f"""SELECT r.customer_id, r.reference FROM customer_reference r JOIN customer c ON c.id = r.customer_id
        WHERE {visible} AND r.customer_id = ANY(${len(args) + 1}) ORDER BY r.id""",
        *args,
        list(customer_ids),
    )
    return [(row["customer_id"], row["reference"]) for row in found]


async def members_of(actor: Actor, household_ids: Sequence[str]) -> list[tuple[str, CustomerView]]:
    """(household, member) pairs in the order of registration, of those the actor may see."""
    visible, args = visible_to(actor)
    found = await rows(
        f"SELECT {COLUMNS} FROM customer c WHERE {visible} AND {LIVING} AND c.household_id = ANY(${len(args) + 1})"
        " ORDER BY c.id",
        *args,
        list(household_ids),
    )
    return [(row["household_id"], seen_by(actor, customer_of(row))) for row in found]


async def households_page(actor: Actor, after: str | None, limit: int) -> list[Household]:
    """Households with a member whom the actor may see, in the order of their forming, from the one after this id."""
    visible, args = visible_to(actor)
    found = await rows(
        f"""SELECT h.id, h.name, h.reference FROM household h WHERE h.chain_id = $1 AND h.id > ${len(args) + 1}
        AND EXISTS (SELECT 1 FROM customer c WHERE c.household_id = h.id AND {visible})
        ORDER BY h.id LIMIT ${len(args) + 2}""",
        *args,
        after or "",
        limit,
    )
    return [Household(**row) for row in found]
