"""Pure rules of what is owed on an account: which charges are unpaid, and which of them a payment settles."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.ledger.accounts import Account, Line, PaymentMethod, Settled


@dataclass(frozen=True, slots=True)
class Owing:
    """A charge that was not taken back: where it is owed, and how much it was."""

    branch_id: str
    amount_minor: int


def unpaid(charges: Sequence[Owing], owed: Mapping[str, int], customer_id: str) -> list[Settled]:
    """What is owed at each branch as parts of the charges there, the oldest first.

    The charges come oldest first, and those were paid first: what is owed at a branch is owed for its newest ones.
    """
    left, parts = dict(owed), []
    for charge in reversed(charges):
        part = min(charge.amount_minor, max(0, left.get(charge.branch_id, 0)))
        left[charge.branch_id] = left.get(charge.branch_id, 0) - part
        parts.append(Settled(charge.branch_id, part, customer_id=customer_id))
    rest = [Settled(branch_id, amount, customer_id=customer_id) for branch_id, amount in left.items()]
    return [each for each in (*reversed(parts), *rest) if each.amount_minor > 0]


def divided(settled: Iterable[Settled], amount_minor: int) -> tuple[list[Settled], list[Settled]]:
    """What an amount settles of what is owed, in its order and each branch once, and what it leaves."""
    own, rest, left = dict[tuple[str, str | None, str | None], Settled](), list[Settled](), amount_minor
    for each in settled:
        part = min(each.amount_minor, left)
        left -= part
        if part:
            at = (each.branch_id, each.package_id, each.customer_id)
            before = own[at].amount_minor if at in own else 0
            own[at] = replace(each, amount_minor=before + part)
        if part < each.amount_minor:
            rest.append(replace(each, amount_minor=each.amount_minor - part))
    assert left == 0, "a payment settles no more than is owed"
    return list(own.values()), rest


def without_charge(
    lines: Iterable[Line], owed: Mapping[str, int], charged: Mapping[str, int], customer_id: str
) -> list[Settled]:
    """What no charge stands for of what would be owed without the payment that posted these lines.

    The charges that it had paid were taken back meanwhile, by which the payment has become credit where they were.
    """
    settled: dict[str, int] = {}
    for line in lines:
        if line.account is Account.RECEIVABLE and line.package_id is None:
            settled[line.branch_id] = settled.get(line.branch_id, 0) - line.amount_minor
    beyond = {
        branch_id: min(amount, owed.get(branch_id, 0) + amount - charged.get(branch_id, 0))
        for branch_id, amount in settled.items()
    }
    return [Settled(branch_id, amount, customer_id=customer_id) for branch_id, amount in beyond.items() if amount > 0]


def lines_of_payment(
    lines: Sequence[Line], method: PaymentMethod, branch_id: str, amount_minor: int, package_id: str | None
) -> list[Line]:
    """The lines that one payment posted, of all those that the payments of its operation did.

    Each entry begins with the line that tells the method. What a provider collected along with a sale was debited in
    the sale itself instead of what was receivable.
    """
    entries: list[list[Line]] = []
    for line in lines:
        if line.payment_method is not None:
            entries.append([])
        entries[-1].append(line)
    for entry in entries:
        first = entry[0]
        if (first.payment_method, first.branch_id, first.amount_minor) == (method, branch_id, amount_minor):
            return entry
    assert method is PaymentMethod.ONLINE_LINK, "what a payment posted is gone"
    return [
        Line(method.account, branch_id, amount_minor, package_id=package_id, payment_method=method),
        Line(Account.RECEIVABLE, branch_id, -amount_minor, package_id=package_id),
    ]
