"""What a refund was reckoned from is stored with it, so that it can be reckoned anew under another policy."""

import json
from datetime import UTC, date, datetime

import pytest

from domain.catalog.terms import RefundBasis, Refunding
from domain.refunds.rules import WEEKEND
from domain.refunds.standing_json import Grounds, from_json, to_json
from tests.fixtures.refunds import standing, topped_up

FRIDAY = datetime(2026, 3, 6, 10, tzinfo=UTC)
MONDAY_WEEK = datetime(2026, 3, 16, 10, tzinfo=UTC)
FREE = (date(2026, 3, 9), date(2026, 3, 10))
GROUNDS = Grounds(
    topped_up(standing(used=4, list_price=5000, kept=2, kept_before_minor=900), 22500, 5, used=1),
    FRIDAY,
    MONDAY_WEEK,
    "Europe/Lisbon",
    FREE,
    (4, 5),
    waived=True,
)


def test_grounds_are_read_as_they_were_stored() -> None:
    assert from_json(json.loads(json.dumps(to_json(GROUNDS)))) == GROUNDS


def test_only_holidays_that_decide_are_stored() -> None:
    sale, after = FRIDAY.date(), date(2026, 3, 17)
    of_years = Grounds(GROUNDS.standing, FRIDAY, MONDAY_WEEK, "Europe/Lisbon", (after, FREE[1], FREE[0], sale))
    assert from_json(to_json(of_years)).holidays == FREE


@pytest.mark.parametrize(
    ("days", "business", "holidays", "lasts"),
    [
        (10, False, (), True),
        (9, False, (), False),
        (6, True, (), True),
        (5, True, (), False),
        (5, True, FREE[:1], True),
        (4, True, FREE, True),
        (3, True, FREE, False),
    ],
)
def test_cooling_off_is_judged_by_the_other_policy(
    days: int, business: bool, holidays: tuple[date, ...], lasts: bool
) -> None:
    """From a Friday to the Monday ten days later there are six business days, less the holidays."""
    grounds = Grounds(GROUNDS.standing, FRIDAY, MONDAY_WEEK, "Europe/Lisbon", holidays, WEEKEND)
    policy = Refunding(cooling_off_days=days, cooling_off_business_days=business)
    assert from_json(to_json(grounds)).cooling_off(policy) is lasts


def test_stored_grounds_give_the_quote_of_any_policy() -> None:
    """450.00 for ten, list 50.00, 4 used: 250.00 at list price; in cooling-off the straight line."""
    grounds = from_json(to_json(Grounds(standing(used=4, list_price=5000), FRIDAY, MONDAY_WEEK, "Europe/Lisbon")))
    assert grounds.quoted(Refunding()).refund_minor == 27000
    assert grounds.quoted(Refunding(RefundBasis.LIST_PRICE, admin_fee_minor=1000)).refund_minor == 24000
    assert grounds.quoted(Refunding(RefundBasis.LIST_PRICE, cooling_off_days=10)).refund_minor == 27000
