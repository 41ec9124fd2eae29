"""The branch as the graph shows it."""

from datetime import datetime

import strawberry

from domain.branches import store
from schema.interfaces import Node
from schema.scalars import CurrencyCode


@strawberry.type(description="A location of the chain that sells and performs.")
class Branch(Node):
    """A branch."""

    code: str = strawberry.field(description="Its short name in lists and on receipts, unique in the chain.")
    name: str = strawberry.field(description="Its name for people.")
    time_zone: str = strawberry.field(description="Its clock, a name of the IANA database such as Europe/Lisbon.")
    currency: CurrencyCode = strawberry.field(description="The currency it sells in.")
    legal_entity: str = strawberry.field(description="The company that its sales are booked to.")
    opened_at: datetime = strawberry.field(description="Since when it sells.")
    closed_at: datetime | None = strawberry.field(description="Since when it sells no more; null while it is open.")


def branch_of(branch: store.Branch) -> Branch:
    """A branch as the graph shows it."""
    return Branch(
        id=strawberry.ID(branch.id),
        code=branch.code,
        name=branch.name,
        time_zone=branch.time_zone,
        currency=CurrencyCode(branch.currency),
        legal_entity=branch.legal_entity,
        opened_at=branch.opened_at,
        closed_at=branch.closed_at,
    )
