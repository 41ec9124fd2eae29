"""Every statement about what a refund is reckoned from: payments, earlier refunds, top-ups, bookings, business days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.bookings.booked import Booked
from domain.bookings.carrying import Carrying
from domain.bookings.store import COLUMNS, booked_of
from domain.kernel.db import Where, rows
from domain.kernel.errors import NotFound
from domain.ledger.accounts import PaymentMethod
from domain.refunds.rules import PaidIn

_LINE = """WITH RECURSIVE line AS (SELECT CAST({package} AS VARCHAR(32)) AS id
    UNION SELECT u.package_id FROM line JOIN upgrade u ON u.into_package_id = line.id)"""
"""A package and those that were closed for it by upgrades, one after the other."""

_LOST = "FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id WHERE e.event = 'DISPUTE_LOST' AND l.package_id"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a package besides what it says of itself; every amount with tax.

    `credited_before_minor` was settled by earlier refunds and lost disputes, `kept_before_minor` kept by the former;
    `free_before_minor` went back in cooling-off. `unpaid_before_minor` is outstanding for packages that were upgraded
    to this one, and `lost_minor` is what the provider kept in disputes of all of them; `lost_as_paid_minor` of that
    had been paid for the package at which it was disputed, the rest for those before.
    """

    version_id: str | None
    """The version of the definition whose terms it has; None where they came with an import."""
    version: int | None
    waiting_id: str | None
    """A refund of it that is asked for and not decided."""
    waiting_since: datetime | None
    weekend: tuple[int, ...]
    """The days on which its home branch does no business, as Python numbers them."""
    holidays: tuple[date, ...]
    opened: bool
    """Whether it was opened for sessions that another customer handed on."""
    kept_before_minor: int
    free_before_minor: int
    credited_before_minor: int
    unpaid_before_minor: int
    lost_minor: int
    lost_as_paid_minor: int
    brought_minor: int | None
    brought_kept_minor: int
    """What a refund of the package that an upgrade closed for it would have brought, by what was paid until then."""
    approval_above_minor: int | None
    """Above what refunds of the packages before needed approval."""
    top_ups: dict[str, int]
    """The price of each top-up, by its lot."""

    @property
    def missing_minor(self) -> int:
        """What has not come in, or was taken back, of what had been paid for the packages before."""
        return max(0, self.unpaid_before_minor) + self.lost_minor - self.lost_as_paid_minor


async def facts(package_id: str, where: Where, approving: str | None) -> Facts:
    """The facts about a package `p` as far as the condition lets it be seen; a refund to be approved does not wait."""
    package, refund = where.value(package_id), where.value(approving or "")
    found = await rows(
        f"""{_LINE.format(package=package)}, told AS MATERIALIZED (SELECT b.weekend,
            CASE WHEN i.id IS NULL THEN v.id END AS version_id, CASE WHEN i.id IS NULL THEN v.version END AS version,
            w.id AS waiting_id, w.requested_at AS waiting_since,
            u.refundable_minor AS brought_minor, COALESCE(u.kept_minor, 0) AS brought_kept_minor,
            u.approval_above_minor,
            (SELECT COUNT(*) FROM transfer h WHERE h.into_package_id = p.id AND h.opened) AS opened,
            (SELECT COALESCE(SUM(r.fee_minor), 0) FROM refund r
                WHERE r.package_id = p.id AND r.agreed_at IS NOT NULL) AS kept_before_minor,
            (SELECT COALESCE(SUM(r.refund_minor + r.cleared_minor), 0) FROM refund r WHERE r.package_id = p.id
                AND r.agreed_at IS NOT NULL AND r.reckoned_by = 'COOLING_OFF') AS free_before_minor,
            (SELECT COALESCE(SUM(r.refund_minor + r.fee_minor + r.cleared_minor), 0) FROM refund r
                WHERE r.package_id = p.id AND r.agreed_at IS NOT NULL)
            + (SELECT COALESCE(SUM(l.debit_minor - l.credit_minor), 0) {_LOST} = p.id
                AND l.account IN ('DEFERRED_REVENUE', 'TAX_PAYABLE')) AS credited_before_minor,
            (SELECT COALESCE(SUM(q.price_minor - q.credited_minor - q.brought_minor - q.paid_minor), 0)
                FROM package q JOIN line ON line.id = q.id WHERE q.id <> p.id) AS unpaid_before_minor,
            (SELECT COALESCE(SUM(l.credit_minor), 0) {_LOST} IN (SELECT id FROM line)
                AND l.account = 'DISPUTES') AS lost_minor,
            (SELECT COALESCE(SUM(q.refunded_minor), 0) FROM package q JOIN line ON line.id = q.id)
            - (SELECT COALESCE(SUM(r.refund_minor + r.goodwill_minor), 0) FROM refund r
                JOIN line ON line.id = r.package_id WHERE r.agreed_at IS NOT NULL) AS lost_as_paid_minor
        FROM package p JOIN branch b ON b.id = p.home_branch_id
        JOIN definition_version v ON v.id = p.definition_version_id
        LEFT JOIN operation i ON i.package_id = p.id AND i.package_version = 1 AND i.act = 'import_package'
        LEFT JOIN refund w ON w.package_id = p.id AND w.state = 'REQUESTED' AND w.id <> {refund}
        LEFT JOIN upgrade u ON u.into_package_id = p.id
        WHERE p.id = {package} AND {where})
        SELECT told.*, more.lot_id, more.amount_minor, more.holiday FROM told LEFT JOIN (
            SELECT t.lot_id, t.amount_minor, NULL AS holiday FROM top_up t WHERE t.package_id = {package}
            UNION ALL SELECT NULL, NULL, CAST(h.day AS VARCHAR(10)) FROM package q
                JOIN holiday h ON h.branch_id = q.home_branch_id WHERE q.id = {package}) more ON 1 = 1""",
        *where.args,
    )
    if not found:
        raise NotFound("package", package_id, "packageId")
    return _facts(found)


