"""Entries of packages that change: sessions added to one, and one that is closed for another."""

from dataclasses import dataclass

from domain.ledger.accounts.lines import Account, Entry, Event, Line, PaymentMethod, due, entry
from domain.ledger.accounts.refunds import taken_back_tax


def top_up(
    home_id: str,
    package_id: str,
    deferred_minor: int,
    tax_minor: int,
    through_provider_minor: int = 0,
    taxed_at_id: str | None = None,
) -> Entry | None:
    """Dr RECEIVABLE gross, Cr DEFERRED_REVENUE, Cr TAX_PAYABLE tax due at sale: posted like a sale.

    The tax is due where that of the sale was, at the branch that sold the package, which the home branch owes it.
    """
    taxed_id = taxed_at_id or home_id
    gross, online = deferred_minor + tax_minor, PaymentMethod.ONLINE_LINK
    return entry(
        Event.TOP_UP,
        [
            Line(Account.RECEIVABLE, home_id, gross - through_provider_minor, package_id=package_id),
            Line(online.account, home_id, through_provider_minor, package_id=package_id, payment_method=online),
            Line(Account.DEFERRED_REVENUE, home_id, -deferred_minor, package_id=package_id),
            Line(Account.TAX_PAYABLE, taxed_id, -tax_minor, package_id=package_id),
            *due(home_id, taxed_id, tax_minor, package_id),
        ],
    )


@dataclass(frozen=True, slots=True)
class Upgraded:
    """A package closed for another: what each carries, the tax that was due at sale of it, and what is owed for it.

    `credit_minor` is what the old one was worth beyond the new one; `concession_minor` of it the books no longer had.
    """

    home_branch_id: str
    package_id: str
    value_minor: int
    tax_minor: int
    outstanding_minor: int
    new_home_branch_id: str
    new_package_id: str
    new_value_minor: int
    new_tax_minor: int
    due_minor: int
    credit_minor: int = 0
    concession_minor: int = 0
    customer_id: str | None = None
    taxed_at_id: str | None = None

    @property
    def moved_minor(self) -> int:
        """What the new package takes over from the old one: its value with tax, less what nobody has to pay again."""
        return self.new_value_minor + self.new_tax_minor + self.credit_minor - self.due_minor

    @property
    def revenue_minor(self) -> int:
        """What of the old value does not move on: used sessions cost more than was recognised, or less if negative."""
        return self.value_minor + self.tax_minor + self.concession_minor - self.outstanding_minor - self.moved_minor


def upgrade(upgraded: Upgraded) -> Entry | None:
    """Dr DEFERRED_REVENUE of the old package, Cr of the new one, Dr RECEIVABLE what is to be paid for the difference.

    What was unpaid of the old one is owed for the new one; Cr CUSTOMER_CREDIT what is left over; due between the
    branches where the homes differ.
    """
    old_home, old = upgraded.home_branch_id, upgraded.package_id
    new_home, new = upgraded.new_home_branch_id, upgraded.new_package_id
    customer = upgraded.customer_id
    return entry(
        Event.UPGRADE,
        [
            Line(Account.DEFERRED_REVENUE, old_home, upgraded.value_minor, package_id=old),
            *taken_back_tax(upgraded.taxed_at_id or old_home, old_home, upgraded.tax_minor, old),
            Line(Account.PRICE_CONCESSION, old_home, upgraded.concession_minor, package_id=old),
            Line(Account.RECEIVABLE, old_home, -upgraded.outstanding_minor, package_id=old),
            Line(Account.REVENUE, old_home, -upgraded.revenue_minor, package_id=old),
            *due(old_home, new_home, upgraded.moved_minor, new),
            Line(Account.RECEIVABLE, new_home, upgraded.due_minor, package_id=new),
            Line(Account.DEFERRED_REVENUE, new_home, -upgraded.new_value_minor, package_id=new),
            Line(Account.TAX_PAYABLE, new_home, -upgraded.new_tax_minor, package_id=new),
            Line(Account.CUSTOMER_CREDIT, new_home, -upgraded.credit_minor, customer_id=customer),
        ],
    )
