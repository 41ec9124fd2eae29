"""A row of customers.csv, and the one person that several such rows describe."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.customers.rules import fold_name, is_country, normalise_phone
from domain.imports.rules.catalogue import NAME, Catalogue
from domain.imports.rules.cells import Cells
from domain.imports.rules.faults import Fault, RowRefused

REFERENCE = 64
_CONSENT = {"yes": True, "no": False, "": None}


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer; phone, e-mail, country and household are empty where the sheet has none."""

    line: int
    ref: str
    first_name: str
    last_name: str
    phone: str
    folded_name: str
    email: str
    country: str
    birthday: date | None
    tags: tuple[str, ...]
    whatsapp_consent: bool | None
    home_branch: str
    household_ref: str
    created_on: date


@dataclass(frozen=True, slots=True)
class Person:
    """One customer to import, under the first of the references; the others stay known."""

    row: CustomerRow
    refs: tuple[str, ...]


def parse_customer(cells: Cells, catalogue: Catalogue) -> CustomerRow:
    """A customer; only the birthday may be blank among the dates, and unknown consent is never a yes."""
    first_name, last_name = cells.required("first_name", NAME), cells.text("last_name", NAME)
    country = _country(cells.text("country", 2))
    return CustomerRow(
        line=cells.line,
        ref=cells.required("customer_ref", REFERENCE),
        first_name=first_name,
        last_name=last_name,
        phone=_phone(cells.text("phone", 64), country),
        folded_name=fold_name(first_name, last_name),
        email=cells.email("email"),
        country=country,
        birthday=cells.day("birthday") if cells.texts["birthday"] else None,
        tags=tuple(_distinct(cells.text("tags", 500).split(";"))),
        whatsapp_consent=_CONSENT[cells.choice("whatsapp_consent", *_CONSENT)],
        home_branch=catalogue.branch(cells.texts["home_branch"]).code,
        household_ref=cells.text("household_ref", REFERENCE),
        created_on=cells.day("created_on"),
    )


def _country(text: str) -> str:
    if text and not is_country(text):
        raise RowRefused(Fault.BAD_COUNTRY)
    return text


def _phone(text: str, country: str) -> str:
    """The phone in its one form; a dash typed for "none" is none."""
    if not any(letter.isalnum() for letter in text):
        return ""
    phone = normalise_phone(text, country)
    if phone is None:
        raise RowRefused(Fault.BAD_PHONE)
    return phone


def merge_person(rows: Sequence[CustomerRow]) -> Person:
    """The first row, its blanks filled from the later ones; all tags, and one no to WhatsApp is a no."""
    first, consents = rows[0], {row.whatsapp_consent for row in rows}
    merged = CustomerRow(
        line=first.line,
        ref=first.ref,
        first_name=first.first_name,
        last_name=first.last_name,
        phone=first.phone,
        folded_name=first.folded_name,
        email=next((row.email for row in rows if row.email), ""),
        country=next((row.country for row in rows if row.country), ""),
        birthday=next((row.birthday for row in rows if row.birthday), None),
        tags=tuple(_distinct(tag for row in rows for tag in row.tags)),
        whatsapp_consent=False if False in consents else True in consents or None,
        home_branch=first.home_branch,
        household_ref=next((row.household_ref for row in rows if row.household_ref), ""),
        created_on=min(row.created_on for row in rows),
    )
    return Person(merged, tuple(row.ref for row in rows))


def _distinct(tags: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(tag.strip() for tag in tags if tag.strip())
