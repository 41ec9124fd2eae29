"""The enums of reports."""

from domain.reports.tables import registry
from schema.enums import enum

Report = enum(
    registry.Report,
    description="The reports that can be downloaded as CSV.",
    JOURNAL="The money journal: a row for each debit and credit, in the order of their days.",
    TRIAL_BALANCE="Debits, credits and balance of each account of each branch, up to the last day.",
    DEFERRED_REVENUE="The roll-forward of deferred revenue, by branch and package definition.",
    RECONCILIATION="What came in as money and what it became in the books: the terms of the equation, both sides, and "
    "their difference.",
    COLLECTIONS="Money that came in, by day, branch and payment method.",
    PACKAGE_PROFIT="What packages brought in, less what their sessions cost and what was given up: a row for each "
    "package, definition, branch or month.",
    PACKAGE_METRICS="What sells, is used, lapses and is bought again, by package definition; rates in per cent. "
    "Void sales are left out, also of those sold.",
    CUSTOMER_VALUE="What customers spent in money, when they came last, and the sessions they used, by service.",
    SETTLEMENTS="What branches owe each other by the settlements whose last day is asked for: a row for every two "
    "branches.",
)
