"""The journal in the order of its days, as far as the actor may read the books."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any

from domain.accounting.plain_text.view import Leg, PostedEntry
from domain.kernel.access import Actor
from domain.kernel.calendar import Days, local_date
from domain.kernel.db import Where, rows
from domain.ledger.accounts import Account, Event, PaymentMethod
from domain.ledger.journal import INTERCOMPANY, accounts_branches
from domain.packages.tax_store import PackageTax, taxed_package, taxes

_CHUNK = 1_000
_WHAT = "journal entries"
# The day of posting is one of the home branch's clock; without a package, of the branch where it was done or posted.
_ENTRY = """SELECT e.id, e.operation_id, e.event, e.posted_on, e.effective_at, b.time_zone FROM journal_entry e
    JOIN operation o ON o.id = e.operation_id LEFT JOIN package p ON p.id = o.package_id
    JOIN branch b ON b.id = COALESCE(p.home_branch_id, o.branch_id,
        (SELECT MIN(l.branch_id) FROM journal_line l WHERE l.entry_id = e.id))"""
_AT_BRANCHES = "EXISTS (SELECT 1 FROM journal_line l WHERE l.entry_id = e.id AND l.branch_id = ANY({value}))"
_LEGS = """FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id JOIN branch b ON b.id = l.branch_id
    LEFT JOIN branch c ON c.id = l.counterparty_id"""


async def entries(actor: Actor, days: Days, chunk: int = _CHUNK) -> AsyncIterator[list[PostedEntry]]:
    """The entries of these days in the order of their days and ids, so many at a time."""
    after: tuple[date, str] | None = None
    while found := await _next(actor, days, chunk, after):
        legs = await _legs(actor, [row["id"] for row in found])
        yield [_entry(row, legs[row["id"]]) for row in found]
        after = found[-1]["posted_on"], found[-1]["id"]


async def _next(actor: Actor, days: Days, limit: int, after: tuple[date, str] | None) -> list[dict[str, Any]]:
    where = Where()
    where.add("e.chain_id = {chain}", chain=actor.chain_id)
    where.add_given(_AT_BRANCHES, accounts_branches(actor, _WHAT))
    where.add_given("e.posted_on >= {value}", days.first)
    where.add_given("e.posted_on <= {value}", days.last)
    if after:
        where.add("(e.posted_on, e.id) > ({day}, {id})", day=after[0], id=after[1])
    return await rows(f"{_ENTRY} WHERE {where} ORDER BY e.posted_on, e.id LIMIT {where.value(limit)}", *where.args)


async def _legs(actor: Actor, entry_ids: Sequence[str]) -> dict[str, list[Leg]]:
    where = Where()
    where.add("l.entry_id = ANY({ids})", ids=list(entry_ids))
    where.add_given("l.branch_id = ANY({value})", accounts_branches(actor, _WHAT))
    found = await rows(
        f"""SELECT l.entry_id, l.account, l.branch_id, b.code AS branch, l.debit_minor - l.credit_minor AS amount_minor,
        c.code AS counterparty, l.package_id, s.code AS service, l.payment_method, l.customer_id,
        {INTERCOMPANY} AS intercompany
        {_LEGS} LEFT JOIN service s ON s.id = l.service_id WHERE {where} ORDER BY l.id""",
        *where.args,
    )
    grouped: dict[str, list[Leg]] = {entry_id: [] for entry_id in entry_ids}
    packages = [taxed_package(Account(row["account"]), row["package_id"]) for row in found]
    known = await taxes(actor, packages)
    for row, package_id in zip(found, packages, strict=True):
        grouped[row.pop("entry_id")].append(_leg(row, known.get(package_id or "")))
    return grouped


def _entry(row: dict[str, Any], legs: Sequence[Leg]) -> PostedEntry:
    effective_on = local_date(row["effective_at"], row["time_zone"])
    event = Event(row["event"])
    return PostedEntry(row["id"], row["operation_id"], event, row["posted_on"], effective_on, tuple(legs))


def _leg(row: dict[str, Any], tax: PackageTax | None) -> Leg:
    method = row.pop("payment_method")
    row |= {"account": Account(row["account"]), "intercompany": bool(row["intercompany"])}
    row |= {"tax_code": tax.code, "tax_rate": tax.per_cent} if tax else {}
    return Leg(**row, payment_method=PaymentMethod(method) if method else None)


async def balances_before(actor: Actor, day: date) -> list[Leg]:
    """The balances at the end of the day before, but for those that are nothing."""
    where = Where()
    where.add("e.chain_id = {chain}", chain=actor.chain_id)
    where.add_given("l.branch_id = ANY({value})", accounts_branches(actor, _WHAT))
    where.add("e.posted_on < {day}", day=day)
    found = await rows(
        f"""SELECT l.account, l.branch_id, b.code AS branch, SUM(l.debit_minor - l.credit_minor) AS amount_minor,
        c.code AS counterparty, {INTERCOMPANY} AS intercompany {_LEGS} WHERE {where}
        GROUP BY l.account, l.branch_id, b.code, c.code, b.legal_entity, c.legal_entity
        HAVING SUM(l.debit_minor - l.credit_minor) <> 0 ORDER BY b.code, l.account, c.code""",
        *where.args,
    )
    return [
        Leg(
            Account(row["account"]),
            row["branch_id"],
            row["branch"],
            int(row["amount_minor"]),
            row["counterparty"],
            intercompany=bool(row["intercompany"]),
        )
        for row in found
    ]
