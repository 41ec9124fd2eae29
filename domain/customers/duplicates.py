"""Customers who may be one person: pairs that share a phone or an e-mail address."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.customers import store
from domain.customers.store import LIVING, visible_to
from domain.customers.view import CustomerView, seen_by
from domain.kernel.access import Actor
from domain.kernel.db import Where, rows
from domain.kernel.reads import DUPLICATES


class Shared(StrEnum):
    """What two customers have in common."""

    PHONE = "PHONE"
    EMAIL = "EMAIL"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two customers, the one who was registered first before the other, and why they may be one person."""

    one: CustomerView
    other: CustomerView
    because: tuple[Shared, ...]


async def page(actor: Actor, after: Sequence[str] | None, limit: int) -> list[Pair]:
    """Pairs of whom the actor may see both, in the order of their registration, behind a pair of ids."""
    if not DUPLICATES.lets(actor):
        return []
    found = await _pairs(actor, after, limit)
    ids = {customer_id for row in found for customer_id in (row["one_id"], row["other_id"])}
    seen = {customer.id: seen_by(actor, customer) for customer in await store.by_ids(actor, sorted(ids))}
    return [Pair(seen[row["one_id"]], seen[row["other_id"]], _because(row)) for row in found]


async def _pairs(actor: Actor, after: Sequence[str] | None, limit: int) -> list[dict[str, Any]]:
    """Who has a twin and may be seen is found once, and not for every pair: many may have the desk's own address."""
    where = Where()
    visible, where.args = visible_to(actor)
    one_id, other_id = after or ("", "")
    where.add("(t.one_id, t.other_id) > ({one}, {other})", one=one_id, other=other_id)
    return await rows(
        f"""WITH seen AS (SELECT c.id, c.phone, c.email FROM customer c
            WHERE ({_has_twin("phone")} OR {_has_twin("email")}) AND {LIVING} AND {visible})
        SELECT t.one_id, t.other_id, MAX(t.by_phone) AS by_phone, MAX(t.by_email) AS by_email FROM (
            {_sharing("phone", 1, 0)} UNION ALL {_sharing("email", 0, 1)}) AS t
        WHERE {where} GROUP BY t.one_id, t.other_id ORDER BY t.one_id, t.other_id LIMIT {where.value(limit)}""",
        *where.args,
    )


def _has_twin(column: str) -> str:
    return f"""EXISTS (SELECT 1 FROM customer d
        WHERE d.chain_id = c.chain_id AND d.{column} = c.{column} AND d.id <> c.id)"""


def _sharing(column: str, by_phone: int, by_email: int) -> str:
    """Both are written in one form when they are registered: phones with their country, addresses in small letters."""
    return f"""SELECT a.id AS one_id, b.id AS other_id, {by_phone} AS by_phone, {by_email} AS by_email
        FROM seen a JOIN seen b ON b.{column} = a.{column} AND b.id > a.id"""


def _because(row: dict[str, Any]) -> tuple[Shared, ...]:
    return tuple(shared for shared in Shared if row[f"by_{shared.lower()}"])
