"""Hundreds of requests at once to two processes over real sockets: a session is used once, a key has one effect."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from domain.kernel.db import rows
from domain.kernel.db.config import is_sqlite
from domain.ledger.audit import audit_ledgers
from tests.fixtures.api_processes import crowd
from tests.fixtures.chain import harbour
from tests.fixtures.desk import left, package, sold, used
from tests.fixtures.package_acts import PAY, REDEEM, payment, use

pytestmark = pytest.mark.anyio


def answers(responses: Sequence[httpx2.Response]) -> list[Any]:
    """What the one mutation of each request answered; none of them failed."""
    assert {response.status_code for response in responses} == {200}
    bodies = [response.json() for response in responses]
    assert [body["errors"] for body in bodies if "errors" in body] == []
    return [answer for body in bodies for answer in body["data"].values()]


async def test_two_hundred_for_the_last_session_and_a_hundred_with_one_key(db: str) -> None:
    many = 30 if is_sqlite(db) else 100  # on SQLite all take turns, and more of them only wait longer
    house = await harbour(db)
    package_id, other = await sold(house, house.ten), await sold(house, house.ten)
    await used(house, package_id, sessions=9)
    async with crowd(db) as clients:
        last = answers(await clients.at_once(house.desk_lis, REDEEM, [use(house, package_id) for _ in range(2 * many)]))
        assert Counter(answer["__typename"] for answer in last) == {
            "RedeemSessionPayload": 1,
            "NotEnoughSessions": 2 * many - 1,
        }
        assert {
            (answer["triedPackageId"], answer["asked"], answer["remaining"])
            for answer in last
            if answer["__typename"] == "NotEnoughSessions"
        } == {(package_id, 1, 0)}

        same_key = await clients.at_once(house.desk_lis, REDEEM, [use(house, other)] * many)
        assert Counter(answer["replayed"] for answer in answers(same_key)) == {False: 1, True: many - 1}
        assert len({re.sub(rb'"(replayed|currentlyAvailable)":\w+', b"", each.content) for each in same_key}) == 1

        whole_price = [payment(house, other, "450.00") for _ in range(many)]
        paid = answers(await clients.at_once(house.desk_lis, PAY, whole_price))
        assert Counter(answer["__typename"] for answer in paid) == {
            "RecordPaymentPayload": 1,
            "PaymentExceedsOutstanding": many - 1,
        }
    assert (await left(package_id), await left(other)) == ([(0, 0)], [(9, 40500)])
    assert (await package(house, other)).paid_minor == 45000
    done = await rows("SELECT act FROM operation WHERE principal_id = $1", house.desk_lis.id)
    assert Counter(row["act"] for row in done) == {"redeem_session": 2, "record_payment": 1}
    assert await audit_ledgers(house.chain_id) == []
