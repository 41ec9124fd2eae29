"""Why a webhook cannot be changed, or not be told again."""

from datetime import datetime

from domain.kernel.errors import Refusal


class WebhookRemoved(Refusal):
    """The webhook has been removed."""

    code = "WEBHOOK_REMOVED"

    def __init__(self, webhook_id: str, removed_at: datetime) -> None:
        self.webhook_id, self.removed_at = webhook_id, removed_at

    @property
    def message(self) -> str:
        return f"The webhook was removed on {self.removed_at:%Y-%m-%d %H:%M} UTC. Register another one."

    @property
    def path(self) -> tuple[str, ...]:
        return ("webhookId",)


class DeliveryForgotten(Refusal):
    """It may have been told, and is not kept any more."""

    code = "DELIVERY_FORGOTTEN"

    def __init__(self, webhook_id: str, forgotten_position: int, *path: str) -> None:
        self.webhook_id, self.forgotten_position, self._path = webhook_id, forgotten_position, path

    @property
    def message(self) -> str:
        return (
            f"What was taken long ago is not kept any more, and this may be of it: positions up to "
            f"{self.forgotten_position} cannot be told again. Replay what comes after, and read the rest from the feed."
        )

    @property
    def path(self) -> tuple[str, ...]:
        return self._path
