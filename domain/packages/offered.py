"""What a definition offers now at a branch, and the package that is opened on its terms."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.catalog import store as catalog
from domain.catalog import terms as terms_of
from domain.catalog.rules import tax_in
from domain.catalog.terms import Terms
from domain.kernel.errors import NotFound
from domain.packages import rules
from domain.packages.errors import NotOnSale


@dataclass(frozen=True, slots=True)
class Offered:
    """The published version of a definition, its terms as a branch sells them now, and what is expected to lapse."""

    definition_id: str
    version_id: str
    name: str
    terms: Terms
    breakage_bp: int

    @property
    def tax_minor(self) -> int:
        """The tax in the price."""
        return tax_in(self.terms.price, self.terms.price.amount_minor)[1]

    @property
    def price_minor(self) -> int:
        """What is owed for a package, with tax."""
        return sum(tax_in(self.terms.price, self.terms.price.amount_minor))


async def offered(chain_id: str, definition_id: str, branch_id: str, today: date) -> Offered:
    """The published version with today's list price of each service; refuses what is not, or no longer, on sale."""
    offer = await catalog.published(chain_id, definition_id)
    if offer is None:
        raise NotFound("package definition", definition_id, "definitionId")
    if offer.terms is None or offer.version_id is None:
        raise NotOnSale(definition_id)
    until = offer.terms.validity.until
    if until is not None and until < today:
        raise NotOnSale(definition_id)
    terms = await _priced(offer.terms, branch_id)
    return Offered(definition_id, offer.version_id, offer.name, terms, offer.breakage_bp)


async def _priced(terms: Terms, branch_id: str) -> Terms:
    prices = await catalog.list_prices(terms.service_ids, branch_id)
    items = (
        replace(item, list_prices_minor=tuple(prices.get(service, 0) for service in item.service_ids))
        for item in terms.items
    )
    return replace(terms, price=terms.price.at(branch_id), items=tuple(items))


def opened(
    offer: Offered, package_id: str, holder_id: str, branch_id: str, now: datetime, today: date, paid_minor: int
) -> dict[str, object]:
    """A package on these terms as it is written down, at home where it is sold; what is paid at once may activate it.

    The payments themselves are noted when they are posted.
    """
    terms = offer.terms
    active = rules.activated(terms.use.activation, offer.price_minor, paid_minor)
    return {
        "id": package_id,
        "definition_id": offer.definition_id,
        "definition_version_id": offer.version_id,
        "name": offer.name,
        "holder_id": holder_id,
        "home_branch_id": branch_id,
        "selling_branch_id": branch_id,
        "currency": terms.price.currency,
        "price_minor": offer.price_minor,
        "tax_minor": offer.tax_minor,
        "paid_minor": 0,
        "terms": terms_of.to_json(terms),
        "sharing": terms.who.sharing.value,
        "sold_at": now,
        "activated_at": now if active else None,
        "start_by": rules.start_by(terms.validity, today),
        "version": 1,
    }
