"""Changes of mind at Harbour Wellness: the packages that allow them, who may decide, and what became of each."""

from collections.abc import Iterator
from dataclasses import replace

from carnet.demo.happenings import Happening, booking, card, cash, registration, sale, visits
from carnet.demo.happenings_changes import (
    approved,
    asked_back,
    business_days,
    paid_out,
    refund_limit,
    refused,
    topped_up,
    upgraded,
)
from carnet.demo.harbour_customers import LIS, MAD
from carnet.demo.setting import Bundle, days
from domain.catalog.terms import Change, Refunding
from domain.kernel.principals import Role
from domain.refunds.presets import adoptable

_ADOPTED = replace(
    adoptable("singapore-five-working-days", "EUR").refund,
    penalty_bp=1000,
    penalty_at_most_minor=5000,
    approval_above_minor=20000,
)
_LARGER = Refunding(penalty_bp=1000, penalty_at_most_minor=5000, cooling_off_days=14)
_MAY_GROW = Change(top_up=True, top_up_maximum=8, top_up_days=30, upgrade_to=("OST16",))
PACKAGES = (
    Bundle("OST16", "Osteopathy of 16", (("OST50", 16, 0),), 84000, days(365, 14), refund=_LARGER),
    Bundle(
        "OST8",
        "Osteopathy of 8, may grow",
        (("OST50", 8, 0),),
        44000,
        days(240, 14),
        change=_MAY_GROW,
        refund=_ADOPTED,
    ),
)
_CHRISTMAS = (12, 25, "Christmas")


def happenings() -> Iterator[Happening]:
    """All that happened, customer by customer."""
    yield from _rules()
    yield from _mariana_and_filipe()
    yield from _given_back()
    yield from _not_given_back()


def _rules() -> Iterator[Happening]:
    """Holidays by the branch, and limits by the role: what is above them waits for another person."""
    yield business_days("LIS", "beatriz", 400, (4, 25, "Freedom Day"), (6, 10, "Portugal Day"), _CHRISTMAS)
    yield business_days("MAD", "beatriz", 400, (5, 2, "Day of Madrid"), (10, 12, "National Day"), _CHRISTMAS)
    yield refund_limit(Role.FRONT_DESK, "beatriz", 390, 10000, 30000)
    yield refund_limit(Role.MANAGER, "beatriz", 390, 50000, 150000)


def _mariana_and_filipe() -> Iterator[Happening]:
    """Mariana wanted four more; Filipe changed for the larger one, and the visit he had booked moved along."""
    yield registration("mariana", "Mariana Dias", LIS, 51, phone="+351 922 925 071")
    yield sale("mariana's osteopathy", "OST8", "mariana", LIS, 50, card(44000))
    yield from visits("mariana's osteopathy", "OST50", LIS, 44, 37, 30)
    yield topped_up("mariana's osteopathy", 4, LIS, 12, card(22000))
    yield registration("filipe", "Filipe Antunes", LIS, 31, phone="+351 922 925 072")
    yield sale("filipe's osteopathy", "OST8", "filipe", LIS, 30, card(44000))
    yield from visits("filipe's osteopathy", "OST50", LIS, 24)
    yield booking("filipe's next visit", "filipe's osteopathy", "OST50", "filipe", LIS, 8, 6, 10)
    yield upgraded("filipe's larger one", "filipe's osteopathy", "OST16", LIS, 5, card(25500))


def _given_back() -> Iterator[Happening]:
    """Zita had all of hers back, in cooling-off; Otto's refund is owed on both of his payments, the last one first."""
    yield registration("zita", "Zita Moura", LIS, 27, phone="+351 922 925 073")
    yield sale("zita's osteopathy", "OST8", "zita", LIS, 26, card(44000))
    yield asked_back("zita's refund", "zita's osteopathy", "dora", 25, "She had meant to buy massages.")
    yield approved("zita's refund", "luis", 25)
    yield paid_out("zita's refund", LIS, 24)
    yield registration("otto", "Otto Lindner", LIS, 41, phone="+351 922 925 074")
    yield sale("otto's osteopathy", "OST8", "otto", LIS, 40, cash(20000), card(24000))
    yield from visits("otto's osteopathy", "OST50", LIS, 33, 26)
    yield asked_back("otto's refund", "otto's osteopathy", "dora", 6, "He moves to Hamburg.")
    yield approved("otto's refund", "luis", 5)


def _not_given_back() -> Iterator[Happening]:
    """Irene's refund waits for the manager, and Lena's was refused in Madrid."""
    yield registration("irene", "Irene Castro", LIS, 37, phone="+351 922 925 075")
    yield sale("irene's osteopathy", "OST8", "irene", LIS, 36, card(44000))
    yield from visits("irene's osteopathy", "OST50", LIS, 29, 22)
    yield asked_back("irene's refund", "irene's osteopathy", "dora", 1, "Her knee needs an operation first.")
    yield registration("lena", "Lena Vogt", MAD, 33, phone="+34 612 345 671")
    yield sale("lena's osteopathy", "OST8", "lena", MAD, 32, card(44000))
    yield from visits("lena's osteopathy", "OST50", MAD, 25)
    yield asked_back("lena's refund", "lena's osteopathy", "lucia", 10, "She cannot come on her days any more.")
    yield refused("lena's refund", "maria", 9, "She may come on Saturdays, and prefers that.")
