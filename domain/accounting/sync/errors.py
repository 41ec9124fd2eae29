"""Why a connection cannot be made or steered as asked; each refusal carries what the next screen needs."""

from collections.abc import Sequence

from domain.accounting.connectors.protocol import Dimension, System
from domain.accounting.sync.rules import ConnectionState, DocumentState
from domain.kernel.errors import Refusal


class ConnectionNameTaken(Refusal):
    """Another connection of the chain has the name."""

    code = "CONNECTION_NAME_TAKEN"

    def __init__(self, name: str, connection_id: str) -> None:
        self.name, self.connection_id = name, connection_id

    @property
    def message(self) -> str:
        return f"There is a connection called {self.name!r} already. Choose another name."

    @property
    def path(self) -> tuple[str, ...]:
        return ("name",)


class UnknownRemoteAccount(Refusal):
    """The other system has no such account."""

    code = "UNKNOWN_REMOTE_ACCOUNT"

    def __init__(self, unknown: Sequence[str], row: int) -> None:
        self.unknown, self._row = tuple(unknown), row

    @property
    def message(self) -> str:
        named = ", ".join(self.unknown)
        return f"The accounting system has no account {named}. Open it there, or map to one that it has."

    @property
    def path(self) -> tuple[str, ...]:
        return ("rows", str(self._row), "remoteAccount")


class UnknownRemoteDimension(Refusal):
    """The other system has no such dimension."""

    code = "UNKNOWN_REMOTE_DIMENSION"

    def __init__(self, unknown: Sequence[Dimension], row: int) -> None:
        self.unknown, self._row = tuple(unknown), row

    @property
    def message(self) -> str:
        named = ", ".join(f"{name} {value!r}" for name, value in self.unknown)
        return f"The accounting system has no {named}. Make it there, or map to one that it has."

    @property
    def path(self) -> tuple[str, ...]:
        return ("rows", str(self._row), "dimensions")


class ConnectionNotActive(Refusal):
    """Nothing is sent over the connection, so that there is nothing to pause."""

    code = "CONNECTION_NOT_ACTIVE"

    def __init__(self, state: ConnectionState, stopped_because: str) -> None:
        self.state, self.stopped_because = state, stopped_because

    @property
    def message(self) -> str:
        if self.state is ConnectionState.PAUSED:
            return "The connection is paused. Resume it first."
        return f"The connection has stopped: {self.stopped_because} Resume it first."


class ConnectionActive(Refusal):
    """The connection is at work already, and has put nothing off."""

    code = "CONNECTION_ACTIVE"

    @property
    def message(self) -> str:
        return "The connection is at work, and puts nothing off. There is nothing to resume."


class NothingToCompare(Refusal):
    """The other system does not tell what it has booked."""

    code = "NOTHING_TO_COMPARE"

    def __init__(self, system: System) -> None:
        self.system = system

    @property
    def message(self) -> str:
        return f"{self.system} does not tell what it has booked, so that there is nothing to compare."


class DeliveryUnderWay(Refusal):
    """The document is being sent at this moment."""

    code = "DELIVERY_UNDER_WAY"

    def __init__(self, state: DocumentState) -> None:
        self.state = state

    @property
    def message(self) -> str:
        return "The document is being sent at this moment. Look again in a minute."
