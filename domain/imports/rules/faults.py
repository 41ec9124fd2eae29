"""Why a row is refused: one code per row, for the report."""

from enum import StrEnum


class Fault(StrEnum):
    """The codes of the report; the first eight are those that the chains' own rule book has for packs."""

    UNKNOWN_CUSTOMER = "UNKNOWN_CUSTOMER"
    UNKNOWN_DEFINITION = "UNKNOWN_DEFINITION"
    BAD_DATE = "BAD_DATE"
    USED_EXCEEDS_TOTAL = "USED_EXCEEDS_TOTAL"
    NEGATIVE_PRICE = "NEGATIVE_PRICE"
    EXPIRES_BEFORE_SALE = "EXPIRES_BEFORE_SALE"
    DUPLICATE_REF = "DUPLICATE_REF"
    OVERPAID = "OVERPAID"

    BAD_ROW = "BAD_ROW"
    BAD_TEXT = "BAD_TEXT"
    TOO_LONG = "TOO_LONG"
    BLANK = "BLANK"
    BAD_MONEY = "BAD_MONEY"
    BAD_NUMBER = "BAD_NUMBER"
    BAD_CHOICE = "BAD_CHOICE"
    BAD_CODE = "BAD_CODE"
    BAD_PHONE = "BAD_PHONE"
    BAD_EMAIL = "BAD_EMAIL"
    BAD_COUNTRY = "BAD_COUNTRY"
    BAD_TIME_ZONE = "BAD_TIME_ZONE"
    BAD_CURRENCY = "BAD_CURRENCY"
    BONUS_IN_BUNDLE = "BONUS_IN_BUNDLE"
    UNKNOWN_BRANCH = "UNKNOWN_BRANCH"
    UNKNOWN_SERVICE = "UNKNOWN_SERVICE"
    SERVICE_NOT_PRICED = "SERVICE_NOT_PRICED"
    UNKNOWN_PACK = "UNKNOWN_PACK"


class RowRefused(Exception):
    """The row cannot be imported, for this one reason."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault
