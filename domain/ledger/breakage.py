"""Pure rules of expected breakage: what the sessions used release when others are expected never to be used.

PROPORTIONAL (accounting.md, golden/breakage.json): cumulative recognised = min(value, value x used / expected), rounded
half up once, where expected = sessions x (1 - breakage). The value is what the lot has recognised and still carries;
sessions are those used and left: what lapsed, was refunded or moved away took its own value along and counts no more.
"""

from domain.kernel.money import round_half_up

WHOLE_BP = 10_000


def recognised(value_minor: int, used: int, sessions: int, breakage_bp: int) -> int:
    """What so many uses have recognised in all, expected breakage included; never more than there is."""
    expected_of_whole = sessions * (WHOLE_BP - breakage_bp)
    return min(value_minor, round_half_up(value_minor * used * WHOLE_BP, expected_of_whole))


def of_sessions(value_minor: int, used: int, sessions: int) -> int:
    """What so many uses are worth by themselves: the straight line."""
    return round_half_up(value_minor * used, sessions)
