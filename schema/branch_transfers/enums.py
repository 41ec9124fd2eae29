"""Enums of transfers of the home branch."""

from domain.branch_transfers.rules import State
from schema.enums import enum

enum(
    State,
    name="BranchTransferState",
    description="What a transfer of the home branch is, by the clock.",
    REQUESTED="The receiving branch may still accept.",
    ACCEPTED="The package has moved.",
    REFUSED="The receiving branch did not take it over, or closed.",
    WITHDRAWN="The sending branch kept it after all, or closed and moved it by plan.",
    LAPSED="Nobody decided in time; the package stayed.",
)
