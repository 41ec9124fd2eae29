"""The terms say in sentences what a buyer should know, and nothing that does not hold."""

import pytest

from domain.catalog.policies import Topic, policies
from domain.catalog.terms import (
    Activation,
    BranchScope,
    Cancellation,
    Change,
    Expiry,
    GraceAllows,
    Item,
    Missed,
    PenaltyOf,
    Price,
    RefundBasis,
    Refunding,
    Sharing,
    Terms,
    TopUpPrice,
    TransferTo,
    UpgradeMethod,
    Use,
    Validity,
    ValidityStart,
    Where,
    Who,
)

PLAIN = Terms((Item(("srv",), 3, 1),), Price(30000, "EUR"), Validity(days=1))


def _said(topic: Topic, terms: Terms) -> list[str]:
    return [policy.text for policy in policies(terms) if policy.topic is topic]


def _with(**groups: object) -> Terms:
    given = {"items": PLAIN.items, "price": PLAIN.price, "validity": PLAIN.validity} | groups
    return Terms(**given)  # type: ignore[arg-type]


def test_plain_terms_in_full() -> None:
    assert [policy.text for policy in policies(PLAIN)] == [
        "4 sessions, 1 of them free, for 300.00 EUR.",
        "Sessions may be used for 1 day from the day of purchase.",
        "Sessions left after the last day are lost.",
        "Sessions may be used at every branch.",
        "Only the holder may use the package.",
        "The package cannot be handed on.",
        "A booking can be cancelled free until 24 hours before it starts, by the branch's clock.",
        "Cancelled later, the session is used; missed, it is used.",
        "Cancelled by the business, the session is always returned.",
        "A booking can be moved as long as it can be cancelled free.",
        "Sessions cannot be added later.",
        "A refund is what was paid less the sessions used, at the price of a paid session.",
    ]


