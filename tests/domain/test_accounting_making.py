"""Documents are made of the sealed journal: each entry once for each branch, whatever comes late or breaks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.accounting.sync.lease import held
from domain.accounting.sync.making import make_documents
from domain.accounting.sync.rules import Mode
from domain.accounting.sync.syncing import waiting
from domain.kernel.db import counting, execute, rows
from domain.ledger.seal import seal_operations
from tests.fakes.ledger import Ledger
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.ledgers import traded, traded_with_two_taxes
from tests.fixtures.synced import Synced, connected, in_files, known

pytestmark = pytest.mark.anyio


def told(document: object) -> list[tuple[str, str, int]]:
    return [(leg.account.value, leg.branch, leg.amount_minor) for leg in document.legs]  # type: ignore[attr-defined]


async def test_each_entry_becomes_one_balanced_document(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            await traded(house)
            there = await connected(house, ledger)
            await there.round()
            await there.round()
            made = await there.documents()
        entries = await rows("SELECT id FROM journal_entry")

        assert [document.number for document in made] == list(range(1, len(entries) + 1))
        assert all(sum(leg.amount_minor for leg in document.legs) == 0 for document in made)
        assert {document.day for document in made} == {date(2026, 3, 2)}
        assert [(each.memo, each.branch_id) for each in made] == [
            ("Package sold, LIS", house.lis),
            ("Payment received, LIS", house.lis),
            ("Session performed, LIS", house.lis),
            ("Session performed, LIS", house.lis),
            ("Redemption reversed, LIS", house.lis),
            ("Session performed, LIS, MAD", None),
        ]
        assert told(made[5]) == [
            ("DEFERRED_REVENUE", "LIS", 4500),
            ("DUE_TO_BRANCH", "LIS", -4500),
            ("DUE_FROM_BRANCH", "MAD", 4500),
            ("REVENUE", "MAD", -4500),
        ]
        assert made[5].legs[1].counterparty == "MAD"
        assert made[5].legs[3].service == "PHY45"


async def test_a_branch_hands_over_only_its_own_legs_from_the_day_on(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            package = await sold(house, house.ten)
        with on(MONDAY + timedelta(days=1)):
            await used(house, package, branch_id=house.mad)
            await seal_operations()
            there = await connected(house, ledger, branch_ids=(house.lis,), starts_on=date(2026, 3, 3))
            await there.round()
            document = await there.document()

        assert told(document) == [("DEFERRED_REVENUE", "LIS", 4500), ("DUE_TO_BRANCH", "LIS", -4500)]
        assert document.branch_id == house.lis


async def test_a_day_is_summed_for_each_branch_when_it_is_over_on_its_own_clock(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger, Mode.DAILY_SUMMARY)
            for _ in range(3):
                package = await sold(house, house.ten, payments=cash(20000))
            await used(house, package)
            await used(house, package, branch_id=house.mad)
            await sold(house, house.ten, branch_id=house.pdl)
            await there.round()
            assert await there.documents() == []
        with on(datetime(2026, 3, 2, 23, 30, tzinfo=UTC)):  # past midnight in Madrid only
            await there.round()
            assert [(each.branch_id, each.day) for each in await there.documents()] == [(house.mad, date(2026, 3, 2))]
        with on(datetime(2026, 3, 3, 0, 30, tzinfo=UTC)):
            await there.round()
        with on(datetime(2026, 3, 3, 1, 30, tzinfo=UTC)):  # and in the Azores
            await there.round()
            made = await there.documents()

        assert [each.branch_id for each in made] == [house.mad, house.lis, house.pdl]
        assert made[1].memo == "2026-03-02, LIS, 8 entries"
        assert made[1].entries == 8
        assert told(made[1]) == [
            ("CASH", "LIS", 60000),
            ("DEFERRED_REVENUE", "LIS", -135000),
            ("DEFERRED_REVENUE", "LIS", 9000),
            ("DUE_TO_BRANCH", "LIS", -4500),
            ("RECEIVABLE", "LIS", 135000),
            ("RECEIVABLE", "LIS", -60000),
            ("REVENUE", "LIS", -4500),
        ]


async def test_what_comes_late_for_a_day_makes_a_further_document(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger, Mode.DAILY_SUMMARY)
            package = await sold(house, house.ten)
        with on(MONDAY + timedelta(days=1)):
            await there.round()
            await used(house, package, visited_at=MONDAY)
            await there.round()
        with on(MONDAY + timedelta(days=2)):
            await there.round()
            made = await there.documents()

        assert [(each.day, each.entries) for each in made] == [(date(2026, 3, 2), 1), (date(2026, 3, 2), 1)]
        assert await each_entry_once_for_each_branch(there)


async def test_a_day_that_is_summed_leaves_the_rows_of_all_others_alone(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger, Mode.DAILY_SUMMARY)
        for day in range(3):
            with on(MONDAY + timedelta(days=day)):
                await sold(house, house.ten)
                await sold(house, house.ten)
        with on(MONDAY + timedelta(days=4)):
            await seal_operations()
            async with held(there.connection_id) as mine:
                assert mine is not None
                await make_documents(mine)
                first, second, third = await rows("SELECT id, day FROM sync_waiting_day ORDER BY day")
                assert await make_documents(mine, at_most=1) == 1
                assert await rows("SELECT id, day FROM sync_waiting_day ORDER BY day") == [second, third]
                assert await make_documents(mine) == 2
                assert await make_documents(mine) == 0
        made = await there.documents()

    assert [(each.day, each.entries) for each in made] == [(row["day"], 2) for row in (first, second, third)]


async def test_one_statement_says_which_of_many_connections_have_something_to_do(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger, Mode.DAILY_SUMMARY)
            await there.round()
            assert await ready() == ([], 1)
            for number in range(20):
                await in_files(house.owner, f"Books {number}")
            assert await ready() == ([], 1)
            await sold(house, house.ten)
            assert await ready() == ([], 1)
            await seal_operations()
            assert there.connection_id in (await ready())[0]
            await execute("UPDATE accounting_connection SET state = 'PAUSED' WHERE id <> $1", there.connection_id)
            await there.round()
        over = datetime(2026, 3, 3, 0, 5, tzinfo=UTC)
        with on(over - timedelta(seconds=1)):
            assert await ready() == ([], 1)
        with on(over):
            assert await ready() == ([there.connection_id], 1)
            await there.round()
            assert await ready() == ([], 1)
            await there.map()
            assert await ready() == ([there.connection_id], 1)
            await there.round()
            assert await ready() == ([], 1)


async def ready() -> tuple[list[str], int]:
    """The connections for which there is something to do, and how many statements were needed to find out."""
    with counting() as counter:
        found = await waiting()
    return [each.id for each in found], len(counter)


async def test_tax_codes_are_kept_for_the_mapping_and_sums_differ_by_them(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            await traded_with_two_taxes(house)
            there = await connected(house, ledger)
            await there.round()
            made = await there.documents()
        taxed = {
            (leg.account.value, leg.branch, leg.tax_code)
            for each in made
            for leg in each.legs
            if leg.account.value == "TAX_PAYABLE"
        }

        assert taxed == {("TAX_PAYABLE", "LIS", "STANDARD"), ("TAX_PAYABLE", "MAD", "REDUCED")}


@pytest.mark.parametrize("mode", Mode)
async def test_small_steps_and_interruptions_make_the_same_documents_once(
    db: str, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            await traded(house)
            there = await connected(house, ledger, mode)
            await seal_operations()
        with on(MONDAY + timedelta(days=2)):
            await _interrupted(there, monkeypatch)
            async with held(there.connection_id) as mine:
                assert mine is not None
                while await make_documents(mine, at_most=1):
                    pass

        assert await each_entry_once_for_each_branch(there)


async def _interrupted(there: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails after the documents were written, and before how far it had come was."""

    async def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr("domain.accounting.sync.connections_store.moved_on", fail)
        async with held(there.connection_id) as mine:
            assert mine is not None
            with pytest.raises(RuntimeError):
                await make_documents(mine)
    assert await there.documents() == []


async def each_entry_once_for_each_branch(there: Synced) -> bool:
    """The legs of all documents are all lines of the journal."""
    lines = await rows(
        """SELECT l.account, l.branch_id, l.debit_minor - l.credit_minor AS amount FROM journal_line l
        JOIN journal_entry e ON e.id = l.entry_id WHERE e.chain_id = $1""",
        there.house.chain_id,
    )
    sums: dict[tuple[str, str], list[int]] = {}
    for row in lines:
        sums.setdefault((row["account"], row["branch_id"]), []).append(row["amount"])
    legs = [leg for each in await there.documents() for leg in each.legs]
    for (account, branch), amounts in sums.items():
        of = [leg.amount_minor for leg in legs if (leg.account.value, leg.branch_id) == (account, branch)]
        assert (sum(x for x in of if x > 0), sum(of)) == (sum(x for x in amounts if x > 0), sum(amounts))
    return len(legs) > 0
