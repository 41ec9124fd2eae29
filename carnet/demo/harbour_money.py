"""The money of Harbour Wellness: what was paid late, twice, above the price or back, and how its books are kept."""

from collections.abc import Iterator

from carnet.demo.happenings import Happening, card, cash, online, payment, registration, sale, transfer, visits
from carnet.demo.happenings_money import (
    closing,
    credit,
    delivery_cost,
    dispute,
    estimate,
    lost_dispute,
    payment_in_excess,
    payment_reversal,
    payout,
    sale_by_instalments,
    void,
)
from carnet.demo.harbour_customers import LIS, MAD
from carnet.demo.stage import Past


def happenings(past: Past) -> Iterator[Happening]:
    """All that happened, customer by customer."""
    yield from _rita()
    yield from _tiago()
    yield from _disputes()
    yield from _void()
    yield from _books(past)


def _rita() -> Iterator[Happening]:
    """A deposit and three instalments: the first was paid, and typed once too often; the second is overdue."""
    bundle = "rita's bundle"
    yield registration("rita", "Rita Lopes", LIS, 66, phone="+351 922 925 041", email="rita.lopes@example.com")
    yield sale_by_instalments(bundle, "MIX42", "rita", LIS, 65, card(7990), (-35, 8000), (-5, 8000), (25, 8000))
    yield from visits(bundle, "MAS60", LIS, 58, 43)
    yield payment(bundle, LIS, 36, transfer(8000), "EUR")
    mistake = payment(bundle, LIS, 33, cash(8000), "EUR")
    yield mistake
    yield payment_reversal(mistake, bundle, LIS, "It was Rita Leite who paid.")
    yield from visits(bundle, "FAC50", LIS, 22)


def _tiago() -> Iterator[Happening]:
    """He paid more than he owed, and used a part of the credit for his next package, which he still owes a rest of."""
    yield registration("tiago", "Tiago Sousa", LIS, 49, phone="+351 922 925 042")
    yield sale("tiago's reformer", "REF10", "tiago", LIS, 48)
    yield payment_in_excess("tiago's reformer", LIS, 47, transfer(33000))
    yield from visits("tiago's reformer", "REF55", LIS, 46, 39, 32, 18)
    yield sale("tiago's yoga", "YOG10", "tiago", LIS, 20, credit(5000), card(2900))
    yield from visits("tiago's yoga", "YOG60", LIS, 16, 9)


def _disputes() -> Iterator[Happening]:
    """Vera's bank decided for her after her first visit; Olga's has not decided yet."""
    yield registration("vera", "Vera Gomes", LIS, 76, phone="+351 922 925 043")
    yield sale("vera's massages", "MASB3F1", "vera", LIS, 75, online(18000))
    yield from visits("vera's massages", "MAS60", LIS, 71)
    yield dispute("vera's massages", "luis", 55, 18000, 1500, "She does not recognise the payment, says her bank.")
    yield lost_dispute("vera's massages", "luis", 29, "The bank did not accept the signed terms.")
    yield registration("olga", "Olga Sanz", MAD, 34, phone="+34 612 345 641")
    yield sale("olga's facials", "FAC5", "olga", MAD, 33, online(24900))
    yield from visits("olga's facials", "FAC50", MAD, 26)
    yield dispute("olga's facials", "maria", 9, 24900, 1500, "She says she was charged twice; she was not.")


def _void() -> Iterator[Happening]:
    """A sale to the wrong customer was void at once; another one, of too large a package, is left for the manager."""
    yield sale("tiago's hygiene", "DEN2", "tiago", LIS, 13, card(11900))
    yield void("tiago's hygiene", LIS, 13, "Sold to the wrong Tiago.")
    yield registration("gil", "Gil Ramos", LIS, 3, phone="+351 922 925 044")
    yield sale("gil's reformer", "REF20", "gil", LIS, 3, card(46000))


def _books(past: Past) -> Iterator[Happening]:
    """What the accountant knows and does, and the owner's word that a quarter is done."""
    yield delivery_cost("MAS60", "LIS", "alice", 60, 2600)
    yield payout("LIS", "alice", 57, 36000, 540)
    yield estimate("YOG10", "alice", 62, 2000, "Of the cards that have lapsed, one session in five was never used.")
    yield closing("beatriz", past, "The declaration for the quarter is made.")
