"""The tax of packages by their terms, for the lines of the journal that a tax return is made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from domain.catalog import terms
from domain.kernel.access import Actor
from domain.kernel.db import rows
from domain.ledger.accounts import Account

_TAXED = frozenset({Account.TAX_PAYABLE, Account.REVENUE, Account.DEFERRED_REVENUE})


@dataclass(frozen=True, slots=True)
class PackageTax:
    """The one tax that a package was sold with."""

    code: str
    rate_bp: int

    @property
    def per_cent(self) -> Decimal:
        """The rate with two digits."""
        return Decimal(self.rate_bp).scaleb(-2)


def taxed_package(account: Account, package_id: str | None) -> str | None:
    """The package whose tax a line is under; None for lines that no tax return asks for, and without a package."""
    return package_id if account in _TAXED else None


async def taxes(actor: Actor, package_ids: Iterable[str | None]) -> dict[str, PackageTax]:
    """The taxes of packages by their ids, in one statement; the caller may read the books that name the packages."""
    asked = sorted({package_id for package_id in package_ids if package_id})
    found = await rows(
        "SELECT p.id, p.terms FROM package p WHERE p.chain_id = $1 AND p.id = ANY($2)", actor.chain_id, asked
    )
    prices = {row["id"]: terms.from_json(row["terms"]).price for row in found}
    return {package_id: PackageTax(price.tax_code, price.tax_rate_bp) for package_id, price in prices.items()}
