"""The same key and input give the same answer again, byte for byte; another input under the key is a mismatch."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from domain.kernel.db import rows
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import sold, used
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import (
    GOODWILL,
    PAY,
    REDEEM,
    REVERSE,
    SELL,
    gift,
    key,
    payment,
    sale,
    undoing,
    use,
)
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio


async def every_act(house: Harbour) -> Mapping[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Document → an input, and what another input differs in."""
    package_id = await sold(house, house.ten)
    redemption = await used(house, package_id)
    return {
        SELL: (sale(house), {"reason": "another"}),
        PAY: (payment(house, package_id, "10.00"), {"method": "CARD"}),
        REDEEM: (use(house, package_id), {"sessions": 2}),
        REVERSE: (undoing(redemption.operation_id), {"fault": "CUSTOMER"}),
        GOODWILL: (gift(package_id), {"sessions": 3}),
    }


def said(content: bytes) -> bytes:
    """The answer but for whether it is a replay, and the points that are left of the rate limit."""
    return re.sub(rb'"(replayed|currentlyAvailable)":\w+', b"", content)


async def test_the_same_key_and_input_are_one_act_with_one_answer(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for document, (given, _) in (await every_act(house)).items():
            first = await app.post(house.owner, document, input=given)
            async with unchanged():
                again = await app.post(house.owner, document, input=given)
            assert b'"replayed":false' in first.content and b'"replayed":true' in again.content
            assert said(first.content) == said(again.content)
            assert first.headers["x-request-id"] != again.headers["x-request-id"]


async def test_another_input_under_the_key_is_a_mismatch(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for document, (given, changed) in (await every_act(house)).items():
            await app.act(house.owner, document, input=given)
            async with unchanged():
                response = await app.post(house.owner, document, input=given | changed)
            assert response.status_code == 200
            (error,) = response.json()["errors"]
            assert error["extensions"]["code"] == "IDEMPOTENCY_MISMATCH"
            assert error["message"] == (
                f"The idempotency key {given['idempotencyKey']!r} was used with another input. "
                "Send a new key for a new act."
            )


async def test_a_key_belongs_to_one_principal_and_one_act(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        package_id = await sold(house, house.ten)
        same = {"idempotencyKey": key()}
        for actor, remaining in ((house.owner, 9), (house.desk_lis, 8)):
            done = await app.act(actor, REDEEM, input=use(house, package_id) | same)
            assert (done["replayed"], done["redemption"]["remaining"]) == (False, remaining)
        assert (await app.act(house.owner, GOODWILL, input=gift(package_id) | same))["replayed"] is False


async def test_a_replay_tells_what_was_done_then_and_the_package_as_it_is_now(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        package_id = await sold(house, house.ten)
        given = use(house, package_id)
        first = await app.act(house.owner, REDEEM, input=given)
        await app.act(house.owner, REVERSE, input=undoing(first["redemption"]["id"]))
        again = await app.act(house.owner, REDEEM, input=given)
    assert again["redemption"] == first["redemption"]
    assert (first["package"]["balance"]["available"], again["package"]["balance"]["available"]) == (9, 10)


async def test_a_refused_act_leaves_its_key_free(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        package_id = await sold(house, house.ten)
        too_many = use(house, package_id, sessions=11)
        async with unchanged():
            refusal = await app.act(house.owner, REDEEM, input=too_many)
        assert refusal["__typename"] == "NotEnoughSessions"
        await app.act(house.owner, GOODWILL, input=gift(package_id, sessions=1))
        done = await app.act(house.owner, REDEEM, input=too_many)
    assert (done["replayed"], done["redemption"]["sessions"]) == (False, 11)


async def test_a_key_has_8_to_255_printable_characters(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for document, (given, _) in (await every_act(house)).items():
            for bad in ("", "1234567", "k" * 256, "line\nbreak", "tab\there!", "\u200b" * 8):
                async with unchanged():
                    answer = await app.act(house.owner, document, input=given | {"idempotencyKey": bad})
                assert (answer["__typename"], answer["path"]) == ("InvalidInput", ["idempotencyKey"]), bad
        for good in ("12345678", "k" * 255, "clé à part", "鍵" * 8):
            done = await app.act(house.owner, SELL, input=sale(house, idempotencyKey=good))
            assert done["replayed"] is False
            assert await rows("SELECT id FROM operation WHERE idempotency_key = $1", good) == [
                {"id": done["operationId"]}
            ]
