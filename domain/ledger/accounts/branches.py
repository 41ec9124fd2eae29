"""Entries between branches: a package that moves to another home, and what is paid to settle what is due."""

from collections import Counter
from collections.abc import Iterable

from domain.ledger.accounts.lines import Account, Entry, Event, Line, PaymentMethod, entry

_AT_HOME = (Account.DEFERRED_REVENUE, Account.RECEIVABLE)
"""What stands in the books of a package's home branch for it."""


def branch_transfer(
    package_id: str, home_id: str, new_home_id: str, value_minor: int, unpaid_minor: int = 0
) -> Entry | None:
    """The new home owes the sessions from now on, and the customer owes it what is unpaid; the old home owes the rest.

    Old home: Dr DEFERRED_REVENUE value, Cr RECEIVABLE unpaid, Cr DUE_TO_BRANCH the difference; the new one mirrors it.
    """
    return entry(
        Event.BRANCH_TRANSFER,
        [
            *_moved(Account.DEFERRED_REVENUE, package_id, home_id, new_home_id, value_minor),
            *_moved(Account.RECEIVABLE, package_id, home_id, new_home_id, -unpaid_minor),
            Line(Account.DUE_TO_BRANCH, home_id, unpaid_minor - value_minor, new_home_id, package_id),
            Line(Account.DUE_FROM_BRANCH, new_home_id, value_minor - unpaid_minor, home_id, package_id),
        ],
    )


def _moved(account: Account, package_id: str, home_id: str, new_home_id: str, amount_minor: int) -> list[Line]:
    return [
        Line(account, home_id, amount_minor, package_id=package_id),
        Line(account, new_home_id, -amount_minor, package_id=package_id),
    ]


def followed_home(package_id: str, home_id: str, entries: Iterable[Entry | None]) -> list[Entry | None]:
    """What entries say of a package at homes it has left, moved on to the one it has now.

    The mirror of what was posted before the package moved says it where it was said then.
    """
    there: Counter[tuple[str, Account]] = Counter()
    for each in entries:
        for line in each.lines if each else ():
            if line.package_id == package_id and line.account in _AT_HOME and line.branch_id != home_id:
                there[line.branch_id, line.account] += line.amount_minor
    return [
        branch_transfer(
            package_id,
            former_id,
            home_id,
            -there[former_id, Account.DEFERRED_REVENUE],
            there[former_id, Account.RECEIVABLE],
        )
        for former_id in sorted({branch_id for branch_id, _ in there})
    ]


def settlement(debtor_id: str, creditor_id: str, debtor_owes_minor: int, creditor_owes_minor: int) -> Entry | None:
    """Both sides of what two branches owe each other are settled by one payment of the difference.

    Debtor: Dr DUE_TO_BRANCH, Cr DUE_FROM_BRANCH what it had coming, Cr CASH the difference; the creditor mirrors it.
    """
    paid, bank = debtor_owes_minor - creditor_owes_minor, PaymentMethod.BANK_TRANSFER
    return entry(
        Event.SETTLEMENT,
        [
            Line(Account.DUE_TO_BRANCH, debtor_id, debtor_owes_minor, creditor_id),
            Line(Account.DUE_FROM_BRANCH, debtor_id, -creditor_owes_minor, creditor_id),
            Line(Account.CASH, debtor_id, -paid, payment_method=bank),
            Line(Account.CASH, creditor_id, paid, payment_method=bank),
            Line(Account.DUE_TO_BRANCH, creditor_id, creditor_owes_minor, debtor_id),
            Line(Account.DUE_FROM_BRANCH, creditor_id, -debtor_owes_minor, debtor_id),
        ],
    )
