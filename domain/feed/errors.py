"""Why a position cannot be acknowledged."""

from domain.kernel.errors import Refusal


class PositionNotSealed(Refusal):
    """Nothing has the position yet."""

    code = "POSITION_NOT_SEALED"

    def __init__(self, position: int, newest: int) -> None:
        self.position, self.newest = position, newest

    @property
    def message(self) -> str:
        return f"Position {self.position} is not there yet; the newest is {self.newest}. Acknowledge what was read."

    @property
    def path(self) -> tuple[str, ...]:
        return ("position",)


class AcknowledgedFurther(Refusal):
    """More has been acknowledged before."""

    code = "ACKNOWLEDGED_FURTHER"

    def __init__(self, reader_id: str, feed: str, position: int, acknowledged: int) -> None:
        self.reader_id, self.feed, self.position, self.acknowledged = reader_id, feed, position, acknowledged

    @property
    def message(self) -> str:
        return (
            f"The feed {self.feed} is acknowledged up to position {self.acknowledged} and does not go back to "
            f"{self.position}. To read again, ask for what is behind any position."
        )

    @property
    def path(self) -> tuple[str, ...]:
        return ("position",)
