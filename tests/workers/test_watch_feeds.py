"""The operator sees how long what nobody has acknowledged has been waiting."""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from domain.feed.acknowledge_entries import AcknowledgeEntries
from domain.kernel.commands import run_command
from domain.ledger.seal import newest_position, seal_operations
from domain.people.revoke_api_key import RevokeApiKey
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, sold
from workers.main import TIMETABLE
from workers.watch_feeds import watch_feeds

pytestmark = pytest.mark.anyio


async def waiting(house: Harbour, feed: str = "journal") -> float | None:
    """What the metric says of a feed of the key after the sweep."""
    await watch_feeds()
    labels = {"key": house.integrator.id, "feed": feed}
    return REGISTRY.get_sample_value("carnet_feed_waiting_seconds", labels)


def test_feeds_are_looked_at_every_half_minute() -> None:
    [row] = [row for row in TIMETABLE if row.sweep is watch_feeds]

    assert row.every == timedelta(seconds=30)


async def test_a_feed_waits_from_the_first_entry_that_is_not_acknowledged(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await seal_operations()
        began = await newest_position(house.chain_id)
    with on(MONDAY + timedelta(minutes=1)):
        assert await waiting(house) is None
        await run_command(house.integrator, AcknowledgeEntries(0))
        await run_command(house.owner, AcknowledgeEntries(0))
        assert await waiting(house) == 0  # what there is until then has no entries
        await sold(house, house.ten)
    with on(MONDAY + timedelta(minutes=2)):
        await sold(house, house.ten)
        await seal_operations()
    with on(MONDAY + timedelta(minutes=3)):
        assert await waiting(house) == 120
        await run_command(house.integrator, AcknowledgeEntries(began + 1))
        assert await waiting(house) == 60
        await run_command(house.integrator, AcknowledgeEntries(began + 2))
        assert await waiting(house) == 0
        await run_command(house.owner, RevokeApiKey(house.integrator.id))
        assert await waiting(house) is None
