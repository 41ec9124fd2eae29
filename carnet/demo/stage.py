"""Where the demo's history is told: who acts, at which instant, and what is known by which name since."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import domain.acts  # noqa: F401 - run_command knows the acts that were imported
from domain.kernel import clock
from domain.kernel.access import Actor, system
from domain.kernel.commands import Done, run_command
from domain.people.store import load_staff

CARNET = "carnet"


@dataclass(frozen=True, slots=True)
class Moment:
    """So many days ago, at this time of the day by the chain's first branch."""

    days_ago: int
    at: time = time(9)


class Stage:
    """One chain of the demo: each act is carried out once, however often its history is told."""

    def __init__(self, chain_id: str, time_zone: str) -> None:
        self.chain_id = chain_id
        self._zone = ZoneInfo(time_zone)
        self._today = clock.now().astimezone(self._zone).date()
        self._ids: dict[str, str] = {}
        self._actors = {CARNET: system(chain_id)}

    def instant(self, moment: Moment) -> datetime:
        """The moment in UTC."""
        day = self._today - timedelta(days=moment.days_ago)
        return datetime.combine(day, moment.at, self._zone).astimezone(UTC)

    async def act(self, name: str, by: str, moment: Moment, command: Any) -> Done[Any]:
        """Carry out the command as this person did it then; its name is its idempotency key."""
        with clock.at(self.instant(moment)):
            return await run_command(self._actors[by], command, f"demo {name}")

    def know(self, name: str, id: str) -> None:
        """From here on the name stands for this id."""
        self._ids[name] = id

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
