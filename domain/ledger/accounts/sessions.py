"""Entries of sessions that are used, lapse, come back or move on to another package."""

from dataclasses import dataclass

from domain.ledger.accounts.lines import Account, Entry, Event, Line, entry


@dataclass(frozen=True, slots=True)
class Performed:
    """Sessions of one package used: their value, the tax inside it, who owes them and who performed them.

    `breakage_minor` of the value is released because other sessions are expected to lapse; it is negative where more
    are used than were expected.
    """

    package_id: str
    service_id: str | None
    home_id: str
    performing_id: str
    value_minor: int
    tax_minor: int = 0
    breakage_minor: int = 0
    settlement_minor: int | None = None


def session(performed: Performed) -> Entry | None:
    """Dr DEFERRED_REVENUE at home, Cr REVENUE where it was performed; due between the branches when they differ.

    Expected breakage that it releases is Cr BREAKAGE_REVENUE at home. The settlement rate is the session's value
    unless given; the difference stays with the home branch as margin.
    """
    package, service = performed.package_id, performed.service_id
    home, performing = performed.home_id, performed.performing_id
    net = performed.value_minor - performed.tax_minor - performed.breakage_minor
    lines = [
        Line(Account.DEFERRED_REVENUE, home, performed.value_minor, None, package, service),
        Line(Account.TAX_PAYABLE, home, -performed.tax_minor, None, package, service),
        Line(Account.BREAKAGE_REVENUE, home, -performed.breakage_minor, None, package, service),
    ]
    if home == performing:
        lines.append(Line(Account.REVENUE, home, -net, None, package, service))
        return entry(Event.SESSION, lines)
    rate = net if performed.settlement_minor is None else performed.settlement_minor
    lines += [
        Line(Account.DUE_TO_BRANCH, home, -rate, performing, package, service),
        Line(Account.REVENUE, home, rate - net, None, package, service),
        Line(Account.DUE_FROM_BRANCH, performing, rate, home, package, service),
        Line(Account.REVENUE, performing, -rate, None, package, service),
    ]
    return entry(Event.SESSION, lines)


def lapse(home_id: str, package_id: str, value_minor: int, breakage_minor: int | None = None) -> Entry | None:
    """Dr DEFERRED_REVENUE, Cr BREAKAGE_REVENUE at the home branch; what is not breakage is tax that falls due."""
    return _lapsed(Event.LAPSE, home_id, package_id, value_minor, breakage_minor)


def reinstatement(home_id: str, package_id: str, value_minor: int, breakage_minor: int | None = None) -> Entry | None:
    """The mirror of a lapse, dated when the sessions come back."""
    breakage = None if breakage_minor is None else -breakage_minor
    return _lapsed(Event.REINSTATEMENT, home_id, package_id, -value_minor, breakage)


def _lapsed(event: Event, home_id: str, package_id: str, value: int, breakage: int | None) -> Entry | None:
    breakage = value if breakage is None else breakage
    return entry(
        event,
        [
            Line(Account.DEFERRED_REVENUE, home_id, value, package_id=package_id),
            Line(Account.BREAKAGE_REVENUE, home_id, -breakage, package_id=package_id),
            Line(Account.TAX_PAYABLE, home_id, breakage - value, package_id=package_id),
        ],
    )


def reestimate(home_id: str, package_id: str, value_change_minor: int) -> Entry | None:
    """Value that is owed again, or no more, because another share is expected to lapse: against BREAKAGE_REVENUE."""
    return entry(
        Event.REESTIMATE,
        [
            Line(Account.DEFERRED_REVENUE, home_id, -value_change_minor, package_id=package_id),
            Line(Account.BREAKAGE_REVENUE, home_id, value_change_minor, package_id=package_id),
        ],
    )


def renewal(home_id: str, package_id: str, new_home_id: str, new_package_id: str, value_minor: int) -> Entry | None:
    """Value that moves on to the package that renews another: Dr DEFERRED_REVENUE of the one, Cr that of the other.

    Where their home branches differ, the one that owed the sessions owes their value to the one that does now.
    """
    return _moved_on(Event.RENEWAL, (home_id, package_id), (new_home_id, new_package_id), value_minor)


def transfer(home_id: str, package_id: str, into_home_id: str, into_package_id: str, value_minor: int) -> Entry | None:
    """Value that goes with sessions to the package of another customer; posted like a renewal."""
    return _moved_on(Event.TRANSFER, (home_id, package_id), (into_home_id, into_package_id), value_minor)


def _moved_on(event: Event, old: tuple[str, str], new: tuple[str, str], value_minor: int) -> Entry | None:
    home_id, package_id = old
    new_home_id, new_package_id = new
    lines = [Line(Account.DEFERRED_REVENUE, home_id, value_minor, package_id=package_id)]
    if home_id != new_home_id:
        lines.append(Line(Account.DUE_TO_BRANCH, home_id, -value_minor, new_home_id, package_id))
        lines.append(Line(Account.DUE_FROM_BRANCH, new_home_id, value_minor, home_id, new_package_id))
    lines.append(Line(Account.DEFERRED_REVENUE, new_home_id, -value_minor, package_id=new_package_id))
    return entry(event, lines)
