"""The enums of reports."""

from domain.reports.tables import registry
from schema.enums import enum

Report = enum(
    registry.Report,
    description="The reports that can be downloaded as CSV.",
    JOURNAL="The money journal: a row for each debit and credit, in the order of their days.",
    TRIAL_BALANCE="Debits, credits and balance of each account of each branch, up to the last day.",
)
