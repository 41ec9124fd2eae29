"""Refusals about the catalogue as the graph shows them."""

from datetime import datetime

import strawberry

from domain.catalog import errors
from schema.refusals import UserError, refusal

ID = strawberry.ID


@refusal(errors.ServiceNotPriced)
class ServiceNotPriced(UserError):
    """No price to share the package's price by."""

    service_id: ID = strawberry.field(description="The service.")
    service_code: str = strawberry.field(description="Its code.")


@refusal(errors.NothingToPublish)
class NothingToPublish(UserError):
    """No draft."""

    definition_id: ID = strawberry.field(description="The package definition.")
    published_version: int | None = strawberry.field(description="The version on sale; null when none is.")


@refusal(errors.NotPublished)
class NotPublished(UserError):
    """Never on sale."""

    definition_id: ID = strawberry.field(description="The package definition.")


@refusal(errors.AlreadyRetired)
class AlreadyRetired(UserError):
    """On sale no more."""

    definition_id: ID = strawberry.field(description="The package definition.")
    retired_at: datetime = strawberry.field(description="Since when.")
