"""Packages are changed for others over HTTP: quotes, the act and what is read of it, and refusals with their facts."""

from datetime import timedelta
from typing import Any

import pytest

from domain.catalog.terms import Sharing, Who
from domain.kernel.db import counting
from tests.fixtures.booking_acts import booked
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, used
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import MONEY, euros, key, mutation, refused
from tests.fixtures.unchanged import unchanged
from tests.fixtures.upgraded import CARRY, bought, changing, larger

pytestmark = pytest.mark.anyio

_STEPS = f"steps {{ label formula sessions amount {MONEY} }}"
QUOTE = f"""query($package: ID!, $to: ID!, $at: ID!) {{
  upgradeQuote(packageId: $package, definitionId: $to, branchId: $at) {{ __typename
    ... on UserError {{ code path }} ... on UpgradeNotAllowed {{ allowedDefinitionIds }}
    ... on UpgradeQuote {{ quoteHash quotedMethod quotedName quotedUsed quotedSessionsAfter grantedSessions
      quotedLastDay newPrice {MONEY} newTax {MONEY} quotedUnusedValue {MONEY} quotedDifference {MONEY}
      quotedOutstandingCarried {MONEY} quotedDue {MONEY} quotedCredit {MONEY}
      bookingsMovingAlong {{ bookingId startsAt sessions }} bookingsThatDoNotFit {{ bookingId code message }}
      {_STEPS} }} }} }}"""
UPGRADE = mutation(
    "upgradePackage",
    f"""replayed upgradeId newPackageId sessionsAfter bookingIds operationId priceDifference {MONEY}
    outstandingCarriedOver {MONEY} amountDue {MONEY} amountPaid {MONEY} amountCredited {MONEY}
    package {{ id status closedAs outstanding {MONEY} }} newPackage {{ id status balance {{ available held }} }}""",
)
LINKS = f"""query($old: ID!, $new: ID!) {{
  old: package(id: $old) {{ upgradedFrom {{ id }} upgradedTo {{ id method used sessionsAfter due {MONEY} credit {MONEY}
    operationId newOperationId branch {{ code }} package {{ id }} newPackage {{ id }} {_STEPS} }} }}
  new: package(id: $new) {{ upgradedTo {{ id }} upgradedFrom {{ id upgradedAt }} }} }}"""


def changed(house: Harbour, package_id: str, to: str, **more: Any) -> dict[str, Any]:
    """The input that changes a package in Lisbon, unless changed."""
    given = {"packageId": package_id, "definitionId": to, "branchId": house.lis, "idempotencyKey": key()}
    return given | more


