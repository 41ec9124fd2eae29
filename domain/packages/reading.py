"""What the graph reads of packages, always scoped by the actor: pages, single ones, their lots."""

from collections.abc import Sequence
from typing import Any

from domain.catalog import terms
from domain.catalog.terms import Sharing, Terms
from domain.kernel import clock
from domain.kernel.access import Actor, Principal
from domain.kernel.db import Where, rows
from domain.ledger.shared import SEEN, SHARED_WITH
from domain.ledger.store import LOT_COLUMNS, lots_from
from domain.packages.rules import Status, by_the_clock
from domain.packages.seen import AT_BRANCHES
from domain.packages.sold import Closing
from domain.packages.view import PackageFilter, PackageOrder, PackageView, Position

_COLUMNS = ", ".join(f"p.{name}" for name in PackageView.__slots__ if name not in ("lots", "read_at"))

_LEFT = "SELECT 1 FROM lot l WHERE l.package_id = p.id AND l.available + l.held > 0"
_LAPSED = "SELECT 1 FROM lot l WHERE l.package_id = p.id AND l.expired > 0"
_DISPUTED = "p.disputed_at IS NOT NULL AND p.disputed_at <= {now}"
_SUSPENDED = f"{_DISPUTED} AND EXISTS ({_LEFT} AND l.lapses_at > p.disputed_at)"
_FROZEN = "p.frozen_from IS NOT NULL AND p.frozen_from <= {now} AND p.thaws_at > {now}"
_FREE = f"p.activated_at IS NOT NULL AND NOT ({_DISPUTED}) AND NOT ({_FROZEN})"
_OPEN = {
    Status.PENDING: "p.activated_at IS NULL",
    Status.DISPUTED: f"p.activated_at IS NOT NULL AND {_SUSPENDED}",
    Status.FROZEN: f"p.activated_at IS NOT NULL AND NOT ({_DISPUTED}) AND {_FROZEN}"
    f" AND EXISTS ({_LEFT} AND l.lapses_at > {{now}})",
    Status.ACTIVE: f"{_FREE} AND EXISTS ({_LEFT} AND l.expires_at > {{now}})",
    Status.IN_GRACE: f"{_FREE} AND EXISTS ({_LEFT} AND l.lapses_at > {{now}})"
    f" AND NOT EXISTS ({_LEFT} AND l.expires_at > {{now}})",
    Status.EXPIRED: f"p.activated_at IS NOT NULL AND NOT EXISTS ({_LEFT} AND l.lapses_at > {{now}})"
    f" AND NOT ({_SUSPENDED}) AND (EXISTS ({_LEFT}) OR EXISTS ({_LAPSED}))",
    Status.USED_UP: f"p.activated_at IS NOT NULL AND NOT EXISTS ({_LEFT}) AND NOT EXISTS ({_LAPSED})",
}
_STATUS = {status: f"p.closed_as IS NULL AND {so}" for status, so in _OPEN.items()} | {
    Status(closing.value): f"p.closed_as = '{closing.value}'" for closing in Closing
}

_PLAN = """FROM instalment i WHERE i.package_id = p.id
    AND i.plan = (SELECT MAX(n.plan) FROM instalment n WHERE n.package_id = p.id)"""
_OVERDUE = f"""p.closed_as IS NULL AND EXISTS (SELECT 1 {_PLAN})
    AND p.price_minor - p.credited_minor - p.brought_minor - p.paid_minor
        > (SELECT COALESCE(SUM(i.amount_minor), 0) {_PLAN} AND i.overdue_at > {{now}})"""


def visible(actor: Actor) -> Where:
    """Own and shared packages for a customer; those of their branches, or used or booked there, for branch staff."""
    where = Where()
    where.add("p.chain_id = {chain}", chain=actor.chain_id)
    if actor.kind is Principal.CUSTOMER:
        where.add(f"p.id IN ({SEEN})", own=actor.id)
        return where
    branches = actor.visible_branches
    if branches is not None:
        ids = where.value(sorted(branches))
        where.add(AT_BRANCHES.format(ids=ids))
    return where


def _filtered(actor: Actor, chosen: PackageFilter) -> Where:
    where = visible(actor)
    where.add_given("p.home_branch_id = {value}", chosen.branch_id)
    where.add_given("p.holder_id = {value}", chosen.holder_id)
    where.add_given("p.definition_id = {value}", chosen.definition_id)
    where.add_given("p.reference = {value}", chosen.reference)
    where.add_given(
        """EXISTS (SELECT 1 FROM lot l JOIN lot_service s ON s.lot_id = l.id
        WHERE l.package_id = p.id AND s.service_id = {value})""",
        chosen.service_id,
    )
    _by_clock(where, chosen)
    return where


