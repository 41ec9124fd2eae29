"""Sessions are added over HTTP: the quote, the act, what is read of it, and every refusal with its facts."""

from typing import Any

import pytest

from domain.catalog.terms import Change, Item, TopUpPrice
from domain.kernel.db import counting
from tests.fixtures.chain import Harbour, customer_actor, harbour, published, terms
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import MONEY, euros, key, mutation, refused
from tests.fixtures.topped_up import credited, growing

pytestmark = pytest.mark.anyio

_FIGURES = f"""quoteHash quotedPackageId quotedBranchId quotedSessions pricePerSession {MONEY} quotedNet {MONEY}
    quotedTax {MONEY} quotedAmount {MONEY} quotedLastDay atLeast atMost addedBefore policyVersion
    steps {{ label formula sessions amount {MONEY} }}"""
QUOTE = f"""query($package: ID!, $sessions: Int!, $branch: ID, $service: ID) {{
  topUpQuote(packageId: $package, sessions: $sessions, branchId: $branch, serviceId: $service) {{ __typename
    ... on UserError {{ code message path }} ... on TopUpQuote {{ {_FIGURES} }} }} }}"""
TOP_UP = mutation(
    "topUpPackage",
    f"""topUpId lotId sessionsAdded amountCharged {MONEY} taxCharged {MONEY} outstanding {MONEY} lastDayAdded remaining
    operationId replayed package {{ id price {MONEY} expiresOn topUps {{
      id lotId operationId sessions amount {MONEY} tax {MONEY} toppedUpAt branch {{ code }} }} }}""",
)


def more(house: Harbour, package_id: str, **changed: Any) -> dict[str, Any]:
    """The input that adds five sessions in Lisbon, unless changed."""
    given = {"packageId": package_id, "sessions": 5, "branchId": house.lis, "idempotencyKey": key()}
    return given | changed


def paying(amount: str, method: str = "CASH", currency: str = "EUR") -> list[dict[str, Any]]:
    """One payment."""
    return [{"method": method, "amount": {"amount": amount, "currency": currency}}]


