"""Enums of imports."""

from domain.imports.files import Sheet
from domain.imports.rules.faults import Fault
from schema.enums import enum

SpreadsheetName = enum(
    Sheet,
    name="Spreadsheet",
    description="The spreadsheets of an import, each a CSV file with a first line that names its columns.",
    BRANCHES="branches.csv: code, name, timezone, currency, city, country.",
    SERVICES="services.csv: code, name, category, duration_min, group_class, and list_price_CODE for every branch.",
    DEFINITIONS="package_definitions.csv: what was sold, with sessions, price, validity and where it may be used.",
    CUSTOMERS="customers.csv: who was sold to, with the reference, phone and e-mail they were known by.",
    PACKS="packs.csv: every package sold, with price, payments, sessions used and last day.",
    VISITS="visits.csv: when, where and with whom sessions were used.",
)

RowFault = enum(
    Fault,
    name="RowFault",
    description="Why a row of a spreadsheet is not imported.",
    UNKNOWN_CUSTOMER="No good customer row has the reference, or it is blank.",
    UNKNOWN_DEFINITION="No good definition row has the code, or it is blank.",
    BAD_DATE="A date is not written like 2026-03-14, 14/03/2026 or 14 Mar 2026, or there is no such day.",
    USED_EXCEEDS_TOTAL="More sessions are used than there were.",
    NEGATIVE_PRICE="An amount is below zero.",
    EXPIRES_BEFORE_SALE="The last day lies before the day of the sale.",
    DUPLICATE_REF="An earlier row has the same reference or code.",
    OVERPAID="More is paid than was agreed.",
    BAD_ROW="The line has too few or too many cells, or its quotes do not match.",
    BAD_TEXT="The line holds characters that cannot be written.",
    TOO_LONG="A cell, or the whole line, is too long.",
    BLANK="A cell that must not be blank is.",
    BAD_MONEY="An amount is not written like 450.00, 450,00 or €450.00.",
    BAD_NUMBER="A number is none, lies out of its bounds, or does not agree with the others.",
    BAD_CHOICE="A cell is none of the words that may stand there.",
    BAD_CODE="A code is not 1 to 20 of A-Z, 0-9 and hyphens.",
    BAD_PHONE="A phone is no number, or has no prefix and no country.",
    BAD_EMAIL="An e-mail address is none.",
    BAD_COUNTRY="A country is no ISO 3166 code such as PT.",
    BAD_TIME_ZONE="A time zone is no name of the IANA database such as Europe/Lisbon.",
    BAD_CURRENCY="A currency is no ISO 4217 code, or not the one of the first branch.",
    BONUS_IN_BUNDLE="Nothing says which service of a bundle the bonus sessions are for.",
    UNKNOWN_BRANCH="No good branch row has the code.",
    UNKNOWN_SERVICE="No good service row has the code.",
    SERVICE_NOT_PRICED="A service of the definition has no list price at any branch.",
    UNKNOWN_PACK="No pack row has the reference.",
)