def _facts(found: Sequence[dict[str, Any]]) -> Facts:
    row = {name: value for name, value in found[0].items() if name in Facts.__slots__}
    sums = {name: int(value) for name, value in row.items() if name.endswith("_minor") and value is not None}
    calendar = {
        "weekend": tuple(int(day) - 1 for day in row["weekend"]),
        "holidays": tuple(sorted(date.fromisoformat(each["holiday"]) for each in found if each["holiday"])),
    }
    top_ups = {each["lot_id"]: each["amount_minor"] for each in found if each["lot_id"]}
    return Facts(**row | sums | calendar | {"opened": bool(row["opened"]), "top_ups": top_ups})


async def payments(package_id: str) -> list[PaidIn]:
    """The payments that stand for a package and for those that were upgraded to it, with what went back on each."""
    found = await rows(
        f"""{_LINE.format(package="$1")}
        SELECT y.id AS payment_id, y.method, y.branch_id, y.received_at, y.amount_minor - y.kept_minor AS brought_minor,
            (SELECT COALESCE(SUM(r.amount_minor), 0) FROM refund_part r WHERE r.payment_id = y.id) AS went_back_minor
        FROM payment y JOIN line ON line.id = y.package_id
        WHERE NOT EXISTS (SELECT 1 FROM payment_reversal v WHERE v.payment_id = y.id) ORDER BY y.id""",
        package_id,
    )
    return [
        PaidIn(**row | {"method": PaymentMethod(row["method"]), "went_back_minor": int(row["went_back_minor"])})
        for row in found
    ]


async def confirmed(package_id: str) -> Carrying:
    """The confirmed bookings of a package, soonest first, and what each of them holds of which lot."""
    found = await rows(
        f"""SELECT {COLUMNS}, h.lot_id, h.held FROM booking bk JOIN branch b ON b.id = bk.branch_id
        LEFT JOIN (SELECT m.booking_id, m.lot_id, MIN(m.id) AS first,
                SUM(CASE WHEN m.target = 'HELD' THEN m.sessions ELSE -m.sessions END) AS held
            FROM movement m WHERE m.package_id = $1 AND m.booking_id IS NOT NULL
                AND (m.source = 'HELD' OR m.target = 'HELD')
            GROUP BY m.booking_id, m.lot_id) h ON h.booking_id = bk.id
        WHERE bk.package_id = $1 AND bk.state = 'CONFIRMED' ORDER BY bk.starts_at, bk.id, h.first""",
        package_id,
    )
    bookings: dict[str, Booked] = {}
    held: dict[str, dict[str, int]] = {}
    for row in found:
        lot_id, count = row.pop("lot_id"), row.pop("held")
        if row["id"] not in bookings:
            bookings[row["id"]] = booked_of(row)
        its = held.setdefault(row["id"], {})
        if count:
            its[lot_id] = int(count)
    return Carrying(tuple(bookings.values()), held)


async def handed(seen: Where, package_id: str, *, came: bool) -> list[tuple[str, bool]]:
    """The packages that sessions were handed on from, or to, and whether the condition lets the package `p` be seen."""
    own, other = ("into_package_id", "package_id") if came else ("package_id", "into_package_id")
    found = await rows(
        f"""SELECT p.id, CASE WHEN {seen} THEN 1 ELSE 0 END AS seen FROM package p WHERE p.id IN (
            SELECT t.{other} FROM transfer t WHERE t.{own} = {seen.value(package_id)} AND t.state = 'DONE')
        ORDER BY p.id""",
        *seen.args,
    )
    return [(row["id"], bool(row["seen"])) for row in found]
