"""Closing and reopening the books over HTTP."""

from datetime import date

import pytest

from domain.accounting.close_period import ClosePeriod
from domain.kernel.commands import run_command
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.desk import MONDAY, on
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import mutation, refused
from tests.fixtures.two_winters import day

pytestmark = pytest.mark.anyio

PERIOD = "{ id firstDay lastDay closedAt reopenedAt closedBy { act reason } reopenedBy { act reason } }"
CLOSE = mutation("closePeriod", f"openFrom operationId period {PERIOD}")
REOPEN = mutation("reopenPeriod", f"openFrom operationId period {PERIOD}")
READ = f"""query($first: Int, $after: String) {{ periods(first: $first, after: $after) {{
  nodes {PERIOD} pageInfo {{ endCursor }} }} }}"""
BOOKS = "{ viewer { chain { booksOpenFrom } } }"


async def test_a_period_is_closed_and_reopened(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        with on(day(2026, 3, 16)):
            answer = await app.act(house.owner, CLOSE, input={"lastDay": "2026-02-28", "reason": "month end"})
            assert (answer["__typename"], answer["openFrom"]) == ("ClosePeriodPayload", "2026-03-01")
            closed = answer["period"]
            assert closed == {
                "id": closed["id"],
                "firstDay": None,
                "lastDay": "2026-02-28",
                "closedAt": "2026-03-16T12:00:00Z",
                "reopenedAt": None,
                "closedBy": {"act": "close_period", "reason": "month end"},
                "reopenedBy": None,
            }
            assert await app.ask(house.desk_lis, BOOKS) == {"viewer": {"chain": {"booksOpenFrom": "2026-03-01"}}}
            ana = await customer_actor(house, house.ana)
            assert await app.ask(ana, BOOKS) == {"viewer": {"chain": {"booksOpenFrom": None}}}
            node = f'{{ node(id: "{closed["id"]}") {{ id }} }}'
            assert await app.ask(house.accountant, node) == {"node": {"id": closed["id"]}}
            assert await app.ask(ana, node) == await app.ask(house.other_owner, node) == {"node": None}

            answer = await app.act(house.owner, REOPEN, input={"reason": "a bill was missing"})
            assert (answer["__typename"], answer["openFrom"]) == ("ReopenPeriodPayload", None)
            assert answer["period"] == closed | {
                "reopenedAt": "2026-03-16T12:00:00Z",
                "reopenedBy": {"act": "reopen_period", "reason": "a bill was missing"},
            }


async def test_refusals_say_what_is_so(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        with on(MONDAY):
            today = {"lastDay": "2026-03-02", "reason": "day end"}
            assert await refused(app, house.owner, CLOSE, today) == (
                "PeriodNotOver", {"path": ["lastDay"], "lastDay": "2026-03-02", "today": "2026-03-02"},
            )  # fmt: skip
            assert await refused(app, house.owner, REOPEN, {"reason": "oh"}) == ("NothingClosed", {"path": []})
            await run_command(house.owner, ClosePeriod(date(2026, 2, 28), "month end"))
            assert await refused(app, house.owner, CLOSE, {"lastDay": "2026-02-01", "reason": "again"}) == (
                "PeriodClosed", {"path": ["lastDay"], "lastDay": "2026-02-01", "openFrom": "2026-03-01"},
            )  # fmt: skip


async def test_periods_are_listed_for_readers_of_the_books(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        for month in (1, 2):
            await run_command(house.owner, ClosePeriod(date(2026, month, 28), "month end"))
    async with graph() as app:
        first = (await app.ask(house.manager_mad, READ, first=1))["periods"]
        second = (await app.ask(house.manager_mad, READ, first=1, after=first["pageInfo"]["endCursor"]))["periods"]
        assert [node["lastDay"] for page in (first, second) for node in page["nodes"]] == ["2026-02-28", "2026-01-28"]
        for actor in (house.desk_lis, await customer_actor(house, house.ana)):
            assert await app.errors(actor, READ) == ["FORBIDDEN"]
        for actor in (house.manager_lis, house.accountant):
            body = {"lastDay": "2026-02-28", "reason": "month end"}
            assert await app.errors(actor, CLOSE, input=body) == ["FORBIDDEN"]
