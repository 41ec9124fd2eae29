"""Reads the journal in its sealed order, as documents are made of it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from domain.accounting.sync.legs import Leg, SealedEntry
from domain.kernel.access import Actor, system
from domain.kernel.calendar import local_date
from domain.kernel.db import Where, rows
from domain.ledger.accounts import Account, Event
from domain.packages.tax_store import taxed_package, taxes

# The day on the wall is one of the home branch's clock; without a package, of the branch where it was done or posted.
_ENTRY = """SELECT e.id, s.position, e.event, e.posted_on, e.effective_at, e.currency, b.time_zone
    FROM journal_entry e JOIN sealed_operation s ON s.operation_id = e.operation_id
    JOIN operation o ON o.id = e.operation_id LEFT JOIN package p ON p.id = o.package_id
    JOIN branch b ON b.id = COALESCE(p.home_branch_id, o.branch_id,
        (SELECT MIN(l.branch_id) FROM journal_line l WHERE l.entry_id = e.id))"""
_LEG = """SELECT l.entry_id, l.account, l.branch_id, b.code AS branch, l.debit_minor - l.credit_minor AS amount_minor,
    c.code AS counterparty, l.package_id, l.service_id, s.code AS service
    FROM journal_line l JOIN branch b ON b.id = l.branch_id
    LEFT JOIN branch c ON c.id = l.counterparty_id LEFT JOIN service s ON s.id = l.service_id"""


async def following(
    chain_id: str, position: int, at_most: int, branch_ids: Collection[str] | None
) -> tuple[int, list[SealedEntry]]:
    """The entries of the next sealed operations, as far as they are of the branches, and up to where that is all."""
    found = await rows(
        """SELECT position, operation_id FROM sealed_operation WHERE chain_id = $1 AND position > $2
        ORDER BY position LIMIT $3""",
        chain_id,
        position,
        at_most,
    )
    if not found:
        return position, []
    where = Where()
    where.add("e.operation_id = ANY({ids})", ids=[row["operation_id"] for row in found])
    return found[-1]["position"], await _entries(system(chain_id), where, branch_ids)


async def of_day(chain_id: str, connection_id: str, branch_id: str, day: date, position: int) -> list[SealedEntry]:
    """What the branch posted on a day, sealed up to a position, and is in no document of the connection."""
    where = Where()
    where.add("e.chain_id = {chain} AND e.posted_on = {day}", chain=chain_id, day=day)
    where.add("s.position <= {position}", position=position)
    where.add(
        "EXISTS (SELECT 1 FROM journal_line l WHERE l.entry_id = e.id AND l.branch_id = {branch})", branch=branch_id
    )
    where.add(
        """NOT EXISTS (SELECT 1 FROM sync_document_entry d
        WHERE d.connection_id = {connection} AND d.entry_id = e.id AND d.branch_id = {branch})""",
        connection=connection_id,
        branch=branch_id,
    )
    return await _entries(system(chain_id), where, [branch_id])


async def _entries(actor: Actor, where: Where, branch_ids: Collection[str] | None) -> list[SealedEntry]:
    found = await rows(f"{_ENTRY} WHERE {where} ORDER BY s.position, e.id", *where.args)
    legs = await _legs(actor, [row["id"] for row in found], branch_ids)
    return [_entry(row, its) for row in found if (its := legs[row["id"]])]


async def _legs(actor: Actor, entry_ids: Sequence[str], branch_ids: Collection[str] | None) -> dict[str, list[Leg]]:
    grouped: dict[str, list[Leg]] = {entry_id: [] for entry_id in entry_ids}
    if not entry_ids:
        return grouped
    where = Where()
    where.add("l.entry_id = ANY({ids})", ids=list(entry_ids))
    where.add_given("l.branch_id = ANY({value})", None if branch_ids is None else list(branch_ids))
    found = await rows(f"{_LEG} WHERE {where} ORDER BY l.id", *where.args)
    packages = [taxed_package(Account(row["account"]), row.pop("package_id")) for row in found]
    known = await taxes(actor, packages)
    for row, package_id in zip(found, packages, strict=True):
        tax = known.get(package_id or "")
        leg = row | {"account": Account(row["account"]), "tax_code": (tax.code or None) if tax else None}
        grouped[leg.pop("entry_id")].append(Leg(**leg))
    return grouped


def _entry(row: dict[str, Any], legs: Sequence[Leg]) -> SealedEntry:
    return SealedEntry(
        row["id"],
        row["position"],
        Event(row["event"]),
        row["posted_on"],
        local_date(row["effective_at"], row["time_zone"]),
        row["currency"],
        tuple(legs),
    )
