"""The terms that a row of package_definitions.csv stands for, and those that one pack was really sold on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.catalog.terms import (
    BranchScope,
    Expiry,
    Price,
    RefundBasis,
    Refunding,
    Sharing,
    Terms,
    Use,
    Validity,
    Where,
    Who,
)
from domain.catalog.terms import Item as AgreedItem
from domain.imports.rules.catalogue import Catalogue, DefinitionRow, Item, ServiceRow
from domain.imports.rules.packs import PackRow

_REFUND_BASIS = {
    "pro_rata": RefundBasis.ALL_SESSIONS,
    "list_price": RefundBasis.LIST_PRICE,
    "paid_sessions_only": RefundBasis.PAID_SESSIONS,
    "none": RefundBasis.NONE,
}


def terms_of(definition: DefinitionRow, services: Mapping[str, str]) -> Terms:
    """The definition's terms, with the ids of the services that its codes name."""
    soft = definition.grace_days > 0
    return Terms(
        items=tuple(AgreedItem((services[item.service],), item.paid, item.bonus) for item in definition.items),
        price=Price(definition.price_minor, definition.currency),
        validity=Validity(
            days=definition.validity_days,
            expiry=Expiry.SOFT if soft else Expiry.HARD,
            grace_days=definition.grace_days,
        ),
        where=Where(BranchScope.SELLING_BRANCH if definition.selling_branch_only else BranchScope.CHAIN),
        who=Who(sharing=Sharing.HOUSEHOLD if definition.household_sharing else Sharing.NONE),
        refund=Refunding(basis=_REFUND_BASIS[definition.refund_basis]),
        use=Use(limit_per_customer=definition.per_customer_limit),
    )


def agreed_terms(pack: PackRow, items: Sequence[Item], catalogue: Catalogue, services: Mapping[str, str]) -> Terms:
    """The definition's terms with the sessions and the price that the pack's own row says were agreed."""
    terms = terms_of(catalogue.definition(pack.definition), services)
    agreed = tuple(
        AgreedItem(
            (services[item.service],),
            item.paid,
            item.bonus,
            (_list_price(catalogue.services[item.service], pack.branch),),
        )
        for item in items
    )
    return replace(terms, items=agreed, price=replace(terms.price, amount_minor=pack.price_minor))


def _list_price(service: ServiceRow, branch: str) -> int:
    """What a session costs where the pack was sold; where it is not offered there, the chain's lowest price."""
    lowest = min(service.list_prices.values())
    return service.list_prices.get(branch, lowest)
