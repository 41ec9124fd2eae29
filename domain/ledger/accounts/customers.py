"""Entries between customers who turn out to be one person, or turn out to be two after all."""

from collections.abc import Mapping

from domain.ledger.accounts.lines import Account, Entry, Event, Line, entry


def merge(from_id: str, to_id: str, credit: Mapping[str, int], owed: Mapping[str, int]) -> Entry | None:
    """What each branch owes one customer, and is owed by them, it owes the other and is owed by the other from then on.

    Credit: Dr CUSTOMER_CREDIT of the one, Cr of the other. Account: Dr RECEIVABLE of the other, Cr of the one.
    """
    return entry(
        Event.MERGE,
        [
            *_moved(Account.CUSTOMER_CREDIT, from_id, to_id, credit),
            *_moved(Account.RECEIVABLE, to_id, from_id, owed),
        ],
    )


def _moved(account: Account, debited_id: str, credited_id: str, amounts: Mapping[str, int]) -> list[Line]:
    return [
        Line(account, branch_id, amount, customer_id=customer_id)
        for branch_id, amount_minor in sorted(amounts.items())
        for customer_id, amount in ((debited_id, amount_minor), (credited_id, -amount_minor))
    ]
