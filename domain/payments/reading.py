"""What the graph reads of payments and of customers' accounts, scoped by the actor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from domain.kernel.access import Actor, Principal
from domain.kernel.db import Where, rows
from domain.ledger.accounts import PaymentMethod, Purpose
from domain.ledger.persons import person, persons

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChargeView:
    """Sessions that no package had, or a fee, put to a customer's account; negative where it takes a charge back."""

    id: str
    customer_id: str
    operation_id: str
    branch_id: str
    service_id: str | None
    booking_id: str | None
    purpose: Purpose
    sessions: int
    amount_minor: int
    tax_minor: int
    currency: str
    charged_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentView:
    """Money that came in, or credit that was used; `kept_minor` of it became credit."""

    id: str
    operation_id: str
    package_id: str | None
    customer_id: str | None
    branch_id: str
    method: PaymentMethod
    amount_minor: int
    kept_minor: int
    currency: str
    received_at: datetime
    reversed_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountView:
    """What the chain owes a customer by branch, in the order of the branches, and what the customer owes the chain."""

    credit: tuple[tuple[str, int], ...]
    owed_minor: int
    currency: str


_COLUMNS = """y.id, y.operation_id, y.package_id, y.customer_id, y.branch_id, y.method, y.amount_minor,
    y.kept_minor, y.currency, y.received_at, r.reversed_at"""
_FROM = """FROM payment y LEFT JOIN payment_reversal r ON r.payment_id = y.id"""


async def payments_for(package_ids: Sequence[str]) -> dict[str, list[PaymentView]]:
    """The payments for each package, in the order they were recorded; the actor was shown the packages already."""
    found: dict[str, list[PaymentView]] = {package_id: [] for package_id in package_ids}
    for row in await rows(f"SELECT {_COLUMNS} {_FROM} WHERE y.package_id = ANY($1) ORDER BY y.id", list(package_ids)):
        found[row["package_id"]].append(_payment(row))
    return found


async def account_payments_of(actor: Actor, customer_ids: Sequence[str]) -> dict[str, list[PaymentView]]:
    """What each customer paid for charges, kept as credit or paid from it, newest first; limited like the charges."""
    where = _of_accounts(actor, customer_ids, "y.")
    where.add("y.package_id IS NULL OR y.kept_minor > 0 OR y.method = {credit}", credit=PaymentMethod.CUSTOMER_CREDIT)
    found: dict[str, list[PaymentView]] = {customer_id: [] for customer_id in customer_ids}
    known = f"SELECT {_COLUMNS}, {person('y.customer_id')} AS person_id {_FROM}"
    for row in await rows(f"{known} WHERE {where} ORDER BY y.id DESC", *where.args):
        for asked in _asked_for(row, found):
            asked.append(_payment(row))
    return found


def _asked_for(row: dict[str, Any], found: dict[str, list[T]]) -> list[list[T]]:
    """Whose rows this is one of: of whoever it was written for, and of who they are by now."""
    ids = dict.fromkeys((row["customer_id"], row.pop("person_id")))
    return [found[customer_id] for customer_id in ids if customer_id in found]


def _payment(row: dict[str, Any]) -> PaymentView:
    return PaymentView(**row | {"method": PaymentMethod(row["method"])})


def _of_accounts(actor: Actor, customer_ids: Sequence[str], of: str = "") -> Where:
    """Their own to customers, to the staff what their branches did."""
    where = Where()
    where.add(f"{of}chain_id = {{chain}}", chain=actor.chain_id)
    where.add(f"{of}customer_id IN {persons('{ids}')}", ids=list(customer_ids))
    if actor.kind is Principal.CUSTOMER:
        where.add(f"{of}customer_id IN {persons('{own}')}", own=[actor.id])
    elif actor.visible_branches is not None:
        where.add(f"{of}branch_id = ANY({{branches}})", branches=sorted(actor.visible_branches))
    return where


async def accounts_of(actor: Actor, customer_ids: Sequence[str]) -> dict[str, AccountView]:
    """How each customer stands with the chain: their own to customers, to the staff of any branch as a whole."""
    ids = [each for each in customer_ids if actor.reads_business or each == actor.id]
    found = await rows(
        """SELECT c.id, h.currency, l.branch_id,
        SUM(CASE WHEN l.account = 'CUSTOMER_CREDIT' THEN l.credit_minor - l.debit_minor ELSE 0 END) AS credit,
        SUM(CASE WHEN l.account = 'RECEIVABLE' AND l.package_id IS NULL THEN l.debit_minor - l.credit_minor
            ELSE 0 END) AS owed
        FROM customer c JOIN chain h ON h.id = c.chain_id LEFT JOIN journal_line l ON l.customer_id = c.id
        WHERE c.chain_id = $1 AND c.id = ANY($2) GROUP BY c.id, h.currency, l.branch_id ORDER BY c.id, l.branch_id""",
        actor.chain_id,
        ids,
    )
    return {group[0]["id"]: _account(group) for group in _by_customer(found)}


def _by_customer(found: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [list(group) for _, group in groupby(found, key=itemgetter("id"))]


def _account(group: Sequence[dict[str, Any]]) -> AccountView:
    credit = tuple((row["branch_id"], int(row["credit"])) for row in group if row["credit"])
    return AccountView(credit, sum(int(row["owed"]) for row in group), group[0]["currency"])


async def charges_of(actor: Actor, customer_ids: Sequence[str]) -> dict[str, list[ChargeView]]:
    """What was charged to each customer, newest first: their own to customers, to the staff what their branches did."""
    where = _of_accounts(actor, customer_ids)
    columns = f"{', '.join(ChargeView.__slots__)}, {person('charge.customer_id')} AS person_id"
    found: dict[str, list[ChargeView]] = {customer_id: [] for customer_id in customer_ids}
    for row in await rows(f"SELECT {columns} FROM charge WHERE {where} ORDER BY id DESC", *where.args):
        for asked in _asked_for(row, found):
            asked.append(ChargeView(**row | {"purpose": Purpose(row["purpose"])}))
    return found
