"""A night in which everything breaks that can, and the morning after it, in which the books agree."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.accounting.connectors.protocol import Problem, System
from tests.fixtures.databases import VAULT_KEY
from tests.fixtures.night import figures, morning
from tests.fixtures.night.night import Night, night
from tests.fixtures.night.plan import DATABASES, SIZE
from tests.fixtures.night.worker import Place
from tests.fixtures.own_queue import Queue, own_queue

pytestmark = pytest.mark.anyio


@pytest.fixture
def queue() -> Iterator[Queue]:
    with own_queue() as queue:
        queue.start()
        yield queue


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_db")
    return url


async def test_in_the_morning_the_books_agree_whatever_broke_at_night(url: str, queue: Queue, tmp_path: Path) -> None:
    began = time.monotonic()
    sys.stdout.write(f"{SIZE}\n")  # with the seed, where it fails
    async with night(Place(url, queue.url, VAULT_KEY, tmp_path), queue, SIZE) as it:
        await it.pass_by()
        await it.settle()
        assert set(await morning.dead_letters()) == {
            (System.XERO, "PENDING", Problem.LOCKED_DAY),
            (System.QUICKBOOKS, "PENDING", Problem.NO_MAPPING),
            (System.ERPNEXT, "REJECTED", Problem.UNKNOWN_ACCOUNT),
        }
        await morning.mend(it)
        await it.settle()
        it.workers.end()
        await holds(it, tmp_path)
        sys.stdout.write(f"{await figures.of(it)}\n{time.monotonic() - began:.0f} s\n")


async def holds(it: Night, folder: Path) -> None:
    """Everything that has to."""
    await morning.assert_all_verified()
    for remote in it.remotes.values():
        await morning.assert_booked_once(remote, folder)
    await morning.assert_told(it)
    await morning.assert_heard(it)
    await morning.assert_read_through(it)
    await morning.assert_exported(it, folder)
    assert sum(it.till.done.values()) >= it.size.operations
    assert any(each.sending for each in it.workers.killed), "no kill hit a document on its way"
