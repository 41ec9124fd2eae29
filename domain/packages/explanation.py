"""Explain: every step by which a package came to its balance, now or as it stood recorded at a past instant."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from domain.branches.settings import LapseTax
from domain.catalog import terms
from domain.kernel import clock
from domain.kernel.access import Actor
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.rules import Bucket, Origin
from domain.packages import explanation_store as store
from domain.packages.notes import Noted
from domain.packages.steps import Story
from domain.packages.trace import Agreed, Explanation, Moved, Revalued, TakenBack, Trace
from domain.packages.trace_books import Books
from domain.packages.unposted import Home, unposted


async def explain(actor: Actor, package_id: str, at: datetime | None = None) -> Explanation | None:
    """The explanation of one package; None when there is no such package that the actor may see."""
    return (await explain_many(actor, [package_id], at)).get(package_id)


async def explain_many(actor: Actor, ids: Sequence[str], at: datetime | None = None) -> dict[str, Explanation]:
    """The steps of those of the packages that the actor may see: three statements for all.

    Up to now, with what has lapsed by the clock; or as they were recorded up to an instant of the past.
    """
    packages = await store.packages(actor, ids)
    if not packages:
        return {}
    traces: dict[str, list[Trace]] = {package["id"]: [] for package in packages}
    lapses_at: dict[str, datetime] = {}
    for (package_id, *_), group in groupby(await store.traces(list(traces), at), _told_together):
        row, *more = group
        traces[package_id].append(_trace(row | {"handed": _handed(actor, row)}, more))
        lapses_at[row["lot_id"]] = row["lapses_at"]
    until = at or clock.now()
    if at is None:
        for package in packages:
            traces[package["id"]] += unposted(traces[package["id"]], lapses_at, _home(package), until)
    booked = await store.booked(list(traces))
    return {
        package["id"]: _explanation(package, traces[package["id"]], booked.get(package["id"], {}), until)
        for package in packages
    }


def _handed(actor: Actor, row: dict[str, Any]) -> str | None:
    """To or from whom sessions were handed on: by name to the business, and to customers within their household."""
    if row["handed_id"] is None:
        return None
    known = actor.household_id is not None and row["handed_household_id"] == actor.household_id
    if actor.reads_business or known or row["handed_id"] == actor.id:
        return f"{row['handed_first_name']} {row['handed_last_name']}".strip()
    return "another person"


def _told_together(row: dict[str, Any]) -> tuple[Any, ...]:
    """A plan is one step, whatever the number of its instalments; everything else is told by itself."""
    alone = None if row["due_on"] else object()
    return row["package_id"], row["operation_id"], alone


def _home(package: dict[str, Any]) -> Home:
    return Home(
        package["home_branch_id"], package["home_branch"], package["disputed_at"], LapseTax(package["lapse_tax"])
    )


def _explanation(
    package: dict[str, Any], traces: Sequence[Trace], booked: Mapping[str, Books], until: datetime
) -> Explanation:
    story = Story(terms.from_json(package["terms"]), package["currency"], package["price_minor"], booked)
    steps = story.tell(traces)
    return Explanation(package["id"], package["currency"], until, steps, story.balance)


def _trace(row: dict[str, Any], more: Sequence[dict[str, Any]]) -> Trace:
    received_at = None if row["reversed"] else row["received_at"]
    return Trace(
        operation_id=row["operation_id"],
        act=row["act"],
        recorded_at=row["recorded_at"],
        effective_at=row["moved_at"] or row["revalued_at"] or received_at or row["effective_at"],
        branch_id=row["branch_id"],
        branch=row["branch"],
        what=_what(row, more),
    )


def _what(
    row: dict[str, Any], more: Sequence[dict[str, Any]]
) -> Moved | Revalued | Received | TakenBack | Agreed | Noted:
    if row["lot_id"]:
        return _moved(row)
    if row["revalued_lot_id"]:
        return Revalued(row["revalued_lot_id"], row["value_change_minor"], row["breakage_bp"])
    if row["method"]:
        received = Received(PaymentMethod(row["method"]), row["amount_minor"], row["kept_minor"])
        return TakenBack(received) if row["reversed"] else received
    if row["due_on"]:
        return Agreed(tuple((each["due_on"], each["due_minor"]) for each in (row, *more)))
    return Noted(row["act"], row["outcome"])


def _moved(row: dict[str, Any]) -> Moved:
    return Moved(
        lot_id=row["lot_id"],
        origin=Origin(row["origin"]),
        bonus=bool(row["bonus"]),
        item=row["item"],
        source=Bucket(row["source"]),
        target=Bucket(row["target"]),
        sessions=row["sessions"],
        value_minor=row["value_minor"],
        service_id=row["service_id"],
        service=row["service"],
        practitioner_id=row["practitioner_id"],
        booking_id=row["booking_id"],
        booked_for=row["starts_at"].astimezone(ZoneInfo(row["time_zone"])) if row["starts_at"] else None,
        booking_became=row["booking_became"],
        tax_minor=row["tax_minor"],
        breakage_minor=row["breakage_minor"],
        breakage_bp=row["breakage_bp"],
        handed=row["handed"],
    )
