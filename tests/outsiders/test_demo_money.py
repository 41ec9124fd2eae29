"""The demo shows what becomes of money, late, by mistake, taken back and lost, and can be told on any day of a year."""

from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest

from carnet.demo import Demo, harbour, seed
from carnet.demo.stage import Past
from domain.accounting import periods_store
from domain.kernel.db import rows
from domain.ledger import audit
from tests.fixtures.demo_tabs import run_tab, titled
from tests.fixtures.desk import on
from tests.fixtures.graph import SETTINGS, Graph, graph

pytestmark = pytest.mark.anyio

BOUGHT = """
{
  packages(first: 100) {
    nodes {
      name status paymentState overdue holder { name }
      paid { amount } outstanding { amount } overdueAmount { amount }
      payments { method amount { amount } kept { amount } reversedAt }
    }
  }
}
"""


async def bought(client: Graph, demo: Demo, holder: str) -> dict[str, Any]:
    """What somebody in the demo has bought, by name."""
    found = (await client.ask(demo.tokens.owner, BOUGHT))["packages"]["nodes"]
    return {each["name"]: each for each in found if each["holder"]["name"] == holder}


def money(package: Any) -> dict[str, str]:
    """The amounts of a package."""
    return {name: package[name]["amount"] for name in ("paid", "outstanding", "overdueAmount")}


def payments(package: Any) -> list[tuple[str, str, str, bool]]:
    """The payments of a package: how, how much, what was kept of it, whether it was taken back."""
    return [
        (each["method"], each["amount"]["amount"], each["kept"]["amount"], each["reversedAt"] is not None)
        for each in package["payments"]
    ]


def test_each_happening_has_a_name_of_its_own() -> None:
    told = harbour.happenings(Past.until_now("Europe/Lisbon"))
    assert [name for name, times in Counter(each.name for each in told).items() if times > 1] == []


async def test_one_of_three_instalments_is_paid_one_overdue_and_a_payment_typed_once_too_often(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        bundle = (await bought(client, demo, "Rita Lopes"))["Mixed bundle 4 massage + 2 facial"]
        behind = (await titled(client, demo, "Manager: who is behind with paying?"))["nodes"]

    assert (bundle["status"], bundle["paymentState"], bundle["overdue"]) == ("ACTIVE", "PARTIALLY_PAID", True)
    assert money(bundle) == {"paid": "159.90", "outstanding": "160.00", "overdueAmount": "80.00"}
    assert payments(bundle) == [
        ("CARD", "79.90", "0.00", False),
        ("BANK_TRANSFER", "80.00", "0.00", False),
        ("CASH", "80.00", "0.00", True),
    ]
    assert [(each["holder"]["name"], each["overdueAmount"]["amount"]) for each in behind] == [("Rita Lopes", "80.00")]


async def test_credit_from_one_package_pays_for_the_next_and_some_is_left(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        his = await bought(client, demo, "Tiago Sousa")
        rest = await titled(client, demo, "Front desk: pay from credit")

    assert payments(his["Reformer 10-pack"]) == [("BANK_TRANSFER", "330.00", "80.00", False)]
    yoga = his["Yoga group 10-pack"]
    assert payments(yoga) == [("CUSTOMER_CREDIT", "50.00", "0.00", False), ("CARD", "29.00", "0.00", False)]
    assert money(yoga) == {"paid": "79.00", "outstanding": "20.00", "overdueAmount": "0.00"}
    assert rest["package"]["paymentState"] == "PAID"
    assert rest["package"]["holder"]["account"]["creditTotal"] == {"amount": "10.00", "currency": "EUR"}


async def test_a_sale_is_void_another_can_be_a_dispute_is_lost_and_one_open(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        hygiene = (await bought(client, demo, "Tiago Sousa"))["Dental hygiene twice"]
        massages = (await bought(client, demo, "Vera Gomes"))["Massage Buy 3 Free 1"]
        facials = (await bought(client, demo, "Olga Sanz"))["Facial 5-pack"]
        void = await titled(client, demo, "Manager: a sale was a mistake")

    assert (hygiene["status"], hygiene["outstanding"]["amount"]) == ("VOIDED", "0.00")
    assert payments(hygiene) == [("CARD", "119.00", "0.00", True)]
    assert (massages["status"], massages["paymentState"]) == ("CHARGED_BACK", "REFUNDED")
    assert (facials["status"], facials["paymentState"]) == ("DISPUTED", "DISPUTED")
    assert (void["package"]["status"], void["sessions"], void["credited"]["amount"]) == ("VOIDED", 20, "460.00")


async def test_the_accountant_finds_every_report_filled_and_the_link_hands_it_over(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        forward = await titled(client, demo, "Accountant: deferred revenue")
        reconciled = await titled(client, demo, "Accountant: money and earnings")
        came_in = await titled(client, demo, "Accountant: what came in")
        earned = await titled(client, demo, "Manager: what do packages earn?")
        link = await titled(client, demo, "Accountant: download a report")
        file = await client.http.get(link["url"])

    assert len(forward["rows"]) > 5 and forward["totals"]["recognised"]["rows"]["nodes"]
    assert reconciled["difference"]["amount"]["amount"] == "0.00" != reconciled["cash"]["amount"]["amount"]
    assert came_in["rows"]["nodes"]
    assert earned["rows"]["nodes"] and earned["totals"]["sessionsWithoutCost"] == {"count": 0}
    assert (file.status_code, len(file.text.splitlines())) == (200, 1 + len(forward["rows"]))


@pytest.mark.parametrize(
    ("instant", "closed_until"),
    [
        ("2026-01-01T00:10Z", "2025-09-30"),
        ("2026-03-29T09:00Z", "2025-09-30"),
        ("2026-10-25T09:00Z", "2026-06-30"),
        ("2026-12-31T23:50Z", "2026-06-30"),
        ("2028-02-29T12:00Z", "2027-09-30"),
    ],
)
async def test_on_any_day_of_the_year_it_can_be_told_and_tried(db: str, instant: str, closed_until: str) -> None:
    with on(datetime.fromisoformat(instant)):
        demo = await seed(SETTINGS.tokens)
        async with graph() as client:
            answers = [await run_tab(client, tab) for tab in demo.tabs]
        closed = await rows("SELECT last_day FROM accounting_period")
        findings = [await audit.audit_ledgers(chain) for chain in await audit.chains()]

    assert [answer["errors"] for answer in answers if "errors" in answer] == []
    refused = [data for answer in answers for data in answer["data"].values() if "code" in data]
    assert refused == []
    assert closed == [{"last_day": date.fromisoformat(closed_until)}]
    assert findings == [[], []]


async def test_lapses_that_wait_to_be_posted_leave_the_closing_to_the_next_start(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(periods_store, "lapses_wait", _yes)
        await seed(SETTINGS.tokens)
    assert await rows("SELECT last_day FROM accounting_period") == []

    await seed(SETTINGS.tokens)
    assert len(await rows("SELECT last_day FROM accounting_period")) == 1


async def _yes(*_: object) -> bool:
    return True