@pytest.mark.parametrize(
    ("topic", "terms", "said"),
    [
        (
            Topic.VALIDITY,
            _with(
                validity=Validity(
                    months=6,
                    starts=ValidityStart.FIRST_USE,
                    start_within_days=30,
                    expiry=Expiry.SOFT,
                    grace_days=14,
                    grace_allows=GraceAllows.BOOKED_ONLY,
                    renewal_in_grace=True,
                )
            ),
            [
                "Sessions may be used for 6 months from the first use.",
                "The first use must be within 30 days from the day of purchase.",
                "For 14 days after the last day sessions booked before may still be used; then they are lost.",
                "A new package bought in these days takes over the sessions left.",
            ],
        ),
        (
            Topic.WHERE,
            _with(where=Where(BranchScope.LISTED, ("brn_1", "brn_2"), ("stf_1",))),
            [
                "Sessions may be used at the branches listed, and at the home branch.",
                "Sessions are tied to the practitioners listed.",
            ],
        ),
        (
            Topic.SHARING,
            _with(who=Who(sharing=Sharing.HOUSEHOLD)),
            ["Members of the holder's household may use the package too."],
        ),
        (
            Topic.TRANSFER,
            _with(
                who=Who(transfer=TransferTo.ANYONE, partial_transfer=True, maximum_transfers=1, transfer_fee_minor=500)
            ),
            ["The package, or some of its sessions, can be handed on to any customer, at most 1 time, for 5.00 EUR."],
        ),
        (
            Topic.TRANSFER,
            _with(who=Who(transfer=TransferTo.ANYONE, transfer_needs_approval=True)),
            ["The package as a whole can be handed on to any customer, once a manager has approved it."],
        ),
        (
            Topic.CANCELLATION,
            _with(cancellation=Cancellation(1, Missed.RETURN, Missed.CONSUME, reschedules=2)),
            [
                "A booking can be cancelled free until 1 hour before it starts, by the branch's clock.",
                "Cancelled later, the session is returned; missed, it is used.",
                "Cancelled by the business, the session is always returned.",
                "A booking can be moved at most 2 times.",
            ],
        ),
        (
            Topic.TOP_UP,
            _with(change=Change(True, 2, 5, TopUpPrice.FIXED, 4750)),
            ["2 or more sessions at once, at most 5 in all, can be added for 47.50 EUR each."],
        ),
        (
            Topic.TOP_UP,
            _with(change=Change(True, top_up_price=TopUpPrice.LIST, top_up_days=30)),
            [
                "1 or more sessions can be added at the list price of the day.",
                "Sessions added last 30 days longer than the package, or 30 days from then on where it has lapsed.",
            ],
        ),
        (
            Topic.UPGRADE,
            _with(change=Change(upgrade_to=("def_1",), upgrade_method=UpgradeMethod.CARRY_USAGE)),
            ["In a change to a larger package, its price is credited; used sessions stay used."],
        ),
        (
            Topic.REFUND,
            _with(
                refund=Refunding(
                    RefundBasis.LIST_PRICE,
                    penalty_fixed_minor=500,
                    penalty_bp=1250,
                    penalty_of=PenaltyOf.PRICE,
                    cooling_off_days=14,
                    admin_fee_minor=200,
                    fee_taxed=True,
                )
            ),
            [
                "Given back within 14 days from the day of purchase, what is unused is refunded without any penalty.",
                "A refund is what was paid less the sessions used, at their list price.",
                "A penalty of 5.00 EUR and 12.50 % of the price is kept.",
                "A fee of 2.00 EUR is kept.",
                "What is kept is taxed like the package.",
            ],
        ),
        (Topic.REFUND, _with(refund=Refunding(RefundBasis.NONE, penalty_fixed_minor=500)), ["Nothing is refunded."]),
        (
            Topic.REFUND,
            _with(
                refund=Refunding(
                    penalty_bp=2000,
                    penalty_at_least_minor=100,
                    penalty_at_most_minor=5000,
                    penalty_unused_at_most_minor=1500,
                )
            ),
            [
                "A refund is what was paid less the sessions used, at the price of a paid session.",
                (
                    "A penalty of 20.00 % of what is left is kept, at least 1.00 EUR, at most 50.00 EUR, "
                    "before the first use at most 15.00 EUR."
                ),
            ],
        ),
        (
            Topic.REFUND,
            _with(refund=Refunding(RefundBasis.ALL_SESSIONS, penalty_at_least_minor=100)),
            [
                "A refund is what was paid less the sessions used, at the price spread over all.",
                "A penalty of 1.00 EUR is kept.",
            ],
        ),
        (
            Topic.REFUND,
            _with(
                refund=Refunding(
                    penalty_at_least_minor=100,
                    penalty_unused_at_most_minor=50,
                    cooling_off_days=5,
                    cooling_off_business_days=True,
                    approval_above_minor=20000,
                )
            ),
            [
                (
                    "Given back within 5 business days from the day of purchase, what is unused is refunded without "
                    "any penalty."
                ),
                "A refund is what was paid less the sessions used, at the price of a paid session.",
                "A penalty of 1.00 EUR is kept, before the first use at most 0.50 EUR.",
                "A refund above 200.00 EUR is paid once a manager has approved it.",
            ],
        ),
        (
            Topic.USE,
            _with(
                use=Use(Activation.FULL_PAYMENT, up_to_paid=True, limit_per_customer=1, freeze_days=30, freeze_times=2)
            ),
            [
                "The package may be used once all of it is paid.",
                "Sessions may be used as far as they are paid for.",
                "A customer may buy it at most 1 time.",
                "It can be frozen 2 times, for 30 days in all.",
                "While it is frozen it cannot be used; the days are added to its last day.",
            ],
        ),
    ],
)
def test_each_group_says_what_holds(topic: Topic, terms: Terms, said: list[str]) -> None:
    assert _said(topic, terms) == said


@pytest.mark.parametrize(
    ("late", "reschedules", "said"),
    [
        (Missed.RETURN, None, []),
        (Missed.RETURN, 1, ["A booking can be moved at most 1 time."]),
        (Missed.CONSUME, None, ["A booking can be moved as long as it can be cancelled free."]),
        (Missed.CONSUME, 3, ["A booking can be moved at most 3 times, as long as it can be cancelled free."]),
        (Missed.CONSUME, 0, ["A booking cannot be moved."]),
    ],
)
def test_how_often_and_how_long_a_booking_can_be_moved(late: Missed, reschedules: int | None, said: list[str]) -> None:
    cancellation = Cancellation(late=late, reschedules=reschedules)
    assert _said(Topic.CANCELLATION, _with(cancellation=cancellation))[3:] == said
