"""Whom Carnet listens to: how each proves that an event is its own, and what it means by it.

Another kind of system is one more class with these members, and a line in `PROVIDERS`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from domain.inbox.rules import ProviderKind
from domain.inbox.scheduler import Scheduler
from domain.kernel.access import Scope


class Provider(Protocol):
    """One kind of system."""

    scopes: frozenset[Scope]
    """What its events may do, as an API key with these scopes may."""
    heals: frozenset[str]
    """The codes of refusals that another event or act may heal, so that the event is tried again."""

    def verified(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """The id of the event, by which it is known when it comes again; raises NotTaken."""
        ...

    def meant(self, source: str, body: bytes, now: datetime) -> Any:
        """The command that the event comes to; None where it means nothing here. Refuses InvalidInput; raises Early."""
        ...

    def person(self, command: Any) -> str:
        """The id of the customer whom the command is about."""
        ...

    def done(self, outcome: Any) -> str:
        """What came of the command, in a few words."""
        ...


PROVIDERS: dict[ProviderKind, Provider] = {
    ProviderKind.SCHEDULER: Scheduler(),
}
