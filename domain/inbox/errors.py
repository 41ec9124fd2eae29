"""Why a hook or an event cannot be changed."""

from datetime import datetime

from domain.kernel.errors import Refusal


class InboundNameTaken(Refusal):
    """A hook of this name is open."""

    code = "INBOUND_NAME_TAKEN"

    def __init__(self, name: str, hook_id: str) -> None:
        self.name, self.hook_id = name, hook_id

    @property
    def message(self) -> str:
        return f"There is a hook {self.name!r}. Rotate its secret, close it, or choose another name."

    @property
    def path(self) -> tuple[str, ...]:
        return ("name",)


class InboundHookClosed(Refusal):
    """The hook has been closed."""

    code = "INBOUND_HOOK_CLOSED"

    def __init__(self, hook_id: str, closed_at: datetime) -> None:
        self.hook_id, self.closed_at = hook_id, closed_at

    @property
    def message(self) -> str:
        return f"The hook was closed on {self.closed_at:%Y-%m-%d %H:%M} UTC. Open another one of the same name."

    @property
    def path(self) -> tuple[str, ...]:
        return ("hookId",)


class InboundEventProcessed(Refusal):
    """The event has had its effect."""

    code = "INBOUND_EVENT_PROCESSED"

    def __init__(self, event_id: str, processed_at: datetime) -> None:
        self.event_id, self.processed_at = event_id, processed_at

    @property
    def message(self) -> str:
        return (
            f"The event had its effect on {self.processed_at:%Y-%m-%d %H:%M} UTC, and has it once. "
            "Let the sender send another one."
        )

    @property
    def path(self) -> tuple[str, ...]:
        return ("eventId",)


class InboundEventForgotten(Refusal):
    """What the event said is not there."""

    code = "INBOUND_EVENT_FORGOTTEN"

    def __init__(self, event_id: str) -> None:
        self.event_id = event_id

    @property
    def message(self) -> str:
        return "Nothing is kept of what the event said, so it cannot be tried again. Let the sender send another one."

    @property
    def path(self) -> tuple[str, ...]:
        return ("eventId",)
