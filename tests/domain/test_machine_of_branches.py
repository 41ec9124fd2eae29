"""Whatever goes to and fro between branches and people: what is due is due on both sides, and each branch balances."""

import asyncio
import os
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

import pytest

from domain.kernel import db
from domain.ledger.audit import audit_ledgers
from tests.fixtures.closing import assert_reports_close
from tests.fixtures.desk import MONDAY, on
from tests.fixtures.neighbours.books import lines_of
from tests.fixtures.neighbours.desk import Desk, Told
from tests.fixtures.neighbours.dues import assert_nothing_owed
from tests.fixtures.neighbours.histories import history
from tests.fixtures.neighbours.house import founded
from tests.fixtures.neighbours.seeing import Seen, looked_at
from tests.fixtures.neighbours.steps import Confirm, Decide, Resolve, Settle, Step, Sweep, Wait

T = TypeVar("T")

_ENDS = (MONDAY.date(), date(2026, 3, 17), date(2026, 4, 30), date(2026, 12, 31), date(2032, 12, 31))
"""On these days the reports over a history close; nothing comes later."""

_OF_THE_BOOKS = (Sweep, Settle, Confirm, Decide, Resolve)

EXAMPLES = int(os.environ.get("CARNET_HYPOTHESIS_EXAMPLES", "0"))
"""How many histories to search instead of the few that are always the same."""

TELLING = range(EXAMPLES) if EXAMPLES else (7, 12, 14, 21, 24, 35)
"""In these, sessions come back to packages that have moved, and runs leave days and disputes to each other.

In histories of odd numbers, breakage is recognised in proportion to use.
"""


class Neighbourhood:
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

    def told(self, history: Sequence[Step], proportional: bool) -> tuple[list[Told], list[Seen]]:
        """What came of each step, and what is there after the last one and when all has lapsed and is settled."""
        with self.opened():
            return self.wait(self._told_to_the_end(history, proportional))

    async def _told_to_the_end(self, history: Sequence[Step], proportional: bool) -> tuple[list[Told], list[Seen]]:
        self._told += 1
        with on(MONDAY):
            desk = Desk(await founded(f"History {self._told}", proportional), MONDAY)
        story = [await desk.take(step) for step in history]
        seen = await looked_at(desk)
        await _settled_in_the_end(desk)
        assert await audit_ledgers(desk.house.chain_id) == []
        await assert_reports_close(desk.house.owner, _ENDS)
        return story, [*seen, *await looked_at(desk)]


async def _settled_in_the_end(desk: Desk) -> None:
    """Once everything has lapsed and no dispute is left, two runs settle all that was ever due."""
    await desk.take(Wait(24 * 366 * 3))
    await desk.take(Sweep())
    for number in range(len(desk.settlements)):
        await desk.take(Decide(number, approved=True))
    for number in range(len(desk.disputes)):
        await desk.take(Resolve(number))
    await desk.take(Settle(2, None, approved=True))
    for number in range(len(desk.settlements)):
        await desk.take(Confirm(number, None))
    assert_nothing_owed(await lines_of(desk.house.chain_id))


@pytest.fixture
def places(sqlite_url: str, postgres_url: str) -> Iterator[list[Neighbourhood]]:
    with asyncio.Runner() as runner:
        yield [Neighbourhood(sqlite_url, runner), Neighbourhood(postgres_url, runner)]


def _swept(history: Sequence[Step]) -> list[Step]:
    return [each for step in history if not isinstance(step, Sweep) for each in (step, Sweep())]


def _decided(history: Sequence[Step], told: Sequence[Told]) -> list[str]:
    """What was refused, and why; a sweep is no decision, and what is settled depends on what is posted by then."""
    kept = [(step, told) for step, told in zip(history, told, strict=True) if not isinstance(step, _OF_THE_BOOKS)]
    return [told if isinstance(told, str) else "" for _, told in kept]


@pytest.mark.parametrize("number", TELLING)
def test_histories(places: list[Neighbourhood], number: int) -> None:
    sqlite, postgres = places
    steps, proportional = history(number, 25), number % 2 == 1
    told, seen = sqlite.told(steps, proportional)
    assert postgres.told(steps, proportional) == (told, seen)
    swept, seen_swept = sqlite.told(_swept(steps), proportional)
    assert _decided(_swept(steps), swept) == _decided(steps, told)
    assert seen_swept == seen
