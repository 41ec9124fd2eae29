"""Every statement that acts on packages need; what the graph reads stands in `reading.py`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from domain.branches.settings import LapseTax, Shortfall
from domain.catalog import terms
from domain.catalog.store import EXPECTED_BREAKAGE
from domain.kernel.commands import Work
from domain.kernel.db import execute, insert, rows
from domain.kernel.errors import NotFound
from domain.ledger.shared import HELD_OR_SHARED
from domain.packages.merged_store import no_customer
from domain.packages.sold import Closing, Frozen, Place, Redemption, Sold

_SOLD = f"""package.id, version, package.name, definition_id, holder_id, package.home_branch_id, selling_branch_id,
    currency, price_minor, tax_minor, paid_minor, credited_minor, refunded_minor, brought_minor, terms, sharing,
    sold_at, activated_at, first_used_on, start_by, frozen_from, thaws_at, disputed_at, extended_days, closed_at,
    closed_as, homed_at,
    (SELECT u.into_package_id FROM upgrade u WHERE u.package_id = package.id) AS upgraded_to_id,
    (SELECT c.lapse_tax FROM chain c WHERE c.id = package.chain_id) AS lapse_tax,
    (SELECT {EXPECTED_BREAKAGE.format(definition="package.definition_id")} FROM chain c
        WHERE c.id = package.chain_id) AS breakage_bp,
    (SELECT b.time_zone FROM branch b WHERE b.id = package.home_branch_id) AS home_time_zone"""


async def lock(work: Work, package_id: str) -> Sold:
    """Lock a package of the chain until the act ends and give it its next version, in one statement.

    The lock of the package guards its lots too: read them only after it. A join would not do, since PostgreSQL
    re-reads only the locked row after waiting and would show the other tables as they were before.
    """
    found = await rows(
        f"UPDATE package SET version = version + 1 WHERE id = $1 AND chain_id = $2 RETURNING {_SOLD}",
        package_id,
        work.chain_id,
    )
    if not found:
        raise NotFound("package", package_id, "packageId")
    return _sold(found[0])


async def read(work: Work, package_ids: Sequence[str]) -> list[Sold]:
    """Packages of the chain as they are, not locked, in the order of their ids."""
    found = await rows(
        f"SELECT {_SOLD} FROM package WHERE id = ANY($1) AND package.chain_id = $2 ORDER BY package.id",
        list(package_ids),
        work.chain_id,
    )
    return [_sold(row) for row in found]


async def lock_together(work: Work, package_ids: Sequence[str]) -> list[Sold]:
    """Lock several packages of the chain in the order of their ids, and give each its next version."""
    await rows("SELECT id FROM package WHERE id = ANY($1) ORDER BY id FOR UPDATE", sorted(package_ids))
    found = await rows(
        f"UPDATE package SET version = version + 1 WHERE id = ANY($1) AND chain_id = $2 RETURNING {_SOLD}",
        sorted(package_ids),
        work.chain_id,
    )
    return sorted((_sold(row) for row in found), key=lambda sold: sold.id)


def _sold(row: dict[str, Any]) -> Sold:
    known = {
        "terms": terms.from_json(row["terms"]),
        "sharing": terms.Sharing(row["sharing"]),
        "closed_as": Closing(row["closed_as"]) if row["closed_as"] else None,
        "lapse_tax": LapseTax(row["lapse_tax"]),
    }
    return Sold(**row | known)


async def lock_usable_by(work: Work, customer_id: str, service_id: str, at: datetime) -> list[Sold]:
    """Lock the packages, own or shared, that may have a session of the service; no new version yet.

    They are locked in the order of their ids, so that two such acts never wait for each other. What is shared may have
    been revoked while this act waited: ask `sharers_of` under the lock.
    """
    found = await rows(
        f"""SELECT {_SOLD} FROM package
        WHERE package.chain_id = $1 AND package.id IN ({HELD_OR_SHARED.format(own="$2")})
        AND EXISTS (SELECT 1 FROM lot l JOIN lot_service s ON s.lot_id = l.id WHERE l.package_id = package.id
            AND s.service_id = $3 AND l.available + l.expired > 0 AND l.lapses_at > $4)
        ORDER BY package.id FOR UPDATE OF package""",
        work.chain_id,
        customer_id,
        service_id,
        at,
    )
    return [_sold(row) for row in found]


async def lock_in_grace(work: Work, definition_id: str, customer_id: str, at: datetime) -> list[Sold]:
    """Lock the customer's packages of a definition with sessions that only grace keeps; no new version yet.

    Locked in the order of their ids like every other set of packages.
    """
    found = await rows(
        f"""SELECT {_SOLD} FROM package WHERE package.chain_id = $1 AND definition_id = $2 AND holder_id = $3
        AND EXISTS (SELECT 1 FROM lot l WHERE l.package_id = package.id AND l.available > 0
            AND l.expires_at <= $4 AND l.lapses_at > $4)
        ORDER BY package.id FOR UPDATE""",
        work.chain_id,
        definition_id,
        customer_id,
        at,
    )
    return [_sold(row) for row in found]


async def place(
    work: Work,
    branch_id: str,
    service_id: str | None = None,
    practitioner_id: str | None = None,
    customer_id: str | None = None,
) -> Place:
    """The branch where the act happens; the service, practitioner and customer named with it are of this chain too.

    From here on the chain keeps its method of breakage and its closed books, and the branch does not close, until the
    act ends.
    """
    found = await rows(
        """SELECT b.id AS branch_id, b.time_zone, b.closed_at, c.backdate_days, c.reversal_hours, c.shortfall,
        c.books_open_from, c.largest_payment_minor, c.duplicate_sale_minutes,
        s.id AS service_id, p.id AS practitioner_id, h.id AS customer_id
        FROM branch b JOIN chain c ON c.id = b.chain_id
        LEFT JOIN service s ON s.chain_id = b.chain_id AND s.id = $3
        LEFT JOIN staff p ON p.chain_id = b.chain_id AND p.id = $4
        LEFT JOIN customer h ON h.chain_id = b.chain_id AND h.id = $5 AND h.merged_into_id IS NULL
            AND h.erased_at IS NULL
        WHERE b.chain_id = $1 AND b.id = $2 FOR KEY SHARE OF b FOR KEY SHARE OF c""",
        work.chain_id,
        branch_id,
        service_id,
        practitioner_id,
        customer_id,
    )
    if not found:
        raise NotFound("branch", branch_id, "branchId")
    for noun, wanted in (("service", service_id), ("practitioner", practitioner_id), ("customer", customer_id)):
        if found[0][f"{noun}_id"] != wanted:
            if noun == "customer":
                raise await no_customer(work.chain_id, str(wanted), "customerId")
            raise NotFound(noun, str(wanted), f"{noun}Id")
    return Place(**found[0] | {"shortfall": Shortfall(found[0]["shortfall"])})


async def share_household(chain_id: str, one_id: str, other_id: str) -> bool:
    """Whether two customers of the chain are members of the same household."""
    found = await rows(
        """SELECT 1 AS yes FROM customer a JOIN customer b ON b.household_id = a.household_id
        WHERE a.id = $2 AND b.id = $3 AND a.chain_id = $1 AND b.chain_id = $1""",
        chain_id,
        one_id,
        other_id,
    )
    return bool(found)


async def customer_exists(chain_id: str, customer_id: str) -> bool:
    """Whether the chain knows the customer, whichever branch is their home."""
    return bool(
        await rows(
            "SELECT id FROM customer WHERE chain_id = $1 AND id = $2 AND merged_into_id IS NULL AND erased_at IS NULL",
            chain_id,
            customer_id,
        )
    )


async def lock_customer(customer_id: str) -> None:
    """Let no other act that counts the customer's packages go on before this one ends.

    Refuses who was merged into somebody else while this act waited.
    """
    found = await rows("SELECT merged_into_id FROM customer WHERE id = $1 FOR NO KEY UPDATE", customer_id)
    if found and found[0]["merged_into_id"] is not None:
        raise NotFound("customer", customer_id, "customerId")


BOUGHT = f"""definition_id = {{definition}} AND holder_id = {{holder}}
    AND (closed_as IS NULL OR closed_as <> '{Closing.VOIDED.value}')
    AND NOT EXISTS (SELECT 1 FROM transfer t WHERE t.into_package_id = package.id AND t.opened)"""
"""Which rows of `package` a customer has bought of a definition: what others have handed on to them was not bought."""


async def bought(definition_id: str, customer_id: str, most: int) -> list[tuple[str, datetime]]:
    """The packages of a definition that the customer has bought, and when; those bought last, at most so many."""
    found = await rows(
        f"""SELECT id, sold_at FROM package WHERE {BOUGHT.format(definition="$1", holder="$2")}
        ORDER BY sold_at DESC, id DESC LIMIT $3""",
        definition_id,
        customer_id,
        most,
    )
    return [(row["id"], row["sold_at"]) for row in found]


async def with_reference(chain_id: str, reference: str) -> str | None:
    """The id of the chain's package with this reference."""
    found = await rows("SELECT id FROM package WHERE chain_id = $1 AND reference = $2", chain_id, reference)
    return found[0]["id"] if found else None


