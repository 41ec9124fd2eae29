"""Why a package definition cannot be defined, published or retired."""

from datetime import datetime

from domain.kernel.errors import Refusal


class ServiceNotPriced(Refusal):
    """A service of the package has no list price at any branch where the package could be sold."""

    code = "SERVICE_NOT_PRICED"

    def __init__(self, service_id: str, service_code: str, *path: str) -> None:
        self.service_id, self.service_code, self._path = service_id, service_code, path

    @property
    def message(self) -> str:
        return f"{self.service_code} has no list price where the package can be sold. Give the service a price first."

    @property
    def path(self) -> tuple[str, ...]:
        return self._path


class NothingToPublish(Refusal):
    """The definition has no draft."""

    code = "NOTHING_TO_PUBLISH"

    def __init__(self, definition_id: str, published_version: int | None) -> None:
        self.definition_id, self.published_version = definition_id, published_version

    @property
    def message(self) -> str:
        return "The package definition has no draft. Define the package anew, then publish it."


class NotPublished(Refusal):
    """The definition was never on sale."""

    code = "NOT_PUBLISHED"

    def __init__(self, definition_id: str) -> None:
        self.definition_id = definition_id

    @property
    def message(self) -> str:
        return "The package definition is not on sale yet. Publish it first, or leave it a draft."


class AlreadyRetired(Refusal):
    """The definition is on sale no more."""

    code = "ALREADY_RETIRED"

    def __init__(self, definition_id: str, retired_at: datetime) -> None:
        self.definition_id, self.retired_at = definition_id, retired_at

    @property
    def message(self) -> str:
        return f"The definition was retired on {self.retired_at:%Y-%m-%d %H:%M} UTC. There is nothing left to do."
