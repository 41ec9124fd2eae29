"""Terms are stored whole and read back equal; what cannot be honoured is named field by field."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog.rules import MAX_DAYS, MAX_SESSIONS, impossible, tax_in
from domain.catalog.terms import (
    BranchScope,
    BranchTax,
    Change,
    Expiry,
    GraceAllows,
    Item,
    Price,
    RefundBasis,
    Terms,
    TopUpPrice,
    TransferTo,
    Use,
    Validity,
    ValidityStart,
    Where,
    Who,
    from_json,
    to_json,
)
from domain.kernel.errors import FieldProblem
from domain.kernel.money import MAX_MINOR
from tests.fixtures.properties import steadily

TEN = Terms(
    items=(Item(("srv_a",), 10),),
    price=Price(45000, "EUR", 2000, "STANDARD"),
    validity=Validity(days=180, expiry=Expiry.SOFT, grace_days=14),
)


def _with(**parts: Any) -> Terms:
    """The terms of ten sessions with fields changed: `price={"currency": "EURO"}`."""
    changed = {
        name: replace(getattr(TEN, name), **part) if isinstance(part, dict) else part for name, part in parts.items()
    }
    return replace(TEN, **changed)


def test_ordinary_terms_are_possible() -> None:
    assert list(impossible(TEN)) == []
    assert (TEN.paid_sessions, TEN.bonus_sessions, TEN.sessions) == (10, 0, 10)


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param(_with(validity=Validity(months=6)), id="months"),
        pytest.param(_with(validity=Validity(until=date(2026, 12, 31))), id="a fixed last day"),
        pytest.param(
            _with(validity=Validity(days=30, starts=ValidityStart.FIRST_USE, start_within_days=90)), id="first use"
        ),
        pytest.param(_with(items=(Item(("srv_a",), 0, 1),), price={"amount_minor": 0}), id="a gift"),
        pytest.param(_with(where=Where(BranchScope.LISTED, ("brn_a",))), id="listed branches"),
        pytest.param(
            _with(change=Change(True, 2, 2, TopUpPrice.FIXED, 4000, upgrade_to=("def_b",))), id="top-up and upgrade"
        ),
        pytest.param(_with(use=Use(limit_per_customer=1, freeze_days=30, freeze_times=2)), id="freezing"),
        pytest.param(
            _with(who=Who(transfer=TransferTo.ANYONE, partial_transfer=True, maximum_transfers=1)), id="transfers"
        ),
    ],
)
def test_possible_terms_come_back_as_they_were_stored(terms: Terms) -> None:
    assert list(impossible(terms)) == []
    assert from_json(to_json(terms)) == terms


SOFT = {"expiry": Expiry.SOFT, "grace_days": 7}
HARD = {"expiry": Expiry.HARD, "grace_days": 0}
IMPOSSIBLE = [
    (_with(items=()), ("items",), "at least one item"),
    (_with(items=(Item((), 1),)), ("items", "0", "services"), "at least one service"),
    (_with(items=(Item(("srv_a", "srv_a"), 1),)), ("items", "0", "services"), "twice"),
    (_with(items=(Item(("srv_a",), -1, 2),), price={"amount_minor": 0}), ("items", "0"), "negative"),
    (_with(items=(TEN.items[0], Item(("srv_b",), 0))), ("items", "1"), "at least one session"),
    (_with(items=(Item(("srv_a",), MAX_SESSIONS + 1),)), ("items",), "at most 10000"),
    (_with(items=(Item(("srv_a",), 0, 1),)), ("items",), "at least one paid session"),
    (_with(price={"amount_minor": -1}), ("price", "amount"), "negative"),
    (_with(price={"amount_minor": MAX_MINOR}), ("price", "amount"), "beyond"),
    (_with(price={"currency": "EURO"}), ("price", "currency"), "ISO 4217"),
    (_with(price={"tax_rate_bp": 10_001}), ("price", "taxRate"), "between 0 and 100"),
    (
        _with(price={"branch_taxes": (BranchTax("brn_a", 10_001),)}),
        ("price", "branchTaxes", "0", "taxRate"),
        "between 0 and 100",
    ),
    (
        _with(price={"branch_taxes": (BranchTax("brn_a", 1_000), BranchTax("brn_b", 0), BranchTax("brn_b", 0))}),
        ("price", "branchTaxes", "2", "branchId"),
        "two taxes",
    ),
    (_with(validity={"days": None}), ("validity",), "exactly one"),
    (_with(validity={"months": 6}), ("validity",), "exactly one"),
    (_with(validity={"days": 0}), ("validity", "days"), f"from 1 to {MAX_DAYS}"),
    (_with(validity={"days": None, "months": 1201}), ("validity", "months"), "from 1 to 1200"),
    (_with(validity={"grace_days": 3661}), ("validity", "graceDays"), "from 0 to 3660"),
    (_with(validity={"expiry": Expiry.HARD}), ("validity", "graceDays"), "Hard expiry has no grace"),
    (_with(validity={"grace_days": 0}), ("validity", "graceDays"), "at least one grace day"),
    (_with(validity=HARD | {"grace_allows": GraceAllows.BOOKED_ONLY}), ("validity", "graceAllows"), "no grace"),
    (_with(validity=HARD | {"renewal_in_grace": True}), ("validity", "renewalInGrace"), "needs soft expiry"),
    (
        _with(
            validity=Validity(until=date(2026, 12, 31), starts=ValidityStart.FIRST_USE, start_within_days=9),
        ),
        ("validity", "starts"),
        "fixed last day",
    ),
    (_with(validity={"starts": ValidityStart.FIRST_USE}), ("validity", "startWithinDays"), "needs a last day"),
    (_with(validity={"start_within_days": 9}), ("validity", "startWithinDays"), "Only a start with the first use"),
    (_with(validity=Validity(until=date(9999, 12, 31))), ("validity", "until"), "2200 at the latest"),
    (_with(where={"scope": BranchScope.LISTED}), ("where", "branches"), "LISTED"),
    (_with(where={"branch_ids": ("brn_a",)}), ("where", "branches"), "LISTED"),
    (_with(who={"partial_transfer": True}), ("who", "transfer"), "no limits or fee"),
    (
        _with(who={"transfer": TransferTo.ANYONE, "transfer_fee_minor": -1}),
        ("who", "transferFee"),
        "transferFee cannot be negative.",
    ),
    (
        _with(cancellation={"free_until_hours": -1}),
        ("cancellation", "freeUntilHours"),
        "freeUntilHours lies between 0 and 878400.",
    ),
    (_with(use={"freeze_days": 30}), ("use", "freezeDays"), "both"),
    (_with(use={"limit_per_customer": 0}), ("use", "limitPerCustomer"), "limitPerCustomer lies between 1 and 10000."),
]


@pytest.mark.parametrize(("terms", "path", "reason"), [pytest.param(*row, id=row[2]) for row in IMPOSSIBLE])
def test_impossible_terms_are_refused_each_with_its_own_reason(
    terms: Terms, path: tuple[str, ...], reason: str
) -> None:
    (problem,) = impossible(terms)
    assert problem.path == path
    assert reason in problem.message


GROWING = {"top_up": True}
NEVER = "No sessions can be added, so {0} never counts. Set topUp, or leave it out."
NOTHING = "By NONE nothing comes back, so {0} never counts. Choose another basis, or leave it out."
OF_CHANGES: list[tuple[str, dict[str, Any], str, str]] = [
    ("change", GROWING | {"top_up_days": 10**12}, "topUpDays", "topUpDays lies between 0 and 36600."),
    ("change", GROWING | {"top_up_minimum": 0}, "topUpMinimum", "topUpMinimum lies between 1 and 10000."),
    ("change", GROWING | {"top_up_maximum": 0}, "topUpMaximum", "topUpMaximum lies between 1 and 10000."),
    (
        "change",
        GROWING | {"top_up_minimum": 5, "top_up_maximum": 4},
        "topUpMaximum",
        (
            "A top-up adds at least 5 sessions and all of them together at most 4, so none could be. "
            "Choose a higher topUpMaximum, or a lower topUpMinimum."
        ),
    ),
    (
        "change",
        GROWING | {"top_up_price": TopUpPrice.FIXED},
        "topUpPrice",
        "A fixed top-up price goes with FIXED, and only with it.",
    ),
    (
        "change",
        {"top_up_fixed_minor": 100},
        "topUpPrice",
        "A fixed top-up price goes with FIXED, and only with it.",
    ),
    ("change", {"top_up_minimum": 2}, "topUpMinimum", NEVER.format("topUpMinimum")),
    ("change", {"top_up_maximum": 2}, "topUpMaximum", NEVER.format("topUpMaximum")),
    ("change", {"top_up_price": TopUpPrice.LIST}, "topUpPrice", NEVER.format("topUpPrice")),
    ("change", {"top_up_days": 2}, "topUpDays", NEVER.format("topUpDays")),
    ("change", {"upgrade_to": ("def_a", "def_b", "def_a")}, "upgradeTo", "upgradeTo names a definition twice."),
    ("refund", {"penalty_bp": 10_100}, "penaltyPercent", "penaltyPercent lies between 0 and 100 per cent."),
    ("refund", {"admin_fee_minor": -1}, "adminFee", "adminFee cannot be negative."),
    ("refund", {"admin_fee_minor": MAX_MINOR}, "adminFee", "adminFee is larger than any amount Carnet keeps."),
    ("refund", {"cooling_off_days": -1}, "coolingOffDays", "coolingOffDays lies between 0 and 36600."),
    (
        "refund",
        {"cooling_off_business_days": True},
        "coolingOffDays",
        "Business days need a number of cooling-off days.",
    ),
    (
        "refund",
        {"penalty_at_least_minor": 1000, "penalty_at_most_minor": 500},
        "penaltyAtMost",
        (
            "The penalty is at least 10.00 EUR and at most 5.00 EUR, which no penalty is. "
            "Choose a higher penaltyAtMost, or a lower penaltyAtLeast."
        ),
    ),
    (
        "refund",
        {"penalty_unused_at_most_minor": 100},
        "penaltyUnusedAtMost",
        "There is no penalty that penaltyUnusedAtMost could bound. Set one, or leave it out.",
    ),
    (
        "refund",
        {"fee_taxed": True},
        "feeTaxed",
        "There is no penalty or fee that could be taxed. Set one, or leave feeTaxed out.",
    ),
    *(
        ("refund", {"basis": RefundBasis.NONE, field: value}, name, NOTHING.format(name))
        for field, value, name in (
            ("penalty_fixed_minor", 1, "penaltyFixed"),
            ("penalty_bp", 1, "penaltyPercent"),
            ("penalty_at_least_minor", 1, "penaltyAtLeast"),
            ("penalty_at_most_minor", 1, "penaltyAtMost"),
            ("penalty_unused_at_most_minor", 1, "penaltyUnusedAtMost"),
            ("admin_fee_minor", 1, "adminFee"),
            ("fee_taxed", True, "feeTaxed"),
        )
    ),
]


@pytest.mark.parametrize(("group", "part", "name", "message"), OF_CHANGES)
def test_what_cannot_be_so_of_changes_and_refunds_is_told_with_what_is_in_the_way(
    group: str, part: dict[str, Any], name: str, message: str
) -> None:
    assert list(impossible(_with(**{group: part}))) == [FieldProblem((group, name), message)]


def test_every_impossibility_is_named_at_once() -> None:
    terms = _with(items=(), price={"currency": "EURO", "tax_rate_bp": -1}, use={"limit_per_customer": 0})
    assert [problem.path for problem in impossible(terms)] == [
        ("items",),
        ("price", "currency"),
        ("price", "taxRate"),
        ("use", "limitPerCustomer"),
    ]


@pytest.mark.parametrize(
    ("included", "amount", "rate", "net_and_tax"),
    [
        (True, 54000, 2000, (45000, 9000)),
        (False, 45000, 2000, (45000, 9000)),
        (True, 45000, 0, (45000, 0)),
        (True, 10000, 2300, (8130, 1870)),
        (False, 3, 2300, (3, 1)),
    ],
)
def test_tax_is_taken_out_of_a_price_or_put_on_top(
    included: bool, amount: int, rate: int, net_and_tax: tuple[int, int]
) -> None:
    assert tax_in(Price(amount, "EUR", rate, tax_included=included), amount) == net_and_tax


@given(amount=st.integers(0, MAX_MINOR - 1), rate=st.integers(0, 10_000))
@steadily
def test_an_included_tax_and_its_net_make_up_the_price(amount: int, rate: int) -> None:
    net, tax = tax_in(Price(amount, "EUR", rate), amount)
    assert net + tax == amount
    assert 0 <= tax <= amount


def test_a_package_names_each_of_its_services_once() -> None:
    terms = _with(items=(Item(("srv_a", "srv_b"), 4, 1), Item(("srv_b", "srv_c"), 2)))
    assert terms.service_ids == ("srv_a", "srv_b", "srv_c")
    assert (terms.paid_sessions, terms.bonus_sessions, terms.sessions) == (6, 1, 7)