async def insert_packages(records: Sequence[dict[str, Any]]) -> None:
    """New packages, still without lots; refuses holders who were merged or erased while this act waited for them."""
    holders = sorted({record["holder_id"] for record in records})
    found = await rows(
        """SELECT id FROM customer WHERE id = ANY($1) AND merged_into_id IS NULL AND erased_at IS NULL
        ORDER BY id FOR KEY SHARE""",
        holders,
    )
    if missing := set(holders) - {row["id"] for row in found}:
        raise NotFound("customer", min(missing), "customerId")
    await insert("package", records)


async def activate(package_id: str, at: datetime | None) -> None:
    """Note the instant from which the package may be used, or that it may not any more."""
    await execute("UPDATE package SET activated_at = $2 WHERE id = $1", package_id, at)


async def note_first_use(package_id: str, first_used_on: date | None) -> None:
    """Note the first use that started validity, or that there is none."""
    await execute("UPDATE package SET first_used_on = $2 WHERE id = $1", package_id, first_used_on)


async def frozen_then(package_id: str, at: datetime) -> tuple[datetime, datetime] | None:
    """The freeze that held at an instant of the past, from and until when."""
    found = await rows(
        'SELECT frozen_from, thaws_at FROM "freeze" WHERE package_id = $1 AND frozen_from <= $2 AND thaws_at > $2',
        package_id,
        at,
    )
    return (found[0]["frozen_from"], found[0]["thaws_at"]) if found else None


