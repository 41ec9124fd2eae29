"""Reports as tables: which rows they have, for whom, of which days and as of when."""

import tracemalloc
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from domain.branches.open_branch import OpenBranch
from domain.kernel.access import Actor, system
from domain.kernel.commands import run_command
from domain.kernel.db import counting, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.store import insert_entries
from domain.reports.figures import InvertedPeriod
from domain.reports.profit_store import GroupBy
from domain.reports.tables.journal_store import lines
from domain.reports.tables.registry import TABLES, Report, csv_report, settled
from domain.reports.tables.table import PARTS, Asked
from tests.fixtures.askers import askers
from tests.fixtures.chain import Harbour, customer, harbour
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.ledgers import traded, traded_with_two_taxes
from tests.fixtures.reports import report_rows

pytestmark = pytest.mark.anyio

APRIL = MONDAY + timedelta(days=39)


async def two_months(db: str) -> Harbour:
    """What `traded` posts on 2 March, and another package sold and paid on 10 April."""
    with on(MONDAY):
        house = await harbour(db)
        await traded(house)
    with on(APRIL):
        await sold(house, house.ten, payments=cash(45000))
    return house


async def test_the_trial_balance_has_a_row_for_each_account_of_each_branch(db: str) -> None:
    house = await two_months(db)
    text = "".join([piece async for piece in csv_report(house.accountant, Report.TRIAL_BALANCE, march())])
    assert text == (
        "branch,account,debit,credit,balance,currency\r\n"
        "LIS,CASH,200.00,0.00,200.00,EUR\r\n"
        "LIS,DEFERRED_REVENUE,135.00,495.00,-360.00,EUR\r\n"
        "LIS,DUE_TO_BRANCH,0.00,45.00,-45.00,EUR\r\n"
        "LIS,RECEIVABLE,450.00,200.00,250.00,EUR\r\n"
        "LIS,REVENUE,45.00,90.00,-45.00,EUR\r\n"
        "MAD,DUE_FROM_BRANCH,45.00,0.00,45.00,EUR\r\n"
        "MAD,REVENUE,0.00,45.00,-45.00,EUR\r\n"
    )


def march() -> Asked:
    return Asked(last_day=date(2026, 3, 31))


async def test_the_journal_has_a_row_for_each_debit_and_credit(db: str) -> None:
    house = await two_months(db)
    found = await report_rows(house.accountant, Report.JOURNAL, Asked())
    sale, first, *_ = await rows("SELECT id, operation_id, event FROM journal_entry ORDER BY id")
    [package] = await rows("SELECT package_id AS id FROM operation WHERE id = $1", sale["operation_id"])
    assert len(found) == 2 + 2 + 2 + 2 + 2 + 4 + 2 + 2
    assert found[0] == {
        "entry_id": sale["id"],
        "operation_id": sale["operation_id"],
        "event": "SALE",
        "posted_on": "2026-03-02",
        "effective_at": "2026-03-02T10:00:00Z",
        "recorded_at": "2026-03-02T10:00:00Z",
        "account": "RECEIVABLE",
        "branch": "LIS",
        "debit": "450.00",
        "credit": "0.00",
        "currency": "EUR",
        "counterparty": "",
        "package_id": package["id"],
        "service": "",
        "payment_method": "",
        "customer_id": "",
        "tax_code": "",
        "tax_rate": "",
        "intercompany": "false",
    }
    cash_line = found[2]
    assert (cash_line["entry_id"], cash_line["account"], cash_line["payment_method"]) == (first["id"], "CASH", "CASH")
    between = [row for row in found if row["counterparty"]]
    assert [(row["branch"], row["account"], row["counterparty"], row["debit"], row["credit"]) for row in between] == [
        ("LIS", "DUE_TO_BRANCH", "MAD", "0.00", "45.00"),
        ("MAD", "DUE_FROM_BRANCH", "LIS", "45.00", "0.00"),
    ]
    assert {row["service"] for row in found if row["event"] == "SESSION"} == {"PHY45"}


