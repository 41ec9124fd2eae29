"""What the graph reads of refunds: customers their own, the staff of branches those that concern these."""

from collections.abc import Sequence
from typing import Any

from domain.kernel.access import Actor, Principal
from domain.kernel.db import Where, rows
from domain.kernel.quotes import DerivationStep
from domain.ledger.accounts import PaymentMethod
from domain.ledger.persons import persons
from domain.packages.seen import AT_BRANCHES
from domain.refunds.asked import State
from domain.refunds.rules import Reckoned
from domain.refunds.view import PartView, RefundFilter, RefundOrder, RefundView

_OWN = ", ".join(f"r.{name}" for name in RefundView.__slots__)
_PART = ", ".join(PartView.__slots__)
_PAID_AT = "SELECT 1 FROM refund_part y WHERE y.refund_id = r.id AND y.branch_id = ANY({ids})"


def _visible(actor: Actor) -> Where:
    """Their own for customers; for branch staff those owed by, or to be paid at, their branches, or of packages there.

    Who holds the package by now is not told of what those before got back for it.
    """
    where = Where()
    where.add("r.chain_id = {chain}", chain=actor.chain_id)
    if actor.kind is Principal.CUSTOMER:
        where.add(f"r.customer_id IN {persons(where.value([actor.id]))}")
    elif actor.visible_branches is not None:
        ids = where.value(sorted(actor.visible_branches))
        package = f"SELECT 1 FROM package p WHERE p.id = r.package_id AND ({AT_BRANCHES.format(ids=ids)})"
        where.add(f"r.home_branch_id = ANY({ids}) OR EXISTS ({package}) OR EXISTS ({_PAID_AT.format(ids=ids)})")
    return where


async def by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, RefundView]:
    """Those of the refunds that the actor may see, by id."""
    where = _visible(actor)
    where.add("r.id = ANY({ids})", ids=list(ids))
    return {row["id"]: _view(row) for row in await rows(f"SELECT {_OWN} FROM refund r WHERE {where}", *where.args)}


async def page(
    actor: Actor, chosen: RefundFilter, order: RefundOrder, limit: int, behind_id: str | None = None
) -> list[RefundView]:
    """At most so many refunds that the actor may see, behind an id: one statement."""
    where = _filtered(actor, chosen)
    direction, sign = ("DESC", "<") if order is RefundOrder.REQUESTED_LAST_FIRST else ("ASC", ">")
    where.add_given(f"r.id {sign} {{value}}", behind_id)
    found = await rows(
        f"SELECT {_OWN} FROM refund r WHERE {where} ORDER BY r.id {direction} LIMIT {where.value(limit)}", *where.args
    )
    return [_view(row) for row in found]


def _filtered(actor: Actor, chosen: RefundFilter) -> Where:
    where = _visible(actor)
    where.add_given("r.package_id = {value}", chosen.package_id)
    where.add_given("r.home_branch_id = {value}", chosen.branch_id)
    where.add_given("r.requested_at >= {value}", chosen.requested_from)
    where.add_given("r.requested_at < {value}", chosen.requested_before)
    if chosen.customer_id is not None:
        where.add(f"r.customer_id IN {persons(where.value([chosen.customer_id]))}")
    if chosen.states:
        where.add("r.state = ANY({states})", states=[state.value for state in chosen.states])
    return where


async def of_packages(
    actor: Actor, package_ids: Sequence[str], limit: int, before_id: str | None = None
) -> dict[str, list[RefundView]]:
    """The newest refunds of each package, before an id: one statement for all."""
    where = _visible(actor)
    where.add("r.package_id = ANY({ids})", ids=list(package_ids))
    where.add_given("r.id < {value}", before_id)
    ranked = f"""SELECT {_OWN}, ROW_NUMBER() OVER (PARTITION BY r.package_id ORDER BY r.id DESC) AS place
        FROM refund r WHERE {where}"""
    found = await rows(
        f"SELECT {_OWN} FROM ({ranked}) r WHERE r.place <= {where.value(limit)} ORDER BY r.package_id, r.place",
        *where.args,
    )
    grouped: dict[str, list[RefundView]] = {package_id: [] for package_id in package_ids}
    for row in found:
        grouped[row["package_id"]].append(_view(row))
    return grouped


async def parts(refund_ids: Sequence[str]) -> dict[str, list[PartView]]:
    """The parts of each refund, in order: one statement. The caller has made sure that the actor may see them."""
    found = await rows(
        f"SELECT {_PART} FROM refund_part WHERE refund_id = ANY($1) ORDER BY refund_id, number", list(refund_ids)
    )
    grouped: dict[str, list[PartView]] = {refund_id: [] for refund_id in refund_ids}
    for row in found:
        grouped[row["refund_id"]].append(PartView(**row | {"method": PaymentMethod(row["method"])}))
    return grouped


def _view(row: dict[str, Any]) -> RefundView:
    read = {
        "booking_ids": tuple(row["booking_ids"]),
        "steps": tuple(DerivationStep(**step) for step in row["steps"]),
        "state": State(row["state"]),
        "reckoned_by": Reckoned(row["reckoned_by"]),
        "to_credit": bool(row["to_credit"]),
        "cooling_off": bool(row["cooling_off"]),
    }
    return RefundView(**row | read)
