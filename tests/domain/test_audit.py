"""The auditor is silent over whole ledgers and names what was spoiled, where, and by how much."""

import pytest

from domain.kernel.db import execute, rows
from domain.ledger.audit import Check, Finding, audit_ledgers, chains
from domain.ledger.seal import seal_operations
from tests.fixtures.chain import harbour
from tests.fixtures.ledgers import traded, unguard

pytestmark = pytest.mark.anyio


async def the_lot() -> str:
    """The id of the one lot there is."""
    (lot,) = await rows("SELECT id FROM lot")
    lot_id: str = lot["id"]
    return lot_id


async def first_movement(operation_id: str) -> int:
    found = await rows("SELECT id FROM movement WHERE operation_id = $1 ORDER BY id", operation_id)
    movement_id: int = found[0]["id"]
    return movement_id


async def entry_of(operation_id: str, event: str) -> str:
    (entry,) = await rows("SELECT id FROM journal_entry WHERE operation_id = $1 AND event = $2", operation_id, event)
    entry_id: str = entry["id"]
    return entry_id


async def loosened(url: str) -> None:
    """Guards and constraints of the lot's cache taken away; SQLite has to be told to look away."""
    await unguard()
    if url.startswith("sqlite"):
        await execute("PRAGMA ignore_check_constraints = ON")
    else:
        for name in ("ck_lot_conservation", "ck_lot_buckets", "ck_lot_value"):
            await execute(f"ALTER TABLE lot DROP CONSTRAINT {name}")


async def test_whole_ledgers_leave_nothing_to_say(db: str) -> None:
    house = await harbour(db)
    await traded(house)
    assert await audit_ledgers(house.chain_id) == []

    await seal_operations()

    assert await audit_ledgers(house.chain_id) == []
    assert await chains() == sorted([house.chain_id, house.other_owner.chain_id])


@pytest.mark.parametrize(
    ("column", "truth"),
    [
        ("issued", 10),
        ("available", 8),
        ("consumed", 2),
        ("expired", 0),
        ("refunded", 0),
        ("moved", 0),
        ("value_issued_minor", 45000),
        ("tax_left_minor", 0),
    ],
)
async def test_a_cached_figure_that_is_not_the_sum_of_the_movements(db: str, column: str, truth: int) -> None:
    house = await harbour(db)
    await traded(house)
    await loosened(db)

    await execute(f"UPDATE lot SET {column} = {column} + 1")

    assert await audit_ledgers(house.chain_id) == [Finding(Check.LOT_COUNTS, await the_lot(), column, truth, truth + 1)]


async def test_a_cached_hold_that_neither_movements_nor_bookings_know(db: str) -> None:
    house = await harbour(db)
    await traded(house)
    await loosened(db)

    await execute("UPDATE lot SET held = held + 1")

    assert await audit_ledgers(house.chain_id) == [
        Finding(Check.LOT_COUNTS, await the_lot(), "held", 0, 1),
        Finding(Check.HOLDS, await the_lot(), "HELD", 0, 1),
    ]


async def test_a_value_left_that_neither_movements_nor_journal_know(db: str) -> None:
    house = await harbour(db)
    await traded(house)
    await loosened(db)

    await execute("UPDATE lot SET value_left_minor = value_left_minor + 1")

    assert await audit_ledgers(house.chain_id) == [
        Finding(Check.LOT_COUNTS, await the_lot(), "value_left_minor", 36000, 36001),
        Finding(Check.DEFERRED_REVENUE, house.lis, "DEFERRED_REVENUE", 36001, 36000),
    ]


async def test_a_bucket_that_was_below_zero_once_though_it_is_not_now(db: str) -> None:
    house = await harbour(db)
    trade = await traded(house)
    await unguard()
    late = await first_movement(trade.sale)

    await execute("UPDATE movement SET id = 1000000 WHERE id = $1", late)

    assert await audit_ledgers(house.chain_id) == [
        Finding(Check.BUCKETS, await the_lot(), "AVAILABLE", 0, -2),
        Finding(Check.BUCKETS, await the_lot(), "VALUE", 0, -9000),
    ]