async def test_the_tax_payable_of_the_journal_splits_by_the_taxes_of_the_packages(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await traded_with_two_taxes(house)
    found = await report_rows(house.accountant, Report.JOURNAL, Asked())
    told = [tuple(row[name] for name in ("account", "debit", "credit", "tax_code", "tax_rate")) for row in found]
    assert told == [
        ("RECEIVABLE", "450.00", "0.00", "", ""),
        ("DEFERRED_REVENUE", "0.00", "375.00", "STANDARD", "20.00"),
        ("TAX_PAYABLE", "0.00", "75.00", "STANDARD", "20.00"),
        ("RECEIVABLE", "450.00", "0.00", "", ""),
        ("DEFERRED_REVENUE", "0.00", "409.09", "REDUCED", "10.00"),
        ("TAX_PAYABLE", "0.00", "40.91", "REDUCED", "10.00"),
        ("DEFERRED_REVENUE", "40.91", "0.00", "REDUCED", "10.00"),
        ("DUE_TO_BRANCH", "0.00", "40.91", "", ""),
        ("DUE_FROM_BRANCH", "40.91", "0.00", "", ""),
        ("REVENUE", "0.00", "40.91", "REDUCED", "10.00"),
    ]
    in_lisbon = await report_rows(house.manager_lis, Report.JOURNAL, Asked())
    assert [row["tax_code"] for row in in_lisbon if row["account"] == "REVENUE"] == ["REDUCED"]


async def test_deferred_revenue_has_a_row_for_each_branch_and_definition(db: str) -> None:
    house = await two_months(db)
    with on(APRIL):
        await sold(house, house.trial, branch_id=house.mad)
    everything = await report_rows(house.accountant, Report.DEFERRED_REVENUE, Asked())
    april = await report_rows(house.accountant, Report.DEFERRED_REVENUE, Asked(date(2026, 4, 1), date(2026, 4, 30)))
    nothing = dict.fromkeys(TABLES[Report.DEFERRED_REVENUE].columns, "0.00") | {"currency": "EUR"}
    lisbon = nothing | {"branch": "LIS", "definition": "PHY10", "closing": "810.00"}
    madrid = nothing | {"branch": "MAD", "definition": "FAC3T", "sold": "99.00", "closing": "99.00"}
    assert everything == [lisbon | {"sold": "900.00", "recognised": "90.00"}, madrid]
    assert april == [lisbon | {"opening": "360.00", "sold": "450.00"}, madrid]
    for asked in (Asked(definition_id=house.trial), Asked(branch_id=house.mad)):
        assert await report_rows(house.accountant, Report.DEFERRED_REVENUE, asked) == [madrid]


async def test_the_reconciliation_has_a_row_for_each_term_both_sides_and_their_difference(db: str) -> None:
    house = await two_months(db)
    found = await report_rows(house.accountant, Report.RECONCILIATION, march())
    told = {(row["view"], row["kind"]): (row["sign"], row["amount"]) for row in found if row["amount"] != "0.00"}
    assert told == {
        ("CASH", "COLLECTED"): ("1", "200.00"),
        ("ACCRUAL", "RECOGNISED"): ("1", "90.00"),
        ("ACCRUAL", "DEFERRED_REVENUE"): ("1", "360.00"),
        ("ACCRUAL", "RECEIVABLE"): ("-1", "250.00"),
        ("CASH", "TOTAL"): ("1", "200.00"),
        ("ACCRUAL", "TOTAL"): ("1", "200.00"),
    }
    assert [(row["view"], row["kind"], row["amount"]) for row in found[-3:]] == [
        ("CASH", "TOTAL", "200.00"),
        ("ACCRUAL", "TOTAL", "200.00"),
        ("", "DIFFERENCE", "0.00"),
    ]


async def test_collections_have_a_row_for_each_day_branch_and_method(db: str) -> None:
    house = await two_months(db)
    card = (Received(PaymentMethod.CARD, 9900),)
    with on(APRIL):
        await sold(house, house.trial, branch_id=house.mad, payments=card)
    text = [piece async for piece in csv_report(house.accountant, Report.COLLECTIONS, Asked())]
    assert "".join(text).splitlines() == [
        "day,branch,method,collected,refunded,currency",
        "2026-03-02,LIS,CASH,200.00,0.00,EUR",
        "2026-04-10,LIS,CASH,450.00,0.00,EUR",
        "2026-04-10,MAD,CARD,99.00,0.00,EUR",
    ]
    for asked in (Asked(payment_method=PaymentMethod.CARD), Asked(branch_id=house.mad)):
        assert [row["collected"] for row in await report_rows(house.owner, Report.COLLECTIONS, asked)] == ["99.00"]
    with patch("domain.reports.tables.collections._CHUNK", 1):
        assert [piece async for piece in csv_report(house.accountant, Report.COLLECTIONS, Asked())] != text
        rows_one_by_one = [piece async for piece in csv_report(house.accountant, Report.COLLECTIONS, Asked())]
    assert "".join(rows_one_by_one) == "".join(text)


@pytest.mark.parametrize("by", [None, *GroupBy])
async def test_the_profit_of_packages_has_a_row_for_whatever_is_asked(db: str, by: GroupBy | None) -> None:
    house = await two_months(db)
    with on(APRIL):
        package_id = await sold(house, house.ten)
        await used(house, package_id)
    [sale, *_] = await rows("SELECT package_id FROM movement ORDER BY id LIMIT 1")
    found = await report_rows(house.accountant, Report.PACKAGE_PROFIT, Asked(group_by=by))
    told = {
        GroupBy.PACKAGE: [("package_id", sale["package_id"], "90.00"), ("package_id", package_id, "45.00")],
        GroupBy.DEFINITION: [("definition", "PHY10", "135.00")],
        GroupBy.BRANCH: [("branch", "LIS", "90.00"), ("branch", "MAD", "45.00")],
        GroupBy.MONTH: [("month", "2026-03-01", "90.00"), ("month", "2026-04-01", "45.00")],
    }[by or GroupBy.PACKAGE]
    assert [(column, row[column], row["profit"]) for row, (column, *_) in zip(found, told, strict=True)] == told
    assert sum(int(row["sessions_without_cost"]) for row in found) == 3
    keys = {"package_id", "definition", "branch", "month"} - {column for column, *_ in told}
    assert {row[key] for row in found for key in keys} == {""}
    with patch("domain.reports.tables.package_profit._CHUNK", 1):
        assert await report_rows(house.accountant, Report.PACKAGE_PROFIT, Asked(group_by=by)) == found


async def test_the_metrics_of_packages_have_a_row_for_each_definition(db: str) -> None:
    house = await two_months(db)
    with on(APRIL):
        paid = await sold(house, house.trial, branch_id=house.mad)
        for _ in range(3):
            await used(house, paid, service_id=house.facial, branch_id=house.mad)
    trial, ten = await report_rows(house.accountant, Report.PACKAGE_METRICS, Asked())
    assert ten["definition"] == "PHY10"
    assert (ten["sold"], ten["ended"]) == ("2", "0")
    assert tuple(ten[f"utilisation_of_sold_{part}"] for part in ("part", "whole", "percent")) == ("2", "20", "10.00")
    assert tuple(ten[f"lapse_rate_{part}"] for part in ("part", "whole", "percent")) == ("0", "0", "")
    assert tuple(ten[f"contribution_{part}"] for part in ("part", "whole", "percent")) == ("90.00", "189.00", "47.62")
    assert (trial["definition"], trial["sold"], trial["ended"]) == ("FAC3T", "1", "1")
    assert tuple(trial[f"renewal_rate_{part}"] for part in ("part", "whole", "percent")) == ("0", "1", "0.00")
    assert tuple(trial[f"days_to_exhaust_{part}"] for part in ("packages", "median", "mean")) == ("1", "0.0", "0.0")


async def test_the_value_of_customers_has_a_row_for_each_who_paid_or_came(db: str) -> None:
    house = await two_months(db)
    with on(APRIL):
        await sold(house, house.trial, customer_id=house.eva, branch_id=house.mad, payments=cash(9900))
    found = await report_rows(house.accountant, Report.CUSTOMER_VALUE, Asked())
    ana = {"customer_id": house.ana, "name": "Ana Silva", "last_visit": "2026-03-02T10:00:00Z", "spent": "650.00"}
    eva = {"customer_id": house.eva, "name": "Eva Ruiz", "last_visit": "", "spent": "99.00"}
    assert found == [
        ana | {"sessions": "2", "services": "PHY45 2", "currency": "EUR"},
        eva | {"sessions": "0", "services": "", "currency": "EUR"},
    ]
    with patch("domain.reports.tables.customer_value._CHUNK", 1):
        assert await report_rows(house.accountant, Report.CUSTOMER_VALUE, Asked()) == found


async def test_a_name_that_a_spreadsheet_would_reckon_with_is_made_harmless(db: str) -> None:
    house = await harbour(db)
    name = '=HYPERLINK("http://example.com")'
    mallory = await customer(house.owner, name, "Ruiz", house.lis)
    await sold(house, house.ten, customer_id=mallory, payments=cash(45000))
    text = "".join([piece async for piece in csv_report(house.owner, Report.CUSTOMER_VALUE, Asked())])
    assert text.splitlines()[1].startswith(f'{mallory},"\'=HYPERLINK(""http://example.com"") Ruiz",')


async def test_some_days_a_branch_and_an_instant_limit_the_journal(db: str) -> None:
    house = await two_months(db)
    owner = house.owner

    async def count(asked: Asked) -> int:
        return len(await report_rows(owner, Report.JOURNAL, asked))

    assert await count(Asked(last_day=date(2026, 3, 31))) == 14
    assert await count(Asked(date(2026, 4, 1), date(2026, 4, 30))) == 4
    assert await count(Asked(branch_id=house.mad)) == 2
    assert await count(Asked(branch_id=house.pdl)) == 0
    assert await count(Asked(as_of=MONDAY)) == 14
    assert await count(Asked(as_of=MONDAY - timedelta(seconds=1))) == 0
    assert await count(Asked(as_of=APRIL)) == 18


@pytest.mark.parametrize("chunk", [1, 3, 8, 1000])
async def test_every_line_is_read_once_in_the_order_of_its_day(db: str, chunk: int) -> None:
    house = await two_months(db)
    found = [line async for each in lines(house.owner, Asked(), chunk) for line in each]
    assert found == sorted(found, key=lambda line: (line["posted_on"], line["entry_id"]))
    assert found == [line async for each in lines(house.owner, Asked()) for line in each]
    assert len(found) == 18
    with counting() as statements:
        assert [each async for each in lines(house.owner, Asked(), chunk)]
    assert len(statements) == 3 * -(-8 // chunk) + 1  # the last finds nothing


async def test_what_is_recorded_after_a_report_was_asked_for_is_in_none_of_its_rows(db: str) -> None:
    with on(MONDAY) as clock:
        house = await harbour(db)
        await sold(house, house.ten)
        asked = settled(Report.JOURNAL, Asked())
        clock.shift(timedelta(seconds=1))
        await sold(house, house.ten)
        assert len(await report_rows(house.owner, Report.JOURNAL, asked)) == 2
        assert len(await report_rows(house.owner, Report.JOURNAL, Asked())) == 4
        assert settled(Report.JOURNAL, asked) == asked


async def test_a_report_without_rows_has_its_head_alone(db: str) -> None:
    house = await harbour(db)
    for report, table in TABLES.items():
        pieces = [piece async for piece in csv_report(house.owner, report, Asked(last_day=date(2020, 1, 1)))]
        head, *rest = "".join(pieces).splitlines()
        assert head == ",".join(table.columns)
        assert rest == [] or report is Report.RECONCILIATION  # whose terms are always the same


async def test_the_manager_of_a_branch_is_handed_its_books_alone(db: str) -> None:
    house = await two_months(db)
    journal = await report_rows(house.manager_mad, Report.JOURNAL, Asked())
    balance = await report_rows(house.manager_mad, Report.TRIAL_BALANCE, Asked())
    assert [row["account"] for row in journal] == ["DUE_FROM_BRANCH", "REVENUE"]
    assert [(row["branch"], row["account"]) for row in balance] == [("MAD", "DUE_FROM_BRANCH"), ("MAD", "REVENUE")]
    for report in (Report.JOURNAL, Report.TRIAL_BALANCE, Report.DEFERRED_REVENUE, Report.COLLECTIONS):
        assert await report_rows(house.manager_mad, report, Asked(branch_id=house.lis)) == []


@pytest.mark.parametrize("report", Report)
async def test_nobody_is_handed_a_report_that_they_may_not_read(db: str, report: Report) -> None:
    house = await harbour(db)
    everybody = (await askers(house)).items()
    outside = {name: asker.credentials for name, asker in everybody if isinstance(asker.credentials, Actor)}
    for name in ("desk", "practitioner", "holder", "household", "stranger"):
        with pytest.raises(Forbidden, match="You may not read"):
            await report_rows(outside[name], report, march())


async def test_another_chain_has_reports_of_its_own(db: str) -> None:
    house = await two_months(db)
    for report in (Report.JOURNAL, Report.TRIAL_BALANCE, Report.DEFERRED_REVENUE, Report.COLLECTIONS):
        assert await report_rows(house.other_owner, report, Asked()) == []
        with pytest.raises(NotFound):
            await report_rows(house.other_owner, report, Asked(branch_id=house.lis))
        with pytest.raises(NotFound):
            await report_rows(house.owner, report, Asked(branch_id=""))
    for definition_id in (house.ten, ""):
        with pytest.raises(NotFound):
            await report_rows(house.other_owner, Report.DEFERRED_REVENUE, Asked(definition_id=definition_id))


@pytest.mark.parametrize("report", Report)
async def test_what_a_report_does_not_take_is_not_passed_over(db: str, report: Report) -> None:
    house = await harbour(db)
    with on(MONDAY):
        for part, (field, _) in PARTS.items():
            asked = replace(Asked(), **{part: given(house)[part]})
            if part in TABLES[report].takes:
                assert isinstance(await report_rows(house.owner, report, asked), list)
            else:
                with pytest.raises(InvalidInput, match="leave it out") as caught:
                    await report_rows(house.owner, report, asked)
                assert caught.value.path == (field,)


def given(house: Harbour) -> dict[str, Any]:
    """A value of each part that a report may be asked."""
    return {
        "first_day": date(2026, 3, 1),
        "last_day": date(2026, 3, 31),
        "branch_id": house.lis,
        "definition_id": house.ten,
        "payment_method": PaymentMethod.CASH,
        "group_by": GroupBy.MONTH,
        "as_of": MONDAY,
    }


async def test_an_inverted_period_and_an_instant_to_come_are_refused(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        with pytest.raises(InvertedPeriod):
            await report_rows(house.owner, Report.JOURNAL, Asked(date(2026, 3, 2), date(2026, 3, 1)))
        later = MONDAY + timedelta(seconds=1)
        with pytest.raises(InvalidInput, match="What will be known later cannot be told yet"):
            await report_rows(house.owner, Report.JOURNAL, Asked(as_of=later))
        assert await report_rows(house.owner, Report.JOURNAL, Asked(as_of=MONDAY)) == []


async def test_a_code_that_a_spreadsheet_would_reckon_with_is_made_harmless(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        opened = await run_command(system(house.chain_id), OpenBranch("-1", "Nowhere", "Europe/Lisbon"))
        await sold(house, house.ten, branch_id=opened.outcome.branch_id)
    for report in (Report.JOURNAL, Report.TRIAL_BALANCE, Report.DEFERRED_REVENUE):
        assert {row["branch"] for row in await report_rows(house.owner, report, Asked())} == {"'-1"}


async def test_memory_stays_flat_however_long_the_journal_is(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        sale = await run_command(house.owner, OpenBranch("FAR", "Far away", "Europe/Lisbon"))
    await many_entries(house, sale.operation_id, MONDAY, 12_000)
    pieces, longest, size = 0, 0, 0
    tracemalloc.start()
    try:
        async for piece in csv_report(house.owner, Report.JOURNAL, Asked()):
            pieces, longest, size = pieces + 1, max(longest, len(piece)), size + len(piece)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (pieces, size > 3_000_000, longest < 200_000) == (24, True, True)
    assert peak < 5_000_000


async def many_entries(house: Harbour, operation_id: str, at: datetime, count: int) -> None:
    """Entries of a cent each, on one operation."""
    shared = {"chain_id": house.chain_id, "operation_id": operation_id, "event": "SESSION", "currency": "EUR"}
    entry_ids = [f"jrn_{number:08}" for number in range(count)]
    sides = [("DEFERRED_REVENUE", 1, 0), ("REVENUE", 0, 1)]
    names = ("account", "debit_minor", "credit_minor")
    await insert_entries(
        [shared | {"id": entry_id, "posted_on": at.date(), "effective_at": at} for entry_id in entry_ids],
        [
            dict(zip(names, side, strict=True)) | {"entry_id": entry_id, "branch_id": house.lis}
            for entry_id in entry_ids
            for side in sides
        ],
    )
