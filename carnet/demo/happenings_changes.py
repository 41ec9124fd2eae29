"""Changes of mind in the demo: packages that grow, are changed for larger ones and given back, and who decides it."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

from carnet.demo.happenings import Desk, Happening
from carnet.demo.stage import Moment, Stage
from domain.branches.business_days import DayOfWeek, Holiday
from domain.branches.set_business_days import SetBusinessDays
from domain.kernel.commands import Done
from domain.kernel.principals import Role
from domain.ledger.accounts import Received
from domain.refunds.approve_refund import ApproveRefund
from domain.refunds.asked import Asked
from domain.refunds.pay_out_refund import PayOutRefund
from domain.refunds.refuse_refund import RefuseRefund
from domain.refunds.request_refund import RequestRefund
from domain.refunds.set_refund_limit import SetRefundLimit
from domain.topups import asked as topups
from domain.topups.top_up_package import TopUpPackage
from domain.upgrades import asked as upgrades
from domain.upgrades.upgrade_package import UpgradePackage

CURRENCY = "EUR"


def business_days(branch: str, by: str, days_ago: int, *holidays: tuple[int, int, str]) -> Happening:
    """From then on the branch does no business at weekends and on these days of each year, three years ahead."""

    def command(stage: Stage) -> SetBusinessDays:
        year = stage.past.day(-days_ago).year
        days = (
            Holiday(date(each, month, day), name) for each in range(year, year + 4) for month, day, name in holidays
        )
        return SetBusinessDays(stage.id(branch), (DayOfWeek.SATURDAY, DayOfWeek.SUNDAY), tuple(days))

    return Happening(f"business days {branch}", Moment(days_ago), by, command, lambda done: done.operation_id)


def refund_limit(role: Role, by: str, days_ago: int, at_once_minor: int, per_day_minor: int) -> Happening:
    """From then on the role agrees to so much of a package on a day, and a person with it to so much in all."""
    return Happening(
        f"refund limit {role}",
        Moment(days_ago, time(8, 45)),
        by,
        lambda _: SetRefundLimit(role, None, at_once_minor, per_day_minor, (CURRENCY, CURRENCY)),
        lambda done: str(done.outcome.limit_id),
    )


def topped_up(package: str, sessions: int, at: Desk, days_ago: int, *paid: Received) -> Happening:
    """Sessions are added, and paid at once."""
    return Happening(
        f"{package}, topped up",
        Moment(days_ago, time(11, 30)),
        at.by,
        lambda stage: TopUpPackage(topups.Asked(stage.id(package), sessions, stage.id(at.branch)), paid),
        lambda done: str(done.outcome.top_up_id),
    )


def upgraded(key: str, package: str, definition: str, at: Desk, days_ago: int, *paid: Received) -> Happening:
    """The package is changed for another one, for which the key stands."""
    return Happening(
        key,
        Moment(days_ago, time(11, 45)),
        at.by,
        lambda stage: UpgradePackage(
            upgrades.Asked(stage.id(package), stage.id(definition), stage.id(at.branch)), paid
        ),
        lambda done: str(done.outcome.into_package_id),
    )


def asked_back(key: str, package: str, by: str, days_ago: int, reason: str) -> Happening:
    """All that is left is to be given back; the key stands for the refund."""
    return Happening(
        key,
        Moment(days_ago, time(12, 15)),
        by,
        lambda stage: RequestRefund(Asked(stage.id(package)), reason),
        _refund_id,
    )


def approved(refund: str, by: str, days_ago: int) -> Happening:
    """Another person says yes."""
    return _step(f"{refund}, approved", by, Moment(days_ago, time(13)), lambda stage: ApproveRefund(stage.id(refund)))


def refused(refund: str, by: str, days_ago: int, reason: str) -> Happening:
    """Another person says no."""
    return _step(
        f"{refund}, refused", by, Moment(days_ago, time(13)), lambda stage: RefuseRefund(stage.id(refund), reason)
    )


def paid_out(refund: str, at: Desk, days_ago: int) -> Happening:
    """The desk hands out all that is owed."""
    return _step(
        f"{refund}, paid out",
        at.by,
        Moment(days_ago, time(13, 30)),
        lambda stage: PayOutRefund(stage.id(refund), stage.id(at.branch)),
    )


def _step(name: str, by: str, moment: Moment, command: Callable[[Stage], Any]) -> Happening:
    return Happening(name, moment, by, command, _refund_id)


def _refund_id(done: Done[Any]) -> str:
    return str(done.outcome.refund_id)