async def test_what_was_quoted_is_added_and_read(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        mine = await growing(house)
        async with graph() as app:
            with counting() as counter:
                quote = (await app.ask(house.desk_lis, QUOTE, package=mine, sessions=5))["topUpQuote"]
            assert len(counter) <= 8, counter.statements
            bound = quote.pop("quoteHash")
            assert quote == {
                "__typename": "TopUpQuote",
                "quotedPackageId": mine,
                "quotedBranchId": house.lis,
                "quotedSessions": 5,
                "pricePerSession": euros("45.00"),
                "quotedNet": euros("225.00"),
                "quotedTax": euros("0.00"),
                "quotedAmount": euros("225.00"),
                "quotedLastDay": "2026-09-28",
                "atLeast": 1,
                "atMost": None,
                "addedBefore": 0,
                "policyVersion": 1,
                "steps": [
                    {
                        "label": "Price of a session of the package",
                        "formula": "450.00 / 10 = 45.00",
                        "sessions": 1,
                        "amount": euros("45.00"),
                    },
                    {
                        "label": "Sessions at the package's price",
                        "formula": "5 × 45.00 = 225.00",  # noqa: RUF001
                        "sessions": 5,
                        "amount": euros("225.00"),
                    },
                    {
                        "label": "Usable until",
                        "formula": "the package's last day + 30 days: 2026-09-28",
                        "sessions": None,
                        "amount": None,
                    },
                ],
            }
            given = more(house, mine, quoteHash=bound, payments=paying("25.00"))
            told = await app.act(house.desk_lis, TOP_UP, input=given)
            top_up, lot, operation = told.pop("topUpId"), told.pop("lotId"), told.pop("operationId")
            assert told == {
                "__typename": "TopUpPackagePayload",
                "sessionsAdded": 5,
                "amountCharged": euros("225.00"),
                "taxCharged": euros("0.00"),
                "outstanding": euros("650.00"),
                "lastDayAdded": "2026-09-28",
                "remaining": 15,
                "replayed": False,
                "package": {
                    "id": mine,
                    "price": euros("675.00"),
                    "expiresOn": "2026-09-28",
                    "topUps": [
                        {
                            "id": top_up,
                            "lotId": lot,
                            "operationId": operation,
                            "sessions": 5,
                            "amount": euros("225.00"),
                            "tax": euros("0.00"),
                            "toppedUpAt": "2026-03-02T10:00:00Z",
                            "branch": {"code": "LIS"},
                        }
                    ],
                },
            }
            again = await app.act(house.desk_lis, TOP_UP, input=given)
            assert (again["replayed"], again["topUpId"], len(again["package"]["topUps"])) == (True, top_up, 1)


async def test_refusals_have_their_facts(db: str) -> None:
    listed = Change(top_up=True, top_up_price=TopUpPrice.LIST)
    with on(MONDAY):
        house = await harbour(db)
        desk, plain = house.desk_lis, await sold(house, house.ten)
        few = await growing(house, Change(top_up=True, top_up_minimum=2, top_up_maximum=6))
        two = Item((house.massage,), 4), Item((house.facial,), 2)
        both = await sold(house, await published(house.owner, "BOTH", terms(*two, price_minor=31990, change=listed)))
        async with graph() as app:
            assert await refused(app, desk, TOP_UP, more(house, plain)) == (
                "TopUpNotAllowed",
                {"path": ["packageId"], "packageId": plain, "byTerms": False},
            )
            assert await refused(app, desk, TOP_UP, more(house, few, sessions=1)) == (
                "TopUpBelowMinimum",
                {"path": ["sessions"], "packageId": few, "askedSessions": 1, "least": 2},
            )
            await app.act(desk, TOP_UP, input=more(house, few, sessions=3))
            assert await refused(app, desk, TOP_UP, more(house, few, sessions=4)) == (
                "TopUpBeyondMaximum",
                {"path": ["sessions"], "packageId": few, "askedSessions": 4, "least": 2, "most": 3, "added": 3},
            )
            services = [house.massage, house.facial]
            assert await refused(app, desk, TOP_UP, more(house, both)) == (
                "ServiceNotInPackage",
                {"path": ["serviceId"], "packageId": both, "askedServiceId": None, "services": services},
            )
            before = (await app.ask(desk, QUOTE, package=few, sessions=3))["topUpQuote"]["quoteHash"]
            await used(house, few)
            kind, facts = await refused(app, desk, TOP_UP, more(house, few, sessions=3, quoteHash=before))
            new = (await app.ask(desk, QUOTE, package=few, sessions=3))["topUpQuote"]
            assert facts.pop("quote")["quotedAmount"] == euros("135.00")
            assert (kind, facts) == (
                "TopUpQuoteChanged",
                {
                    "path": ["quoteHash"],
                    "quoteHash": new["quoteHash"],
                    "newAmount": euros("135.00"),
                    "newLastDay": "2026-08-29",
                },
            )
            assert new["quoteHash"] != before
            beyond = more(house, few, sessions=2, payments=paying("90.01"))
            assert await refused(app, desk, TOP_UP, beyond) == (
                "PaymentExceedsOutstanding",
                {"path": [], "outstanding": euros("90.00"), "offered": euros("90.01")},
            )
            dollars = more(house, few, sessions=2, payments=paying("90.00", currency="USD"))
            assert (await refused(app, desk, TOP_UP, dollars))[0] == "WrongCurrency"
            quoted = (await app.ask(desk, QUOTE, package=few, sessions=4))["topUpQuote"]
            assert (quoted["code"], quoted["path"]) == ("TOP_UP_BEYOND_MAXIMUM", ["sessions"])


async def test_a_customer_pays_from_credit_and_others_are_told_nothing(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        mine = await growing(house)
        await credited(house, 22500)
        ana, eva = await customer_actor(house, house.ana), await customer_actor(house, house.eva)
        async with graph() as app:
            assert await refused(app, ana, TOP_UP, more(house, mine, payments=paying("225.00"))) == (
                "TopUpNotPaid",
                {"path": ["payments"], "amountDue": euros("225.00"), "creditOffered": euros("0.00")},
            )
            absent = "pkg_" + "0" * 26
            for nobody in (eva, house.other_owner):
                branch = house.other_branch if nobody is house.other_owner else house.lis
                hidden = [
                    await refused(app, nobody, TOP_UP, more(house, each, branchId=branch)) for each in (mine, absent)
                ]
                assert [facts.pop("id") for _, facts in hidden] == [mine, absent] and hidden[0] == hidden[1]
                asked = [(await app.post(nobody, QUOTE, package=each, sessions=5)).text for each in (mine, absent)]
                assert asked[0].replace(mine, absent) == asked[1] and "NOT_FOUND" in asked[0]
            paid = more(house, mine, payments=paying("225.00", "CUSTOMER_CREDIT"))
            done = await app.act(ana, TOP_UP, input=paid)
            assert (done["outstanding"], done["remaining"]) == (euros("450.00"), 15)
