"""Entries of refunds: what is agreed, and what is then paid out or becomes credit."""

from dataclasses import dataclass

from domain.ledger.accounts.lines import Account, Entry, Event, Line, PaymentMethod, due, entry


@dataclass(frozen=True, slots=True)
class Refunded:
    """A refund that is agreed: what the sessions given back carry, the tax on them, and what of it goes where.

    `cleared_minor` of what the customer owes is owed no more; `concession_minor` is given beyond the contract. What
    is over or lacking is revenue: the sessions used are sold at another price by that. Tax that was due at sale is owed
    no more where it was due, at the branch that sold the package, which owes it to the home branch where that is
    another.
    """

    home_branch_id: str
    package_id: str
    value_minor: int
    tax_minor: int
    refund_minor: int
    fee_minor: int = 0
    fee_tax_minor: int = 0
    cleared_minor: int = 0
    concession_minor: int = 0
    taxed_at_id: str | None = None

    @property
    def revenue_minor(self) -> int:
        """What the used sessions turn out to have cost more than was recognised; negative where they cost less."""
        given = self.value_minor + self.tax_minor + self.concession_minor
        return given - self.fee_minor - self.fee_tax_minor - self.cleared_minor - self.refund_minor


def refund(refunded: Refunded) -> Entry | None:
    """Dr DEFERRED_REVENUE and TAX_PAYABLE of what is given back, Dr PRICE_CONCESSION what is given beyond the contract.

    Cr RECEIVABLE what is still owed, first of all; Cr FEE_INCOME what is kept, with its tax; Cr REFUND_PAYABLE what
    comes back; the difference is REVENUE.
    """
    home, package = refunded.home_branch_id, refunded.package_id
    amounts = (
        (Account.DEFERRED_REVENUE, refunded.value_minor),
        (Account.PRICE_CONCESSION, refunded.concession_minor),
        (Account.RECEIVABLE, -refunded.cleared_minor),
        (Account.FEE_INCOME, -refunded.fee_minor),
        (Account.TAX_PAYABLE, -refunded.fee_tax_minor),
        (Account.REVENUE, -refunded.revenue_minor),
        (Account.REFUND_PAYABLE, -refunded.refund_minor),
    )
    return entry(
        Event.REFUND,
        [
            *taken_back_tax(refunded.taxed_at_id or home, home, refunded.tax_minor, package),
            *(Line(account, home, amount, package_id=package) for account, amount in amounts),
        ],
    )


def taken_back_tax(taxed_at_id: str, home_id: str, tax_minor: int, package_id: str) -> list[Line]:
    """Tax that is owed no more where it was due; that branch owes it to the home branch of the package."""
    return [
        Line(Account.TAX_PAYABLE, taxed_at_id, tax_minor, package_id=package_id),
        *due(taxed_at_id, home_id, tax_minor, package_id),
    ]


def refund_paid(
    home_id: str,
    package_id: str,
    paid_at_id: str,
    method: PaymentMethod,
    amount_minor: int,
    customer_id: str | None = None,
) -> Entry | None:
    """Dr REFUND_PAYABLE at home, Cr CASH or PROVIDER_CLEARING where it is paid out; due between the branches.

    As the credit of the customer named: Cr CUSTOMER_CREDIT instead.
    """
    credited = customer_id if method is PaymentMethod.CUSTOMER_CREDIT else None
    assert (method is PaymentMethod.CUSTOMER_CREDIT) == (credited is not None), "credit belongs to a customer"
    return entry(
        Event.REFUND_PAID,
        [
            Line(Account.REFUND_PAYABLE, home_id, amount_minor, package_id=package_id),
            *due(home_id, paid_at_id, amount_minor, package_id),
            Line(method.account, paid_at_id, -amount_minor, None, package_id, None, method, credited),
        ],
    )
