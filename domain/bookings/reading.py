"""What the graph reads of bookings, always scoped by the actor: pages, single ones, those of customers and packages."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from domain.bookings.store import COLUMNS, booked_of, time_zones
from domain.bookings.view import BookingFilter, BookingOrder, BookingView, Position, Window
from domain.catalog import terms
from domain.catalog.terms import Cancellation
from domain.kernel import clock
from domain.kernel.access import Actor, Principal
from domain.kernel.calendar import end_of_day, start_of_day
from domain.kernel.db import Where, rows
from domain.kernel.reads import VISITS

_FROM = "booking bk JOIN branch b ON b.id = bk.branch_id"
_OVERDUE = "bk.state = 'CONFIRMED' AND bk.ends_at <= {now}"
_COMING = "bk.state = 'CONFIRMED' AND bk.ends_at > {now}"
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)
"""No visit is outside them, and every clock can reckon with them."""


def visible(actor: Actor) -> Where:
    """Those a customer comes to; those at their branches, or of packages at home there, for branch staff."""
    where = Where()
    where.add("bk.chain_id = {chain}", chain=actor.chain_id)
    if actor.kind is Principal.CUSTOMER:
        where.add("bk.id IN (SELECT booking_id FROM booking_person WHERE customer_id = {own})", own=actor.id)
        return where
    branches = VISITS.branches(actor)
    if branches is not None:
        ids = where.value(sorted(branches))
        where.add(
            f"""bk.branch_id = ANY({ids}) OR EXISTS
            (SELECT 1 FROM package p WHERE p.id = bk.package_id AND p.home_branch_id = ANY({ids}))"""
        )
    return where


async def _filtered(actor: Actor, chosen: BookingFilter) -> Where:
    where = visible(actor)
    for column in ("branch_id", "practitioner_id", "package_id", "series_id"):
        where.add_given(f"bk.{column} = {{value}}", getattr(chosen, column))
    where.add_given("bk.id IN (SELECT booking_id FROM booking_person WHERE customer_id = {value})", chosen.customer_id)
    where.add_given("bk.state = ANY({value})", [state.value for state in chosen.states] or None)
    where.add_given("bk.starts_at >= {value}", chosen.starts_from)
    where.add_given("bk.starts_at < {value}", chosen.starts_before)
    if chosen.overdue is not None:
        where.add(_OVERDUE if chosen.overdue else f"NOT ({_OVERDUE})", now=clock.now())
    if chosen.external is not None:
        where.add("bk.source = {source}", source=chosen.external.source)
        where.add("bk.external_ref = {reference}", reference=chosen.external.reference)
    if chosen.first_day is not None or chosen.last_day is not None:
        _by_day(where, await time_zones(actor.chain_id, chosen.branch_id), chosen.first_day, chosen.last_day)
    return where


def _by_day(where: Where, time_zones: Sequence[str], first: date | None, last: date | None) -> None:
    """By the clock of each booking's own branch; the widest span comes first, for the index."""
    spans = {zone: (_starts(first or _FIRST_DAY, zone), _ends(last or _LAST_DAY, zone)) for zone in time_zones}
    if not spans:
        where.add("1 = 0")
        return
    where.add("bk.starts_at >= {value}", value=min(start for start, _ in spans.values()))
    where.add("bk.starts_at < {value}", value=max(end for _, end in spans.values()))
    where.add(
        " OR ".join(
            f"b.time_zone = {where.value(zone)} AND bk.starts_at >= {where.value(start)}"
            f" AND bk.starts_at < {where.value(end)}"
            for zone, (start, end) in spans.items()
        )
    )


def _starts(day: date, time_zone: str) -> datetime:
    return start_of_day(min(max(day, _FIRST_DAY), _LAST_DAY), time_zone)


def _ends(day: date, time_zone: str) -> datetime:
    return end_of_day(min(max(day, _FIRST_DAY), _LAST_DAY), time_zone)


def _behind(where: Where, after: Position | None, descending: bool) -> str:
    """Go on behind a position; answers the order."""
    direction, sign = ("DESC", "<") if descending else ("ASC", ">")
    if after is not None:
        where.add(f"(bk.starts_at, bk.id) {sign} ({{starts_at}}, {{id}})", starts_at=after.starts_at, id=after.id)
    return f"bk.starts_at {direction}, bk.id {direction}"