def _by_clock(where: Where, chosen: PackageFilter) -> None:
    now = clock.now()
    if chosen.statuses:
        wanted = " OR ".join(f"({_STATUS[status]})" for status in chosen.statuses)
        where.add(wanted, **({"now": now} if "{now}" in wanted else {}))
    if chosen.expiring_before is not None:
        where.add(
            f"EXISTS ({_LEFT} AND l.lapses_at > {{now}} AND l.last_day < {{day}})", now=now, day=chosen.expiring_before
        )
    if chosen.overdue is not None:
        where.add(_OVERDUE if chosen.overdue else f"NOT ({_OVERDUE})", now=now)
    if chosen.remaining_at_most is not None:
        where.add(
            """(SELECT COALESCE(SUM(l.available), 0) FROM lot l WHERE l.package_id = p.id
            AND (l.lapses_at > {now} OR l.lapses_at > p.disputed_at)) <= {most}""",
            now=now,
            most=chosen.remaining_at_most,
        )


async def page(
    actor: Actor, chosen: PackageFilter, order: PackageOrder, limit: int, after: Position | None = None
) -> list[PackageView]:
    """At most `limit` packages that the actor may see, behind the position: one statement, whatever the data."""
    where = _filtered(actor, chosen)
    descending = order is PackageOrder.SOLD_LAST_FIRST
    direction, sign = ("DESC", "<") if descending else ("ASC", ">")
    if after is not None:
        where.add(f"(p.sold_at, p.id) {sign} ({{sold_at}}, {{id}})", sold_at=after.sold_at, id=after.id)
    order_by = f"p.sold_at {direction}, p.id {direction}"
    return await _with_lots(
        f"SELECT * FROM package p WHERE {where} ORDER BY {order_by} LIMIT {where.value(limit)}", order_by, where.args
    )


async def count(actor: Actor, chosen: PackageFilter) -> int:
    """How many packages a filter finds for the actor."""
    where = _filtered(actor, chosen)
    found = await rows(f"SELECT COUNT(*) AS found FROM package p WHERE {where}", *where.args)
    number: int = found[0]["found"]
    return number


async def by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, PackageView]:
    """Those of the packages that the actor may see, by id."""
    where = visible(actor)
    where.add("p.id = ANY({ids})", ids=list(ids))
    found = await _with_lots(f"SELECT * FROM package p WHERE {where}", "p.id", where.args)
    return {package.id: package for package in found}


async def held_by(actor: Actor, holder_ids: Sequence[str], limit: int) -> dict[str, list[PackageView]]:
    """The packages that each customer bought last, as far as the actor may see them: one statement for all."""
    where = visible(actor)
    where.add("p.holder_id = ANY({ids})", ids=list(holder_ids))
    packages = f"""SELECT * FROM (SELECT p.*, ROW_NUMBER() OVER (PARTITION BY p.holder_id
        ORDER BY p.sold_at DESC, p.id DESC) AS place FROM package p WHERE {where}) q
        WHERE place <= {where.value(limit)}"""
    found: dict[str, list[PackageView]] = {holder_id: [] for holder_id in holder_ids}
    for package in await _with_lots(packages, "p.holder_id, p.place", where.args):
        found[package.holder_id].append(package)
    return found


async def shared_with(actor: Actor, customer_ids: Sequence[str], limit: int) -> dict[str, list[str]]:
    """The ids of the packages of others, sold last, that each customer shares, as far as the actor may see them."""
    where = visible(actor)
    pairs = SHARED_WITH.format(ids=where.value(list(customer_ids)))
    rows_found = await rows(
        f"""SELECT person_id, package_id FROM (SELECT w.person_id, w.package_id, ROW_NUMBER() OVER
        (PARTITION BY w.person_id ORDER BY w.sold_at DESC, w.package_id DESC) AS place
        FROM ({pairs}) w JOIN package p ON p.id = w.package_id WHERE {where}) ranked
        WHERE place <= {where.value(limit)} ORDER BY person_id, place""",
        *where.args,
    )
    found: dict[str, list[str]] = {customer_id: [] for customer_id in customer_ids}
    for row in rows_found:
        found[row["person_id"]].append(row["package_id"])
    return found


async def terms_by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, Terms]:
    """The terms of those of the packages that the actor may see, by the package's id."""
    where = visible(actor)
    where.add("p.id = ANY({ids})", ids=list(ids))
    found = await rows(f"SELECT p.id, p.terms FROM package p WHERE {where}", *where.args)
    return {row["id"]: terms.from_json(row["terms"]) for row in found}


async def _with_lots(packages: str, order_by: str, args: Sequence[Any]) -> list[PackageView]:
    """Packages together with their lots: every package has one, and every lot is for some service."""
    found = await rows(
        f"""SELECT {_COLUMNS}, {LOT_COLUMNS} FROM ({packages}) p JOIN lot l ON l.package_id = p.id
        JOIN lot_service s ON s.lot_id = l.id ORDER BY {order_by}, l.id""",
        *args,
    )
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        grouped.setdefault(row["id"], []).append(row)
    return [_view(group) for group in grouped.values()]


def _view(group: list[dict[str, Any]]) -> PackageView:
    package = {name: group[0][name] for name in PackageView.__slots__ if name not in ("lots", "read_at")}
    package["sharing"] = Sharing(package["sharing"])
    package["closed_as"] = Closing(package["closed_as"]) if package["closed_as"] else None
    now = clock.now()
    return PackageView(**package, lots=tuple(by_the_clock(lots_from(group), package["disputed_at"], now)), read_at=now)
