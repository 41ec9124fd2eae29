"""Enums of transfers."""

from domain.transfers.asked import FeePayer, State
from schema.enums import enum

TransferState = enum(
    State,
    name="TransferState",
    description="How far a transfer has come.",
    REQUESTED="It waits for a manager of the package's home branch; nothing has moved.",
    DONE="The sessions were handed on.",
    REFUSED="The home branch has refused it; nothing has moved.",
    WITHDRAWN="The branch that asked has taken it back; nothing has moved.",
    UNDONE="The sessions were handed on, and have gone back.",
)

TransferFeePayer = enum(
    FeePayer,
    name="TransferFeePayer",
    description="On whose account the fee of a transfer is put.",
    SENDER="On the account of who hands the sessions on.",
    RECIPIENT="On the account of who gets them.",
)
