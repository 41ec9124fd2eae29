"""Whatever is done in whatever order, on whichever database, swept or not: a clerk's exercise book says the same."""

import asyncio
import os
from collections import Counter
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.kernel import db
from domain.ledger.audit import audit_ledgers
from tests.fixtures.closing import assert_reports_close
from tests.fixtures.desk import MONDAY, on
from tests.fixtures.plain.book import ExerciseBook, Page
from tests.fixtures.plain.histories import histories
from tests.fixtures.plain.steps import Step, Sweep, Wait
from tests.fixtures.plain.told import TOLD
from tests.fixtures.plain_desk import Told, newcomer
from tests.fixtures.plain_house import CURRENCIES, House, founded, plain_books
from tests.fixtures.plain_reading import read
from tests.fixtures.plain_terms import definitions

T = TypeVar("T")

_AGES = Wait(24 * 366 * 3)
"""After this everything has lapsed that can."""

_ENDS = (MONDAY.date(), date(2026, 3, 17), date(2026, 3, 31), date(2026, 5, 6), date(2026, 12, 31), date(2032, 12, 31))
"""On these days the reports over all histories close; nothing comes later."""

EXAMPLES = int(os.environ.get("CARNET_HYPOTHESIS_EXAMPLES", "0"))
"""How many histories to search instead of the few that are always the same."""

ROUNDINGS = 5


class Desk:
    """A database with a chain for each currency and its definitions, opened for each history anew."""

    def __init__(self, url: str, runner: asyncio.Runner) -> None:
        self.url, self._runner = url, runner
        with self.opened(), on(MONDAY):
            self.houses: dict[str, House] = {each: self.wait(founded(each)) for each in CURRENCIES}
            self.definitions = {each: self.wait(definitions(house)) for each, house in self.houses.items()}

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of asynchronous work."""
        return self._runner.run(work)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """The database is the one that acts work on."""
        self.wait(db.connect(self.url))
        try:
            yield
        finally:
            self.wait(db.disconnect())

    def told(self, history: Sequence[Step], currency: str = "EUR") -> list[tuple[Told, Page]]:
        """What came of each step, which is what the exercise book says."""
        with self.opened():
            return self.wait(self._told(history, currency))

    async def _told(self, history: Sequence[Step], currency: str) -> list[tuple[Told, Page]]:
        book = ExerciseBook(MONDAY, plain_books(currency))
        who = await newcomer(self.houses[currency], self.definitions[currency], MONDAY)
        story = []
        for step in history:
            if book.can(step):
                expected, told = book.take(step), await who.take(step)
                if isinstance(expected, set):
                    assert told in expected, step
                else:
                    assert told == expected, step
                page = await read(who)
                assert page == book.page(), step
                story.append((told, page))
        return story

    def audited(self) -> None:
        """The auditor finds nothing in all that was told, and the reports close."""
        with self.opened():
            for house in self.houses.values():
                self.wait(assert_reports_close(house.owner, _ENDS))
                assert self.wait(audit_ledgers(house.chain_id)) == []


@pytest.fixture
def desks(sqlite_url: str, postgres_url: str) -> Iterator[list[Desk]]:
    with asyncio.Runner() as runner:
        both = [Desk(sqlite_url, runner), Desk(postgres_url, runner)]
        yield both
        for desk in both:
            desk.audited()


def _swept(history: Sequence[Step]) -> list[Step]:
    return [each for step in history if not isinstance(step, Sweep) for each in (step, Sweep())]


def _unswept(history: Sequence[Step]) -> list[Step]:
    return [step for step in history if not isinstance(step, Sweep)]


def _refuse_other_end(one: Page, other: Page, currency: str) -> None:
    """What is seen at the end is the same to the session, and what stands on each account but for roundings.

    A session that is used after its lot has lapsed is rounded before those that lapsed, or after them.
    """
    assert [_without_value(each) for each in one.by_clock] == [_without_value(each) for each in other.by_clock]
    assert one.bookings == other.bookings
    for package, same in zip(one.in_books, other.in_books, strict=True):
        assert [lot[:5] for lot in package["lots"]] == [lot[:5] for lot in same["lots"]]
        nets, others = _accounts(package, currency), _accounts(same, currency)
        assert all(abs(nets[account] - others[account]) <= ROUNDINGS for account in nets.keys() | others.keys())


def _without_value(seen: dict[str, Any]) -> dict[str, Any]:
    return seen | {"explained": seen["explained"][:5]}


def _accounts(package: dict[str, Any], currency: str) -> Counter[tuple[str, str]]:
    """What stands on each account, whatever the day.

    Where breakage is expected, it depends on what had lapsed in the books before how what is used later divides.
    """
    nets: Counter[tuple[str, str]] = Counter()
    for (_, account, branch), amount in package["journal"].items():
        divides = currency == "KWD" and account in ("REVENUE", "BREAKAGE_REVENUE", "DUE_TO_BRANCH", "DUE_FROM_BRANCH")
        nets[("EARNED", "") if divides else (account, branch)] += amount
    return nets


def test_histories_that_once_went_wrong(desks: list[Desk]) -> None:
    for desk in desks:
        for number, told in enumerate(TOLD.values()):
            money = CURRENCIES[number % len(CURRENCIES)]
            ends = (desk.told([*each, _AGES, Sweep()], money)[-1][1] for each in (_unswept(told), _swept(told)))
            _refuse_other_end(next(ends), next(ends), money)


@settings(
    max_examples=EXAMPLES or 12,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
@given(history=histories(24), currency=st.sampled_from(CURRENCIES))
def test_histories(desks: list[Desk], history: list[Step], currency: str) -> None:
    sqlite, postgres = desks
    sometimes = sqlite.told([*history, _AGES, Sweep()], currency)
    assert postgres.told([*history, _AGES, Sweep()], currency) == sometimes
    for desk, other in ((sqlite, _swept(history)), (postgres, _unswept(history))):
        _refuse_other_end(desk.told([*other, _AGES, Sweep()], currency)[-1][1], sometimes[-1][1], currency)
