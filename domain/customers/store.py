"""Every statement about customers and households that acts need; what the graph reads besides: `reading.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from domain.kernel.access import Actor, Principal
from domain.kernel.commands import Work
from domain.kernel.db import insert, rows
from domain.kernel.errors import NotFound, Refusal
from domain.packages.merged_store import no_customer
from domain.packages.seen import AT_BRANCHES


@dataclass(frozen=True, slots=True)
class Customer:
    """A person who holds or shares packages of the chain."""

    id: str
    first_name: str
    last_name: str
    phone: str | None
    email: str | None
    country: str | None
    birthday: date | None
    tags: tuple[str, ...]
    whatsapp_consent: bool | None
    notes: str
    home_branch_id: str
    household_id: str | None
    registered_at: datetime
    merged_into_id: str | None = None
    """Who they turned out to be; what follows is theirs."""
    erased_at: datetime | None = None
    guardian: bool = False
    """Whether they may act for the others in the household."""

    @property
    def acts(self) -> bool:
        """Whether anything can be done with or for them."""
        return self.merged_into_id is None and self.erased_at is None


@dataclass(frozen=True, slots=True)
class Household:
    """Customers who may share packages."""

    id: str
    name: str
    reference: str | None


COLUMNS = ", ".join(f"c.{name}" for name in Customer.__slots__)
LIVING = "c.merged_into_id IS NULL AND c.erased_at IS NULL"
"""Of `c`: neither merged into somebody else nor erased."""

# OFFSET 0: see AT_BRANCHES.
_CONCERNS_BRANCHES = f"""c.home_branch_id = ANY($2)
    OR EXISTS (SELECT 1 FROM booking_person bp JOIN booking bk ON bk.id = bp.booking_id
        WHERE bp.customer_id = c.id AND bk.branch_id = ANY($2) LIMIT 1 OFFSET 0)
    OR EXISTS (SELECT 1 FROM operation o
        WHERE o.customer_id = c.id AND o.act = 'redeem_session' AND o.branch_id = ANY($2)
        LIMIT 1 OFFSET 0)
    OR EXISTS (SELECT 1 FROM customer w LEFT JOIN operation o ON o.customer_id = w.id AND o.act = 'redeem_session'
        AND o.branch_id = ANY($2) WHERE w.merged_into_id = c.id AND (w.home_branch_id = ANY($2) OR o.id IS NOT NULL)
        LIMIT 1 OFFSET 0)
    OR EXISTS (SELECT 1 FROM package p WHERE p.holder_id = c.id AND ({AT_BRANCHES.format(ids="$2")})
        LIMIT 1 OFFSET 0)"""


def visible_to(actor: Actor) -> tuple[str, list[Any]]:
    """The condition on `c` that keeps the actor to what it may see, with its arguments from $1 on.

    Staff of single branches see who is at home there, comes or came there, or holds a package that they may see; a
    customer sees itself and its household.
    """
    if actor.kind is Principal.CUSTOMER:
        own = "c.id = $2 OR c.merged_into_id = $2 OR c.household_id = $3"
        return f"c.chain_id = $1 AND ({own})", [actor.chain_id, actor.id, actor.household_id]
    branches = actor.visible_branches
    if branches is None:
        return "c.chain_id = $1", [actor.chain_id]
    return f"c.chain_id = $1 AND ({_CONCERNS_BRANCHES})", [actor.chain_id, sorted(branches)]


async def by_ids(actor: Actor, customer_ids: Sequence[str]) -> list[Customer]:
    """Those of the customers that the actor may see."""
    visible, args = visible_to(actor)
    found = await rows(
        f"SELECT {COLUMNS} FROM customer c WHERE {visible} AND c.id = ANY(${len(args) + 1})",
        *args,
        list(customer_ids),
    )
    return [customer_of(row) for row in found]


def customer_of(row: Mapping[str, Any]) -> Customer:
    """The customer in a row of `COLUMNS`."""
    consent = row["whatsapp_consent"]
    known = {"tags": tuple(row["tags"]), "whatsapp_consent": None if consent is None else bool(consent)}
    known["guardian"] = bool(row["guardian"])
    return Customer(**{**row, **known})


async def households_by_ids(actor: Actor, household_ids: Sequence[str]) -> list[Household]:
    """Those of the households that have a member whom the actor may see."""
    visible, args = visible_to(actor)
    found = await rows(
        f"""SELECT h.id, h.name, h.reference FROM household h WHERE h.id = ANY(${len(args) + 1})
        AND EXISTS (SELECT 1 FROM customer c WHERE c.household_id = h.id AND {visible})""",
        *args,
        list(household_ids),
    )
    return [Household(**row) for row in found]


def _acted_for_by(actor: Actor) -> tuple[str, list[Any]]:
    """A key that acts for customers acts for all of the chain, whether or not it is also trusted with reading them."""
    return ("c.chain_id = $1", [actor.chain_id]) if actor.kind is Principal.INTEGRATION else visible_to(actor)


async def has_household(actor: Actor, household_id: str) -> bool:
    """Whether there is this household, with a member whom the actor may see or act for."""
    visible, args = _acted_for_by(actor)
    member = f"SELECT id FROM customer c WHERE {visible} AND c.household_id = ${len(args) + 1} LIMIT 1"
    return bool(await rows(member, *args, household_id))


async def lock_visible(work: Work, customer_ids: Sequence[str]) -> list[Customer]:
    """Those of the customers whom the actor may see or act for, who stay as they are until the act ends."""
    visible, args = _acted_for_by(work.actor)
    found = await rows(
        f"SELECT {COLUMNS} FROM customer c WHERE {visible} AND {LIVING} AND c.id = ANY(${len(args) + 1})"
        " ORDER BY c.id FOR UPDATE OF c",
        *args,
        list(customer_ids),
    )
    return [customer_of(row) for row in found]


async def not_locked(work: Work, customer_id: str, *path: str) -> Refusal:
    """Why `lock_visible` did not find somebody: it names whom they were merged into, if the actor may see them."""
    visible, args = _acted_for_by(work.actor)
    if await rows(f"SELECT id FROM customer c WHERE {visible} AND c.id = ${len(args) + 1}", *args, customer_id):
        return await no_customer(work.chain_id, customer_id, *path)
    return NotFound("customer", customer_id, *path)


async def exists(chain_id: str, customer_id: str) -> bool:
    """Whether the chain has this customer, whoever may see them: anybody may buy at any branch."""
    return bool(
        await rows(f"SELECT id FROM customer c WHERE chain_id = $1 AND id = $2 AND {LIVING}", chain_id, customer_id)
    )


async def lock(chain_id: str, customer_id: str) -> None:
    """Let the acts that decide by what a customer has pass one by one."""
    await rows("SELECT id FROM customer WHERE chain_id = $1 AND id = $2 FOR UPDATE", chain_id, customer_id)


async def lock_registrations(work: Work) -> None:
    """Let the registrations of a chain pass one by one, so that the same person typed twice at once is seen."""
    await rows("SELECT id FROM chain WHERE id = $1 FOR NO KEY UPDATE", work.chain_id)


async def with_phone(chain_id: str, phone: str) -> list[Customer]:
    """Everybody in the chain with this phone, whoever asks: one person is registered once.

    Who was merged is still known by their name and phone, under the id of who they are.
    """
    found = await rows(f"SELECT {COLUMNS} FROM customer c WHERE c.chain_id = $1 AND c.phone = $2", chain_id, phone)
    return [replace(each, id=each.merged_into_id or each.id) for each in map(customer_of, found)]


async def with_references(chain_id: str, references: Sequence[str]) -> list[tuple[str, str]]:
    """Which of these references are taken in the chain, and by which customer."""
    found = await rows(
        "SELECT reference, customer_id FROM customer_reference WHERE chain_id = $1 AND reference = ANY($2) ORDER BY id",
        chain_id,
        list(references),
    )
    return [(row["reference"], row["customer_id"]) for row in found]


async def insert_customers(work: Work, customers: Sequence[Customer]) -> None:
    """New customers of the chain."""
    await insert(
        "customer",
        [
            {"chain_id": work.chain_id}
            | {name: getattr(customer, name) for name in Customer.__slots__}
            | {"tags": list(customer.tags)}
            for customer in customers
        ],
    )


async def insert_references(work: Work, references: Sequence[tuple[str, str]]) -> None:
    """References and the customers who are known by them from now on."""
    await insert(
        "customer_reference",
        [
            {"chain_id": work.chain_id, "customer_id": customer_id, "reference": reference}
            for reference, customer_id in references
        ],
    )


async def insert_household(work: Work, household: Household) -> None:
    """A household, still without members."""
    await insert(
        "household",
        [
            {
                "id": household.id,
                "chain_id": work.chain_id,
                "name": household.name,
                "reference": household.reference,
                "created_at": work.now,
            }
        ],
    )
