"""Where the demo's history is told: who acts, at which instant, and what is known by which name since."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import domain.acts  # noqa: F401 - run_command knows the acts that were imported
from domain.kernel import clock
from domain.kernel.access import Actor, system
from domain.kernel.commands import Done, done_under, run_command
from domain.people.store import load_staff

CARNET = "carnet"


@dataclass(frozen=True, slots=True)
class Moment:
    """So many days ago, at this time of the day by the chain's first branch."""

    days_ago: int
    at: time = time(9)


FOUNDING = Moment(days_ago=420)


@dataclass(frozen=True, slots=True)
class Past:
    """The days up to today, by the clock of the chain's first branch."""

    zone: ZoneInfo
    today: date

    @classmethod
    def until_now(cls, time_zone: str) -> "Past":
        """The past of this instant."""
        zone = ZoneInfo(time_zone)
        return cls(zone, clock.now().astimezone(zone).date())

    def instant(self, moment: Moment) -> datetime:
        """The moment in UTC."""
        day = self.today - timedelta(days=moment.days_ago)
        return datetime.combine(day, moment.at, self.zone).astimezone(UTC)

    def day(self, in_days: int) -> date:
        """So many days from today."""
        return self.today + timedelta(days=in_days)

    def last_month(self) -> tuple[date, date]:
        """The first and the last day of the month before this one."""
        return self.month_before(self.today)

    @staticmethod
    def month_before(day: date) -> tuple[date, date]:
        """The first and the last day of the month before that of the day."""
        last_day = day.replace(day=1) - timedelta(days=1)
        return last_day.replace(day=1), last_day

    def quarter_before_last(self) -> date:
        """The last day of the last quarter but one."""
        last_quarter = _quarter(_quarter(self.today) - timedelta(days=1))
        return last_quarter - timedelta(days=1)

    def local(self, in_days: int, at: time) -> datetime:
        """A time of the day on a branch's own wall, so many days from today."""
        return datetime.combine(self.day(in_days), at)


def _quarter(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


class Stage:
    """One chain of the demo: each act is carried out once, however often its history is told."""

    def __init__(self, chain_id: str, past: Past) -> None:
        self.chain_id, self.past = chain_id, past
        self._ids: dict[str, str] = {}
        self._actors = {CARNET: system(chain_id)}

    async def act(self, name: str, by: str, moment: Moment, command: Any) -> Done[Any]:
        """Carry out the command as this person did it then; its name is its idempotency key.

        What was carried out on an earlier day is not compared: its dates were counted from that day.
        """
        actor, key = self._actors[by], f"demo {name}"
        before = await done_under(actor, type(command), key)
        if before is not None:
            return before
        with clock.at(self.past.instant(moment)):
            return await run_command(actor, command, key)

    async def act_now(self, name: str, by: str, command: Any) -> Done[Any]:
        """Carry out the command today, unless an earlier start has."""
        actor, key = self._actors[by], f"demo {name}"
        return await done_under(actor, type(command), key) or await run_command(actor, command, key)

    def know(self, name: str, id: str) -> None:
        """From here on the name stands for this id."""
        self._ids[name] = id

    def knows(self, name: str) -> bool:
        """Whether the name stands for anything."""
        return name in self._ids

    def id(self, name: str) -> str:
        """What the name stands for."""
        return self._ids[name]

    async def enter(self, name: str) -> None:
        """Let a person on the staff act, with the roles they have been granted."""
        person = await load_staff(self.chain_id, self.id(name))
        assert person is not None, f"{name} holds no role"
        self._actors[name] = person

    def actor(self, name: str) -> Actor:
        """Somebody who has entered."""
        return self._actors[name]
