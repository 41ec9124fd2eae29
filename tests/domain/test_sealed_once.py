"""What the tables promise by themselves, whatever the code does."""

import pytest

from domain.kernel.db import IntegrityError, insert, rows
from domain.ledger.seal import seal_operations
from tests.fixtures.chain import harbour

pytestmark = pytest.mark.anyio


async def test_the_database_lets_no_operation_be_sealed_twice(db: str) -> None:
    await harbour(db)
    await seal_operations()
    found = await rows(
        "SELECT chain_id, MAX(position) AS position, MIN(operation_id) AS operation_id"
        " FROM sealed_operation GROUP BY chain_id ORDER BY chain_id LIMIT 1"
    )
    again = found[0] | {"position": found[0]["position"] + 1, "hash": "0" * 64}
    with pytest.raises(IntegrityError):
        await insert("sealed_operation", [again])
