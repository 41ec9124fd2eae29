"""Enums of webhooks as the graph shows them; events are called there as in the language, and otherwise with dots."""

from enum import Enum

from domain.webhooks.events import SENTENCES
from domain.webhooks.rules import DeliveryState, WebhookState
from schema.enums import enum

enum(
    WebhookState,
    description="Whether events go out.",
    ACTIVE="They do.",
    PAUSED="A person has paused it; what happens meanwhile is told when it goes on.",
    STOPPED="Its receiver said that it wants no more events (410). It goes on when a person lets it.",
)
enum(
    DeliveryState,
    name="WebhookDeliveryState",
    description="How far a delivery has come.",
    WAITING="It is tried until the receiver takes it, or until the schedule is used up.",
    DELIVERED="The receiver has taken it.",
    FAILED="The receiver did not take it in ten attempts over three days. It can be replayed.",
    CANCELLED="The webhook was removed before it was taken.",
)

_NAMES = {name.replace(".", "_").upper(): name for name in SENTENCES}
WebhookEventType = Enum("WebhookEventType", _NAMES)  # type: ignore[misc]
enum(
    WebhookEventType,
    description="What is told of. In the event itself it is written in small letters, such as `package.sold`.",
    **{name: f"`{value}`: {SENTENCES[value]}" for name, value in _NAMES.items()},
)
