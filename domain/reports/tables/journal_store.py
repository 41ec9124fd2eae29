"""The lines of the journal in the order of their days, as far as the actor may read the books."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.db import Where, rows
from domain.ledger.accounts import Account
from domain.ledger.journal import INTERCOMPANY
from domain.packages.tax_store import taxed_package, taxes
from domain.reports.tables.table import Asked, books

WHAT = "journal entries"
_CHUNK = 500
_ENTRY = """SELECT e.id, e.posted_on FROM journal_entry e JOIN operation o ON o.id = e.operation_id"""
_AT_BRANCHES = "EXISTS (SELECT 1 FROM journal_line l WHERE l.entry_id = e.id AND l.branch_id = ANY({value}))"
_LINE = f"""SELECT e.id AS entry_id, e.operation_id, e.event, e.posted_on, e.effective_at, o.recorded_at, e.currency,
    l.account, b.code AS branch, l.debit_minor, l.credit_minor, c.code AS counterparty, l.package_id,
    s.code AS service, l.payment_method, l.customer_id, {INTERCOMPANY} AS intercompany
    FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id JOIN operation o ON o.id = e.operation_id
    JOIN branch b ON b.id = l.branch_id LEFT JOIN branch c ON c.id = l.counterparty_id
    LEFT JOIN service s ON s.id = l.service_id"""


async def lines(actor: Actor, asked: Asked, chunk: int = _CHUNK) -> AsyncIterator[list[dict[str, Any]]]:
    """The lines of so many entries at a time, in the order of the entries' days and ids."""
    branches = books(actor, asked, WHAT)
    after: tuple[date, str] | None = None
    while found := await _entries(actor, asked, branches, chunk, after):
        yield await _lines(actor, [row["id"] for row in found], branches)
        after = found[-1]["posted_on"], found[-1]["id"]


async def _entries(
    actor: Actor, asked: Asked, branches: list[str] | None, limit: int, after: tuple[date, str] | None
) -> list[dict[str, Any]]:
    where = Where()
    where.add("e.chain_id = {chain}", chain=actor.chain_id)
    where.add_given(_AT_BRANCHES, branches)
    where.add_given("e.posted_on >= {value}", after[0] if after else asked.first_day)
    where.add_given("e.posted_on <= {value}", asked.last_day)
    where.add_given("o.recorded_at <= {value}", asked.as_of)
    if after:
        where.add("(e.posted_on, e.id) > ({day}, {id})", day=after[0], id=after[1])
    return await rows(f"{_ENTRY} WHERE {where} ORDER BY e.posted_on, e.id LIMIT {where.value(limit)}", *where.args)


async def _lines(actor: Actor, entry_ids: Sequence[str], branches: list[str] | None) -> list[dict[str, Any]]:
    where = Where()
    where.add("l.entry_id = ANY({ids})", ids=list(entry_ids))
    where.add_given("l.branch_id = ANY({value})", branches)
    return await _taxed(actor, await rows(f"{_LINE} WHERE {where} ORDER BY e.posted_on, e.id, l.id", *where.args))


async def _taxed(actor: Actor, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines with the code and the rate of their tax, in per cent."""
    packages = [taxed_package(Account(line["account"]), line["package_id"]) for line in lines]
    known = await taxes(actor, packages)
    for line, package_id in zip(lines, packages, strict=True):
        tax = known.get(package_id or "")
        line |= {"tax_code": tax and tax.code, "tax_rate": tax and tax.per_cent}
    return lines
