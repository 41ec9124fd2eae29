"""A definition's columns become terms, and a pack's row changes what it says otherwise."""

from dataclasses import replace

import pytest

from domain.catalog.rules import impossible
from domain.catalog.terms import BranchScope, Expiry, Item, RefundBasis, Sharing
from domain.imports.rules.catalogue import MAX_DAYS, MAX_GRACE_DAYS, MAX_SESSIONS, DefinitionRow
from domain.imports.rules.openings import agreed_items
from domain.imports.rules.terms import agreed_terms, terms_of
from tests.fixtures.spreadsheets import CATALOGUE, MASSAGE_3_FREE_1, MIXED, PHYSIO_10, pack

IDS = {"MAS60": "srv_1", "FAC50": "srv_2", "PHY45": "srv_3"}


def test_the_columns_of_a_definition_are_its_terms() -> None:
    terms = terms_of(replace(MIXED, selling_branch_only=True, household_sharing=True, per_customer_limit=2), IDS)
    assert terms.items == (Item(("srv_1",), 4), Item(("srv_2",), 2))
    assert (terms.price.amount_minor, terms.price.currency, terms.price.tax_rate_bp) == (31990, "EUR", 0)
    assert (terms.validity.days, terms.validity.expiry, terms.validity.grace_days) == (180, Expiry.SOFT, 14)
    assert (terms.where.scope, terms.who.sharing) == (BranchScope.SELLING_BRANCH, Sharing.HOUSEHOLD)
    assert terms.use.limit_per_customer == 2


def test_without_grace_expiry_is_hard_and_without_limits_use_is_free() -> None:
    terms = terms_of(replace(PHYSIO_10, grace_days=0), IDS)
    assert (terms.validity.expiry, terms.validity.grace_days) == (Expiry.HARD, 0)
    assert (terms.where.scope, terms.who.sharing) == (BranchScope.CHAIN, Sharing.NONE)
    assert terms.use.limit_per_customer is None


@pytest.mark.parametrize(
    ("column", "basis"),
    [
        ("pro_rata", RefundBasis.ALL_SESSIONS),
        ("list_price", RefundBasis.LIST_PRICE),
        ("paid_sessions_only", RefundBasis.PAID_SESSIONS),
        ("none", RefundBasis.NONE),
    ],
)
def test_each_refund_basis_has_its_word(column: str, basis: RefundBasis) -> None:
    assert terms_of(replace(PHYSIO_10, refund_basis=column), IDS).refund.basis is basis


@pytest.mark.parametrize("definition", [PHYSIO_10, MASSAGE_3_FREE_1, MIXED])
@pytest.mark.parametrize("grace_days", [0, 14, MAX_GRACE_DAYS])
@pytest.mark.parametrize("total", [1, 3, 11])
def test_no_terms_are_impossible(definition: DefinitionRow, grace_days: int, total: int) -> None:
    row = replace(definition, grace_days=grace_days, validity_days=MAX_DAYS, per_customer_limit=MAX_SESSIONS)
    assert list(impossible(terms_of(row, IDS))) == []
    sold = pack(17950, total, 0, code=definition.code)
    assert list(impossible(agreed_terms(sold, agreed_items(row, total), CATALOGUE, IDS))) == []


def test_a_pack_was_sold_on_its_own_price_and_sessions_and_the_list_prices_of_its_branch() -> None:
    sold = pack(17950, 5, 1, code="MASB3F1")
    terms = agreed_terms(sold, agreed_items(MASSAGE_3_FREE_1, 5), CATALOGUE, IDS)
    assert terms.items == (Item(("srv_1",), 3, 2, (6000,)),)
    assert terms.price.amount_minor == 17950


def test_a_service_that_the_selling_branch_does_not_offer_weighs_its_lowest_price() -> None:
    sold = replace(pack(45000, 10, 0), branch="PDL")
    assert agreed_terms(sold, PHYSIO_10.items, CATALOGUE, IDS).items == (Item(("srv_3",), 10, 0, (6000,)),)
