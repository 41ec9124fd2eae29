"""What a session costs in a package stands beside what it costs alone."""

from domain.catalog.pricing import pricing
from domain.catalog.terms import Item, Price, Terms, Validity
from domain.ledger.rules import BonusValue


def _terms(*items: Item, amount_minor: int, bonus_value: BonusValue = BonusValue.POOLED) -> Terms:
    return Terms(items, Price(amount_minor, "EUR", bonus_value=bonus_value), Validity(days=180))


def test_ten_for_450_where_one_costs_50() -> None:
    found = pricing(_terms(Item(("a",), 10), amount_minor=45000), {"a": 5000})
    assert (found.in_package_minor, found.alone_minor, found.saved_minor) == (4500, 5000, 5000)


def test_a_free_session_lowers_the_price_of_each() -> None:
    found = pricing(_terms(Item(("a",), 3, 1), amount_minor=30000), {"a": 10000})
    assert (found.in_package_minor, found.saved_minor, found.items[0].in_package_minor) == (7500, 10000, 7500)


def test_a_mixed_price_is_shared_by_list_price_as_at_the_sale() -> None:
    found = pricing(_terms(Item(("a",), 4), Item(("b",), 2), amount_minor=31990), {"a": 6000, "b": 5500})
    assert [(item.alone_minor, item.in_package_minor) for item in found.items] == [(6000, 5484), (5500, 5027)]
    assert (found.in_package_minor, found.alone_minor, found.saved_minor) == (5332, 5833, 3010)


def test_of_several_services_the_dearest_is_compared() -> None:
    found = pricing(_terms(Item(("a", "b"), 5), amount_minor=20000), {"a": 4000, "b": 6000})
    assert (found.alone_minor, found.saved_minor) == (6000, 10000)


def test_a_package_that_costs_more_than_its_sessions_saves_less_than_nothing() -> None:
    assert pricing(_terms(Item(("a",), 2), amount_minor=900), {"a": 400}).saved_minor == -100


def test_an_item_of_free_sessions_alone_carries_nothing_where_bonus_carries_nothing() -> None:
    gift = _terms(Item(("a",), 2), Item(("b",), 0, 1), amount_minor=900, bonus_value=BonusValue.ZERO)
    assert [item.in_package_minor for item in pricing(gift, {"a": 500, "b": 500}).items] == [450, 0]