async def test_what_was_quoted_is_done_and_both_packages_tell_of_it(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        to = await larger(house)
        mine = await bought(house, await changing(house, to, method=CARRY), 20000)
        await used(house, mine, sessions=2)
        visit = await booked(house, MONDAY + timedelta(days=3), package_id=mine)
        async with graph() as app:
            asked = {"package": mine, "to": to, "at": house.lis}
            with counting() as counter:
                quote = (await app.ask(house.desk_lis, QUOTE, **asked))["upgradeQuote"]
            assert len(counter) <= 8, counter.statements
            bound = quote.pop("quoteHash")
            assert quote == {
                "__typename": "UpgradeQuote",
                "quotedMethod": "CARRY_USAGE",
                "quotedName": "Package LARGER",
                "quotedUsed": 2,
                "quotedSessionsAfter": 8,
                "grantedSessions": 0,
                "quotedLastDay": "2026-08-29",
                "newPrice": euros("800.00"),
                "newTax": euros("0.00"),
                "quotedUnusedValue": euros("270.00"),
                "quotedDifference": euros("350.00"),
                "quotedOutstandingCarried": euros("250.00"),
                "quotedDue": euros("600.00"),
                "quotedCredit": euros("0.00"),
                "bookingsMovingAlong": [{"bookingId": visit, "startsAt": "2026-03-05T10:00:00Z", "sessions": 1}],
                "bookingsThatDoNotFit": [],
                "steps": [
                    _step("Price of the old package", "450.00", "450.00"),
                    _step(
                        "Price of the new package, less what the old one counts for",
                        "800.00 - 450.00 = 350.00",
                        "350.00",
                    ),
                    _step("With what was unpaid of the old package", "350.00 + 250.00 = 600.00", "600.00"),
                    _step("To be paid", "600.00", "600.00"),
                    _step("Sessions in the new package", "10 - 2 = 8", None, 8),
                ],
            }
            given = changed(
                house,
                mine,
                to,
                quoteHash=bound,
                payments=[{"method": "CARD", "amount": euros("100.00")}],
                instalments=[{"dueOn": "2026-04-01", "amount": euros("500.00")}],
            )
            told = await app.act(house.desk_lis, UPGRADE, input=given)
            upgrade, new, operation = (told.pop(name) for name in ("upgradeId", "newPackageId", "operationId"))
            assert told == {
                "__typename": "UpgradePackagePayload",
                "replayed": False,
                "sessionsAfter": 8,
                "bookingIds": [visit],
                "priceDifference": euros("350.00"),
                "outstandingCarriedOver": euros("250.00"),
                "amountDue": euros("600.00"),
                "amountPaid": euros("100.00"),
                "amountCredited": euros("0.00"),
                "package": {"id": mine, "status": "UPGRADED", "closedAs": "UPGRADED", "outstanding": euros("0.00")},
                "newPackage": {"id": new, "status": "ACTIVE", "balance": {"available": 7, "held": 1}},
            }
            assert (await app.act(house.desk_lis, UPGRADE, input=given))["replayed"] is True
            links = await app.ask(house.owner, LINKS, old=mine, new=new)
            assert links["old"]["upgradedTo"].pop("newOperationId") != operation
            assert links == {
                "old": {
                    "upgradedFrom": None,
                    "upgradedTo": {
                        "id": upgrade,
                        "method": "CARRY_USAGE",
                        "used": 2,
                        "sessionsAfter": 8,
                        "due": euros("600.00"),
                        "credit": euros("0.00"),
                        "operationId": operation,
                        "branch": {"code": "LIS"},
                        "package": {"id": mine},
                        "newPackage": {"id": new},
                        "steps": quote["steps"],
                    },
                },
                "new": {"upgradedTo": None, "upgradedFrom": {"id": upgrade, "upgradedAt": "2026-03-02T10:00:00Z"}},
            }


def _step(label: str, formula: str, amount: str | None, sessions: int | None = None) -> dict[str, Any]:
    return {"label": label, "formula": formula, "amount": euros(amount) if amount else None, "sessions": sessions}


async def test_refusals_have_their_facts(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        to = await larger(house, 3, 30000)
        mine = await bought(house, await changing(house, to, method=CARRY, who=Who(sharing=Sharing.HOUSEHOLD)))
        async with graph() as app:
            asked = {"package": mine, "to": to, "at": house.lis}
            quote = (await app.ask(house.desk_lis, QUOTE, **asked))["upgradeQuote"]
            his = await booked(house, MONDAY + timedelta(days=3), package_id=mine, customer_id=house.rui)
            async with unchanged():
                stale = changed(house, mine, to, quoteHash=quote["quoteHash"])
                other = await app.act(house.desk_lis, UPGRADE, input=stale)
            assert (other["__typename"], other["code"], other["path"]) == (
                "UpgradeQuoteChanged",
                "QUOTE_CHANGED",
                ["quoteHash"],
            )
            assert other["message"] == (
                "This is not what was quoted. As things stand 150.00 EUR would be credited. "
                "Show the new quote, and send its hash."
            )
            new = (await app.ask(house.desk_lis, QUOTE, **asked))["upgradeQuote"]
            assert other["quote"]["quoteHash"] == other["quoteHash"] == new["quoteHash"]
            kind, facts = await refused(app, house.desk_lis, UPGRADE, changed(house, mine, to))
            misfit = facts["bookings"][0]
            assert (kind, misfit["bookingId"], misfit["code"]) == ("BookingsDoNotFit", his, "PERSON_MAY_NOT_USE")
            assert new["bookingsThatDoNotFit"] == [
                {"bookingId": his, "code": misfit["code"], "message": misfit["message"]}
            ]
            assert await refused(app, house.desk_lis, UPGRADE, changed(house, mine, house.ten)) == (
                "UpgradeNotAllowed",
                {
                    "path": ["definitionId"],
                    "packageId": mine,
                    "definitionId": house.ten,
                    "allowedDefinitionIds": [to],
                },
            )
            no = (await app.ask(house.desk_lis, QUOTE, package=mine, to=house.ten, at=house.lis))["upgradeQuote"]
            assert (no["code"], no["allowedDefinitionIds"]) == ("UPGRADE_NOT_ALLOWED", [to])
            await used(house, mine, sessions=4)
            assert await refused(app, house.desk_lis, UPGRADE, changed(house, mine, to)) == (
                "UsedBeyondNew",
                {
                    "path": ["definitionId"],
                    "packageId": mine,
                    "definitionId": to,
                    "usedSessions": 4,
                    "newSessions": 3,
                },
            )
            bad = changed(house, mine, to, payments=[{"method": "CASH", "amount": euros("1.001")}])
            kind, facts = await refused(app, house.desk_lis, UPGRADE, bad)
            assert (kind, facts["problems"][0]["path"]) == ("InvalidInput", ["payments", "0", "amount", "amount"])


async def test_customers_ask_for_what_they_hold_and_read_it_within_the_household(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        to = await larger(house)
        mine = await bought(house, await changing(house, to, who=Who(sharing=Sharing.NAMED)))
        ana, rui, eva = [await customer_actor(house, each) for each in (house.ana, house.rui, house.eva)]
        async with graph() as app:
            asked = {"package": mine, "to": to, "at": house.lis}
            assert (await app.ask(ana, QUOTE, **asked))["upgradeQuote"]["quotedDue"] == euros("350.00")
            for stranger in (rui, eva, house.other_owner):
                found = (await app.ask(stranger, QUOTE, **asked))["upgradeQuote"]
                assert found == {"__typename": "NotFound", "code": "NOT_FOUND", "path": ["packageId"]}
            assert await app.errors(ana, UPGRADE, input=changed(house, mine, to)) == ["FORBIDDEN"]
            new = await app.act(house.desk_lis, UPGRADE, input=changed(house, mine, to))
            links = await app.ask(ana, LINKS, old=mine, new=new["newPackageId"])
            assert links["new"]["upgradedFrom"]["id"] == links["old"]["upgradedTo"]["id"] == new["upgradeId"]
