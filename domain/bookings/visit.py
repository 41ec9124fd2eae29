"""A visit that is to be booked, but for when."""

from dataclasses import dataclass
from datetime import datetime

from domain.bookings import store
from domain.bookings.booked import Attachment, ExternalRef, Offered
from domain.bookings.errors import ServiceNotOffered
from domain.packages.sold import Place


@dataclass(frozen=True, slots=True)
class Visit:
    """Who comes where for what, on which package."""

    place: Place
    offered: Offered
    service_id: str
    customer_id: str
    companion_ids: tuple[str, ...]
    sessions: int
    package_id: str | None
    external: ExternalRef | None
    attachments: tuple[Attachment, ...]
    told_at: datetime | None = None

    @property
    def persons(self) -> tuple[str, ...]:
        """Everybody who comes and is known by name."""
        return (self.customer_id, *self.companion_ids)


async def visit_at(place: Place, service_id: str, **rest: object) -> Visit:
    """A visit at a branch that offers the service."""
    offered = await store.offered(service_id, place.branch_id)
    if offered is None:
        raise ServiceNotOffered(service_id, place.branch_id)
    return Visit(place=place, offered=offered, service_id=service_id, **rest)  # type: ignore[arg-type]
