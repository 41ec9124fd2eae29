"""Whatever is topped up, upgraded and given back in whatever order: quotes hold, and nobody gets more than was paid."""

import asyncio
import os
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

import pytest

from domain.kernel import db
from domain.ledger.audit import audit_ledgers
from tests.fixtures.changes.desk import Desk, Told
from tests.fixtures.changes.histories import history
from tests.fixtures.changes.house import founded
from tests.fixtures.changes.seeing import Seen, looked_at
from tests.fixtures.changes.steps import Step, Sweep, Wait
from tests.fixtures.closing import assert_reports_close
from tests.fixtures.desk import MONDAY, on

T = TypeVar("T")

_ENDS = (MONDAY.date(), date(2026, 3, 17), date(2026, 4, 30), date(2026, 12, 31), date(2032, 12, 31))
"""On these days the reports over a history close; nothing comes later."""

EXAMPLES = int(os.environ.get("CARNET_HYPOTHESIS_EXAMPLES", "0"))
"""How many histories to search instead of the few that are always the same."""

TELLING = range(EXAMPLES) if EXAMPLES else (0, 13, 31, 59, 62, 65)
"""In these most of what can be done to packages that change is done, or refused, in three currencies."""


_CARRIED = ("value_minor", "tax_minor")


class Shop:
    """A database in which each history has a chain of its own."""

    def __init__(self, url: str, runner: asyncio.Runner) -> None:
        self.url, self._runner, self._told = url, runner, 0

    @contextmanager
    def opened(self) -> Iterator[None]:
        """The database is the one that acts work on."""
        self.wait(db.connect(self.url))
        try:
            yield
        finally:
            self.wait(db.disconnect())

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of asynchronous work."""
        return self._runner.run(work)

    def told(self, history: Sequence[Step], number: int) -> tuple[list[Told], list[Seen]]:
        """What came of each step, and what is there after the last one and when all has lapsed."""
        with self.opened():
            return self.wait(self._told_to_the_end(history, number))

    async def _told_to_the_end(self, history: Sequence[Step], number: int) -> tuple[list[Told], list[Seen]]:
        self._told += 1
        with on(MONDAY):
            desk = Desk(await founded(f"History {self._told}", number), MONDAY)
        story = [await desk.take(step) for step in history]
        seen = await looked_at(desk)
        await desk.take(Wait(24 * 366 * 3))
        await desk.take(Sweep())
        assert await audit_ledgers(desk.house.chain_id) == []
        await assert_reports_close(desk.house.owner, _ENDS)
        return story, [*seen, *await looked_at(desk)]


@pytest.fixture
def shops(sqlite_url: str, postgres_url: str) -> Iterator[list[Shop]]:
    with asyncio.Runner() as runner:
        yield [Shop(sqlite_url, runner), Shop(postgres_url, runner)]


def _swept(history: Sequence[Step]) -> list[Step]:
    return [each for step in history if not isinstance(step, Sweep) for each in (step, Sweep())]


def _decided(history: Sequence[Step], told: Sequence[Told]) -> list[Told]:
    """Without what sessions carry in the books, which depends on whether an estimate was caught up with before."""
    kept = [told for step, told in zip(history, told, strict=True) if not isinstance(step, Sweep)]
    return [each if isinstance(each, str) else tuple(pair for pair in each if pair[0] not in _CARRIED) for each in kept]


@pytest.mark.parametrize("number", TELLING)
def test_histories(shops: list[Shop], number: int) -> None:
    sqlite, postgres = shops
    steps = history(number, 22)
    told, seen = sqlite.told(steps, number)
    assert postgres.told(steps, number) == (told, seen)
    swept, seen_swept = sqlite.told(_swept(steps), number)
    assert _decided(_swept(steps), swept) == _decided(steps, told)
    assert seen_swept == seen
