"""The comparison of lapses is honest: the statement by hand writes the rows that the sweep writes."""

import asyncio
from typing import Any

from domain.kernel.db import connect, disconnect, rows
from tests.benchmarks.lapsing.compare import audited, by_hand, lapsing, swept
from tests.benchmarks.lapsing.sample import due
from tests.fixtures.postgres import Server

_WRITTEN = (
    "SELECT id, version FROM package ORDER BY id",
    """SELECT id, issued, available, held, consumed, expired, value_issued_minor, value_left_minor, tax_left_minor
    FROM lot ORDER BY id""",
    """SELECT chain_id, act, principal, principal_id, branch_id, package_id, package_version, customer_id, effective_at,
    reason, idempotency_key, input_hash, reverses, outcome FROM operation WHERE act = 'lapse_package'
    ORDER BY package_id""",
    """SELECT package_id, package_version, lot_id, source, target, sessions, value_minor, tax_minor, effective_at,
    service_id, branch_id, practitioner_id, booking_id FROM movement WHERE target = 'EXPIRED' ORDER BY lot_id""",
    """SELECT e.chain_id, event, posted_on, e.effective_at, currency, package_id FROM journal_entry e
    JOIN operation o ON o.id = e.operation_id WHERE event = 'LAPSE' ORDER BY package_id""",
    """SELECT account, l.branch_id, debit_minor, credit_minor, counterparty_id, l.package_id, service_id, payment_method
    FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id WHERE e.event = 'LAPSE'
    ORDER BY l.package_id, debit_minor""",
    "SELECT COUNT(*) FROM unsealed_operation",
)


def test_both_write_the_same_rows(migrated_server: Server) -> None:
    with migrated_server.database("carnet_test_lapsing") as url:
        chain_id = asyncio.run(due(url, packages=200))
        with migrated_server.database("carnet_test_lapsing_copy", "carnet_test_lapsing") as copy:
            asyncio.run(by_hand(copy, packages=200))
            asyncio.run(audited(copy, chain_id))
            theirs = asyncio.run(written(copy))
        assert swept(url).packages == 200
        asyncio.run(audited(url, chain_id))

        assert asyncio.run(written(url)) == theirs


def test_the_figures_are_those_of_the_aims(migrated_server: Server) -> None:
    rate, longest, memory = lapsing(migrated_server, packages=100)

    assert [str(figure.aim) for figure in (rate, longest, memory)] == ["ratio ≥ 0.5", "≤ 1", "≤ 20"]
    assert (longest.met, memory.met) == (True, True)
    assert rate.carnet > 0


async def written(url: str) -> list[list[dict[str, Any]]]:
    """Every row that a lapse writes, without ids and the instant at which it was written."""
    await connect(url)
    try:
        return [await rows(sql) for sql in _WRITTEN]
    finally:
        await disconnect()
