"""The comparison is honest: the hand-written endpoints answer and write what Carnet answers and writes."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from domain.kernel.db import rows
from domain.ledger.audit import audit_ledgers
from schema.token_settings import TokenSettings
from tests.benchmarks.inside import Both
from tests.benchmarks.questions import reading, redeeming
from tests.benchmarks.sample import Sample, sample
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

SECRET = "a secret of the tests, 32 characters or more"
TOKENS = TokenSettings(secret=SECRET)


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[Both]:
    async with Both(database_url, SECRET).opened() as opened:
        yield opened


@pytest.fixture
async def small(both: Both, database_url: str) -> Sample:
    """Two customers with five packages each."""
    return await sample(database_url, customers=2, packages=5)


async def test_both_answer_and_write_alike(both: Both, small: Sample) -> None:
    await both_show_a_customer_the_same_packages(both, small)
    await both_redeem_alike_and_leave_the_same_rows(both, small)
    await both_answer_a_key_again_without_writing(both, small)


async def both_show_a_customer_the_same_packages(both: Both, small: Sample) -> None:
    question = reading(small, TOKENS)

    ours, _ = await both.carnet(next(question.carnet))
    theirs, _ = await both.handwritten(next(question.handwritten))

    shown = ours["data"]["viewer"]["packages"]["nodes"]
    assert shown == theirs["packages"]
    assert [package["balance"]["available"] for package in shown] == [2, 8, 8, 8, 8]
    assert {len(package["history"]["nodes"]) for package in shown} == {5}


async def both_redeem_alike_and_leave_the_same_rows(both: Both, small: Sample) -> None:
    question = redeeming(small, TOKENS)

    ours, _ = await both.carnet(next(question.carnet))
    theirs, _ = await both.handwritten(next(question.handwritten))

    ours = ours["data"]["redeemSession"]
    assert _told(ours) == _told(theirs)
    assert (ours["redemption"]["remaining"], ours["package"]["balance"]["consumed"]) == (7, 3)
    assert await _written(ours["redemption"]["id"]) == await _written(theirs["redemption"]["id"])
    assert await audit_ledgers(small.chain_id) == []


async def both_answer_a_key_again_without_writing(both: Both, small: Sample) -> None:
    question = redeeming(small, TOKENS)
    for ask, asked in ((both.carnet, next(question.carnet)), (both.handwritten, next(question.handwritten))):
        first, _ = await ask(asked)
        async with unchanged():
            again, _ = await ask(asked)

        assert again == orjson.loads(orjson.dumps(first).replace(b'"replayed":false', b'"replayed":true'))


def _told(redeemed: dict[str, Any]) -> dict[str, Any]:
    """The answer without what no two redemptions share."""
    redemption = {name: value for name, value in redeemed["redemption"].items() if name not in ("id", "visitedAt")}
    lots = [{name: value for name, value in lot.items() if name != "lotId"} for lot in redemption["lots"]]
    return redeemed | {"redemption": redemption | {"lots": lots}}


async def _written(operation_id: str) -> list[list[tuple[Any, ...]]]:
    """Every row of the operation and the lot it took from, without ids, instants and what only Carnet reads."""
    return [[tuple(row.values()) for row in await rows(sql, operation_id)] for sql in _WRITTEN]


_WRITTEN = (
    """SELECT chain_id, act, principal, principal_id, branch_id, package_version, customer_id, reason, reverses,
    effective_at = recorded_at, LENGTH(input_hash), LENGTH(idempotency_key) FROM operation WHERE id = $1""",
    """SELECT package_version, source, target, sessions, value_minor, tax_minor, service_id, branch_id, practitioner_id
    FROM movement WHERE operation_id = $1""",
    """SELECT l.issued, l.available, l.consumed, l.held, l.value_issued_minor, l.value_left_minor, l.tax_left_minor
    FROM lot l JOIN movement m ON m.lot_id = l.id WHERE m.operation_id = $1""",
    "SELECT chain_id, event, posted_on, currency FROM journal_entry WHERE operation_id = $1",
    """SELECT l.account, l.branch_id, l.debit_minor, l.credit_minor, l.counterparty_id, l.service_id, l.payment_method
    FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id WHERE e.operation_id = $1 ORDER BY l.id""",
    "SELECT COUNT(*) FROM unsealed_operation u JOIN operation o ON o.seq = u.seq WHERE o.id = $1",
)