async def test_an_entry_that_does_not_balance(db: str) -> None:
    house = await harbour(db)
    trade = await traded(house)
    await unguard()
    entry = await entry_of(trade.sale, "PAYMENT")

    await execute(
        "UPDATE journal_line SET debit_minor = debit_minor - 1 WHERE entry_id = $1 AND account = 'CASH'", entry
    )

    assert await audit_ledgers(house.chain_id) == [Finding(Check.ENTRIES, entry, house.lis, 19999, 20000)]


async def test_an_entry_that_balances_in_all_but_not_for_its_branches(db: str) -> None:
    house = await harbour(db)
    trade = await traded(house)
    await unguard()
    entry = await entry_of(trade.redeemed_in_madrid, "SESSION")

    await execute(
        "UPDATE journal_line SET branch_id = $1 WHERE entry_id = $2 AND account = 'REVENUE'", house.lis, entry
    )

    assert await audit_ledgers(house.chain_id) == [
        Finding(Check.ENTRIES, entry, branch, *figures)
        for branch, figures in sorted({house.lis: (4500, 9000), house.mad: (4500, 0)}.items())
    ]


async def test_a_package_whose_price_and_payments_are_not_what_is_receivable(db: str) -> None:
    house = await harbour(db)
    trade = await traded(house)

    await execute("UPDATE package SET paid_minor = paid_minor + 1")

    assert await audit_ledgers(house.chain_id) == [
        Finding(Check.RECEIVABLE, trade.package_id, "RECEIVABLE", 24999, 25000)
    ]


async def test_a_branch_that_owes_another_amount_than_the_other_is_owed(db: str) -> None:
    house = await harbour(db)
    trade = await traded(house)
    await unguard()
    entry = await entry_of(trade.redeemed_in_madrid, "SESSION")
    ((day,),) = [row.values() for row in await rows("SELECT posted_on FROM journal_entry WHERE id = $1", entry)]

    await execute(
        "UPDATE journal_line SET debit_minor = debit_minor + 7 WHERE entry_id = $1 AND account = 'DUE_FROM_BRANCH'",
        entry,
    )
    await execute(
        "UPDATE journal_line SET credit_minor = credit_minor + 7 WHERE entry_id = $1 AND branch_id = $2"
        " AND account = 'REVENUE'",
        entry,
        house.mad,
    )

    assert await audit_ledgers(house.chain_id) == [
        Finding(Check.DUE_BETWEEN_BRANCHES, f"{house.lis} to {house.mad}", day.isoformat(), 4500, 4507)
    ]


async def test_an_operation_that_neither_has_a_place_nor_waits_for_one(db: str) -> None:
    house = await harbour(db)
    trade = await traded(house)

    await execute(
        "DELETE FROM unsealed_operation WHERE seq = (SELECT seq FROM operation WHERE id = $1)", trade.reversal
    )

    assert await audit_ledgers(house.chain_id) == [
        Finding(Check.QUEUE, trade.reversal, "place in the sealed order", 1, 0)
    ]


async def test_an_operation_that_was_changed_after_it_was_sealed(db: str) -> None:
    house = await harbour(db)
    trade = await traded(house)
    await seal_operations()
    (place,) = await rows("SELECT position, hash FROM sealed_operation WHERE operation_id = $1", trade.redeemed)
    await unguard()

    await execute("UPDATE operation SET reason = 'because' WHERE id = $1", trade.redeemed)

    (finding,) = await audit_ledgers(house.chain_id)
    assert (finding.check, finding.subject) == (Check.SEALS, trade.redeemed)
    assert (finding.detail, finding.found) == (f"position {place['position']}", place["hash"])
    assert len(str(finding.expected)) == 64
    assert await audit_ledgers(house.chain_id, newest_seals=1) == []


async def test_the_trouble_of_one_chain_is_not_found_in_another(db: str) -> None:
    house = await harbour(db)
    await traded(house)

    await execute("UPDATE package SET paid_minor = paid_minor + 1")

    assert await audit_ledgers(house.other_owner.chain_id) == []


async def test_a_finding_reads_as_a_sentence(db: str) -> None:
    finding = Finding(Check.RECEIVABLE, "pkg_1", "RECEIVABLE", 24999, 25000)

    assert str(finding) == "RECEIVABLE: pkg_1, RECEIVABLE: 24999 expected, 25000 found"
