"""Between the branches of Harbour Wellness: visits away from home, what is owed for them, and packages that follow."""

from collections.abc import Iterator

from carnet.demo.happenings import Happening, card, registration, sale, visits
from carnet.demo.happenings_branches import (
    entry_disputed,
    move_accepted,
    move_asked_for,
    settled,
    settlement,
    settlement_approved,
    settlement_confirmed,
    settlement_rate,
)
from carnet.demo.harbour_customers import LIS, MAD, PDL
from carnet.demo.stage import Past


def happenings(past: Past) -> Iterator[Happening]:
    """All that happened between them."""
    yield from _away_from_home()
    yield from _moves()
    yield from _settlements(past)


def _away_from_home() -> Iterator[Happening]:
    """Xavier bought in Madrid and comes in Lisbon, Yara the other way round; for hers Madrid earns by its own price."""
    yield registration("xavier", "Xavier Prats", MAD, 121, phone="+34 612 345 651", email="xavier.prats@example.com")
    yield sale("xavier's physio", "PHY10", "xavier", MAD, 120, card(45000))
    yield from visits("xavier's physio", "PHY45", LIS, 113, 99, 85, 71, 57, 43, 29, 15, 2)
    yield registration("yara", "Yara Monteiro", LIS, 119, phone="+351 922 925 051")
    yield sale("yara's physio", "PHY10", "yara", LIS, 118, card(45000))
    yield from visits("yara's physio", "PHY45", MAD, 106, 92, 78, 64, 50, 36, 22, 8)
    yield sale("yara's massages", "MASB3F1", "yara", LIS, 60, card(18000))
    yield from visits("yara's massages", "MAS60", PDL, 55, 41, 27)
    yield settlement_rate("LIS", "MAD", "alice", 110, 8000, -105)


def _moves() -> Iterator[Happening]:
    """Quim moved to Madrid and his package after him; one package waits for Madrid's word, and one for Lisbon's."""
    yield registration("quim", "Quim Teles", LIS, 96, phone="+351 922 925 052")
    yield sale("quim's physio", "PHY10", "quim", LIS, 95, card(45000))
    yield from visits("quim's physio", "PHY45", LIS, 90, 83)
    yield move_asked_for("quim's physio", "MAD", "luis", 46, "He has moved to Madrid.")
    yield move_accepted("quim's physio", "maria", 44)
    yield from visits("quim's physio", "PHY45", MAD, 37, 23)
    yield move_asked_for("yara's physio", "MAD", "luis", 3, "She works in Madrid by now.")
    yield move_asked_for("xavier's physio", "LIS", "maria", 4, "We have not seen him here since he bought it.")


def _settlements(past: Past) -> Iterator[Happening]:
    """One is paid; one is a draft, from which Madrid has put an entry aside."""
    paid, drafted = settled(past)
    yield settlement(paid, "alice")
    yield settlement_approved(paid, "beatriz")
    yield settlement_confirmed(paid, "alice")
    yield settlement(drafted, "alice")
    yield entry_disputed(drafted, "maria", "We cannot find this visit in our calendar.")
