"""Why a webhook cannot be changed."""

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
