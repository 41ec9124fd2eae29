"""A webhook as acts and the graph see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.webhooks.rules import DeliveryState, WebhookState


@dataclass(frozen=True, slots=True)
class WebhookView:
    """An address that is told of events; no event types are all of them, also those to come."""

    id: str
    url: str
    description: str
    event_types: tuple[str, ...]
    state: WebhookState
    stopped_because: str
    position: int
    forgotten_position: int
    created_at: datetime
    removed_at: datetime | None


WEBHOOK = f"SELECT {', '.join(WebhookView.__slots__)} FROM webhook"


def webhook_of(row: dict[str, Any]) -> WebhookView:
    """The webhook in a row of `WEBHOOK`."""
    return WebhookView(
        **row | {"event_types": tuple(row["event_types"]), "state": WebhookState(row["state"])},
    )


@dataclass(frozen=True, slots=True)
class SecretView:
    """Since when a secret signs, and until when; the secret itself is told once."""

    webhook_id: str
    created_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One event for one address."""

    id: str
    webhook_id: str
    position: int
    operation_id: str
    package_id: str | None
    event_type: str
    body: str
    state: DeliveryState
    attempts: int
    due_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None
    replays: str | None


DELIVERY = f"SELECT {', '.join('d.' + name for name in DeliveryView.__slots__)} FROM webhook_delivery d"


def delivery_of(row: dict[str, Any]) -> DeliveryView:
    """The delivery in a row of `DELIVERY`."""
    return DeliveryView(**row | {"state": DeliveryState(row["state"])})