async def freezes(package_id: str) -> list[Frozen]:
    """The freezes of the package that have an end, in the order in which they begin."""
    found = await rows(
        """SELECT starts_on, thaws_on, frozen_from, lots FROM "freeze"
        WHERE package_id = $1 AND thaws_on IS NOT NULL ORDER BY frozen_from, id""",
        package_id,
    )
    return [Frozen(**row) for row in found]


async def redemption(chain_id: str, operation_id: str) -> Redemption | None:
    """What used sessions of a package, by itself or at the end of a booking, with the reversal that undid it."""
    found = await rows(
        """SELECT o.package_id, o.branch_id, o.recorded_at, r.id AS reversal_id, r.recorded_at AS reversed_at
        FROM operation o LEFT JOIN operation r ON r.reverses = o.id
        WHERE o.chain_id = $1 AND o.id = $2 AND o.package_id IS NOT NULL AND o.act <> 'import_package'
        AND (EXISTS (SELECT 1 FROM movement m WHERE m.operation_id = o.id AND m.target = 'CONSUMED')
            OR EXISTS (SELECT 1 FROM charge c WHERE c.operation_id = o.id AND c.sessions > 0
                AND c.purpose = 'SESSIONS'))""",
        chain_id,
        operation_id,
    )
    return Redemption(**found[0]) if found else None
