"""Ready refund policies over HTTP: shown with their sources, adopted into terms, and adjusted there."""

from typing import Any

import pytest

from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.graph import Graph, graph
from tests.fixtures.package_acts import euros, mutation
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

REFUND = """refund { basis penaltyFixed { amount currency } penaltyPercent penaltyOf penaltyAtMost { amount }
    penaltyAtLeast { amount } penaltyUnusedAtMost { amount } coolingOffDays coolingOffBusinessDays
    adminFee { amount currency } approvalAbove { amount } }"""
PRESETS = f"""query($country: String, $currency: CurrencyCode) {{
    refundPolicyPresets(country: $country, currency: $currency) {{ code name note country sector currency
    sources {{ title place page }} {REFUND} policies {{ topic text }} }} }}"""
CODES = "query($c: String, $m: CurrencyCode) { refundPolicyPresets(country: $c, currency: $m) { code } }"
DEFINE = mutation("definePackage", f"version {{ terms {{ {REFUND} policies {{ topic text }} }} }}")
PLAIN = {
    "basis": "PAID_SESSIONS",
    "penaltyFixed": euros("0.00"),
    "penaltyPercent": "0.00",
    "penaltyOf": "REMAINDER",
    "penaltyAtMost": None,
    "penaltyAtLeast": None,
    "penaltyUnusedAtMost": None,
    "coolingOffDays": 0,
    "coolingOffBusinessDays": False,
    "adminFee": euros("0.00"),
    "approvalAbove": None,
}


async def _defined(app: Graph, house: Harbour, refund: dict[str, Any]) -> dict[str, Any]:
    given = {
        "code": "NEW10",
        "name": "Ten",
        "items": [{"services": [house.massage], "paid": 10}],
        "price": {"amount": "450.00", "currency": "EUR"},
        "validity": {"days": 180},
        "refund": refund,
    }
    done: dict[str, Any] = await app.act(house.owner, DEFINE, input=given)
    return done


async def test_presets_are_shown_with_their_sources_and_in_sentences(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        shown = await app.ask(house.desk_lis, PRESETS, country="JP", currency="JPY")
        preset = next(each for each in shown["refundPolicyPresets"] if each["code"] == "japan-beauty-medicine")
        everywhere = await app.ask(house.owner, PRESETS)
        found = {each["code"]: each for each in everywhere["refundPolicyPresets"]}
        for asked, codes in (
            ({"c": "SG"}, ["list-price", "singapore-five-working-days", "straight-line"]),
            ({"c": "KR", "m": "KRW"}, ["korea-ten-percent", "list-price", "straight-line"]),
            ({"c": "JP", "m": "EUR"}, ["list-price", "straight-line"]),
        ):
            told = await app.ask(await customer_actor(house, house.ana), CODES, **asked)
            assert [each["code"] for each in told["refundPolicyPresets"]] == codes
    assert (preset["country"], preset["sector"], preset["currency"]) == ("JP", "BEAUTY_MEDICINE", "JPY")
    assert preset["sources"][0]["place"] == "Articles 48 and 49"
    yen = {"amount": "0", "currency": "JPY"}
    assert preset["refund"] == PLAIN | {
        "penaltyFixed": yen,
        "penaltyPercent": "20.00",
        "penaltyAtMost": {"amount": "50000"},
        "penaltyUnusedAtMost": {"amount": "20000"},
        "coolingOffDays": 7,
        "adminFee": yen,
    }
    assert [policy["text"] for policy in preset["policies"]] == [
        "Given back within 7 days from the day of purchase, what is unused is refunded without any penalty.",
        "A refund is what was paid less the sessions used, at the price of a paid session.",
        "A penalty of 20.00 % of what is left is kept, at most 50000 JPY, before the first use at most 20000 JPY.",
    ]
    assert found["straight-line"]["refund"] == PLAIN
    assert (found["straight-line"]["currency"], found["straight-line"]["country"]) == (None, None)


ADOPTED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"preset": "straight-line"}, {}),
    ({"preset": "list-price", "adminFee": "5.00"}, {"basis": "LIST_PRICE", "adminFee": euros("5.00")}),
    (
        {"preset": "korea-ten-percent", "penaltyAtMost": "30.00", "approvalAbove": "0"},
        {
            "penaltyPercent": "10.00",
            "penaltyOf": "PRICE",
            "penaltyAtMost": {"amount": "30.00"},
            "approvalAbove": {"amount": "0.00"},
        },
    ),
    ({"preset": "korea-ten-percent", "penaltyPercent": "0"}, {"penaltyOf": "PRICE"}),
    (
        {"preset": "singapore-five-working-days", "coolingOffDays": 7, "basis": None},
        {"coolingOffDays": 7, "coolingOffBusinessDays": True},
    ),
    ({"preset": "singapore-five-working-days", "coolingOffDays": 0, "coolingOffBusinessDays": False}, {}),
]


async def test_a_preset_is_adopted_with_what_is_given_in_its_place(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for given, stored in ADOPTED:
            done = await _defined(app, house, given)
            assert done["version"]["terms"]["refund"] == PLAIN | stored, given


async def test_a_null_bound_says_that_there_is_none(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        first = await _defined(app, house, {"penaltyAtMost": "30.00", "penaltyPercent": "10.00"})
        assert first["version"]["terms"]["refund"]["penaltyAtMost"] == {"amount": "30.00"}
        bare = {"penaltyAtMost": None, "penaltyPercent": "10.00", "penaltyFixed": None}
        again = await _defined(app, house, bare)
    assert again["version"]["terms"]["refund"] == PLAIN | {"penaltyPercent": "10.00"}


FITTING = "korea-ten-percent, list-price, singapore-five-working-days, straight-line."
DAYS, NO = "Business days need a number of cooling-off days.", "give false to have none."
NEVER = "By NONE nothing comes back, so penaltyPercent never counts. Choose another basis, or leave it out."
WRONG: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (
        {"preset": "japan-esthetics", "penaltyPercent": "a tenth"},
        [
            (
                "preset",
                f"The amounts of japan-esthetics are in JPY, the price is in EUR. Choose one of {FITTING}",
            ),
            ("penaltyPercent", "'a tenth' is not per cent from 0 to 100.00, such as 23.00."),
        ],
    ),
    ({"preset": "Korea"}, [("preset", f"There is no preset 'Korea'. For prices in EUR choose one of {FITTING}")]),
    (
        {"preset": "singapore-five-working-days", "coolingOffDays": 0},
        [
            (
                "coolingOffDays",
                f"{DAYS} coolingOffBusinessDays comes from the preset singapore-five-working-days: {NO}",
            )
        ],
    ),
    (
        {"preset": "korea-ten-percent", "basis": "NONE"},
        [
            (
                "penaltyPercent",
                f"{NEVER} penaltyPercent comes from the preset korea-ten-percent: give 0 to have none.",
            )
        ],
    ),
    (
        {"preset": "korea-ten-percent", "basis": "NONE", "penaltyPercent": "5"},
        [("penaltyPercent", NEVER)],
    ),
    (
        {"preset": "korea-ten-percent", "penaltyPercent": "101"},
        [("penaltyPercent", "penaltyPercent lies between 0 and 100 per cent.")],
    ),
]


async def test_what_cannot_be_adopted_is_refused_where_it_stands(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for given, problems in WRONG:
            async with unchanged():
                done = await _defined(app, house, given)
            told = {(problem["path"][-1], problem["message"]) for problem in done["problems"]}
            assert (done["__typename"], told) == ("InvalidInput", set(problems))
