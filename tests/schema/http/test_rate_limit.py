"""A principal that asks for too much in a short time waits; the others do not."""

import pytest

from schema.limits.rate import MAX_PRINCIPALS, RateLimit, Throttle, Throttled
from tests.schema.http.tiny_graph import OPENED, client_of, status_and_code, tiny_app

pytestmark = pytest.mark.anyio

TWENTY = "{ branches(first: 20) { code } }"


class Clock:
    """A clock that goes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_points_are_taken_and_come_back_with_time_up_to_the_capacity() -> None:
    clock = Clock()
    throttle = Throttle(RateLimit(capacity=100, restored_per_second=10), clock)
    assert throttle.take("ana", 70) == 30
    clock.now = 2.0
    assert throttle.take("ana", 10) == 40
    clock.now = 60.0
    assert throttle.take("ana", 0) == 100


def test_too_few_points_are_refused_with_the_wait_and_none_is_taken() -> None:
    throttle = Throttle(RateLimit(capacity=100, restored_per_second=10), Clock())
    throttle.take("ana", 95)
    with pytest.raises(Throttled) as refused:
        throttle.take("ana", 31)
    assert refused.value.retry_after == 3
    assert throttle.take("ana", 5) == 0


def test_only_the_principals_seen_lately_are_remembered() -> None:
    throttle = Throttle(RateLimit(capacity=100, restored_per_second=10), Clock())
    throttle.take("early", 100)
    for n in range(MAX_PRINCIPALS):
        throttle.take(f"later {n}", 1)
    assert throttle.take("early", 100) == 0


async def test_the_cost_is_reported_in_shopifys_shape() -> None:
    async with client_of(tiny_app(RateLimit(1000, 50))) as client:
        response = await client.post("/graphql", json={"query": TWENTY})
    assert response.json()["extensions"] == {
        "cost": {
            "requestedQueryCost": 20,
            "actualQueryCost": 20,
            "throttleStatus": {"maximumAvailable": 1000, "currentlyAvailable": 980, "restoreRate": 50},
        }
    }


async def test_who_has_spent_its_points_is_told_when_to_come_back_and_others_go_on() -> None:
    app = tiny_app(RateLimit(capacity=30, restored_per_second=1))
    async with client_of(app) as ana, client_of(app, name="rui") as rui:
        assert (await ana.post("/graphql", json={"query": TWENTY})).status_code == 200
        throttled = await ana.post("/graphql", json={"query": TWENTY})
        assert (await rui.post("/graphql", json={"query": TWENTY})).status_code == 200
    assert status_and_code(throttled) == (429, "THROTTLED")
    assert throttled.headers["retry-after"] in ("10", "11")
    assert "data" not in throttled.json()


async def test_who_is_throttled_is_not_even_read_and_changes_nothing() -> None:
    OPENED.clear()
    async with client_of(tiny_app(RateLimit(capacity=5, restored_per_second=1))) as client:
        mutation = {"query": 'mutation { openBranch(code: "LIS") { code } }'}
        assert status_and_code(await client.post("/graphql", json=mutation)) == (429, "THROTTLED")
        for _ in range(4):
            await client.post("/graphql", json={"query": "{ __typename }"})
        response = await client.post("/graphql", content=b"{", headers={"content-type": "application/json"})
    assert status_and_code(response) == (429, "THROTTLED")
    assert OPENED == []