async def page(
    actor: Actor, chosen: BookingFilter, order: BookingOrder, limit: int, after: Position | None = None
) -> list[BookingView]:
    """At most `limit` bookings that the actor may see, behind the position: one statement, and one for days."""
    where = await _filtered(actor, chosen)
    order_by = _behind(where, after, order is BookingOrder.STARTS_LAST_FIRST)
    found = await rows(
        f"SELECT {COLUMNS} FROM {_FROM} WHERE {where} ORDER BY {order_by} LIMIT {where.value(limit)}", *where.args
    )
    return [_view(row) for row in found]


async def count(actor: Actor, chosen: BookingFilter) -> int:
    """How many bookings a filter finds for the actor."""
    where = await _filtered(actor, chosen)
    number: int = (await rows(f"SELECT COUNT(*) AS found FROM {_FROM} WHERE {where}", *where.args))[0]["found"]
    return number


async def by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, BookingView]:
    """Those of the bookings that the actor may see, by id."""
    where = visible(actor)
    where.add("bk.id = ANY({ids})", ids=list(ids))
    found = await rows(f"SELECT {COLUMNS} FROM {_FROM} WHERE {where}", *where.args)
    return {row["id"]: _view(row) for row in found}


async def of_customers(actor: Actor, customer_ids: Sequence[str], window: Window) -> dict[str, list[BookingView]]:
    """The same part of the bookings of each customer, who booked them or comes along: one statement for all."""
    joined = f"{_FROM} JOIN booking_person bp ON bp.booking_id = bk.id"
    return await _of_each(actor, joined, "bp.customer_id", customer_ids, window)


async def of_packages(actor: Actor, package_ids: Sequence[str], window: Window) -> dict[str, list[BookingView]]:
    """The same part of the bookings of each package: one statement for all."""
    return await _of_each(actor, _FROM, "bk.package_id", package_ids, window)


async def _of_each(
    actor: Actor, joined: str, column: str, ids: Sequence[str], window: Window
) -> dict[str, list[BookingView]]:
    where = visible(actor)
    where.add(f"{column} = ANY({{ids}})", ids=list(ids))
    if window.coming is not None:
        where.add(_COMING if window.coming else f"NOT ({_COMING})", now=clock.now())
    order_by = _behind(where, window.after, descending=not window.coming)
    found = await rows(
        f"""SELECT {COLUMNS}, ranked.owner_id FROM (SELECT bk.id, {column} AS owner_id,
            ROW_NUMBER() OVER (PARTITION BY {column} ORDER BY {order_by}) AS place FROM {joined} WHERE {where}) ranked
        JOIN booking bk ON bk.id = ranked.id JOIN branch b ON b.id = bk.branch_id
        WHERE ranked.place <= {where.value(window.size)} ORDER BY ranked.owner_id, ranked.place""",
        *where.args,
    )
    grouped: dict[str, list[BookingView]] = {owner_id: [] for owner_id in ids}
    for row in found:
        grouped[row.pop("owner_id")].append(_view(row))
    return grouped


async def persons_of(booking_ids: Sequence[str]) -> dict[str, list[str]]:
    """The customers who come to each booking; the caller has made sure that the actor may see the bookings."""
    found = await rows(
        "SELECT booking_id, customer_id FROM booking_person WHERE booking_id = ANY($1) ORDER BY id", list(booking_ids)
    )
    persons: dict[str, list[str]] = {booking_id: [] for booking_id in booking_ids}
    for row in found:
        persons[row["booking_id"]].append(row["customer_id"])
    return persons


async def cancellations_of(actor: Actor, package_ids: Sequence[str]) -> dict[str, Cancellation]:
    """What cancelling costs by the terms of packages that bookings the actor was shown are held on."""
    found = await rows(
        "SELECT id, terms FROM package WHERE chain_id = $1 AND id = ANY($2)", actor.chain_id, list(package_ids)
    )
    return {row["id"]: terms.from_json(row["terms"]).cancellation for row in found}


def _view(row: dict[str, Any]) -> BookingView:
    return BookingView(booked_of(row), clock.now())
