"""The interface of everything that has an id of its own."""

import strawberry


@strawberry.interface(description="Something with an id of its own, which `node(id)` finds again.")
class Node:
    """Relay's node."""

    id: strawberry.ID = strawberry.field(description="Opaque, prefixed, time-ordered; the same string everywhere.")
