"""What is owed is paid from the oldest charge on, each branch what it is owed, and one payment's lines are its own."""

from domain.ledger import accounts
from domain.ledger.accounts import Line, PaymentMethod, Received, Settled
from domain.ledger.charges import taken_back
from domain.payments.owed import Owing, divided, lines_of_payment, unpaid

CASH, CARD, ONLINE = PaymentMethod.CASH, PaymentMethod.CARD, PaymentMethod.ONLINE_LINK
CHARGES = [Owing("A", 50), Owing("B", 65), Owing("A", 40)]


def owed(*parts: tuple[str, int]) -> list[Settled]:
    """Amounts owed by one customer, by branch."""
    return [Settled(branch_id, amount, customer_id="cus_a") for branch_id, amount in parts]


def test_the_oldest_charge_comes_first() -> None:
    assert unpaid(CHARGES, {"A": 90, "B": 65}, "cus_a") == owed(("A", 50), ("B", 65), ("A", 40))


def test_what_a_branch_is_still_owed_is_owed_for_its_newest_charges() -> None:
    assert unpaid(CHARGES, {"A": 60, "B": 5}, "cus_a") == owed(("A", 20), ("B", 5), ("A", 40))
    assert unpaid(CHARGES, {"A": 40}, "cus_a") == owed(("A", 40))
    assert unpaid(CHARGES, {}, "cus_a") == []


def test_what_is_owed_for_no_charge_that_stands_comes_last() -> None:
    assert unpaid(CHARGES, {"A": 90, "B": 100}, "cus_a") == owed(("A", 50), ("B", 65), ("A", 40), ("B", 35))


def test_a_part_of_a_payment_settles_each_branch_once() -> None:
    pieces = owed(("A", 50), ("B", 65), ("A", 40))
    assert divided(pieces, 130) == (owed(("A", 65), ("B", 65)), owed(("A", 25)))
    assert divided(pieces, 50) == (owed(("A", 50)), owed(("B", 65), ("A", 40)))
    assert divided(pieces, 0) == ([], pieces)


def test_of_the_payments_of_an_operation_the_one_that_is_meant() -> None:
    settled = [Settled("A", 30, "pkg_a")]
    entries = [accounts.payment("A", Received(method, 30), settled) for method in (CASH, CARD)]
    lines = [line for entry in entries if entry for line in entry.lines]
    assert lines_of_payment(lines, CARD, "A", 30, "pkg_a") == lines[2:]
    assert lines_of_payment(lines, CASH, "A", 30, "pkg_a") == lines[:2]


def test_what_was_collected_along_with_a_sale_lowered_what_was_receivable() -> None:
    found = lines_of_payment([], ONLINE, "A", 30, "pkg_a")
    mirrored = accounts.payment("A", Received(ONLINE, 30), [Settled("A", 30, "pkg_a")])
    assert mirrored is not None
    assert tuple(found) == mirrored.lines
    assert all(isinstance(line, Line) for line in found)


def test_a_charge_that_is_taken_back_is_credited_as_far_as_it_was_paid() -> None:
    one, two = (accounts.Charged("cus_a", "A", "srv_a", 1, net, 10) for net in (40, 30))
    assert [(back.amount_minor, back.credited_minor) for back in taken_back([one, two], {"A": 60, "B": 9})] == [
        (-50, 0),
        (-40, 30),
    ]
    assert [back.credited_minor for back in taken_back([one], {})] == [50]
    assert [back.credited_minor for back in taken_back([one], {"A": 500})] == [0]
