"""Entries of disputes: what the provider keeps back, and what is lost when it never gives that back."""

from domain.ledger.accounts.lines import Account, Entry, Event, Line, PaymentMethod, due, entry


def dispute(home_id: str, package_id: str, amount_minor: int) -> Entry | None:
    """What the provider keeps back while a payment is disputed: Dr DISPUTES, Cr PROVIDER_CLEARING."""
    return _kept_back(Account.DISPUTES, home_id, package_id, amount_minor)


def dispute_fee(home_id: str, package_id: str, fee_minor: int) -> Entry | None:
    """What the provider takes for a dispute, and keeps however it ends: Dr PROVIDER_FEES, Cr PROVIDER_CLEARING."""
    return _kept_back(Account.PROVIDER_FEES, home_id, package_id, fee_minor)


def _kept_back(account: Account, home_id: str, package_id: str, amount_minor: int) -> Entry | None:
    online = PaymentMethod.ONLINE_LINK
    return entry(
        Event.DISPUTE,
        [
            Line(account, home_id, amount_minor, package_id=package_id),
            Line(online.account, home_id, -amount_minor, package_id=package_id, payment_method=online),
        ],
    )


def dispute_lost(
    home_id: str,
    package_id: str,
    amount_minor: int,
    deferred_minor: int,
    tax_minor: int,
    selling_id: str | None = None,
) -> Entry | None:
    """Cr DISPUTES what never comes back: Dr DEFERRED_REVENUE and TAX_PAYABLE of the sessions taken away for it.

    Dr BAD_DEBT what that does not cover. The tax is owed no more where it was due, at the branch that sold the package;
    where that is not its home any more, it owes the tax to the one that is.
    """
    taxed_id = selling_id or home_id
    return entry(
        Event.DISPUTE_LOST,
        [
            Line(Account.DEFERRED_REVENUE, home_id, deferred_minor, package_id=package_id),
            Line(Account.TAX_PAYABLE, taxed_id, tax_minor, package_id=package_id),
            *due(taxed_id, home_id, tax_minor, package_id),
            Line(Account.BAD_DEBT, home_id, amount_minor - deferred_minor - tax_minor, package_id=package_id),
            Line(Account.DISPUTES, home_id, -amount_minor, package_id=package_id),
        ],
    )
