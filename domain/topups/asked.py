"""What is asked for when sessions are to be added to a package."""

from dataclasses import dataclass

from domain.catalog.rules import MAX_SESSIONS
from domain.kernel.checks import Checks


@dataclass(frozen=True, slots=True)
class Asked:
    """How many sessions of a package's item, which a service names, are added where; at home when left out."""

    package_id: str
    sessions: int
    branch_id: str | None = None
    service_id: str | None = None

    def check(self, checks: Checks) -> None:
        """Note what nobody can ask for."""
        checks.between(self.sessions, 1, MAX_SESSIONS, "sessions")
