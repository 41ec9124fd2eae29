"""Refusals about connections to accounting systems as the graph shows them."""

from collections.abc import Sequence

import strawberry

from domain.accounting.connectors.protocol import Dimension, System
from domain.accounting.sync import errors
from domain.accounting.sync.rules import ConnectionState, DocumentState
from schema.accounting import sync_enums  # noqa: F401 - the states that are told
from schema.accounting.mappings import MappingDimension
from schema.refusals import UserError, refusal


@refusal(errors.ConnectionNameTaken)
class ConnectionNameTaken(UserError):
    """Called so already."""

    name: str = strawberry.field(description="The name.")
    connection_id: strawberry.ID = strawberry.field(description="The connection that has it.")


@refusal(errors.UnknownRemoteAccount)
class UnknownRemoteAccount(UserError):
    """Not there."""

    unknown: list[str] = strawberry.field(description="The accounts that it does not have.")


@refusal(errors.UnknownRemoteDimension)
class UnknownRemoteDimension(UserError):
    """Not there."""

    unknown: strawberry.Private[Sequence[Dimension]]

    @strawberry.field(description="Those that it does not have.")
    def dimensions(self) -> list[MappingDimension]:
        return [MappingDimension(name=name, value=value) for name, value in self.unknown]


@refusal(errors.ConnectionNotActive)
class ConnectionNotActive(UserError):
    """Not at work."""

    state: ConnectionState = strawberry.field(description="What it is instead.")
    stopped_because: str = strawberry.field(description="Why it has stopped; empty unless it has.")


@refusal(errors.ConnectionActive)
class ConnectionActive(UserError):
    """At work already."""


@refusal(errors.NothingToCompare)
class NothingToCompare(UserError):
    """Not read back."""

    system: System = strawberry.field(description="The system, which does not tell.")


@refusal(errors.DeliveryUnderWay)
class DeliveryUnderWay(UserError):
    """Under way."""

    state: DocumentState = strawberry.field(description="How it stands.")
